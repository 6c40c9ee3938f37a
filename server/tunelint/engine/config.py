"""Lints one training config: parse, find out whose it is, run the rules, put what they say at exact places, mend the text.

A text that is no config of a known tool has nothing to say: most YAML is none.
"""

import difflib
import functools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec
from xxhash import xxh3_64_hexdigest

from tunelint.core.diagnostic import Diagnostic, Excerpt, FileReport, PlacedFix, RelatedPlace, Skipped, TextEdit
from tunelint.core.finding import Finding, Related, Safety, Severity
from tunelint.core.plan import TrainingPlan
from tunelint.engine.collector import folded
from tunelint.engine.config_edits import locate_in_tree, resolve_in_tree
from tunelint.engine.crash import Crashes
from tunelint.engine.edits import Replacement, apply
from tunelint.engine.fixes import Change
from tunelint.engine.linter import Request
from tunelint.engine.project import Linker
from tunelint.engine.silencing import Silenced
from tunelint.rules import all_rules
from tunelint.rules.base import ConfigRule, Link, LinkedDataset, ProjectRule
from tunelint.text.config import parse_config, syntax_of
from tunelint.text.tree import Tree
from tunelint.trainers import Config, detect_trainer, may_be_config

__all__ = ["MAX_CONFIG", "ConfigLinter", "changed_lines", "decode", "open_config", "read_config"]

MAX_CONFIG: Final = 2 << 20
"""Bytes of the largest file that is taken for a config; the largest published ones have some tens of thousands."""

_HEAD: Final = 64
_ROUNDS: Final = 10
_EXCERPT: Final = 120
_NAMED: Final = 3
_MESSAGE: Final = 120


def decode(data: bytes) -> str:
    """Return the text of a file; bytes that are no UTF-8 become characters that turn back into them."""
    return data.decode("utf-8", "surrogateescape")


def open_config(text: str, name: str) -> Config | None:
    """Return the training config that a text is; None for one that is none of a known tool.

    JSON whose file holds more than one value is none either, so lines of a dataset are never taken for one.
    """
    syntax = syntax_of(name)
    if syntax is None or not may_be_config(text):
        return None
    if syntax == "json" and not text.lstrip("\ufeff \t\r\n").startswith("{"):
        return None
    tree = parse_config(text, syntax)
    if syntax == "json" and any(fault.problem == "several values on one line" for fault in tree.faults):
        return None
    trainer = detect_trainer(tree)
    return Config(name, tree, trainer) if trainer is not None else None


def read_config(path: Path, name: str) -> Config | None:
    """Return the training config that a file is, called `name`; None for any other file, of which little is read."""
    syntax = syntax_of(name)
    if syntax is None:
        return None
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if syntax == "json" and not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
            return None
        data = head + file.read(MAX_CONFIG)
    return open_config(decode(data), name) if len(data) <= MAX_CONFIG else None


