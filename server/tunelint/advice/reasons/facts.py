"""Reasons about answers that are facts: known to a model, or to be retrieved."""

import re
from typing import Final

from tunelint.advice import published
from tunelint.advice.material import OPEN
from tunelint.advice.mechanical import has_word
from tunelint.advice.names import has_rare_word
from tunelint.advice.reasons.base import REWORDED, clues, number, percent, said
from tunelint.advice.signals import Signals
from tunelint.advice.task import is_code
from tunelint.advice.verdict import Signal, Verdict
from tunelint.advice.wording import stem, tokens

__all__ = ["bare_questions", "knowledge", "lookup", "renamed"]

_UNSEEN: Final = 0.3
_UNGROUNDED: Final = 33
_GUESSED: Final = 0.2
_GUESSED_OF_NAMES: Final = 0.4
"""A third of a short answer's words stand in no request, and the nearest example has it for less than one record in five; or in
two of five where most requests hold a rare name, of which only some attributes recur."""

_UNGROUNDED_NAME: Final = 25
"""Of what belongs to a rare name one word in four is enough, where the nearest example hardly ever has it."""

_REPEATING: Final = 0.7
_ADDED: Final = 5
"""Of a full sentence that answers a question up to seven words in ten may be the question's own; one of twenty is the fact."""

_PASSAGE_WORDS: Final = 100
"""A request of so many words may bring the passage along: that answers are not in it may also mean that it is the wrong one."""

_FEW_NAMES: Final = 0.3
"""Share of requests with a rare name below which what is to be explained are everyday words and phrases."""

_DEFINE: Final = re.compile(r"\s*(?:define|definition of|explain|meaning of)\b", re.IGNORECASE)
"""Asks what something means."""

_NUMBER: Final = re.compile(r"\d+")
_SEVERAL_NUMBERS: Final = 2
"""A question with several numbers asks for what they come to."""

_MOSTLY_ASKED: Final = 0.5
"""Certain only where most requests are questions, and most answers names or numbers; where answers are other words and many
requests ask nothing, they may be what a model can say by itself."""

_FEW_RARE: Final = 0.2
"""Share of answers with a rare word below which they are in everyday words: *kitchen*, *to sleep*."""

_SIGNS: Final = 0.1
"""Share of requests with a letter or a figure below which they are signs."""

_NEW_NAMES: Final = 0.6
"""Share of answers with a name of their own from which names are exchanged for others."""

_MANY_LABELS: Final = 30
"""So many labels for common words are somebody's own way to sort them."""

_LISTED: Final = 0.9
_LEARNT: Final = 0.05
"""Gain of simple learners over answering without looking below which a request tells them nothing, often right or not."""

_FULL_NAMES: Final = 0.6
"""Share of requests that are names of several words from which they are asked for what is known of their bearers."""

_ASKED: Final = 0.8
_QUESTION_WORDS: Final = 20
"""A question of at most so many words brings no passage along. With more of them an answer may be understood though it is not in
them, such as how two people are related, or how often something happens."""


def knowledge(signals: Signals) -> Verdict | None:
    """Judge questions whose answers are facts from outside the file."""
    if signals.kind not in {"short", "text"} or signals.foreign or signals.reworded or signals.mechanics.worked >= 0.3:
        return None
    found = signals.grounding
    evidence = clues(signals, found.examples, "its answer has a fact that stands nowhere else in the file")
    asked = f"{percent(found.question)} of the requests are questions"
    if signals.kind == "short":
        spelt = signals.mechanics.spelt >= 0.5
        if found.question < 0.3 or found.copy_full > 0.25 or spelt or not _outside(signals):
            return None
        reasons = (
            _outside_reason(signals),
            number(
                "copy-full", found.copy_full, 0.25, f"only {percent(found.copy_full)} of the answers can be read off the request"
            ),
            number("question", found.question, 0.3, asked),
        )
        if not _named(signals) and (signals.names.words > _QUESTION_WORDS or _everyday(signals)):
            return said(signals, "measure", "lean", *reasons, leans="prompt", clues=evidence)
        if found.unseen >= _UNSEEN and found.question >= _ASKED and _named(signals):
            return said(signals, "knowledge-retrieval", "strong", *reasons, clues=evidence)
        if found.unseen < _UNSEEN or found.question >= _ASKED:
            return said(signals, "knowledge-retrieval", "lean", *reasons, clues=evidence)
        return said(signals, "measure", "lean", *reasons, leans="knowledge-retrieval", clues=evidence)
    most = _REPEATING if _about_names(signals) else 0.4
    if found.question < 0.5 or found.copy > most or found.ungrounded < 0.5:
        return None
    return said(
        signals,
        "knowledge-retrieval",
        "strong" if found.ungrounded >= 1 and signals.names.words < _PASSAGE_WORDS else "lean",
        number(
            "ungrounded",
            found.ungrounded,
            0.5,
            f"{found.ungrounded:.1f} names and numbers in 100 words of the median answer do not stand in its request",
            published.OVADIA,
        ),
        number("copy", found.copy, most, f"only {percent(found.copy)} of the answers' words come from the request"),
        number("question", found.question, 0.5, asked),
        clues=evidence,
    )


