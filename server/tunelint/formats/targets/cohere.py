"""Cohere: what its fine-tuning took until it ended."""

from typing import Final

from tunelint.formats.base import Dialect, Limits, ModelLimits, Target

__all__ = ["TARGET"]

_TURN_TOKENS: Final = 16_384

TARGET = Target(
    name="cohere",
    title="Cohere",
    hosted=True,
    as_of="2025-09-15",
    sources=("cohere-ai/cohere-developer-experience, fern/pages/fine-tuning",),
    dialects={"cohere": Dialect(roles=frozenset({"System", "User", "Chatbot"}), system="first", needs_user=True)},
    limits={"": Limits(min_examples=2)},
    models={"command": ModelLimits(context=_TURN_TOKENS, exact=False)},
    default_model="command-r",
    over_context="dropped",
    note="Cohere ended fine-tuning on 2025-09-15.",
)
