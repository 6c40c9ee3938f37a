"""Reasons about texts and records on what a name or a few words stand for: entries of a reference."""

import re
from statistics import median
from typing import Final

from tunelint.advice import published
from tunelint.advice.mechanical import is_spelt
from tunelint.advice.reasons.base import clues, number, percent, said
from tunelint.advice.signals import Signals
from tunelint.advice.study import leaf_values
from tunelint.advice.task import word_count
from tunelint.advice.verdict import Signal, Verdict

__all__ = ["described", "explained"]

_GUESSED: Final = 0.2
"""A rare name tells nothing of itself where the nearest example has less than a fifth of an answer's fields."""

_TERM_WORDS: Final = 7
_ENTRY_WORDS: Final = 15
_EXPANDED: Final = 3
_EXPLAINED_COPY: Final = 0.25
"""A term or a title of at most so many words, and an answer of at least so many, three times as long and hardly made of it."""

_COMPOSE: Final = re.compile(
    r"\b(?:write|compose|invent|imagine|story|poem|joke|one-liner|limerick|haiku|lyrics|tweet|e-?mail|slogan|schreibe?|erfinde|gedicht|écris|poème|escrib\w+|poema)\b"
    r"|写|詩|诗|作一|填词|작성",
    re.IGNORECASE,
)
"""Asks for something to be made up, which is no fact."""

_SPELT: Final = 0.5
_LETTERS: Final = 2
"""Values of more letters than this can be forms of a word."""

_NAME_WORDS: Final = 2
_RARE: Final = 0.5
_KNOWN: Final = 0.3
"""Share of terms with a rare word below which they are common words and phrases, which models know."""

_ASKED: Final = 0.5
"""A word or two, mostly no rare ones, about which nothing is asked, may be what a text is to be written about."""


def explained(signals: Signals) -> Verdict | None:
    """Judge long texts on what a few words name: the entries of a manual, a glossary or a reference, asked for without it."""
    names, study = signals.names, signals.study
    if signals.kind != "text" or signals.foreign or names.words > _TERM_WORDS or signals.mechanics.spelt >= _SPELT:
        return None
    found = signals.grounding
    bare = names.words <= _NAME_WORDS and names.rare < _RARE and found.question < _ASKED
    if found.copy > _EXPLAINED_COPY or bare:
        return None
    words = median(word_count(study.answers[index]) for index in study.asked)
    if words < max(_ENTRY_WORDS, _EXPANDED * names.words) or _composed(signals) or _closed(signals):
        return None
    says = f"answers of {words:.0f} words to requests of {names.words:.0f}, in the median: what they tell, no request holds"
    entries = number("entry-words", words, _ENTRY_WORDS, says, published.OVADIA)
    copied = number(
        "copy", found.copy, _EXPLAINED_COPY, f"only {percent(found.copy)} of the answers' words come from the request"
    )
    evidence = clues(signals, study.asked, "a few words, and all that is to be said of them")
    if names.rare < _KNOWN:
        says = (
            f"only {percent(names.rare)} of the requests hold a rare word: models know such terms, if not what you mean by them"
        )
        known = number("rare-word", names.rare, _KNOWN, says, published.KANDPAL)
        return said(signals, "measure", "lean", entries, copied, known, leans="knowledge-retrieval", clues=evidence)
    return said(signals, "knowledge-retrieval", "lean", entries, copied, clues=evidence)


def _composed(signals: Signals) -> bool:
    """Tell whether most requests ask for something to be made up."""
    study = signals.study
    return 2 * sum(_COMPOSE.search(study.around(index)) is not None for index in study.asked) > len(study.asked)


def _closed(signals: Signals) -> bool:
    """Tell whether texts are built of a few words that recur, as numbers spelt out are."""
    return signals.kind == "text" and signals.material.closed


def described(signals: Signals) -> Verdict | None:
    """Judge texts about a name that is all there is of a request."""
    names = signals.names
    if signals.kind not in {"text", "json"} or names.words > _NAME_WORDS or signals.mechanics.spelt >= _SPELT:
        return None
    found = signals.grounding
    spelt = _spelt(signals) if signals.kind == "json" else 0.0
    if found.copy > 0.3 and spelt < _SPELT:
        return None
    if _closed(signals) or _composed(signals):
        return None
    copied = number("copy", found.copy, 0.3, f"only {percent(found.copy)} of what the answers say stands in the request")
    if signals.kind == "json":
        return _sheet(signals, copied, spelt)
    rare = max(names.rare, names.lettered - names.wordlike)
    if rare < _RARE:
        says = f"only {percent(rare)} of the requests hold a word rare enough to need several pieces: models know such words"
        evidence = clues(signals, signals.study.asked, "a request that is a common word")
        common = number("rare-word", rare, _RARE, says, published.KANDPAL)
        return said(signals, "measure", "lean", common, copied, leans="prompt", clues=evidence)
    says = f"{percent(rare)} of the requests are a rare name and nothing else, and the answers say what it is"
    evidence = clues(signals, names.examples, "a rare name: a model has hardly read of it")
    return said(
        signals, "knowledge-retrieval", "lean", number("rare-word", rare, _RARE, says, published.KANDPAL), copied, clues=evidence
    )


def _sheet(signals: Signals, copied: Signal, spelt: float) -> Verdict | None:
    """Judge JSON on what a name or a code names; the forms of a word, or the parts of a number, are no facts."""
    names, found = signals.names, signals.grounding
    if spelt >= _SPELT:
        says = f"{percent(spelt)} of the answers' values are the request's own letters and figures, slightly changed"
        evidence = clues(signals, signals.study.asked, "its values are spelt of the request's letters")
        return said(signals, "prompt", "lean", number("spelt", spelt, _SPELT, says), hints=["structured-outputs"], clues=evidence)
    if found.unseen >= 0.5:
        says = f"{percent(found.unseen)} of the answers hold a value that no other record has, to a request of one name or code"
        outside = number("unseen-fact", found.unseen, 0.5, says, published.OVADIA)
        evidence = clues(signals, found.examples, "its answer has a value that stands nowhere else in the file")
    elif names.named >= 0.5 and (best := signals.solvers.best) < _GUESSED:
        says = f"the nearest example has {percent(best)} of an answer's fields, and a rare name tells none of them"
        outside = number("nearest", best, _GUESSED, says, published.KANDPAL)
        evidence = clues(signals, names.examples, "a rare name: a model has hardly read of it")
    else:
        return None
    return said(signals, "knowledge-retrieval", "lean", outside, copied, hints=["structured-outputs"], clues=evidence)


def _spelt(signals: Signals) -> float:
    """Return the share of JSON answers most of whose longer values are made of the letters or figures of their request."""
    study, found = signals.study, 0
    for index in study.asked:
        core = study.cores[index]
        dense = "".join(filter(str.isalnum, core))
        texts = [text for _, text in leaf_values(study.values[index]) if len(text) > _LETTERS]
        made = sum(is_spelt(core, text) if text[0].isalpha() else text in dense for text in texts)
        found += bool(texts) and 2 * made >= len(texts)
    return found / max(1, len(study.asked))