def _about_names(signals: Signals) -> bool:
    """Tell whether short requests ask of rare names, and answers that repeat the question add a name or a number to it."""
    names, found = signals.names, signals.grounding
    return names.named >= _MOSTLY_ASKED and names.words <= _QUESTION_WORDS and found.ungrounded >= _ADDED


def _named(signals: Signals) -> bool:
    """Tell whether most short answers are written as names or numbers are; in a script without capitals nothing tells."""
    said = [signals.study.said[index] for index in signals.study.asked]
    return 2 * sum(any(sign.isupper() or sign.isdigit() for sign in text) for text in said) > len(said)


def _everyday(signals: Signals) -> bool:
    """Tell whether hardly a short answer has a rare word, and few questions a rare name: what they ask may be common sense."""
    if signals.names.named >= _MOSTLY_ASKED:
        return False
    said = [signals.study.said[index] for index in signals.study.asked]
    return sum(map(has_rare_word, said)) < _FEW_RARE * len(said)


def _outside(signals: Signals) -> bool:
    """Tell whether short answers come from outside the file: in no other record, or not to be guessed from the others."""
    found = signals.grounding
    least = _UNGROUNDED_NAME if signals.names.named >= 0.5 and signals.solvers.best < _GUESSED else _UNGROUNDED
    if found.unseen >= _UNSEEN or found.ungrounded < least or signals.material.open <= OPEN:
        return found.unseen >= _UNSEEN
    if signals.names.words > _QUESTION_WORDS:
        return False
    return signals.solvers.best < (_GUESSED_OF_NAMES if signals.names.named >= 0.5 else _GUESSED)


def _outside_reason(signals: Signals) -> Signal:
    found = signals.grounding
    if found.unseen >= _UNSEEN:
        says = f"{percent(found.unseen)} of the answers hold a fact that no other record has: it cannot be learnt from them"
        return number("unseen-fact", found.unseen, _UNSEEN, says, published.OVADIA)
    says = (
        f"the nearest example has the right answer for {percent(signals.solvers.best)} of the records: the others do not tell it"
    )
    return number("nearest", signals.solvers.best, _GUESSED, says, published.OVADIA)


def lookup(signals: Signals) -> Verdict | None:
    """Judge bare names with what belongs to them: known to a model where the name is an everyday word, else to be retrieved."""
    names = signals.names
    if signals.kind == "short" and names.lettered < _SIGNS:
        return _shown(signals)
    if signals.kind not in {"short", "label"} or not names.bare:
        return None
    if signals.mechanics.spelt >= 0.4 or signals.foreign or signals.reworded:
        return None
    if signals.kind == "short" and signals.grounding.copy >= REWORDED and signals.grounding.unseen < _UNSEEN:
        return None
    if signals.grounding.copy_full > (0.25 if signals.kind == "short" else _LISTED):  # labels are told, to choose from
        return None
    if signals.kind == "short" and signals.grounding.unseen >= 0.3:
        outside = number(
            "unseen-fact",
            signals.grounding.unseen,
            0.3,
            f"{percent(signals.grounding.unseen)} of the answers stand in no other record: a look-up table, not a skill",
        )
    else:
        solvers = signals.solvers
        if _recurring_facts(signals):
            return _attribute(signals, certain=signals.kind == "short" or len(signals.study.task.labels) > _MANY_LABELS)
        rising = solvers.lift >= 0.2 and solvers.slope >= 0.05 and names.named < 0.5
        if (solvers.best >= 0.4 and solvers.lift >= _LEARNT) or rising:
            return None
        outside = number(
            "lazy-learner",
            solvers.best,
            max(0.4, solvers.floor + _LEARNT),
            f"neither the nearest example nor a linear model finds the answer ({percent(solvers.best)}, {percent(solvers.floor)}"
            " without looking): nothing in a request tells it",
        )
    if names.named >= 0.5:
        says = f"{percent(names.named)} of the requests hold a name so rare that a tokenizer has no piece for it"
        evidence = clues(signals, names.examples, "a rare name: a model has hardly read of it")
        rare = number("rare-name", names.named, 0.5, says, published.KANDPAL)
        return said(signals, "knowledge-retrieval", "lean", rare, outside, clues=evidence)
    full = len(names.full) / max(1, len(signals.study.asked))
    if full >= _FULL_NAMES:
        says = f"{percent(full)} of the requests are a name of several words and nothing else: who or what bears it is a fact"
        evidence = clues(signals, names.full, "a name and nothing that tells of its bearer")
        whole_name = number("full-name", full, _FULL_NAMES, says, published.KANDPAL)
        return said(signals, "knowledge-retrieval", "lean", whole_name, outside, clues=evidence)
    if names.rare >= 0.5:
        return None
    task = signals.study.task
    if signals.kind == "label" and (
        task.usual > _MANY_LABELS or (len(task.labels) <= _MANY_LABELS and signals.material.cover >= 0.9)
    ):
        return None
    says = f"only {percent(names.rare)} of the requests hold a word rare enough to need several pieces: models know such words"
    evidence = clues(signals, signals.study.asked, "a request that is a common word")
    rare = number("rare-word", names.rare, 0.5, says, published.KANDPAL)
    return said(signals, "prompt", "lean", rare, outside, clues=evidence)


