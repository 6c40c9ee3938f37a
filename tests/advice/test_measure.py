"""Measurements: what is asked of whom, and what is made of the answers."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from tests.advice.clocks import TestClock
from tests.advice.examples import chat, identity_of
from tests.advice.server import Double, Fault, nearest_answer, refused, serving
from tests.benchmarks.selection import read
from tests.shared_data import shared_data
from tunelint.advice.asking import Asker
from tunelint.advice.conversation import Message
from tunelint.advice.endpoint import Endpoint, EndpointError, Policy
from tunelint.advice.journal import Journal
from tunelint.advice.judge import Verdicts, judge_all, verdict_of
from tunelint.advice.measure import Answers, Plan, carry_out, plan_of
from tunelint.advice.measured import Arm
from tunelint.advice.metrics import METRICS, Said
from tunelint.advice.prompt import Material, material_of, prompt_of
from tunelint.advice.results import arms_of, differences_of
from tunelint.advice.sample import Drawn
from tunelint.advice.spending import Spending
from tunelint.advice.ways import WAYS, WayName
from tunelint.costs.prices import CallPrice

TOPICS = {
    "delivery": ("parcel", "courier", "doorstep", "tracking", "postman"),
    "payment": ("invoice", "refund", "card", "receipt", "discount"),
    "praise": ("lovely", "friendly", "wonderful", "delight", "thanks"),
}


def words(text: str) -> int:
    return len(text.split())


def material(count: int = 120) -> Material:
    """Letters whose words tell their topic, so that who is nearest is right."""
    examples = []
    for index in range(count):
        topic = list(TOPICS)[index % 3]
        first, second, third = (TOPICS[topic][(index // step) % 5] for step in (3, 7, 11))
        text = f"{first} {second} and {third}, letter {index * 7919 % 1009}"
        examples.append(chat(text, topic, system="Sort letters."))
    return material_of([Drawn(identity_of(one), number, one) for number, one in enumerate(examples)])


def planned(found: Material, ways: Sequence[WayName] = WAYS, rows: int = 20, count: int = 6) -> Plan:
    return plan_of(found, prompt_of(found, words, count), ways, rows, 2_000, words)


class Run:
    """Measures against a server, as often as wanted with the same journal."""

    def __init__(self, folder: Path, price: CallPrice | None = None) -> None:
        self.folder = folder
        self.price = price
        self.clock = TestClock()
        self.spending = Spending()
        self.askers: dict[WayName, Asker] = {}
        self.progress: Callable[[int], None] = lambda done: None

    def __call__(self, double: Double, plan: Plan, model: str = "m", **limits: Any) -> tuple[Answers, str]:
        self.spending = Spending(**limits)
        return asyncio.run(self._run(double, plan, model))

    async def _run(self, double: Double, plan: Plan, model: str) -> tuple[Answers, str]:
        with Journal(self.folder / "j.jsonl") as journal:
            async with Endpoint(double.base, None, Policy(timeout=30), self.clock) as endpoint:
                prompted, tuned = (Asker(endpoint, name, journal, self.spending, self.price, words) for name in (model, "tuned"))
                self.askers = {way: tuned if way == "tuned" else prompted for way in plan.ways}
                return await carry_out(plan, self.askers, self.spending, self.progress)

    def judge(self, double: Double, plan: Plan) -> Verdicts:
        """Ask all, and let a judge compare every answer with the dataset's."""
        return asyncio.run(self._judge(double, plan))

    async def _judge(self, double: Double, plan: Plan) -> Verdicts:
        with Journal(self.folder / "j.jsonl") as journal:
            async with Endpoint(double.base, None, Policy(timeout=30), self.clock) as endpoint:
                asker, judge = (Asker(endpoint, name, journal, self.spending, None, words) for name in ("m", "judge"))
                answers, _ = await carry_out(plan, dict.fromkeys(plan.ways, asker), self.spending, self.progress)
                verdicts, ended = await judge_all(plan, answers, judge, 16, self.spending, self.progress)
        assert not ended
        return verdicts

    def arms(self, plan: Plan, answers: Answers) -> dict[str, Arm]:
        arms = arms_of(plan, answers, METRICS["label"], self.askers, words)
        return {arm.name: arm for arm in arms}


