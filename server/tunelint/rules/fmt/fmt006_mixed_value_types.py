"""FMT006: see the class."""

from collections.abc import Hashable, Iterator, Sequence

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Handle, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, TallyRule, Wake, in_words
from tunelint.rules.fmt._faults import READ_WITH_DATASETS
from tunelint.rules.tol._calls import calls_of

_MIXED = frozenset({"trl", "axolotl"})
"""Those of them that ask for a version that reads mixed types, within one block of a file."""

_BLOCK = 10 << 20
"""Bytes of a block of datasets' JSON reader, whose first one fixes the types (5.2, run on such files)."""


class MixedValueTypes(TallyRule):
    r"""One key has values of different types over the file.

    ## Why

    Hugging Face `datasets`, with which most trainers read, wants one type a column: "Column changed from object to array", or it
    fills what does not fit with nulls, so that tool calls gain the arguments of other tools. An empty list in one record and text
    in another is enough, also inside messages: contents that are text in one turn and a list of parts in the next, or arguments of calls
    that are text here and an object there.

    ## What to do

    Write the key with one type everywhere; where that is impossible, as a JSON text.

    ## Examples

    ```jsonl good
    {"prompt": "1 + 1 =", "completion": " 2", "score": 1}
    {"prompt": "1 + 2 =", "completion": " 3", "score": 0.5}
    {"prompt": "1 + 3 =", "completion": " 4", "score": null}
    ```

    ```jsonl bad file
    {"prompt": "1 + 1 =", "completion": " 2", "tags": []}
    {"prompt": "1 + 2 =", "completion": " 3", "tags": "sum"}
    ```

    ```jsonl bad file
    {"messages": [{"role": "user", "content": "Bonn?"}, {"role": "assistant", "tool_calls": [{"function": {"name": "weather", "arguments": "{\"city\": \"Bonn\"}"}}]}]}
    {"messages": [{"role": "user", "content": "Ulm?"}, {"role": "assistant", "tool_calls": [{"function": {"name": "weather", "arguments": {"city": "Ulm"}}}]}]}
    ```

    ```jsonl good target=trl
    {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": [{"type": "text", "text": "Is it raining?"}]}, {"role": "assistant", "content": "No."}]}
    ```

    ```jsonl bad file target=llama-factory
    {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": [{"type": "text", "text": "Is it raining?"}]}, {"role": "assistant", "content": "No."}]}
    ```

    Sources: datasets 4.0 and 5.2, run on such files (TRL 1.16 and Axolotl 0.19 ask for 4.7 or later); huggingface/datasets issues 6460 and 7322; hiyouga/LlamaFactory issue 8805; modelscope/ms-swift issue 10110.
    """

    code = "FMT006"
    name = "mixed-value-types"
    severity = Severity.WARNING
    wakes = Wake.FAULTY | Wake.RICH | Wake.OTHER
    stage = "shape"

    def applies(self, context: Context) -> bool:
        """Only readers that want one type a column are concerned."""
        if context.target is None:
            return True
        size = context.file.size
        small = size is not None and size <= _BLOCK and not context.file.compression and context.file.container != "csv"
        return context.target.name in READ_WITH_DATASETS and not (small and context.target.name in _MIXED)

    def observe_many(self, records: Sequence[Record], context: Context) -> list[tuple[Hashable, Handle]]:
        """Return key and type of the values at the top of each record that its format does not rule."""
        found: list[tuple[Hashable, Handle]] = []
        for record in records:
            if isinstance(record.value, dict):
                found.extend(((key, _kind(value)), record.handle) for key, value in record.value.items() if value is not None)
                found.extend((item, record.handle) for item in _inside(record, context))
        return found

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield a finding for each key with several types."""
        kinds: dict[str, dict[str, int]] = {}
        for item, count in bag.counts.items():
            if isinstance(item, tuple):
                kinds.setdefault(item[0], {})[item[1]] = count
        for key, counts in sorted(kinds.items()):
            if len(counts) > 1:
                words = in_words(
                    [f"{kind} in {count:,}" for kind, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]
                )
                yield self.finding(
                    f"{key!r} has different types: {words} records",
                    help="write it with one type everywhere: readers with a table of columns refuse it or fill in nulls",
                )


def _inside(record: Record, context: Context) -> set[tuple[str, str]]:
    """Return the types of what messages hold: arguments, which no consumer takes in two ways, and with a target the contents."""
    messages = record.value.get("messages")
    if not isinstance(messages, list) or record.row is None or record.example is None:
        return set()
    calls = [call.arguments for _, call in calls_of(record.example)]
    kinds = {("arguments", _kind(one)) for one in calls if one is not None}
    if context.target is not None:
        contents = [one.get("content") for one in messages if isinstance(one, dict)]
        kinds |= {("content", _kind(one)) for one in contents if one is not None}
    return kinds


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "an object"
