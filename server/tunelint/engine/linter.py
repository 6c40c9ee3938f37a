"""Lints one file: reads its head to learn what it is, its records batch by batch, and then says what the whole file shows."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

import msgspec

from tunelint.advice.sample import FEW, Drawn, Sample
from tunelint.core.dataset import FileFacts, TokenTotals
from tunelint.core.diagnostic import FileReport, Opinion
from tunelint.core.example import Method
from tunelint.core.finding import Finding, Handle
from tunelint.core.record import ABSENT, Record, TokenIds
from tunelint.core.reference import Reference
from tunelint.costs.use import Use
from tunelint.engine.advising import draw, judge_file, judged, say, worth_judging
from tunelint.engine.batch import check_batch, count_tokens
from tunelint.engine.collector import Collector
from tunelint.engine.ledger import Ledger
from tunelint.engine.placing import Standing, place_findings
from tunelint.engine.plan import Selection, make_plan
from tunelint.engine.sources.base import Source
from tunelint.engine.sources.jsonlines import JsonLines
from tunelint.engine.torn import torn_lines
from tunelint.formats.base import Format, Target
from tunelint.formats.detect import SAMPLE, Detection, detect
from tunelint.rules.base import Context, Pair
from tunelint.rules.context import Compare
from tunelint.tokens import counter_for
from tunelint.tokens.lengths import content_parts
from tunelint.tokens.sketch import common_shingles

if TYPE_CHECKING:
    from tunelint.advice.verdict import Verdict

__all__ = ["HEAD_BYTES", "Helpers", "Linter", "Request", "lint_source", "make_context"]

T = TypeVar("T")
R = TypeVar("R")

HEAD_BYTES: Final = 4 << 20
"""Bytes of the head that at most decide the format, and what is common to the records."""

_TOO_FEW: Final = Opinion("too-few", "too few examples to tell", "strong")
"""What is said of a file that is too small to be judged, without importing what judges."""

_DEFAULT_ENCODING: Final = "o200k_base"


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What the user asked for, for one file: resolved settings and nothing else."""

    selection: Selection
    target: Target | None = None
    model: str = ""
    method: Method | None = None
    form: Format | None = None
    limit: int | None = None
    tokenizer: str = ""
    grader_fields: frozenset[str] | None = None
    references: tuple[Reference, ...] = ()
    use: Use = Use()
    today: str = ""
    read: Callable[[str], str | None] | None = None
    """Returns the text of a small file whose path is relative to what is linted, None where there is none."""
    exists: Callable[[str], bool] | None = None
    memory: int | None = None
    """Bytes that the rows of group rules may take before they are written to disk; None for any number."""
    keep_all: bool = False
    """Whether all findings are kept, for a baseline, and not only those that are shown."""


def make_context(detection: Detection, facts: FileFacts, request: Request) -> Context:
    """Join what was found out about a file with what the user asked for."""
    from tunelint.formats import all_targets

    form = detection.format
    consumers = [request.target] if request.target is not None else list(all_targets().values())
    model = request.target.model(request.model) if request.target is not None else None
    limit = request.limit
    if limit is None and model is not None:
        limit = model.context
    read = form is not None and (model is None or model.formats is None or form.name in model.formats)
    return Context(
        file=facts,
        format=form,
        confidence=detection.confidence,
        method=request.method or (form.method if form is not None else None),
        target=request.target,
        model=request.model or (request.target.default_model if request.target is not None else ""),
        dialects=tuple(
            (one, one.dialects[form.name]) for one in consumers if form is not None and read and form.name in one.dialects
        ),
        limit=limit,
        encoding=request.tokenizer or (model.encoding if model is not None else _DEFAULT_ENCODING),
        nearest=detection.nearest,
        columns=detection.columns,
        readable=detection.readable,
        registry=detection.registry,
        exchange=detection.exchange,
        grader_fields=request.grader_fields,
        references=request.references,
        named_model=bool(request.model),
        use=request.use,
        today=request.today,
        exists=request.exists,
        read=request.read,
    )


