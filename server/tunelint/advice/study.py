"""The sample as texts, divided so that every answer that is asked for is judged by records that do not hold its request."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple

import msgspec

from tunelint.advice.language import language_of, stop_words
from tunelint.advice.sample import Drawn, fold_of
from tunelint.advice.task import Pair, Task, json_of, normal, pair_of, task_of
from tunelint.advice.wording import Grams, grams, stem, tokens, words_in
from tunelint.core.finding import Handle
from tunelint.core.pulse import pulsed

__all__ = ["Row", "Study", "leaf_values"]

_ALL_ASKED: Final = 800
"""Up to so many records each one is asked about once, by those of the other folds; of more only the held-out fold is."""

_ASKED: Final = 400
_ROWS_A_PULSE: Final = 64
_CHARACTERS: Final = 4_000
"""As much of a text is read, half from its beginning and half from its end."""


class Row(NamedTuple):
    """A record of the sample with request and answer."""

    handle: Handle
    fold: int
    pair: Pair


def _cut(text: str) -> str:
    return text if len(text) <= _CHARACTERS else f"{text[: _CHARACTERS // 2]}\n{text[-_CHARACTERS // 2 :]}"


def _clipped(pair: Pair) -> Pair:
    texts = {name: _cut(getattr(pair, name)) for name in ("instructions", "asks", "answer", "earlier")}
    return msgspec.structs.replace(pair, **texts)


def _unwrap(rows: list[Row]) -> bool:
    """Take answers out of the one field that they all stand in; tell whether they do, as in ``{"label": "spam"}``."""
    values = [json_of(row.pair.answer) for row in rows]
    keys = {next(iter(value)) if isinstance(value, dict) and len(value) == 1 else None for value in values}
    if len(keys) != 1 or None in keys:
        return False
    (key,) = keys
    inner = [value[key] for value in values]
    if not all(isinstance(one, str | int | float) for one in inner):
        return False
    for index, one in enumerate(inner):
        rows[index] = rows[index]._replace(pair=msgspec.structs.replace(rows[index].pair, answer=_cut(str(one))))
    return True


def _shared_start(texts: Sequence[str]) -> int:
    """Return how many characters nine of ten texts begin with in common, up to the end of a word."""
    order = sorted(texts)
    tail = len(order) // 20
    size = 0
    for number, (one, other) in enumerate(zip(order[tail], order[-1 - tail], strict=False) if order else (), start=1):
        if one != other:
            break
        if not one.isalnum():
            size = number
    return size


def _cores(texts: Sequence[str]) -> list[str]:
    """Return texts without what nine of ten of them begin and end with."""
    start = _shared_start(texts)
    end = _shared_start([text[start:][::-1] for text in texts])
    return [text[start : len(text) - end].strip() or text for text in texts]


class Study:
    """What the signals look at: rows in the order of their content hashes, the task, and words counted once.

    `wrapped` tells that all answers stood in the one field of a JSON object, out of which they were taken. `asked` are the
    indices of the rows whose answers are asked for. `records` is how many different records have a request and
    an answer, estimated from their share of the sample where not all of them do.
    """

    def __init__(self, drawn: Sequence[Drawn], records: int, pulse: Callable[[], None] = lambda: None) -> None:
        """`pulse` is called between short pieces of work and may raise to give up."""
        self.pulse = pulse
        self.rows: list[Row] = []
        for one in pulsed(drawn, _ROWS_A_PULSE, pulse):
            pair = pair_of(one.example)
            if pair is not None:
                self.rows.append(Row(one.handle, fold_of(one.example), _clipped(pair)))
        self.records = round(records * len(self.rows) / len(drawn)) if drawn else 0
        self.wrapped = _unwrap(self.rows)
        asked = [index for index, row in enumerate(self.rows) if len(self.rows) <= _ALL_ASKED or not row.fold]
        self.asked = asked if len(self.rows) <= _ALL_ASKED else asked[:_ASKED]

    def pulsing(self) -> Iterator[Row]:
        """Yield the rows, and pulse now and then."""
        return pulsed(self.rows, _ROWS_A_PULSE, self.pulse)

    @cached_property
    def task(self) -> Task:
        """What kind of task the answers make."""
        return task_of([row.pair for row in self.rows])

    @cached_property
    def requests(self) -> list[str]:
        """The request of each row."""
        return [row.pair.request for row in self.rows]

    @cached_property
    def cores(self) -> list[str]:
        """The last turn of each request without the words of a template that nine of ten of them begin and end with."""
        return _cores([row.pair.asks for row in self.rows])

    def around(self, index: int) -> str:
        """Return the instructions of a row, and the words of a template around its request."""
        pair, core = self.rows[index].pair, self.cores[index]
        before, _, after = pair.asks.partition(core)
        return f"{pair.instructions}\n{before} … {after}"

    @cached_property
    def answer_cores(self) -> list[str]:
        """Each answer without such words: of *The answer is (42)* the number."""
        return _cores(self.answers)

    @cached_property
    def answers(self) -> list[str]:
        """The answer of each row."""
        return [row.pair.answer for row in self.rows]

    @cached_property
    def normal_answers(self) -> list[str]:
        """The answer of each row without what makes no difference to a label."""
        return [normal(answer) for answer in self.answers]

    @cached_property
    def values(self) -> list[Any]:
        """The answer of each row as JSON, None where it is none."""
        return [json_of(answer) for answer in self.answers]

    @cached_property
    def said(self) -> list[str]:
        """What each answer says: of JSON its values, of anything else the whole text."""
        if self.task.kind not in {"json", "tool"}:
            return self.answers
        return [
            answer if value is None else " ".join(text for _, text in leaf_values(value) if text)
            for answer, value in zip(self.answers, self.values, strict=True)
        ]

    @cached_property
    def languages(self) -> tuple[str, str]:
        """The language of requests and that of answers, empty where it cannot be told."""
        asked = self.asked
        return language_of([self.requests[index] for index in asked]), language_of([self.said[index] for index in asked])

    @cached_property
    def stop(self) -> frozenset[str]:
        """Words that carry no content in the languages of the file."""
        return stop_words(self.languages[0]) | stop_words(self.languages[1])

    @cached_property
    def given(self) -> list[set[str]]:
        """The different words of each row's request and instructions."""
        instructions = {row.pair.instructions for row in self.rows}
        known = {text: words_in(text) for text in instructions}
        return [words_in(row.pair.request) | known[row.pair.instructions] for row in self.pulsing()]

    @cached_property
    def answer_words(self) -> list[list[str]]:
        """The words of what each answer says, content or not, stemmed."""
        return [[stem(word) for word in tokens(text)] for text, _ in zip(self.said, self.pulsing(), strict=True)]

    @cached_property
    def _rows_with(self) -> list[Counter[str]]:
        """For each fold, how many of its rows have a word in request or answer."""
        counts: list[Counter[str]] = [Counter() for _ in range(4)]
        for row, request, answer in zip(self.rows, self.given, self.answer_words, strict=True):
            counts[row.fold].update(request.union(answer))
        return counts

    def seen_elsewhere(self, word: str, fold: int) -> bool:
        """Tell whether any row outside a fold has a word."""
        return any(word in counts for number, counts in enumerate(self._rows_with) if number != fold)

    @cached_property
    def request_grams(self) -> dict[int, Grams]:
        """Character n-grams of the requests that are asked."""
        return {index: grams(self.requests[index]) for index in self.asked}

    @cached_property
    def _answer_grams(self) -> dict[int, Grams]:
        return {}

    def answer_grams(self, index: int) -> Grams:
        """Return the character n-grams of a row's answer."""
        found = self._answer_grams.get(index)
        if found is None:
            found = self._answer_grams[index] = grams(self.answers[index])
        return found


def leaf_values(value: Any, path: str = "") -> list[tuple[str, str]]:
    """Return the leaves of JSON with their paths, in which all items of a list have one; empty objects and lists are leaves."""
    found: list[tuple[str, str]] = []
    work: list[tuple[str, Any]] = [(path, value)]
    while work:
        here, one = work.pop()
        if isinstance(one, dict) and one:
            work.extend((f"{here}.{key}", item) for key, item in reversed(one.items()))
        elif isinstance(one, list) and one:
            work.extend((f"{here}[]", item) for item in reversed(one))
        elif isinstance(one, dict | list) or one is None:
            found.append((here or ".", ""))
        else:
            found.append((here, str(one)))
    return found
