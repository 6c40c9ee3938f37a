"""The scorecard gives the verdict that reason gives, and none that it cannot defend."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.advice.examples import chat, drawn_of
from tests.advice.made import TASKS, Pairs
from tests.benchmarks import advice as benchmark
from tests.shared_data import ROOT, shared_data
from tunelint.advice.background import background
from tunelint.advice.published import base_rate
from tunelint.advice.scorecard import judge, judged
from tunelint.advice.signals import Signals
from tunelint.advice.study import Study
from tunelint.advice.verdict import Signal, Verdict
from tunelint.core.example import Example, MediaPart, Turn


def _judged(pairs: Pairs, system: str = "") -> Verdict:
    drawn = drawn_of([chat(*pair, system=system) for pair in pairs])
    verdict = judge(drawn, len(drawn))
    assert verdict is not None
    return verdict


@pytest.mark.parametrize("name", TASKS)
def test_the_verdict_is_the_one_that_reason_gives(name: str) -> None:
    make, expected = TASKS[name]
    verdict = _judged(make())
    assert verdict.verdict == expected
    assert verdict.signals
    assert 1 <= len(verdict.clues) <= 3


@pytest.mark.parametrize("name", ["two-labels", "rare-names-are-looked-up", "worked-calculations", "stars-are-a-scale"])
def test_a_constant_frame_around_requests_changes_nothing(name: str) -> None:
    make, expected = TASKS[name]
    framed = [(f"How are you? Please work on this input:\n\n{request}\n\nAnswer:", answer) for request, answer in make()]
    assert _judged(framed).verdict == expected
    assert _judged(make(), system="You are the assistant of Acme. How can I help?").verdict == expected


def test_only_the_last_answer_of_a_conversation_is_judged() -> None:
    make, expected = TASKS["two-labels"]
    drawn = drawn_of([chat("Hi", "Hello! How can I help you?", *pair) for pair in make()])
    verdict = judge(drawn, len(drawn))
    assert verdict is not None
    assert (verdict.verdict, verdict.task) == (expected, "label")


def test_pictures_cannot_be_judged() -> None:
    picture = (MediaPart("image", "a.png", ()),)
    examples = [
        Example([Turn("user", f"What is the value of bar {n}?", (), (), media=picture), Turn("assistant", f"{n * 7}", (), ())])
        for n in range(80)
    ]
    verdict = judge(drawn_of(examples), 80)
    assert verdict is not None
    assert (verdict.verdict, verdict.leans) == ("measure", "prompt")


def test_a_file_without_answers_has_no_verdict() -> None:
    assert judge(drawn_of([Example([Turn("text", f"Chapter {n}", (), ())]) for n in range(80)]), 80) is None
    assert judge([], 0) is None


def test_only_records_with_an_answer_count() -> None:
    silent = [Example([Turn("user", f"Is it {n}?", (), ())]) for n in range(400)]
    drawn = drawn_of([*silent, *(chat(f"Say {n}", "yes" if n % 2 else "no") for n in range(40))])
    verdict = judge(drawn, 4_400)
    assert verdict is not None
    assert (verdict.verdict, verdict.records) == ("prompt", 400)
    verdict = judge(drawn, len(drawn))
    assert verdict is not None
    assert (verdict.verdict, verdict.records) == ("too-few", 40)


def test_base_rates_are_counted_from_the_published_table() -> None:
    rate = base_rate("closed labels")
    assert (rate.tasks, rate.within) == (15, 12)
    assert math.isclose(rate.median, 1.9, abs_tol=0.05)
    assert base_rate("points on a scale")[1:3] == (2, 0)
    assert base_rate("free text")[1:3] == (6, 1)
    assert base_rate("entity extraction").within == 0
    assert base_rate("code").within == 2


_TEXTS = st.sampled_from(
    [
        "",
        " ",
        "yes",
        "no",
        "12",
        "3.5",
        "{}",
        "[]",
        '{"a": null}',
        '{"a": [1, {"b": []}], "c": "x"}',
        '{"label": "yes"}',
        "```python\nprint(1)\n```",
        "SELECT a FROM b",
        "\ud800",
        "\x00",
        "你好，请问今天天气怎么样？",
        "שלום",
        "😀",
        "When was it?",
        "It was in Bonn on 3 May 1999.",
        "a\n- b\n- c",
        '{"name": "f", "arguments": {}}',
        "word " * 400,
    ]
)


@given(
    rows=st.lists(st.tuples(_TEXTS, _TEXTS, st.integers(0, 90)), min_size=50, max_size=90),
    numbered=st.booleans(),
)
@settings(max_examples=20, deadline=None)
def test_no_text_makes_it_raise(rows: list[tuple[str, str, int]], numbered: bool) -> None:
    examples = [
        chat(f"{request} {number if numbered else index}", answer) for index, (request, answer, number) in enumerate(rows)
    ]
    drawn = drawn_of(examples)
    study = Study(drawn, max(len(drawn), 60))
    if not study.rows:
        return
    signals = Signals(study)
    verdict = judged(signals)
    every: list[Signal] = [*verdict.signals, *background(signals, verdict)]
    assert (verdict.leans is not None) == (verdict.verdict == "measure")
    for signal in every:
        assert math.isfinite(signal.value), signal
        assert signal.says
        assert not signal.says.endswith(".")
        assert signal.source
    assert len({signal.name for signal in every}) == len(every)


@pytest.mark.parametrize("seed", range(3))
def test_shuffled_answers_leave_no_strong_prompt_verdict(seed: int) -> None:
    for name in ("past-tense-is-spelling", "two-labels", "fields-copied-from-the-request", "chinese-labels"):
        requests, answers = zip(*TASKS[name][0](), strict=True)
        mixed = list(answers)
        random.Random(seed).shuffle(mixed)
        verdict = _judged(list(zip(requests, mixed, strict=True)))
        assert (verdict.verdict, verdict.strength) != ("prompt", "strong"), name


def _tasks() -> list[str]:
    folder = ROOT / "advice"
    return sorted(path.stem for path in folder.glob("*.jsonl")) or ["none"]


@pytest.mark.parametrize("name", _tasks())
def test_labelled_tasks_are_judged_right(name: str) -> None:
    (task,) = benchmark.tasks(shared_data("advice"), [name])
    assert benchmark.grade(task.label, benchmark.judged(task.lines)) == "right"


def test_conversations_about_anything_are_no_task() -> None:
    chance = random.Random(5)
    words = [
        f"{one}{other}{last}"
        for one in "bdfgk"
        for other in ("al", "en", "ir", "os")
        for last in ("do", "mi", "pet", "sun", "rak")
    ]

    def talk() -> Example:
        asked, answer = (chance.sample(words, chance.randint(4, 30)) for _ in range(2))
        return chat("Hi", "Hello", f"{' '.join(asked).capitalize()}.", f"{' '.join([*answer, asked[0]]).capitalize()}.")

    talks = drawn_of([talk() for _ in range(300)])
    about = drawn_of(
        [chat("Hi", "Hello", f"My {one} is broken, what now?", f"Send the {one} back, we mend it.") for one in words]
    )
    verdict = judge(talks, len(talks))
    assert verdict is not None
    assert verdict.verdict == "mixed-tasks"
    verdict = judge(about, len(about))
    assert verdict is not None
    assert verdict.verdict != "mixed-tasks"
