"""Reasons about answers of a closed set."""

import re
from typing import Final

from tunelint.advice import published
from tunelint.advice.material import EXAMPLES
from tunelint.advice.reasons.base import copied_clues, label_clues, number, percent, rate, said, uncovered_clues
from tunelint.advice.reasons.texts import rewrite
from tunelint.advice.scale import speaks_of_scale
from tunelint.advice.signals import Signals
from tunelint.advice.verdict import Hint, Strength, Verdict
from tunelint.advice.wording import tokens

__all__ = ["graded", "labels"]

_NUMBERS: Final = 0.9
_READ: Final = 0.5
"""Share of JSON answers that are numbers alone from which they are scores, unless half of these stand in their requests."""

_NAMED: Final = re.compile(r"[^\W\d_]{4}|[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Letters that make a word, or a character that is one."""

_UNASKED: Final = 0.3
"""Below this share of questions nothing is asked, so that whole numbers may be grades."""

_LISTED: Final = 0.9
"""Share of the usual labels in the instructions from which a prompt lists them anyway."""

_LEARNT: Final = 0.2
"""Codes that learners without knowledge find so much more often than by chance follow from the requests."""

_CODES: Final = 0.9
_CODE_CHARACTERS: Final = 3
"""Shares of labels, and signs in each, from which they are codes; single letters and figures are options or counts."""


def graded(signals: Signals) -> Verdict | None:
    """Judge grades, stars and scores."""
    if signals.kind not in {"label", "short", "json"}:
        return None
    if isinstance(signals.study.values[signals.study.asked[0]], dict | list):
        return _scores(signals)
    if signals.kind == "json" or not signals.scale.graded:
        return None
    points = len(set(signals.study.normal_answers))
    says = f"the {points} different answers are points on a scale, and where a point begins is a convention"
    graded = number("graded", points, None, says)
    return said(signals, "fine-tune", "lean", rate("points on a scale"), graded, clues=label_clues(signals))


def _scores(signals: Signals) -> Verdict | None:
    """Judge JSON of nothing but numbers, where instructions speak of a scale."""
    study = signals.study
    numbers = sum(_is_numbers(study.values[index]) for index in study.asked)
    cued = sum(speaks_of_scale(study.around(index)) for index in study.asked)
    if min(numbers, cued) < _NUMBERS * len(study.asked) or signals.grounding.copy >= _READ:
        return None
    share = numbers / len(study.asked)
    says = f"{percent(share)} of the answers are scores on a scale and nothing else, and where a point begins is a convention"
    scores = number("graded", share, _NUMBERS, says)
    return said(signals, "fine-tune", "lean", rate("points on a scale"), scores, clues=label_clues(signals))


def _is_numbers(value: object) -> bool:
    """Tell whether the leaves of JSON are numbers; however deep it is, without recursion."""
    work = [value]
    while work:
        one = work.pop()
        if isinstance(one, dict | list):
            work.extend(one.values() if isinstance(one, dict) else one)
        elif isinstance(one, bool) or not isinstance(one, int | float):
            return False
    return True


def labels(signals: Signals) -> Verdict | None:
    """Judge a closed set of answers."""
    if signals.kind != "label":
        return None
    if signals.scale.options:
        says = "requests list their options and the answer picks one: what is asked is knowledge or reasoning, not a mapping"
        options = number("options", 1.0, 0.5, says)
        return said(signals, "prompt", "lean", rate("closed labels"), options, clues=label_clues(signals))
    solvers, material = signals.solvers, signals.material
    if signals.grounding.copy >= 0.9 and solvers.copied >= 0.6:
        return rewrite(signals)
    if signals.grounding.copy_full >= 0.9 and _picked(signals):
        says = f"{percent(signals.grounding.copy_full)} of the labels stand in their requests: they are to be picked, not known"
        copied = number("copy-full", signals.grounding.copy_full, 0.9, says)
        return said(signals, "prompt", "lean", copied, rate("closed labels"), clues=copied_clues(signals))
    if _opaque(signals) and (solvers.best >= 0.4 or solvers.lift >= _LEARNT):
        return _codes(signals)
    if material.cover < 0.9 and not _told(signals):
        return _many_labels(signals)
    if signals.scale.unexplained and signals.grounding.question < _UNASKED and solvers.best < 0.85:
        says = "the answers are numbers, and nothing says whether they count, grade or name what a request tells"
        unexplained = number("unexplained", len(signals.study.task.labels), None, says)
        return said(signals, "measure", "lean", unexplained, leans="fine-tune", clues=label_clues(signals))
    hints: list[Hint] = ["classifier"] if solvers.best >= 0.9 and solvers.lift >= 0.15 else []
    learner = "a linear model on words" if solvers.linear >= solvers.nearest else "the nearest example's label"
    says = f"{learner} is right for {percent(solvers.best)} of the records (without looking: {percent(solvers.floor)})"
    lazy = number("lazy-learner", solvers.best, 0.85, says, published.BERTSCH)
    covered = number(
        "cover@32", material.cover, 0.9, f"32 examples show the right label for {percent(material.cover)} of the records"
    )
    if solvers.best >= 0.85 and solvers.lift >= 0.15:
        return said(signals, "prompt", "strong", lazy, covered, hints=hints, clues=label_clues(signals))
    return said(signals, "prompt", "lean", rate("closed labels"), lazy, covered, clues=label_clues(signals))


def _picked(signals: Signals) -> bool:
    """Tell whether requests hold their own label rather than others: where they hold all of them, none is picked."""
    study = signals.study
    parts = {label: frozenset(tokens(label)) for label in study.task.labels}
    own = others = 0.0
    for index in study.asked:
        words = set(tokens(study.requests[index]))
        mine = frozenset(tokens(study.answers[index]))
        rest = [label for label in parts.values() if label != mine]
        own += mine <= words
        others += sum(label <= words for label in rest) / max(1, len(rest))
    return own > 2 * others


def _told(signals: Signals) -> bool:
    """Tell whether what stands around requests lists nearly all labels."""
    study = signals.study
    words = set(tokens(study.around(study.asked[0])))
    usual = study.task.labels[: study.task.usual]
    return sum(words.issuperset(tokens(label)) for label in usual) >= _LISTED * len(usual)


def _opaque(signals: Signals) -> bool:
    """Tell whether labels are codes, which say nothing of what they stand for, and more than one prompt shows twice."""
    labels = signals.study.task.labels
    codes = sum(len(label) >= _CODE_CHARACTERS and _NAMED.search(label) is None for label in labels)
    return signals.study.task.usual > EXAMPLES // 2 and codes >= _CODES * len(labels)


def _codes(signals: Signals) -> Verdict:
    """Judge codes that alike requests share."""
    usual, solvers = signals.study.task.usual, signals.solvers
    says = f"{usual} codes cover 95% of the records and do not say what they stand for: several examples of each have to"
    codes = number("labels", usual, EXAMPLES // 2, says, published.BERTSCH)
    says = f"the nearest example or a linear model is right for {percent(solvers.best)} of the records"
    lazy = number("lazy-learner", solvers.best, 0.4, says, published.BERTSCH)
    hints: list[Hint] = ["classifier"] if solvers.best >= 0.9 and solvers.lift >= 0.15 else []
    return said(signals, "example-retrieval", "lean", codes, lazy, hints=hints, clues=label_clues(signals))


def _many_labels(signals: Signals) -> Verdict:
    """Judge more labels than a prompt can show."""
    solvers, material = signals.solvers, signals.material
    usual = signals.study.task.usual
    shown = number(
        "cover@32",
        material.cover,
        0.9,
        f"{usual} labels cover 95% of the records; 32 examples show the right one for {percent(material.cover)}",
        published.BERTSCH,
    )
    lazy = number(
        "lazy-learner",
        solvers.best,
        0.4,
        f"the nearest example or a linear model is right for {percent(solvers.best)} of the records",
        published.BERTSCH,
    )
    if solvers.best >= 0.4 or (solvers.lift >= 0.2 and solvers.slope >= 0.05):
        says = "with 50 examples retrieved a 7B model came within 3 points of its tuned self on 3 of 3 sets of intents"
        rate = number("base-rate", 1.0, None, says, published.BERTSCH)
        hints: list[Hint] = ["classifier"] if solvers.best >= 0.9 and solvers.lift >= 0.15 else []
        strength: Strength = "strong" if solvers.best >= 0.6 else "lean"
        evidence = uncovered_clues(signals)
        return said(signals, "example-retrieval", strength, shown, lazy, rate, hints=hints, clues=evidence)
    if material.tokens > 1_500 and usual > 30:
        says = f"the answers are a catalogue, {material.symbols} entries of {material.tokens:,} tokens: look it up"
        catalogue = number("catalogue-tokens", material.tokens, 1_500, says, published.GORILLA)
        return said(signals, "knowledge-retrieval", "lean", catalogue, lazy, clues=uncovered_clues(signals))
    return said(signals, "measure", "lean", lazy, shown, leans="prompt", clues=uncovered_clues(signals))
