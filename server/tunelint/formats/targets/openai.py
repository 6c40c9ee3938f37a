"""OpenAI: what its fine-tuning takes."""

from typing import Final

from tunelint.formats.base import Dialect, Limits, MediaLimits, ModelLimits, Target

__all__ = ["CHAT", "CHAT_ROLES", "IMAGES", "MESSAGE_KEYS", "TARGET"]

CHAT_ROLES: Final = frozenset({"system", "developer", "user", "assistant", "tool", "function"})
MESSAGE_KEYS: Final = frozenset(
    {"role", "content", "name", "weight", "tool_calls", "tool_call_id", "function_call", "refusal", "audio"}
)
"""Keys of a message in OpenAI's specification; its cookbook's check reports any other."""

_IMAGES_PER_EXAMPLE: Final = 10
_IMAGE_BYTES: Final = 10_000_000
IMAGES: Final = MediaLimits(images=_IMAGES_PER_EXAMPLE, image_bytes=_IMAGE_BYTES)

CHAT: Final = Dialect(
    roles=CHAT_ROLES,
    message_keys=MESSAGE_KEYS,
    last="assistant",
    arguments="string",
    call_ids="required",
    typed_calls=True,
    wrapped_tools="typed",
    declared=True,
    valid_tools=True,
    media=IMAGES,
)

TARGET = Target(
    name="openai",
    title="OpenAI",
    hosted=True,
    as_of="2026-09",
    sources=(
        "OpenAI, supervised fine-tuning, direct preference optimization and reinforcement fine-tuning guides",
        "openai/openai-openapi, openapi.yaml; openai/openai-python, resources/files.py",
        "openai/openai-cookbook, Chat_finetuning_data_prep.ipynb",
    ),
    dialects={
        "openai-chat": CHAT,
        "openai-preference": Dialect(
            roles=CHAT_ROLES, message_keys=MESSAGE_KEYS, single_answer=True, text_parts=False, arguments="string", media=None
        ),
        "openai-reinforcement": Dialect(roles=CHAT_ROLES, message_keys=MESSAGE_KEYS, arguments="string", media=IMAGES),
        "prompt-completion": Dialect(needed_keys=frozenset({"prompt", "completion"})),
    },
    limits={
        "": Limits(min_examples=10, max_bytes=512 << 20, advised_examples=50),
        "reinforcement": Limits(min_examples=10, max_bytes=512 << 20, max_examples=50_000),
    },
    models={
        "gpt-4.1": ModelLimits(context=65_536),
        "gpt-4o": ModelLimits(context=65_536),
        "o4-mini": ModelLimits(context=65_536),
        "gpt-3.5-turbo": ModelLimits(context=16_385, encoding="cl100k_base"),
        "gpt-3.5-turbo-0613": ModelLimits(context=4_096, encoding="cl100k_base"),
        "babbage-002": ModelLimits(context=16_384, encoding="cl100k_base"),
        "davinci-002": ModelLimits(context=16_384, encoding="cl100k_base"),
    },
    default_model="gpt-4.1",
    bom="refused",
    over_context="truncated",
    note="OpenAI is winding its fine-tuning platform down: it is closed to new users.",
)
