"""Azure OpenAI (Microsoft Foundry): OpenAI's formats with limits of its own."""

from typing import Final

import msgspec

from tunelint.formats.base import Dialect, Limits, ModelLimits, Target
from tunelint.formats.targets.openai import CHAT, CHAT_ROLES, IMAGES, MESSAGE_KEYS

__all__ = ["TARGET"]

_IMAGES: Final = msgspec.structs.replace(IMAGES, images=64)

TARGET = Target(
    name="azure",
    title="Azure OpenAI",
    hosted=True,
    as_of="2026-09",
    sources=(
        "MicrosoftDocs/azure-ai-docs, openai/includes/fine-tune-models.md and the fine-tuning how-to pages",
        "microsoft-foundry/fine-tuning issue 23 (two assistant messages in a row: invalid schema)",
    ),
    dialects={
        "openai-chat": msgspec.structs.replace(CHAT, order="no-repeat", media=_IMAGES),
        "openai-preference": Dialect(roles=CHAT_ROLES, message_keys=MESSAGE_KEYS, arguments="string"),
        "openai-reinforcement": Dialect(roles=CHAT_ROLES, message_keys=MESSAGE_KEYS, arguments="string", media=_IMAGES),
        "prompt-completion": Dialect(needed_keys=frozenset({"prompt", "completion"})),
    },
    limits={
        "": Limits(min_examples=10, max_bytes=512 << 20, advised_examples=50),
        "reinforcement": Limits(min_examples=10, max_bytes=512 << 20, max_examples=50_000),
    },
    models={
        "gpt-4.1": ModelLimits(context=65_536),
        "gpt-4.1-nano": ModelLimits(context=32_768),
        "gpt-4o": ModelLimits(context=65_536),
        "o4-mini": ModelLimits(context=65_536),
        "gpt-35-turbo": ModelLimits(context=16_385, encoding="cl100k_base"),
        "gpt-3.5-turbo": ModelLimits(context=16_385, encoding="cl100k_base"),
        "qwen-32b": ModelLimits(context=8_192, exact=False),
    },
    default_model="gpt-4.1",
    aliases=("azure-openai", "foundry"),
    bom="wanted",
    over_context="truncated",
)
