"""LLaMA-Factory."""

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
    name="llama-factory",
    title="LLaMA-Factory",
    hosted=False,
    as_of="2026-08",
    sources=("hiyouga/LLaMA-Factory, data/README.md and src/llamafactory/data/{converter,parser,mm_plugin}.py",),
    dialects={
        "openai-chat": Dialect(
            json_text=True,
            roles=frozenset({"system", "user", "assistant", "tool"}),
            order="alternate",
            last="assistant",
            media=_MEDIA,
        ),
        "sharegpt": Dialect(
            roles=frozenset({"system", "human", "gpt", "observation", "function_call", "user", "assistant"}),
            order="alternate",
            last="assistant",
            system="first",
            media=_MEDIA,
        ),
        "sharegpt-preference": Dialect(order="alternate", media=_MEDIA, single_answer=True),
        "alpaca": Dialect(media=_MEDIA),
        "preference": Dialect(media=_MEDIA),
        "kto": Dialect(media=_MEDIA),
        "llama-factory-v1": Dialect(media=_MEDIA),
        "llama-factory-v1-preference": Dialect(media=_MEDIA),
        "text": Dialect(),
    },
    aliases=("llamafactory", "llama_factory"),
    over_context="truncated",
    suffixes=(".jsonl", ".json", ".csv", ".parquet", ".txt"),
)