def test_examples_help_and_the_nearest_help_most(tmp_path: Path) -> None:
    plan, run = planned(material(), count=4), Run(tmp_path, CallPrice(1.0, 2.0))
    with serving() as double:
        answers, ended = run(double, plan)
    arms = run.arms(plan, answers)
    assert not ended
    assert arms["zero-shot"].score.value == 0
    assert 0 < arms["few-shot"].score.value <= arms["nearest"].score.value
    assert [arm.rows for arm in arms.values()] == [20, 20, 20]
    found = differences_of(plan, answers, METRICS["label"], list(arms.values()))
    assert [(one.first, one.second) for one in found] == [("zero-shot", "few-shot"), ("few-shot", "nearest")]
    assert found[0].p < 0.05
    assert found[0].low > 0
    assert run.spending.usd == pytest.approx(sum((arm.usd_per_1k_calls or 0) / 1_000 * arm.rows for arm in arms.values()))


def test_the_score_is_what_the_double_would_answer(tmp_path: Path) -> None:
    """The same answers, found without HTTP, score the same to the last digit."""
    plan, run = planned(material()), Run(tmp_path)
    with serving() as double:
        answers, _ = run(double, plan)
    for way, arm in run.arms(plan, answers).items():
        expected = [
            nearest_answer([message._asdict() for message in request.messages]) == plan.cases[request.row].pair.answer
            for request in plan.requests
            if request.way == way
        ]
        assert arm.score.value == fmean(expected)


def test_what_is_asked_was_never_shown() -> None:
    found = material()
    plan = planned(found)
    asked = {case.pair.request for case in plan.cases}
    for request in plan.requests:
        *shown, last = request.messages
        assert last.content in asked
        assert not asked & {message.content for message in shown}
        assert shown[0].content.startswith("Sort letters.\n\nAnswer with exactly one of these labels")
    assert {len(request.messages) for request in plan.requests if request.way == "zero-shot"} == {2}
    assert {len(request.messages) for request in plan.requests if request.way != "zero-shot"} == {14}


def test_nearest_examples_are_near_and_the_nearest_is_last() -> None:
    plan = planned(material(), ("nearest",), count=2)
    with_same_word = sum(
        bool(set(request.messages[-3].content.split()) & set(request.messages[-1].content.split()) - {"and", "letter"})
        for request in plan.requests
    )
    assert with_same_word >= 0.8 * len(plan.requests)


def test_a_tuned_model_is_asked_as_it_was_trained() -> None:
    plan = planned(material(), ("tuned",))
    assert plan.requests[0].messages == (Message("system", "Sort letters."), *plan.cases[0].ask)


def test_a_tuned_model_is_compared_with_the_best_prompt(tmp_path: Path) -> None:
    def answer(messages: list[dict[str, Any]]) -> str:
        if "Answer with exactly" in messages[0]["content"]:
            return nearest_answer(messages)
        return next(topic for topic, known in TOPICS.items() if any(word in messages[-1]["content"] for word in known))

    plan, run = planned(material(), (*WAYS, "tuned"), rows=25, count=2), Run(tmp_path)
    with serving(answer) as double:
        answers, _ = run(double, plan)
    arms = run.arms(plan, answers)
    found = differences_of(plan, answers, METRICS["label"], list(arms.values()))
    assert arms["tuned"].score.value == 1
    assert arms["tuned"].model == "tuned"
    assert found[-1].second == "tuned"
    assert found[-1].first == max(WAYS, key=lambda way: arms[way].score.value)
    assert found[-1].value == pytest.approx(1 - arms[found[-1].first].score.value)


