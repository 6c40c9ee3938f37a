"""Numbers that stand more than once are found whatever they are, and however many are worked on at once."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunelint.engine import repeats

NUMBERS = st.one_of(st.integers(0, 5), st.integers(2**32 - 2, 2**32 + 2), st.integers(0, 2**64 - 1))


def _expected(numbers: Sequence[int]) -> list[int]:
    places = sorted(range(len(numbers)), key=numbers.__getitem__)
    return [place for place in places if numbers[place] and numbers.count(numbers[place]) > 1]


@pytest.mark.parametrize("spread", [repeats._SPREAD, 0, 1], ids=["mixed", "all meet", "as they are"])
@pytest.mark.parametrize("block", [repeats._BLOCK, 4])
@given(numbers=st.lists(NUMBERS, max_size=30))
@settings(max_examples=100, deadline=None)
def test_numbers_that_stand_more_than_once(numbers: list[int], block: int, spread: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repeats, "_BLOCK", block)
        patch.setattr(repeats, "_SPREAD", spread)
        found = repeats.repeated(np.array(numbers, np.uint64)).tolist()
    runs = [list(run) for _, run in groupby(found, numbers.__getitem__)]
    assert [place for run in sorted(runs, key=lambda run: numbers[run[0]]) for place in run] == _expected(numbers)
