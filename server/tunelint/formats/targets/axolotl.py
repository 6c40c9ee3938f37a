"""Axolotl."""

from typing import Final

from tunelint.formats.base import Dialect, MediaLimits, Target

__all__ = ["TARGET"]

_MEDIA: Final = MediaLimits(
    kinds=frozenset({"image", "video", "audio"}),
    mime_types=frozenset(),
    roles=frozenset(),
    sources=frozenset({"http", "data", "path", "s3", "gs"}),
)

TARGET = Target(
    name="axolotl",
    title="Axolotl",
    hosted=False,
    as_of="2026-08",
    sources=("axolotl-ai-cloud/axolotl, docs/dataset-formats, docs/rlhf.qmd and src/axolotl/prompt_strategies",),
    dialects={
        "openai-chat": Dialect(json_text=True, media=_MEDIA),
        "sharegpt": Dialect(media=_MEDIA),
        "alpaca": Dialect(),
        "text": Dialect(),
        "segments": Dialect(),
        "tokenized": Dialect(row_keys=frozenset({"input_ids", "attention_mask", "labels"})),
        "preference": Dialect(media=_MEDIA),
        "kto": Dialect(),
        "stepwise": Dialect(),
        "prompt-only": Dialect(),
    },
    over_context="dropped",
    suffixes=(".jsonl", ".json", ".csv", ".parquet", ".txt"),
)
