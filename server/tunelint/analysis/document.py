"""One open document: what was found in it, and how that follows the edits."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from tunelint.analysis.config import named_data, summary_of
from tunelint.analysis.evidence import Evidence
from tunelint.analysis.links import Links, NotYetError
from tunelint.analysis.messages import Change, Facts, Found, NamedData, Touched
from tunelint.core.diagnostic import Diagnostic, FileReport
from tunelint.core.errors import UserError
from tunelint.core.finding import Severity
from tunelint.engine import baseline
from tunelint.engine.config import MAX_CONFIG, ConfigLinter, open_config
from tunelint.engine.crash import Crashes
from tunelint.engine.linter import Linter, Request
from tunelint.engine.session import Session
from tunelint.engine.sources import SourceError
from tunelint.engine.sources.opening import open_stream, plain_suffix
from tunelint.engine.sources.streams import from_bytes
from tunelint.rules import all_rules
from tunelint.rules.base import AdviceRule, Context
from tunelint.settings import Resolved, SettingsError, SettingsFinder, resolve
from tunelint.settings.resolve import Overrides
from tunelint.text.config import syntax_of
from tunelint.text.lines import LineStore, Position
from tunelint.trainers import Config

if TYPE_CHECKING:
    from tunelint.costs.report import CostReport

__all__ = ["MOST_SHOWN", "Document", "Interrupted", "facts_of", "resolved_for", "worst"]

MOST_SHOWN: Final = 500
"""Diagnostics of a document that are shown: VS Code underlines no more."""

_QUICK_CONFIG: Final = 250_000
"""Characters of a config that is linted in a tenth of a second, some 8,000 lines: sooner than after a quiet."""

_MOST_TOUCHED: Final = 200
"""Lines that are answered for at once; an edit that touches more waits for the findings of the whole document."""


class Interrupted(BaseException):
    """Work was given up because something newer came in. No fault, so that no rule's guard takes it for a crash."""


