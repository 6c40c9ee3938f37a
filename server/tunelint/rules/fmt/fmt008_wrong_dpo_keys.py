"""FMT008: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Edit, Finding, Fix, Place, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake


class WrongDpoKeys(RecordRule):
    """The answers of preference data stand under names that the service does not read.

    ## Why

    OpenAI's published schema calls them `preferred_completion` and `non_preferred_completion`; its guide and its service read
    `preferred_output` and `non_preferred_output`. TRL's `chosen` and `rejected` are a third pair.

    ## What to do

    Rename the keys; the fix does.

    ## Examples

    ```jsonl good
    {"input": {"messages": [{"role": "user", "content": "Is it raining?"}]}, "preferred_output": [{"role": "assistant", "content": "No."}], "non_preferred_output": [{"role": "assistant", "content": "Who knows."}]}
    ```

    ```jsonl bad preferred_completion non_preferred_completion
    {"input": {"messages": [{"role": "user", "content": "Is it raining?"}]}, "preferred_completion": [{"role": "assistant", "content": "No."}], "non_preferred_completion": [{"role": "assistant", "content": "Who knows."}]}
    ```

    ```jsonl fixed
    {"input": {"messages": [{"role": "user", "content": "Is it raining?"}]}, "preferred_output": [{"role": "assistant", "content": "No."}], "non_preferred_output": [{"role": "assistant", "content": "Who knows."}]}
    ```

    Sources: openai/openai-openapi, FineTunePreferenceRequestInput; OpenAI's guide to direct preference optimization.
    """

    code = "FMT008"
    name = "wrong-dpo-keys"
    severity = Severity.ERROR
    fix = "safe"
    wakes = Wake.FAULTY
    stage = "shape"
    early = True

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for each misnamed answer."""
        for fault in record.faults:
            if fault.kind == "wrong-key":
                yield self.finding(
                    f"the service reads {fault.suggestion!r}, not {fault.key!r}",
                    Place(fault.path, "key"),
                    help="rename the key; the published schema is wrong here",
                    fix=Fix(f"rename to {fault.suggestion!r}", "safe", (Edit("rename", fault.path, fault.suggestion),)),
                )
