"""Google's Gemini models, tuned on Vertex AI."""

from typing import Final

from tunelint.formats.base import Dialect, Limits, MediaLimits, ModelLimits, Target

__all__ = ["TARGET"]

_MEDIA: Final = MediaLimits(
    kinds=frozenset({"image", "video", "audio"}),
    sources=frozenset({"gs", "data", "http"}),
    roles=frozenset({"user"}),
    mime_types=frozenset(),
)

TARGET = Target(
    name="gemini",
    title="Gemini",
    hosted=True,
    as_of="2026-08",
    sources=(
        "Google Cloud, Vertex AI, supervised fine-tuning for Gemini: preparation and limits; preference tuning: preparation",
    ),
    dialects={
        "gemini": Dialect(
            roles=frozenset({"user", "model", "function", "system"}), last="assistant", arguments="object", media=_MEDIA
        ),
        "gemini-preference": Dialect(roles=frozenset({"user", "model"}), single_answer=True),
    },
    limits={
        "": Limits(max_examples=1_000_000, max_bytes=1 << 30, max_validation_examples=5_000, advised_examples=100),
    },
    models={
        "gemini-2.5": ModelLimits(context=131_072, exact=False),
        "gemini-2.0": ModelLimits(context=131_072, exact=False),
        "gemini-1.5": ModelLimits(context=32_000, exact=False, limits=Limits(max_validation_examples=256, max_bytes=1 << 30)),
    },
    default_model="gemini-2.5-flash",
    aliases=("vertex", "google"),
    bom="refused",
)
