"""ms-swift, ModelScope's trainer."""

from typing import Final

from tunelint.formats.base import ANY_MEDIA, Dialect, Target

__all__ = ["TARGET"]

_ROLES: Final = frozenset({"system", "user", "assistant", "tool", "tool_call", "tool_response"})
_MASKS: Final = frozenset({"loss", "loss_scale"})

TARGET = Target(
    name="ms-swift",
    title="ms-swift",
    hosted=False,
    as_of="2026-08",
    sources=("modelscope/ms-swift, docs/source_en/Customization/Custom-dataset.md and swift/dataset/preprocessor/core.py",),
    dialects={
        "openai-chat": Dialect(roles=_ROLES, json_text=True, masks=_MASKS, reasoning=False, media=ANY_MEDIA),
        "openai-reinforcement": Dialect(roles=_ROLES, json_text=True, media=ANY_MEDIA),
        "ms-swift-preference": Dialect(roles=_ROLES, media=ANY_MEDIA),
        "sharegpt": Dialect(masks=_MASKS, media=ANY_MEDIA),
        "alpaca": Dialect(media=ANY_MEDIA),
        "kto": Dialect(media=ANY_MEDIA),
        "query-response": Dialect(),
        "conversation-pairs": Dialect(),
        "prompt-completion": Dialect(),
        "input-output": Dialect(),
        "text": Dialect(),
    },
    aliases=("swift", "ms_swift"),
    over_context="dropped",
    suffixes=(".jsonl", ".json", ".csv", ".txt"),
)
