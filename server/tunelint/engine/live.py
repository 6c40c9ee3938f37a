"""The states of rules over a document that is being edited: what is kept of a line can be taken back.

They answer what `core.bag.Bag` and `engine.columns.Columns` answer over a file that was read from start to end. What an answer
costs depends on what was found, not on the length of the document.
"""

import heapq
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Final

from tunelint.core.bag import FIRST_PLACES, Bag
from tunelint.core.finding import Finding, Handle, Severity
from tunelint.core.pulse import pulsed
from tunelint.engine.columns import paired, to_try
from tunelint.rules.base import Group, GroupRule, Member, Pair, TallyRule

__all__ = ["Line", "LiveBag", "LiveFindings", "LiveGroups"]

_PULSE: Final = 256
"""Groups that are looked at between two looks at whether the work is still wanted."""


class Line:
    """What is kept of one line: its findings, and what each whole-file rule was given of it.

    `items` are of tally rules, each with the rule's place in the plan; `rows` has keys and item for each group rule, and is None
    until the line was read. `identity` is the content hash of its example, 0 where it has none or none is wanted. `index` is
    the line's place in the document when the session last counted.
    """

    __slots__ = ("blank", "end", "findings", "identity", "index", "items", "rows", "size", "total", "trained")

    def __init__(self, index: int) -> None:
        self.index = index
        self.findings: tuple[Finding, ...] = ()
        self.items: tuple[tuple[int, Hashable], ...] = ()
        self.rows: tuple[tuple[tuple[int, ...], int] | None, ...] | None = None
        self.size = 0
        self.end = ""
        self.identity = 0
        self.blank = True
        self.total = 0
        self.trained = 0


def _index_of(line: Line) -> int:
    return line.index


class LiveBag(Bag):
    """A bag that can be taken from. It counts without a limit, and knows every line that an item stands in."""

    def __init__(self, rule: TallyRule) -> None:
        super().__init__(rule.limit, rule.kinds)
        self._lines: dict[str, dict[Hashable, Line | dict[Line, int]]] = {}
        """What most items have is one line that they stand in once, and that costs no more than an entry."""

    def put(self, item: Hashable, line: Line) -> None:
        """Count an item of a line."""
        items = self._lines.setdefault(self._kind(item), {})
        known = items.get(item)
        if known is None:
            items[item] = line
        elif isinstance(known, dict):
            known[line] = known.get(line, 0) + 1
        else:
            items[item] = {line: 2} if known is line else {known: 1, line: 1}

    def take(self, item: Hashable, line: Line) -> None:
        """Take an item of a line back."""
        items = self._lines[self._kind(item)]
        known = items[item]
        if not isinstance(known, dict):
            del items[item]
            return
        if known[line] > 1:
            known[line] -= 1
        else:
            del known[line]
        if len(known) == 1 and known.get(only := next(iter(known))) == 1:
            items[item] = only

    def settle(self) -> None:
        """Show what a bag that read the file from start to end would show."""
        self.overflown_kinds = {kind for kind, items in self._lines.items() if len(items) > self.limit}
        self.counts = {
            item: sum(lines.values()) if isinstance(lines, dict) else 1
            for kind, items in self._lines.items()
            if kind not in self.overflown_kinds
            for item, lines in items.items()
        }

    def first(self, item: Hashable) -> list[Handle]:
        """Return the first records that `item` was seen in."""
        lines = self._lines.get(self._kind(item), {}).get(item, {})
        if not isinstance(lines, dict):
            return [lines]
        found: list[Handle] = []
        for line in heapq.nsmallest(FIRST_PLACES, lines, key=_index_of):
            found.extend([line] * lines[line])
        return found[:FIRST_PLACES]


class _Index:
    """Lines by a number. A number of one line costs an entry, only shared ones have a set."""

    def __init__(self) -> None:
        self._one: dict[int, Line] = {}
        self.several: dict[int, dict[Line, None]] = {}
        """The lines of each number that two or more lines have."""

    def __len__(self) -> int:
        return len(self._one) + len(self.several)

    def members(self, number: int) -> Iterable[Line]:
        """Return the lines of a number."""
        one = self._one.get(number)
        return self.several.get(number, ()) if one is None else (one,)

    def put(self, number: int, line: Line) -> None:
        """Add a line."""
        members = self.several.get(number)
        if members is not None:
            members[line] = None
        elif self._one.setdefault(number, line) is not line:
            self.several[number] = {self._one.pop(number): None, line: None}

    def take(self, number: int, line: Line) -> None:
        """Take a line back."""
        members = self.several.get(number)
        if members is None:
            del self._one[number]
            return
        del members[line]
        if len(members) == 1:
            self._one[number] = next(iter(members))
            del self.several[number]


