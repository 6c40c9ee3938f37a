"""torchtune."""

from typing import Final

from tunelint.formats.base import FILES_ONLY, Dialect, Target

__all__ = ["TARGET"]

_CHAT: Final = Dialect(
    roles=frozenset({"system", "user", "assistant", "tool", "ipython"}),
    system="first",
    needs_user=True,
    min_turns=2,
    media=FILES_ONLY,
)

TARGET = Target(
    name="torchtune",
    title="torchtune",
    hosted=False,
    as_of="2026-08",
    sources=("meta-pytorch/torchtune, torchtune/datasets and torchtune/data/_messages.py",),
    dialects={
        "openai-chat": _CHAT,
        "sharegpt": Dialect(system="first", needs_user=True, min_turns=2),
        "alpaca": Dialect(),
        "input-output": Dialect(media=FILES_ONLY),
        "preference": Dialect(),
        "text": Dialect(),
    },
    over_context="truncated",
    suffixes=(".jsonl", ".json", ".csv", ".parquet", ".txt"),
)
