"""Which examples a prompt shows."""

from collections import Counter
from collections.abc import Callable, Sequence
from statistics import fmean

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.selection import Judge, at_random, cost_of, read
from tests.shared_data import shared_data
from tunelint.advice.refining import Trial, refined
from tunelint.advice.selection import Chosen, choose
from tunelint.advice.task import Pair, TaskKind, task_of
from tunelint.advice.vectors import Vectors
from tunelint.advice.vocabulary import symbols_of

TEXTS = st.text(max_size=30)
PAIRS = st.lists(st.builds(Pair, st.just(""), TEXTS, TEXTS), max_size=30)
KINDS = st.sampled_from(["label", "short", "json", "tool", "code", "text"])


def words(pairs: Sequence[Pair]) -> Callable[[int], int]:
    return lambda row: len(pairs[row].request.split()) + len(pairs[row].answer.split()) + 8


def asks(*rows: tuple[str, str]) -> list[Pair]:
    return [Pair("", request, answer) for request, answer in rows]


def pick(pairs: Sequence[Pair], kind: TaskKind, count: int, budget: int = 10_000) -> Chosen:
    return choose(pairs, kind, count, budget, words(pairs))


ORDERS = asks(*((f"please send me {number} boxes of pens", "order") for number in range(6)))
PRAISE = asks(*((f"what a lovely shop, visit {number}", "praise") for number in range(3)))
COMPLAINT = asks(("the parcel is broken", "Complaint."))


def test_each_label_is_shown_before_one_is_shown_twice() -> None:
    pairs = [*ORDERS, *PRAISE, *COMPLAINT]
    chosen = pick(pairs, "label", 3)
    assert {pairs[row].answer for row in chosen.rows} == {"order", "praise", "Complaint."}
    assert (chosen.covered, chosen.missing) == (1.0, ())


def test_shares_follow_the_file_and_labels_take_turns() -> None:
    pairs = [*ORDERS, *PRAISE, *COMPLAINT]
    chosen = pick(pairs, "label", 8)
    answers = [pairs[row].answer for row in chosen.rows]
    assert Counter(answers) == {"order": 5, "praise": 2, "Complaint.": 1}
    assert set(answers[:3]) == {"order", "praise", "Complaint."}
    assert set(answers[3:5]) == {"order", "praise"}


def test_common_labels_come_first_and_the_rest_is_named_as_written() -> None:
    pairs = [*(asks(("write it down", "order")) * 40), *COMPLAINT, *PRAISE]
    chosen = pick(pairs, "label", 1)
    assert pairs[chosen.rows[0]].answer == "order"
    assert chosen.missing == ("praise", "Complaint.")


def test_all_fields_are_shown_before_the_commonest_twice() -> None:
    pairs = asks(
        *((f"book table {number} for us", '{"people": 2}') for number in range(8)),
        ("book a table at nine for the whole family", '{"people": 2, "time": "evening"}'),
        ("book a table for the evening of the party", '{"people": 2, "time": "evening"}'),
    )
    chosen = pick(pairs, "json", 2)
    assert set(chosen.rows) & {8, 9}
    assert chosen.covered == 1.0


def test_a_repeated_request_is_not_shown_twice_while_there_are_others() -> None:
    pairs = [*(asks(("tell me about cats and dogs", "Cats sleep.")) * 10), *asks(("explain the tides at sea", "The moon pulls."))]
    assert len({pairs[row].request for row in pick(pairs, "text", 2).rows}) == 2


def test_an_example_that_leads_others_astray_gives_way() -> None:
    right = np.equal.outer([0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 1]).astype(np.float32)
    near = np.full((6, 6), 0.1, dtype=np.float32) + 0.5 * right
    near[:, 3] = near[3] = 0.9  # of the second kind, and nearer to all than what is of their own
    trial = Trial(near, right)
    assert refined([0, 3], trial, lambda index: [0, 1, 2] if index < 3 else [3, 4, 5], [1] * 6, 2) == [0, 4]
    assert refined([0, 3], trial, lambda index: [index, 4], [1, 1, 1, 1, 2, 1], 2) == [0, 3]  # what is better is too dear


