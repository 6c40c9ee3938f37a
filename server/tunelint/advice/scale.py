"""Whether labels are points on a scale, or the letters of options that a request lists."""

import re
from typing import Final, NamedTuple

from tunelint.advice.study import Study
from tunelint.advice.task import Pair, normal
from tunelint.advice.wording import tokens

__all__ = ["Scale", "scale_of", "speaks_of_scale"]

_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_STARS: Final = re.compile(r"\b\d\s*(?:star|stern|étoile|/\s*(?:5|10)\b)|^\d\s*[-–:]\s*\w")
_DEGREE: Final = re.compile(
    r"(?:extremely|very|somewhat|slightly|strongly|mildly|moderately|highly|partially|sehr|etwas|très|plutôt|muy|algo)\b|非常|比较|有点"
)
_LOW: Final = ("none", "negligible", "trivial", "minor", "low", "mild")
_INTENSITIES: Final = frozenset((*_LOW, "medium", "moderate", "major", "high", "severe", "critical", "extreme"))
"""How much there is of something: severity, priority, risk."""

_OPTION: Final = re.compile(r"(?:^|\s)\(?([A-Ha-h]|\d)[.):](?:\s+|(?!\d))\S|(?:^|\n)\s*([A-Ha-h]|\d) [-–] \S")
"""An option with its mark: ``a) no``, ``1 - no``; ``0.5`` is a number."""

_PICKED: Final = re.compile(r"\s*\(?(?:[A-Ha-h]|\d) ?[.):–-]+\s+\S")
"""A short answer that repeats an option with its mark."""

_CHOICE: Final = re.compile(r"\b[A-Z]\w+ ([A-H]|\d)\b")
"""A thing that is named by its mark: ``Player 1``."""

_CUE: Final = re.compile(
    r"\b(?:scale|rat(?:e|ing)s?|scor(?:e|ing)|stars?|degree|similarity|grade|level|skala|bewert\w+|note|niveau|stufe|échelle|escala|nivel)\b"
    r"|\b(?:vurd[eé]r\w*|bedøm\w*|oce[nń]\w*|оцен\w*|оцін\w*|puntúa|califica|valuta|avalie)\b|评分|打分|得分|評価|スコア|평가|점수"
    r"|\b(?:puan\w*|skor\w*|punteggi\w*|puntuaci\w*|pontua\w*|балл\w*|punkt\w*)\b"
    r"|\b(?:lestvic\w*|skal[aeięy]\w*|škál\w*|шкал\w*|ölçek\w*|asteikol\w*)\b"
    r"|\b\d{1,3}\s*(?:\([^)\n]{1,30}\)\s*)?(?:-|–|to|bis|à|a|til|tot|till|do|до|al|hasta|から|到|至)\s*-?\d{1,3}\b|out of \d",
    re.IGNORECASE,
)
_ORDERED: Final = re.compile(
    r"\b(?:severity|urgency|priority|risk level|seriousness"
    r"|how (?:severe|urgent|likely|similar|relevant|toxic|difficult|strongly|well)"
    r"|schweregrad|dringlichkeit|priorität|gravité|urgence|priorité|gravedad|urgencia|prioridad|severidad|gravità|urgenza|priorità)\b"
    r"|严重|優先度|优先级|緊急度|紧急|重要度|심각도|우선순위",
    re.IGNORECASE,
)
"""Instructions that ask how much: whatever its points are called, that is a scale, and where they begin is somebody's policy."""

_GRADE: Final = re.compile(r"[a-h][0-9]?[+-]?")
"""A school's mark or a level of language: ``b+``, ``c1``."""

_MOST: Final = 0.8
_HALF: Final = 0.5
_LEAST_POINTS: Final = 3
_MOST_POINTS: Final = 11
_WORD_POINTS: Final = 10
_POLES: Final = 2
_PERCENT: Final = 100
_INSTRUCTION_WORDS: Final = 40
_TAIL: Final = 20
"""Points on both sides of nought; and the longest span of scores that nearly always have a fraction, one in twenty left out at
either end. Instructions of more words speak of many things."""
_ROWS: Final = 100


class Scale(NamedTuple):
    """`graded`: the labels are points on a scale. `options`: a request lists its options, and the label picks one.

    `unexplained`: the labels are several whole numbers, and nothing around the requests says a word of them.
    """

    graded: bool
    options: bool
    unexplained: bool = False


