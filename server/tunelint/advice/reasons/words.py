"""Reasons about answers that are a word: a form of the word asked about, or the name of something in a program."""

import re
from typing import Final

from tunelint.advice import published
from tunelint.advice.reasons.base import clues, number, percent, said
from tunelint.advice.signals import Signals
from tunelint.advice.verdict import Verdict

__all__ = ["identifiers", "inflected", "is_identifier"]

_FORM: Final = re.compile(
    r"\b(?:plural|singular|past tense|simple past|(?:past |present )?participle|preterite?|infinitive?|gerund|conjugat\w+"
    r"|comparative|superlative|declension|declined?|(?:first|second|third) person|diminutive|genitive|dative|accusative"
    r"|infinitiv|präsens|präteritum|perfekt|partizip|konjunktiv|imperativ|mehrzahl|einzahl|genitiv|dativ|akkusativ|komparativ|superlativ"
    r"|pluriel|singulier|participe|imparfait|subjonctif|féminin|conjugu\w+|plurale|participio|congiuntivo|pretérito|gerundio|subjuntivo"
    r"|meervoud|voltooid|множественн\w+|падеж\w*|liczba mnoga)\b",
    re.IGNORECASE,
)
_MOST: Final = 0.8
_ANSWER_CHARACTERS: Final = 60
"""Share of the records, and length of what a few forms are."""

_IDENTIFIER: Final = re.compile(r"(?=\S*(?:\w[-_.:/]\w|[a-z][A-Z]))-{0,2}[^\W\d_]\w*(?:[-.:/]\w+)*\.*[!?]?(?:\(\))?|--?[a-z]\w*")
"""Words joined by a sign or a capital, or an option. What joins is no part of a word, so that there is one way to read it."""

_READ_OFF: Final = 0.7
_REPEATED: Final = 0.5
"""Where so many of the names stand in their requests, or half in other records, they are picked."""


def inflected(signals: Signals) -> Verdict | None:
    """Judge forms of words that requests or instructions ask for by name: grammar, which models have."""
    study = signals.study
    if signals.kind not in {"short", "label"} or signals.foreign:
        return None
    rows = []
    for index in study.asked:
        pair = study.rows[index].pair
        if len(pair.answer) <= _ANSWER_CHARACTERS and (_FORM.search(pair.instructions) or _FORM.search(pair.asks)):
            rows.append(index)
    share = len(rows) / max(1, len(study.asked))
    if share < _MOST:
        return None
    says = f"{percent(share)} of the requests ask for a form of a word: grammar is a skill that models have"
    return said(
        signals, "prompt", "lean", number("forms", share, _MOST, says), clues=clues(signals, rows, "asks for a form of a word")
    )


def identifiers(signals: Signals) -> Verdict | None:
    """Judge names in programs, such as options and functions, of which requests say what they do: a model may know them."""
    study, found = signals.study, signals.grounding
    if signals.kind != "short" or found.copy_full >= _READ_OFF or signals.material.repeated >= _REPEATED:
        return None
    rows = [index for index in study.asked if is_identifier(study.answers[index].strip())]
    share = len(rows) / max(1, len(study.asked))
    if share < _MOST:
        return None
    says = (
        f"{percent(share)} of the answers are names in a program: a model knows those that are widely used, others are looked up"
    )
    named = number("identifiers", share, _MOST, says, published.KANDPAL)
    read = number("copy-full", found.copy_full, _READ_OFF, f"only {percent(found.copy_full)} of them can be read off the request")
    evidence = clues(signals, rows, "a name that its request only describes")
    return said(signals, "measure", "lean", named, read, leans="knowledge-retrieval", clues=evidence)


def is_identifier(text: str) -> bool:
    """Tell whether a text is one name as programs have them: of several words without a space, or an option."""
    return _IDENTIFIER.fullmatch(text) is not None
