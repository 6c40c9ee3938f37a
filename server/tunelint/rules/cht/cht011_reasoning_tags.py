"""CHT011: see the class."""

import re
from collections.abc import Hashable, Iterator
from typing import Final

from tunelint.core.bag import Bag
from tunelint.core.example import Turn
from tunelint.core.finding import Finding, Place, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, TallyRule, Wake

_OPEN, _CLOSE = "<think>", "</think>"
_EMPTY: Final = re.compile(r"<think>\s*</think>")
_LEAST: Final = 10
_SOME, _NEARLY_ALL = 0.02, 0.98
"""Shares between which only part of the file has reasoning."""


class ReasoningTags(TallyRule):
    r"""Reasoning in `<think>` tags is unbalanced, empty, or in part of the file only.

    ## Why

    A reasoning model ends its thoughts with `</think>`; where the tag is missing, everything after it is thought, and no answer is
    ever given. Empty thoughts teach the model not to think. A file of which only a part reasons teaches it to do so at random.

    ## What to do

    Write each `<think>` with its `</think>`, and train either with reasoning or without. Empty tags are right for a model with a
    switch for reasoning, such as Qwen 3, when it is trained not to reason.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "1 + 1?"}, {"role": "assistant", "content": "<think>One and one.</think>2"}]}
    ```

    ```jsonl bad messages[1].content
    {"messages": [{"role": "user", "content": "1 + 1?"}, {"role": "assistant", "content": "<think>One and one. 2"}]}
    ```

    ```jsonl bad messages[1].content
    {"messages": [{"role": "user", "content": "1 + 1?"}, {"role": "assistant", "content": "<think>\n</think>2"}]}
    ```

    ```jsonl bad file times=20
    {"messages": [{"role": "user", "content": "@ + 1?"}, {"role": "assistant", "content": "<think>@ and one.</think>one more than @"}]}
    {"messages": [{"role": "user", "content": "@ + 2?"}, {"role": "assistant", "content": "two more than @"}]}
    ```

    Sources: NVIDIA, Nemotron post-training recipe in NeMo Curator.
    """

    code = "CHT011"
    name = "reasoning-tags"
    severity = Severity.WARNING
    triggers = (_OPEN, _CLOSE)
    wakes = Wake.TRIGGER
    limit = 10

    def observe(self, record: Record, context: Context) -> Hashable:
        """Return what a record's answers do with the tags."""
        states = {state for _, state in _states(record)}
        return next((state for state in ("unbalanced", "empty", "sound") if state in states), None)

    def anchor(self, record: Record) -> Place:
        """Return the place of the first answer with a fault."""
        found = _states(record)
        worst = next((one for one in found if one[1] != "sound"), found[0] if found else None)
        return Place(worst[0].text_at) if worst is not None else Place()

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield findings on records with a fault, and one where only part of the file reasons."""
        for state, message, help_line in (
            ("unbalanced", f"{_OPEN} and {_CLOSE} do not pair up", "without its end tag everything after it is thought"),
            ("empty", "the reasoning is empty", "an empty thought teaches the model not to think"),
        ):
            for handle, count in bag.places(state):
                yield self.finding(message, handle=handle, help=help_line, count=count)
        records, with_tags = context.file.records, bag.total
        if records >= _LEAST and _SOME * records <= with_tags <= _NEARLY_ALL * records:
            yield self.finding(
                f"{with_tags:,} of {records:,} records reason in {_OPEN} tags, the others do not",
                severity=Severity.INFORMATION,
                help="train either with reasoning or without, unless the prompts tell the two apart",
            )


def _states(record: Record) -> list[tuple[Turn, str]]:
    """Return the answers that have tags, with what is the matter with them."""
    example = record.example
    if example is None:
        return []
    found = []
    for turn in example.all_turns:
        if turn.role in {"assistant", "text"} and (_OPEN in turn.text or _CLOSE in turn.text):
            opened, closed = turn.text.count(_OPEN), turn.text.count(_CLOSE)
            if opened != closed and not (opened == 0 and closed == 1):
                found.append((turn, "unbalanced"))
            else:
                found.append((turn, "empty" if _EMPTY.search(turn.text) else "sound"))
    return found
