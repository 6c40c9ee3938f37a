"""Carries out fixes: record by record in one more reading, into a new file that takes the old one's place all at once.

What a fix does not touch stays as it is, to the byte: encoding, line ends, white space, mode. Fixing is repeated on each record
until nothing more is to be done, so a second run changes nothing.
"""

import contextlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import msgspec

from tunelint.core.finding import Edit, Finding, Handle, Safety
from tunelint.core.record import Record
from tunelint.engine.batch import count_tokens, findings_of
from tunelint.engine.crash import Crashes
from tunelint.engine.edits import Replacement, apply, resolve
from tunelint.engine.linter import Linter
from tunelint.engine.plan import Plan
from tunelint.engine.rewrite import minify
from tunelint.engine.sources.base import SourceError
from tunelint.engine.sources.jsonlines import BOM, JsonLines, TextLines
from tunelint.engine.sources.jsonvalues import JsonValues
from tunelint.engine.torn import goes_on
from tunelint.text.parse import parse
from tunelint.tokens import Counter, counter_for

__all__ = ["Change", "FileFixes", "Mender", "changes", "fix_file", "plan_fixes"]

_ROUNDS: Final = 20
"""How often the fixes of one record are repeated before it is left as it is; a fix may uncover another fault."""

_WHOLE: Final = 1 << 30
"""Bytes of the largest JSON array that is fixed; it is held in memory for that, unlike JSON Lines."""


class Change(NamedTuple):
    """A line of the file, counted from 1, with its text before and after; None for a line that was not or is not there."""

    line: int
    before: bytes | None
    after: bytes | None


class FileFixes(msgspec.Struct):
    """What the fixes of a file come to."""

    allowed: frozenset[Safety]
    codes: frozenset[str]
    rewrites: frozenset[str] = frozenset()
    on_records: dict[Handle, list[tuple[str, tuple[Edit, ...]]]] = {}
    counts: dict[str, int] = {}

    @property
    def total(self) -> int:
        """How many faults were mended."""
        return sum(self.counts.values())

    def takes(self, finding: Finding) -> bool:
        """Tell whether a finding has a fix that is wanted."""
        return finding.fix is not None and finding.fix.safety in self.allowed and finding.code in self.codes

    def note(self, code: str, count: int = 1) -> None:
        """Count a mended fault."""
        self.counts[code] = self.counts.get(code, 0) + count


def plan_fixes(plan: Plan, findings: Iterable[Finding], allowed: frozenset[Safety]) -> FileFixes:
    """Collect the fixes that tally and group rules offer in their `findings`. Those of record rules are found while rewriting."""
    fixes = FileFixes(allowed, frozenset(plan.rules) - plan.silent)
    rewrites: set[str] = set()
    for finding in findings:
        if finding.fix is None or not fixes.takes(finding):
            continue
        files = {str(edit.new) for edit in finding.fix.edits if edit.kind == "file"}
        if files:
            rewrites |= files
            fixes.note(finding.code)
        elif finding.handle is not None:
            fixes.on_records.setdefault(finding.handle, []).append((finding.code, finding.fix.edits))
    fixes.rewrites = frozenset(rewrites)
    return fixes


class Mender:
    """Applies fixes to single records."""

    def __init__(self, plan: Plan, fixes: FileFixes, counter: Counter | None) -> None:
        self._plan = plan
        self._fixes = fixes
        self._counter = counter
        self._crashes = Crashes()

    def mend(self, raw: bytes, handle: Handle) -> bytes | None:
        """Return the mended text of a record, None when the record goes."""
        for code, edits in self._fixes.on_records.get(handle, ()):
            mended = self._apply(self._plan.reader.read(raw, handle), edits)
            if mended is not None:
                self._fixes.note(code)
                raw = mended
                if any(edit.kind == "drop" for edit in edits):
                    return None
        for _ in range(_ROUNDS):
            mended, dropped = self._round(raw, handle)
            if dropped:
                return None
            if mended == raw:
                break
            raw = mended
        return raw

    def _round(self, raw: bytes, handle: Handle) -> tuple[bytes, bool]:
        record = self._plan.reader.read(raw, handle)
        if self._counter is not None and record.row is not None:
            count_tokens(record, self._counter, self._plan.context)
        taken: list[Replacement] = []
        for finding in findings_of(record, self._plan, self._crashes):
            if finding.fix is None or not self._fixes.takes(finding):
                continue
            if any(edit.kind == "drop" for edit in finding.fix.edits):
                self._fixes.note(finding.code)
                return b"", True
            edits = resolve(record, finding.fix.edits)
            if edits and not any(_overlap(one, other) for one in edits for other in taken):
                taken += edits
                self._fixes.note(finding.code)
        if not taken:
            return raw, False
        return apply(record.text, taken).encode("utf-8", "surrogatepass"), False

    def _apply(self, record: Record, edits: tuple[Edit, ...]) -> bytes | None:
        replacements = resolve(record, edits)
        return apply(record.text, replacements).encode("utf-8", "surrogatepass") if replacements is not None else None


def _overlap(one: Replacement, other: Replacement) -> bool:
    return (one.start < other.end and other.start < one.end) or one.start == other.start


