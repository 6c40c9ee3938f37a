"""Settings: where they are found, what they do, and what is said when they are broken."""

import json

import pytest

from tests.cli.running import BROKEN, GOOD, Shell
from tunelint.settings.resolve import matches

DOUBLE = GOOD + GOOD.replace(b"raining", b"snowing")


def _settings(shell: Shell, name: str) -> dict[str, object]:
    text = shell.run("check", name, "--show-settings").out
    found: dict[str, object] = json.loads(text.partition("\n")[2])
    return found


def test_nearest_file_holds(shell: Shell) -> None:
    shell.write("pyproject.toml", '[tool.tunelint]\ntarget = "trl"\n')
    shell.write("hosted/tunelint.toml", 'target = "openai"\n')
    shell.write("other/pyproject.toml", "[tool.black]\nline-length = 100\n")
    for name in ("a.jsonl", "hosted/b.jsonl", "other/c.jsonl"):
        shell.write(name, GOOD)
    assert _settings(shell, "a.jsonl")["target"] == "trl"
    assert _settings(shell, "hosted/b.jsonl")["target"] == "openai"
    assert _settings(shell, "other/c.jsonl")["target"] == "trl"


def test_command_line_wins(shell: Shell) -> None:
    shell.write("tunelint.toml", 'target = "openai"\nignore = ["ADV001"]\n')
    shell.write("a.jsonl", GOOD)
    assert shell.run("check", "a.jsonl").code == 0
    assert shell.run("check", "a.jsonl", "--select", "ADV001").code == 1
    assert shell.run("check", "a.jsonl", "--isolated", "--fail-on", "warning").code == 1
    assert shell.run("check", "a.jsonl", "--target", "trl", "--show-settings").out.count('"trl"') == 1
    assert '"limit": 5' in shell.run("check", "a.jsonl", "--config", "limit=5", "--show-settings").out


def test_some_files_have_settings_of_their_own(shell: Shell) -> None:
    shell.write(
        "tunelint.toml",
        'target = "openai"\n[per-file-ignores]\n"*.tmp.jsonl" = ["ALL"]\n[[files]]\nfiles = ["local/**"]\ntarget = "trl"\n',
    )
    for name in ("a.jsonl", "b.tmp.jsonl", "local/deep/c.jsonl"):
        shell.write(name, GOOD)
    assert shell.run("check", "a.jsonl").code == 1
    assert shell.run("check", "b.tmp.jsonl").code == 0
    assert _settings(shell, "local/deep/c.jsonl")["target"] == "trl"
    assert shell.run("check", "local").code == 0


def test_options_of_rules(shell: Shell) -> None:
    shell.write("a.jsonl", DOUBLE * 20)
    shell.write("tunelint.toml", "limit = 10\n[rules.TOK002]\nwarning = 0.6\nerror = 0.9\n")
    found = json.loads(shell.run("check", "a.jsonl", "--output-format", "json", "--select", "TOK002").out)["findings"]
    assert found[0]["severity"] == "error"
    shell.write("tunelint.toml", "limit = 10\n[rules.truncation-share]\nwarning = 0.6\nerror = 1.0\n")
    found = json.loads(shell.run("check", "a.jsonl", "--output-format", "json", "--select", "TOK002").out)["findings"]
    assert found[0]["severity"] == "warning"


def test_exclude_and_extend(shell: Shell) -> None:
    shell.write("base.toml", 'exclude = ["raw"]\ntarget = "openai"\n')
    shell.write("tunelint.toml", 'extend = "base.toml"\ntarget = "trl"\n')
    shell.write("raw/a.jsonl", BROKEN)
    shell.write("b.jsonl", GOOD)
    assert shell.run("check", ".", "--show-files").out == "b.jsonl\n"
    assert _settings(shell, "b.jsonl")["target"] == "trl"


def test_grader_names_fields(shell: Shell) -> None:
    shell.write(
        "grader.json", '{"type": "string_check", "input": "{{ sample.output_text }}", "reference": "{{ item.solution }}"}'
    )
    shell.write("tunelint.toml", 'grader = "grader.json"\n')
    record = b'{"messages": [{"role": "user", "content": "1 + %d?"}], "answer": "2"}\n'
    shell.write("a.jsonl", b"".join(record % number for number in range(12)))
    found = json.loads(shell.run("check", "a.jsonl", "--output-format", "json", "--select", "PRF006").out)["findings"]
    assert "solution" in found[0]["message"]