def test_only_what_is_usable_is_shown_and_all_counts_for_coverage() -> None:
    pairs = [*ORDERS, *PRAISE]
    chosen = choose(pairs, "label", 8, 10_000, words(pairs), usable=range(6))
    assert set(chosen.rows) <= set(range(6))
    assert chosen.covered == pytest.approx(6 / 9)
    assert chosen.missing == ("praise",)


def test_one_example_may_take_a_third_of_the_budget_and_the_only_one_all() -> None:
    long = asks(("word " * 50, "praise"))
    assert pick([*ORDERS, *long], "label", 3, 100).rows == pick(ORDERS, "label", 3, 100).rows
    assert pick(long, "label", 3, 60).rows == (0,)
    assert pick(long, "label", 3, 30).rows == ()


@given(PAIRS, KINDS, st.integers(0, 12), st.integers(0, 80))
def test_any_pairs_within_budget(pairs: list[Pair], kind: TaskKind, count: int, budget: int) -> None:
    chosen = pick(pairs, kind, count, budget)
    assert len(set(chosen.rows)) == len(chosen.rows) <= count
    assert chosen.tokens == sum(map(words(pairs), chosen.rows)) <= budget
    assert 0 <= chosen.covered <= 1
    assert pick(pairs, kind, count, budget) == chosen


@given(st.lists(TEXTS, min_size=1, max_size=12))
def test_vectors_are_units_and_equal_for_equal_texts(texts: list[str]) -> None:
    vectors = Vectors(texts)
    again = vectors.of(texts)
    norms = (vectors.matrix**2).sum(axis=1)
    assert all(norm == pytest.approx(1, abs=1e-4) or norm == 0 for norm in norms.tolist())
    assert (vectors.matrix == again).all()


@pytest.mark.parametrize(
    ("asked", "near", "far"),
    [
        ("where is my parcel", "my parcel is late", "what a lovely shop"),
        ("我的包裹在哪里", "包裹还没有到", "商店很漂亮"),
        ("荷物はどこですか", "荷物が届きません", "素敵なお店"),
        ("ou est mon colis", "mon colis est en retard", "quelle belle boutique"),
        ("def add(a, b): return a + b", "def sub(a, b): return a - b", "SELECT name FROM users"),
        ("\ud83d parcel", "parcel", "shop"),
    ],
)
def test_vectors_tell_what_is_alike(asked: str, near: str, far: str) -> None:
    vectors = Vectors([near, far])
    products = (vectors.of([asked]) @ vectors.matrix.T)[0]
    assert products[0] > products[1]


@pytest.mark.parametrize(
    ("kind", "request_text", "answer", "symbols"),
    [
        ("label", "hello", " Praise. ", {"praise"}),
        ("text", "cats and dogs", "Cats sleep 12 hours", {"sleep", "hours"}),
        ("json", "book for Ann", '{"name": "Ann", "when": "noon"}', {"", ".name", ".when", "=noon"}),
        ("json", "x", '{"a": [{"b": 1}]}', {"", ".a", ".a[]", ".a[].b"}),
        ("tool", "rain in Rome", '{"name": "rain", "arguments": {"in": "Rome"}}', {"call rain", "", ".rain", ".rain.in"}),
        ("json", "x", "no json here", {"no", "json", "here"}),
    ],
)
def test_symbols(kind: TaskKind, request_text: str, answer: str, symbols: set[str]) -> None:
    assert symbols_of(Pair("", request_text, answer), kind) == symbols


@pytest.mark.parametrize("name", ["bitext_intent", "t0_samsum", "restaurant8k_json"])
def test_better_than_random_choice(name: str) -> None:
    shown, held_out = read(shared_data("advice", f"{name}.jsonl"))
    judge = Judge(shown, held_out, task_of(shown))
    mine = judge.measure(choose(shown, judge.task.kind, 16, 1_500, cost_of(shown)).rows)
    theirs = [judge.measure(at_random(shown, 16, 1_500, seed)) for seed in range(10)]
    assert mine.score > fmean(one.score for one in theirs)
    assert mine.coverage >= fmean(one.coverage for one in theirs)
