"""Prompts as files: what other programs make of them."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.advice.examples import chat, identity_of
from tests.advice.server import serving
from tunelint.advice.metrics import ALL_METRICS, Metric, Said
from tunelint.advice.prompt import SLOT, Prompt, material_of, prompt_of
from tunelint.advice.sample import Drawn
from tunelint.advice.writers import About, form_for, forms, write
from tunelint.advice.writers.promptfoo import quoted
from tunelint.advice.writers.scoring import javascript_for

ODD = (
    "{{ env.HOME }} {% raw %} {# no #}",
    "quotes \" ' ``` and \\ back",
    "lines\nand\ttabs\x85\u2028\u2029\ufeff",
    "日本語 😀",
    "1e5",
    "- a: b",
)
ABOUT = About(
    dataset="train.jsonl",
    records=60,
    content="3c-0",
    lines=(1, 2),
    version="1.0",
    model="gpt-4.1-mini",
    encoding="o200k_base",
    most_tests=20,
    usd_per_1k=1.5,
    usd_per_1k_cached=0.5,
    as_of="2026-03-24",
)


def words(text: str) -> int:
    return len(text.split())


def prompt(texts: Sequence[str] = ODD, labels: Sequence[str] = ("order", "praise")) -> Prompt:
    examples = [
        chat(f"{texts[index % len(texts)]} letter {index}", labels[index % len(labels)], system=f"Sort. {texts[0]}")
        for index in range(60)
    ]
    return prompt_of(material_of([Drawn(identity_of(one), number, one) for number, one in enumerate(examples)]), words)


def text_of(form: str, made: Prompt) -> str:
    return "".join(write(form, made, ABOUT))


def test_forms_by_file_name() -> None:
    assert forms() == ("markdown", "openai", "promptfoo", "python")
    found = {
        name: form_for(name)
        for name in ("a.json", "a.prompt.JSON", "promptfooconfig.yaml", "a.yml", "a.md", "a.py", "a.txt", "json")
    }
    assert found == {
        "a.json": "openai",
        "a.prompt.JSON": "openai",
        "promptfooconfig.yaml": "promptfoo",
        "a.yml": "promptfoo",
        "a.md": "markdown",
        "a.py": "python",
        "a.txt": None,
        "json": None,
    }


def test_openai() -> None:
    made = prompt()
    assert json.loads(text_of("openai", made)) == [message.plain() for message in made.messages()]


def test_markdown_holds_every_message_and_its_facts() -> None:
    made = prompt()
    text = text_of("markdown", made)
    assert all(f"\n{message.content}\n" in text for message in made.messages())
    assert "$1.50 for 1,000 calls of gpt-4.1-mini, $0.50 with the prompt in the cache, as of 2026-03-24" in text
    assert "Examples: 16, from lines 1, 2; none of them is held out." in text


def rendered(text: str) -> str:
    """Return what Nunjucks makes of a template that holds nothing but its marks written as strings."""
    marks = ("{{", "{%", "{#", "#}")
    for number, mark in enumerate(marks):
        text = text.replace(f"{{{{ '{mark}' }}}}", f"\0{number}")
    assert not any(mark in text.replace(SLOT, "") for mark in marks)
    for number, mark in enumerate(marks):
        text = text.replace(f"\0{number}", mark)
    return text


def test_promptfoo() -> None:
    made = prompt()
    config = yaml.safe_load(text_of("promptfoo", made))
    messages = json.loads(config["prompts"][0]["raw"])
    assert [rendered(one["content"]) for one in messages] == [one.content for one in made.messages()]
    assert messages[-1]["content"] == SLOT
    assert config["providers"] == [{"id": "openai:chat:gpt-4.1-mini", "config": {"temperature": 0}}]
    asked = {(case.pair.request, case.pair.answer) for case in made.tests}
    tests = {(one["vars"]["input"], one["vars"]["expected"]) for one in config["tests"]}
    assert tests
    assert tests <= asked
    assert not any("{{" in given_text for given_text, _ in tests)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_texts_are_yaml_strings(text: str) -> None:
    assert yaml.safe_load(quoted(text)) == text


def run_script(script: Path, *arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(script), *arguments],
        input=stdin,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def test_python_script_asks_an_endpoint(tmp_path: Path) -> None:
    made = prompt()
    script = tmp_path / "ask.py"
    script.write_text(text_of("python", made), encoding="utf-8")
    case = made.tests[0]
    with serving() as double:
        done = run_script(script, stdin=case.pair.request, OPENAI_BASE_URL=double.base, OPENAI_API_KEY="k-1", OPENAI_MODEL="m")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() in {"order", "praise"}
    expected = [*(message.plain() for message in made.messages()[:-1]), {"role": "user", "content": case.pair.request}]
    assert double.bodies == [{"model": "m", "messages": expected, "temperature": 0}]
    assert double.headers[0]["Authorization"] == "Bearer k-1"


NODE = shutil.which("node")
ANSWERS = [
    "order",
    " Order. ",
    "“order”",
    "",
    ".",
    "1",
    "a  b",
    "a b",
    '{"a": 1, "b": ["x", "y"]}',
    '{"b": ["Y", "x"]}',
    '```json\n{"a": 1}\n```',
]
ANSWERS += [
    '{"name": "f", "arguments": {"x": 1, "y": [2]}}',
    '{"arguments": {"y": [2], "x": 1}, "name": "f"}',
    '[{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{\\"x\\": 1, \\"y\\": [2]}"}}]',
    "{}",
    "[]",
    "null",
    "the cat sat",
    "the cats sit 😀",
    "3 * 4 = 12, so she has 12\n#### 12",
    "$12.00",
    "It is 1,234.50, no: \\boxed{-3/4}",
    "-0.75",
    "x12 and 1.2.3 and 12,34",
    "1/0",
    "− 7 or −7",
]


@pytest.mark.skipif(NODE is None, reason="needs node")
@pytest.mark.parametrize("metric", ALL_METRICS, ids=lambda metric: metric.name)
def test_javascript_scores_as_python_does(metric: Metric) -> None:
    pairs = [(one, other) for one in ANSWERS for other in ANSWERS]
    code = (
        f"const score = (output, context) => {{ {javascript_for(metric.name)} }};"
        "let text = ''; process.stdin.on('data', (piece) => { text += piece; }).on('end', () => {"
        "console.log(JSON.stringify(JSON.parse(text).map(([one, other]) => Number(score(one, {vars: {expected: other}}))))); });"
    )
    assert NODE is not None
    done = subprocess.run([NODE, "-e", code], input=json.dumps(pairs), capture_output=True, text=True, check=True, timeout=60)
    found = json.loads(done.stdout)
    wanted = [metric.score(Said(one), Said(other)) for one, other in pairs]
    assert dict(zip(pairs, found, strict=True)) == pytest.approx(dict(zip(pairs, wanted, strict=True)))


PROMPTFOO = os.environ.get("TUNELINT_TEST_PROMPTFOO", "")


@pytest.mark.skipif(not PROMPTFOO, reason="TUNELINT_TEST_PROMPTFOO names no folder with promptfoo in its node_modules")
def test_promptfoo_itself_loads_and_runs_it(tmp_path: Path) -> None:
    """Set up with `npm install promptfoo --ignore-scripts` in the folder: 1.9 GB."""
    made = prompt()
    config = tmp_path / "promptfooconfig.yaml"
    config.write_text(text_of("promptfoo", made), encoding="utf-8")
    entry = Path(PROMPTFOO) / "node_modules" / "promptfoo" / "dist" / "src" / "entrypoint.js"
    output = tmp_path / "out.json"
    with serving() as double:
        environment = {
            **os.environ,
            "OPENAI_BASE_URL": double.base,
            "OPENAI_API_KEY": "k-1",
            "PROMPTFOO_DISABLE_TELEMETRY": "1",
            "PROMPTFOO_DISABLE_UPDATE": "1",
            "PROMPTFOO_CONFIG_DIR": str(tmp_path / "state"),
        }

        def call(*arguments: str) -> str:
            command = [NODE or "node", str(entry), *arguments]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
            return done.stdout + done.stderr

        assert "Configuration is valid" in call("validate", "-c", str(config))
        said = call("eval", "-c", str(config), "--no-cache", "--no-table", "--no-progress-bar", "-o", str(output))
    assert output.is_file(), said
    results: list[dict[str, Any]] = json.loads(output.read_text(encoding="utf-8"))["results"]["results"]
    tests = yaml.safe_load(config.read_text(encoding="utf-8"))["tests"]
    assert len(results) == len(tests) > 0
    assert not [one["error"] for one in results if one["failureReason"] == 2]
    sent = {json.dumps(body["messages"][:-1]) for body in double.bodies}
    assert sent == {json.dumps([message.plain() for message in made.messages()[:-1]])}
    assert {body["messages"][-1]["content"] for body in double.bodies} == {one["vars"]["input"] for one in tests}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(min_size=1), min_size=1, max_size=3))
def test_any_text_survives_every_form(texts: list[str]) -> None:
    made = prompt(texts)
    contents = [message.content for message in made.messages()]
    assert [one["content"] for one in json.loads(text_of("openai", made))] == contents
    config = yaml.safe_load(text_of("promptfoo", made))
    assert len(json.loads(config["prompts"][0]["raw"])) == len(contents)
    scope: dict[str, Any] = {"__name__": "script"}
    exec(text_of("python", made), scope)
    assert [one["content"] for one in scope["MESSAGES"]] == contents
    assert text_of("markdown", made)
