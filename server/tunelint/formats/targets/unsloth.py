"""Unsloth, which trains with TRL."""

from typing import Final

from tunelint.formats.base import Dialect, MediaLimits, Target

__all__ = ["TARGET"]

_MEDIA: Final = MediaLimits(mime_types=frozenset(), roles=frozenset(), sources=frozenset({"http", "data", "path"}))

TARGET = Target(
    name="unsloth",
    title="Unsloth",
    hosted=False,
    as_of="2026-08",
    sources=("unslothai/unsloth and unslothai/unsloth-zoo, dataset utilities",),
    dialects={
        "openai-chat": Dialect(json_text=True, media=_MEDIA),
        "sharegpt": Dialect(),
        "alpaca": Dialect(),
        "prompt-completion": Dialect(),
        "prompt-completion-chat": Dialect(),
        "prompt-only": Dialect(),
        "preference": Dialect(),
        "kto": Dialect(),
        "text": Dialect(),
    },
    over_context="truncated",
    suffixes=(".jsonl", ".json", ".csv", ".parquet", ".txt"),
)