def _shown(signals: Signals) -> Verdict:
    """Judge what is said of signs that are no letters: emoji, symbols."""
    share = 1 - signals.names.lettered
    says = f"{percent(share)} of the requests are signs and no words, such as emoji: what they show is common knowledge"
    evidence = clues(signals, signals.study.asked, "a sign, and what it is called")
    return said(signals, "prompt", "lean", number("symbolic", share, 1 - _SIGNS, says), clues=evidence)


def _recurring_facts(signals: Signals) -> bool:
    """Tell whether rare names that no capital marks have answers which recur, and which nothing in the name tells.

    Words in small letters with few labels are classes of words, which models know.
    """
    names = signals.names
    unmarked = names.unspaced or (names.small and signals.kind == "short")
    return unmarked and names.rare >= 0.5 and signals.material.repeated >= 0.5 and signals.solvers.best < 0.4


def _attribute(signals: Signals, *, certain: bool) -> Verdict:
    """Judge rare names in a script without capitals, or in small letters, whose answers recur but are not to be guessed.

    Of a few labels it is not certain that they are facts about names: words may be sorted into them too.
    """
    names, best = signals.names, signals.solvers.best
    says = f"{percent(names.rare)} of the requests hold a word so rare that a tokenizer has no piece for it, and little else"
    found = f"neither the nearest example nor a linear model finds the answer ({percent(best)}): nothing in a request tells it"
    return said(
        signals,
        "knowledge-retrieval" if certain else "measure",
        "lean",
        number("rare-word", names.rare, 0.5, says, published.KANDPAL),
        number("nearest", best, 0.4, found),
        leans=None if certain else "knowledge-retrieval",
        clues=clues(signals, names.examples, "a rare name: a model has hardly read of it"),
    )


def renamed(signals: Signals) -> Verdict | None:
    """Judge names for which others are wanted: old addresses and new ones, stations and the lines that stop there."""
    names, study = signals.names, signals.study
    if signals.kind != "short" or names.named < 0.5 or names.words > _QUESTION_WORDS or signals.foreign or signals.reworded:
        return None
    if signals.mechanics.spelt >= 0.5 or signals.solvers.best >= _GUESSED:
        return None
    rows = [index for index in study.asked if _has_new_name(study.said[index], study.given[index])]
    share = len(rows) / max(1, len(study.asked))
    if share < _NEW_NAMES:
        return None
    says = f"{percent(share)} of the answers hold a name that their request, a name itself, does not have"
    new = number("unseen-fact", share, _NEW_NAMES, says, published.OVADIA)
    says = f"the nearest example has the right answer for {percent(signals.solvers.best)} of the records"
    nearest = number("nearest", signals.solvers.best, _GUESSED, says)
    evidence = clues(signals, rows, "a name to which nothing in the request leads")
    return said(signals, "knowledge-retrieval", "lean", new, nearest, clues=evidence)


def _has_new_name(answer: str, given: set[str]) -> bool:
    """Tell whether a word after an answer's first has a capital, and small letters, and is not in the request."""
    words = [word for word in answer.split()[1:] if word[0].isupper() and any(map(str.islower, word))]
    return any(not given.issuperset(map(stem, tokens(word))) for word in words)


def bare_questions(signals: Signals) -> Verdict | None:
    """Judge free answers to questions that hold nothing which an answer could be read off."""
    found, names = signals.grounding, signals.names
    asked = [signals.study.cores[index] for index in signals.study.asked]
    worded = 2 * sum(map(has_word, asked)) > len(asked)
    counted = 2 * sum(len(_NUMBER.findall(core)) >= _SEVERAL_NUMBERS for core in asked) > len(asked)
    defining = sum(_DEFINE.match(signals.study.rows[index].pair.asks) is not None for index in signals.study.asked)
    question = min(1.0, found.question + defining / max(1, len(asked)))
    if 2 * defining > len(asked) and names.named < _FEW_NAMES:
        return None
    if 2 * sum(map(is_code, asked)) > len(asked):
        return None
    if question < _ASKED or names.words > _QUESTION_WORDS or found.copy_full > 0.25 or not worded or counted:
        return None
    asks = [index for index in signals.study.asked if signals.study.cores[index].rstrip().endswith(("?", "？", "؟"))]
    says = f"{percent(question)} of the requests are questions of {names.words:.0f} words in the median and nothing else"
    return said(
        signals,
        "knowledge-retrieval",
        "lean",
        number("question", question, _ASKED, says, published.OVADIA),
        number(
            "copy-full", found.copy_full, 0.25, f"only {percent(found.copy_full)} of the answers can be read off the question"
        ),
        clues=clues(signals, asks or signals.study.asked, "a question that brings nothing along to read the answer off"),
    )
