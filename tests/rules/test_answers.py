"""Edge cases of the rules about how answers end, repeat themselves, and in which language they are."""

import json
import sys

import pytest

from tests.linting import lint

LONG = (
    "Number {0} is a number like any other. It comes after the one before it and before the one after it, and whoever counts far \
enough meets it on the way. There is not much more that can be said about {0}, but it is there, and people use it."
)
CUT = LONG.format("zero") + " It was not always known, and when somebody came up with it people did not see what it could be good"


def data(*answers: str) -> str:
    return "".join(
        json.dumps({"prompt": f"Tell me {number}", "completion": answer}) + "\n" for number, answer in enumerate(answers)
    )


def peers(count: int = 60) -> list[str]:
    return [LONG.format(number) for number in range(count)]


def lines(code: str, *answers: str) -> list[int]:
    report = lint(data(*answers), [code])
    assert not report.skipped
    return [one.line for one in report.diagnostics]


@pytest.mark.parametrize(
    "answer",
    [
        CUT + " for the",
        CUT + " for numbers,",
        CUT + " for. The",
        CUT + " for. Then people",
        CUT + " (",
        LONG.format("Die Null") + " Sie ist eine Zahl wie keine andere, und wer mit dem Zählen anfängt, der begegnet der",
        "Run this:\n```python\nprint(1)",
    ],
)
def test_cut_answers(answer: str) -> None:
    assert lines("QUA006", *peers(), answer) == [61]


@pytest.mark.parametrize(
    "answer",
    [
        CUT,
        CUT + " for numbers",
        CUT + " for 1,000,000",
        CUT + ' for: "the"',
        CUT + " for the…",
        LONG.format("zero") + "\n\n- the one that counts nothing at all and of which nothing can be taken, which is the",
        LONG.format("zero") + "\n\nSee https://example.org/a/long/address/of/a/page/about/numbers/and/the",
        LONG.format("zero") + "\n\nYours, the",
        LONG.format("zero") + " Best of luck. Thank you",
        "What the",
        "Run this:\n```python\nprint(1)\n```",
        "零" * 300,
    ],
)
def test_whole_answers_and_those_that_do_not_tell(answer: str) -> None:
    assert lines("QUA006", *peers(), answer) == []


def test_silent_where_it_is_the_style_of_the_file_or_there_are_few_peers() -> None:
    cut = CUT + " for the"
    assert lines("QUA006", *peers(40), cut) == []
    assert lines("QUA006", *peers(60), *[cut] * 3) == [61, 62, 63]
    assert lines("QUA006", *peers(60), *[cut] * 4) == []


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (CUT + " for.", False),
        (" ".join([LONG.format("one")] * 3), True),
        ("It rains. " * 40, True),
        ("It rains. " * 10, False),
        ("下雨了，" * 40, True),
        ("```\n" + "x = x + 1\n" * 60 + "```\nThis adds sixty.", False),
        ("[" + '{"a": 1, "b": 2, "c": 3}, ' * 40 + "]", False),
        ("\n".join(f"{number}. The {number}th item of the list is there" for number in range(30)), False),
        ("\n".join(["I will not chat in class"] * 12), True),
    ],
)
def test_repetition(answer: str, found: bool) -> None:
    assert bool(lines("QUA007", answer)) is found


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("Die Null ist eine Zahl wie keine andere, und wer mit dem Zählen anfängt, der begegnet ihr nicht.", True),
        ("零是一个与众不同的数字，开始数数的人不会遇到它，因为人们从一开始。很久以后才有人想到它。", True),
        ("Null", False),
        ("Number zero is unlike any other number, since people begin with one when they count things.", False),
        ("```\nDie Null ist eine Zahl wie keine andere, und wer mit dem Zählen anfängt, der begegnet ihr nicht.\n```", False),
        ("SELECT name FROM kunden WHERE ort = 'Bonn' AND betrag > 100 ORDER BY name LIMIT 10 OFFSET 20", False),
    ],
)
def test_language(answer: str, found: bool) -> None:
    assert (61 in lines("QUA008", *peers(), answer)) is found


def test_two_languages_are_meant() -> None:
    german = "Die Zahl {} ist eine Zahl wie jede andere, und wer lange genug zählt, der begegnet ihr auf dem Weg."
    assert lines("QUA008", *peers(), *[german.format(number) for number in range(10)]) == []


def test_missing_library_is_said_and_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    from tunelint.rules.qua import qua008_wrong_language

    qua008_wrong_language._identifier.cache_clear()
    monkeypatch.setitem(sys.modules, "py3langid.langid", None)
    report = lint(data(*peers()), ["QUA008"])
    qua008_wrong_language._identifier.cache_clear()
    assert [one.reason for one in report.skipped] == ["wrong-language needs py3langid: install tunelint with the extra lang"]
