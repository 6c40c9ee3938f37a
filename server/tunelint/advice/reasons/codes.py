"""Reasons about codes, numbers and addresses: what is in a table, and nowhere else."""

from typing import Final

from tunelint.advice import published
from tunelint.advice.mechanical import has_word, is_code
from tunelint.advice.reasons import whole
from tunelint.advice.reasons.base import clues, number, percent, said
from tunelint.advice.signals import Signals
from tunelint.advice.verdict import Signal, Verdict
from tunelint.advice.wording import FIRST_UNSPACED, tokens

__all__ = ["codes"]

_ALL_UNSEEN: Final = 0.9
_NO_COPY: Final = 0.05
"""Codes that hardly any other record has, and of which nothing stands in the request, are in a table and nowhere else."""

_HEADED: Final = 0.8
"""Share of answers that begin with a code from which they are entries of a catalogue."""

_NUMBERED: Final = 0.8
"""Share of requests that differ in one number alone from which they ask for numbered entries."""

_WORDS_A_ROW: Final = 0.3
"""Requests in words have so many different ones for each; numbers spelt out are made of a few."""


def codes(signals: Signals) -> Verdict | None:
    """Judge codes and numbers, asked for or asked about, that nothing else tells: a table, or columns that went astray."""
    if signals.kind not in {"short", "json", "text"}:
        return None
    mechanics = signals.mechanics
    if mechanics.addresses >= 0.8:
        return _addresses(signals)
    if signals.kind == "text" and mechanics.numbered >= _NUMBERED:
        return _entries(signals)
    share = max(mechanics.codes, mechanics.keys, mechanics.numbered)
    if share < 0.8:
        return _headed(signals)
    found, pairing = signals.grounding, signals.pairing
    own = 1 - signals.material.repeated  # the parts of a code recur, the whole does not
    if mechanics.codes >= 0.8 and own >= _ALL_UNSEEN and (told := _told(signals)) <= _NO_COPY and _worded(signals):
        return _coded(signals, told)
    if found.unseen < 0.3 or pairing.reaches(whole.TIED_SHORT):
        return None
    return said(
        signals,
        "knowledge-retrieval",
        "lean",
        number(
            "codes",
            share,
            0.8,
            f"{percent(share)} of the pairs are of a code and what belongs to it: a table",
        ),
        number(
            "unseen-fact", found.unseen, 0.3, f"{percent(found.unseen)} of the answers stand in no other record", published.OVADIA
        ),
        _untied(signals, whole.TIED_SHORT),
        clues=clues(signals, found.examples, "its answer stands nowhere else in the file"),
    )


def _untied(signals: Signals, tied: float) -> Signal:
    strength = signals.pairing.strength
    says = f"nothing in a request tells its answer ({strength:.1f} standard deviations): make sure that no column is shifted"
    return number("pairing", strength, tied, says, published.HSIC)


def _entries(signals: Signals) -> Verdict | None:
    """Judge texts that are asked for by number: articles of a law, entries of a register. Numbers spelt out recur in parts."""
    if signals.pairing.reaches(whole.TIED) or signals.material.closed:
        return None
    share = signals.mechanics.numbered
    says = f"{percent(share)} of the requests differ in a number and nothing else, and the answers are texts: numbered entries"
    entries = number("codes", share, _NUMBERED, says, published.OVADIA)
    evidence = clues(signals, signals.study.asked, "a number, and the text that stands under it")
    return said(signals, "knowledge-retrieval", "lean", entries, _untied(signals, whole.TIED), clues=evidence)


def _headed(signals: Signals) -> Verdict | None:
    """Judge answers that begin with a code, each with its own: the entries of a catalogue."""
    study, found = signals.study, signals.grounding
    if signals.kind == "json" or found.unseen < _ALL_UNSEEN:
        return None
    headed = []
    for index in study.asked:
        head, _, rest = study.answers[index].strip().partition(" ")
        head = head.strip("[]():–-")
        if is_code("", head) and any(map(str.isalpha, head)) and head not in study.requests[index] and has_word(rest):
            headed.append(index)
    share = len(headed) / max(1, len(study.asked))
    if share < _HEADED:
        return None
    says = f"{percent(share)} of the answers begin with a code of which their requests say nothing: entries of a catalogue"
    codes = number("codes", share, _HEADED, says)
    evidence = clues(signals, headed, "begins with a code that stands nowhere else in the file")
    return said(signals, "knowledge-retrieval", "lean", codes, _all_unseen(signals), clues=evidence)


def _all_own(signals: Signals) -> Signal:
    repeated = signals.material.repeated
    says = f"{percent(1 - repeated)} of them are the code of no other record"
    return number("repeated", repeated, 1 - _ALL_UNSEEN, says, published.OVADIA)


def _all_unseen(signals: Signals) -> Signal:
    unseen = signals.grounding.unseen
    return number("unseen-fact", unseen, _ALL_UNSEEN, f"{percent(unseen)} of them stand in no other record", published.OVADIA)


def _worded(signals: Signals) -> bool:
    """Tell whether requests are written in many different words or Chinese characters, and are not numbers spelt with a few."""
    different: set[str] = set()
    for core in signals.study.cores:
        for word in tokens(core):
            different.update(word if word >= FIRST_UNSPACED else [word] if len(word) > 1 else ())
    return signals.names.wordlike >= 0.5 and len(different) >= _WORDS_A_ROW * len(signals.study.rows)


def _told(signals: Signals) -> float:
    """Return the share of codes that stand in their requests; what they all begin with, as *CWE-*, tells none of them."""
    study = signals.study
    told = sum(study.answer_cores[index].lower() in study.requests[index].lower() for index in study.asked)
    return told / max(1, len(study.asked))


def _coded(signals: Signals, told: float) -> Verdict:
    """Judge codes of what is said in words: those of alike requests may be alike, and are still to be looked up."""
    found, share = signals.grounding, signals.mechanics.codes
    return said(
        signals,
        "knowledge-retrieval",
        "lean",
        number("codes", share, 0.8, f"{percent(share)} of the answers are codes of what requests say in words: a table"),
        _all_own(signals),
        number("copy", told, _NO_COPY, f"{percent(told)} of them stand in the request"),
        clues=clues(signals, found.examples or signals.study.asked, "its answer stands nowhere else in the file"),
    )


def _addresses(signals: Signals) -> Verdict | None:
    found, share = signals.grounding, signals.mechanics.addresses
    if found.copy_full > 0.25:
        return None
    return said(
        signals,
        "knowledge-retrieval",
        "lean",
        number("addresses", share, 0.8, f"{percent(share)} of the answers are addresses, which are looked up and change"),
        number("copy-full", found.copy_full, 0.25, f"only {percent(found.copy_full)} of them can be read off the request"),
        clues=clues(signals, found.examples or signals.study.asked, "an address that stands nowhere else in the file"),
    )
