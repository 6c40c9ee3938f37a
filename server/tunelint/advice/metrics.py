"""How right an answer is, from 0 to 1, beside the answer of the dataset: one metric a kind of task.

Every metric is strict about meaning and lenient about dress: case, spaces, quotes around the whole and a fence around JSON do not
count. None executes an answer or asks a model.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

import msgspec

from tunelint.advice.task import TaskKind, json_of, normal
from tunelint.advice.wording import chrf, grams
from tunelint.core.example import written

__all__ = [
    "ALL_METRICS",
    "METRICS",
    "Call",
    "Metric",
    "Said",
    "calls_in",
    "calls_match",
    "character_f",
    "exact",
    "field_f1",
    "final_number",
    "match",
    "metric_of",
    "normalised",
    "number_match",
    "title_of",
]


class Call(msgspec.Struct, frozen=True):
    """A call of a tool; `arguments` is JSON text, or the value."""

    name: str
    arguments: Any = None


class Said(msgspec.Struct, frozen=True):
    """An answer: its text, and the tools that it calls."""

    text: str = ""
    calls: tuple[Call, ...] = ()


class Metric(msgspec.Struct, frozen=True):
    """A way to score an answer. A `binary` one is 0 or 1. `readable` tells whether an answer has the form that is asked for."""

    name: str
    title: str
    binary: bool
    score: Callable[[Said, Said], float]
    readable: Callable[[Said], bool]


_SPACES: Final = re.compile(r"\s+")
_QUOTES: Final = str.maketrans("“”„‘’«»", '"""\'\'""')

_MARKED: Final = re.compile(r"####[ \t]*(\S[^\n]*)")
_BOXED: Final = re.compile(r"\\boxed\{([^{}]*)\}")
_NUMERAL: Final = re.compile(
    r"((?<![\w.])-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,300})(?![0-9])(?:\.[0-9]{1,300}(?![0-9]))?)(?:/([0-9]{1,300})(?![0-9]))?"
)
"""A number as it is written in English, or a fraction of two; longer ones are no answers."""

_BARE: Final = re.compile(rf"\s*[$€£¥]?\s*{_NUMERAL.pattern}\s*[%$€£¥]?\s*\.?\s*")
_NUMERIC: Final = 0.9
"""Share of the answers that must come to a number for numbers to be compared."""

_LONGEST: Final = 20_000
"""Characters of a text that are compared at most."""


def normalised(text: str) -> str:
    """Return a text without what is only dress: that of labels, and compatibility forms and the shape of quotes."""
    return normal(unicodedata.normalize("NFKC", text).translate(_QUOTES))


def exact(given: Said, wanted: Said) -> float:
    """Return 1 where the texts are equal but for spaces, and the calls are too."""
    same = _SPACES.sub(" ", given.text).strip() == _SPACES.sub(" ", wanted.text).strip()
    return float(same and _calls(given) == _calls(wanted))


def match(given: Said, wanted: Said) -> float:
    """Return 1 where the texts are equal but for their dress. Texts that are nothing but dress must be equal."""
    one, other = normalised(given.text), normalised(wanted.text)
    return float(one == other if one or other else given.text.strip() == wanted.text.strip())


def field_f1(given: Said, wanted: Said) -> float:
    """Return how many fields of the two JSON values agree: twice the shared ones by those of both. Order in lists is free."""
    reference, answered = json_of(wanted.text), json_of(given.text)
    if reference is None:
        return match(given, wanted)
    if answered is None:
        return 0.0
    found, reference = _fields(answered), _fields(reference)
    return 2 * (found & reference).total() / (found.total() + reference.total())


def calls_match(given: Said, wanted: Said) -> float:
    """Return 1 where the same tools are called with the same arguments; where none should be called, none may be."""
    return float(_calls(given) == _calls(wanted))


def character_f(given: Said, wanted: Said) -> float:
    """Return chrF2 of one text: the mean precision and recall of its character n-grams, spaces left out."""
    return chrf(grams(given.text, _LONGEST), grams(wanted.text, _LONGEST))


def number_match(given: Said, wanted: Said) -> float:
    """Return 1 where both come to the same number; a wanted answer without one is matched as text."""
    one, other = final_number(given.text), final_number(wanted.text)
    return match(given, wanted) if other is None else float(one == other)


