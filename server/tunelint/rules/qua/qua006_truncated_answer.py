"""QUA006: see the class."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from tunelint.core.bag import Bag
from tunelint.core.block import answers
from tunelint.core.finding import Finding, Handle, Place, Severity
from tunelint.core.record import Record
from tunelint.rules._places import answer_text
from tunelint.rules.base import Context, TallyRule

_TICK: Final = "`"
_FENCE: Final = "```"
"""Most answers hold no tick either, which is found out in a quarter of the time."""

_LEAST_CHARACTERS: Final = 200
"""Shorter answers need no full stop: names, titles, fragments."""

_LEAST_LINE: Final = 40
"""A last line that is shorter is mostly a signature, a heading or an item of a list."""

_PEERS: Final = 50
_MOST: Final = 0.05
"""Share of answers that may end like this for the others to be the rule: where more do, it is the style of the file."""

_ITEM: Final = re.compile(r"\s*(?:[-*+•|#>]|\d+[.)]|[A-Za-z][.)]|https?:|\S+:\s|[A-Z][\w ]{0,30}:)")
_SENTENCES: Final = re.compile(r"(?<=[.!?]) +(?=\S)")
_PROSE: Final = re.compile(r"[^\W\d_]{2,}[ ,][^\W\d_]+ (?:[^\W\d_]+,? ){3,}")
"""Words in a row: no code, no table, no formula."""

_OPEN_ENDS: Final = frozenset(",-–—(;&")
_MIDDLE: Final = frozenset({
    "a", "an", "the", "this", "that", "these", "those", "my", "your", "his", "her", "its", "our", "their", "some", "any",
    "each", "every", "no", "of", "to", "in", "on", "at", "by", "for", "with", "from", "into", "about", "as", "than", "and",
    "or", "but", "nor", "so", "if", "because", "while", "when", "where", "which", "who", "whose", "is", "are", "was", "were",
    "be", "been", "being", "has", "have", "had", "do", "does", "did", "will", "would", "can", "could", "may", "might", "must",
    "shall", "should", "not", "very", "more", "most", "such", "der", "die", "das", "ein", "eine", "und", "oder", "mit", "von",
    "für", "zu", "im", "le", "la", "les", "un", "une", "des", "et", "ou", "de", "du", "el", "los", "las", "y", "o", "con",
    "por", "para", "que",
})  # fmt: skip
"""Words that end no sentence, in English, German, French and Spanish."""

_OPENING: Final = _MIDDLE - {"more", "most"} | {
    "then",
    "however",
    "also",
    "additionally",
    "finally",
    "it",
    "they",
    "we",
    "you",
    "there",
    "after",
    "before",
}
_BEGUN: Final = 3
"""Words of a last sentence that has hardly begun, where the first one is an opening."""


class TruncatedAnswer(TallyRule):
    """An answer stops in the middle of a sentence or of a code block, which the others do not.

    ## Why

    Such answers were cut at a limit of tokens when they were generated, or of characters when they were stored. The model learns
    to stop there: cut answers are learnt as well as whole ones, and at inference they look like a limit that is set too low.

    Answers of 200 characters or more count as cut whose last line is prose and ends in a comma, in a word that ends no sentence
    ("of", "which") or with the first words of one, answers of any length where a code fence is opened and not closed. They are
    reported where 50 others or more end properly and no more than 5% end like this. A full stop that is merely missing is none of
    that.

    ## What to do

    Generate the answer again with room for its end, or drop the record.

    ## Examples

    ```jsonl good times=60
    {"prompt": "Tell me about number @", "completion": "Number @ is a number like any other. It comes after the one before it and before the one after it, and whoever counts far enough meets it on the way. There is not much more that can be said about it, but it is there."}
    ```

    ```jsonl bad 61:completion times=60
    {"prompt": "Tell me about number @", "completion": "Number @ is a number like any other. It comes after the one before it and before the one after it, and whoever counts far enough meets it on the way. There is not much more that can be said about it, but it is there."}
    {"prompt": "Tell me about zero", "completion": "Zero is a number like no other. It comes after the one before it and before the one after it, and whoever counts does not meet it on the way, since people begin with one. It took a long time until somebody had the idea that nothing can be"}
    ```

    Sources: OpenAI's and Anthropic's references for the stop reason `length` / `max_tokens`, which generated data should be
    filtered by.
    """

    code = "QUA006"
    name = "truncated-answer"
    severity = Severity.INFORMATION
    methods = frozenset({"sft"})

    def observe_many(self, records: Sequence[Record], context: Context) -> list[tuple[str, Handle]]:
        """Return how each answer ends: ``whole``, in a ``sentence`` or in a code ``block``; nothing for those that do not tell."""
        found: list[tuple[str, Handle]] = []
        for answer, handle in answers(records):
            if answer and (len(answer) >= _LEAST_CHARACTERS or _TICK in answer):
                end = _end_of(answer)
                if end:
                    found.append((end, handle))
        return found

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield a finding for each of the first answers that are cut, where few are."""
        whole = bag.counts.get("whole", 0)
        for end, where in (("sentence", "the middle of a sentence"), ("block", "a code block that was not closed")):
            cut = bag.counts.get(end, 0)
            if whole < _PEERS or cut > _MOST * (whole + cut):
                continue
            for handle, count in bag.places(end):
                yield self.finding(
                    f"the answer stops in {where}",
                    handle=handle,
                    help="generate it again with room for its end, or drop the record: the model learns to stop there",
                    count=count,
                )

    def anchor(self, record: Record) -> Place:
        """Return the place of the answer."""
        return answer_text(record)


def _end_of(answer: str) -> str:
    if _TICK in answer and answer.count(_FENCE) % 2:
        return "block"
    text = answer.rstrip()
    if len(text) < _LEAST_CHARACTERS:
        return ""
    last = text[-1]
    if not last.isalnum() and last not in _OPEN_ENDS:
        return "whole"
    line = text[text.rfind("\n") + 1 :]
    if len(line) < _LEAST_LINE or _ITEM.match(line) is not None or _PROSE.search(line) is None:
        return ""
    return "sentence" if last in _OPEN_ENDS or _stops_early(line) else ""


def _stops_early(line: str) -> bool:
    """Tell whether a line that ends in a word ends in one that ends no sentence, or has hardly begun its last one."""
    sentence = _SENTENCES.split(line)[-1]
    words = sentence.split()
    if words[-1] in _MIDDLE:
        return True
    return sentence != line and len(words) <= _BEGUN and words[0].casefold() in _OPENING and sentence[0].isupper()