class ConfigLinter:
    """Lints one config. Findings come in the order of the text."""

    def __init__(self, config: Config, request: Request, linker: Linker | None = None) -> None:
        self.config = config
        self.request = request
        self.linker = linker
        config.use, config.today, config.read = request.use, request.today, request.read
        self.crashes = Crashes()
        self._prepare()
        self.rules = [rule for rule in _rules(request) if rule.concerns(config)]

    def _prepare(self) -> None:
        """Make the plan and the tool's own checks; where their code fails, that is named once, and nothing is known of either."""
        with self.crashes.guard("TRN018"):
            self.config.plan = TrainingPlan()  # what holds if the next line fails
            self.config.plan = self.config.trainer.plan(self.config)
            self.config.conflicts = ()
            self.config.conflicts = self.config.own_checks()

    @functools.cached_property
    def link(self) -> Link:
        """The config with its datasets, as far as anybody can look."""
        config, projects = self.config, [rule for rule in self.rules if isinstance(rule, ProjectRule)]
        if self.linker is not None and projects:
            try:
                return self.linker.link(config, lengths=any(rule.needs_lengths for rule in projects))
            except OSError:
                pass  # a disk that fails is as good as none
        plan = config.plan
        train = tuple(LinkedDataset(ref=ref, state="elsewhere") for ref in plan.datasets)
        evaluation = tuple(LinkedDataset(ref=ref, state="elsewhere") for ref in plan.evaluation_datasets)
        return Link(config=config, train=train, evaluation=evaluation)

    def findings(self) -> list[Finding]:
        """Return what the selected rules say, without what comments silence and what other findings explain."""
        silenced = Silenced(self.config.tree)
        blamed: set[tuple[str | int, ...]] = set()
        kept = []
        for rule in self.rules:
            selected = rule.code in self.request.selection.codes
            for finding in self._ask(rule):
                place = finding.place
                if place.path and place.path in blamed and not rule.code.startswith("CFG009"):
                    continue
                if rule.code.startswith("CFG") and place.path and finding.severity.rank <= Severity.WARNING.rank:
                    blamed.add(place.path)
                elif place.path and place.path[:-1] in blamed:
                    continue
                start, _ = self._offsets(finding)
                if selected and not silenced.holds(rule.code, start):
                    kept.append(self._as_wanted(finding))
        return sorted(kept, key=lambda one: (self._offsets(one), one.code))

    def _ask(self, rule: ConfigRule | ProjectRule) -> Iterator[Finding]:
        found: list[Finding] = []
        with self.crashes.guard(rule.code):
            found = list(rule.check(self.config) if isinstance(rule, ConfigRule) else rule.check(self.link))
        for finding in found:
            broken = finding.place.raw is None and finding.place.path and self.config.unreadable(finding.place.path)
            if not broken:
                yield finding

    def _as_wanted(self, finding: Finding) -> Finding:
        severity = self.request.selection.severities.get(finding.code)
        return msgspec.structs.replace(finding, severity=severity) if severity is not None else finding

    def _offsets(self, finding: Finding) -> tuple[int, int]:
        place = finding.place
        if place.raw is not None:
            return place.raw
        return locate_in_tree(self.config.tree, place.path, key=place.part == "key")

    def report(self) -> FileReport:
        """Return everything that is to be said of the config."""
        config = self.config
        lines = _Lines(config.tree.text)
        by_code: dict[str, list[Diagnostic]] = {}
        for finding in self.findings():
            by_code.setdefault(finding.code, []).append(self._diagnostic(finding, lines))
        known = {rule.code: rule for rule in self.rules}
        shown = [
            one
            for code, ones in by_code.items()
            for one in (ones if self.request.keep_all else folded(ones, known[code].shown, config.name))
        ]
        return FileReport(
            path=config.name,
            kind="config",
            format=config.trainer.name,
            confidence=1.0,
            method=_method(config),
            bytes=len(config.tree.text.encode("utf-8", "surrogateescape")),
            diagnostics=sorted(shown, key=lambda one: (one.line, one.column, one.code, one.at, one.count)),
            skipped=[*self._unseen(), *self.crashes.skipped(config.name)],
        )

    def _unseen(self) -> Iterator[Skipped]:
        """Yield the datasets that nobody could look at, where a rule would have."""
        if self.linker is None or not any(rule.code == "LNK001" for rule in self.rules):
            return
        reasons: dict[str, list[str]] = {}
        for one in (*self.link.train, *self.link.evaluation):
            if one.state == "elsewhere":
                reasons.setdefault(one.reason, []).append(one.ref.name)
        for reason, names in reasons.items():
            more = f" and {len(names) - _NAMED} others" if len(names) > _NAMED else ""
            yield Skipped("LNK", f"{', '.join(names[:_NAMED])}{more}: {reason}", self.config.name)

    def _diagnostic(self, finding: Finding, lines: "_Lines") -> Diagnostic:
        from tunelint.text.spans import format_path

        tree = self.config.tree
        start, end = self._offsets(finding)
        line, column = lines.position(start)
        end_line, end_column = lines.position(end)
        at = format_path(finding.place.path)
        rule = all_rules()[finding.code]
        related = [RelatedPlace(one.file or self.config.name, *self._related(one, lines), one.message) for one in finding.related]
        excerpt = lines.excerpt(start, end)
        return Diagnostic(
            code=finding.code,
            name=rule.name,
            severity=finding.severity,
            path=self.config.name,
            line=line,
            column=column,
            end_line=end_line,
            end_column=end_column,
            at=at,
            message=finding.message if len(finding.message) <= _MESSAGE else f"{finding.message[: _MESSAGE - 1]}…",
            help=finding.help,
            related=tuple(related),
            fix=_placed_fix(finding, tree, lines),
            count=finding.count,
            evidence=finding.evidence,
            excerpt=excerpt,
            fingerprint=xxh3_64_hexdigest(f"{finding.code}\x00{at}\x00{excerpt.text.strip()}".encode("utf-8", "surrogateescape")),
        )

    def _related(self, one: Related, lines: "_Lines") -> tuple[int, int]:
        if one.file is not None:
            return one.line, 1
        return lines.position(locate_in_tree(self.config.tree, one.place.path, key=True)[0])

    def mend(self, allowed: frozenset[Safety]) -> tuple[str, int]:
        """Return the text with its fixes carried out until nothing more is to be mended, and how many there were.

        A config that is no sound YAML or JSON is left alone: it is not known where its values end. So is a fix that would change
        how the rest of the text is read.
        """
        total = 0
        linter = self
        for _ in range(_ROUNDS):
            tree = linter.config.tree
            if tree.faults:
                break
            taken = _choose(linter.findings(), tree, allowed)
            if not taken:
                break
            after = apply(tree.text, [edit for edits in taken for edit in edits])
            config = open_config(after, self.config.name)
            if config is None or config.tree.faults:
                break
            total += len(taken)
            linter = ConfigLinter(config, self.request, self.linker)
        return linter.config.tree.text, total


