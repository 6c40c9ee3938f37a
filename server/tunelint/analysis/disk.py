"""Lints files from disk for an editor: those that it does not keep in step, and all of a workspace."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from tunelint.analysis.config import summary_of
from tunelint.analysis.document import facts_of, resolved_for, worst
from tunelint.analysis.messages import Answer, Found, FromWorker, LintDisk, Progress
from tunelint.core.diagnostic import Diagnostic, FileReport, TextEdit
from tunelint.core.errors import UserError
from tunelint.engine.config import ConfigLinter, read_config
from tunelint.engine.disk_files import DiskFiles
from tunelint.engine.linter import Linter, Request
from tunelint.engine.project import Linker
from tunelint.engine.sources.opening import open_source
from tunelint.engine.sources.streams import COMPRESSIONS
from tunelint.settings import SettingsFinder
from tunelint.settings.search import excluder, find_files
from tunelint.text.config import syntax_of
from tunelint.text.lines import ColumnUnit, from_code_points

__all__ = ["lint_disk"]

_STEP: Final = 4 << 20
"""Bytes between two words about how far it is."""


def lint_disk(request: LintDisk, finder: SettingsFinder, send: Callable[[FromWorker], None]) -> None:
    """Lint files, telling what was found in each as it comes, and at last how many there were."""
    files = findings = 0
    problem = ""
    try:
        paths = [Path(os.path.abspath(one.path)) for one in find_files(request.paths, excluder(finder), configs=True)]  # noqa: PTH100
        progress = _Progress(paths, send)  # pathlib's absolute paths resolve links, under which no editor knows a file
        linker = Linker(DiskFiles())
        for path in paths:
            progress.begin(path)
            result = _lint(path, request, finder, linker, progress)
            if result is not None:
                files += 1
                findings += sum(result.facts.counts.values())
                send(result)
    except UserError as wrong:
        problem = str(wrong)
    send(Answer(request.id, {"files": files, "findings": findings}, problem=problem))


class _Progress:
    """How much of all files was read, told not too often."""

    def __init__(self, paths: list[Path], send: Callable[[FromWorker], None]) -> None:
        self._send = send
        self._sizes = {path: _size(path) for path in paths}
        self._total = sum(self._sizes.values())
        self._before = self._done = self._told = 0
        self._uri = ""

    def begin(self, path: Path) -> None:
        """Go on to a file: those before it are done, whatever was read of them."""
        self._done = self._before
        self._before += self._sizes[path]
        self._uri = path.as_uri()
        self._tell()

    def step(self, size: int) -> None:
        """Take that so many bytes more were read."""
        self._done += size
        self._tell()

    def _tell(self) -> None:
        if self._done - self._told >= _STEP:
            self._told = self._done
            self._send(Progress(self._uri, min(self._done, self._total), self._total))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _lint(path: Path, request: LintDisk, finder: SettingsFinder, linker: Linker, progress: _Progress) -> Found | None:
    """Lint one file; None for one that is neither a dataset nor a training config. What goes wrong is said of that file."""
    summary = ""
    report: FileReport | None
    try:
        resolved, known, problem = resolved_for(path, finder, request.overrides)
        config = read_config(path, str(path))
        if config is not None:
            report = ConfigLinter(config, resolved.request, linker).report()
            summary = summary_of(config, None)
        else:
            report = _lint_dataset(path, resolved.request, request, progress)
        if report is None:
            return None
        if known is not None:
            report = known.filter(report)
        shown = in_units(worst(report.diagnostics), path, request.unit)
    except Exception as wrong:  # one file must not end the others  # noqa: BLE001
        said = str(wrong) if isinstance(wrong, (UserError, OSError, ValueError, ModuleNotFoundError)) else repr(wrong)
        said = said if str(path) in said else f"{path}: {said}"
        return Found(path.as_uri(), None, [], facts_of(FileReport(path=str(path))), [], problem=said, path=str(path))
    facts = msgspec.structs.replace(facts_of(report), summary=summary)
    return Found(path.as_uri(), None, shown, facts, report.skipped, problem=problem, path=str(path))


def _lint_dataset(path: Path, asked: Request, request: LintDisk, progress: _Progress) -> FileReport | None:
    if syntax_of(path.name) in {"yaml", "toml"}:
        return None
    linter = Linter(open_source(path), asked, progress.step)
    if linter.context.registry or (linter.context.format is None and request.searched and path.suffix != ".jsonl"):
        return None
    return linter.run()


def in_units(found: list[Diagnostic], path: Path, unit: ColumnUnit) -> list[Diagnostic]:
    """Return diagnostics with columns in the client's unit, for which the lines are read once more."""
    if unit == "utf-32" or path.suffix.lstrip(".") in COMPRESSIONS or path.suffix == ".parquet":
        return found
    wanted = {line for one in found for line in _lines_of(one)}
    lines = dict(_read_lines(path, wanted))

    def moved(line: int, column: int) -> int:
        return from_code_points(lines[line], column - 1, unit) + 1 if line in lines else column

    def edit_of(edit: TextEdit) -> TextEdit:
        return TextEdit(edit.line, moved(edit.line, edit.column), edit.end_line, moved(edit.end_line, edit.end_column), edit.text)

    return [
        msgspec.structs.replace(
            one,
            column=moved(one.line, one.column),
            end_column=moved(one.end_line, one.end_column),
            fix=msgspec.structs.replace(one.fix, edits=tuple(map(edit_of, one.fix.edits))) if one.fix is not None else None,
        )
        for one in found
    ]


def _lines_of(one: Diagnostic) -> Iterator[int]:
    yield one.line
    yield one.end_line
    for edit in one.fix.edits if one.fix is not None else ():
        yield edit.line
        yield edit.end_line


def _read_lines(path: Path, wanted: set[int]) -> Iterator[tuple[int, str]]:
    last = max(wanted, default=0)
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        for number, line in enumerate(file, start=1):
            if number in wanted:
                yield number, line
            if number >= last:
                return
