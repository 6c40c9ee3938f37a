"""Every output format writes what its readers expect, whatever stands in the findings."""

import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import xmlschema
from hypothesis import given, settings

from tests.report.runs import RUNS, real_run
from tunelint.core.run import Run
from tunelint.report import Style, formats, write

SCHEMAS = Path(__file__).parent / "schemas"
SARIF = jsonschema.Draft7Validator(json.loads((SCHEMAS / "sarif-2.1.0.json").read_text(encoding="utf-8")))
GITLAB = jsonschema.Draft202012Validator(json.loads((SCHEMAS / "gitlab-code-quality.json").read_text(encoding="utf-8")))
JUNIT = xmlschema.XMLSchema10(str(SCHEMAS / "junit-10.xsd"))


def _text(name: str, run: Run, style: Style = Style()) -> str:  # noqa: B008
    return "".join(write(name, run, style))


def test_all_formats_of_the_interface_are_there() -> None:
    assert set(formats()) == {"full", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit"}
    assert formats()[0] == "full"


@given(run=RUNS)
@settings(max_examples=60, deadline=None)
def test_no_format_stumbles_over_words(run: Run) -> None:
    count = len(run.diagnostics)
    for name in formats():
        text = _text(name, run)
        assert text or not count
        assert "Traceback" not in text
        match name:
            case "sarif":
                found = json.loads(text)
                SARIF.validate(found)
                assert len(found["runs"][0]["results"]) == count
            case "gitlab":
                found = json.loads(text)
                GITLAB.validate(found)
                assert len({one["fingerprint"] for one in found}) == count
            case "junit":
                JUNIT.validate(io.StringIO(text.encode("utf-8", "replace").decode()))
            case "json":
                assert len(json.loads(text)["findings"]) == count
            case "github":
                assert len(re.findall("^::(?:error|warning|notice) ", text, re.MULTILINE)) == count


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
