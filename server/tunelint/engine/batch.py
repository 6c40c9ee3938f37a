"""Checks the records of one batch: the pure heart that every way to lint shares."""

from collections.abc import Iterator, Sequence

from tunelint.core.finding import Finding
from tunelint.core.record import ABSENT, Record
from tunelint.engine.collector import Collector
from tunelint.engine.crash import Crashes
from tunelint.engine.ledger import Ledger
from tunelint.engine.plan import Plan
from tunelint.engine.sources.base import Batch
from tunelint.rules.base import Context, Wake
from tunelint.tokens import Counter
from tunelint.tokens.lengths import lengths_of, plain_lengths, turn_text

__all__ = ["check_batch", "check_record", "count_tokens", "findings_of"]


def check_batch(batch: Batch, plan: Plan, ledger: Ledger, collector: Collector, counter: Counter | None) -> Sequence[Record]:
    """Show each record to the rules that it concerns, and all to the ledger; return the records that are not blank."""
    always = plan.always
    odd = bool(batch.oversized or batch.broken)
    records: list[Record] = []
    for index, record in enumerate(plan.reader.read_block(batch.rows, batch.handle(0), batch.block)):
        raw = record.raw
        if odd and _set_aside(record, batch, index, plan, collector, records):
            continue
        if counter is not None and record.row is not None:
            count_tokens(record, counter, plan.context)
        if record.flags or always:
            check_record(record, batch, index, plan, collector)
        if raw and not raw.isspace():
            records.append(record)
    ledger.observe(records, collector.crashes)
    return records


def _set_aside(record: Record, batch: Batch, index: int, plan: Plan, collector: Collector, records: list[Record]) -> bool:
    """Deal with a row that is no record, or too long to be read as one."""
    if index in batch.oversized:
        record.value = ABSENT
        record.flags = int(Wake.OVERSIZED)
        record.faults = ()
        records.append(record)
    elif index not in batch.broken:
        return False
    check_record(record, batch, index, plan, collector)
    return True


def count_tokens(record: Record, counter: Counter, context: Context) -> None:
    """Set the token ids of each turn of a record, their lengths, and the flag of one that is too long."""
    texts = record.texts
    chat = context.format is not None and context.format.conversation
    if texts is not None:
        encode = counter.encode
        if record.roles[0] == "system":
            record.tokens = [counter.ids(texts[0]), *[encode(text) for text in texts[1:]]]
        else:
            record.tokens = [encode(text) for text in texts]
        record.lengths = plain_lengths(record.roles, record.tokens, chat=chat)
    else:
        example = record.example
        assert example is not None
        record.tokens = [counter.ids(turn_text(turn)) for turn in example.all_turns]
        record.lengths = lengths_of(example, record.tokens, chat=chat)
    if context.limit is not None and record.lengths.sequence > context.limit:
        record.flags |= Wake.LONG


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
