"""TRL, Hugging Face's trainers."""

from typing import Final

import msgspec

from tunelint.formats.base import ANY_MEDIA, Dialect, Target

__all__ = ["TARGET"]

_UNREAD: Final = frozenset({"system", "loss_mask"})
_CHAT: Final = Dialect(arguments="object", json_text=True, unread=_UNREAD, masks=frozenset(), media=ANY_MEDIA)

TARGET = Target(
    name="trl",
    title="TRL",
    hosted=False,
    as_of="2026-08",
    sources=(
        "huggingface/trl, docs/source/dataset_formats.md and trl/data_utils.py",
        "trl 1.16.0, maybe_convert_to_chatml: ShareGPT's keys are renamed, its roles are not; sft_trainer.py reads no mask of a message",
        "trl 1.16.0, the trainers for preferences, KTO and SFT: no column is read but those of dataset_formats.md",
    ),
    dialects={
        "openai-chat": _CHAT,
        "sharegpt": Dialect(roles=frozenset({"system", "user", "assistant", "tool"}), unread=_UNREAD, masks=frozenset()),
        "prompt-completion": Dialect(needed_keys=frozenset({"prompt", "completion"}), exact_keys=True, unread=_UNREAD),
        "prompt-completion-chat": _CHAT,
        "prompt-only": msgspec.structs.replace(_CHAT, unread=frozenset()),  # rewards read any column
        "preference": Dialect(
            arguments="object", json_text=True, media=ANY_MEDIA, joined_answers=True, exact_keys=True, unread=_UNREAD
        ),
        "kto": Dialect(arguments="object", json_text=True, media=ANY_MEDIA, exact_keys=True, unread=_UNREAD),
        "stepwise": Dialect(exact_keys=True),
        "text": Dialect(),
        "tokenized": Dialect(),
    },
    over_context="truncated",
    suffixes=(".jsonl", ".json", ".csv", ".parquet", ".txt"),
)
