"""Checks the records of one batch: the pure heart that every way to lint shares."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

from tunelint.core.block import PlainBlock
from tunelint.core.finding import Finding
from tunelint.core.record import ABSENT, Lengths, Record
from tunelint.engine.collector import Collector
from tunelint.engine.crash import Crashes
from tunelint.engine.ledger import Ledger
from tunelint.engine.plan import Plan
from tunelint.engine.sources.base import Batch
from tunelint.rules.base import Context, Wake
from tunelint.tokens import Counter
from tunelint.tokens.lengths import lengths_of, plain_lengths, turn_text

__all__ = ["Checked", "check_batch", "check_record", "count_tokens", "findings_of"]


class Checked(NamedTuple):
    """What a batch came to: records that are not blank, and the tokens of those whose shape stands."""

    records: int
    total: int
    trained: int


def check_batch(batch: Batch, plan: Plan, ledger: Ledger, collector: Collector, counter: Counter | None) -> Checked:
    """Show each record to the rules that it concerns, and those that are counted or compared to the ledger."""
    base = batch.handle(0)
    if batch.block is None or batch.oversized or batch.broken or (counter is not None and not plan.arrays):
        records = plan.reader.read_block(batch.rows, base, batch.block)
        return _check_each(records, batch, plan, ledger, collector, counter)
    number = total = trained = 0
    for part in plan.reader.read_parts(batch.rows, base, batch.block):
        if isinstance(part, PlainBlock):
            checked = _check_block(part, batch, plan, ledger, collector, counter)
        else:
            checked = _check_each(part, batch, plan, ledger, collector, counter)
        number += checked.records
        total += checked.total
        trained += checked.trained
    return Checked(number, total, trained)


def _check_block(
    block: PlainBlock, batch: Batch, plan: Plan, ledger: Ledger, collector: Collector, counter: Counter | None
) -> Checked:
    """Check records of the plain shape: only those that something woke are made one by one."""
    total = trained = 0
    if counter is not None:
        from tunelint.tokens.blocks import count_block

        context = plan.context
        counted = count_block(block, counter, chat=context.conversation)
        total, trained = int(counted.totals.sum()), int(counted.trained.sum())
        for index in counted.above(context.limit) if context.limit is not None else ():
            block.flags[index] = block.flags.get(index, 0) | int(Wake.LONG)
    before = block.base - batch.handle(0)
    for index in range(len(block)) if plan.always else sorted(block.flags):
        check_record(block[index], batch, before + index, plan, collector)
    ledger.observe(block, collector.crashes)
    return Checked(len(block), total, trained)


def _check_each(
    records: Sequence[Record], batch: Batch, plan: Plan, ledger: Ledger, collector: Collector, counter: Counter | None
) -> Checked:
    always, base = plan.always, batch.handle(0)
    odd = bool(batch.oversized or batch.broken)
    seen: list[Record] = []
    blank = total = trained = 0
    for record in records:
        index = cast("int", record.handle) - base
        if odd and index in batch.broken:
            check_record(_of_no_value(record), batch, index, plan, collector)
            blank += 1
            continue
        if odd and index in batch.oversized:
            record.value = ABSENT
            record.flags = int(Wake.OVERSIZED)
        elif not record.raw or record.raw.isspace():
            blank += 1
        if counter is not None and record.row is not None:
            lengths = count_tokens(record, counter, plan.context, arrays=plan.arrays)
            total += lengths.total
            trained += lengths.trained
        if record.flags or always:
            check_record(record, batch, index, plan, collector)
        if record.row is not None or record.flags & Wake.OVERSIZED or not record.raw.isspace():
            seen.append(record)
    ledger.observe(seen, collector.crashes)
    return Checked(len(records) - blank, total, trained)


def _of_no_value(record: Record) -> Record:
    """Return a part of the file that is no record, even where its text reads like one."""
    found = Record(record.raw, record.handle)
    found.value = ABSENT
    found.flags = int(Wake.UNREADABLE)
    return found


def count_tokens(record: Record, counter: Counter, context: Context, *, arrays: bool = False) -> Lengths:
    """Set the token ids of each turn of a record, its lengths, and the flag of one that is too long; return the lengths.

    With `arrays` ids that no other record shares are arrays of numpy.
    """
    texts = record.texts
    chat = context.conversation
    if texts is not None:
        encode = counter.encoder(len(record.raw), arrays=arrays)
        if record.roles[0] == "system":
            record.tokens = [counter.ids(texts[0]), *[encode(text) for text in texts[1:]]]
        else:
            record.tokens = [encode(text) for text in texts]
        lengths = plain_lengths(record.roles, record.tokens, chat=chat)
    else:
        example = record.example
        assert example is not None
        record.tokens = [counter.ids(turn_text(turn)) for turn in example.all_turns]
        lengths = lengths_of(example, record.tokens, chat=chat)
    record.lengths = lengths
    if context.limit is not None and lengths.sequence > context.limit:
        record.flags |= Wake.LONG
    return lengths


def check_record(record: Record, batch: Batch, index: int, plan: Plan, collector: Collector) -> None:
    """Run the rules that a record concerns and collect what they find."""
    for finding in findings_of(record, plan, collector.crashes):
        collector.add(finding, record, batch.origin(index), None)


def findings_of(record: Record, plan: Plan, crashes: Crashes) -> Iterator[Finding]:
    """Yield the findings of a record. A finding silences the rules that would only name its consequences."""
    found: set[str] = set()
    context = plan.context
    for rule in plan.rules_for(record.flags | plan.always):
        if rule.stage != "line" and (record.row is None if rule.stage == "meaning" else not isinstance(record.value, dict)):
            continue
        if rule.unless & found:
            continue
        try:
            for finding in rule.check(record, context):
                found.add(finding.code)
                yield finding
        except Exception as problem:  # one rule's crash must not end the run  # noqa: BLE001
            crashes.note(rule.code, problem)
