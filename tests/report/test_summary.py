"""The summary of a dataset on a terminal: the numbers of the run, in few words, and only where a person reads."""

import json
from pathlib import Path

import pytest

from tests.cli.running import GOOD, Shell
from tests.linting import lint
from tests.shared_data import shared_data
from tunelint.core.diagnostic import FileReport
from tunelint.core.run import Run
from tunelint.report import Style, formats, write

SUMMARY = Style(summary=True)


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    return Shell(monkeypatch, capsys, tmp_path)


def _facts(text: str) -> dict[str, str]:
    words = (line.split(None, 1) for line in text.splitlines() if line.startswith("  "))
    return {found[0]: found[1].strip() for found in words if len(found) == 2}


def _said(name: str, *files: FileReport) -> str:
    return "".join(write(name, Run("1.2.3", list(files)), SUMMARY))


def test_what_is_not_for_people_has_no_summary() -> None:
    run = Run("1.2.3", [lint(GOOD * 2)])
    for name in set(formats()) - {"full", "concise"}:
        assert "".join(write(name, run, SUMMARY)) == "".join(write(name, run, Style())), name


def test_nothing_is_summed_up_when_piped_or_told_not_to(shell: Shell) -> None:
    shell.write("a.jsonl", GOOD)
    assert "verdict" not in shell.run("check", "a.jsonl").out
    assert "verdict" not in shell.run("check", "a.jsonl", "--no-summary").out


def test_json_stays_json_when_a_summary_is_asked_for(shell: Shell) -> None:
    shell.write("a.jsonl", GOOD)
    assert json.loads(shell.run("check", "a.jsonl", "--summary", "--output-format", "json").out)["version"] == 1


def test_a_terminal_gets_the_summary(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.write("a.jsonl", GOOD)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert "  verdict" in shell.run("check", "a.jsonl", "--color", "never").out
    assert "  verdict" not in shell.run("check", "a.jsonl", "--color", "never", "--no-summary").out
    assert "  verdict" not in shell.run("check", "a.jsonl", "--color", "never", "--quiet").out
    assert "  verdict" not in shell.run("check", "a.jsonl", "--output-file", "report.txt").out
    assert "verdict" not in Path("report.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["full", "concise"])
def test_a_small_file_is_summed_up_without_being_judged(name: str) -> None:
    one = lint(GOOD)
    assert one.tokens is not None
    text = _said(name, one)
    assert "train.jsonl\n  records  1, openai-chat\n" in text
    facts = _facts(text)
    assert facts["verdict"] == "too few examples to tell"
    assert facts["tokens"].startswith(f"{one.tokens.total}, {one.tokens.trained / one.tokens.total:.0%} of them trained")
    assert facts["cost"] == "name the model to know it: --target PROVIDER/MODEL"


def test_the_verdict_and_the_price_are_those_of_the_findings() -> None:
    rows = b"".join(
        GOOD.replace(b"raining", b"raining %d" % number).replace(b"No.", b"It is %d." % number) for number in range(60)
    )
    report = lint(rows, target="openai/gpt-4.1-mini")
    (cost,) = [one for one in report.diagnostics if one.code == "CST001"]
    assert report.opinion is not None
    assert cost.evidence is not None
    facts = _facts(_said("concise", report))
    assert (
        facts["cost"]
        == f"${cost.evidence['usd']:,.2f} for {cost.evidence['epochs']:,} epochs, prices of {cost.evidence['as_of']}"
    )
    assert facts["verdict"].startswith(report.opinion.title)


def test_without_rules_about_the_verdict_none_is_said() -> None:
    facts = _facts(_said("full", lint(GOOD, ["JSN001"])))
    assert facts == {"records": "1, openai-chat"}


def test_an_empty_file_and_a_config_have_a_line_only() -> None:
    config = lint(
        "base_model: a/b\nadapter: lora\nsequence_len: 2048\nmicro_batch_size: 1\nsample_packing: true\ndatasets:\n  - path: a.jsonl\n    type: alpaca\n",
        name="a.yaml",
    )
    assert "a.yaml: config of Axolotl\n" in _said("full", config)
    assert "train.jsonl: 0 records\n" in _said("full", lint(b""))


def test_long_reasons_are_folded_below_their_label() -> None:
    path = shared_data("advice", "banking77.jsonl")
    text = _said("full", lint(path.read_bytes()))
    last = text.splitlines()[-3:-1]
    assert max(map(len, last)) <= 111
    assert last[1].startswith(" " * 11)
    assert _facts(text)["verdict"].startswith("a prompt with examples retrieved for each request")


def test_a_registry_of_datasets_is_not_called_a_config_of_a_run() -> None:
    assert _said("full", FileReport("data/dataset_info.json", kind="config", format="dataset-info")).startswith(
        "data/dataset_info.json: LLaMA-Factory's list of datasets\n"
    )
