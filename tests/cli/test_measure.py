"""``tunelint measure``, against a local endpoint."""

import json
import signal
import subprocess
import sys
import threading
from typing import Any

import jsonschema
import pytest

from tests.advice.server import Fault, Messages, nearest_answer, refused, serving
from tests.cli.running import ROOT, Result, Shell
from tests.cli.test_prompt import rows
from tunelint.advice.files import MEASURED
from tunelint.advice.measured import find_measured, read_measured
from tunelint.core.errors import UserError

JOURNAL = ".tunelint/answers.jsonl"


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


def measure(shell: Shell, base: str, *arguments: str) -> Result:
    return shell.run("measure", "train.jsonl", "--endpoint", base, "--rows", "12", *arguments)


def test_result_on_screen_and_beside_the_dataset(shell: Shell) -> None:
    shell.write("train.jsonl", rows(120))
    with serving() as double:
        result = measure(shell, double.base, "--yes")
    assert result.code == 0
    assert "train.jsonl: normalised match on 12 held-out rows, task label" in result.out
    assert "chosen examples against no examples: " in result.out
    (found,) = read_measured(shell.folder)
    assert [arm.name for arm in found.arms] == ["zero-shot", "few-shot", "nearest"]
    assert (found.complete, found.endpoint, found.records) == (True, double.base, 120)
    assert found.arms[0].score.value == 0 < found.arms[1].score.value
    assert len(double.bodies) == 36


def test_json(shell: Shell) -> None:
    shell.write("train.jsonl", rows(120))
    with serving() as double:
        result = measure(shell, double.base, "--yes", "--output-format", "json", "--ways", "few-shot")
    found = json.loads(result.out)
    assert found["arms"][0]["name"] == "few-shot"
    kept = json.loads((shell.folder / MEASURED).read_text())
    assert found == kept["measurements"][0]
    jsonschema.validate(kept, json.loads((ROOT / "schemas" / "measured.schema.json").read_text()))


def test_the_price_is_shown_without_a_key_and_a_missing_file_before_a_missing_key(shell: Shell) -> None:
    shell.write("train.jsonl", rows(120))
    shown = shell.run("measure", "train.jsonl", "--rows", "12", "--dry-run")
    assert (shown.code, "never more than $" in shown.err) == (0, True)
    refused_run = shell.run("measure", "train.jsonl", "--rows", "12", "--yes")
    assert (refused_run.code, "set OPENAI_API_KEY" in refused_run.err) == (2, True)
    assert shell.run("measure", "gone.jsonl").err == "tunelint: gone.jsonl: no such file\n"


def test_a_handful_of_rows_is_said_to_say_little(shell: Shell) -> None:
    shell.write("few.jsonl", rows(12))
    shell.write("many.jsonl", rows(240))
    few, many = (shell.run("measure", name, "--rows", "50", "--dry-run").err for name in ("few.jsonl", "many.jsonl"))
    assert "so few say little: one half is known to ±" in few
    assert "to ±10 with 93" in few
    assert "say little" not in many


def test_nothing_is_sent_without_consent(shell: Shell) -> None:
    shell.write("train.jsonl", rows(120))
    with serving() as double:
        refused_run = measure(shell, double.base)
        dry = measure(shell, double.base, "--dry-run")
    assert (refused_run.code, dry.code) == (2, 0)
    assert "--yes" in refused_run.err
    assert "36 requests, about " in dry.err
    assert double.bodies == []
    assert not (shell.folder / MEASURED).exists()
    assert not (shell.folder / JOURNAL).exists()


@pytest.mark.parametrize(("reply", "sent"), [("y\n", 36), ("yes\n", 36), ("n\n", 0), ("\n", 0), ("", 0)])
def test_consent_on_a_terminal(shell: Shell, monkeypatch: pytest.MonkeyPatch, reply: str, sent: int) -> None:
    shell.write("train.jsonl", rows(120))
    monkeypatch.setattr("tunelint.cli.measuring._on_terminal", lambda: True)
    with serving() as double:
        result = shell.run("measure", "train.jsonl", "--endpoint", double.base, "--rows", "12", stdin=reply.encode())
    assert len(double.bodies) == sent
    assert result.code == 0
    assert "send them? [y/N]" in result.err


