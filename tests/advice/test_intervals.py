"""Intervals, sample sizes and paired tests."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunelint.advice.intervals import bootstrap, compare, mcnemar, rows_for, rows_for_mean, wilson

SHARES = st.floats(0, 1)
SCORES = st.lists(SHARES, min_size=1, max_size=60)
VERDICTS = st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("successes", "rows", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (5, 10, 0.2366, 0.7634), (81, 263, 0.2553, 0.3662), (190, 200, 0.9104, 0.9726)],
)
def test_wilson_known(successes: int, rows: int, low: float, high: float) -> None:
    """The third is of many textbooks, the fourth of Newcombe 1998, table I, method 3."""
    found = wilson(successes, rows)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("share", "half", "rows"),
    [(0.5, 0.05, 381), (0.8, 0.05, 245), (0.9, 0.05, 141), (0.95, 0.05, 82), (0.9, 0.03, 384), (0.8, 0.10, 60)],
)
def test_rows_for_a_half_width(share: float, half: float, rows: int) -> None:
    """So many rows are enough, and one less is not; the numbers beside are of counts rounded to whole rows."""
    found = rows_for(half, share)
    assert abs(found - rows) <= 4
    assert wilson(share * found, found).half_width <= half < wilson(share * (found - 1), found - 1).half_width


def test_rows_for_a_mean() -> None:
    assert rows_for_mean(0.05, 0.3) == math.ceil((1.96 * 0.3 / 0.05) ** 2)
    assert rows_for_mean(0.05, 0.0) == 2


@given(VERDICTS)
def test_wilson_holds_the_share(scores: list[float]) -> None:
    found = wilson(sum(scores), len(scores))
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.half_width > 0


@given(SCORES, st.randoms(use_true_random=False))
def test_bootstrap_holds_the_mean_in_any_order(scores: list[float], random: object) -> None:
    found = bootstrap(scores)
    assert -1e-9 <= found.low <= found.value <= found.high <= 1 + 1e-9
    mixed = list(scores)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert bootstrap(mixed) == found


def test_bootstrap_knows_no_certainty() -> None:
    assert bootstrap([1.0] * 10) == wilson(10, 10)
    assert bootstrap([]).half_width == 0.5


def test_bootstrap_is_as_wide_as_theory_says() -> None:
    scores = [(index * 7919 % 200) / 199 for index in range(200)]
    theory = 1.96 * math.sqrt(1 / 12 / 200)
    assert bootstrap(scores).half_width == pytest.approx(theory, rel=0.1)


def test_bootstrap_of_shares_is_near_wilson() -> None:
    found, exact = bootstrap([1.0] * 140 + [0.0] * 60), wilson(140, 200)
    assert found.low == pytest.approx(exact.low, abs=0.01)
    assert found.high == pytest.approx(exact.high, abs=0.01)


@pytest.mark.parametrize(("better", "worse", "p"), [(0, 0, 1.0), (6, 0, 0.03125), (10, 2, 0.0385742), (5, 5, 1.0), (1, 0, 1.0)])
def test_mcnemar_known(better: int, worse: int, p: float) -> None:
    assert mcnemar(better, worse) == pytest.approx(p, rel=1e-4)


@given(
    VERDICTS.flatmap(
        lambda one: st.tuples(st.just(one), st.lists(st.sampled_from([0.0, 1.0]), min_size=len(one), max_size=len(one)))
    )
)
def test_comparison_of_verdicts(pair: tuple[list[float], list[float]]) -> None:
    first, second = pair
    found, back = compare(first, second), compare(second, first)
    assert found.better == back.worse
    assert found.p == back.p
    assert found.difference.value == pytest.approx(-back.difference.value)
    assert found.difference.low == pytest.approx(-back.difference.high)
    assert -1 <= found.difference.low <= found.difference.value <= found.difference.high <= 1


@given(SCORES.flatmap(lambda one: st.tuples(st.just(one), st.lists(SHARES, min_size=len(one), max_size=len(one)))))
def test_comparison_of_scores(pair: tuple[list[float], list[float]]) -> None:
    found = compare(*pair)
    assert 0 < found.p <= 1
    assert found.difference.low <= found.difference.value <= found.difference.high


def test_comparison_decides() -> None:
    worse, better = [0.0] * 60 + [1.0] * 40, [0.0] * 30 + [1.0] * 70
    assert compare(worse, better).decided
    assert compare(worse, better).difference.low > 0
    assert not compare(better, better).decided
    graded = [0.3 + 0.001 * index for index in range(50)]
    assert compare(graded, [one + 0.1 for one in graded]).decided
    assert not compare(graded, [one + (-0.1 if index % 2 else 0.1) for index, one in enumerate(graded)]).decided


def test_newcombe_known() -> None:
    """Newcombe 1998, table III: 36 and 4 changed of 54 with both and none 12 and 2 gives method 10's bounds by hand."""
    first = [1.0] * 12 + [1.0] * 4 + [0.0] * 36 + [0.0] * 2
    second = [1.0] * 12 + [0.0] * 4 + [1.0] * 36 + [0.0] * 2
    found = compare(first, second).difference
    assert found.value == pytest.approx(32 / 54)
    assert 0.35 < found.low < 0.45
    assert 0.70 < found.high < 0.76
