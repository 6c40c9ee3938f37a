"""Reasons about free answers, short and long."""

import re
from statistics import median
from typing import Final

from tunelint.advice import published
from tunelint.advice.material import OPEN, runs_of
from tunelint.advice.mechanical import is_computed, is_reasoned, is_reckoned, is_spelt, is_symbolic, is_worked
from tunelint.advice.reasons.base import (
    MANY,
    REWORDED,
    clues,
    clues_where,
    copied_clues,
    number,
    own_clues,
    percent,
    rate,
    said,
    uncovered_clues,
)
from tunelint.advice.reasons.whole import TIED
from tunelint.advice.signals import RARE, Signals
from tunelint.advice.style import is_headline
from tunelint.advice.task import is_code, word_count
from tunelint.advice.verdict import Verdict
from tunelint.advice.wording import stem, tokens

__all__ = [
    "asking",
    "computed",
    "explaining",
    "invented",
    "letterwise",
    "near_request",
    "reading",
    "rewrite",
    "short",
    "symbolic",
    "text",
    "translation",
    "wordwise",
    "worked",
    "woven",
]

_WORDWISE: Final = 0.8
"""Share of the records of as many words on both sides from which answers are taken to go word by word."""

_ASKS: Final = 0.8
_UNTOLD: Final = 0.5
_ANSWER_WORDS: Final = 40
"""Nearly all requests ask, answers are a sentence or two, and hardly say a name or a number that the text lacks."""

_UNASKED: Final = 0.3
_ABOUT: Final = 0.3
_QUESTION_MARKS: Final = ("?", "？", "؟")
"""Few requests are questions themselves, and answers take what they ask about out of them."""

_INVENTED: Final = re.compile(
    r"(?<!not )(?<!n't )(?<!never )\b(?:write|give|generate|create|provide|produce|invent|craft|make up|come up with|add)\b"
    r"(?:[ -]\w+){0,5}[ -](?:wrong|incorrect|implausible|false|untrue|fictional|fictitious|distractors?)\b",
    re.IGNORECASE,
)
"""Asks for what is not so: a wrong answer, a distractor. To be told not to give one is the reverse."""

_LISTED_WORDS: Final = 3
_USED: Final = 0.8
"""Requests of so many words in the median are lists where answers use so many of them."""

_SUM_WORDS: Final = 80
"""A text of more words has numbers in it anyway; that its label is another one makes it no sum of these."""

_TAKEN_WHOLE: Final = 0.25
"""Where more answers than this say nothing but what their text says, in its words, they are taken out of it."""

_HEADLINES: Final = 100
_DOCUMENT_WORDS: Final = 30
"""So many headlines show a voice; what a few words say of a request of so many is its headline."""

_CONCLUDED: Final = 0.6
"""Share of answers with a conclusion at their end from which the task is to reason."""

_RECKONED: Final = 0.8
_FEW_NAMES: Final = 0.6
"""Share of requests with numbers for numbers; with a rare name in them these may be facts about it."""

_LONGER: Final = 0.5
"""Rank correlation of the lengths of numbers and answers from which these are the numbers, spelt out."""

_NUMBERED: Final = 0.8
_ALL_RECUR: Final = 0.98
_MOST_RUNS: Final = 400
_MANY_RUNS: Final = 8
"""Answers of so many runs of letters that are all of so few: a text of any hundred words has more."""

_SHOWN: Final = 0.8
"""Share of the records for which a prompt of 32 examples shows all that recurs: coverage is what a prompt buys."""


