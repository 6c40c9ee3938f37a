"""Axolotl."""

from tunelint.formats.base import ANY_MEDIA, Dialect, Target

__all__ = ["TARGET"]


TARGET = Target(
    name="axolotl",
    title="Axolotl",
    hosted=False,
    as_of="2026-08",
    sources=("axolotl-ai-cloud/axolotl, docs/dataset-formats, docs/rlhf.qmd and src/axolotl/prompt_strategies",),
    dialects={
        "openai-chat": Dialect(json_text=True, media=ANY_MEDIA),
        "sharegpt": Dialect(media=ANY_MEDIA),
        "alpaca": Dialect(),
        "axolotl-columns": Dialect(),
        "text": Dialect(),
        "segments": Dialect(),
        "tokenized": Dialect(row_keys=frozenset({"input_ids", "attention_mask", "labels"})),
        "preference": Dialect(media=ANY_MEDIA),
        "kto": Dialect(),
        "stepwise": Dialect(),
        "prompt-only": Dialect(),
    },
    over_context="dropped",
    suffixes=(".jsonl", ".json", ".csv", ".parquet", ".txt"),
)
