"""The small commands."""

import json
import subprocess
import sys

import jsonschema
import pytest

from tests.cli.running import BROKEN, GOOD, Shell
from tunelint.cli.main import COMMANDS
from tunelint.rules import all_rules


def test_no_command_prints_help(shell: Shell) -> None:
    result = shell.run()
    assert result.code == 0
    for command in COMMANDS:
        assert command in result.out


@pytest.mark.parametrize(
    "words",
    [
        ("a.jsonl", "b.jsonl", "--output-format", "concise", "--quiet"),
        ("--quiet", "a.jsonl", "--output-format", "concise", "b.jsonl"),
        ("a.jsonl", "--output-format", "concise", "b.jsonl", "--quiet"),
    ],
)
def test_options_stand_anywhere_among_files(shell: Shell, words: tuple[str, ...]) -> None:
    shell.write("a.jsonl", BROKEN)
    shell.write("b.jsonl", BROKEN)
    result = shell.run("check", *words)
    assert (result.code, result.err) == (1, "")
    assert {line.partition(":")[0] for line in result.out.splitlines() if "JSN001" in line} == {"a.jsonl", "b.jsonl"}


def test_a_baseline_is_made_with_options_before_its_files(shell: Shell) -> None:
    shell.write("a.jsonl", BROKEN)
    assert shell.run("baseline", "create", "--force", "--baseline", "known.json", "a.jsonl").code == 0
    assert shell.run("check", "a.jsonl", "--baseline", "known.json").code == 0


def test_what_is_no_option_is_said(shell: Shell) -> None:
    assert "--tarrget; did you mean --target?" in shell.run("check", "--tarrget", "a.jsonl").err
    assert "did you mean" not in shell.run("check", "a.jsonl", "--target").err


@pytest.mark.parametrize("name", ["CHT003", "cht003", "last-turn-not-assistant"])
def test_rule_explains(shell: Shell, name: str) -> None:
    page = shell.run("rule", name).out
    assert page.startswith("# CHT003 last-turn-not-assistant\n")
    assert "## Why" in page
    assert "## Examples" in page


def test_rule_shows_options(shell: Shell) -> None:
    assert "| `warning-share` | `0.05` | Share of near duplicates" in shell.run("rule", "DUP002").out


def test_unknown_rule_is_guessed(shell: Shell) -> None:
    result = shell.run("rule", "CHT03")
    assert (result.code, "did you mean" in result.err) == (2, True)


def test_rules_lists_all(shell: Shell) -> None:
    text = shell.run("rules").out
    assert all(code in text for code in all_rules())
    found = json.loads(shell.run("rules", "--output-format", "json").out)
    assert [one["code"] for one in found] == list(all_rules())


def test_config_explains(shell: Shell) -> None:
    assert "target" in shell.run("config").out
    assert "one of: recommended, strict" in shell.run("config", "preset").out
    assert "similarity" in shell.run("config", "rules.DUP002").out
    assert "None" not in shell.run("config", "costs").out
    assert "did you mean 'target'" in shell.run("config", "tarket").err
    schema = json.loads(shell.run("config", "--output-format", "json").out)
    jsonschema.Draft202012Validator.check_schema(schema)


def test_init_writes_settings_that_hold(shell: Shell) -> None:
    assert shell.run("init", "--target", "openai/gpt-4.1").code == 0
    assert shell.run("init").code == 2
    shell.write("train.jsonl", GOOD)
    result = shell.run("check", "train.jsonl", "--show-settings")
    assert '"target": "openai/gpt-4.1"' in result.out
    assert shell.run("init", "--target", "nobody", "--force").code == 2


def test_info_says_versions_and_no_data(shell: Shell) -> None:
    text = shell.run("info").out
    assert "tunelint" in text
    assert "msgspec" in text


@pytest.mark.parametrize("shell_name", ["bash", "zsh", "fish"])
def test_completion_knows_commands_and_options(shell: Shell, shell_name: str) -> None:
    text = shell.run("completion", shell_name).out
    assert "check" in text
    assert "output-format" in text
    assert "CHT003" in text


@pytest.mark.skipif(sys.platform == "win32", reason="needs bash")
def test_completion_of_bash_completes(shell: Shell) -> None:
    script = shell.run("completion", "bash").out
    ask = "COMP_WORDS=(tunelint check --outp); COMP_CWORD=2; _tunelint; echo ${COMPREPLY[@]}"
    try:
        done = subprocess.run(["bash", "-c", f"{script}\n{ask}"], capture_output=True, text=True, check=True)
    except FileNotFoundError:
        pytest.skip("needs bash")
    assert done.stdout.split() == ["--output-format", "--output-file"]


@pytest.mark.parametrize("command", ["check", "cost", "advise", "prompt"])
def test_a_tokenizer_that_is_not_there_is_said_in_words(shell: Shell, command: str) -> None:
    shell.write("a.jsonl", GOOD)
    result = shell.run(command, "a.jsonl", "--tokenizer", "gone.json")
    assert (result.code, result.err) == (2, "tunelint: gone.json: no such file or directory\n")