def test_the_price_is_shown_before_and_the_cost_after(shell: Shell) -> None:
    shell.write("train.jsonl", rows(120))
    with serving() as double:
        result = measure(shell, double.base, "--yes", "--input-usd", "10", "--output-usd", "20")
    assert "about $0." in result.err
    assert "and never more than $0." in result.err
    assert "all answers together cost $0." in result.out
    assert "for 1,000 calls" in result.out


def test_a_ceiling_ends_the_run_and_says_so(shell: Shell) -> None:
    shell.write("train.jsonl", rows(120))
    with serving() as double:
        result = measure(shell, double.base, "--yes", "--max-calls", "10")
        assert result.code == 2
        assert "ended early: 10 calls are made" in result.err
        assert len(double.bodies) == 10
        assert not read_measured(shell.folder)[0].complete
        again = measure(shell, double.base, "--yes")
    assert again.code == 0
    assert "10 of 36 answers are there already and cost nothing" in again.err
    assert len(double.bodies) == 36
    assert [one.complete for one in read_measured(shell.folder)] == [True]


def test_a_killed_run_goes_on_and_pays_nothing_twice(shell: Shell) -> None:
    """The server kills the client while its 15th request is unanswered; all answers before it are in the journal."""
    shell.write("train.jsonl", rows(120))
    client: list[subprocess.Popen[bytes]] = []
    started = threading.Event()

    def kill(number: int, body: dict[str, Any]) -> Fault | None:
        if number == 15:
            started.wait(30)
            client[0].kill()
            return Fault("silent")
        return None

    with serving(faults=kill) as double:
        command = [sys.executable, "-m", "tunelint", "measure", "train.jsonl", "--endpoint", double.base]
        client.append(
            subprocess.Popen(
                [*command, "--rows", "12", "--yes", "--concurrency", "1"], cwd=shell.folder, stderr=subprocess.DEVNULL
            )
        )
        started.set()
        assert client[0].wait(60) != 0
        assert not (shell.folder / MEASURED).exists()
        result = measure(shell, double.base, "--yes")
        sent = [json.dumps(body, sort_keys=True) for body in double.bodies]
    assert result.code == 0
    assert "14 of 36 answers are there already and cost nothing" in result.err
    assert len(sent) == 37
    assert len(set(sent)) == 36