def computed(signals: Signals) -> Verdict | None:
    """Judge numbers that are computed from numbers."""
    if signals.kind == "short":
        reckoned = _reckoned(signals)
        if reckoned is not None:
            return reckoned
    computed_share = signals.mechanics.computed
    if computed_share < 0.6 or (signals.kind == "label" and signals.names.words > _SUM_WORDS):
        return None
    says = f"{percent(computed_share)} of the answers are got from numbers in their requests: calculate, step by step or in code"
    computed = number("computed", computed_share, 0.6, says, published.WEI)
    study = signals.study
    found = [index for index in study.asked if is_computed(study.cores[index], study.answer_cores[index])]
    evidence = clues(signals, found, "its answer is computed from numbers of the request")
    return said(signals, "prompt", "lean", computed, hints=["chain-of-thought"], clues=evidence)


def _reckoned(signals: Signals) -> Verdict | None:
    """Judge numbers and times that questions about numbers, not about anything with a name, ask for."""
    study = signals.study
    rows = [index for index in study.asked if is_reckoned(study.cores[index], study.answers[index])]
    share = len(rows) / max(1, len(study.asked))
    if share < _RECKONED or signals.grounding.question < _ASKS or signals.names.named >= _FEW_NAMES:
        return None
    if signals.mechanics.numbered >= _NUMBERED:
        return None  # bridge 7 and bridge 8: the number is a name
    says = f"{percent(share)} of the requests ask, with numbers and without names, for a number or a time: reckon step by step"
    reckoned = number("computed", share, _RECKONED, says, published.WEI)
    evidence = clues(signals, rows, "its answer is reckoned from what its request says")
    return said(signals, "prompt", "lean", reckoned, hints=["chain-of-thought"], clues=evidence)


def letterwise(signals: Signals) -> Verdict | None:
    """Judge texts that are rewritten letter by letter."""
    share = signals.mechanics.letterwise
    if signals.kind not in {"short", "text"} or share < 0.9:
        return None
    says = f"{percent(share)} of the answers have their requests' words, length by length: letters are replaced one by one"
    evidence = clues(signals, signals.study.asked, "its answer has the request's words, length by length")
    letters = number("letterwise", share, 0.9, says)
    return said(signals, "prompt", "lean", letters, hints=["chain-of-thought"], clues=evidence)


def symbolic(signals: Signals) -> Verdict | None:
    """Judge strings of symbols that are made of other strings of symbols."""
    share = signals.mechanics.symbolic
    if signals.kind not in {"short", "text"} or share < 0.8 or not signals.pairing.reaches(TIED):
        return None
    says = f"{percent(share)} of the pairs have no word: symbols that follow from symbols, step by step or in code"
    symbols = number("symbolic", share, 0.8, says, published.WEI)
    evidence = clues_where(signals, is_symbolic, "symbols that follow from symbols")
    return said(signals, "prompt", "lean", symbols, hints=["chain-of-thought"], clues=evidence)


def translation(signals: Signals) -> Verdict | None:
    """Judge answers in another language than their requests."""
    if not signals.foreign and not signals.reworded:
        return None
    asked, answered = signals.study.languages
    answered = answered or "Latin letters"
    what = (
        "requests ask for a translation"
        if signals.translated or signals.scripted
        else f"requests are in {asked}, answers in {answered}"
    )
    says = f"{what}: translation is a skill that models have"
    evidence = clues(signals, signals.study.asked, "request and answer are in different languages")
    if signals.foreign and signals.little_known:
        share = signals.names.rare
        rare = f"{percent(share)} of the requests are a rare word, of a language whose name is rare itself: a dictionary's work"
        known = number("rare-word", share, RARE, rare, published.KANDPAL)
        return said(signals, "measure", "lean", known, leans="knowledge-retrieval", clues=evidence)
    return said(signals, "prompt", "lean", number("cross-language", 1.0, None, says), clues=evidence)


