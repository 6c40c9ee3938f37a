"""TRL, Hugging Face's trainers."""

from typing import Final

from tunelint.formats.base import Dialect, MediaLimits, Target

__all__ = ["TARGET"]

_MEDIA: Final = MediaLimits(
    kinds=frozenset({"image", "video", "audio"}),
    mime_types=frozenset(),
    roles=frozenset(),
    sources=frozenset({"http", "data", "path", "s3", "gs"}),
)
_CHAT: Final = Dialect(arguments="object", json_text=True, media=_MEDIA)

TARGET = Target(
    name="trl",
    title="TRL",
    hosted=False,
    as_of="2026-08",
    sources=("huggingface/trl, docs/source/dataset_formats.md and trl/data_utils.py",),
    dialects={
        "openai-chat": _CHAT,
        "prompt-completion": Dialect(exact_keys=True),
        "prompt-completion-chat": _CHAT,
        "prompt-only": _CHAT,
        "preference": Dialect(arguments="object", json_text=True, media=_MEDIA, exact_keys=True),
        "kto": Dialect(arguments="object", json_text=True, media=_MEDIA, exact_keys=True),
        "stepwise": Dialect(exact_keys=True),
        "text": Dialect(),
        "tokenized": Dialect(),
    },
    over_context="truncated",
    suffixes=(".jsonl", ".json", ".csv", ".parquet", ".txt"),
)