def _method(config: Config) -> str | None:
    method = config.plan.effective("method")
    return str(method) if method else None


def _rules(request: Request) -> Iterator[ConfigRule | ProjectRule]:
    """Yield the rules about configs. Those of the family CFG always run: what they say explains what others would."""
    for code, rule in all_rules().items():
        if issubclass(rule, ConfigRule | ProjectRule) and (code in request.selection.codes or code.startswith("CFG")):
            options = request.selection.options.get(code)
            yield rule(msgspec.convert(options, rule.settings) if options else None)


def _choose(findings: Iterable[Finding], tree: Tree, allowed: frozenset[Safety]) -> list[list[Replacement]]:
    """Return the edits of those fixes that are wanted and do not touch each other."""
    taken: list[list[Replacement]] = []
    for finding in findings:
        if finding.fix is None or finding.fix.safety not in allowed:
            continue
        edits = resolve_in_tree(tree, finding.fix.edits)
        others = [one for edits_before in taken for one in edits_before]
        if edits and not any(one.start <= other.end and other.start <= one.end for one in edits for other in others):
            taken.append(edits)
    return taken


def _placed_fix(finding: Finding, tree: Tree, lines: "_Lines") -> PlacedFix | None:
    fix = finding.fix
    edits = resolve_in_tree(tree, fix.edits) if fix is not None and not tree.faults else None
    if fix is None or edits is None:
        return None
    placed = tuple(TextEdit(*lines.position(one.start), *lines.position(one.end), one.text) for one in edits)
    return PlacedFix(fix.title, fix.safety, placed)


class _Lines:
    """Where lines begin in a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset, from 1."""
        import bisect

        line = bisect.bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def excerpt(self, start: int, end: int) -> Excerpt:
        """Return the line that an offset stands in, cut where it is long."""
        line, _ = self.position(start)
        first = self.starts[line - 1]
        stop = self.starts[line] if line < len(self.starts) else len(self.text)
        whole = self.text[first:stop].rstrip("\r\n")
        cut = max(0, start - first - _EXCERPT // 2)
        shown = whole[cut : cut + _EXCERPT]
        begin = start - first - cut
        finish = min(max(end - first - cut, begin), len(shown))
        return Excerpt(shown, begin, max(finish, begin), cut_before=cut > 0, cut_after=cut + _EXCERPT < len(whole))


def changed_lines(before: str, after: str) -> Iterator[Change]:
    """Yield every line of a mended text beside the line that it comes from."""
    old, new = _split(before), _split(after)
    for tag, a_start, a_end, b_start, b_end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal" or a_end - a_start == b_end - b_start:
            for index in range(a_end - a_start):
                yield Change(a_start + index + 1, _bytes(old[a_start + index]), _bytes(new[b_start + index]))
            continue
        for index in range(a_start, a_end):
            yield Change(index + 1, _bytes(old[index]), None)
        for index in range(b_start, b_end):
            yield Change(max(a_end, 1), None, _bytes(new[index]))


def _split(text: str) -> list[str]:
    lines = re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+", text)
    return list(lines)


def _bytes(line: str) -> bytes:
    return line.encode("utf-8", "surrogateescape")