def worked(signals: Signals) -> Verdict | None:
    """Judge answers that calculate."""
    mechanics = signals.mechanics
    if mechanics.worked >= 0.3:
        says = f"{percent(mechanics.worked)} of the answers are worked calculations: examples that reason step by step show how"
        worked = number("worked", mechanics.worked, 0.3, says, published.WEI)
        evidence = clues_where(signals, lambda _, answer: is_worked(answer), "its answer is a worked calculation")
        return said(signals, "prompt", "lean", worked, hints=["chain-of-thought"], clues=evidence)
    if signals.kind == "text" and mechanics.reasoned >= _CONCLUDED:
        says = f"{percent(mechanics.reasoned)} of the answers reason and then name their answer: a prompt asks for just that"
        reasoned = number("worked", mechanics.reasoned, _CONCLUDED, says, published.WEI)
        evidence = clues_where(signals, lambda _, answer: is_reasoned(answer), "its answer reasons and comes to a conclusion")
        return said(signals, "prompt", "lean", reasoned, hints=["chain-of-thought"], clues=evidence)
    return None


def rewrite(signals: Signals) -> Verdict:
    """Judge answers that are their requests, slightly changed."""
    copied = signals.solvers.copied
    says = f"answers are their requests with little changed: chrF {copied:.2f} between them"
    return said(signals, "prompt", "lean", number("request-chrf", copied, 0.6, says), clues=copied_clues(signals))


def near_request(signals: Signals) -> Verdict | None:
    """Judge answers that are the request in other words, or nearly the next example's answer."""
    found, solvers = signals.grounding, signals.solvers
    if found.copy_full >= 0.8:
        says = f"{percent(found.copy_full)} of the answers use no word that the request does not have"
        return said(signals, "prompt", "strong", number("copy-full", found.copy_full, 0.8, says), clues=copied_clues(signals))
    if signals.kind == "text" and solvers.nearest >= 0.7 and solvers.lift >= 0.1:
        says = f"the nearest example's answer is nearly right already: chrF {solvers.nearest:.2f}"
        nearest = number("nearest", solvers.nearest, 0.7, says, published.BERTSCH)
        evidence = clues(signals, signals.study.asked, "an answer much like those of similar requests")
        return said(signals, "prompt", "strong", nearest, clues=evidence)
    if solvers.copied >= 0.6:
        return rewrite(signals)
    spelt = signals.mechanics.spelt
    if signals.kind in {"short", "text"} and spelt >= 0.6:
        says = f"{percent(spelt)} of the answers are the request's own letters, slightly changed"
        evidence = clues_where(signals, is_spelt, "its answer is spelt of the request's letters")
        return said(signals, "prompt", "lean", number("spelt", spelt, 0.6, says), clues=evidence)
    return None


def headline(signals: Signals) -> Verdict | None:
    """Judge headlines of texts."""
    found, headlines = signals.grounding, signals.style.headlines
    if headlines < 0.8 or found.copy < 0.4 or found.question >= 0.5 or signals.study.records < _HEADLINES:
        return None
    if signals.kind == "short" and signals.names.words < _DOCUMENT_WORDS:
        return None
    if signals.kind == "text" and found.copy_full > _TAKEN_WHOLE:  # sentences made of what is there
        return None
    says = f"{percent(headlines)} of the answers are headlines, a voice that a prompted model keeps badly"
    voice = number("headlines", headlines, 0.8, says)
    evidence = clues_where(signals, lambda _, answer: is_headline(answer), "its answer is a headline")
    return said(signals, "fine-tune", "lean", voice, rate("free text"), clues=evidence)


