"""Reads a dataset once for everything that its page shows."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from tunelint.advice.measured import Measured, content_key, find_measured, read_measured
from tunelint.advice.sample import FEW, Drawn, Sample
from tunelint.core.block import PlainBlock
from tunelint.core.diagnostic import Diagnostic, FileReport
from tunelint.core.errors import UserError
from tunelint.core.example import Role
from tunelint.core.finding import Finding, Handle
from tunelint.core.pulse import no_pulse
from tunelint.core.record import Record
from tunelint.engine.advising import draw, say
from tunelint.engine.collector import Collector
from tunelint.engine.crash import Crashes
from tunelint.engine.ledger import Ledger
from tunelint.engine.linter import Linter
from tunelint.engine.locate import Origin
from tunelint.engine.plan import Plan
from tunelint.report.page.subject import Subject

if TYPE_CHECKING:
    from tunelint.advice.signals import Signals
    from tunelint.advice.verdict import Verdict

__all__ = ["Keys", "Lengths", "Reading", "Watch", "read"]

_KEPT: Final = 2_000
"""Findings of each rule whose place is looked for; the rest is counted."""

_JUDGED: Final = frozenset({"sft", "preference", "kto"})
"""Methods whose data is judged; of the others nothing says what the model would do without."""


class Lengths:
    """The tokens of the records: how long each is, what of it is cut, and how long the turns of each role are.

    `by_role` counts, for each role, the records by how many tokens its turns have together. `over` records are longer than the
    limit, which cuts `cut` tokens, and of `unlearnt` nothing that is trained is left.
    """

    def __init__(self, limit: int | None) -> None:
        self.limit = limit
        self.totals = array("q")
        self.by_role: dict[Role, Counter[int]] = {}
        self.trained = 0
        self.over = self.cut = self.unlearnt = 0

    def add(self, record: Record) -> None:
        """Add a record whose tokens were counted."""
        lengths, tokens = record.lengths, record.tokens
        if lengths is None or tokens is None:
            return
        self.totals.append(lengths.total)
        self.trained += lengths.trained
        if self.limit is not None and lengths.sequence > self.limit:
            self.over += 1
            self.cut += lengths.sequence - self.limit
            self.unlearnt += lengths.prompt >= self.limit
        sizes: dict[Role, int] = {}
        for role, ids in zip(_roles(record), tokens, strict=False):
            sizes[role] = sizes.get(role, 0) + len(ids)
        for role, size in sizes.items():
            self.by_role.setdefault(role, Counter())[size] += 1

    def add_block(self, block: PlainBlock) -> None:
        """Add records whose tokens were counted together."""
        import numpy as np

        tokens = block.tokens
        if tokens is None:
            return
        totals = tokens.totals
        self.totals.frombytes(totals.tobytes())
        self.trained += int(tokens.trained.sum())
        if self.limit is not None:
            over = totals > self.limit
            self.over += int(over.sum())
            self.cut += int((totals[over] - self.limit).sum())
            self.unlearnt += int((tokens.before[over] >= self.limit).sum())
        rows_of: dict[tuple[Role, ...], list[int]] = {}
        for row, roles in enumerate(block.roles):
            rows_of.setdefault(roles, []).append(row)
        for roles, rows in rows_of.items():
            table = tokens.sizes[tokens.starts[rows][:, None] + np.arange(len(roles))]
            for role in set(roles):
                sizes = table[:, [one == role for one in roles]].sum(axis=1)
                self.by_role.setdefault(role, Counter()).update(sizes.tolist())


def _roles(record: Record) -> Sequence[Role]:
    if record.texts is not None:
        return record.roles
    example = record.example
    return [turn.role for turn in example.all_turns] if example is not None else ()


class Keys(NamedTuple):
    """The records by what is compared between files: handles, hashes of examples, and hashes of prompts."""

    handles: "array[int]"
    identities: "array[int]"
    prompts: "array[int]"


class Watch(Ledger):
    """A ledger that also remembers what only the page asks for."""

    def __init__(self, plan: Plan, memory: int | None) -> None:
        super().__init__(plan, memory)
        self.lengths = Lengths(plan.context.limit)
        self.all_drawn = Sample()
        self.keys = Keys(array("q"), array("Q"), array("Q"))

    def observe(self, records: Sequence[Record], crashes: Crashes) -> None:
        """Let the rules see records, in the order of the file."""
        super().observe(records, crashes)
        if isinstance(records, PlainBlock):
            self.lengths.add_block(records)
            self.all_drawn.add_many(zip(records.identities, records.handles, strict=True))
            self.keys.handles.extend(records.handles)
            self.keys.identities.extend(records.identities)
            self.keys.prompts.extend(records.digests.prompts)
            return
        for record in records:
            if record.row is not None and isinstance(record.handle, int):
                self.lengths.add(record)
                self.all_drawn.add(record.identity, record.handle)
                self.keys.handles.append(record.handle)
                self.keys.identities.append(record.identity)
                self.keys.prompts.append(record.digests[0])


class _Collector(Collector):
    """Keeps more findings than a terminal shows, and no more than a page needs."""

    def most_shown(self, code: str) -> int:
        """Return how many findings of a rule are kept one by one."""
        return _KEPT


class _PageLinter(Linter):
    """Lints as always, and keeps what the verdict was made from."""

    def __init__(self, subject: Subject, progress: Callable[[int], None] | None) -> None:
        super().__init__(subject.source, subject.request, progress)
        self.plan.needs_tokens = True
        self.collector = _Collector(self.plan, subject.name)
        self.ledger = self.watch = Watch(self.plan, subject.request.memory)
        self._folder = subject.path.parent
        self.sample: list[Drawn] = []
        self.verdict: Verdict | None = None
        self.signals: Signals | None = None

    def advice(self, verdict_of: Callable[[], "Verdict | None"]) -> Iterator[Finding]:
        """Yield what is to be said of the verdict on the file, which is computed here for its signals, whatever is on."""
        del verdict_of
        self.sample = draw(self.watch.all_drawn.items(), self.fetch)
        self.context.measured = self._measured()
        if self.context.method in _JUDGED and self.sample:
            with self.collector.crashes.guard("ADV"):
                self._judge()
        if self.verdict is not None and self.watch.all_drawn.distinct >= FEW:
            yield from say(self.plan, self.verdict, self.collector.crashes)

    def _measured(self) -> Measured | None:
        """Return what was measured of this sample; a file that cannot be read is none."""
        try:
            known = read_measured(self._folder)
        except UserError:
            return None
        return find_measured(known, content_key(identity for identity, _ in self.watch.all_drawn.items()))

    def _judge(self) -> None:
        from tunelint.advice.scorecard import judged
        from tunelint.advice.signals import Signals
        from tunelint.advice.study import Study

        study = Study(self.sample, self.watch.all_drawn.distinct)
        if study.rows:
            self.signals = Signals(study)
            self.verdict = judged(self.signals, no_pulse)


class Reading(NamedTuple):
    """A dataset that was read.

    `found` are findings with the handles of their records, those about the file with -1, as many of each rule as are kept.
    `sample` are the records that the verdict rests on. `distinct` counts different records.
    """

    subject: Subject
    linter: _PageLinter
    report: FileReport
    found: list[tuple[int, Diagnostic]]
    distinct: int

    @property
    def sample(self) -> list[Drawn]:
        """The records that stand for all: those with the smallest content hashes."""
        return self.linter.sample

    @property
    def lengths(self) -> Lengths:
        """The tokens of the records."""
        return self.linter.watch.lengths

    @property
    def keys(self) -> Keys:
        """What the records are compared with those of other files by."""
        return self.linter.watch.keys

    @property
    def signals(self) -> "Signals | None":
        """What the verdict was made from."""
        return self.linter.signals

    @property
    def verdict(self) -> "Verdict | None":
        """Whether to fine-tune on it at all."""
        return self.linter.verdict

    def records(self, handles: Sequence[int]) -> dict[int, tuple[Record, Origin]]:
        """Read some records again, with the places where they begin."""
        found = self.linter.source.fetch(handles)
        return {handle: (self.linter.plan.reader.read(raw, handle), origin) for handle, (raw, origin) in found.items()}

    def origins(self, handles: Sequence[Handle]) -> dict[int, Origin]:
        """Return where some records begin."""
        wanted = [handle for handle in handles if isinstance(handle, int)]
        return {handle: origin for handle, (_, origin) in self.linter.source.fetch(wanted).items()}


def read(subject: Subject, progress: Callable[[int], None] | None = None) -> Reading:
    """Read a dataset from start to end; `progress` is told of the bytes of each batch."""
    linter = _PageLinter(
        Subject(subject.source, msgspec.structs.replace(subject.request, keep_all=False), subject.path), progress
    )
    linter.read()
    report = linter.finish()
    return Reading(subject, linter, report, linter.collector.ranked(), _distinct(linter.watch))


def _distinct(watch: Watch) -> int:
    import numpy as np

    return len(np.unique(np.array(watch.keys.identities, dtype=np.uint64)))