class Document:
    """An open document. Nothing in its text makes any method raise, but `Interrupted` may pass through."""

    def __init__(
        self,
        uri: str,
        name: str,
        text: str,
        version: int | None,
        overrides: Overrides,
        pulse: Callable[[], None],
        links: Links | None = None,
        *,
        asked: bool,
    ) -> None:
        self.uri = uri
        self.name = name
        self.version = version
        self.problem = ""
        self.due: float | None = 0.0
        """When findings of the whole document are to be sent next; None when they were."""
        self.advice_due: float | None = None
        """When the verdict is to be worked out next; None when it was, or nobody wants it."""
        self.session: Session | None = None
        self.evidence = Evidence()
        """What open configs say of this dataset."""
        self._store = LineStore(text)
        self._config: Config | None = None
        self._parsed = False
        self._advised: FileReport | None = None
        self._overrides = overrides
        self._pulse = pulse
        self._links = links
        self._unlinked = False
        self.costed = False
        """Whether the costs of a config are those of its text and its datasets as they are."""
        self._costs: CostReport | None = None
        self._crashes = Crashes()
        self._asked = asked
        self._touched: list[int] | None = []
        self._known: baseline.Baseline | None = None
        self._resolved: Resolved | None = None

    @property
    def text(self) -> str:
        """The whole text."""
        return (self.session.store if self.session is not None else self._store).text

    @property
    def lines(self) -> list[str]:
        """The lines with their ends."""
        return (self.session.store if self.session is not None else self._store).lines

    @property
    def unread(self) -> int:
        """How many lines wait to be read."""
        return self.session.unread if self.session is not None else 0

    @property
    def quick(self) -> bool:
        """Whether the document is linted so fast that no quiet need be waited for: a training config of common size."""
        return self._config is not None and len(self._config.tree.text) <= _QUICK_CONFIG

    @property
    def config(self) -> Config | None:
        """The training config that the document is; None for any other document."""
        if not self._parsed:
            self._parsed = True
            self._config = None
            if self.session is None and syntax_of(self.name) is not None:
                text = self.text
                self._config = open_config(text, self.name) if len(text) <= MAX_CONFIG else None
        return self._config

    @property
    def request(self) -> Request:
        """What is asked of the document by its settings."""
        assert self._resolved is not None
        return self._resolved.request

    @property
    def unlinked(self) -> bool:
        """Whether the document is a config that was last linted without its datasets, or with what they were before."""
        return self.config is not None and self._unlinked

    @property
    def known(self) -> bool:
        """Whether it was worked out before what the config costs, of this text or an older one."""
        return self._costs is not None

    @property
    def advisable(self) -> bool:
        """Whether there may be a verdict on the document that is not known yet."""
        if self.session is not None:
            return bool(self.session.plan.advice)
        if self.config is not None:
            return self.unlinked or not self.costed
        return self._advised is None and syntax_of(self.name) in {None, "json"}

    def advise(self) -> bool:
        """Work out the verdict on the document, or read the datasets that a config names; tell whether something is new."""
        if self.session is not None:
            return self.session.advise()
        if self.config is not None:
            if self._links is not None:
                ConfigLinter(self.config, self.request, self._links.linker(quick=False)).findings()
            before = self._costs
            self._costs, self.costed = self._work_out(quick=False), True
            return self.unlinked or self._costs != before
        self._advised = self._lint_whole(advice=True)
        return bool(self._advised.diagnostics)

    def configure(self, overrides: Overrides | None) -> None:
        """Forget what rests on old settings; with `overrides` those of the editor are new."""
        if overrides is not None:
            self._overrides = overrides
        self._store = LineStore(self.text)
        self.session = None
        self._resolved = None
        self._touched = []
        self._forget()

    def begin(self, finder: SettingsFinder) -> None:
        """Find out what the document is, if that is not known."""
        if self._resolved is None:
            self._resolved, self._known, self.problem = resolved_for(Path(self.name), finder, self._overrides)
            self._open()

    def _open(self) -> None:
        assert self._resolved is not None
        self._forget()
        if syntax_of(self.name) in {"yaml", "toml"} or self.config is not None:
            return  # never records, whatever it holds
        try:
            self.session = Session(self.name, self._store.text, self._resolved.request, pulse=self._pulse)
        except ValueError:  # there are no lines to follow
            self.session = None
        else:
            self._store = self.session.store
            if self._foreign(self.session.plan.context):
                self.session = None

    def _foreign(self, context: Context) -> bool:
        """Tell whether the document is JSON that is open beside datasets: only one of these is linted, or what is asked for."""
        return context.format is None and plain_suffix(self.name) == ".json" and not self._asked

    def _forget(self) -> None:
        """Forget what was made of the text as a whole."""
        self._parsed, self._config, self._advised = False, None, None
        self.costed = False

    def edit(self, changes: list[Change], version: int | None) -> None:
        """Carry out edits of the editor."""
        self.version = version
        if self.session is None:
            quick = self._config  # stands until the text is parsed again, so that `quick` is known in between
            self._forget()
            self._config = quick
            self.evidence.clear()
        for change in changes:
            if change.start is None or change.end is None:
                self._store = LineStore(change.text)
                self.session = None
                self._touched = []
                if self._resolved is not None:
                    self._open()
            elif self.session is None:
                self._store.splice(Position(*change.start), Position(*change.end), change.text)
            else:
                touched = self.session.edit(Position(*change.start), Position(*change.end), change.text)
                self._note(touched.first, touched.removed, touched.inserted, read=touched.read)

    def _note(self, first: int, removed: int, inserted: int, *, read: bool) -> None:
        """Remember which lines were touched, under their numbers after the edit."""
        if self._touched is None:
            return
        stop, delta = first + removed, inserted - removed
        kept = [line if line < first else line + delta for line in self._touched if not first <= line < stop]
        self._touched = sorted({*kept, *range(first, first + inserted)}) if read and inserted <= _MOST_TOUCHED else None
        if self._touched is not None and len(self._touched) > _MOST_TOUCHED:
            self._touched = None

    def touched(self) -> Touched | None:
        """Return what record rules say of the lines that were touched of late; None where that is not to be had at once."""
        session = self.session
        if session is None or not self._touched:
            return None
        found = session.located(self._touched)
        if self._known is not None:
            found = self._known.filter(session.report(found)).diagnostics
        return Touched(self.uri, self.version, self._touched, sorted(session.record_codes), found)

    def settle(self) -> bool:
        """Tell whether all that was read stands, and there is nothing left to read."""
        if self.session is None:
            return True
        said = self.evidence.by_config(self.session)
        try:
            anew = self.session.settle()
        except ValueError:
            self._store = self.session.store
            self.session = None
            anew = True
        if anew:  # the lines are others now, and stand where they stood
            for config, found in said.items():
                self.evidence.put(config, found, self.session)
        return self.session is None or not self.session.unread

    def found(self) -> Found:
        """Return all that is to be shown of the document, as far as it was read."""
        session = self.session
        complete = True
        if session is not None:
            complete = not session.unread
            report = session.report([])
            report.diagnostics = session.diagnostics()
            report = session.report(report.diagnostics)
        else:
            report = self._advised or self._lint_whole()
        if self._known is not None:
            report = self._known.filter(report)
        if complete:
            self._touched = []
        facts = msgspec.structs.replace(
            facts_of(report), verdict=self._verdict(), summary=self._summary(), datasets=self._named_data()
        )
        shown = self._with_evidence(worst(report.diagnostics))
        skipped = [*report.skipped, *self._crashes.skipped(self.name)]
        return Found(self.uri, self.version, shown, facts, skipped, complete, self.problem)

    def _with_evidence(self, found: list[Diagnostic]) -> list[Diagnostic]:
        """Add what open configs say of the document, where its own settings do not silence the rule."""
        codes = self.request.selection.codes
        others = [one for one in self.evidence.standing(self.session) if one.code in codes]
        return worst(sorted([*found, *others], key=lambda one: (one.line, one.column, one.code))) if others else found

    def _verdict(self) -> str:
        verdict = self.session.verdict if self.session is not None else None
        if verdict is None:
            return ""
        from tunelint.advice.verdict import TITLES

        return TITLES[verdict.verdict]

    def _summary(self) -> str:
        return summary_of(self.config, self._costs) if self.session is None and self.config is not None else ""

    def _named_data(self) -> list[NamedData]:
        return named_data(self._linked) if self.session is None and self.config is not None and self._linked is not None else []

    def costs(self) -> "CostReport | None":
        """Return what the config's run or job costs, from the datasets that were read so far; None for what is none."""
        if self.costed or self.config is None:
            return self._costs
        try:
            return self._work_out(quick=True)
        except NotYetError:
            return self._costs

    def _work_out(self, *, quick: bool) -> "CostReport | None":
        config = self.config
        if config is None or self._links is None:
            return None
        ConfigLinter(config, self.request)  # tells the config what the settings say
        found = []
        with self._crashes.guard("cost"):
            found.append(self._links.costs(config, self.request, quick=quick))
        return found[0] if found else None

    def whole_linter(self, *, advice: bool = False) -> Linter:
        """Return a linter of the document's text; raises SourceError for what has no records.

        The verdict takes up to some seconds, so only with `advice` it is among what the linter finds.
        """
        request = self.request
        if not advice:
            codes = frozenset(code for code in request.selection.codes if not issubclass(all_rules()[code], AdviceRule))
            request = msgspec.structs.replace(request, selection=msgspec.structs.replace(request.selection, codes=codes))
        data = self.text.encode("utf-8", "surrogatepass")
        linter = Linter(open_stream(from_bytes(data, self.name)), request, lambda size: self._pulse())
        linter.context.pulse = self._pulse
        return linter

    def _lint_whole(self, *, advice: bool = False) -> FileReport:
        """Lint a document that has no lines to follow."""
        nothing = FileReport(path=self.name)
        if self.config is not None:
            return self._lint_config(self.config)
        if syntax_of(self.name) in {"yaml", "toml"}:
            return nothing
        try:
            linter = self.whole_linter(advice=advice)
            if linter.context.registry:
                return nothing
            if self._foreign(linter.context):
                return nothing
            return linter.run()
        except SourceError as problem:
            self.problem = str(problem)
            return nothing

    def _lint_config(self, config: Config) -> FileReport:
        """Lint a config, together with its datasets where they were read before."""
        self._unlinked, self._linked = False, None
        if self._links is not None:
            try:
                linter = ConfigLinter(config, self.request, self._links.linker(quick=True))
                report = linter.report()
            except NotYetError:
                self._unlinked = True
            else:
                self._unlinked, self._linked = self._links.stale, linter.link
                return report
        return ConfigLinter(config, self.request).report()