_HEEDING_INTERRUPTS = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("tunelint", run_name="__main__", alter_sys=True)
"""
"""The command, also where the tests run in the background of a shell, which has its commands ignore interrupts."""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without asking")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_keeps_what_is_on_its_way(shell: Shell, number: signal.Signals) -> None:
    shell.write("train.jsonl", rows(120))
    client: list[subprocess.Popen[bytes]] = []
    started = threading.Event()

    def stop(count: int, body: dict[str, Any]) -> Fault | None:
        if count == 9:
            started.wait(30)
            client[0].send_signal(number)
        return None

    with serving(faults=stop) as double:
        options = ["measure", "train.jsonl", "--endpoint", double.base, "--rows", "20", "--yes"]
        command = [sys.executable, "-c", _HEEDING_INTERRUPTS, *options]
        client.append(subprocess.Popen(command, cwd=shell.folder, stderr=subprocess.PIPE))
        started.set()
        _, err = client[0].communicate(timeout=60)
    assert client[0].returncode == 2
    assert b"run the same command again to go on" in err
    assert b"Traceback" not in err
    kept = (shell.folder / JOURNAL).read_text().splitlines()
    assert len(kept) == double.answered
    assert len(kept) < 60


def test_later_runs_find_the_result_until_a_record_changes(shell: Shell) -> None:
    text = rows(120)
    shell.write("train.jsonl", text)
    with serving() as double:
        measure(shell, double.base, "--yes", "--ways", "few-shot")
        content = read_measured(shell.folder)[0].content
        shell.write("train.jsonl", "".join(reversed(text.splitlines(keepends=True))) + text.splitlines(keepends=True)[0])
        measure(shell, double.base, "--yes", "--ways", "few-shot")
        assert [one.content for one in read_measured(shell.folder)] == [content]
        shell.write("train.jsonl", text.replace("of week 7", "of month 7"))
        measure(shell, double.base, "--yes", "--ways", "few-shot")
    found = read_measured(shell.folder)
    assert len({one.content for one in found}) == 2
    assert find_measured(found, content) is not None


def test_a_goal_is_judged_by_the_interval(shell: Shell) -> None:
    shell.write("train.jsonl", rows(120))

    def right(messages: Messages) -> str:
        week = int(messages[-1]["content"].split()[-1])
        return ("order", "complaint", "praise")[week % 3]

    with serving(right) as double:
        assert "a prompt is enough" in measure(shell, double.base, "--yes", "--goal", "0.5").out
        assert "not decided" in measure(shell, double.base, "--yes", "--goal", "0.95").out
    shell.write("train.jsonl", rows(121))
    with serving(lambda messages: "nothing") as double:
        assert "not with this prompt" in measure(shell, double.base, "--yes", "--goal", "0.95").out


def test_a_tuned_model_is_compared_on_the_same_rows(shell: Shell) -> None:
    shell.write("train.jsonl", rows(120))

    def answer(messages: Messages) -> str:
        if messages[0]["role"] == "system":
            return nearest_answer(messages)
        return ("order", "complaint", "praise")[int(messages[-1]["content"].split()[-1]) % 3]

    with serving(answer) as double:
        result = measure(shell, double.base, "--yes", "--tuned-model", "ft:gpt-4.1-mini:me::1")
    assert "tuned model against " in result.out
    found = read_measured(shell.folder)[0]
    assert found.arms[-1].score.value == 1
    assert found.differences[-1].second == "tuned"
    assert {body["model"] for body in double.bodies} == {"gpt-4.1-mini", "ft:gpt-4.1-mini:me::1"}


def test_a_judge_is_asked_only_on_demand_and_its_calls_are_in_the_price(shell: Shell) -> None:
    shell.write("train.jsonl", rows(120))

    def answer(messages: Messages) -> str:
        return "C" if "ANSWER A" in messages[-1]["content"] else nearest_answer(messages)

    with serving(answer) as double:
        result = measure(shell, double.base, "--yes", "--ways", "few-shot", "--judge", "wise")
        assert "36 requests, about " in result.err
        assert "compared with the dataset's by wise, twice" in result.err
        assert "judged 50.0% [" in result.out
        again = measure(shell, double.base, "--yes", "--ways", "few-shot", "--judge", "wise")
    assert [body["model"] for body in double.bodies].count("wise") == len(double.bodies) - 12
    assert "36 of 36 answers are there already" in again.err
    (found,) = read_measured(shell.folder)
    assert found.judge == "wise"
    assert found.arms[0].judged is not None


def test_a_key_goes_to_its_own_endpoint_only(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.write("train.jsonl", rows(120))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-MAIN")
    monkeypatch.setenv("TUNED_KEY", "sk-TUNED")
    with serving() as main, serving() as tuned:
        options = ("--yes", "--ways", "zero-shot", "--tuned-model", "mine", "--tuned-endpoint", tuned.base)
        assert measure(shell, main.base, *options).code == 0
        assert measure(shell, main.base, *options, "--tuned-key-env", "TUNED_KEY", "--rows", "14").code == 0
    assert {headers.get("Authorization") for headers in main.headers} == {"Bearer sk-MAIN"}
    assert {headers.get("Authorization") for headers in tuned.headers} == {None, "Bearer sk-TUNED"}
    refused_run = shell.run("measure", "train.jsonl", "--tuned-model", "mine", "--tuned-endpoint", "https://example.com/v1")
    assert (refused_run.code, "--tuned-key-env" in refused_run.err) == (2, True)


def test_the_key_comes_from_the_environment_and_goes_into_the_header_alone(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.write("train.jsonl", rows(120))
    monkeypatch.setenv("MY_KEY", "sk-SECRET-KEY")
    with serving() as double:
        monkeypatch.setenv("OPENAI_BASE_URL", double.base)
        result = shell.run("measure", "train.jsonl", "--rows", "12", "--yes", "--key-env", "MY_KEY")
    assert {headers["Authorization"] for headers in double.headers} == {"Bearer sk-SECRET-KEY"}
    kept = [path.read_text() for path in shell.folder.rglob("*") if path.is_file()]
    assert "SECRET" not in result.out + result.err + "".join(kept)


def test_a_refusal_is_said_without_the_data(shell: Shell) -> None:
    shell.write("train.jsonl", rows(120))
    with serving(faults=lambda number, body: refused(401, "invalid_api_key")) as double:
        result = measure(shell, double.base, "--yes")
    assert result.code == 2
    assert "HTTP 401 (invalid_api_key)" in result.err
    assert "SECRET-OF-THE-DATA" not in result.err
    assert "parcel" not in result.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--endpoint", "https://example.com/v1"), "--key-env"),
        (("--endpoint", "nonsense"), "no address"),
        (("--ways", "few-shot,sometimes"), "--ways"),
        (("--rows", "0"), "--rows"),
        (("--rows", "5", "--half-width", "0.1"), "not both"),
        (("--half-width", "nan"), "--half-width"),
        (("--goal", "90"), "--goal"),
        (("--input-usd", "1"), "go together"),
        (("--tuned-endpoint", "http://127.0.0.1:1/v1"), "--tuned-model"),
        (("--max-usd", "1", "--endpoint", "https://example.com/v1", "--key-env", "HOME", "--model", "x"), "a price"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(shell: Shell, arguments: tuple[str, ...], said: str) -> None:
    shell.write("train.jsonl", rows(120))
    result = shell.run("measure", "train.jsonl", *arguments)
    assert result.code == 2
    assert said in result.err


def test_a_broken_file_of_results_is_said_before_anything_is_paid(shell: Shell) -> None:
    shell.write("train.jsonl", rows(120))
    shell.write(MEASURED, "{")
    with serving() as double:
        result = measure(shell, double.base, "--yes")
    assert (result.code, double.bodies) == (2, [])
    assert MEASURED in result.err
    with pytest.raises(UserError):
        read_measured(shell.folder)


def test_results_and_journals_are_no_datasets(shell: Shell) -> None:
    shell.write("train.jsonl", rows(120))
    with serving() as double:
        measure(shell, double.base, "--yes")
    assert shell.run("check", ".", "--show-files").out == "train.jsonl\n"


def shouted(count: int = 80) -> str:
    """Rows of which a prompt is enough: the answer is the request in capitals."""
    texts = [f"label number {index} of {index * 7919 % 1009}" for index in range(count)]
    turns = [[{"role": "user", "content": text}, {"role": "assistant", "content": text.upper()}] for text in texts]
    return "".join(json.dumps({"messages": turn}) + "\n" for turn in turns)


def said(shell: Shell) -> tuple[str, str]:
    """Return severity and message of ADV002."""
    (found,) = json.loads(shell.run("check", "train.jsonl", "--select", "ADV002", "--output-format", "json").out)["findings"]
    return found["severity"], found["message"]


def test_a_lint_run_says_what_was_measured(shell: Shell) -> None:
    shell.write("train.jsonl", shouted())
    severity, message = said(shell)
    assert message.startswith("a prompt with a few examples should do")
    with serving(lambda messages: messages[-1]["content"].upper()) as double:
        assert measure(shell, double.base, "--yes", "--ways", "few-shot", "--count", "4").code == 0
    assert said(shell) == (severity, "measured: a prompt with 4 examples scores 100% (76% to 100%) on 12 held-out rows")
    shell.write("train.jsonl", shouted(81))
    assert said(shell)[1].startswith("a prompt with a few examples should do")
    shell.write("train.jsonl", shouted())
    shell.write(MEASURED, "{broken")
    assert said(shell)[1].startswith("a prompt with a few examples should do")


def test_a_better_tuned_model_makes_it_information(shell: Shell) -> None:
    shell.write("train.jsonl", shouted())

    def answer(messages: Messages) -> str:
        tuned = len(messages) == 1
        return messages[-1]["content"].upper() if tuned else "no idea"

    with serving(answer) as double:
        measure(shell, double.base, "--yes", "--ways", "zero-shot", "--tuned-model", "mine")
    assert said(shell) == (
        "information",
        "measured: a prompt with no examples scores 0% (0% to 24%), the tuned model 100 points more",
    )
