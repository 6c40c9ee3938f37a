"""FMT007: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Finding, Place, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake

_SIGNS: Final = (
    ("messages", frozenset({"messages"})),
    ("text", frozenset({"text"})),
    ("prompt and completion", frozenset({"prompt", "completion"})),
    ("preference", frozenset({"input", "preferred_output", "non_preferred_output"})),
)
"""The formats that Together tells apart, by their keys; a record must match exactly one."""

_TRL_KEYS: Final = frozenset({"messages", "prompt", "completion", "chosen", "rejected", "label"})
_TRL_SETS: Final = frozenset(
    {
        frozenset({"messages"}),
        frozenset({"prompt"}),
        frozenset({"prompt", "completion"}),
        frozenset({"prompt", "chosen", "rejected"}),
        frozenset({"chosen", "rejected"}),
        frozenset({"prompt", "completion", "label"}),
        frozenset[str](),
    }
)
"""The combinations of these keys that TRL takes: ``data_utils.py``, "Invalid keys in the example"."""

_TELLING: Final = frozenset({"together"})
"""Targets that are known to refuse a record of two formats."""


class AmbiguousFormat(RecordRule):
    """A record fits two formats at once, and the target wants exactly one.

    ## Why

    Together refuses the file: "found multiple formats in the input file". Elsewhere one of the two is read and the other ignored,
    and nobody says which.

    ## What to do

    Keep the keys of one format.

    ## Examples

    ```jsonl good target=together
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    ```

    ```jsonl bad text target=together
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}], "text": "Is it raining? No."}
    ```

    ```jsonl bad interactions[1].content
    {"interactions": [{"role": "user", "text": "Is it raining?"}, {"role": "assistant", "text": "No.", "content": "No."}]}
    ```

    ```jsonl bad completion target=trl
    {"prompt": "Is it raining?", "chosen": "No.", "rejected": "Who knows.", "completion": "No."}
    ```

    Sources: huggingface/trl, data_utils.py; together, utils/files.py; mistral-finetune, finetune/data/tokenize.py (exactly one of text and content).
    """

    code = "FMT007"
    name = "ambiguous-format"
    severity = Severity.ERROR
    wakes = Wake.FAULTY
    stage = "shape"
    early = True

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for a record that matches two formats, or has both of two keys that exclude each other."""
        for fault in record.faults:
            if fault.kind == "ambiguous":
                yield self.finding(
                    f"{fault.found} stand side by side", Place((*fault.path, "content")), help=f"keep one: {fault.expected}"
                )
        yield from self._inexact(record, context)
        value = record.value
        if context.target is None or context.target.name not in _TELLING:
            return
        matching = [(name, keys) for name, keys in _SIGNS if keys <= value.keys()]
        if len(matching) > 1:
            second = next(key for key in value if key in matching[1][1])
            names = " and ".join(name for name, _ in matching)
            yield self.finding(
                f"the record fits several formats: {names}",
                Place((second,), "key"),
                help=f"keep the keys of one format: {context.target.title} refuses a file with such records",
            )

    def _inexact(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for a combination of TRL's keys that is none of its formats, where the target reads no other."""
        if context.target is None or not any(dialect.exact_keys for _, dialect in context.dialects) or context.target.hosted:
            return
        keys = _TRL_KEYS.intersection(record.value)
        if keys in _TRL_SETS:
            return
        within = max((known for known in _TRL_SETS if known <= keys), key=len, default=None)
        if within is not None:
            extra = next(key for key in record.value if key in keys - within)
            yield self.finding(
                f"{context.target.title} refuses {extra!r} beside {', '.join(sorted(within))}",
                Place((extra,), "key"),
                help="keep the keys of one format: other combinations are invalid keys there",
            )
