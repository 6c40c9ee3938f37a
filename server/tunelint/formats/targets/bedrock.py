"""Amazon Bedrock: formats and limits differ by base model."""

from typing import Final

import msgspec

from tunelint.formats.base import Dialect, Limits, MediaLimits, ModelLimits, Target

__all__ = ["TARGET"]

_GIB: Final = 1 << 30
_PAIR: Final = frozenset({"user", "assistant"})
_NOVA_MEDIA: Final = MediaLimits(
    kinds=frozenset({"image", "video"}),
    images=10,
    videos=1,
    mime_types=frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"}),
    sources=frozenset({"s3", "data"}),
    mixed=False,
)
_LLAMA_MEDIA: Final = MediaLimits(image_bytes=10_000_000, sources=frozenset({"s3", "data"}))
_CLAUDE: Final = Dialect(
    roles=_PAIR | {"system"},
    row_keys=frozenset({"system", "messages"}),
    message_keys=frozenset({"role", "content"}),
    order="alternate",
    last="assistant",
    min_turns=2,
    text_parts=False,
    masks=frozenset(),
    reserved=("\nHuman:", "\nAssistant:"),
)

TARGET = Target(
    name="bedrock",
    title="Bedrock",
    hosted=True,
    as_of="2026-08",
    sources=(
        "AWS, Amazon Bedrock user guide, model customization: prepare datasets, quotas",
        "aws-samples/amazon-bedrock-samples, custom-models: the four data validators",
    ),
    dialects={
        "bedrock-claude": _CLAUDE,
        "openai-chat": msgspec.structs.replace(_CLAUDE, roles=_PAIR, row_keys=frozenset({"messages"}), system="none"),
        "bedrock-converse": Dialect(
            roles=_PAIR | {"system"},
            order="alternate",
            last="assistant",
            arguments="object",
            media=_NOVA_MEDIA,
            reserved=("<image>", "<video>", "[EOS]"),
            reserved_starts=("User:", "USER:", "Bot:", "BOT:", "Assistant:", "ASSISTANT:", "System:", "SYSTEM:", "Thought:"),
        ),
        "bedrock-distillation": Dialect(roles=_PAIR | {"system"}),
        "openai-reinforcement": Dialect(),
        "prompt-completion": Dialect(needed_keys=frozenset({"prompt", "completion"})),
        "bedrock-pretraining": Dialect(),
    },
    models={
        "claude": ModelLimits(
            context=32_000,
            exact=False,
            limits=Limits(
                min_examples=32,
                max_examples=10_000,
                max_bytes=10 * _GIB,
                max_validation_examples=1_000,
                max_validation_bytes=_GIB,
            ),
            formats=frozenset({"bedrock-claude", "openai-chat"}),
        ),
        "nova": ModelLimits(
            context=None,
            limits=Limits(min_examples=8, max_examples=20_000),
            formats=frozenset({"bedrock-converse", "bedrock-distillation"}),
            media=_NOVA_MEDIA,
        ),
        "llama": ModelLimits(
            context=None,
            limits=Limits(max_examples=10_000, max_validation_examples=1_000),
            formats=frozenset({"prompt-completion", "bedrock-converse", "bedrock-distillation"}),
            media=_LLAMA_MEDIA,
        ),
        "titan": ModelLimits(
            context=4_096,
            exact=False,
            limits=Limits(max_bytes=_GIB, max_validation_bytes=100 << 20),
            formats=frozenset({"prompt-completion", "bedrock-pretraining"}),
        ),
        "cohere": ModelLimits(context=4_096, exact=False, formats=frozenset({"prompt-completion"})),
    },
    aliases=("aws", "amazon-bedrock"),
    bom="refused",
)
