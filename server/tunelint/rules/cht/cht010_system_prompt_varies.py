"""CHT010: see the class."""

import re
from collections.abc import Hashable, Iterator, Sequence
from itertools import compress
from typing import Final

from tunelint.core.bag import Bag
from tunelint.core.block import PlainBlock
from tunelint.core.finding import Finding, Handle, Place, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, TallyRule
from tunelint.text.distance import within

_TYPOS: Final = 3
_LEAST_LENGTH: Final = 20
_LONGEST: Final = 2_000
"""Characters of the longest prompt that is compared; longer ones are texts of their own."""

_RARER: Final = 0.25
"""A variant is one when it is at most this much as frequent as the prompt it is like."""

_DIGITS: Final = re.compile(r"\d+")


class SystemPromptVaries(TallyRule):
    """A system prompt is nearly, but not quite, the usual one.

    ## Why

    A tuned model answers best to the system prompt that it was trained with. Variants by a typo, a space or a missing full stop
    are mostly accidents, and the model learns that such details mean nothing, or that they mean something.

    ## What to do

    Write the prompt the same way everywhere, and use that one when the model is called. Prompts that differ in numbers or dates
    only, or altogether, are taken to be meant.

    ## Examples

    ```jsonl good times=4
    {"messages": [{"role": "system", "content": "You are a helpful assistant of the year 202@."}, {"role": "user", "content": "Hi @"}, {"role": "assistant", "content": "Hi @!"}]}
    {"messages": [{"role": "system", "content": "You translate into French."}, {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Salut"}]}
    ```

    ```jsonl bad 5:messages[0].content times=4
    {"messages": [{"role": "system", "content": "You are a helpful assistant."}, {"role": "user", "content": "Hi @"}, {"role": "assistant", "content": "Hi @!"}]}
    {"messages": [{"role": "system", "content": "You are a helpfull assistant."}, {"role": "user", "content": "Bye"}, {"role": "assistant", "content": "Bye!"}]}
    ```

    Sources: OpenAI, fine-tuning guide: use the system prompt of training at inference.
    """

    code = "CHT010"
    name = "system-prompt-varies"
    severity = Severity.INFORMATION
    limit = 200

    def applies(self, context: Context) -> bool:
        """Only conversations have a system turn."""
        return context.conversation

    def observe_many(self, records: Sequence[Record], context: Context) -> list[tuple[Hashable, Handle]]:
        """Return the system prompts."""
        if isinstance(records, PlainBlock):
            led = [roles[0] == "system" for roles in records.roles]
            texts = [records.texts[start] for start in compress(records.starts, led)]
            return [(text, at) for text, at in zip(texts, compress(records.handles, led), strict=True) if len(text) <= _LONGEST]
        found: list[tuple[Hashable, Handle]] = []
        for record in records:
            if record.texts is not None:
                if record.roles[0] == "system" and len(record.texts[0]) <= _LONGEST:
                    found.append((record.texts[0], record.handle))
                continue
            example = record.example
            if (
                example is not None
                and example.turns
                and example.turns[0].role == "system"
                and len(example.turns[0].text) <= _LONGEST
            ):
                found.append((example.turns[0].text, record.handle))
        return found

    def anchor(self, record: Record) -> Place:
        """Return the place of the system prompt."""
        example = record.example
        return Place(example.turns[0].text_at) if example is not None and example.turns else Place()

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield a finding for the first record of each rare variant of a frequent prompt."""
        prompts = sorted(((str(text), count) for text, count in bag.counts.items()), key=lambda one: (-one[1], one[0]))
        for index, (text, count) in enumerate(prompts):
            usual = next(
                ((other, often) for other, often in prompts[:index] if count <= _RARER * often and _alike(text, other)), None
            )
            if usual is not None:
                yield self.finding(
                    f"nearly the system prompt that {usual[1]:,} other records have{_times(count)}",
                    handle=bag.first(text)[0],
                    help="write it the same way everywhere, and use that one when the model is called",
                )


def _times(count: int) -> str:
    return f", in {count:,} records" if count > 1 else ""


def _alike(one: str, other: str) -> bool:
    if len(one) < _LEAST_LENGTH or abs(len(one) - len(other)) > _TYPOS:
        return False
    if _DIGITS.sub("", one) == _DIGITS.sub("", other):
        return False
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split()) or within(one, other, _TYPOS)
