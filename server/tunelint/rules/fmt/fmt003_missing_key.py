"""FMT003: see the class."""

from collections.abc import Iterator

from tunelint.core.fault import Fault
from tunelint.core.finding import Edit, Finding, Fix, Place, Severity
from tunelint.core.record import Record
from tunelint.formats.shape import kind_of
from tunelint.rules._places import value_at
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.rules.fmt._faults import SYNONYMS, faults_to_report, place_of_fault, where


class MissingKey(RecordRule):
    """A record, or an object in it, lacks a key that its format needs.

    ## Why

    Loaders fill what is missing with nothing, skip the record, or stop in the middle of a run. Mostly the key is there under a
    name that differs by its case or by a letter.

    ## What to do

    Add the key, or rename the one that was meant.

    ## Fix

    The safe fix renames a misspelt key. Where the only key that is not known stands in for the one that lacks, the unsafe fix renames
    it.

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

    ```jsonl bad messages[0]
    {"messages": [{"role": "user", "utterance": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    ```

    ```jsonl fixed
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    ```

    ```jsonl bad 2:
    {"instruction": "Name a colour.", "input": "", "output": "Blue."}
    {"instruction": "Name a fruit.", "input": ""}
    ```

    ```jsonl bad response target=trl
    {"prompt": "Name a colour:", "response": "blue"}
    ```

    ```jsonl fixed
    {"prompt": "Name a colour:", "completion": "blue"}
    ```

    ```jsonl good target=databricks
    {"prompt": "Name a colour:", "response": "blue"}
    ```

    Sources: openai-cookbook, Chat_finetuning_data_prep.ipynb (missing messages, role, content).
    """

    code = "FMT003"
    name = "missing-key"
    severity = Severity.ERROR
    fix = "either"
    wakes = Wake.FAULTY | Wake.RICH
    stage = "shape"
    unless = frozenset({"JSN003", "FMT008", "FMT007"})

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for each missing key."""
        yield from self._of_consumers(record, context)
        for fault in faults_to_report(record, context):
            if fault.kind != "missing-key":
                continue
            fix, meant = None, ""
            if isinstance(fault.suggestion, str):
                meant = f"; {fault.suggestion!r} is probably meant"
                edit = Edit("rename", (*fault.path, fault.suggestion), fault.key)
                fix = Fix(f"rename {fault.suggestion!r} to {fault.key!r}", "safe", (edit,))
                help_line = f"rename it to {fault.key!r}"
            elif instead := _instead(record, fault):
                meant = f", but has {instead!r}"
                help_line = f"rename {instead!r} if it holds what {fault.key!r} is for: {fault.expected}"
                edit = Edit("rename", (*fault.path, instead), fault.key)
                fix = Fix(f"rename {instead!r} to {fault.key!r}", "unsafe", (edit,))
            else:
                help_line = f"add {fault.key!r}: {fault.expected}"
            yield self.finding(f"{where(fault)} lacks {fault.key!r}{meant}", place_of_fault(fault), help=help_line, fix=fix)

    def _of_consumers(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield the keys that a record has under another name of its format, which some consumers do not know."""
        value = record.value
        if record.row is None or not isinstance(value, dict):
            return
        for key in sorted({key for _, dialect in context.dialects for key in dialect.needed_keys} - value.keys()):
            refusal = context.refusal(lambda dialect: key in dialect.needed_keys)  # noqa: B023
            other = next((name for name in value if name in SYNONYMS.get(key, ())), None)
            if refusal is None or other is None:
                continue
            yield self.finding(
                f"the record has {other!r} where {refusal.says('read')} {key!r}",
                Place((other,), "key"),
                severity=refusal.severity,
                help=f"rename it to {key!r}, which everybody who reads this format knows",
                fix=Fix(f"rename {other!r} to {key!r}", "safe", (Edit("rename", (other,), key),)),
            )


def _instead(record: Record, fault: Fault) -> str:
    """Return the only key that the object of a missing one has and the format does not know, if it holds a value of that kind."""
    here = [one for one in record.faults if one.path[:-1] == fault.path and one.kind == "unknown-key" and one.suggestion is None]
    lacking = sum(one.kind == "missing-key" and one.path == fault.path for one in record.faults)
    if len(here) != 1 or lacking != 1:
        return ""
    kind = kind_of(value_at(record, here[0].path))
    return here[0].key if kind in fault.expected else ""