@pytest.mark.parametrize(
    ("grader", "missing"),
    [
        ({"reference": "{{item.solution}}"}, ["solution"]),
        ({"reference": "{{- item.solution.value }}"}, ["solution"]),
        ({"graders": {"one": {"input": [{"role": "user", "content": "{{ item.rubric }}"}]}}}, ["rubric"]),
        ({"source": "def grade(sample, item):\n    return item['solution'] == item[\"answer\"]"}, ["solution"]),
        ({"source": "def grade(sample, item):\n    return item.get('solution')"}, []),
        ({"reference": "{{ item.answer }} and {{ sample.output_text }}"}, []),
    ],
)
def test_fields_that_a_grader_reads(shell: Shell, grader: object, missing: list[str]) -> None:
    shell.write("grader.json", json.dumps(grader))
    shell.write("a.jsonl", b'{"messages": [{"role": "user", "content": "1 + 1?"}], "answer": "2"}\n')
    run = ("check", "a.jsonl", "--isolated", "--grader", "grader.json", "--output-format", "json", "--select", "PRF006")
    found = json.loads(shell.run(*run).out)["findings"]
    assert [one["message"] for one in found] == [f"the grader reads '{name}', missing in 1 of 1 records" for name in missing]


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("target = \n", ":1:10:", "no valid TOML"),
        ('target = "openai"\ntagret = "x"\n', ":2:1:", "did you mean 'target'?"),
        ("limit = -1\n", ":1:1:", "limit: input should be greater than 0"),
        ('preset = "all"\n', ":1:1:", "preset: input should be 'recommended' or 'strict'"),
        ('ignore = ["CHT99"]\n', ":1:1:", "no rule is called 'CHT99'"),
        ("[rules.TOK002]\nwarn = 1\n", ":1:", "its options are: information, warning, error"),
        ('[severity]\nCHT003 = "bad"\n', ":2:1:", "CHT003"),
        ('[[files]]\nfiles = ["a"]\ntargt = "x"\n', ":3:1:", "did you mean 'target'?"),
        ("[hardware]\ngpuss = 2\n", ":2:1:", "did you mean 'gpus'?"),
        (
            '[hardware]\ngpu = "A10G"\nignore = []\n',
            ":3:1:",
            "no setting of [hardware] is called 'ignore'; it holds for everything",
        ),
        ("[hardware]\nwattage = 3\n", ":2:1:", "no setting of [hardware] is called 'wattage'; known are gpu"),
        ('[[costs.prices]]\nprovider = "x"\nmodel = "y"\noutput_usd = 3\n', ":4:1:", "did you mean 'output-usd'?"),
        ('extend = "none.toml"\n', ":1:1:", "which is not there"),
        ('extend = "tunelint.toml"\n', ":1:1:", "leads back"),
        ('target = "nobody"\n', "tunelint.toml: ", "no target is called 'nobody'"),
        ('grader = "none.json"\n', "none.json:1:1:", "cannot be read"),
    ],
)
def test_broken_settings_are_an_error_at_their_place(shell: Shell, text: str, place: str, said: str) -> None:
    shell.write("tunelint.toml", text)
    shell.write("a.jsonl", GOOD)
    result = shell.run("check", "a.jsonl")
    assert result.code == 2
    assert result.out == ""
    assert said in result.err
    assert place in result.err


def test_settings_that_are_no_utf8(shell: Shell) -> None:
    shell.write("tunelint.toml", b'# caf\xe9\ntarget = "openai"\n')
    shell.write("a.jsonl", GOOD)
    assert "tunelint.toml:1:6: the settings are no UTF-8" in shell.run("check", "a.jsonl").err


@pytest.mark.parametrize(
    ("name", "pattern", "matching"),
    [
        ("a.jsonl", "*.jsonl", True),
        ("deep/down/a.jsonl", "*.jsonl", True),
        ("deep/a.jsonl", "deep/*.jsonl", True),
        ("deep/down/a.jsonl", "deep/*.jsonl", False),
        ("deep/down/a.jsonl", "deep/**", True),
        ("deep/down/a.jsonl", "**/down/*.jsonl", True),
        ("down/a.jsonl", "**/down/*.jsonl", True),
        ("deep/down/a.jsonl", "deep", True),
        ("deeper/a.jsonl", "deep", False),
        ("deep/a.jsonl", "deep\\*.jsonl", True),
        ("deep/a.jsonl", "./deep/a.jsonl", True),
        ("a[1].jsonl", "a[[]1].jsonl", True),
        ("b.jsonl", "[!a].jsonl", True),
    ],
)
def test_patterns(name: str, pattern: str, matching: bool) -> None:
    assert matches(name, pattern) is matching
