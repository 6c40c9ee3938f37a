"""FMT004: see the class."""

from collections.abc import Iterator

from tunelint.core.fault import Fault
from tunelint.core.finding import Edit, Finding, Fix, Place, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.rules.fmt._faults import SYNONYMS, faults_to_report, is_of_another_format


class UnknownKey(RecordRule):
    """A record has a key that the target refuses, or that looks like a misspelt one.

    ## Why

    Some services refuse a record for one key too many. Others ignore what they do not know, so a misspelt `wieght` is no weight:
    the turn is trained on, and nobody is told. Columns that no trainer reads, such as an id, are harmless and not reported unless
    the target refuses them.

    ## What to do

    Remove the key, or spell it right.

    ## Fix

    The unsafe fix removes the key with its value; a misspelt key is renamed.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}], "id": 17}
    ```

    ```jsonl bad messages[1].wieght
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No.", "wieght": 0}]}
    ```

    ```jsonl fixed
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No.", "weight": 0}]}
    ```

    ```jsonl bad id target=together
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}], "id": 17}
    ```

    ```jsonl fixed
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    ```

    Sources: together, utils/files.py (found extra column); Amazon Bedrock's validator for Claude; cookbook (unrecognized key).
    """

    code = "FMT004"
    name = "unknown-key"
    severity = Severity.WARNING
    fix = "unsafe"
    wakes = Wake.FAULTY | Wake.RICH
    stage = "shape"
    unless = frozenset({"JSN003", "FMT008", "FMT007", "FMT002"})

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for each key that is refused or misspelt."""
        reported = set()
        for path in self._refused(record, context):
            reported.add(path)
            key = str(path[-1])
            assert context.target is not None
            yield self.finding(
                f"{context.target.title} refuses the key {key!r}",
                Place(path, "key"),
                severity=Severity.ERROR,
                help="remove it: the upload or the job fails on a key it does not know",
                fix=Fix(f"remove {key!r} and its value", "unsafe", (Edit("delete", path),)),
            )
        for fault in faults_to_report(record, context):
            if fault.kind == "unknown-key" and fault.path not in reported and isinstance(fault.suggestion, str):
                yield self._misspelt(fault)

    def _misspelt(self, fault: Fault) -> Finding:
        return self.finding(
            f"the format has no key {fault.key!r}; {fault.suggestion!r} is probably meant",
            Place(fault.path, "key"),
            help="a key that nobody knows is ignored without a word",
            fix=Fix(f"rename {fault.key!r} to {fault.suggestion!r}", "unsafe", (Edit("rename", fault.path, fault.suggestion),)),
        )

    def _refused(self, record: Record, context: Context) -> Iterator[tuple[str | int, ...]]:
        """Yield the paths of keys that the target does not take."""
        dialect = context.dialect
        if dialect is None or not isinstance(record.value, dict) or is_of_another_format(record, context):
            return
        if dialect.row_keys is not None:
            lacking = dialect.needed_keys - record.value.keys()
            standing_in = {other for key in lacking for other in SYNONYMS.get(key, ())}  # FMT003 names these
            yield from ((key,) for key in record.value if key not in dialect.row_keys and key not in standing_in)
        if dialect.message_keys is not None:
            for name in ("messages", "preferred_output", "non_preferred_output"):
                yield from _message_keys(record.value.get(name), (name,), dialect.message_keys)
            given = record.value.get("input")
            if isinstance(given, dict):
                yield from _message_keys(given.get("messages"), ("input", "messages"), dialect.message_keys)


def _message_keys(messages: object, at: tuple[str | int, ...], known: frozenset[str]) -> Iterator[tuple[str | int, ...]]:
    if isinstance(messages, list):
        for index, message in enumerate(messages):
            if isinstance(message, dict):
                yield from ((*at, index, key) for key in message if key not in known)
