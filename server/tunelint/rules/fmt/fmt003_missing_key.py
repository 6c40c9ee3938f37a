"""FMT003: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Edit, Finding, Fix, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.rules.fmt._faults import faults_to_report, place_of_fault, where


class MissingKey(RecordRule):
    """A record, or an object in it, lacks a key that its format needs.

    ## Why

    Loaders fill what is missing with nothing, skip the record, or stop in the middle of a run. Mostly the key is there under a
    name that differs by its case or by a letter.

    ## What to do

    Add the key, or rename the one that was meant. The fix renames where only one name can be meant.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    ```

    ```jsonl bad messages[0]
    {"messages": [{"role": "user", "contnet": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    ```

    ```jsonl fixed
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    ```

    ```jsonl bad 2:
    {"instruction": "Name a colour.", "input": "", "output": "Blue."}
    {"instruction": "Name a fruit.", "input": ""}
    ```

    Sources: openai-cookbook, Chat_finetuning_data_prep.ipynb (missing messages, role, content).
    """

    code = "FMT003"
    name = "missing-key"
    severity = Severity.ERROR
    fix = "safe"
    wakes = Wake.FAULTY
    stage = "shape"
    unless = frozenset({"JSN003", "FMT008", "FMT007"})

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for each missing key."""
        for fault in faults_to_report(record, context):
            if fault.kind != "missing-key":
                continue
            fix, meant = None, ""
            if isinstance(fault.suggestion, str):
                meant = f"; {fault.suggestion!r} is probably meant"
                edit = Edit("rename", (*fault.path, fault.suggestion), fault.key)
                fix = Fix(f"rename {fault.suggestion!r} to {fault.key!r}", "safe", (edit,))
            yield self.finding(
                f"{where(fault)} lacks {fault.key!r}{meant}",
                place_of_fault(fault),
                help=f"add {fault.key!r}: {fault.expected}" if fix is None else f"rename it to {fault.key!r}",
                fix=fix,
            )