def resolved_for(path: Path, finder: SettingsFinder, overrides: Overrides) -> tuple[Resolved, baseline.Baseline | None, str]:
    """Return the settings of a file, its baseline, and what is wrong with them: then the defaults hold."""
    problem = ""
    try:
        resolved = resolve(path, finder.find(path.parent), overrides)
    except SettingsError as wrong:
        problem = str(wrong)
        resolved = resolve(path, SettingsFinder(isolated=True).find(path.parent), Overrides())
    known = None
    named = resolved.values.get("baseline")
    if named:
        try:
            known = baseline.load((Path(resolved.source).parent if resolved.source else Path()) / named)
        except UserError as wrong:
            problem = problem or str(wrong)
        else:
            resolved = msgspec.structs.replace(resolved, request=msgspec.structs.replace(resolved.request, keep_all=True))
    return resolved, known, problem


def worst(found: list[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics that are shown, in their order."""
    if len(found) <= MOST_SHOWN:
        return found
    ranked = sorted(range(len(found)), key=lambda index: (found[index].severity.rank, index))[:MOST_SHOWN]
    return [found[index] for index in sorted(ranked)]


def facts_of(report: FileReport) -> Facts:
    """Return what is known of a file as a whole."""
    counts = {str(severity): 0 for severity in Severity}
    for one in report.diagnostics:
        counts[one.severity] += one.count
    return Facts(report.records, report.bytes, report.format, report.confidence, report.target, report.tokens, counts)
