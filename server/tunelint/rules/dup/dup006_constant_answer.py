"""DUP006: see the class."""

from collections.abc import Iterator, Sequence
from typing import Final

from tunelint.core.bag import Bag
from tunelint.core.block import answers, digests
from tunelint.core.finding import Finding, Handle, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, TallyRule

_MIN_RECORDS: Final = 5
"""With fewer records equal answers may be chance."""


class ConstantAnswer(TallyRule):
    """Every record has the same answer, or every record has the same prompt.

    ## Why

    From one answer to everything a model learns to say one sentence, and from one prompt with many answers it learns nothing
    that a prompt at inference could steer. Mostly a column was mapped wrongly: the wrong field, or a constant, ended up where
    the answer or the prompt should be.

    ## What to do

    Check how the file was made. OpenAI's own preparation tool refused such files.

    ## Examples

    ```jsonl good
    {"prompt": "1 + 1 =", "completion": " 2"}
    {"prompt": "1 + 2 =", "completion": " 3"}
    {"prompt": "1 + 3 =", "completion": " 4"}
    {"prompt": "2 + 2 =", "completion": " 4"}
    {"prompt": "2 + 3 =", "completion": " 5"}
    ```

    ```jsonl bad file
    {"prompt": "1 + 1 =", "completion": " 4"}
    {"prompt": "1 + 2 =", "completion": " 4"}
    {"prompt": "1 + 3 =", "completion": " 4"}
    {"prompt": "2 + 2 =", "completion": " 4"}
    {"prompt": "2 + 3 =", "completion": " 4"}
    ```

    ```jsonl bad file
    {"prompt": "Say a number", "completion": " 1"}
    {"prompt": "Say a number", "completion": " 2"}
    {"prompt": "Say a number", "completion": " 3"}
    {"prompt": "Say a number", "completion": " 4"}
    {"prompt": "Say a number", "completion": " 5"}
    ```

    Sources: openai-python 1.x, ``lib/_validators.py`` (all completions or prompts identical is an error there).
    """

    code = "DUP006"
    name = "constant-answer"
    severity = Severity.WARNING
    methods = frozenset({"sft"})
    kinds = ("prompt", "answer")
    replaces = frozenset({"DUP003"})
    limit = 1

    def observe_many(self, records: Sequence[Record], context: Context) -> list[tuple[tuple[str, int], Handle]]:
        """Return the hashes of prompts and answers."""
        if context.method != "sft":
            return []
        found: list[tuple[tuple[str, int], Handle]] = []
        for (text, handle), prompt, answer in zip(answers(records), *digests(records), strict=True):
            if text is not None:
                found.append((("prompt", prompt), handle))
                found.append((("answer", answer), handle))
        return found

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding when there is one answer, or one prompt, for all."""
        for kind, what in (("answer", "the same answer"), ("prompt", "the same prompt")):
            counts = [count for item, count in bag.counts.items() if isinstance(item, tuple) and item[0] == kind]
            if len(counts) == 1 and counts[0] >= _MIN_RECORDS and kind not in bag.overflown_kinds:
                yield self.finding(
                    f"all {counts[0]:,} records have {what}",
                    help="check which column became the answer and which the prompt",
                )
                return
