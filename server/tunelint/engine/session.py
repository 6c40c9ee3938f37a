"""Follows the edits of one JSON Lines document, so that a keystroke costs the lines it touches and not the document.

A line is read and checked once; what the tally and group rules keep of it is added to their states and taken back when the line
goes. After any edits the findings are those of a fresh run over the same text, which a property test holds it to.

Reading may be spread over many small steps, with edits between them: `read` goes on until it is told to stop.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import msgspec

from tunelint.advice.sample import Sample
from tunelint.core.dataset import FileFacts, TokenTotals
from tunelint.core.diagnostic import Diagnostic, FileReport, Skipped
from tunelint.core.finding import Finding, Handle
from tunelint.core.pulse import no_pulse, pulsed
from tunelint.core.record import Record
from tunelint.engine.advising import judge_file, judged, say
from tunelint.engine.batch import count_tokens, findings_of
from tunelint.engine.collector import Collector
from tunelint.engine.crash import Crashes
from tunelint.engine.ledger import reported, seen_by
from tunelint.engine.linter import HEAD_BYTES, Linter, Request
from tunelint.engine.live import Line, LiveBag, LiveFindings, LiveGroups
from tunelint.engine.locate import Origin, locate_finding
from tunelint.engine.placing import Standing, place_findings
from tunelint.engine.plan import Plan, observes
from tunelint.engine.sources.opening import open_stream
from tunelint.engine.sources.streams import from_bytes
from tunelint.engine.torn import is_within
from tunelint.text.lines import LineStore, Position, line_body
from tunelint.tokens import Counter, counter_for

if TYPE_CHECKING:
    from tunelint.advice.verdict import Verdict

__all__ = ["Session", "Touched"]

_AT_ONCE: Final = 64
_AT_ONCE_CHARACTERS: Final = 64 << 10
"""Lines and characters of the largest edit whose lines are read within `edit`; those of a larger one wait for `read`."""

_STEP: Final = 64
_STEP_CHARACTERS: Final = 32 << 10
"""Lines and characters that `read` takes in one step: a few milliseconds."""

_PULSE: Final = 1 << 12
"""Lines that are sampled between two looks at whether the verdict is still wanted."""

_MARK: Final = 3
"""Bytes of a byte order mark."""

_LONGEST_END: Final = 2


class Touched(NamedTuple):
    """What an edit did: `removed` lines from `first` on were replaced by `inserted` ones, which were read or wait to be."""

    first: int
    removed: int
    inserted: int
    read: bool


class Session:
    """One open document. `edit` follows the editor, `read` reads what is new, `diagnostics` gives what is to be shown."""

    def __init__(self, name: str, text: str, request: Request, *, pulse: Callable[[], None] = no_pulse) -> None:
        """Look at the head of the text; raises ValueError for one that is no JSON Lines, which has no lines to follow.

        `pulse` is called now and then while `diagnostics` works, and may raise to give up.
        """
        self.name = name
        self.request = request
        self.store = LineStore(text)
        self.skipped: list[Skipped] = []
        self._pulse = pulse
        self._lines: list[Line] = []
        self.verdict: Verdict | None = None
        """What `advise` came to last."""
        self._advice: tuple[Finding, ...] = ()
        self._stale = self._head_touched = False
        self._head_lines = self._cursor = self._unread = 0
        self._start(self._look())

    @property
    def unread(self) -> int:
        """How many lines wait to be read."""
        return self._unread

    @property
    def settled(self) -> bool:
        """Whether every line was read, and nothing has touched the head of the document since it was last looked at."""
        return not self._unread and not self._head_touched

    def edit(self, start: Position, end: Position, text: str) -> Touched:
        """Carry out an edit and read its lines, if they are few."""
        splice = self.store.splice(start, end, text)
        first, stop = splice.first, splice.first + splice.removed
        old = self._lines[first:stop]
        fresh = [Line(first + number) for number in range(splice.inserted)]
        self._lines[first:stop] = fresh
        self._stale = self._stale or splice.inserted != splice.removed
        self._head_touched = self._head_touched or first <= self._head_lines
        for line in old:
            if line.rows is None:
                self._unread -= 1
            else:
                self._take(line)
        self._unread += len(fresh)
        at_once = len(fresh) <= _AT_ONCE and len(text) <= _AT_ONCE_CHARACTERS
        if at_once:
            self._read_some(range(first, first + len(fresh)))
        else:
            self._cursor = min(self._cursor, first)
        if first < self._cursor:
            self._cursor = max(first, self._cursor + splice.inserted - splice.removed) if at_once else first
        return Touched(first, splice.removed, splice.inserted, at_once)

    def read(self, stop: Callable[[], bool] | None = None, lines: range | None = None) -> None:
        """Read lines that wait, from the first one on or only those of a range, until `stop` says so; some are always read."""
        if lines is not None:
            self._read_some([index for index in lines if index < len(self._lines) and self._lines[index].rows is None])
            return
        while self._unread:
            some: list[int] = []
            characters = 0
            while len(some) < self._unread and len(some) < _STEP and characters < _STEP_CHARACTERS:
                if self._lines[self._cursor].rows is None:
                    some.append(self._cursor)
                    characters += len(self.store.lines[self._cursor])
                self._cursor += 1
            self._read_some(some)
            if stop is not None and stop():
                return

    def settle(self) -> bool:
        """Look at the head again where it was touched; tell whether all lines must be read anew because of what stands there.

        Raises ValueError when the document is no JSON Lines any more.
        """
        if not self._head_touched:
            return False
        linter = self._look()
        if _plan_key(linter) != self._key:
            self._start(linter)
            return True
        self._head_touched = False
        self._head_lines = self._measure_head()
        old, new = self._plan.context, linter.context
        old.confidence, old.nearest, old.columns = new.confidence, new.nearest, new.columns
        old.readable, old.registry = new.readable, new.registry
        return False

    def located(self, lines: Iterable[int]) -> list[Diagnostic]:
        """Return what record rules say of some lines: a quick answer to a keystroke."""
        found = []
        for index in lines:
            line = self._lines[index]
            record = self._record(line, index) if line.findings else None
            for finding in line.findings:
                if record is None or finding.code in self._plan.silent:
                    continue
                severity = self._plan.severities.get(finding.code, finding.severity)
                name = self._plan.rules[finding.code].name
                one = msgspec.structs.replace(finding, severity=severity)
                if one.fix is not None and line.blank and is_within(self.store.lines, index):
                    one = msgspec.structs.replace(one, fix=None)
                found.append(
                    locate_finding(one, record, Origin(index + 1), path=self.name, name=name, related=lambda handle: None)
                )
        return found

    @property
    def record_codes(self) -> frozenset[str]:
        """The codes of rules whose findings `located` gives."""
        return frozenset(self._plan.rules) - {rule.code for rule in (*self._plan.tallies, *self._plan.groups, *self._plan.advice)}

    def diagnostics(self) -> list[Diagnostic]:
        """Return all that is to be shown: once the session is `settled`, what a fresh run over the same text says."""
        plan = self._plan
        self._count_through()
        collector = Collector(plan, self.name)
        collector.crashes.merge(self._crashes)
        self._collect(collector)
        if not self._unread:
            known = (one for one in self._advice if one.handle is None or self._stands(one.handle))
            place_findings(chain(self._findings(collector.crashes), known), plan, collector, _index_of, self._standing)
        else:
            self._update_facts()
        self.skipped = collector.crashes.skipped(self.name)
        collector.withdraw_fixes([number for number in collector.mended_blanks() if is_within(self.store.lines, number - 1)])
        return collector.diagnostics()

    def findings(self) -> Iterator[Finding]:
        """Yield what tally and group rules say of the whole document, all of which was read."""
        return self._findings(self._crashes)

    def _findings(self, crashes: Crashes) -> Iterator[Finding]:
        plan = self._plan
        self._count_through()
        self._update_facts()
        for bag in self._bags:
            bag.settle()
        bags = {rule.code: bag for rule, bag in zip(plan.tallies, self._bags, strict=True)}
        groups = {rule.code: live for rule, live in zip(plan.groups, self._groups, strict=True) if rule not in plan.later}
        for finding in reported(plan, bags, groups, crashes):
            self._pulse()
            yield finding

    def advise(self) -> bool:
        """Compute the verdict on the document, whether to fine-tune on it at all, and what slow rules say of it.

        Tells whether that differs from what was shown. It takes up to some seconds, in which `pulse` is called, so it is never
        done by itself: call this in the background, once the session is settled and its findings were shown. What it comes to
        is among the `diagnostics` from then on, as far as its lines still stand, until the next call or until all lines are
        read anew.
        """
        before, verdict_before = self._advice, self.verdict
        self._count_through()
        self._update_facts()
        sample = Sample()
        for line in pulsed(self._lines, _PULSE, self._pulse):
            if line.identity:
                sample.add(line.identity, line)
        crashes = Crashes()
        verdict = judge_file(self._plan, sample, lambda: judged(sample, self._fetch, self._pulse), crashes)
        found = list(say(self._plan, verdict, crashes)) if verdict is not None else []
        for rule, live in zip(self._plan.groups, self._groups, strict=True):
            if rule in self._plan.later:
                with crashes.guard(rule.code):
                    found.extend(rule.report(live, self._plan.context))
        self._advice = tuple(found)
        self.verdict = verdict
        self._crashes.merge(crashes)
        return self._advice != before or verdict != verdict_before

    def _stands(self, handle: Handle) -> bool:
        """Tell whether a line is still in the document, once its lines were counted through."""
        assert isinstance(handle, Line)
        return handle.index < len(self._lines) and self._lines[handle.index] is handle

    def line(self, index: int) -> Handle | None:
        """Return what names a line for as long as nobody edits it, None where there is no such line."""
        return self._lines[index] if 0 <= index < len(self._lines) else None

    def index_of(self, line: Handle) -> int | None:
        """Return where a line stands now, None where it was edited or is gone."""
        self._count_through()
        return _index_of(line) if self._stands(line) else None

    def lines_with_findings(self, more: Iterable[Line]) -> list[Line]:
        """Return the lines that record rules found something in, and `more` lines, in the order of the document."""
        self._count_through()
        return sorted(self._found.lines() | set(more), key=_index_of)

    def lengths(self, lines: range) -> list[tuple[int, int, int]]:
        """Return line, tokens and trained tokens of those lines that hold a record and were read."""
        return [(index, line.total, line.trained) for index in lines if (line := self._lines[index]).total]

    def report(self, diagnostics: list[Diagnostic]) -> FileReport:
        """Return what is known of the document, with these diagnostics."""
        context = self._plan.context
        return FileReport(
            path=self.name,
            format=context.format.name if context.format is not None else None,
            confidence=round(context.confidence, 3),
            method=context.method,
            target=context.target.name if context.target is not None else None,
            container=context.file.container,
            records=context.file.records,
            bytes=context.file.size,
            tokens=context.tokens,
            diagnostics=diagnostics,
            skipped=self.skipped,
        )

    def record(self, index: int) -> Record:
        """Return the record of a line, with its tokens counted where they are wanted."""
        record = self._record(self._lines[index], index)
        if self._counter is not None and record.row is not None:
            count_tokens(record, self._counter, self._plan.context)
        return record

    @property
    def plan(self) -> Plan:
        """The rules that run and what they are told."""
        return self._plan

    def _look(self) -> Linter:
        """Find out from its head what the document is."""
        head: list[str] = []
        size = 0
        for line in self.store.lines:
            head.append(line)
            size += max(len(line) - _LONGEST_END, 0)
            if size > HEAD_BYTES:
                break
        stream = from_bytes("".join(head).encode("utf-8", "surrogatepass"), self.name)
        if len(head) < len(self.store.lines):
            stream.size = sum(map(len, self.store.lines))
        linter = Linter(open_stream(stream), self.request)
        if linter.source.facts.container != "jsonl":
            raise ValueError(f"{self.name} is no JSON Lines document")
        return linter

    def _start(self, linter: Linter) -> None:
        """Begin to read all of the document."""
        self._plan = linter.plan
        self._key = _plan_key(linter)
        self._crashes = Crashes()
        self._counter: Counter | None = counter_for(linter.context.encoding) if self._plan.needs_tokens else None
        self._bags = [LiveBag(rule) for rule in self._plan.tallies]
        self._groups = [LiveGroups(rule, number, self._pulse) for number, rule in enumerate(self._plan.groups)]
        self._observing = [(number, rule) for number, rule in enumerate(self._plan.tallies) if observes(rule)]
        self._found = LiveFindings()
        self.verdict = None
        self._advice = ()
        self._size = self._records = self._tokens = self._trained = 0
        self._ends = {"\n": 0, "\r\n": 0, "\r": 0, "": 0}
        self._lines = [Line(index) for index in range(len(self.store.lines))]
        self._unread = len(self._lines)
        self._cursor = 0
        self._stale = self._head_touched = False
        self._head_lines = self._measure_head()

    def _measure_head(self) -> int:
        """Return the line up to which an edit may change what the document is taken for."""
        size = 0
        for index, line in enumerate(self.store.lines):
            size += max(len(line) - _LONGEST_END, 0)
            if size > HEAD_BYTES:
                return index
        return len(self.store.lines)

    def _record(self, line: Line, index: int) -> Record:
        body = line_body(self.store.lines[index])
        if not index and self._plan.context.file.bom:
            body = body.removeprefix("\ufeff")
        return self._plan.reader.read(body.encode("utf-8", "surrogatepass"), line)

    def _read_some(self, indices: Sequence[int]) -> None:
        """Read and check some lines, and add what is kept of them."""
        records = []
        for index in indices:
            line = self._lines[index]
            self._unread -= 1
            text = self.store.lines[index]
            body = line_body(text)
            line.end = text[len(body) :]
            line.rows = ()
            if text:
                record = self._record(line, index)
                line.blank = not record.raw.strip()
                line.size = len(record.raw) + len(line.end) + (_MARK if not index and self._plan.context.file.bom else 0)
                self._check(record, line)
                if not line.blank:
                    records.append(record)
        self._observe(records)
        for index in indices:
            self._put(self._lines[index])

    def _check(self, record: Record, line: Line) -> None:
        plan = self._plan
        if self._counter is not None and record.row is not None:
            lengths = count_tokens(record, self._counter, plan.context, arrays=plan.arrays)
            line.total, line.trained = lengths.total, lengths.trained
        if record.flags or plan.always:
            line.findings = tuple(findings_of(record, plan, self._crashes))

    def _observe(self, records: Sequence[Record]) -> None:
        """Keep of each record what tally and group rules want of it."""
        plan = self._plan
        items: dict[Handle, list[tuple[int, Hashable]]] = {}
        for number, rule in self._observing:
            with self._crashes.guard(rule.code):
                for item, handle in rule.observe_many(seen_by(rule, records, plan), plan.context):
                    items.setdefault(handle, []).append((number, item))
        meant = [record for record in records if record.row is not None]
        if plan.advice:
            for record in meant:
                cast("Line", record.handle).identity = record.identity
        rows: dict[Handle, list[tuple[tuple[int, ...], int] | None]] = {}
        for number, group in enumerate(plan.groups):
            with self._crashes.guard(group.code):
                found = group.rows(records if group.stage == "shape" else meant, plan.context)
                keys, width = found.keys.tolist(), group.width
                for place, (handle, item) in enumerate(zip(found.handles, found.items, strict=True)):
                    kept = rows.setdefault(handle, [None] * len(plan.groups))
                    kept[number] = tuple(keys[place * width : (place + 1) * width]), item
        for handle, pairs in items.items():
            cast("Line", handle).items = tuple(pairs)
        for handle, kept in rows.items():
            cast("Line", handle).rows = tuple(kept)

    def _put(self, line: Line) -> None:
        self._tally(line, 1)
        self._found.put(line)
        for number, item in line.items:
            self._bags[number].put(item, line)
        for group, row in zip(self._groups, line.rows or (), strict=False):
            if row is not None:
                group.put(line, *row)

    def _take(self, line: Line) -> None:
        self._tally(line, -1)
        self._found.take(line)
        for number, item in line.items:
            self._bags[number].take(item, line)
        for group, row in zip(self._groups, line.rows or (), strict=False):
            if row is not None:
                group.take(line, *row)

    def _tally(self, line: Line, sign: int) -> None:
        self._size += sign * line.size
        self._records += sign * (not line.blank)
        self._ends[line.end] += sign
        self._tokens += sign * line.total
        self._trained += sign * line.trained

    def _collect(self, collector: Collector) -> None:
        """Show the first findings of each record rule, and count the rest."""
        plan = self._plan
        for code in self._found.codes():
            if code in plan.silent:
                continue
            shown = 0
            for line in self._found.first(code, collector.most_shown(code)):
                record = Record(self._record(line, line.index).raw, line)
                for finding in line.findings:
                    if finding.code == code:
                        collector.add(finding, record, Origin(line.index + 1), None, rank=line.index)
                        shown += finding.count
            collector.count_more(code, self._found.count(code) - shown, self._found.worst(code))

    def _count_through(self) -> None:
        """Tell each line its place, where that has changed."""
        if self._stale:
            for index, line in enumerate(self._lines):
                line.index = index
            self._stale = False

    def _update_facts(self) -> None:
        context = self._plan.context
        facts: FileFacts = context.file
        facts.size, facts.records = self._size, self._records
        facts.lf, facts.crlf, facts.cr = self._ends["\n"], self._ends["\r\n"], self._ends["\r"]
        facts.final_newline = not self.store.lines[-1]
        facts.lines = len(self._lines) - (not self.store.lines[-1])
        if self._counter is not None:
            context.tokens = TokenTotals(self._tokens, self._trained, self._counter.encoding)
        context.pulse = self._pulse
        context.fetch = self._fetch

    def _fetch(self, handles: Iterable[Handle]) -> dict[Handle, Record]:
        return {handle: standing.record for handle, standing in self._standing(handles).items()}

    def _standing(self, handles: Iterable[Handle]) -> dict[Handle, Standing]:
        return {
            line: Standing(self._record(line, line.index), Origin(line.index + 1))
            for line in handles
            if isinstance(line, Line) and line.index < len(self._lines) and self._lines[line.index] is line
        }


def _plan_key(linter: Linter) -> object:
    """Return everything about a document that its head decides and that the check of a line may rest on."""
    context = linter.context
    facts = context.file
    return context.format, context.common_shingles, facts.container, facts.bom, facts.foreign_encoding


def _index_of(handle: Handle) -> int:
    assert isinstance(handle, Line)
    return handle.index
