"""What examples ask and answer, and what kind of task they make."""

import json

import pytest

from tests.advice.examples import asked, chat
from tunelint.advice.task import Pair, is_code, json_of, normal, pair_of, task_of, word_count
from tunelint.core.example import Example, Turn

USER, YES, NO = Turn("user", "Is it?", (), ()), Turn("assistant", "yes", (), ()), Turn("assistant", "no", (), ())
MUTED = Turn("assistant", "no", (), (), trained=False)


@pytest.mark.parametrize(
    ("example", "pair"),
    [
        (chat("Is it?", "yes"), Pair("", "Is it?", "yes")),
        (chat("Is it?", "yes", system="Be brief"), Pair("Be brief", "Is it?", "yes")),
        (chat("Is it?", "yes", "Sure?", "no"), Pair("", "Sure?", "no", earlier="Is it?\nyes", answers=2)),
        (chat("Is it?", "yes", "Sure?"), Pair("", "Is it?", "yes")),
        (Example([USER, USER, YES]), Pair("", "Is it?\nIs it?", "yes")),
        (Example([USER, YES, USER, MUTED]), Pair("", "Is it?", "yes")),
        (Example([USER], chosen=[YES], rejected=[NO]), Pair("", "Is it?", "yes")),
        (Example([USER, YES], label=True), Pair("", "Is it?", "yes")),
        (asked("Rain?", "", ("rain", '{"in": "Bonn"}')), Pair("", "Rain?", '{"name":"rain","arguments":{"in":"Bonn"}}', calls=True)),
        (asked("Rain?", "Let me look", ("rain", "{")), Pair("", "Rain?", 'Let me look\n{"name":"rain","arguments":"{"}', calls=True)),
        (Example([USER, YES], label=False), None),
        (Example([USER], rejected=[NO]), None),
        (Example([USER]), None),
        (Example([YES]), None),
        (Example([Turn("text", "A novel", (), ())]), None),
        (Example([], token_ids=(3, 3)), None),
        (chat("Is it?", "  "), None),
        (chat(" ", "yes"), None),
    ],
)  # fmt: skip
def test_pair_of_an_example(example: Example, pair: Pair | None) -> None:
    assert pair_of(example) == pair


def test_a_request_is_all_that_is_said_before_the_answer() -> None:
    assert Pair("Be brief", "Sure?", "no", earlier="Is it?\nyes").request == "Is it?\nyes\nSure?"
    assert Pair("Be brief", "Sure?", "no").request == "Sure?"


LABELS = ["positive", "Positive.", " negative", "neutral"]
TOPICS = [{"topic": "sport"}, {"topic": "food"}]


def _numbered(count: int, answer: str) -> list[str]:
    return [answer.replace("#", str(number)) for number in range(count)]


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        (LABELS * 10, "label"),
        ([json.dumps(topic) for topic in TOPICS] * 20, "label"),
        (["你好", "再见"] * 20, "label"),
        (["the very same long answer that is no label because nobody would call so many words one"] * 30, "text"),
        (_numbered(40, "Paris #"), "short"),
        (_numbered(40, "東京は#の首都"), "short"),
        (_numbered(40, "我们的客服会在#个工作日之内给您回复，请您耐心等待，谢谢您的理解"), "text"),
        (_numbered(40, '{"city": "Bonn", "night": #}'), "json"),
        (_numbered(40, '```json\n{"city": "Bonn", "night": #}\n```'), "json"),
        (_numbered(40, '{"name": "rain", "arguments": {"day": #}}'), "tool"),
        (_numbered(40, "SELECT name FROM guests WHERE night = #"), "code"),
        (_numbered(40, "def add_#(a, b):\n    return a + b + #"), "code"),
        (_numbered(40, "Here you are:\n```python\nx = [#]\nprint(x)\nprint(sum(x) + 1)\n```"), "code"),
        (_numbered(40, "Please select one of the # guests, and from then on treat them as your own friends"), "text"),
    ],
)  # fmt: skip
def test_kind_of_task(answers: list[str], kind: str) -> None:
    assert task_of([Pair("", "?", answer) for answer in answers]).kind == kind


def test_labels_come_as_they_are_mostly_written_the_commonest_first() -> None:
    task = task_of([Pair("", "?", answer) for answer in [*LABELS * 9, "Positive", "positive", "positive", "slip"]])
    assert task.labels == ("positive", "negative", "neutral", "slip")
    assert task.usual == 3
    assert task.forms == {"text": 1.0}


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("two words", 2), ("don't", 1), ("naïve café", 2), ("今天天气很好", 6 / 1.6), ("GPT 模型", 1 + 2 / 1.6)],
)
def test_word_count(text: str, words: float) -> None:
    assert word_count(text) == pytest.approx(words)


@pytest.mark.parametrize(
    ("text", "value"),
    [("{}", {}), (" [1] ", [1]), ("```json\n[1]\n```", [1]), ("```\n[1]", [1]), ("{", None), ("12", None), ("", None), ("[" * 99_999, None)],
)  # fmt: skip
def test_json_of(text: str, value: object) -> None:
    assert json_of(text) == value


@pytest.mark.parametrize("text", ["Yes.", "yes", '"Yes"', " YES\n", "`yes`"])
def test_what_makes_no_difference_to_a_label(text: str) -> None:
    assert normal(text) == "yes"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I like {braces}",
        "He said: return it",
        "import taxes are high",
        "- one\n- two",
        "Select one of the guests from the list",
    ],
)
def test_text_is_no_code(text: str) -> None:
    assert not is_code(text)


@pytest.mark.parametrize(
    "text",
    [
        "find . -name '*.py' | xargs wc -l",
        "SELECT 1\nFROM t",
        "select name, max(age) from guests",
        "select count ( * ) from t",
        "git push origin main",
        "f.run(x)",
    ],
)
def test_code_is_code(text: str) -> None:
    assert is_code(text)
