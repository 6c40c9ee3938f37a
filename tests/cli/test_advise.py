"""``tunelint advise``."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cli.running import GOOD, Shell
from tests.linting import request
from tunelint.advice.files import MEASURED
from tunelint.advice.measured import Arm, Measured, Score, add_measured, content_key
from tunelint.advice.verdict import TITLES
from tunelint.engine.linter import Linter
from tunelint.engine.sources import open_source

SHOUTED = "".join(
    json.dumps({"messages": [{"role": "user", "content": f"label {n}"}, {"role": "assistant", "content": f"LABEL {n}"}]}) + "\n"
    for n in range(80)
)
BRIDGES = "".join(json.dumps({"prompt": f"When was bridge {n} opened?", "completion": f"18{n}4"}) + "\n" for n in range(80))
AMOUNT = {"type": ["object", "null"], "required": ["usd", "low", "high"]}
CONTRACT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["path", "records", "verdict", "strength", "leans", "task", "hints", "signals", "measured", "ways"],
    "properties": {
        "path": {"type": "string"},
        "records": {"type": "integer"},
        "verdict": {"enum": sorted(TITLES)},
        "strength": {"enum": ["strong", "lean"]},
        "leans": {"enum": ["prompt", "example-retrieval", "knowledge-retrieval", "fine-tune", None]},
        "task": {"enum": ["label", "short", "json", "tool", "code", "text"]},
        "hints": {
            "items": {
                "enum": [
                    "structured-outputs",
                    "classifier",
                    "system-prompt",
                    "native-tools",
                    "schema-in-prompt",
                    "chain-of-thought",
                ]
            }
        },
        "signals": {
            "minItems": 1,
            "items": {
                "required": ["name", "title", "value", "threshold", "says", "source"],
                "additionalProperties": False,
                "properties": {
                    "name": {"type": "string"},
                    "title": {"type": "string", "minLength": 5},
                    "value": {"type": "number"},
                    "threshold": {"type": ["number", "null"]},
                    "says": {"type": "string", "minLength": 10},
                    "source": {"type": "string", "minLength": 5},
                },
            },
        },
        "measured": {"type": ["object", "null"]},
        "ways": {
            "items": {
                "required": ["way", "one_off_usd", "per_1k_calls_usd", "per_month_usd", "as_of"],
                "properties": {"one_off_usd": AMOUNT, "per_1k_calls_usd": AMOUNT, "per_month_usd": AMOUNT},
            }
        },
    },
}


def _advised(shell: Shell, *arguments: str) -> list[dict[str, Any]]:
    result = shell.run("advise", *arguments, "--output-format", "json")
    assert (result.code, result.err) == (0, "")
    files: list[dict[str, Any]] = json.loads(result.out)["files"]
    for one in files:
        jsonschema.validate(one, CONTRACT)
    return files


def test_json_keeps_the_contract_for_each_file(shell: Shell) -> None:
    shell.write("a/train.jsonl", SHOUTED)
    shell.write("a/faq.jsonl", BRIDGES)
    shell.write("a/few.jsonl", GOOD)
    shell.write("a/prose.jsonl", '{"text": "A novel."}\n')
    found = {Path(one["path"]).name: one for one in _advised(shell, "a", "--target", "openai")}
    assert {name: one["verdict"] for name, one in found.items()} == {
        "train.jsonl": "prompt",
        "faq.jsonl": "knowledge-retrieval",
        "few.jsonl": "too-few",
    }
    assert found["train.jsonl"]["records"] == 80
    assert found["train.jsonl"]["ways"], "costs of the ways with a target"
    assert found["few.jsonl"]["signals"][0]["value"] == 1


def test_text_says_verdict_reasons_limits_and_offer_in_this_order(shell: Shell) -> None:
    shell.write("faq.jsonl", BRIDGES)
    result = shell.run("advise", "faq.jsonl", "--color", "never")
    assert result.code == 0
    wanted = [
        "faq.jsonl",
        "KNOWLEDGE-RETRIEVAL",
        "strong",
        "Why",
        "line ",
        "Also looked at",
        "What this cannot know",
        "Measure it",
    ]
    places = [result.out.index(word) for word in wanted]
    assert places == sorted(places)
    assert "against 0.3; Ovadia et al." in result.out
    assert "\x1b" not in result.out


def test_what_was_measured_is_shown_instead_of_the_offer(shell: Shell) -> None:
    shell.write("train.jsonl", SHOUTED)
    linter = Linter(open_source(shell.folder / "train.jsonl", "train.jsonl"), request({"ADV002"}))
    linter.read()
    arm = Arm(
        name="few-shot",
        model="a-model",
        shots=16,
        score=Score(0.93, 0.88, 0.98),
        rows=20,
        asked=20,
        exact=0.93,
        readable=1.0,
        cut=0.0,
        input_tokens=10,
        output_tokens=1,
    )
    measured = Measured(
        content=content_key(identity for identity, _ in linter.ledger.sample.items()),
        dataset="train.jsonl",
        records=80,
        measured_at="2026-11-25T10:00:00Z",
        endpoint="http://127.0.0.1:1",
        task="short",
        metric="exact",
        arms=(arm,),
    )
    shell.write(MEASURED, add_measured((), measured))
    (found,) = _advised(shell, "train.jsonl", "--no-costs")
    assert found["measured"]["arms"][0]["score"] == {"value": 0.93, "low": 0.88, "high": 0.98}
    text = shell.run("advise", "train.jsonl", "--no-costs", "--color", "never").out
    assert "Measured 2026-11-25 (exact)" in text
    assert "few-shot (a-model): 0.93 [0.88, 0.98] on 20 rows" in text
    assert "Measure it" not in text
    shell.write(MEASURED, "{")
    assert shell.run("advise", "train.jsonl").code == 2


def test_copies_of_one_record_are_one_example(shell: Shell) -> None:
    shell.write("train.jsonl", GOOD * 500)
    assert [(one["verdict"], one["records"]) for one in _advised(shell, "train.jsonl", "--no-costs")] == [("too-few", 500)]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no dataset of a known format"),
        (b'{"text": "A novel."}\n', "no record has a request and an answer"),
        (b'{"a": 1}\n', "no dataset of a known format"),
        (b"\xff\xfe\n", "no dataset of a known format"),
    ],
)
def test_what_cannot_be_judged_is_said_in_a_line(shell: Shell, data: bytes, said: str) -> None:
    shell.write("train.jsonl", data)
    result = shell.run("advise", "train.jsonl")
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert result.err.count("\n") == 1


def test_missing_files_and_pipes_are_usage_errors(shell: Shell) -> None:
    assert shell.run("advise", "nowhere.jsonl").code == 2
    assert "standard input" in shell.run("advise", "-", stdin=GOOD).err


def test_a_verdict_on_a_small_file_loads_no_numpy(shell: Shell) -> None:
    shell.write("train.jsonl", GOOD * 10)
    code = (
        "import sys; from tunelint.cli.main import run; run(['check', '--isolated', 'train.jsonl']);"
        "print('numpy' in sys.modules, any(name.startswith('tunelint.advice.s') and name != 'tunelint.advice.sample'"
        " for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=shell.folder, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False False"


def test_few_records_are_counted_as_they_are_and_no_measurement_of_them_is_offered(shell: Shell) -> None:
    row = '{"messages": [{"role": "user", "content": "Number @"}, {"role": "assistant", "content": "It is @."}]}\n'
    shell.write("few.jsonl", "".join(row.replace("@", str(number)) for number in range(9)) + row.replace("assistant", "bot"))
    out = shell.run("advise", "few.jsonl").out
    assert "10 records, 9 different ones with a request and an answer" in out
    assert "TOO-FEW" in out
    assert "tunelint measure" not in out


def test_an_offer_shows_no_more_examples_than_there_are(shell: Shell) -> None:
    row = '{"prompt": "Say @ as a number", "completion": "@@@ and that is it"}\n'
    shell.write("train.jsonl", "".join(row.replace("@", str(number)) for number in range(60)))
    assert "15 held-out rows, with none, up to 16 chosen and 16 nearest examples" in shell.run("advise", "train.jsonl").out


def test_a_config_is_no_dataset_to_judge(shell: Shell) -> None:
    shell.write("run.yaml", "base_model: x\nadapter: lora\n")
    result = shell.run("advise", "run.yaml")
    assert (result.code, "name the one that is to be trained on" in result.err) == (2, True)
