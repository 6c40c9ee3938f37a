"""SARIF 2.1.0, which code scanning services and editors read."""

from collections.abc import Iterator
from typing import Any, Final

from tunelint.core.diagnostic import Diagnostic, RelatedPlace, TextEdit
from tunelint.core.finding import Severity
from tunelint.core.run import Run
from tunelint.report.encoding import pretty, uri
from tunelint.report.style import Style
from tunelint.rules import all_rules

__all__ = ["write"]

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFORMATION: "note", Severity.HINT: "note"}


def write(run: Run, style: Style) -> Iterator[str]:
    """Yield one document with one run."""
    codes = sorted({one.code for one in run.diagnostics})
    index = {code: number for number, code in enumerate(codes)}
    document = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "tunelint",
                        "semanticVersion": run.version,
                        "version": run.version,
                        "rules": [_rule(code) for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "invocations": [
                    {
                        "executionSuccessful": not run.unread,
                        "toolExecutionNotifications": [
                            *(_notification("error", one.reason, one.path) for one in run.unread),
                            *(_notification("warning", f"{one.code}: {one.reason}", one.path) for one in run.left_out),
                        ],
                    }
                ],
                "results": [_result(one, index[one.code]) for one in run.diagnostics],
            }
        ],
    }
    yield pretty(document)


def _notification(level: str, text: str, path: str) -> dict[str, Any]:
    places = {"locations": [_location(path, None)]} if path else {}
    return {"level": level, "message": {"text": text}, **places}


def _rule(code: str) -> dict[str, Any]:
    rule = all_rules()[code]
    page = rule.page()
    title = page.partition("\n")[0]
    return {
        "id": code,
        "name": rule.name,
        "shortDescription": {"text": title},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [code[:3]]},
    }


def _result(one: Diagnostic, rule_index: int) -> dict[str, Any]:
    text = one.message + (f". {one.help[:1].upper()}{one.help[1:]}" if one.help else "") + "."
    result: dict[str, Any] = {
        "ruleId": one.code,
        "ruleIndex": rule_index,
        "level": _LEVELS[one.severity],
        "message": {"text": text},
        "locations": [_location(one.path, _region(one.line, one.column, one.end_line, one.end_column), one.at)],
        "partialFingerprints": {"tunelint/v1": one.fingerprint},
    }
    if one.count > 1:
        result["occurrenceCount"] = one.count
    if one.related:
        result["relatedLocations"] = [_related(place, number) for number, place in enumerate(one.related, start=1)]
    if one.fix is not None and one.fix.edits:
        replacements = [_replacement(edit) for edit in one.fix.edits]
        change = {"artifactLocation": _artifact(one.path), "replacements": replacements}
        result["fixes"] = [{"description": {"text": one.fix.title}, "artifactChanges": [change]}]
    properties = {"safety": one.fix.safety} if one.fix is not None else {}
    if one.evidence:
        properties["evidence"] = dict(one.evidence)  # type: ignore[assignment]
    if properties:
        result["properties"] = properties
    return result


def _artifact(path: str) -> dict[str, str]:
    return {"uri": uri(path)}


def _location(path: str, region: dict[str, int] | None, at: str = "") -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact(path)}
    if region is not None:
        physical["region"] = region
    location: dict[str, Any] = {"physicalLocation": physical}
    if at:
        location["logicalLocations"] = [{"fullyQualifiedName": at, "kind": "member"}]
    return location


def _region(line: int, column: int, end_line: int, end_column: int) -> dict[str, int]:
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _related(place: RelatedPlace, number: int) -> dict[str, Any]:
    region = _region(place.line, place.column, place.line, place.column)
    return {"id": number, **_location(place.path, region), "message": {"text": place.message}}


def _replacement(edit: TextEdit) -> dict[str, Any]:
    return {
        "deletedRegion": _region(edit.line, edit.column, edit.end_line, edit.end_column),
        "insertedContent": {"text": edit.text},
    }
