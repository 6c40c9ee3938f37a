"""Mistral: what mistral-finetune and its hosted service take."""

from typing import Final

from tunelint.formats.base import Dialect, Limits, MediaLimits, Target

__all__ = ["TARGET"]

_ROLES: Final = frozenset({"system", "user", "assistant", "tool"})
_INSTRUCT: Final = Dialect(
    roles=_ROLES,
    last="assistant",
    system="first",
    arguments="string",
    call_ids="required",
    call_id_pattern="[A-Za-z0-9]{9}",
    answered=True,
    wrapped_tools="yes",
    valid_tools=True,
    text_parts=True,
    media=MediaLimits(sources=frozenset({"http", "data"})),
)

TARGET = Target(
    name="mistral",
    title="Mistral",
    hosted=True,
    as_of="2026-08",
    sources=(
        "mistralai/mistral-finetune, finetune/data; mistralai/mistral-common, protocol/instruct/validator.py",
        "mistralai/platform-docs-public, resources/deprecated/finetuning",
    ),
    dialects={
        "openai-chat": _INSTRUCT,
        "mistral-instruct": _INSTRUCT,
        "text": Dialect(),
        "classification": Dialect(),
    },
    limits={"": Limits(max_bytes=512 << 20, max_validation_bytes=1 << 20)},
    bom="refused",
    note="Mistral marks hosted fine-tuning as deprecated.",
)
