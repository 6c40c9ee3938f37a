"""Edge cases of the rules about labels and refusals, beyond their docstrings."""

import json

import pytest

from tests.linting import lint
from tunelint.rules.qua.qua004_refusal_answer import is_refusal


def labelled(**counts: int) -> str:
    """Return records by their label, underscores in names standing for spaces."""
    pairs = [(label.replace("_", " "), number) for label, count in counts.items() for number in range(count)]
    return "".join(json.dumps({"prompt": f"text {number} of {label}", "completion": label}) + "\n" for label, number in pairs)


def messages(data: str, code: str) -> list[str]:
    report = lint(data, [code])
    assert not report.skipped
    return [one.message for one in report.diagnostics]


@pytest.mark.parametrize(
    "data",
    [
        labelled(yes=80, no=20),
        labelled(yes=46, no=2),
        labelled(yes=30),
        labelled(**{f"label {number}": 40 for number in range(25)}, rare=1),
        labelled(**{str(number): 50 for number in range(5)}, **{"10": 1}),
        labelled(positive=60, negative=60, postive=1),
        labelled(positive=60, negative=60, Positive=2),
        "".join(json.dumps({"prompt": f"{number}", "completion": f"answer {number}"}) + "\n" for number in range(100)),
        "".join(
            json.dumps({"prompt": f"{number}", "completion": "x" * 61 if number % 9 else "y"}) + "\n" for number in range(90)
        ),
    ],
    ids=["at 80%", "too few", "one label", "many labels", "a scale", "a slip", "a variant", "no labels", "long texts"],
)
def test_silent_where_labels_are_balanced_or_none(data: str) -> None:
    assert messages(data, "QUA001") == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (labelled(yes=81, no=19), "label 'yes' has 81% of the records, 1 other has the rest"),
        (labelled(yes=90, no=5, maybe=5), "label 'yes' has 90% of the records, 2 others have the rest"),
        (labelled(a=60, b=60, c=3), "label 'c' has 3 of 123 records, where an equal share is 41"),
        (labelled(a=60, b=60, c=2, d=1), "label 'd' has 1 of 123 records, where an equal share is 30; 1 more label is rare"),
    ],
)
def test_imbalance_is_told_with_its_numbers(data: str, message: str) -> None:
    assert messages(data, "QUA001") == [message]


@pytest.mark.parametrize(
    "answer",
    [
        "I'm sorry, but I can't help with that.",
        "I’m sorry, but I cannot assist with this request.",
        "Sorry, I am unable to provide financial data.",
        "I cannot provide legal advice.",
        "I can't do that.",
        "Unfortunately, I do not have access to your files.",
        "As an AI language model, I don't have personal opinions.",
        "My apologies, I'm not able to do this.",
        "很抱歉，我无法帮助您预订机票。",
        "作为一个人工智能，我无法回答。",
        "Es tut mir leid, aber das kann ich nicht beantworten.",
        "Je suis désolé, mais je ne peux pas répondre.",
        "Lo siento, pero no puedo ayudar.",
    ],
)
def test_refusals(answer: str) -> None:
    assert is_refusal(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "I'm sorry to hear that. You could try again.",
        "Sorry for the late reply! I can offer you a refund.",
        "I cannot recommend this film enough, it is great.",
        "I can't wait to see you.",
        "I can help with that.",
        "Unfortunately, the train is late. I know, I can't believe it either.",
        "As an AI engineer you will build models.",
        "The witness said: I'm sorry, I can't help.",
        "对不起，这个问题的答案是42。",
        "Entschuldigung",
        "",
    ],
)
def test_no_refusals(answer: str) -> None:
    assert not is_refusal(answer)


def test_refusing_what_no_tool_does_is_meant() -> None:
    tools = [{"type": "function", "function": {"name": "rain", "parameters": {"type": "object", "properties": {}}}}]
    refusal = [
        {"role": "user", "content": "Book a flight"},
        {"role": "assistant", "content": "I'm sorry, but I can't book flights."},
    ]
    assert messages("".join(json.dumps({"messages": refusal, "tools": tools}) + "\n" for _ in range(60)), "QUA004") == []
    assert messages("".join(json.dumps({"messages": refusal}) + "\n" for _ in range(60)), "QUA004") != []
