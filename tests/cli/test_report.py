"""``tunelint report``: what it writes, and what it refuses in one line."""

from pathlib import Path

import pytest

from tests.cli.running import BROKEN, GOOD, Shell
from tests.report.pages import Page

CONFIG = """\
base_model: meta-llama/Llama-3.1-8B
datasets:
  - path: train.jsonl
    type: chat_template
adapter: lora
sequence_len: 2048
micro_batch_size: 1
num_epochs: 3
optimizer: adamw_torch
learning_rate: 2e-4
output_dir: out
"""


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    return Shell(monkeypatch, capsys, tmp_path)


def _page(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def test_a_page_of_a_file(shell: Shell) -> None:
    shell.write("train.jsonl", GOOD + BROKEN)
    done = shell.run("report", "train.jsonl", "-o", "page.html", "--isolated")
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith("tunelint: page.html: 0.")
    shown = _page(shell.folder / "page.html")
    assert "train.jsonl:2" in shown.section("findings-0").text


def test_rules_and_limits_are_those_of_the_settings(shell: Shell) -> None:
    shell.write("train.jsonl", BROKEN)
    shell.write("tunelint.toml", 'ignore = ["JSN001"]\nlimit = 5\n')
    assert shell.run("report", "train.jsonl", "-o", "page.html", "-q").err == ""
    shown = _page(shell.folder / "page.html")
    assert "JSN001" not in shown.section("findings-0").text
    shell.write("good.jsonl", GOOD)
    shell.run("report", "good.jsonl", "-o", "page.html", "-q")
    assert "longer than the limit of 5 tokens" in _page(shell.folder / "page.html").section("lengths-0").text


def test_a_folder_with_datasets_and_a_config(shell: Shell) -> None:
    shell.write("data/train.jsonl", GOOD)
    shell.write("data/valid.jsonl", GOOD)
    shell.write("data/axolotl.yaml", CONFIG)
    shell.write("data/notes.json", '{"nothing": "of interest"}')
    assert shell.run("report", "data", "-o", "page.html", "--isolated").code == 0
    shown = _page(shell.folder / "page.html")
    names = [one.text for one in shown.root.all("h2", class_="file")]
    assert names == ["train.jsonl", "valid.jsonl", "Between the files", "data/axolotl.yaml"]
    assert "at the peak" in shown.section("run-3").text


@pytest.mark.parametrize("how", ["settings", "option"])
def test_the_validation_file_is_shown_beside_its_dataset(shell: Shell, how: str) -> None:
    shell.write("train.jsonl", GOOD)
    shell.write("valid.jsonl", GOOD)
    if how == "settings":
        shell.write("tunelint.toml", 'validation-files = ["valid.jsonl"]\n')
    option = ["--validation", "valid.jsonl"] if how == "option" else []
    assert shell.run("report", "train.jsonl", "-o", "page.html", *option).code == 0
    rows = _page(shell.folder / "page.html").section("overlap-2").rows("Records of one file")
    assert rows == [
        ["train.jsonl in valid.jsonl", "1", "1", "1", "100.0%"],
        ["valid.jsonl in train.jsonl", "1", "1", "1", "100.0%"],
    ]


def test_a_training_config_may_be_named_as_one(shell: Shell) -> None:
    shell.write("train.jsonl", GOOD)
    shell.write("axolotl.yaml", CONFIG)
    shell.write("my.toml", "limit = 5\n")
    done = shell.run("report", "train.jsonl", "-o", "page.html", "--config", "axolotl.yaml", "--config", "my.toml")
    assert done.code == 0
    shown = _page(shell.folder / "page.html")
    assert shown.has("run-1")
    assert "limit of 5 tokens" in shown.section("lengths-0").text


def test_a_config_alone_has_a_page(shell: Shell) -> None:
    shell.write("axolotl.yaml", CONFIG)
    assert shell.run("report", "axolotl.yaml", "-o", "page.html", "--isolated").code == 0
    shown = _page(shell.folder / "page.html")
    assert shown.has("run-0")
    assert shown.root.all("h1")[0].text == "axolotl.yaml"


def test_the_findings_of_a_config_stand_on_its_page(shell: Shell) -> None:
    shell.write("train.jsonl", GOOD)
    shell.write("axolotl.yaml", CONFIG)
    assert shell.run("report", "train.jsonl", "axolotl.yaml", "-o", "page.html", "--isolated").code == 0
    shown = _page(shell.folder / "page.html")
    assert "too-few-steps" in shown.section("findings-1").text
    assert shown.root.all("h1")[0].text == "train.jsonl, axolotl.yaml"


def test_the_space_around_what_is_marked_is_kept(shell: Shell) -> None:
    shell.write("train.jsonl", GOOD.replace(b'"role": "assistant"', b'"role": "asistant"'))
    assert shell.run("report", "train.jsonl", "-o", "page.html", "--isolated").code == 0
    (mark, *_) = [one for one in _page(shell.folder / "page.html").section("findings-0").all("code") if "asistant" in one.text]
    assert '"role": "asistant", "content"' in mark.text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.jsonl", "-o", "page.html"], "nowhere.jsonl: there is no such file"),
        (["train.jsonl", "-o", "train.jsonl"], "train.jsonl is one of the files that the page is about"),
        (["train.jsonl"], "the following arguments are required: -o/--output"),
        (["-", "-o", "page.html"], "standard input is none"),
        (["train.jsonl", "-o", "."], ". is a folder"),
        (["train.jsonl", "-o", "no/such/page.html"], "no/such/page.html: cannot be written"),
        (["empty", "-o", "page.html"], "no dataset and no training config in empty"),
        (["train.jsonl", "-o", "page.html", "--select", "XYZ"], "no rule is called 'XYZ'"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(shell: Shell, arguments: list[str], said: str) -> None:
    shell.write("train.jsonl", GOOD)
    (shell.folder / "empty").mkdir()
    done = shell.run("report", *arguments)
    assert done.code == 2
    assert said in done.err
    assert (shell.folder / "train.jsonl").read_bytes() == GOOD


def test_of_many_datasets_some_are_left_out_and_it_is_said(shell: Shell) -> None:
    for number in range(10):
        shell.write(f"data/{number}.jsonl", GOOD)
    done = shell.run("report", "data", "-o", "page.html", "--isolated")
    assert "2 of 10 datasets are left out" in done.err
    assert len(_page(shell.folder / "page.html").root.all("section", class_="card verdict")) == 8