def every(step: int, fault: Fault) -> Callable[[int, dict[str, Any]], Fault | None]:
    return lambda number, body: fault if number % step == 0 else None


@pytest.mark.parametrize(
    "fault",
    [refused(429, headers={"Retry-After": "2"}), refused(500), Fault("body", 200, b'{"choices":['), Fault("cut")],
    ids=["429", "500", "malformed", "truncated"],
)
def test_faults_change_no_score(tmp_path: Path, fault: Fault) -> None:
    plan, run = planned(material()), Run(tmp_path)
    with serving() as double:
        clean, _ = Run(tmp_path / "clean")(double, plan)
    with serving(faults=every(3, fault)) as double:
        faulty, ended = run(double, plan)
    assert not ended
    assert {way: {row: reply.said for row, reply in rows.items()} for way, rows in faulty.items()} == {
        way: {row: reply.said for row, reply in rows.items()} for way, rows in clean.items()
    }
    assert len(double.bodies) > len(plan.requests)


def test_a_second_run_is_free(tmp_path: Path) -> None:
    plan, run = planned(material()), Run(tmp_path, CallPrice(1.0, 2.0))
    with serving() as double:
        first, _ = run(double, plan)
        paid = run.spending.usd
        second, _ = run(double, plan)
    assert len(double.bodies) == len(plan.requests)
    assert first == second
    assert (run.spending.calls, run.spending.reused) == (0, len(plan.requests))
    assert run.spending.usd == pytest.approx(paid)


def test_equal_requests_are_sent_once(tmp_path: Path) -> None:
    found = material()
    plan = planned(found, ("few-shot", "nearest"), count=0)
    assert plan.requests[0].messages == plan.requests[1].messages
    with serving() as double:
        answers, _ = Run(tmp_path)(double, plan)
    assert len(double.bodies) == len(plan.cases)
    assert len(answers["few-shot"]) == len(answers["nearest"]) == len(plan.cases)


def test_a_ceiling_holds_and_a_later_run_goes_on(tmp_path: Path) -> None:
    plan, run = planned(material()), Run(tmp_path)
    with serving() as double:
        answers, ended = run(double, plan, max_calls=25)
        assert "--max-calls" in ended
        assert len(double.bodies) == 25
        assert sum(map(len, answers.values())) == 25
        answers, ended = run(double, plan)
    assert not ended
    assert len(double.bodies) == len(plan.requests)
    assert all(len(rows) == 20 for rows in answers.values())


def test_no_more_money_than_allowed_whatever_gets_lost(tmp_path: Path) -> None:
    plan, run = planned(material()), Run(tmp_path, CallPrice(1_000.0, 1_000.0))
    with serving(faults=every(2, Fault("cut"))) as double:
        _, ended = run(double, plan, max_usd=8.0)
    assert "--max-usd" in ended
    assert 0 < run.spending.usd + run.spending.lost_usd <= 8.0 + 1e-9
    dearest = max(plan.dearest(one, words).prompt + plan.max_tokens for one in plan.requests) / 1_000
    assert len(double.bodies) * dearest >= 4.0


def test_what_is_on_its_way_when_the_run_is_cancelled_is_kept(tmp_path: Path) -> None:
    plan, run = planned(material()), Run(tmp_path)

    def cancel(done: int) -> None:
        if done == 7:
            running = [task for task in asyncio.all_tasks() if task.get_coro().__qualname__ == "Run._run"]  # type: ignore[union-attr]
            running[0].cancel()

    run.progress = cancel
    with serving() as double:
        with pytest.raises(asyncio.CancelledError):
            run(double, plan)
        sent = len(double.bodies)
        assert 7 <= sent < len(plan.requests)
        with Journal(tmp_path / "j.jsonl") as journal:
            assert len(journal) == double.answered == sent
        run.progress = lambda done: None
        run(double, plan)
    assert len(double.bodies) == len(plan.requests)


