"""torchtune."""

from typing import Final

from tunelint.formats.base import FILES_ONLY, Dialect, Target

__all__ = ["TARGET"]

_CHAT: Final = Dialect(
    roles=frozenset({"system", "user", "assistant"}),  # it refuses the answer that follows a tool's
    order="alternate",
    system="first",
    needs_user=True,
    min_turns=2,
    unread=frozenset({"system", "loss_mask"}),
    masks=frozenset(),
    reasoning=False,
    calls=False,
    media=FILES_ONLY,
)

TARGET = Target(
    name="torchtune",
    title="torchtune",
    hosted=False,
    as_of="2026-08",
    sources=(
        "meta-pytorch/torchtune, torchtune/datasets and torchtune/data/_messages.py",
        "torchtune 0.6.1, validate_messages: an answer follows the user's turn",
        "torchtune 0.6.1, OpenAIToMessages: only role and content are read, and null content becomes the text of the turn before",
    ),
    dialects={
        "openai-chat": _CHAT,
        "sharegpt": Dialect(order="alternate", system="first", needs_user=True, min_turns=2, masks=frozenset()),
        "alpaca": Dialect(),
        "input-output": Dialect(media=FILES_ONLY),
        "preference": Dialect(),
        "text": Dialect(),
    },
    over_context="truncated",
    suffixes=(".jsonl", ".json", ".csv", ".parquet", ".txt"),
)
