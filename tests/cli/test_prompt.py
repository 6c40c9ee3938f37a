"""``tunelint prompt``."""

import json
from pathlib import Path

import pytest
import yaml

from tests.cli.running import Shell

WORDS = ("parcel", "invoice", "colour", "delivery", "refund", "garden", "window", "bottle", "ticket", "pencil", "lamp", "basket")
LABELS = ("order", "complaint", "praise")


def rows(count: int = 60) -> str:
    lines = []
    for index in range(count):
        text = f"I write about the {WORDS[index % 12]} and my {WORDS[index * 5 % 11]} of week {index}"
        turns = [{"role": "user", "content": text}, {"role": "assistant", "content": LABELS[index % 3]}]
        lines.append(json.dumps({"messages": turns}))
    return "\n".join(lines) + "\n"


def test_standard_output_is_the_messages(shell: Shell) -> None:
    shell.write("train.jsonl", rows())
    result = shell.run("prompt", "train.jsonl", "--count", "4")
    messages = json.loads(result.out)
    assert result.code == 0
    assert [one["role"] for one in messages] == ["system", *["user", "assistant"] * 4, "user"]
    assert messages[-1]["content"].endswith("{{input}}")
    assert "4 examples (lines " in result.err
    assert "for 1,000 calls of gpt-4.1-mini" in result.err


def test_whatever_rules_are_selected_there_are_examples(shell: Shell) -> None:
    shell.write("train.jsonl", rows())
    all_rules = json.loads(shell.run("prompt", "train.jsonl").out)
    assert json.loads(shell.run("prompt", "train.jsonl", "--select", "JSN001").out) == all_rules


@pytest.mark.parametrize("name", ["p.json", "p.md", "p.yaml", "p.py"])
def test_the_file_name_says_the_form(shell: Shell, name: str) -> None:
    shell.write("train.jsonl", rows())
    result = shell.run("prompt", "train.jsonl", "-o", name)
    assert (result.code, result.out) == (0, "")
    text = (shell.folder / name).read_text(encoding="utf-8")
    assert "- complaint" in text
    if name == "p.yaml":
        assert len(yaml.safe_load(text)["tests"]) > 5
    if name == "p.py":
        compile(text, name, "exec")


def test_examples_are_clean_and_their_lines_are_named(shell: Shell) -> None:
    path = shell.write("train.jsonl", rows())
    lines = path.read_text().splitlines()
    broken = [line.replace("I write", "Ã©crire, I \\u0007write") if index % 2 else line for index, line in enumerate(lines)]
    shell.write("train.jsonl", "\n".join(broken) + "\n")
    report = json.loads(shell.run("check", "train.jsonl", "--output-format", "json", "--isolated").out)
    flagged = {one["line"] for one in report["findings"] if one["severity"] in {"warning", "error"} and one["at"]}
    result = shell.run("prompt", "train.jsonl", "--isolated", "--count", "12")
    named = {int(word.strip(",)")) for word in result.err.partition("lines ")[2].partition(")")[0].split(", ") if word != "…"}
    assert len(flagged) >= 20
    assert named
    assert not named & flagged


def test_prices_follow_target_and_settings(shell: Shell) -> None:
    shell.write("train.jsonl", rows())
    assert "calls of gpt-4o-mini" in shell.run("prompt", "train.jsonl", "--target", "openai/gpt-4o-mini").err
    assert "no price is known for my-own" in shell.run("prompt", "train.jsonl", "--model", "my-own").err
    price = '[[costs.prices]]\nprovider = "openai"\nmodel = "my-own"\ninput-usd = 1.0\noutput-usd = 2.0\n'
    shell.write("tunelint.toml", price)
    assert "for 1,000 calls of my-own" in shell.run("prompt", "train.jsonl", "--model", "my-own").err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nothing.jsonl",), "nothing.jsonl"),
        (("train.jsonl", "-o", "p.txt"), "which form"),
        (("train.jsonl", "-o", "train.jsonl", "--output-format", "openai"), "the dataset itself"),
        (("train.jsonl", "--count", "-1"), "--count"),
        (("train.jsonl", "--budget", "0"), "--budget"),
        (("train.jsonl", "--budget", "5"), "--budget"),
        (("train.jsonl", "--tests", "-1"), "--tests"),
        (("texts.jsonl",), "texts.jsonl: no example has a request and an answer"),
        (("empty.jsonl",), "request and an answer"),
        (("train.jsonl", "-o", "no/such/folder/p.json"), "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(shell: Shell, arguments: tuple[str, ...], said: str) -> None:
    shell.write("train.jsonl", rows())
    shell.write("texts.jsonl", '{"text": "one"}\n{"text": "two"}\n')
    shell.write("empty.jsonl", "")
    result = shell.run("prompt", *arguments)
    assert result.code == 2
    assert said in result.err
    assert Path(shell.folder / "train.jsonl").read_text() == rows()


def test_one_answer_for_everything_is_said_to_be_one(shell: Shell) -> None:
    shell.write("train.jsonl", rows().replace("complaint", "order").replace("praise", "order"))
    assert "all answers are 'order': there is nothing to ask a model" in shell.run("prompt", "train.jsonl").err
    shell.write("train.jsonl", rows())
    assert "all answers are" not in shell.run("prompt", "train.jsonl").err
