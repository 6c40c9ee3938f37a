"""oumi."""

from tunelint.formats.base import Dialect, MediaLimits, Target

__all__ = ["TARGET"]

TARGET = Target(
    name="oumi",
    title="oumi",
    hosted=False,
    as_of="2026-08",
    sources=("oumi-ai/oumi, docs/resources/datasets and data/dataset_examples",),
    dialects={
        "oumi": Dialect(
            media=MediaLimits(mime_types=frozenset(), roles=frozenset(), sources=frozenset({"http", "data", "path"}))
        ),
        "openai-chat": Dialect(),
        "alpaca": Dialect(),
        "preference": Dialect(),
    },
    suffixes=(".jsonl", ".json", ".parquet"),
)
