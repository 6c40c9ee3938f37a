"""What JSON reports hold, from which `schemas/report.schema.json` is made."""

from typing import Any

import msgspec

from tunelint.core.diagnostic import Diagnostic, FileReport, TextEdit
from tunelint.core.finding import Safety, Severity
from tunelint.core.run import Run, counts_by_severity
from tunelint.report import statistics
from tunelint.report.style import Style

__all__ = ["Report", "ReportFinding", "finding_of", "report_of", "schema"]


class ReportTool(msgspec.Struct):
    """Who wrote the report."""

    name: str
    version: str


class ReportTokens(msgspec.Struct):
    """Tokens of a dataset in one pass; `trained` are those that the loss sees."""

    total: int
    trained: int
    encoding: str
    exact: bool


class ReportFile(msgspec.Struct):
    """A file that was checked. `format` is null where no known one fits; `confidence` is the share of records it fits best."""

    path: str
    kind: str
    format: str | None
    confidence: float
    method: str | None
    target: str | None
    container: str | None
    records: int
    bytes: int | None
    tokens: ReportTokens | None
    fixed: int
    baselined: int


class ReportRelated(msgspec.Struct):
    """Another place that explains a finding."""

    path: str
    line: int
    column: int
    message: str


class ReportFix(msgspec.Struct):
    """A way to mend a finding; a fix without edits rewrites the whole file and is made by ``--fix`` only."""

    title: str
    safety: Safety
    edits: list[TextEdit]


class ReportFinding(msgspec.Struct):
    """One finding. Lines and columns start at 1 and columns count code points; `count` above 1 marks a folded one."""

    code: str
    name: str
    severity: Severity
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    at: str
    message: str
    help: str
    related: list[ReportRelated]
    fix: ReportFix | None
    count: int
    evidence: dict[str, Any] | None
    fingerprint: str


class ReportSkipped(msgspec.Struct):
    """A check or a file that was left out, and why."""

    code: str
    reason: str
    path: str


class ReportUnread(msgspec.Struct):
    """A file that could not be checked, and why; the exit code is 2 then."""

    path: str
    reason: str


class ReportSummary(msgspec.Struct):
    """How much was found and read; `hidden` findings are among the counts but kept back by ``--max-findings``."""

    error: int
    warning: int
    information: int
    hint: int
    hidden: int
    files: int
    records: int


class ReportStatistic(msgspec.Struct):
    """A rule and how many findings it has."""

    code: str
    name: str
    severity: Severity
    count: int
    fixable: int


class Report(msgspec.Struct, omit_defaults=True):
    """A whole run. `statistics` are there when they were asked for, `unread` when a file could not be checked."""

    version: int
    tool: ReportTool
    files: list[ReportFile]
    findings: list[ReportFinding]
    skipped: list[ReportSkipped]
    summary: ReportSummary
    statistics: list[ReportStatistic] | None = None
    unread: list[ReportUnread] = []


def schema() -> dict[str, Any]:
    """Return the JSON schema of a report."""
    return msgspec.json.schema(Report)


def report_of(run: Run, style: Style) -> Report:
    """Return a run as it is written."""
    counts = counts_by_severity(run.found)
    rows = [ReportStatistic(*row) for row in statistics.count(run.found)] if style.statistics else None
    return Report(
        version=1,
        tool=ReportTool("tunelint", run.version),
        files=[_file(report) for report in run.files],
        findings=[finding_of(one) for one in run.diagnostics],
        skipped=[ReportSkipped(one.code, one.reason, one.path) for one in run.left_out],
        summary=ReportSummary(
            error=counts[Severity.ERROR],
            warning=counts[Severity.WARNING],
            information=counts[Severity.INFORMATION],
            hint=counts[Severity.HINT],
            hidden=run.kept_back,
            files=len(run.files),
            records=run.records,
        ),
        statistics=rows,
        unread=[ReportUnread(one.path, one.reason) for one in run.unread],
    )


def _file(report: FileReport) -> ReportFile:
    tokens = report.tokens
    return ReportFile(
        path=report.path,
        kind=report.kind,
        format=report.format,
        confidence=report.confidence,
        method=report.method,
        target=report.target,
        container=report.container,
        records=report.records,
        bytes=report.bytes,
        tokens=ReportTokens(tokens.total, tokens.trained, tokens.encoding, tokens.exact) if tokens is not None else None,
        fixed=report.fixed,
        baselined=report.baselined,
    )


def finding_of(one: Diagnostic) -> ReportFinding:
    """Return a finding as it is written."""
    fix = one.fix
    return ReportFinding(
        code=one.code,
        name=one.name,
        severity=one.severity,
        path=one.path,
        line=one.line,
        column=one.column,
        end_line=one.end_line,
        end_column=one.end_column,
        at=one.at,
        message=one.message,
        help=one.help,
        related=[ReportRelated(place.path, place.line, place.column, place.message) for place in one.related],
        fix=ReportFix(fix.title, fix.safety, list(fix.edits)) if fix is not None else None,
        count=one.count,
        evidence=dict(one.evidence) if one.evidence is not None else None,
        fingerprint=one.fingerprint,
    )
