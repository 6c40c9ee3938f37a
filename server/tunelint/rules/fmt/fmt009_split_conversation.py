"""FMT009: see the class."""

from collections.abc import Hashable, Iterator
from typing import Final

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, TallyRule, Wake

_SHARE: Final = 0.5
"""Share of the records that must be pieces, for the file to be one that was split."""

_SINGLE: Final = {"system", "user", "assistant"}


class SplitConversation(TallyRule):
    """One conversation is spread over several records.

    ## Why

    A record is a whole example: a system turn alone on the first line does not hold for the lines below it, and a question on one
    line has nothing to do with the answer on the next. The model would learn answers to nothing.

    ## What to do

    Put all turns of a conversation into the `messages` of one record, the system turn into each.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hi!"}]}
    ```

    ```jsonl bad file
    {"messages": [{"role": "system", "content": "Be brief."}]}
    {"messages": [{"role": "user", "content": "Hi"}]}
    {"messages": [{"role": "assistant", "content": "Hi!"}]}
    {"messages": [{"role": "user", "content": "Bye"}]}
    {"messages": [{"role": "assistant", "content": "Bye!"}]}
    ```

    ```jsonl bad file
    {"role": "user", "content": "Hi"}
    {"role": "assistant", "content": "Hi!"}
    ```

    ```jsonl bad file
    {"prompt": "Is it raining?", "chosen": "No."}
    {"prompt": "Is it raining?", "rejected": "Who knows."}
    ```

    Sources: community.openai.com, topic 984806.
    """

    code = "FMT009"
    name = "split-conversation"
    severity = Severity.ERROR
    wakes = Wake.SINGLE | Wake.OTHER | Wake.FAULTY
    stage = "shape"
    replaces = frozenset({"CHT002", "CHT003", "CHT004", "CHT005", "FMT001", "FMT003", "DUP006", "PRF006"})

    def observe(self, record: Record, context: Context) -> Hashable:
        """Return whose turn a record is that holds one turn only, or which half of a pair."""
        value = record.value
        if ("chosen" in value) != ("rejected" in value):
            return "chosen" if "chosen" in value else "rejected"
        if isinstance(value.get("role"), str) and isinstance(value.get("content"), str):
            return str(value["role"])
        messages = value.get("messages", value.get("conversations"))
        if isinstance(messages, list) and len(messages) == 1 and isinstance(messages[0], dict):
            role = messages[0].get("role", messages[0].get("from"))
            return role if isinstance(role, str) else None
        return None

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding when turns of different speakers stand on lines of their own."""
        halves = [bag.counts.get(half, 0) for half in ("chosen", "rejected")]
        if all(halves) and sum(halves) >= _SHARE * context.file.records:
            yield self.finding(
                f"{sum(halves):,} of {context.file.records:,} records are halves of pairs: chosen and rejected on lines of their own",
                help="put chosen and rejected into one record, with their prompt",
            )
            return
        counts = {role: count for role, count in bag.counts.items() if role in _SINGLE}
        pieces = sum(counts.values())
        if not pieces or pieces < _SHARE * context.file.records or "assistant" not in counts or len(counts) < 2:
            lone = counts.get("system", 0)
            if lone and lone == pieces and lone < context.file.records:
                yield self.finding(
                    "a system turn stands in a record of its own",
                    handle=bag.first("system")[0],
                    help="a record is a whole conversation: put the system turn into each of them",
                )
            return
        yield self.finding(
            f"{pieces:,} of {context.file.records:,} records are single turns: conversations were split over lines",
            help="put all turns of a conversation into one record",
        )
