"""Overlap between files: DUP004 with validation files, DUP005 with evaluations."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.running import Shell
from tests.linting import lint, places
from tests.shared_data import shared_data
from tunelint.core.reference import GRAM, grams_of, passage_words
from tunelint.settings import SettingsFinder, resolve
from tunelint.settings.resolve import Overrides

QUESTION = "A farmer has three fields of wheat and sells half of what each of them gives him in a dry year, so how much is left?"


def pair(prompt: str, completion: str) -> dict[str, str]:
    return {"prompt": prompt, "completion": completion}


def chat(*texts: str, system: str = "") -> dict[str, Any]:
    turns = [{"role": ("user", "assistant")[number % 2], "content": text} for number, text in enumerate(texts)]
    return {"messages": [*([{"role": "system", "content": system}] if system else []), *turns]}


def lines(*records: Any) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


@pytest.mark.parametrize(
    ("mine", "theirs", "found"),
    [
        ([pair("a", "b")], [pair("a", " b ")], [("DUP004", 1, "completion")]),
        ([pair("a", "b")], [pair("a", "c")], [("DUP004", 1, "prompt")]),
        ([pair("a", "b")], [pair("b", "b")], []),
        ([pair("a", "b")], [pair("A", "b")], []),
        ([chat("a", "b", "c", "d")], [chat("a", "b", "c", "e")], [("DUP004", 1, "messages[2].content")]),
        ([chat("a", "b", "c", "d")], [chat("a", "b")], []),
        ([chat("a", "b", system="s")], [chat("a", "b")], []),
        ([chat("a", "b")], [pair("a", "b")], [("DUP004", 1, "messages[1].content")]),
        ([{"text": "a"}], [{"text": "b"}], []),
        ([{"text": "a"}], [{"text": "a"}], [("DUP004", 1, "text")]),
        ([{"x": 1, "y": [2]}], [{"y": [2], "x": 1}], [("DUP004", 1, "")]),
        ([{"x": 1}], [{"x": 2}], []),
        ([pair("a", f"b{number}") for number in range(3)], [pair("a", f"c{number}") for number in range(6)], []),
        (
            [{"prompt": "a", "chosen": "b", "rejected": "c"}],
            [{"prompt": "a", "chosen": "c", "rejected": "b"}],
            [],
        ),
    ],
)
def test_overlap(mine: list[Any], theirs: list[Any], found: list[tuple[str, int, str]]) -> None:
    report = lint(lines(*mine), ["DUP004"], validation=lines(*theirs))
    assert not report.skipped
    assert places(report.diagnostics) == found


def test_overlap_names_the_line_in_the_other_file() -> None:
    (one,) = lint(lines(pair("a", "b")), ["DUP004"], validation="\n" + lines(pair("x", "y"), pair("a", "b"))).diagnostics
    assert [(place.path, place.line) for place in one.related] == [("validation.jsonl", 3)]


@pytest.mark.parametrize(
    ("mine", "found"),
    [
        (pair(QUESTION, "7"), ["prompt"]),
        (pair("Answer in one word. " + QUESTION.upper().replace(",", " -"), "7"), ["prompt"]),
        (pair(QUESTION[:60], "7"), []),
        (pair(QUESTION[:80], "7"), ["prompt"]),
        (chat("Make up a question", QUESTION), ["messages[1].content"]),
        ({"question": "x", "context": {"text": QUESTION}}, ["context.text"]),
        (pair("What is the capital of Peru", "Lima"), ["prompt"]),
        (pair("What is the capital of Peru and of Chile", "Lima"), []),
        (pair("capital of Peru", "Lima"), []),
        (pair("七", QUESTION.replace("wheat", "rye").replace("half", "all").replace("dry", "wet").replace("three", "two")), []),
        (chat("Hi", "Hello", system=QUESTION), []),
    ],
)
def test_contamination(mine: Any, found: list[str]) -> None:
    evaluation = lines({"question": QUESTION, "answer": "#### 7"}, {"question": "What is the capital of Peru?", "answer": "Lima"})
    report = lint(lines(mine), ["DUP005"], evaluation=evaluation)
    assert not report.skipped
    assert [one.at for one in report.diagnostics] == found


def test_template_of_the_evaluation_is_no_passage() -> None:
    template = "Read the following passage carefully and answer the question below with a single word or number please"
    evaluation = lines(*({"question": f"{template}: {'abcdefghijklmnop'[number]}?"} for number in range(12)))
    assert lint(lines(pair(template, "yes")), ["DUP005"], evaluation=evaluation).diagnostics == []


@given(st.text(alphabet="abc ", max_size=60))
def test_grams_are_all_sequences_of_so_many_words(text: str) -> None:
    words = passage_words(text)
    assert words == text.split()
    assert len(grams_of(words)) == len({tuple(words[start : start + GRAM]) for start in range(len(words) - GRAM + 1)})


def test_published_benchmark_is_found_in_itself_and_not_in_its_training_set() -> None:
    benchmark = shared_data("datasets", "openai+grade-school-math", "grade_school_math__data__test.jsonl").read_text("utf-8")
    rows = [json.loads(line) for line in benchmark.splitlines()]
    train = [pair(row["question"], row["answer"]) for row in rows[::50]]
    assert len(lint(lines(*train), ["DUP005"], evaluation=benchmark, keep_all=True).diagnostics) == len(train)
    clean = shared_data("advice", "gsm8k.jsonl").read_text("utf-8")
    assert lint(clean, ["DUP005"], evaluation=benchmark).diagnostics == []


TRAIN = lines(pair("a", "b"), pair("c", "d"), pair("e", "f"))
VALIDATION = lines(pair("c", "d"), pair("g", "h"))


def _found(shell: Shell, *arguments: str) -> list[tuple[str, int]]:
    done = shell.run("check", *arguments, "--output-format", "json", "--ignore", "ADV")
    assert done.code in {0, 1}, done.err
    return [(one["path"], one["line"]) for one in json.loads(done.out)["findings"]]


def test_finding_sits_on_the_validation_file_where_that_is_checked(shell: Shell) -> None:
    shell.write("train.jsonl", TRAIN)
    shell.write("held.jsonl", VALIDATION)
    assert _found(shell, "train.jsonl", "--validation", "held.jsonl", "--isolated") == [("held.jsonl", 1)]
    assert _found(shell, "train.jsonl", "held.jsonl", "--validation", "./held.jsonl", "--isolated") == [("held.jsonl", 1)]
    assert _found(shell, "train.jsonl", "held.jsonl", "--isolated") == []


def test_settings_name_validation_and_evaluation_files(shell: Shell) -> None:
    shell.write("data/train.jsonl", TRAIN)
    shell.write("data/held.jsonl", VALIDATION)
    shell.write("tests.csv", "question\nWhere does the river that crosses this town end\n")
    shell.write("tunelint.toml", 'validation-files = ["data/he*.jsonl"]\nevaluation-files = ["tests.csv"]\n')
    assert _found(shell, "data/train.jsonl") == [("data/train.jsonl", 2)]
    assert _found(shell, "data") == [("data/held.jsonl", 1)]
    assert _found(shell, "data/held.jsonl") == []
    shell.write("data/train.jsonl", lines(pair("where does the river that crosses this town end", "sea"), pair("x", "y")))
    assert _found(shell, "data/train.jsonl") == [("data/train.jsonl", 1)]
    assert _found(shell, "data/train.jsonl", "--ignore", "DUP005") == []


def test_names_are_absolute_for_an_editor_and_short_for_people(shell: Shell) -> None:
    held = shell.write("data/held.jsonl", VALIDATION)
    train = shell.write("data/train.jsonl", TRAIN)
    shell.write("tunelint.toml", 'validation-files = ["data/held.jsonl"]\n')
    names = [
        [one.name for one in resolve(path, SettingsFinder().find(path.parent), Overrides()).request.references]
        for path in (train, Path("data/train.jsonl"))
    ]
    assert names == [[str(held)], [str(Path("data") / "held.jsonl")]]


@pytest.mark.parametrize(
    ("arguments", "settings", "said"),
    [
        (["--validation", "nope.jsonl"], "", "--validation: there is no file 'nope.jsonl'"),
        (["--evaluation", "nope.jsonl"], "", "--evaluation: there is no file 'nope.jsonl'"),
        ([], 'validation-files = ["v*.jsonl"]', "validation-files: there is no file 'v*.jsonl'"),
        ([], 'evaluation-files = ["e.jsonl"]', "evaluation-files: there is no file 'e.jsonl'"),
    ],
)
def test_missing_files_are_said_in_a_line(shell: Shell, arguments: list[str], settings: str, said: str) -> None:
    shell.write("train.jsonl", TRAIN)
    shell.write("tunelint.toml", settings + "\n")
    done = shell.run("check", "train.jsonl", *arguments)
    assert done.code == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1


def test_unsafe_fix_drops_the_record_from_the_file_that_was_fixed(shell: Shell) -> None:
    shell.write("train.jsonl", TRAIN)
    held = shell.write("held.jsonl", VALIDATION)
    shell.run("check", "train.jsonl", "--validation", "held.jsonl", "--isolated", "--fix", "--unsafe-fixes", "--select", "DUP004")
    assert held.read_text() == lines(pair("g", "h"))
    assert (shell.folder / "train.jsonl").read_text() == TRAIN
