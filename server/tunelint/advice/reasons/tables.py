"""Reasons about requests that are rows of a table."""

import re
from collections import Counter
from statistics import median
from typing import Final

from tunelint.advice import published
from tunelint.advice.reasons.base import clues, number, percent, said
from tunelint.advice.signals import Signals
from tunelint.advice.verdict import Clue, Signal, Verdict

__all__ = ["columns_of", "estimated", "tabular"]

_FIELD: Final = re.compile(r"\s*([^\W\d][\w ()./%-]{0,40}?)\s*(?::|=|\bis\b)\s*(\S(?:[^;\n,|]{0,40}\S)?)\s*\Z")
_MEASURED: Final = re.compile(r"\s*([^\W\d][\w ()./%-]{0,40}?)\s+(-?\d[\d.,]*\s?%?)\s*\Z")
"""A field whose value is a number, without a sign between the two: ``depth 62.7%``."""

_BREAK: Final = re.compile(r"[;\n|]|,\s|\.\s*\Z")
_LEAST: Final = 4
"""With fewer fields a request is a text with a heading or two; some pieces may be no fields, as where a value has a comma."""

_MOST: Final = 0.8
_WHOLE: Final = 0.6
_VALUE_WORDS: Final = 4
_RECORDS: Final = 200
"""Records from which learners on columns are as good as language models: those lead on a few dozen, not on hundreds."""


_ESTIMATE: Final = re.compile(
    r"\b(?:estim[ae]\w*|predi[cz]\w+|forecast\w*|schätz\w*|vorhers\w+|prédi\w+"
    r"|expected (?:price|amount|value|cost|paid|pay\w*|sales|revenue|demand|time|duration|number))\b|预测|预估|予測",
    re.IGNORECASE,
)
_FIGURE: Final = re.compile(r"\d[\d.,/-]*")
_NUMBER: Final = re.compile(r"[$€£]?-?\d[\d.,]*%?")
_MONEY: Final = re.compile(r"[$€£¥₹] ?\d[\d.,]*k?|\d[\d.,]* ?(?:[$€£¥₹]|USD|EUR|GBP)")
_ASKING: Final = 0.3
"""An amount that is given to what asks nothing is what somebody thinks it worth; what something costs is asked for."""

_GIVEN: Final = 0.5
"""A number that half of the requests hold themselves is read off rather than estimated."""

_FIGURES: Final = 4
_PARTS: Final = 5
_PART_WORDS: Final = 6
"""Figures in a request for an estimate from which it is a record; and its short parts, where nobody speaks of an estimate."""


def columns_of(request: str) -> frozenset[str]:
    """Return the names of the fields that most of a request is made of; none where there are few. A text is no field's value."""
    pieces = [piece for piece in _BREAK.split(request) if piece.strip()]
    fields = [
        field
        for piece in pieces
        if (field := _FIELD.match(piece) or _MEASURED.match(piece)) and len(field[2].split()) <= _VALUE_WORDS
    ]
    if len(fields) < _LEAST or len(fields) < _WHOLE * len(pieces):
        return frozenset()
    return frozenset(field[1].lower() for field in fields)


def tabular(signals: Signals) -> Verdict | None:
    """Judge labels of records with the same fields: what a field weighs has to be learnt, and not from a few of them."""
    study = signals.study
    if signals.kind != "label" or signals.scale.options or study.records < _RECORDS:
        return None
    columns = [columns_of(study.rows[index].pair.asks) for index in study.asked]
    counts = Counter(column for some in columns for column in some)
    common = {column for column, count in counts.items() if count >= _MOST * len(columns)}
    rows = [index for index, some in zip(study.asked, columns, strict=True) if len(some & common) >= _LEAST]
    share = len(rows) / max(1, len(columns))
    if len(common) < _LEAST or share < _MOST:
        return None
    says = (
        f"{percent(share)} of the requests are rows of a table with {len(common)} columns: what a column weighs takes many rows"
    )
    table = number("columns", len(common), _LEAST, says, published.TABLLM)
    return _learnt(signals, table, clues(signals, rows, "a row of a table"))


def estimated(signals: Signals) -> Verdict | None:
    """Judge numbers that are to be estimated, and that no calculation gives."""
    study = signals.study
    if signals.kind not in {"label", "short"} or study.records < _RECORDS:
        return None
    if _asked_to_estimate(signals) and (told := _told(signals)) < _GIVEN:
        says = f"answers are numbers that requests ask to be estimated, and {percent(told)} of them hold it"
        return _learnt(signals, number("copy-full", told, _GIVEN, says), clues(signals, study.asked, "an estimate"))
    if signals.mechanics.computed < _WHOLE:
        return None
    asked = [(study.around(index), study.cores[index]) for index in study.asked]
    cued = sum(_ESTIMATE.search(f"{around}\n{core}") is not None or _is_record(core) for around, core in asked)
    figures = median(len(_FIGURE.findall(core)) for _, core in asked)
    if cued < _MOST * len(asked) or figures < _FIGURES:
        return None
    says = f"answers are numbers to records with {figures:.0f} figures in the median: what a figure weighs takes many rows"
    table = number("columns", figures, _FIGURES, says, published.TABLLM)
    return _learnt(signals, table, clues(signals, study.asked, "a record, and what was to be estimated from it"))


def _asked_to_estimate(signals: Signals) -> bool:
    """Tell whether instructions ask for an estimate, or answers are amounts of money."""
    study = signals.study
    asked = sum(_ESTIMATE.search(study.around(index)) is not None for index in study.asked)
    if signals.grounding.question < _ASKING:
        asked = max(asked, sum(_MONEY.fullmatch(study.answers[index].strip()) is not None for index in study.asked))
    numbers = sum(_NUMBER.fullmatch(study.answer_cores[index].strip()) is not None for index in study.asked)
    return min(asked, numbers) >= _MOST * len(study.asked)


def _told(signals: Signals) -> float:
    """Return the share of requests that hold their answer as it is."""
    study = signals.study
    return sum(study.answers[index].strip() in study.cores[index] for index in study.asked) / max(1, len(study.asked))


def _learnt(signals: Signals, table: Signal, evidence: list[Clue]) -> Verdict:
    records = signals.study.records
    many = number("records", records, _RECORDS, f"{records:,} different examples to learn it from")
    return said(signals, "fine-tune", "lean", table, many, hints=["column-classifier"], clues=evidence)


def _is_record(request: str) -> bool:
    """Tell whether a request asks nothing and is made of short parts, most of them with words: no list of numbers."""
    parts = [part.split() for part in _BREAK.split(request) if part.strip()]
    worded = sum(any(map(str.isalpha, "".join(part))) for part in parts)
    short = sum(len(part) <= _PART_WORDS for part in parts)
    return len(parts) >= _PARTS and min(worded, short) >= _MOST * len(parts) and "?" not in request
