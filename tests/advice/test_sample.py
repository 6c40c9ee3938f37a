"""The sample depends on the set of records and on nothing else."""

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.advice.examples import chat, identity_of
from tunelint.advice.sample import Drawn, Sample, is_held_out, split
from tunelint.core.record import digest

HASHES = st.lists(st.integers(1, 60) | st.integers(1, (1 << 64) - 1), max_size=80)


def _sample(pairs: list[tuple[int, int]], size: int) -> Sample:
    sample = Sample(size)
    for identity, handle in pairs:
        sample.add(identity, handle)
    return sample


def _smallest(pairs: list[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    first: dict[int, int] = {}
    for identity, handle in sorted(pairs, key=lambda pair: pair[1]):
        first.setdefault(identity, handle)
    return sorted(first.items())[:size]


@given(hashes=HASHES, size=st.integers(1, 12), seed=st.integers(0, 999))
def test_any_order_gives_the_smallest_hashes_with_their_first_records(hashes: list[int], size: int, seed: int) -> None:
    pairs = [(identity, handle) for handle, identity in enumerate(hashes)]
    expected = _smallest(pairs, size)
    random.Random(seed).shuffle(pairs)
    assert _sample(pairs, size).items() == expected


@given(hashes=HASHES, size=st.integers(1, 12), cuts=st.lists(st.integers(0, 80), max_size=6), seed=st.integers(0, 999))
def test_parts_merged_in_any_order_give_the_sample_of_the_whole(hashes: list[int], size: int, cuts: list[int], seed: int) -> None:
    pairs = [(identity, handle) for handle, identity in enumerate(hashes)]
    bounds = [0, *sorted(cuts), len(pairs)]
    parts = [_sample(pairs[start:end], size) for start, end in pairwise(bounds)]
    random.Random(seed).shuffle(parts)
    whole = parts[0]
    for part in parts[1:]:
        whole.merge(part)
    assert whole.items() == _smallest(pairs, size)
    assert whole.distinct == _sample(pairs, size).distinct


@given(hashes=HASHES)
def test_different_records_are_counted_exactly_while_all_fit(hashes: list[int]) -> None:
    assert _sample([(identity, 0) for identity in hashes], 80).distinct == len(set(hashes))


def test_different_records_are_estimated_where_not_all_fit() -> None:
    sample = _sample([(digest(f"record {number % 30_000}"), number) for number in range(60_000)], 2_000)
    assert abs(sample.distinct - 30_000) < 1_500


def test_copies_change_nothing() -> None:
    pairs = [(digest(f"record {number}"), number) for number in range(500)]
    assert (
        _sample([*pairs, *((identity, handle + 500) for identity, handle in pairs)], 100).items() == _sample(pairs, 100).items()
    )


@given(texts=st.lists(st.text(max_size=8), min_size=1, max_size=30), answer=st.text(max_size=4))
def test_the_prompt_alone_decides_the_side(texts: list[str], answer: str) -> None:
    for text in texts:
        side = is_held_out(chat(text, answer))
        assert side == is_held_out(chat(text, answer + "!")) == is_held_out(chat(f" {text}\n", answer))


def test_about_a_quarter_is_held_out_in_the_order_of_hashes() -> None:
    examples = [chat(f"What is {number} + 1?", str(number + 1)) for number in range(2_000)]
    drawn = sorted(Drawn(identity_of(one), index, one) for index, one in enumerate(examples))
    parts = split(drawn)
    assert 420 < len(parts.held_out) < 580
    assert sorted([*parts.shown, *parts.held_out]) == drawn
    assert parts.shown == sorted(parts.shown)