def short(signals: Signals) -> Verdict | None:
    """Judge answers of a few words."""
    if signals.kind != "short":
        return None
    found, material = signals.grounding, signals.material
    written = headline(signals)
    if written is not None:
        return written
    if material.closed and found.unseen < 0.3:
        says = f"the answers are built of {material.symbols} words; 32 examples show all of them for {percent(material.cover)}"
        shown = number("cover@32", material.cover, 0.9, says, published.BERTSCH)
        return said(signals, "prompt", "lean", shown, clues=own_clues(signals))
    if material.repeated >= 0.5 and signals.solvers.lift >= 0.15:
        says = f"{percent(material.repeated)} of the answers recur, too few times each for one prompt to show them"
        repeated = number("repeated", material.repeated, 0.5, says)
        return said(signals, "example-retrieval", "lean", repeated, clues=uncovered_clues(signals))
    if found.copy >= REWORDED:
        says = f"{percent(found.copy)} of the answers' words come from the request"
        return said(signals, "prompt", "lean", number("copy", found.copy, REWORDED, says), clues=copied_clues(signals))
    runs = runs_of(signals.study)
    if runs.recurring >= _ALL_RECUR and runs.different <= _MOST_RUNS and runs.many >= _MANY_RUNS:
        says = f"the answers are built of {runs.different} runs of three letters, which all recur: as numbers spelt out are"
        return said(signals, "prompt", "lean", number("letter-runs", runs.different, _MOST_RUNS, says), clues=own_clues(signals))
    table = _numbered(signals)
    if table is not None:
        return table
    copy = number("copy", found.copy, REWORDED, f"{percent(found.copy)} of the answers' words come from the request")
    fact = number(
        "unseen-fact", found.unseen, 0.3, f"{percent(found.unseen)} of the answers hold a word that no other record has"
    )
    return said(signals, "measure", "lean", copy, fact, leans="prompt", clues=own_clues(signals))


def _numbered(signals: Signals) -> Verdict | None:
    """Judge numbers with what they stand for: a table, unless answers are the longer the more figures there are, as if spelt."""
    study = signals.study
    rows = [index for index in study.asked if _is_number(study.cores[index]) and any(map(str.isalpha, study.said[index]))]
    share = len(rows) / max(1, len(study.asked))
    if share < _NUMBERED:
        return None
    if signals.pairing.lengths >= _LONGER:
        says = f"{percent(share)} of the requests are numbers, and the more figures one has, the longer is its answer: spelt out"
        return said(signals, "prompt", "lean", number("symbolic", share, _NUMBERED, says), clues=clues(signals, rows, "a number"))
    says = f"{percent(share)} of the requests are numbers, and their answers what these stand for: a table"
    keys = number("codes", share, _NUMBERED, says, published.OVADIA)
    return said(signals, "knowledge-retrieval", "lean", keys, clues=clues(signals, rows, "a number and what it stands for"))


def _is_number(text: str) -> bool:
    return any(map(str.isdigit, text)) and not any(map(str.isalpha, text))


def wordwise(signals: Signals) -> Verdict | None:
    """Judge texts that are rewritten word by word: transcribed, spelt anew, put into other letters."""
    share, material = signals.mechanics.wordwise, signals.material
    if signals.kind not in {"short", "text"} or share < _WORDWISE or material.cover >= _SHOWN:
        return None
    says = f"{percent(share)} of the answers have as many words as their requests: word for word, something models can do"
    evidence = clues(signals, signals.study.asked, "its answer has as many words as the request")
    return said(signals, "prompt", "lean", number("wordwise", share, _WORDWISE, says), clues=evidence)


def reading(signals: Signals) -> Verdict | None:
    """Judge answers in free words to questions that bring along what they are about."""
    found, words = signals.grounding, signals.names.words
    if signals.kind != "text" or found.question < _ASKS or words < _DOCUMENT_WORDS or found.ungrounded >= _UNTOLD:
        return None
    answer = median(word_count(signals.study.answers[index]) for index in signals.study.asked)
    if answer > _ANSWER_WORDS:
        return None
    says = f"{percent(found.question)} of the requests ask about a text that they bring along, {words:.0f} words in the median"
    asked = number("question", found.question, _ASKS, says)
    ungrounded = number(
        "ungrounded", found.ungrounded, _UNTOLD, f"{found.ungrounded:.1f} names and numbers in 100 words of answer are not in it"
    )
    return said(signals, "prompt", "lean", asked, ungrounded, clues=clues(signals, signals.study.asked, "a text and a question"))


