"""Every output format writes what its readers expect, whatever stands in the findings."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import msgspec
import pytest
import xmlschema
from hypothesis import given, settings

from tests.report.runs import RUNS, real_run
from tunelint.core.diagnostic import Diagnostic, FileReport
from tunelint.core.finding import Severity
from tunelint.core.run import Run
from tunelint.report import Style, formats, write
from tunelint.report.contract import schema

SCHEMAS = Path(__file__).parent / "schemas"
SARIF = jsonschema.Draft7Validator(json.loads((SCHEMAS / "sarif-2.1.0.json").read_text(encoding="utf-8")))
GITLAB = jsonschema.Draft202012Validator(json.loads((SCHEMAS / "gitlab-code-quality.json").read_text(encoding="utf-8")))
REPORT = jsonschema.Draft202012Validator(schema())
JUNIT = xmlschema.XMLSchema10(str(SCHEMAS / "junit-10.xsd"))


def _text(name: str, run: Run, style: Style = Style()) -> str:  # noqa: B008
    return "".join(write(name, run, style))


def test_all_formats_of_the_interface_are_there() -> None:
    assert set(formats()) == {"full", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit"}
    assert formats()[0] == "full"


def _strict(text: str) -> Any:
    """Read JSON as a strict reader does: sound UTF-8, no half pairs even as escapes, no NaN."""

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    found = json.loads(text.encode(), parse_constant=refuse)
    json.dumps(found, ensure_ascii=False).encode()
    return found


@given(run=RUNS)
def test_json_fits_its_schema(run: Run) -> None:
    REPORT.validate(_strict(_text("json", run, Style(statistics=True))))
    found = _strict(_text("json", run))
    REPORT.validate(found)
    assert len(found["findings"]) == len(run.diagnostics)
    assert len(found.get("unread", [])) == len(run.unread)
    lines = _text("jsonl", run).splitlines()
    assert [_strict(line) for line in lines] == found["findings"]


@given(run=RUNS)
def test_sarif_fits_the_published_schema(run: Run) -> None:
    found = _strict(_text("sarif", run))
    SARIF.validate(found)
    log = found["runs"][0]
    assert log["invocations"][0]["executionSuccessful"] is not bool(run.unread)
    assert len(log["invocations"][0]["toolExecutionNotifications"]) == len(run.unread)
    assert [one["ruleId"] for one in log["results"]] == [one.code for one in run.diagnostics]
    assert all(log["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] == one["ruleId"] for one in log["results"])
    for one in log["results"]:
        address = one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"(file:///([A-Z]:)?)?[A-Za-z0-9_.~/%-]+", address), address


@given(run=RUNS)
def test_gitlab_fits_its_schema_and_tells_findings_apart(run: Run) -> None:
    found = _strict(_text("gitlab", run))
    GITLAB.validate(found)
    assert len({one["fingerprint"] for one in found}) == len(run.diagnostics) + len(run.unread)


@given(run=RUNS)
def test_junit_fits_the_published_schema(run: Run) -> None:
    text = _text("junit", run)
    JUNIT.validate(io.BytesIO(text.encode()))
    failed = [one for one in run.diagnostics if one.severity in {"error", "warning"}]
    cases = ET.fromstring(text.encode()).findall("testsuite/testcase/failure")
    assert [case.get("type") for case in cases] == [one.severity for one in failed]
    assert len(ET.fromstring(text.encode()).findall("testsuite/testcase/error")) == len(run.unread)


@given(run=RUNS)
def test_github_says_one_command_a_finding_and_no_other(run: Run) -> None:
    lines = _text("github", run).encode("utf-8", "replace").decode().replace("\r", "\n").split("\n")
    commands = [line for line in lines if line.lstrip().startswith("::")]
    assert len(commands) == len(run.diagnostics) + len(run.unread)
    assert len(lines) == len(commands) + 2, "the summary, and what follows the last line end"
    for command in commands:
        assert re.match(
            r"::(error|warning|notice) file=[^,:]+,line=\d+,endLine=\d+,(col=\d+,endColumn=\d+,)?title=[^,:]+::", command
        )


@given(run=RUNS)
@settings(max_examples=30)
def test_full_never_stumbles(run: Run) -> None:
    text = _text("full", run, Style(color=True, statistics=True))
    assert text.count("-->") >= len(run.diagnostics)


@pytest.mark.parametrize(
    ("path", "address", "in_repository"),
    [
        ("data/train.jsonl", "data/train.jsonl", "data/train.jsonl"),
        ("./train.jsonl", "train.jsonl", "train.jsonl"),
        ("data\\train.jsonl", "data/train.jsonl", "data/train.jsonl"),
        ("a b/ü:,%.jsonl", "a%20b/%C3%BC%3A%2C%25.jsonl", "a b/ü:,%.jsonl"),
        ("/tmp/x y.jsonl", "file:///tmp/x%20y.jsonl", "/tmp/x y.jsonl"),
        ("C:\\data\\x.jsonl", "file:///C:/data/x.jsonl", "C:/data/x.jsonl"),
        ("\\\\server\\share\\x.jsonl", "file://server/share/x.jsonl", "//server/share/x.jsonl"),
        ("\udcff.jsonl", "%FF.jsonl", "?.jsonl"),
    ],
)
def test_paths_are_written_as_readers_want_them(path: str, address: str, in_repository: str) -> None:
    one = Diagnostic("CHT003", "some-name", Severity.ERROR, path, 1, 1, 1, 1, "", "a fault")
    run = Run("1.2.3", [FileReport(path, diagnostics=[one])])
    result = _strict(_text("sarif", run))["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": address}
    assert _strict(_text("gitlab", run))[0]["location"]["path"] == in_repository


def test_same_fault_has_the_same_gitlab_fingerprint_wherever_its_record_moves() -> None:
    here = Diagnostic("CHT003", "some-name", Severity.ERROR, "a.jsonl", 3, 1, 3, 1, "", "a fault", fingerprint="0f")
    there = msgspec.structs.replace(here, line=9, end_line=9, path="./a.jsonl")
    elsewhere = msgspec.structs.replace(here, path="b.jsonl")
    prints = [
        _strict(_text("gitlab", Run("1.2.3", [FileReport("a.jsonl", diagnostics=ones)])))
        for ones in ([here], [there], [elsewhere], [here, there])
    ]
    assert prints[0][0]["fingerprint"] == prints[1][0]["fingerprint"] == prints[3][0]["fingerprint"]
    assert len({one["fingerprint"] for ones in prints for one in ones}) == 3


def test_no_format_imports_another_or_more_than_it_needs() -> None:
    code = "import sys; from tunelint.core.run import Run; from tunelint.report import *; list(write(sys.argv[1], Run('', []), Style())); print(*sys.modules)"
    heavy = {"xml.sax.saxutils", "pydantic", "numpy", "tunelint.report.contract"}
    for name in formats():
        loaded = set(
            subprocess.run([sys.executable, "-c", code, name], capture_output=True, text=True, check=True).stdout.split()
        )
        assert {other for other in formats() if f"tunelint.report.{other}" in loaded} == {name}
        if name in {"full", "concise", "github"}:
            assert not heavy & loaded, name


def test_real_run_validates() -> None:
    run = real_run()
    assert len(run.diagnostics) > 8
    SARIF.validate(json.loads(_text("sarif", run)))
    GITLAB.validate(json.loads(_text("gitlab", run)))
    JUNIT.validate(io.StringIO(_text("junit", run)))
    suites = ET.fromstring(_text("junit", run))
    assert suites.get("failures") == str(len([one for one in run.diagnostics if one.severity in {"error", "warning"}]))


def test_sarif_says_where_and_how_to_mend() -> None:
    log = json.loads(_text("sarif", real_run()))["runs"][0]
    assert log["columnKind"] == "unicodeCodePoints"
    results = {one["ruleId"]: one for one in log["results"]}
    comma = results["JSN001"]
    assert comma["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 3,
        "startColumn": 233,
        "endLine": 3,
        "endColumn": 234,
    }
    replacement = comma["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert replacement["insertedContent"]["text"] == ""
    assert log["tool"]["driver"]["rules"][comma["ruleIndex"]]["id"] == "JSN001"
    assert log["invocations"][0]["toolExecutionNotifications"][0]["locations"]


def test_json_is_the_contract() -> None:
    found = json.loads(_text("json", real_run()))
    assert found["version"] == 1
    assert found["tool"] == {"name": "tunelint", "version": "1.2.3"}
    first = found["findings"][0]
    assert set(first) >= {
        "code", "name", "severity", "path", "line", "column", "end_line", "end_column", "at", "message", "help", "related", "fix",
        "count", "evidence",
    }  # fmt: skip
    file = found["files"][0]
    assert file["kind"] == "dataset"
    assert set(file["tokens"]) == {"total", "trained", "encoding", "exact"}
    assert found["skipped"][0] == {"code": "MED004", "reason": "nobody can look", "path": "a b.jsonl"}
    assert sum(found["summary"][level] for level in ("error", "warning", "information", "hint")) == len(found["findings"])
    assert found["summary"]["records"] == 14
    assert "statistics" not in found
    assert json.loads(_text("json", real_run(), Style(statistics=True)))["statistics"]


def test_concise_is_one_line_a_finding() -> None:
    lines = _text("concise", real_run()).splitlines()
    assert "examples/train.jsonl:3:233: JSN001 [*] error: a comma with nothing after it" in lines
    assert all(re.match(r"[^:]+:\d+:\d+: [A-Z]{3}\d{3}", line) for line in lines)


def test_full_marks_the_characters() -> None:
    text = _text("full", real_run())
    lines = text.splitlines()
    row = next(index for index, line in enumerate(lines) if '"human"' in line)
    start = lines[row + 1].index("^")
    assert lines[row][start : start + 7] == '"human"'
    assert lines[row + 1].count("^") == 7
    assert "\x1b[" not in text
    assert "\x1b[31;1m" in _text("full", real_run(), Style(color=True))


def test_github_escapes_commands() -> None:
    run = real_run()
    text = _text("github", run)
    assert text.startswith("::error file=examples/train.jsonl,line=3,endLine=3,col=233,endColumn=234,title=JSN001 invalid-json::")
    assert "%0A" in text
