"""Databricks (Mosaic): what llm-foundry takes."""

from typing import Final

from tunelint.formats.base import Dialect, Target

__all__ = ["TARGET"]

_ROLES: Final = frozenset({"system", "user", "assistant", "tool"})

TARGET = Target(
    name="databricks",
    title="Databricks",
    hosted=True,
    as_of="2026-08",
    sources=("mosaicml/llm-foundry, llmfoundry/data/finetuning/tasks.py and utils/exceptions.py",),
    dialects={
        "openai-chat": Dialect(
            roles=_ROLES,
            message_keys=frozenset({"role", "content"}),
            order="no-repeat",
            last="assistant",
            min_turns=2,
            text_parts=False,
            masks=frozenset(),
        ),
        "prompt-completion": Dialect(),
        "text": Dialect(),
    },
    aliases=("mosaic", "llm-foundry"),
    bom="refused",
    suffixes=(".jsonl", ".txt"),
)
