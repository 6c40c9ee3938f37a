"""ms-swift, ModelScope's trainer."""

from typing import Final

from tunelint.formats.base import Dialect, MediaLimits, Target

__all__ = ["TARGET"]

_MEDIA: Final = MediaLimits(
    kinds=frozenset({"image", "video", "audio"}),
    mime_types=frozenset(),
    roles=frozenset(),
    sources=frozenset({"http", "data", "path", "s3", "gs"}),
)
_ROLES: Final = frozenset({"system", "user", "assistant", "tool", "tool_call", "tool_response"})

TARGET = Target(
    name="ms-swift",
    title="ms-swift",
    hosted=False,
    as_of="2026-08",
    sources=("modelscope/ms-swift, docs/source_en/Customization/Custom-dataset.md and swift/dataset/preprocessor/core.py",),
    dialects={
        "openai-chat": Dialect(roles=_ROLES, json_text=True, media=_MEDIA),
        "openai-reinforcement": Dialect(roles=_ROLES, json_text=True, media=_MEDIA),
        "ms-swift-preference": Dialect(roles=_ROLES, media=_MEDIA),
        "sharegpt": Dialect(media=_MEDIA),
        "alpaca": Dialect(media=_MEDIA),
        "kto": Dialect(media=_MEDIA),
        "query-response": Dialect(),
        "text": Dialect(),
    },
    aliases=("swift", "ms_swift"),
    over_context="dropped",
    suffixes=(".jsonl", ".json", ".csv", ".txt"),
)
