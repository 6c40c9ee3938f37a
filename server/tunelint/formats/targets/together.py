"""Together AI: what its fine-tuning takes."""

from typing import Final

from tunelint.formats.base import Dialect, Limits, MediaLimits, Target

__all__ = ["TARGET"]

_ROLES: Final = frozenset({"system", "user", "assistant", "tool"})
_IMAGES: Final = MediaLimits(images=10, image_bytes=10_000_000, sources=frozenset({"data"}))

TARGET = Target(
    name="together",
    title="Together",
    hosted=True,
    as_of="2026-08",
    sources=("together 1.5 and 3.1 on PyPI, together/utils/files.py", "Together, fine-tuning data preparation guide"),
    dialects={
        "openai-chat": Dialect(
            roles=_ROLES,
            row_keys=frozenset({"messages", "tools"}),
            order="no-repeat",
            arguments="string",
            media=_IMAGES,
            one_key_set=True,
        ),
        "openai-preference": Dialect(
            roles=_ROLES,
            row_keys=frozenset({"input", "preferred_output", "non_preferred_output"}),
            single_answer=True,
            media=_IMAGES,
        ),
        "prompt-completion": Dialect(
            needed_keys=frozenset({"prompt", "completion"}), row_keys=frozenset({"prompt", "completion"}), exact_keys=True
        ),
        "text": Dialect(row_keys=frozenset({"text"})),
        "tokenized": Dialect(row_keys=frozenset({"input_ids", "attention_mask", "labels", "position_ids"})),
    },
    limits={"": Limits(min_examples=1, max_bytes=50_100_000_000)},
    bom="refused",
    suffixes=(".jsonl", ".parquet"),
)
