"""Fireworks AI: what its fine-tuning takes."""

from typing import Final

from tunelint.formats.base import Dialect, Limits, MediaLimits, Target

__all__ = ["TARGET"]

_ROLES: Final = frozenset({"system", "user", "assistant", "tool"})
_MEDIA: Final = MediaLimits(kinds=frozenset({"image", "video"}), sources=frozenset({"data", "http"}))

TARGET = Target(
    name="fireworks",
    title="Fireworks",
    hosted=True,
    as_of="2026-08",
    sources=("Fireworks, supervised, preference and reinforcement fine-tuning guides",),
    dialects={
        "openai-chat": Dialect(roles=_ROLES, system="first", media=_MEDIA),
        "openai-preference": Dialect(roles=_ROLES, system="first", single_answer=True),
        "openai-reinforcement": Dialect(roles=_ROLES, system="first", media=_MEDIA),
    },
    limits={"": Limits(min_examples=3, max_examples=3_000_000)},
    bom="refused",
)