def explaining(signals: Signals) -> Verdict | None:
    """Judge what is said in words of code that requests bring along."""
    study = signals.study
    if signals.kind != "text" or signals.style.headlines >= _ASKS:  # a message for a change has a style of its own
        return None
    rows = [index for index in study.asked if is_code(study.cores[index])]
    share = len(rows) / max(1, len(study.asked))
    if share < _ASKS:
        return None
    says = f"{percent(share)} of the requests are code, and answers say in words what it does: to read code is what models can do"
    brought = number("code-asked", share, _ASKS, says)
    return said(signals, "prompt", "lean", brought, clues=clues(signals, rows, "code, and words about it"))


def invented(signals: Signals) -> Verdict | None:
    """Judge answers that are to be wrong: no source holds them."""
    study = signals.study
    if signals.kind not in {"short", "text"}:
        return None
    share = sum(_INVENTED.search(study.around(index)) is not None for index in study.asked) / max(1, len(study.asked))
    if share < _ASKS:
        return None
    says = f"{percent(share)} of the instructions ask for what is not so: to invent is something models can do"
    return said(signals, "prompt", "lean", number("invented", share, _ASKS, says), clues=own_clues(signals))


def asking(signals: Signals) -> Verdict | None:
    """Judge questions that are written about what a request tells."""
    study, found = signals.study, signals.grounding
    if signals.kind not in {"short", "text"} or found.question >= _UNASKED or found.copy < _ABOUT:
        return None
    share = sum(study.answers[index].rstrip().endswith(_QUESTION_MARKS) for index in study.asked) / max(1, len(study.asked))
    if share < _ASKS:
        return None
    says = f"{percent(share)} of the answers are questions about what their requests tell: to ask is something models can do"
    asking = number("questions", share, _ASKS, says)
    copy = number("copy", found.copy, _ABOUT, f"{percent(found.copy)} of the answers' content comes from the request")
    return said(signals, "prompt", "lean", asking, copy, clues=copied_clues(signals))


def woven(signals: Signals) -> Verdict | None:
    """Judge texts that use the words which their requests list."""
    study, names = signals.study, signals.names
    if signals.kind != "text" or not names.bare or names.words < _LISTED_WORDS:
        return None
    used = []
    for index in study.asked:
        listed, said_words = {stem(word) for word in tokens(study.cores[index])}, set(study.answer_words[index])
        used.append(len(listed & said_words) / max(1, len(listed)))
    share = sum(used) / max(1, len(used))
    if share < _USED:
        return None
    says = f"{percent(share)} of the words that requests list stand in their answers: what to use is told, and can be checked"
    evidence = clues(signals, study.asked, "its answer uses the words of the request")
    return said(signals, "prompt", "lean", number("used", share, _USED, says), clues=evidence)


def text(signals: Signals) -> Verdict:
    """Judge free text, for which nothing else was found."""
    found, records = signals.grounding, signals.study.records
    copy = number("copy", found.copy, 0.5, f"{percent(found.copy)} of the answers' content comes from the request")
    written = headline(signals)
    if written is not None:
        return written
    amount = f"{records:,} different examples" + ("" if records >= MANY else " are few for a style")
    enough = number("records", records, MANY, f"{amount}; 1,000 were enough for one elsewhere", published.LIMA)
    material = signals.material
    if material.cover >= _SHOWN and (records >= MANY or material.open <= OPEN):
        says = f"32 examples show every word that recurs in the answers for {percent(material.cover)} of the records"
        shown = number("cover@32", material.cover, _SHOWN, says, published.BERTSCH)
        return said(signals, "prompt", "lean", shown, copy, clues=copied_clues(signals))
    if records >= MANY:
        return said(signals, "fine-tune", "lean", rate("free text"), copy, enough, clues=own_clues(signals))
    if found.copy >= 0.5:
        return said(signals, "prompt", "lean", copy, enough, clues=copied_clues(signals))
    return said(signals, "prompt", "lean", enough, copy, clues=own_clues(signals))
