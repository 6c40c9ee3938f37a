"""``tunelint check``: what it exits with, writes and changes."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import BROKEN, GOOD, ROOT, Shell

CODES = "JSN001"


@pytest.mark.parametrize(
    ("data", "arguments", "code"),
    [
        (GOOD, [], 0),
        (BROKEN, [], 1),
        (BROKEN, ["--exit-zero"], 0),
        (BROKEN, ["--fail-on", "never"], 0),
        (GOOD, ["--fail-on", "warning"], 1),
        (GOOD, ["--fail-on", "warning", "--ignore", "ADV001"], 0),
        (BROKEN, ["--ignore", "JSN"], 0),
        (BROKEN, ["--select", "invalid-json"], 1),
        (BROKEN, ["--severity", "JSN001=hint"], 0),
        (GOOD, ["--severity", "ADV=error"], 1),
        (GOOD, ["--target", "openai"], 1),
    ],
)
def test_exit_code(shell: Shell, data: bytes, arguments: list[str], code: int) -> None:
    shell.write("train.jsonl", data)
    assert shell.run("check", "train.jsonl", *arguments).code == code


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "nowhere.jsonl"], "nowhere.jsonl: no such file"),
        (["check", "train.jsonl", "--target", "opnai"], "did you mean 'openai'?"),
        (["check", "train.jsonl", "--target", "nobody"], "Known are: "),
        (["check", "train.jsonl", "--format", "chat-gpt"], "no format is called 'chat-gpt'"),
        (["check", "train.jsonl", "--select", "CHT99"], "no rule is called 'CHT99'"),
        (["check", "train.jsonl", "--severity", "CHT003=bad"], "--severity wants"),
        (["check", "train.jsonl", "--slect", "CHT"], "did you mean --select?"),
        (["check", "train.jsonl", "--limit", "0"], "--limit wants"),
        (["check", "train.jsonl", "--max-findings", "0"], "--max-findings wants"),
        (["check", "train.jsonl", "--baseline", "none.json"], "there is no such baseline"),
        (["check", "train.jsonl", "--config", "none.toml"], "there is no such settings file"),
        (["check", "train.jsonl", "--config", "targt='x'"], "no such setting"),
        (["check", "train.jsonl", "--tokenizer", "none.json"], "none.json"),
        (["check", "train.jsonl", "--tokenizer", "o200k"], "no tokenizer is called 'o200k'; write one of"),
        (["check", "train.jsonl", "--output-file", "no/such/folder/x.json"], "cannot be written"),
        (["chek", "train.jsonl"], "did you mean 'check'?"),
        (["train.jsonl"], "did you mean `tunelint check train.jsonl`?"),
        (["check", "-", "--fix"], "standard input cannot be fixed in place"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(shell: Shell, arguments: list[str], said: str) -> None:
    shell.write("train.jsonl", GOOD)
    result = shell.run(*arguments, stdin=GOOD)
    assert result.code == 2
    assert said in result.err
    assert "internal error" not in result.err
    assert result.out == ""


@pytest.mark.parametrize(
    ("name", "data", "code", "said"),
    [
        ("junk.jsonl", bytes(range(256)) * 8, 1, "FIL001"),
        ("wide.jsonl", GOOD.decode().encode("utf-16"), 1, "UTF-16"),
        ("empty.jsonl", b"", 1, "FIL009"),
        ("blank.jsonl", b"\n\n  \n", 1, "FIL009"),
        ("braces.json", b"{}", 1, "FIL009"),
        ("cut.jsonl.gz", b"\x1f\x8b\x08\x00junk", 2, "cut.jsonl.gz"),
        ("none.parquet", b"PAR1 but no more", 2, "none.parquet"),
        ("text.parquet", b"not a parquet file", 2, "no Parquet file"),
        ("quotes.csv", b'prompt,completion\na,"b\n', 1, "quotes.csv:2:3: FIL015"),
        ("deep.jsonl", b'{"a":' * 5_000 + b"1" + b"}" * 5_000, 1, "JSN001"),
    ],
)
def test_bad_input_is_a_finding_or_a_message(shell: Shell, name: str, data: bytes, code: int, said: str) -> None:
    shell.write(name, data)
    shell.write("good.jsonl", GOOD)
    result = shell.run("check", name, "good.jsonl", "--output-format", "concise")
    assert result.code == code
    assert said in result.out + result.err
    assert "good.jsonl:1:1: ADV001" in result.out, "the other file is still checked"


def test_folder_and_vanished_and_special_files(shell: Shell) -> None:
    (shell.folder / "empty").mkdir()
    result = shell.run("check", "empty")
    assert (result.code, "no dataset found" in result.err) == (0, True)
    (shell.folder / "train.jsonl").mkdir()
    result = shell.run("check", "train.jsonl")
    assert (result.code, "a folder, and no dataset is in it" in result.err) == (2, True)
    if hasattr(os, "mkfifo"):
        os.mkfifo(shell.folder / "pipe.jsonl")
        result = shell.run("check", "pipe.jsonl")
        assert result.code == 2
        assert "named pipe" in result.err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_no_permission(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    path = shell.write("secret.jsonl", GOOD)
    path.chmod(0)
    if os.access(path, os.R_OK):

        def refuse(*arguments: object, **named: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
    result = shell.run("check", "secret.jsonl")
    assert result.code == 2
    assert "no permission" in result.err


def test_long_line_is_a_finding_and_the_rest_is_checked(shell: Shell) -> None:
    with (shell.folder / "long.jsonl").open("wb") as file:
        file.write(GOOD + b'{"text": "')
        for _ in range(70):
            file.write(b"x" * (1 << 20))
        file.write(b'"}\n' + BROKEN)
    result = shell.run("check", "long.jsonl", "--output-format", "concise", "--select", "FIL012,JSN001")
    assert result.out.splitlines()[:2] == [
        "long.jsonl:2:1: FIL012 error: the record is longer than 64 MiB and was not read",
        "long.jsonl:3:102: JSN001 [*] error: a comma with nothing after it",
    ]


def test_standard_input(shell: Shell) -> None:
    result = shell.run("check", "-", "--stdin-filename", "a.jsonl", "--output-format", "concise", "--select", CODES, stdin=BROKEN)
    assert result.out == "a.jsonl:1:102: JSN001 [*] error: a comma with nothing after it\n"


def test_search_takes_datasets_and_nothing_else(shell: Shell) -> None:
    for name in ("a.jsonl", "b.jsonl.gz", "sub/c.ndjson", "node_modules/d.jsonl", ".hidden/e.jsonl", "sub/package.json"):
        shell.write(name, GOOD)
    shell.write("requirements.txt", "numpy\n")
    shell.write("data.json", b"[" + GOOD + b"]")
    result = shell.run("check", ".", "--show-files")
    assert result.out.split() == ["a.jsonl", "b.jsonl.gz", "data.json", str(Path("sub/c.ndjson"))]


def test_found_file_of_no_known_format_is_skipped_and_said(shell: Shell) -> None:
    shell.write("config.other.json", '{"compilerOptions": {"strict": true}}')
    found = shell.run("check", ".")
    assert (found.code, "name the file to check it anyway" in found.out) == (0, True)
    assert shell.run("check", "config.other.json").code == 1


def test_fix_mends_what_it_says_and_keeps_the_rest(shell: Shell) -> None:
    path = shell.write("train.jsonl", b"\xef\xbb\xbf" + GOOD.rstrip() + b"\r\n\r\n" + BROKEN.rstrip())
    path.chmod(0o640)
    result = shell.run("check", "train.jsonl", "--fix", "--output-format", "json", "--ignore", "ADV,DUP")
    assert path.read_bytes() == GOOD.rstrip() + b"\r\n" + GOOD.rstrip() + b"\r\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640 or os.name == "nt"
    report = json.loads(result.out)
    assert report["findings"] == []
    assert report["files"][0]["fixed"] == 4
    assert result.code == 0
    assert [one.name for one in shell.folder.iterdir()] == ["train.jsonl"], "no temporary file is left"


def test_diff_shows_and_writes_nothing(shell: Shell) -> None:
    path = shell.write("train.jsonl", GOOD + BROKEN)
    result = shell.run("check", "train.jsonl", "--diff")
    assert result.code == 1
    assert path.read_bytes() == GOOD + BROKEN
    lines = result.out.splitlines()
    assert lines[:3] == ["--- train.jsonl", "+++ train.jsonl", "@@ -1,2 +1,2 @@"]
    assert lines[4:] == ["-" + BROKEN.decode().strip(), "+" + GOOD.decode().strip()]
    assert shell.run("check", "train.jsonl", "--diff", "--select", "CHT").out == ""


@pytest.mark.skipif(sys.platform == "win32", reason="needs patch")
def test_diff_can_be_applied(shell: Shell) -> None:
    lines = [GOOD.replace(b"No.", b"No %d." % number) for number in range(40)]
    for place in (0, 7, 8, 20, 39):
        lines[place] = lines[place].replace(b"}]}", b"}],}")
    path = shell.write("train.jsonl", b"".join(lines))
    shell.write("fix.patch", shell.run("check", "train.jsonl", "--diff", "--select", "JSN").out)
    try:
        subprocess.run(["patch", "-p0", "-i", "fix.patch"], cwd=shell.folder, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("needs the program `patch`")
    assert b"".join(lines).replace(b"}],}", b"}]}") == path.read_bytes()


def test_output_file_and_statistics_and_most_findings(shell: Shell) -> None:
    shell.write("train.jsonl", BROKEN * 3)
    result = shell.run(
        "check", "train.jsonl", "--output-format", "json", "--output-file", "out.json", "--statistics", "--max-findings", "2"
    )
    assert result.out == ""
    report = json.loads((shell.folder / "out.json").read_text(encoding="utf-8"))
    assert [one["code"] for one in report["findings"]] == ["JSN001", "JSN001"]
    assert report["summary"]["hidden"] > 0


def test_github_format_is_the_default_in_actions(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.write("train.jsonl", BROKEN)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert shell.run("check", "train.jsonl").out.startswith("::error file=train.jsonl")


def test_baseline_hides_known_findings_until_the_record_changes(shell: Shell) -> None:
    shell.write("train.jsonl", BROKEN * 40)
    created = shell.run("baseline", "create", "train.jsonl")
    assert created.code == 0
    result = shell.run("check", "train.jsonl", "--baseline", "tunelint-baseline.json", "--output-format", "json")
    assert json.loads(result.out)["findings"] == []
    assert result.code == 0
    assert json.loads(result.out)["files"][0]["baselined"] >= 40
    shell.write("train.jsonl", BROKEN.replace(b"raining", b"snowing") + BROKEN * 39)
    changed = shell.run(
        "check", "train.jsonl", "--baseline", "tunelint-baseline.json", "--output-format", "concise", "--select", "JSN"
    )
    assert changed.out.startswith("train.jsonl:1:")
    assert len(changed.out.splitlines()) == 1
    assert shell.run("baseline", "check", "train.jsonl").code == 1
    assert shell.run("baseline", "prune", "train.jsonl").code == 0
    assert shell.run("baseline", "check", "train.jsonl").code == 0
    assert shell.run("baseline", "create", "train.jsonl").code == 2, "it is there already"
    shell.write("tunelint-baseline.json", "{")
    broken = shell.run("check", "train.jsonl", "--baseline", "tunelint-baseline.json")
    assert (broken.code, "tunelint-baseline.json:1:2" in broken.err) == (2, True)


def test_a_new_baseline_says_how_it_is_used_and_is_no_dataset(shell: Shell) -> None:
    shell.write("train.jsonl", BROKEN)
    created = shell.run("baseline", "create")
    assert "tunelint check --baseline tunelint-baseline.json" in created.err
    assert 'baseline = "tunelint-baseline.json"' in created.err
    shell.write("tunelint.toml", 'baseline = "tunelint-baseline.json"')
    checked = shell.run("check")
    assert (checked.code, "skipped" in checked.out, "in the baseline" in checked.out) == (0, False, True)
    assert "which the settings name" in shell.run("baseline", "create", "--force").err


def test_a_baseline_holds_the_findings_of_configs_and_of_overlaps(shell: Shell) -> None:
    shell.write(
        "run.yaml",
        b"base_model: x\nadapter: lora\nsequence_len: 512\nmicro_batch_size: 1\nnum_epoch: 1\ndatasets:\n  - path: ./train.jsonl\n    type: chat_template\n",
    )
    shell.write("train.jsonl", GOOD * 3)
    shell.write("val.jsonl", GOOD)
    assert shell.run("baseline", "create", ".", "--validation", "val.jsonl").code == 0
    options = ("--validation", "val.jsonl", "--baseline", "tunelint-baseline.json", "--output-format", "jsonl")
    assert shell.run("check", ".", *options).out == ""


def test_crashing_rule_is_named_once_and_the_others_go_on(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    from tunelint.rules import find_rule

    rule = find_rule("CHT003")
    assert rule is not None

    def crash(*arguments: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(rule, "check", crash)
    bad = GOOD.replace(b"]}", b', {"role": "user", "content": "Thanks"}]}')
    shell.write("train.jsonl", GOOD + bad + bad + BROKEN)
    result = shell.run("check", "train.jsonl")
    assert result.out.count("CHT003: the rule crashed (ZeroDivisionError: oops)") == 1
    assert "JSN001" in result.out


def test_command_works_as_a_process_in_any_locale() -> None:
    env = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "tunelint", "check", "--isolated", "-", "--stdin-filename", "ü.jsonl"],
        input='{"prompt": "日本", "completion": "é\ufffd"}\n'.encode(),
        capture_output=True,
        env=env,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "日本" in done.stdout.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break differently")
def test_broken_pipe_is_no_error() -> None:
    command = f"{sys.executable} -m tunelint rules | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stdout.startswith("FIL")
    assert done.stderr == ""


@pytest.mark.parametrize("data", [GOOD, BROKEN, GOOD.removesuffix(b"\n")])
def test_fixing_reports_what_a_check_of_the_fixed_file_reports(shell: Shell, data: bytes) -> None:
    shell.write("train.jsonl", data)
    fixed = json.loads(shell.run("check", "train.jsonl", "--fix", "--output-format", "json").out)
    again = json.loads(shell.run("check", "train.jsonl", "--output-format", "json").out)
    assert again["findings"] == fixed["findings"]
    assert again["summary"] == fixed["summary"]
    assert [{**one, "fixed": 0} for one in fixed["files"]] == again["files"]


@pytest.mark.parametrize("name", ["json", "sarif", "junit", "gitlab", "github", "full"])
def test_a_report_names_the_files_that_could_not_be_checked(shell: Shell, name: str) -> None:
    shell.write("good.jsonl", GOOD)
    found = shell.run("check", "good.jsonl", "gone.jsonl", "--output-format", name)
    assert (found.code, "gone.jsonl" in found.out, "no such file" in found.out) == (2, True, True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
def test_a_full_disk_is_said_in_a_line(shell: Shell) -> None:
    shell.write("train.jsonl", BROKEN)
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "tunelint", "check", "train.jsonl"]
        process = subprocess.run(command, cwd=shell.folder, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (process.returncode, process.stderr) == (2, "tunelint: standard output cannot be written (No space left on device)\n")