def changes(linter: Linter, fixes: FileFixes) -> Iterator[Change]:
    """Yield every line of the mended file beside the line it comes from. A line is given with its line end."""
    source = linter.source
    if source.facts.compression:
        raise SourceError(f"{source.facts.name}: compressed files are not fixed in place; unpack it first")
    if source.facts.content or source.facts.foreign_encoding:
        return  # nothing of it can be read, so nothing of it can be mended
    counter = counter_for(linter.context.encoding) if linter.plan.needs_tokens else None
    mender = Mender(linter.plan, fixes, counter)
    if isinstance(source, JsonValues):
        yield from _value_changes(source, mender, fixes)
    elif isinstance(source, JsonLines) and not isinstance(source, TextLines):
        yield from _line_changes(source, mender, fixes)
    else:
        raise SourceError(
            f"{source.facts.name}: {source.facts.container} files cannot be fixed in place; convert to JSON Lines first"
        )


def _line_changes(source: JsonLines, mender: Mender, fixes: FileFixes) -> Iterator[Change]:
    facts = source.facts
    mark = _mark(facts.bom, fixes)
    line_end = b"\r\n" if facts.crlf > facts.lf and "lf" not in fixes.rewrites else b"\n"
    torn = False
    for number, (handle, row, end) in enumerate(source.lines_with_ends(), start=1):
        before = (BOM if number == 1 and facts.bom else b"") + row + end
        after = row if torn and not row.strip() else mender.mend(row, handle)
        torn = goes_on(row.decode("utf-8", "replace"), torn)
        if after is None:
            yield Change(number, before, None)
            continue
        if end:
            end = b"\n" if "lf" in fixes.rewrites else end  # noqa: PLW2901
        elif "final-newline" in fixes.rewrites:
            end = line_end  # noqa: PLW2901
        yield Change(number, before, mark + after + end)
        mark = b""


def _mark(bom: bool, fixes: FileFixes) -> bytes:
    return BOM if (bom and "no-bom" not in fixes.rewrites) or "bom" in fixes.rewrites else b""


def _value_changes(source: JsonValues, mender: Mender, fixes: FileFixes) -> Iterator[Change]:
    facts = source.facts
    if (facts.size or 0) > _WHOLE:
        raise SourceError(f"{facts.name}: a JSON array above 1 GiB cannot be fixed in place; convert it to JSON Lines first")
    text = source.read_all()
    values: list[tuple[int, int, bytes | None]] = []
    for batch in source.batches():
        assert batch.offsets is not None
        if batch.broken or batch.oversized:
            raise SourceError(f"{facts.name}: the text between the records is no sound JSON; mend that by hand first")
        for index, (raw, offset) in enumerate(zip(batch.rows, batch.offsets, strict=True)):
            values.append((offset, offset + len(raw), mender.mend(raw, batch.handle(index))))
    if "jsonl" in fixes.rewrites:
        if any(mended is not None and parse(mended.decode("utf-8", "replace")).fault is not None for _, _, mended in values):
            raise SourceError(f"{facts.name}: a record is no JSON, so records cannot be told apart; mend that by hand first")
        after = b"".join(minify(mended) + b"\n" for _, _, mended in values if mended is not None)
    else:
        after = _put_back(text, values).removeprefix(BOM)
        if "final-newline" in fixes.rewrites and not after.endswith(b"\n"):
            after += b"\n"
    yield from _compare(text, _mark(facts.bom, fixes) + after)


def _put_back(text: bytes, values: list[tuple[int, int, bytes | None]]) -> bytes:
    """Put mended values in the place of the old ones; one that goes takes the comma before it along."""
    pieces: list[bytes] = []
    end = 0
    kept = False
    for index, (start, stop, mended) in enumerate(values):
        if index == 0:
            pieces.append(text[:start])
        elif mended is not None and kept:
            pieces.append(text[end:start])
        if mended is not None:
            pieces.append(mended)
            kept = True
        end = stop
    return b"".join([*pieces, text[end:]])


def _compare(before: bytes, after: bytes) -> Iterator[Change]:
    """Pair the lines of two texts: equal ones first and last, what is between as removed and added."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        yield Change(head + 1, old[head], new[head])
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(middle_old) == len(middle_new):
        yield from (Change(head + 1 + i, a, b) for i, (a, b) in enumerate(zip(middle_old, middle_new, strict=True)))
    else:
        yield from (Change(head + 1 + i, line, None) for i, line in enumerate(middle_old))
        yield from (Change(head + len(middle_old), None, line) for line in middle_new)
    yield from (Change(len(old) - tail + i + 1, line, line) for i, line in enumerate(old[len(old) - tail :]))


def fix_file(path: Path, changed: Iterable[Change]) -> bool:
    """Write the mended lines beside the file and put them in its place at once; return whether anything changed.

    The file keeps its mode, and a symbolic link keeps pointing to it. When anything goes wrong the file is as it was. Raises
    SourceError for a file that its owner has protected, which could be replaced but is not meant to be, and for a folder that
    takes no file.
    """
    target = path.resolve()
    differs = False
    try:
        descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
    except OSError as problem:
        raise SourceError(f"{path}: stays as it is, its folder takes no file ({problem.strerror})") from problem
    try:
        with os.fdopen(descriptor, "wb") as file:
            differs = _write(file, changed)
            file.flush()
            os.fsync(file.fileno())
        if differs:
            if not target.stat().st_mode & stat.S_IWUSR:
                raise SourceError(f"{path}: is write-protected and stays as it is; --diff shows what would be changed")
            shutil.copymode(target, temporary)
            try:
                Path(temporary).replace(target)
            except PermissionError as problem:  # Windows replaces no file that another program has open
                raise SourceError(f"{path}: stays as it is, another program may have it open ({problem.strerror})") from problem
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()
    return differs


def _write(file: BinaryIO, changed: Iterable[Change]) -> bool:
    differs = False
    for change in changed:
        if change.after is not None:
            file.write(change.after)
        differs = differs or change.before != change.after
    return differs