def test_rows_without_an_answer_are_left_out_and_counted(tmp_path: Path) -> None:
    plan, run = planned(material()), Run(tmp_path)
    filtered = plan.cases[3].pair.request

    def picky(number: int, body: dict[str, Any]) -> Fault | None:
        return refused(400, "content_filter") if body["messages"][-1]["content"] == filtered else None

    with serving(faults=picky) as double:
        answers, ended = run(double, plan)
    assert not ended
    assert all(set(rows) == set(range(20)) - {3} for rows in answers.values())
    assert run.askers["zero-shot"].failed == {"HTTP 400 (content_filter)": 3}
    assert run.arms(plan, answers)["few-shot"].rows == 19


def test_an_endpoint_out_of_order_is_left_alone(tmp_path: Path) -> None:
    plan = planned(material())
    with serving(faults=every(1, refused(400, "no"))) as double, pytest.raises(EndpointError, match="in a row"):
        Run(tmp_path)(double, plan)
    assert len(double.bodies) < len(plan.requests)


@pytest.mark.parametrize("name", ["bitext_intent", "restaurant8k_json"])
def test_real_rows(tmp_path: Path, name: str) -> None:
    """Few-shot truly beats zero-shot where answers can be learnt from examples."""
    shown, held_out = read(shared_data("advice", f"{name}.jsonl"))
    pairs = [*shown[:600], *held_out[:200]]
    examples = [chat(pair.request, pair.answer, system=pair.instructions) for pair in pairs]
    found = material_of([Drawn(identity_of(one), number, one) for number, one in enumerate(examples)])
    plan = planned(found, rows=60, count=16)
    run = Run(tmp_path)
    with serving() as double:
        answers, _ = run(double, plan)
    arms = arms_of(plan, answers, METRICS[found.task.kind], run.askers, words)
    zero, few, nearest = (arm.score.value for arm in arms)
    assert zero < min(few, nearest)
    assert differences_of(plan, answers, METRICS[found.task.kind], arms)[0].p < 0.01


@pytest.mark.parametrize(
    ("text", "given_first", "worth"),
    [
        ("A", True, 1.0),
        ("A", False, 0.0),
        ("b.", True, 0.0),
        ("B", False, 1.0),
        ("C", True, 0.5),
        ("Answer: C", False, 0.5),
        ("Both are fine", True, None),
        ("", True, None),
    ],
)
def test_verdicts(text: str, given_first: bool, worth: float | None) -> None:
    assert verdict_of(Said(text), given_first=given_first) == worth


def test_a_judge_that_prefers_what_it_reads_first_says_nothing(tmp_path: Path) -> None:
    plan, run = planned(material()), Run(tmp_path)
    with serving(lambda messages: "A" if "ANSWER A" in messages[-1]["content"] else "praise") as double:
        verdicts = run.judge(double, plan)
    assert {worth for rows in verdicts.values() for worth in rows.values()} == {0.5}


def test_a_fair_judge_tells_the_better_answers(tmp_path: Path) -> None:
    plan, run = planned(material(), ("zero-shot", "nearest")), Run(tmp_path)

    def answer(messages: list[dict[str, Any]]) -> str:
        asked = messages[-1]["content"]
        if "ANSWER A" not in asked:
            return nearest_answer(messages)
        first, second = asked.split("ANSWER A\n")[1].split("\n\nWhich")[0].split("\n\nANSWER B\n")
        return "C" if first == second else "A" if second == "unknown" else "B"

    with serving(answer) as double:
        verdicts = run.judge(double, plan)
        assert run.judge(double, plan) == verdicts
    assert set(verdicts["zero-shot"].values()) == {0.0}
    assert fmean(verdicts["nearest"].values()) > 0.3
    assert len(double.bodies) <= 3 * len(plan.requests)
