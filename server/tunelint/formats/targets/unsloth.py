"""Unsloth, which trains with TRL."""

from tunelint.formats.base import FILES_ONLY, Dialect, Target

__all__ = ["TARGET"]


TARGET = Target(
    name="unsloth",
    title="Unsloth",
    hosted=False,
    as_of="2026-08",
    sources=(
        "unslothai/unsloth and unslothai/unsloth-zoo, dataset utilities",
        "unsloth-zoo 2026.10.9, sft_prepare_dataset: an end is put behind completions, and behind no text, and a start that a text has is not doubled",
    ),
    dialects={
        "openai-chat": Dialect(json_text=True, masks=frozenset(), media=FILES_ONLY),
        "sharegpt": Dialect(masks=frozenset()),
        "alpaca": Dialect(),
        "prompt-completion": Dialect(),
        "prompt-completion-chat": Dialect(),
        "prompt-only": Dialect(),
        "preference": Dialect(),
        "kto": Dialect(),
        "text": Dialect(doubles_start=False, ends_text=False),
    },
    over_context="truncated",
    suffixes=(".jsonl", ".json", ".csv", ".parquet", ".txt"),
)