class Helpers(Protocol):
    """Other processes, each with a linter of the same file that knows the records' shape and has seen no states."""

    def map(self, function: Callable[["Linter", T], R], tasks: Iterable[T]) -> Iterator[R]:
        """Begin at once to call a module's function with each task in any of the processes; yield what it returns, in order."""
        ...


class Linter:
    """Lints one source from start to end; `progress` is told of the bytes of each batch."""

    def __init__(self, source: Source, request: Request, progress: Callable[[int], None] | None = None) -> None:
        self.source = source
        self.request = request
        self.context = self._look()
        self.plan = make_plan(self.context, request.selection, keep_all=request.keep_all)
        if any(rule.uses_common for rule in self.plan.groups):
            self.context.common_shingles = self._template()
        self.collector = Collector(self.plan, source.facts.name)
        self.ledger = Ledger(self.plan, request.memory)
        self.opinion: Opinion | None = None
        self.helpers: Helpers | None = None
        """Other processes that have a linter of the same file, while there are any."""
        self._progress = progress

    def _look(self) -> Context:
        """Read the head of the file and decide what it is."""
        detection = detect(self._head(), self.request.target, self.request.method)
        if self.request.form is not None:
            detection = detection._replace(format=self.request.form, confidence=1.0, nearest=None)
        return make_context(detection, self.source.facts, self.request)

    def _head(self) -> Iterator[object]:
        records = size = 0
        for batch in self.source.batches():
            for index, raw in enumerate(batch.rows):
                size += len(raw)
                value = Record(raw).value if raw.strip() and index not in batch.broken else ABSENT
                if value is not ABSENT:
                    records += value != {}  # an empty object says nothing of the format
                    yield value
                if records >= SAMPLE or size >= HEAD_BYTES:
                    return

    def _template(self) -> frozenset[int]:
        """Return what the records of the head share so widely that it is no content of theirs."""
        counter = counter_for(self.context.encoding)
        if self.plan.arrays:
            counter.hasten()
        contents: list[list[TokenIds]] = []
        size = 0
        for batch in self.source.batches():
            for index, raw in enumerate(batch.rows):
                record = self.plan.reader.read(raw, batch.handle(index))
                size += len(raw)
                if record.row is not None:
                    count_tokens(record, counter, self.context)
                    contents.append(content_parts(record))
                if len(contents) >= SAMPLE or size >= HEAD_BYTES:
                    return common_shingles(contents)
        return common_shingles(contents)

    def run(self) -> FileReport:
        """Read the file and return everything that is to be said of it."""
        self.read()
        return self.finish()

    def read(self) -> None:
        """Read the file from start to end."""
        plan, facts = self.plan, self.source.facts
        counter = counter_for(self.context.encoding) if plan.needs_tokens else None
        total = trained = facts.records = 0
        for batch in self.source.batches():
            checked = check_batch(batch, plan, self.ledger, self.collector, counter)
            facts.records += checked.records
            facts.damaged = facts.damaged or bool(batch.broken)
            total += checked.total
            trained += checked.trained
            if self._progress is not None:
                self._progress(sum(map(len, batch.rows)))
        if counter is not None:
            self.context.tokens = TokenTotals(total, trained, counter.encoding)

    def finish(self) -> FileReport:
        """Return everything that is to be said of the file, once it was read; no findings can be asked for after it."""
        try:
            self.report()
            return self._file_report()
        finally:
            self.ledger.close()

    def fetch(self, handles: Iterable[Handle]) -> dict[Handle, Record]:
        """Read some records again."""
        return self.records(self.texts(handles))

    def texts(self, handles: Iterable[Handle]) -> dict[int, bytes]:
        """Read the texts of some records again."""
        found = self.source.fetch([handle for handle in handles if isinstance(handle, int)])
        return {handle: text for handle, (text, _) in found.items()}

    def records(self, texts: Mapping[int, bytes]) -> dict[Handle, Record]:
        """Return the records that have these texts."""
        return {handle: self.plan.reader.read(text, handle, woken=False) for handle, text in texts.items()}

    def findings(self) -> Iterator[Finding]:
        """Yield what the tally and group rules say of the whole file."""
        self.context.fetch = self.fetch
        self.context.compare_elsewhere = self._compare_elsewhere if self.helpers is not None else None
        return self.ledger.report(self.collector.crashes)

    def _compare_elsewhere(self, compare: Compare[T], parts: Sequence[Sequence[Pair]]) -> Iterator[T]:
        assert self.helpers is not None
        tasks = ((compare, pairs, self.texts({handle for pair in pairs for handle in pair})) for pairs in parts)
        return self.helpers.map(_compared, tasks)

    def drawn(self) -> list[Drawn]:
        """Return the sample that the verdict on the file is computed from, once the file was read."""
        return draw(self.ledger.sample.items(), self.fetch)

    def _judging(self) -> Callable[[], "Verdict | None"]:
        """Return what computes the verdict on the file; other processes begin with it at once."""
        sample = self.ledger.sample
        if self.helpers is None or not worth_judging(self.plan, sample):
            return lambda: judged(sample, self.fetch, self.context.pulse)
        return partial(next, self.helpers.map(_judged, [(sample, self.texts(handle for _, handle in sample.items()))]))

    def advice(self, verdict_of: Callable[[], "Verdict | None"]) -> Iterator[Finding]:
        """Yield what is to be said of the verdict on the file, which `verdict_of` computes: whether to fine-tune on it at all."""
        sample, crashes = self.ledger.sample, self.collector.crashes
        if self.plan.advice and 0 < sample.distinct < FEW:
            self.opinion = _TOO_FEW
        verdict = judge_file(self.plan, sample, verdict_of, crashes)
        if verdict is not None:
            says = verdict.signals[0].says if verdict.signals else ""
            self.opinion = Opinion(verdict.verdict, verdict.title, verdict.strength, says)
            yield from say(self.plan, verdict, crashes)

    def report(self) -> None:
        """Add what the tally and group rules say of the whole file, and the verdict on it."""
        judging = self._judging()
        place_findings(chain(self.findings(), self.advice(judging)), self.plan, self.collector, _as_is, self._read_again)
        blanks = self.collector.mended_blanks()
        if blanks and isinstance(self.source, JsonLines):
            lines = (row.decode("utf-8", "replace") for row in self.source.rows_again())
            self.collector.withdraw_fixes(torn_lines(lines, blanks))

    def _read_again(self, handles: Iterable[Handle]) -> dict[Handle, Standing]:
        wanted = sorted(handle for handle in handles if isinstance(handle, int))
        found = self.source.fetch(wanted) if wanted else {}
        return {handle: Standing(self.plan.reader.read(raw, handle), origin) for handle, (raw, origin) in found.items()}

    def _file_report(self) -> FileReport:
        context, facts = self.context, self.source.facts
        return FileReport(
            path=facts.name,
            format=context.format.name if context.format is not None else None,
            confidence=round(context.confidence, 3),
            method=context.method,
            target=context.target.name if context.target is not None else None,
            container=facts.container,
            records=facts.records,
            bytes=facts.size,
            tokens=context.tokens,
            diagnostics=self.collector.diagnostics(),
            skipped=self.collector.crashes.skipped(facts.name),
            opinion=self.opinion,
        )


def _compared(linter: Linter, task: tuple[Compare[T], Sequence[Pair], Mapping[int, bytes]]) -> T:
    compare, pairs, texts = task
    return compare(pairs, linter.records(texts), linter.context)


def _judged(linter: Linter, task: tuple[Sample, Mapping[int, bytes]]) -> "Verdict | None":
    sample, texts = task
    return judged(sample, lambda _: linter.records(texts), linter.context.pulse)


def _as_is(handle: Handle) -> int:
    assert isinstance(handle, int)
    return handle


def lint_source(source: Source, request: Request, progress: Callable[[int], None] | None = None) -> FileReport:
    """Lint one source."""
    return Linter(source, request, progress).run()
