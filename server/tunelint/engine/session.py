"""Follows the edits of one JSON Lines document, so that a keystroke costs the lines it touches and not the document.

A line is read and checked once; what the tally and group rules keep of it is added to their states and taken back when the line
goes. After any edits the findings are those of a fresh run over the same text, which a property test holds it to.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence

from tunelint.core.bag import FIRST_PLACES, Bag
from tunelint.core.dataset import FileFacts, TokenTotals
from tunelint.core.diagnostic import Diagnostic, FileReport, Skipped
from tunelint.core.finding import Finding, Handle
from tunelint.core.record import Lengths, Record
from tunelint.engine.batch import count_tokens, findings_of
from tunelint.engine.collector import Collector
from tunelint.engine.crash import Crashes
from tunelint.engine.ledger import paired, reported, seen_by
from tunelint.engine.linter import Linter, Request
from tunelint.engine.locate import Origin
from tunelint.engine.placing import Standing, place_findings
from tunelint.engine.plan import Plan, observes
from tunelint.engine.sources.jsonlines import JsonLines
from tunelint.engine.sources.opening import open_stream
from tunelint.engine.sources.streams import from_bytes
from tunelint.formats.detect import SAMPLE
from tunelint.rules.base import Group, GroupRule, Member, Pair
from tunelint.text.lines import LineStore, Position, line_body
from tunelint.tokens import Counter, counter_for

__all__ = ["Session"]


class _Line:
    """What is kept of one line: its findings, and what each whole-file rule was given of it."""

    __slots__ = ("body", "end", "findings", "index", "items", "lengths", "rows")

    def __init__(self, body: str, end: str) -> None:
        self.body = body
        self.end = end
        self.index = 0
        self.findings: list[Finding] = []
        self.items: dict[str, list[Hashable]] = {}
        self.rows: dict[str, tuple[Sequence[int], int]] = {}
        self.lengths: Lengths | None = None

    @property
    def raw(self) -> bytes:
        """The line as a file would hold it."""
        return self.body.encode("utf-8", "surrogatepass")

    @property
    def blank(self) -> bool:
        """Whether the line holds no record."""
        return not self.body.strip(" \t\r\n\x0b\x0c")


class _LiveBag(Bag):
    """A bag that can be taken from. It counts without a limit, and finds places by looking through the lines."""

    def __init__(self, code: str, limit: int, kinds: tuple[str, ...], lines: Sequence[_Line]) -> None:
        super().__init__(limit, kinds)
        self._code = code
        self._lines = lines
        self._all: dict[Hashable, int] = {}

    def put(self, item: Hashable) -> None:
        """Count an item."""
        self._all[item] = self._all.get(item, 0) + 1

    def take(self, item: Hashable) -> None:
        """Take an item back."""
        left = self._all[item] - 1
        if left:
            self._all[item] = left
        else:
            del self._all[item]

    def settle(self, lines: Sequence[_Line]) -> None:
        """Show what a bag that read the file from start to end would show."""
        self._lines = lines
        different: dict[str, int] = {}
        for item in self._all:
            kind = self._kind(item)
            different[kind] = different.get(kind, 0) + 1
        self.overflown_kinds = {kind for kind, count in different.items() if count > self.limit}
        self.counts = {item: count for item, count in self._all.items() if self._kind(item) not in self.overflown_kinds}

    def first(self, item: Hashable) -> list[Handle]:
        """Return the first records that `item` was seen in."""
        found: list[Handle] = []
        for line in self._lines:
            found.extend([line] * line.items.get(self._code, []).count(item))
            if len(found) >= FIRST_PLACES:
                break
        return found[:FIRST_PLACES]


class _LiveGroups:
    """Records by key, in dicts that can be taken from."""

    def __init__(self, rule: GroupRule) -> None:
        self._code = rule.code
        self._lines: dict[int, dict[_Line, None]] = {}
        self._items: dict[int, int] = {}
        self.records = 0

    def put(self, line: _Line, keys: Sequence[int], item: int) -> None:
        """Add a record."""
        self.records += 1
        self._items[item] = self._items.get(item, 0) + 1
        for key in keys:
            if key:
                self._lines.setdefault(key, {})[line] = None

    def take(self, line: _Line, keys: Sequence[int], item: int) -> None:
        """Take a record back."""
        self.records -= 1
        self._items[item] -= 1
        if not self._items[item]:
            del self._items[item]
        for key in set(keys) - {0}:
            members = self._lines[key]
            del members[line]
            if not members:
                del self._lines[key]

    def __iter__(self) -> Iterator[Group]:
        for members in self._crowds():
            yield Group([Member(line, line.rows[self._code][1]) for line in members])

    def _crowds(self) -> Iterator[list[_Line]]:
        for key in sorted(key for key, members in self._lines.items() if len(members) > 1):
            yield sorted(self._lines[key], key=lambda line: line.index)

    def distinct_items(self) -> int:
        """Return how many different items the records have."""
        return len(self._items)

    def pairs(self, least: int) -> list[Pair]:
        """Return pairs of records that share at least so many keys: see `rules.base.Groups.pairs`."""
        code = self._code
        firsts: dict[int, _Line] = {}
        for line in sorted({line for members in self._lines.values() for line in members}, key=_index_of):
            firsts.setdefault(line.rows[code][1], line)
        crowds = ([line for line in members if firsts[line.rows[code][1]] is line] for members in self._crowds())
        found = paired(crowds, lambda line: line.rows[code][0], least)
        return [Pair(*pair) for pair in sorted(found, key=lambda pair: (pair[1].index, pair[0].index))]


class Session:
    """One open document. `edit` follows the editor, `diagnostics` gives what is to be shown."""

    def __init__(self, name: str, text: str, request: Request) -> None:
        """Read the whole text once; raises ValueError for a text that is no JSON Lines, which has no lines to follow."""
        self.name = name
        self.request = request
        self.store = LineStore(text)
        self.skipped: list[Skipped] = []
        self._lines: list[_Line] = []
        self._start()

    def edit(self, start: Position, end: Position, text: str) -> range:
        """Carry out an edit; return the lines that were checked anew."""
        splice = self.store.splice(start, end, text)
        old = self._lines[splice.first : splice.first + splice.removed]
        fresh = [self._make(line) for line in self.store.lines[splice.first : splice.first + splice.inserted]]
        self._lines[splice.first : splice.first + splice.removed] = fresh
        if splice.first <= self._head_lines and self._context_changed():
            self._start()
            return range(len(self._lines))
        for line in old:
            self._take(line)
        for line in fresh:
            self._put(line)
        return range(splice.first, splice.first + splice.inserted)

    def record_findings(self, lines: Iterable[int]) -> list[Finding]:
        """Return the findings of single records on some lines, for a quick answer to a keystroke."""
        return [finding for index in lines for finding in self._lines[index].findings]

    def diagnostics(self) -> list[Diagnostic]:
        """Return all that is to be shown: what a fresh run over the same text says."""
        plan = self._plan
        self._settle()
        collector = Collector(plan, self.name)
        collector.crashes.merge(self._crashes)
        for line in self._lines:
            if line.findings:
                record = Record(line.raw, line)
                for finding in line.findings:
                    collector.add(finding, record, Origin(line.index + 1), None, rank=line.index)
        place_findings(reported(plan, self._bags, self._groups, collector.crashes), plan, collector, _index_of, self._standing)
        self.skipped = collector.crashes.skipped(self.name)
        return collector.diagnostics()

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

    def _start(self) -> None:
        """Find out what the document is and check all of it."""
        linter = self._fresh_linter()
        if not isinstance(linter.source, JsonLines):
            raise ValueError(f"{self.name} is no JSON Lines document")  # the text, not its type, is wrong  # noqa: TRY004
        self._linter = linter
        self._plan: Plan = linter.plan
        self._head = _head_key(linter)
        self._crashes = Crashes()
        self._counter: Counter | None = counter_for(linter.context.encoding) if self._plan.needs_tokens else None
        self._bags = {rule.code: _LiveBag(rule.code, rule.limit, rule.kinds, self._lines) for rule in self._plan.tallies}
        self._groups = {rule.code: _LiveGroups(rule) for rule in self._plan.groups}
        self._size = self._records = self._tokens = self._trained = 0
        self._ends = {"\n": 0, "\r\n": 0, "\r": 0, "": 0}
        self._lines = [self._make(line) for line in self.store.lines]
        for line in self._lines:
            self._put(line)
        self._head_lines = self._measure_head()

    def _fresh_linter(self) -> Linter:
        text = self.store.text
        return Linter(open_stream(from_bytes(text.encode("utf-8", "surrogatepass"), self.name)), self.request)

    def _measure_head(self) -> int:
        """Return the line up to which an edit may change what the document is taken for."""
        records = 0
        for index, line in enumerate(self._lines):
            records += not line.blank
            if records > SAMPLE:
                return index
        return len(self._lines)

    def _context_changed(self) -> bool:
        """Tell whether the document is now taken for something else than when all of it was checked."""
        self._head_lines = self._measure_head()
        return _head_key(self._fresh_linter()) != self._head

    def _make(self, text: str) -> _Line:
        """Read and check one line."""
        body = line_body(text)
        line = _Line(body, text[len(body) :])
        plan, context = self._plan, self._plan.context
        if not text:
            return line
        record = plan.reader.read(line.raw, line)
        if self._counter is not None and record.row is not None:
            count_tokens(record, self._counter, context)
            line.lengths = record.lengths
        if record.flags or plan.always:
            line.findings = list(findings_of(record, plan, self._crashes))
        if not line.blank:
            for rule in plan.tallies:
                if observes(rule):
                    with self._crashes.guard(rule.code):
                        seen = seen_by(rule, [record], plan)
                        line.items[rule.code] = [item for item, _ in rule.observe_many(seen, context)]
            for group in plan.groups:
                with self._crashes.guard(group.code):
                    if group.stage == "shape" or record.row is not None:
                        rows = group.rows([record], context)
                        if rows.handles:
                            line.rows[group.code] = (rows.keys, rows.items[0])
        return line

    def _put(self, line: _Line) -> None:
        self._count(line, 1)
        for code, items in line.items.items():
            for item in items:
                self._bags[code].put(item)
        for code, (keys, item) in line.rows.items():
            self._groups[code].put(line, keys, item)

    def _take(self, line: _Line) -> None:
        self._count(line, -1)
        for code, items in line.items.items():
            for item in items:
                self._bags[code].take(item)
        for code, (keys, item) in line.rows.items():
            self._groups[code].take(line, keys, item)

    def _count(self, line: _Line, sign: int) -> None:
        self._size += sign * (len(line.raw) + len(line.end))
        self._records += sign * (not line.blank)
        self._ends[line.end] += sign
        if line.lengths is not None:
            self._tokens += sign * line.lengths.total
            self._trained += sign * line.lengths.trained

    def _settle(self) -> None:
        """Bring the facts of the file up to date."""
        for index, line in enumerate(self._lines):
            line.index = index
        for bag in self._bags.values():
            bag.settle(self._lines)
        context = self._plan.context
        facts: FileFacts = context.file
        facts.size, facts.records = self._size, self._records
        facts.lf, facts.crlf, facts.cr = self._ends["\n"], self._ends["\r\n"], self._ends["\r"]
        facts.final_newline = not self.store.lines[-1]
        facts.lines = len(self._lines) - (not self.store.lines[-1])
        if self._counter is not None:
            context.tokens = TokenTotals(self._tokens, self._trained, self._counter.encoding)
        context.fetch = lambda handles: {handle: standing.record for handle, standing in self._standing(handles).items()}

    def _standing(self, handles: Iterable[Handle]) -> dict[Handle, Standing]:
        return {
            line: Standing(self._plan.reader.read(line.raw, line), Origin(line.index + 1))
            for line in handles
            if isinstance(line, _Line)
        }


def _head_key(linter: Linter) -> object:
    """Return everything about a document that its head decides and that rules may read."""
    context = linter.context
    facts = context.file
    return (
        type(linter.source),
        context.format,
        context.confidence,
        context.nearest,
        context.columns,
        context.common_shingles,
        facts.container,
        facts.bom,
        facts.foreign_encoding,
    )


def _index_of(handle: Handle) -> int:
    assert isinstance(handle, _Line)
    return handle.index
