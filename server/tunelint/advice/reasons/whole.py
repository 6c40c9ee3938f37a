"""Reasons that need no look at the task: too little, too much of one kind, or answers that went astray."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from tunelint.advice import published
from tunelint.advice.mechanical import follows, has_word
from tunelint.advice.reasons.base import clues, clues_where, number, percent, said
from tunelint.advice.sample import FEW
from tunelint.advice.signals import Signals
from tunelint.advice.verdict import Clue, Verdict
from tunelint.advice.wording import tokens

__all__ = [
    "YOU",
    "astray",
    "constant",
    "few",
    "instructed",
    "mechanical",
    "mixed",
    "persona",
    "unseen_media",
    "untied",
    "untied_labels",
]


def constant(signals: Signals) -> Verdict | None:
    """Judge a file with one answer to everything."""
    counts: dict[str, int] = {}
    for answer in signals.study.normal_answers:
        counts[answer] = counts.get(answer, 0) + 1
    share = max(counts.values()) / len(signals.study.rows)
    if share < 0.98:
        return None
    return said(
        signals, "constant-answer", "strong", number("majority", share, 0.98, f"{percent(share)} of the answers are the same")
    )


def few(signals: Signals) -> Verdict | None:
    """Judge a file with hardly any records."""
    records = signals.study.records
    if records >= FEW:
        return None
    says = f"{records} different examples; providers see tuning help from {FEW} to 100 on"
    return said(signals, "too-few", "strong", number("records", records, FEW, says, published.OPENAI_GUIDE))


YOU: Final = re.compile(
    r"\b(?:you|your|yourself|u|ur|du|dein\w*|dir|dich|sie|ihr\w*|bist|hast|kannst|vous|votre|tu|tes|toi|te|ti|usted|eres|estás"
    r"|tienes|puedes|sabes|quieres|você|vocês|seu|sua|sei|hai|puoi|jij|je|jouw|ты|тебя|тебе|твой|вы|вас|ваш\w*|siz|sen|seni"
    r"|kamu|anda)\b"
    r"|[你您]|あなた|君|당신|너|\b(?:تو|شما)\b|आप|तुम|คุณ",
    re.IGNORECASE,
)
"""Words that speak to somebody."""

_ADDRESSED: Final = 0.2
"""Who is asked about itself is addressed, at least in some requests."""

TIED: Final = 3.0
"""Standard deviations above other pairings: of four tests on shuffled pairs, about one file in a hundred gets there by chance."""


def persona(signals: Signals) -> Verdict | None:
    """Judge answers that repeat a name which no request has."""
    if signals.study.records >= 200 or signals.kind not in {"short", "text"} or signals.style.named < 0.4:
        return None
    style = signals.style
    addressed = sum(YOU.search(signals.study.rows[index].pair.asks) is not None for index in signals.study.asked)
    if addressed < _ADDRESSED * len(signals.study.asked):
        return None
    tied = signals.pairing.reaches(TIED)
    if not (tied or signals.material.closed):  # who says who it is whatever it is asked needs be tied to no request
        return None
    named = [index for index, answer in enumerate(signals.study.answers) if style.name in answer]
    return said(
        signals,
        "prompt",
        "strong" if tied else "lean",
        number(
            "repeated-name",
            style.named,
            0.4,
            f"{percent(style.named)} of the answers say {style.name!r}, which their requests do not: a prompt says it once",
        ),
        number("records", signals.study.records, 200, f"{signals.study.records} different examples about it"),
        hints=["system-prompt"],
        clues=clues(signals, named, f"its answer says {style.name!r}"),
    )


def mechanical(signals: Signals) -> Verdict | None:
    """Judge answers that a line of code gives."""
    mechanics = signals.mechanics
    if mechanics.share < 0.95:
        return None
    evidence = clues_where(signals, lambda asked, answer: follows(mechanics.rule, asked, answer), "its answer follows that rule")
    says = f"{mechanics.rule} is the answer to {percent(mechanics.share)} of the requests: a line of code gives it"
    return said(signals, "prompt", "strong", number("one-line-rule", mechanics.share, 0.95, says), clues=evidence)


TIED_SHORT: Final = 2.5
_SHORT_RECORDS: Final = 150
_BARE_RECORDS: Final = 250
"""Answers of a few words have little that could be tied to a request: less is asked of them, and fewer records are not judged."""


def untied(signals: Signals) -> Verdict | None:
    """Judge answers that do not belong to their requests."""
    short = signals.kind == "short"
    if signals.kind == "label" or (short and signals.study.records < (_BARE_RECORDS if signals.names.bare else _SHORT_RECORDS)):
        return None
    if not signals.pairing.can_tell:
        return None
    pairing = signals.pairing
    tied = TIED_SHORT if short else TIED
    if pairing.reaches(tied):
        return None
    return said(
        signals,
        "check-pairing",
        "lean" if short or signals.study.records < _SHORT_RECORDS else "strong",  # little text may show no tie
        number(
            "pairing",
            pairing.strength,
            tied,
            "answers fit the requests of other records as well as their own, in words, letters, likeness and length:"
            f" {pairing.strength:.1f} standard deviations between them at most",
            published.HSIC,
        ),
        clues=clues(signals, signals.study.asked, "its answer fits other requests as well"),
    )


_LABELS: Final = 10
_LABEL_RECORDS: Final = 300
_LABEL_TIED: Final = 2.0
_LETTERS: Final = 3
"""So many labels in words say something of what they are given to, and so many records would show it. Fewer labels, numbers and
letters may be got from requests in ways that no test sees."""


_WORKED_OUT: Final = 0.5
"""Share of requests that ask from which labels are worked out rather than given."""


def untied_labels(signals: Signals) -> Verdict | None:
    """Judge labels that have nothing to do with the requests that they stand at."""
    labels = signals.study.task.labels if signals.kind == "label" else ()
    worded = sum(sum(map(str.isalpha, label)) >= _LETTERS for label in labels)
    if worded < max(_LABELS, len(labels) / 2) or signals.study.records < _LABEL_RECORDS or signals.names.bare:
        return None
    if signals.grounding.question >= _WORKED_OUT:
        return None  # what follows from a passage and a question is told by neither's words
    if 2 * sum(has_word(signals.study.cores[index]) for index in signals.study.asked) < len(signals.study.asked):
        return None  # codes that are alike need not mean alike things
    tied = 0.0
    for test in ("words", "letters", "kinship"):  # the costly one last, which a tie in words saves
        tied = max(tied, getattr(signals.pairing, test))
        if tied >= _LABEL_TIED:
            return None
    says = f"requests alike have labels no more alike than any: {tied:.1f} standard deviations between them at most"
    return said(
        signals,
        "check-pairing",
        "lean",
        number("pairing", tied, _LABEL_TIED, says, published.HSIC),
        number("labels", len(labels), _LABELS, f"{len(labels)} labels in words, which say something of what they are given to"),
        clues=clues(signals, signals.study.asked, "its label fits other requests as well"),
    )


_ASTRAY: Final = 0.08
_ASTRAY_LEAST: Final = 20
_CLEARLY: Final = 0.25
_OWN: Final = 0.05
"""Of so many clear pairs nearly none is a record. Of public datasets that are as they should be none had less than 54 in 100.
Certain only where a quarter of the records show it: words may be alike by chance, as those of a language and of its sounds."""


def astray(signals: Signals) -> Verdict | None:
    """Judge answers that slipped to other records: those that clearly fit one request fit another one than their own."""
    if signals.kind not in {"text", "code", "json", "tool"}:
        return None
    found = signals.astray
    pairs = len(found.pairs)
    if pairs < max(_ASTRAY_LEAST, _ASTRAY * found.rows) or found.share > _OWN:
        return None
    says = f"{pairs} answers clearly belong to one request, by rare words; it is their own for {found.own}: a column slipped"
    return said(
        signals,
        "check-pairing",
        "strong" if pairs >= _CLEARLY * found.rows else "lean",
        number("own-request", found.share, _OWN, says),
        number("clear-pairs", pairs / found.rows, _ASTRAY, f"{pairs} of {found.rows} records that were compared show it"),
        clues=clues(signals, found.others, "another record's answer clearly belongs to it"),
    )


def unseen_media(signals: Signals) -> Verdict | None:
    """Judge requests whose images, sounds or videos are not looked at here."""
    rows = signals.study.rows
    shown = sum(row.pair.media for row in rows) / len(rows)
    if shown < 0.5:
        return None
    says = f"{percent(shown)} of the requests hold images, sound or video, which are not looked at here"
    return said(signals, "measure", "lean", number("media", shown, 0.5, says), leans="prompt")


_OPENINGS: Final = 16
_SHAPES: Final = 5
_COPY: Final = 0.6
"""Passages in front of questions begin with many words and give answers of many lengths, but answers are copied out of them."""

_TOLD: Final = 1.0
_TEMPLATES: Final = 4
"""Four templates or more, which tell a bit or more of the form of the answer: each of the tasks has its own."""

_MANY_TEMPLATES: Final = 20
_TOLD_BY_MANY: Final = 0.75
"""So many templates share the forms of their answers; less of the form is told by each."""

_DEFINITIONS: Final = 8
"""So many different descriptions of what is to be done are no variants of one."""

_SAME: Final = 0.95
_INSTRUCTION_WORDS: Final = range(2, 40)
_ANY_TASK: Final = re.compile(
    r"\b(?:you are|you're|du bist|sie sind|tu es|vous êtes|eres|usted es|sei un|você é|ты|вы|users?|helpful|bots?|chat\w*"
    r"|assist\w*|asist\w*|помощник\w*|answer\w*|respond\w*|repl\w*|antwort\w*|répond\w*"
    r"|input|instructions?|requests?|questions?|tasks?|anweisung\w*|fragen?|aufgaben?"
    r"|preguntas?|instrucci\w*|tareas?|domand\w*|вопрос\w*)\b"
    r"|[你您]是|助手|指示|指令|问题|問題|質問|あなた|アシスタント|당신|질문|دستیار",
    re.IGNORECASE,
)
"""The same instruction of so few words before every request makes it one task, unless it says who answers, or just to answer."""

_WORDED: Final = 0.5
_NAME_WORDS: Final = 2
_DOCUMENT_WORDS: Final = 50
"""Requests of so few words are names and of so many documents: their first word says nothing of the task."""


def mixed(signals: Signals) -> Verdict | None:
    """Judge a file that is no single task."""
    if signals.kind not in {"text", "code", "short"} or signals.foreign:
        return None
    style = signals.style
    if style.definitions >= _DEFINITIONS:
        says = f"{style.definitions} descriptions of tasks stand before requests, each before several"
        described = number("definitions", style.definitions, _DEFINITIONS, says)
        return said(signals, "mixed-tasks", "strong", described, clues=[*_one_of_each(signals)])
    least = _TOLD if style.templates < _MANY_TEMPLATES else _TOLD_BY_MANY
    if style.templates >= _TEMPLATES and style.told >= least:
        says = f"{style.templates} beginnings of requests recur, and answers to each have forms of their own"
        return said(
            signals,
            "mixed-tasks",
            "strong",
            number("templates", style.templates, _TEMPLATES, says, published.SHANNON),
            number("told", style.told, least, f"they tell {style.told:.1f} bits of the form of the answer", published.SHANNON),
            clues=[*_one_of_each(signals)],
        )
    sentences = _NAME_WORDS < signals.names.words <= _DOCUMENT_WORDS
    if style.shapes < _SHAPES or style.openings < _OPENINGS or not sentences or style.worded < _WORDED or instructed(signals):
        return None
    copied = signals.grounding.copy
    if copied >= _COPY:
        return None
    begin = f"requests begin with {style.openings:.0f} different words in effect ({', '.join(style.opening_words[:5])}, …)"
    return said(
        signals,
        "mixed-tasks",
        "lean",  # one voice may begin and end in many ways too
        number("openings", style.openings, _OPENINGS, begin, published.SHANNON),
        number("shapes", style.shapes, _SHAPES, f"answers have {style.shapes:.0f} different forms in effect", published.SHANNON),
        number("copy", copied, _COPY, f"only {percent(copied)} of their words come from the request"),
        clues=[*_one_of_each(signals)],
    )


def instructed(signals: Signals) -> bool:
    """Tell whether nearly all requests come with the same few words that say what to do, and not who is to do it."""
    study = signals.study
    around = Counter(study.around(index) for index in study.asked)
    ((text, times),) = around.most_common(1)
    words = len(tokens(text))
    return times >= _SAME * len(study.asked) and words in _INSTRUCTION_WORDS and _ANY_TASK.search(text) is None


def _one_of_each(signals: Signals) -> Iterator[Clue]:
    """Yield a record for each of the commonest first words of requests."""
    for word in signals.style.opening_words[:3]:
        found = [index for index, text in enumerate(signals.study.cores) if text.lower().startswith(word)]
        yield from clues(signals, found[:1], f"a request that begins with {word!r}")