def scale_of(study: Study) -> Scale:
    """Look at labels and at the requests asked; or, of short answers, at all that there are."""
    task = study.task
    usual = task.labels if 0 < task.usual < _LEAST_POINTS else task.labels[: task.usual]
    labels = [normal(label) for label in usual] or sorted(set(study.normal_answers))
    indexed = [(index, study.rows[index].pair) for index in study.asked[:_ROWS]]
    asked = [pair for _, pair in indexed]
    least = max(2, min(len(labels), 5) - 1) if task.labels else 2
    picks = bool(task.labels) or sum(_PICKED.match(pair.answer) is not None for pair in asked) >= _MOST * len(asked)
    marked = all(len(label) == 1 for label in labels)
    options = picks and sum(_lists_options(pair.request, least, marked=marked) for pair in asked) >= _HALF * len(asked)
    if len(labels) < _LEAST_POINTS or options:
        return Scale(graded=False, options=options)
    picked = sum(normal(pair.answer) in tokens(study.cores[index]) for index, pair in indexed)
    if picked >= _MOST * len(asked):
        return Scale(graded=False, options=False)
    cued = sum(bool(_CUE.search(f"{pair.instructions}\n{pair.request[-300:]}")) for pair in asked) >= _HALF * len(asked)
    ordered = sum(_asks_how_much(study.around(index)) for index, _ in indexed) >= _HALF * len(indexed)
    graded = _is_graded(labels, cued=cued or ordered) or (ordered and _LEAST_POINTS <= len(labels) <= _MOST_POINTS)
    unexplained = not graded and _are_numbers(labels) and not _explained(study, indexed)
    return Scale(graded=graded, options=False, unexplained=unexplained)


def _asks_how_much(text: str) -> bool:
    """Tell whether a few words of instruction ask for the degree of something; in many it may be said by the way."""
    return len(text.split()) <= _INSTRUCTION_WORDS and _ORDERED.search(text) is not None


def speaks_of_scale(text: str) -> bool:
    """Tell whether instructions speak of a scale, a score, or how much there is of something."""
    return _CUE.search(text) is not None or _ORDERED.search(text) is not None


def _lists_options(request: str, least: int, *, marked: bool) -> bool:
    """Tell whether a request marks options by letter or digit, so many at least; `marked` tells that answers are such marks."""
    met = ["".join(match).lower() for match in _OPTION.findall(request)]
    named = [mark.lower() for mark in _CHOICE.findall(request)] if marked else []
    return any(_in_order(list(dict.fromkeys(marks)), start) >= least for marks in (met, named) for start in ("a", "0", "1"))


def _in_order(marks: list[str], start: str) -> int:
    """Return how many marks count up from a first one, in the order in which they are met."""
    count = 0
    for mark in marks:
        count += mark == chr(ord(start) + count)
    return count


def _explained(study: Study, indexed: list[tuple[int, Pair]]) -> bool:
    """Tell whether at least half of the requests have words around what differs between them."""
    return sum(any(map(str.isalpha, study.around(index))) for index, _ in indexed) >= _HALF * len(indexed)


def _are_numbers(labels: list[str]) -> bool:
    """Tell whether labels are whole numbers, and more than yes and no."""
    return len(labels) > _LEAST_POINTS and all(re.fullmatch(r"-?\d+", label) is not None for label in labels)


def _is_graded(labels: list[str], *, cued: bool) -> bool:
    """Tell whether labels are grades: fractions, numbers called a score, marks, stars, degree words."""
    numbers = [float(label) for label in labels if _NUMBER.fullmatch(label)]
    if len(numbers) >= _MOST * len(labels):
        numbers.sort()
        span, tail = numbers[-1] - numbers[0], len(numbers) // _TAIL
        fractions = sum(not number.is_integer() for number in numbers)
        polar = min(sum(number < 0 for number in numbers), sum(number > 0 for number in numbers)) >= _POLES
        if cued and numbers[-1 - tail] - numbers[tail] <= _PERCENT and fractions >= _MOST * len(numbers):
            return True
        return span < _MOST_POINTS and (fractions > 0 or ((cued or polar) and len(labels) <= _MOST_POINTS))
    if cued and len(labels) <= _MOST_POINTS and all(_GRADE.fullmatch(label) is not None for label in labels):
        return True
    if len(labels) <= _MOST_POINTS and sum(_STARS.search(label) is not None for label in labels) >= _MOST * len(labels):
        return True
    if _LEAST_POINTS <= len(labels) <= _WORD_POINTS and _INTENSITIES.issuperset(labels):
        return True
    return len(labels) <= _WORD_POINTS and sum(_DEGREE.match(label) is not None for label in labels) > 1