def final_number(text: str) -> Fraction | None:
    """Return the number that an answer comes to: the one behind ``####``, in a box, or else the last one.

    The mark is that of GSM8K (Cobbe et al., 2021). Commas that part thousands, signs of money and per cent do not count.
    """
    for mark in (_MARKED, _BOXED):
        marked = mark.findall(text)
        if marked:
            text = marked[-1]
            break
    numbers = _NUMERAL.findall(text.replace("−", "-"))
    if not numbers:
        return None
    whole, over = numbers[-1]
    try:
        return Fraction(whole.replace(",", "")) / (int(over) if over else 1)
    except (ValueError, ZeroDivisionError):
        return None


def _comes_to_number(said: Said) -> bool:
    """Tell whether an answer is a number, or marks the one that it comes to."""
    if said.calls:
        return False
    return (_MARKED.search(said.text) or _BOXED.search(said.text) or _BARE.fullmatch(said.text)) is not None


def _fields(value: Any) -> Counter[tuple[str, str]]:
    return Counter(_leaves(value))


def _leaves(root: Any) -> Iterator[tuple[str, str]]:
    """Yield each leaf of a JSON value with its keys; an empty container is a leaf, places in lists are no keys."""
    work: list[tuple[str, Any]] = [("", root)]
    while work:
        path, value = work.pop()
        if isinstance(value, dict) and value:
            work.extend((f"{path}.{key}", item) for key, item in value.items())
        elif isinstance(value, list) and value:
            work.extend((f"{path}[]", item) for item in value)
        else:
            yield path, normalised(value) if isinstance(value, str) else _number(value)


def _number(value: Any) -> str:
    """Return what a leaf that is no text says; 1 and 1.0 say the same."""
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        value = int(value)
    return written(value)


def _calls(said: Said) -> Counter[tuple[str, tuple[tuple[str, str], ...]]]:
    return Counter((call.name, _arguments(call.arguments)) for call in said.calls or calls_in(said.text))


def _arguments(arguments: Any) -> tuple[tuple[str, str], ...]:
    if isinstance(arguments, str):
        value = json_of(arguments or "{}")
        if value is None:
            return (("", arguments.strip()),)
        arguments = value
    return tuple(sorted(_leaves({} if arguments is None else arguments)))


def calls_in(text: str) -> tuple[Call, ...]:
    """Return the calls that a text consists of: JSON with a name and arguments, as answers without native calls hold them.

    They stand alone, in a list, or each on a line behind some words.
    """
    value = json_of(text)
    if value is not None:
        calls = [_call(one) for one in (value if isinstance(value, list) else [value])]
        return tuple(call for call in calls if call is not None) if all(calls) else ()
    found = [_call(json_of(line)) for line in text.splitlines()]
    return tuple(call for call in found if call is not None)


def _call(value: Any) -> Call | None:
    inner = value.get("function", value) if isinstance(value, Mapping) else None
    if not isinstance(inner, Mapping) or not isinstance(inner.get("name"), str) or {"arguments", "parameters"}.isdisjoint(inner):
        return None
    return Call(inner["name"], inner.get("arguments", inner.get("parameters")))


def _is_json(said: Said) -> bool:
    return json_of(said.text) is not None


def _says_something(said: Said) -> bool:
    return bool(said.text.strip() or said.calls)


MATCH: Final = Metric("match", "normalised match", True, match, _says_something)
FIELDS: Final = Metric("field-f1", "JSON field F1", False, field_f1, _is_json)
CALLS: Final = Metric("calls", "tool-call match", True, calls_match, _says_something)
CODE: Final = Metric("exact", "exact match", True, exact, _says_something)
NUMBER: Final = Metric("number", "final number", True, number_match, lambda said: final_number(said.text) is not None)
CHRF: Final = Metric("chrf", "chrF", False, character_f, _says_something)

METRICS: Final[Mapping[TaskKind, Metric]] = {
    "label": MATCH,
    "short": MATCH,
    "json": FIELDS,
    "tool": CALLS,
    "code": CODE,
    "text": CHRF,
}
"""The metric of each kind of task."""

ALL_METRICS: Final = (MATCH, FIELDS, CALLS, CODE, CHRF, NUMBER)


def metric_of(kind: TaskKind, wanted: Sequence[Said]) -> Metric:
    """Return the metric of a task: that of its kind, or the final number where the answers come to one."""
    numeric = sum(map(_comes_to_number, wanted))
    if kind in {"short", "text"} and wanted and numeric >= _NUMERIC * len(wanted):
        return NUMBER
    return METRICS[kind]


def title_of(name: str) -> str:
    """Return how a metric is called for readers."""
    return next((metric.title for metric in ALL_METRICS if metric.name == name), name)
