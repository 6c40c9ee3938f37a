"""Says what answers must look like, as an instruction that was found in the answers themselves."""

import json
import math
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from tunelint.advice.schema import induced_schema
from tunelint.advice.task import Pair, TaskKind, json_of, normal, word_count

__all__ = ["Contract", "contract_of"]

_MOST_LABELS: Final = 250
"""Labels that are listed at most: as many as a closed set has."""

_SLIPS_FROM: Final = 100
"""Examples among which a label that stands there once is a slip."""

_CALLS: Final = (
    'Where a tool is needed, answer with its call and nothing else, as JSON: {"name": …, "arguments": {…}}; '
    "several calls stand on lines of their own."
)


class Contract(msgspec.Struct, frozen=True):
    """The instruction, with the labels or the JSON Schema that it names."""

    text: str
    labels: tuple[str, ...] = ()
    schema: dict[str, Any] | None = None


def contract_of(pairs: Sequence[Pair], kind: TaskKind) -> Contract:
    """Return what the answers of these examples have in common; at least one is needed."""
    if kind == "label":
        labels = _labels(pairs)
        listed = "\n".join(f"- {label}" for label in labels)
        return Contract(f"Answer with exactly one of these labels and nothing else:\n{listed}", labels)
    if kind == "json":
        schema = induced_schema([value for pair in pairs if (value := json_of(pair.answer)) is not None])
        text = json.dumps(schema, ensure_ascii=False)
        return Contract(f"Answer with JSON that follows this JSON Schema, and nothing else:\n{text}", schema=schema)
    if kind == "tool":
        return Contract(_CALLS)
    if kind == "code":
        return Contract("Answer with the code alone, in the style of the examples.")
    low, high = _lengths(pairs)
    if kind == "short":
        return Contract(f"Answer in as few words as the examples ({_range(low, high)}), and nothing else.")
    return Contract(f"Answer in the manner of the examples. Most answers have {_range(low, high)}.")


def _labels(pairs: Sequence[Pair]) -> tuple[str, ...]:
    """Return the labels as they are mostly written, the commonest first, without slips of the pen."""
    spellings: dict[str, Counter[str]] = {}
    for pair in pairs:
        spellings.setdefault(normal(pair.answer), Counter())[pair.answer.strip()] += 1
    counts = {name: found.total() for name, found in spellings.items()}
    least = 2 if len(pairs) >= _SLIPS_FROM and max(counts.values()) > 1 else 1
    names = [name for name in sorted(counts, key=lambda one: (-counts[one], one)) if counts[name] >= least]
    return tuple(spellings[name].most_common(1)[0][0] for name in names[:_MOST_LABELS])


def _lengths(pairs: Sequence[Pair]) -> tuple[int, int]:
    """Return the words of an answer that a tenth fall short of, and that a tenth exceed."""
    words = sorted(word_count(pair.answer) for pair in pairs)
    return max(1, math.floor(words[len(words) // 10])), max(1, math.ceil(words[len(words) * 9 // 10]))


def _range(low: int, high: int) -> str:
    if low == high:
        return f"{low} word{'s' if low > 1 else ''}"
    return f"{low} to {high} words"
