"""PRF001: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.rules.prf._answers import said


class IdenticalPair(RecordRule):
    """The chosen and the rejected answer are the same.

    ## Why

    Preference training learns from what tells the two answers apart. From a pair that only differs in white space, if at all, it
    learns nothing, and the record is paid for; ms-swift refuses it. Such pairs come from generators that gave one answer twice.

    Every record of a preference file is looked at, because no cheap sign tells such a pair; it costs one comparison.

    ## What to do

    Drop the record, or find a worse answer.

    ## Examples

    ```jsonl good
    {"prompt": "Is it raining?", "chosen": "No.", "rejected": "Who knows."}
    ```

    ```jsonl bad rejected
    {"prompt": "Is it raining?", "chosen": "No, it is not.", "rejected": "No, it is  not. "}
    ```

    ```jsonl bad non_preferred_output[0].content target=openai
    {"input": {"messages": [{"role": "user", "content": "Is it raining?"}]}, "preferred_output": [{"role": "assistant", "content": "No."}], "non_preferred_output": [{"role": "assistant", "content": "No."}]}
    ```

    Sources: ms-swift, ``swift/dataset/preprocessor/core.py`` (asserts that they differ); Microsoft Foundry's validator for
    preference data.
    """

    code = "PRF001"
    name = "identical-pair"
    severity = Severity.ERROR
    methods = frozenset({"preference"})
    wakes = Wake.ALWAYS

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding on the rejected answer where it is the chosen one."""
        example = record.example
        if example is None or not example.chosen or not example.rejected:
            return
        if said(example.chosen) == said(example.rejected):
            exact = [turn.text for turn in example.chosen] == [turn.text for turn in example.rejected]
            yield self.finding(
                "both answers are the same" + ("" if exact else " but for white space"),
                example.rejected[-1].text_at,
                severity=Severity.ERROR if context.target is not None else Severity.WARNING,
                help="drop the record or find a worse answer: nothing can be learnt from the pair, and ms-swift refuses it",
            )