class LiveGroups:
    """Records by key, for one group rule. Of records that are compared pair by pair only what an edit changed is paired anew."""

    def __init__(self, rule: GroupRule, number: int, pulse: Callable[[], None]) -> None:
        """Start empty; `number` is the rule's place in the plan, `pulse` is called now and then and may raise to end a report."""
        self.records = 0
        self._number = number
        self._pulse = pulse
        self._keys = _Index()
        self._items: _Index | None = _Index() if rule.keeps_item else None
        self._paired = rule.width > 1
        self._changed: set[int] = set()
        self._changed_items: set[int] = set()
        self._pairs_of: dict[int, list[tuple[Line, Line]]] = {}
        self._pairs: dict[tuple[Line, Line], int] = {}
        """How many keys led to each pair."""
        self._alike: set[tuple[Line, Line]] = set()

    def put(self, line: Line, keys: Sequence[int], item: int) -> None:
        """Add a record."""
        self.records += 1
        if self._items is not None:
            self._items.put(item, line)
        for key in keys:
            if key:
                self._keys.put(key, line)
        self._note(keys, item)

    def take(self, line: Line, keys: Sequence[int], item: int) -> None:
        """Take a record back."""
        self._note(keys, item)
        self.records -= 1
        if self._items is not None:
            self._items.take(item, line)
        for key in set(keys) - {0}:
            self._keys.take(key, line)

    def _note(self, keys: Sequence[int], item: int) -> None:
        """Remember which keys must be paired anew: those of a record, and of those with its item, whose first one may change."""
        if self._paired:
            self._changed.update(keys)
            if self._items is not None:
                self._changed_items.add(item)

    def __iter__(self) -> Iterator[Group]:
        for key in pulsed(sorted(self._keys.several), _PULSE, self._pulse):
            members = sorted(self._keys.several[key], key=_index_of)
            yield Group([Member(line, self._row(line)[1]) for line in members])

    def _row(self, line: Line) -> tuple[tuple[int, ...], int]:
        row = line.rows[self._number] if line.rows is not None else None
        assert row is not None
        return row

    def _keys_of(self, line: Line) -> tuple[int, ...]:
        return self._row(line)[0]

    def distinct_items(self) -> int:
        """Return how many different items the records have."""
        return len(self._items) if self._items is not None else min(self.records, 1)

    def pairs(self, least: int) -> list[Pair]:
        """Return pairs of records that share at least so many keys: see `rules.base.Groups.pairs`."""
        while self._changed_items and self._items is not None:
            item = self._changed_items.pop()
            for line in self._items.members(item):
                self._changed.update(self._row(line)[0])
        firsts: dict[int, Line] = {}
        while self._changed:
            if len(self._changed) % _PULSE == 0:  # before a key is taken: one that is taken is paired
                self._pulse()
            self._pair_again(self._changed.pop(), firsts, least)
        return [Pair(*pair) for pair in sorted(self._alike, key=lambda pair: (pair[1].index, pair[0].index))]

    def _pair_again(self, key: int, firsts: dict[int, Line], least: int) -> None:
        """Pair the lines of a key; `firsts` remembers the first line of items that several lines have."""
        for pair in self._pairs_of.pop(key, ()):
            if self._pairs[pair] > 1:
                self._pairs[pair] -= 1
            else:
                del self._pairs[pair]
                self._alike.discard(pair)
        members = [line for line in sorted(self._keys.several.get(key, ()), key=_index_of) if self._is_first(line, firsts)]
        pairs = list(to_try(members))
        if pairs:
            self._pairs_of[key] = pairs
        for pair in pairs:
            if pair not in self._pairs and paired((pair,), self._keys_of, least):
                self._alike.add(pair)
            self._pairs[pair] = self._pairs.get(pair, 0) + 1

    def _is_first(self, line: Line, firsts: dict[int, Line]) -> bool:
        item = self._row(line)[1]
        if self._items is None or item not in self._items.several:
            return True
        if item not in firsts:
            firsts[item] = min(self._items.several[item], key=_index_of)
        return line is firsts[item]


class LiveFindings:
    """The lines that record rules found something in, by code and severity: what is shown is found without a walk."""

    def __init__(self) -> None:
        self._lines: dict[str, dict[Severity, dict[Line, int]]] = {}

    def put(self, line: Line) -> None:
        """Add the findings of a line."""
        for finding in line.findings:
            lines = self._lines.setdefault(finding.code, {}).setdefault(finding.severity, {})
            lines[line] = lines.get(line, 0) + finding.count

    def take(self, line: Line) -> None:
        """Take the findings of a line back."""
        for code, severity in {(finding.code, finding.severity) for finding in line.findings}:
            severities = self._lines[code]
            del severities[severity][line]
            if not severities[severity]:
                del severities[severity]
            if not severities:
                del self._lines[code]

    def lines(self) -> set[Line]:
        """Return all lines with findings."""
        return {line for severities in self._lines.values() for lines in severities.values() for line in lines}

    def codes(self) -> list[str]:
        """Return the codes of all rules that found something."""
        return sorted(self._lines)

    def count(self, code: str) -> int:
        """Return how many findings a rule has."""
        return sum(sum(lines.values()) for lines in self._lines[code].values())

    def first(self, code: str, most: int) -> list[Line]:
        """Return the first lines with findings of a rule, in the order of the document."""
        every: Iterable[Line] = dict.fromkeys(line for lines in self._lines[code].values() for line in lines)
        return heapq.nsmallest(most, every, key=_index_of)

    def worst(self, code: str) -> Finding:
        """Return the first of the worst findings of a rule."""
        severity = min(self._lines[code], key=lambda one: one.rank)
        line = min(self._lines[code][severity], key=_index_of)
        return next(one for one in line.findings if one.code == code and one.severity is severity)
