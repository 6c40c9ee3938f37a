"""Training configs on the command line."""

import json

import pytest

from tests.cli.running import BROKEN, Shell

CONFIG = """\
# my run
base_model: meta-llama/Llama-3.1-8B   # the model
datasets:
  - path: tatsu-lab/alpaca
    type: alpaca
sequence_len: 4096
micro_batch_size: 2
learning_rate: 2e-5
eval_strategy: no
max_steps: 1e3
val_set_size: 0.05
"""


@pytest.fixture
def folder(shell: Shell) -> Shell:
    shell.write("run.yaml", CONFIG)
    shell.write("compose.yml", "services:\n  web:\n    image: nginx\n")
    shell.write("pyproject.toml", "[project]\nname = 'x'\n")
    return shell


def test_a_folder_is_searched_for_configs(folder: Shell) -> None:
    done = folder.run("check", ".", "--output-format", "json")
    report = json.loads(done.out)
    assert done.code == 1
    assert [(one["path"], one["kind"], one["format"]) for one in report["files"]] == [("run.yaml", "config", "axolotl")]
    assert [(one["code"], one["line"], one["column"], one["at"]) for one in report["findings"]] == [
        ("CFG005", 9, 16, "eval_strategy"),
        ("CFG006", 10, 12, "max_steps"),
    ]


def test_fixes_touch_nothing_else(folder: Shell) -> None:
    done = folder.run("check", "run.yaml", "--fix")
    assert done.code == 0
    wanted = CONFIG.replace("eval_strategy: no", 'eval_strategy: "no"').replace("1e3", "1000")
    assert (folder.folder / "run.yaml").read_text() == wanted


def test_line_ends_survive_a_fix(folder: Shell) -> None:
    folder.write("run.yaml", CONFIG.replace("\n", "\r\n").encode())
    folder.run("check", "run.yaml", "--fix")
    assert b"\r\nmax_steps: 1000\r\n" in (folder.folder / "run.yaml").read_bytes()


def test_a_diff_writes_nothing(folder: Shell) -> None:
    done = folder.run("check", "run.yaml", "--diff")
    assert '-eval_strategy: no\n+eval_strategy: "no"\n' in done.out
    assert (folder.folder / "run.yaml").read_text() == CONFIG


def test_comments_and_settings_silence(folder: Shell) -> None:
    folder.write("run.yaml", CONFIG.replace("eval_strategy: no", "eval_strategy: no  # tunelint: ignore[yaml-boolean]"))
    folder.write("tunelint.toml", 'per-file-ignores = {"*.yaml" = ["CFG006"]}\n')
    done = folder.run("check", "run.yaml", "--output-format", "concise")
    assert (done.code, "CFG" in done.out) == (0, False)


def test_a_yaml_that_is_no_config_is_silent(folder: Shell) -> None:
    for name in ("compose.yml", "pyproject.toml"):
        assert folder.run("check", name, "--output-format", "json").code == 0


def test_a_config_from_standard_input(folder: Shell) -> None:
    done = folder.run("check", "-", "--stdin-filename", "x.yaml", "--output-format", "concise", stdin=CONFIG.encode())
    assert "CFG005" in done.out


def test_a_dataset_in_json_stays_one(folder: Shell) -> None:
    record = {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}
    folder.write("data.json", json.dumps([record]))
    report = json.loads(folder.run("check", "data.json", "--output-format", "json").out)
    assert [one["kind"] for one in report["files"]] == ["dataset"]
    piped = json.loads(
        folder.run("check", "-", "--stdin-filename", "x.json", "--output-format", "json", stdin=json.dumps([record]).encode()).out
    )
    assert [one["kind"] for one in piped["files"]] == ["dataset"]


def test_bytes_that_are_no_text_are_a_finding(folder: Shell) -> None:
    folder.write("run.yaml", CONFIG.encode() + b"note: \xff\n")
    done = folder.run("check", "run.yaml", "--output-format", "concise")
    assert "CFG001" in done.out


def test_a_broken_config_keeps_the_rest_of_its_findings(folder: Shell) -> None:
    folder.write(
        "run.yaml",
        CONFIG.replace("val_set_size: 0.05", "gradient_accumulation_steps: [4\ntrain_on_inputs: true\nval_set_size: 0.05"),
    )
    report = json.loads(folder.run("check", "run.yaml", "--output-format", "json").out)
    assert {one["code"] for one in report["findings"]} == {"CFG001", "CFG005", "CFG006", "TRN015"}


def test_a_missing_key_hides_nothing_else(folder: Shell) -> None:
    folder.write("run.yaml", CONFIG.replace("learning_rate: 2e-5", "train_on_inputs: true"))
    report = json.loads(folder.run("check", "run.yaml", "--output-format", "json").out)
    assert {one["code"] for one in report["findings"]} == {"CFG005", "CFG006", "CFG008", "TRN015"}


def test_a_config_says_which_of_its_datasets_nobody_linted(shell: Shell) -> None:
    shell.write("train.jsonl", BROKEN)
    shell.write(
        "run.yaml",
        "base_model: x\nadapter: lora\nsequence_len: 512\nmicro_batch_size: 1\ndatasets:\n  - path: train.jsonl\n    type: chat_template\n",
    )
    alone = shell.run("check", "run.yaml")
    assert "the records of train.jsonl were only counted" in alone.err
    assert "were only counted" not in shell.run("check", "run.yaml", "train.jsonl").err
    assert "were only counted" not in shell.run("check", ".").err
    assert "were only counted" not in shell.run("check", "run.yaml", "-q").err


def test_a_registry_does_not_ask_for_the_data_of_all_runs(shell: Shell) -> None:
    shell.write("data/mine.jsonl", BROKEN)
    shell.write("data/dataset_info.json", '{"mine": {"file_name": "mine.jsonl"}}')
    assert "only counted" not in shell.run("check", "data/dataset_info.json").err
