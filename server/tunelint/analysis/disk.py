"""Lints files from disk for an editor: those that it does not keep in step, and all of a workspace."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from tunelint.analysis.document import facts_of, resolved_for, worst
from tunelint.analysis.messages import Answer, Found, FromWorker, LintDisk, Progress
from tunelint.core.diagnostic import Diagnostic, FileReport, TextEdit
from tunelint.core.errors import UserError
from tunelint.engine.linter import Linter
from tunelint.engine.sources.opening import open_source
from tunelint.engine.sources.streams import COMPRESSIONS
from tunelint.settings import SettingsFinder
from tunelint.settings.search import excluder, find_files
from tunelint.text.lines import ColumnUnit, from_code_points

__all__ = ["lint_disk"]

_STEP: Final = 8 << 20
"""Bytes between two words about how far it is."""


def lint_disk(request: LintDisk, finder: SettingsFinder, send: Callable[[FromWorker], None]) -> None:
    """Lint files, telling what was found in each as it comes, and at last how many there were."""
    files = findings = 0
    problem = ""
    try:
        for found in find_files(request.paths, excluder(finder)):
            result = _lint(found.path, request, finder, send)
            if result is not None:
                files += 1
                findings += sum(result.facts.counts.values())
                send(result)
    except UserError as wrong:
        problem = str(wrong)
    send(Answer(request.id, {"files": files, "findings": findings}, problem=problem))


def _lint(path: Path, request: LintDisk, finder: SettingsFinder, send: Callable[[FromWorker], None]) -> Found | None:
    resolved, known, problem = resolved_for(path, finder, request.overrides)
    uri = path.resolve().as_uri()
    nothing = FileReport(path=str(path))
    try:
        source = open_source(path)
        total = source.facts.size or 0
        done = told = 0

        def step(size: int) -> None:
            nonlocal done, told
            done += size
            if done - told >= _STEP:
                told = done
                send(Progress(uri, done, total))

        linter = Linter(source, resolved.request, step)
        if linter.context.registry or (linter.context.format is None and request.searched and path.suffix != ".jsonl"):
            return None
        report = linter.run()
        if known is not None:
            report = known.filter(report)
        shown = in_units(worst(report.diagnostics), path, request.unit)
    except (UserError, OSError, ValueError, ModuleNotFoundError) as wrong:
        return Found(uri, None, [], facts_of(nothing), [], problem=str(wrong), path=str(path))
    return Found(uri, None, shown, facts_of(report), report.skipped, problem=problem, path=str(path))


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
