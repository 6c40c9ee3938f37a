"""The two ways to compute sketches agree, and sketches find what is alike."""

import random
import sys

from hypothesis import given
from hypothesis import strategies as st

from tunelint.tokens.sketch import KEYS, MIN_SHINGLES, _many_keys, _plain_keys, common_shingles, different_shingles, shingles

_IDS = st.one_of(
    st.lists(st.integers(0, 200_000), max_size=120),
    st.lists(st.integers(0, 3), max_size=80),
    st.builds(lambda ids, times: ids * times, st.lists(st.integers(0, 50), max_size=8), st.integers(1, 60)),
)
_RECORDS = st.lists(st.lists(_IDS, max_size=4), max_size=8)


@given(records=_RECORDS, hidden=st.sets(st.integers(0, (1 << 16) - 1), max_size=20))
def test_plain_python_and_numpy_give_the_same_keys(records: list[list[list[int]]], hidden: set[int]) -> None:
    expected = [key for parts in records for key in _plain_keys(parts, hidden)]
    assert list(_many_keys(records, hidden)) == expected


@given(parts=st.lists(_IDS, max_size=4))
def test_plain_python_and_numpy_give_the_same_shingles(parts: list[list[int]]) -> None:
    assert "numpy" in sys.modules
    assert different_shingles(parts) == set(shingles(parts))


@given(parts=st.lists(_IDS, min_size=1, max_size=3))
def test_own_shingles_can_be_hidden(parts: list[list[int]]) -> None:
    low = {shingle & 0xFFFF for shingle in shingles(parts)}
    assert _plain_keys(parts, low) == [0] * KEYS
    assert list(_many_keys([parts], low)) == [0] * KEYS


@given(ids=st.lists(st.integers(0, 200_000), max_size=60), cut=st.integers(0, 60))
def test_where_texts_end_makes_no_difference(ids: list[int], cut: int) -> None:
    assert shingles([ids[:cut], ids[cut:]]) == shingles([ids])


def test_short_sequences_have_no_sketch() -> None:
    enough = list(range(MIN_SHINGLES + 2))
    assert any(_plain_keys([enough], set()))
    assert not any(_plain_keys([enough[:-1]], set()))
    assert not any(_many_keys([[enough[:-1]]], set()))


def test_sequences_that_are_alike_share_keys_and_others_do_not() -> None:
    chance = random.Random(5)
    found = 0
    for _ in range(300):
        ids = [chance.randrange(100_000) for _ in range(120)]
        other = list(ids)
        other[chance.randrange(120)] = 100_001  # 3 of 121 shingles differ: J = 115/121
        found += bool(set(_plain_keys([ids], set())) & set(_plain_keys([other], set())))
        stranger = [chance.randrange(100_000) for _ in range(120)]
        assert not set(_plain_keys([ids], set())) & set(_plain_keys([stranger], set()))
    assert found == 300


def test_what_a_fifth_of_the_records_share_is_a_template() -> None:
    chance = random.Random(6)
    frame = list(range(50))
    records = [[[*frame, *(chance.randrange(1_000, 100_000) for _ in range(20))]] for _ in range(40)]
    assert set(shingles([frame])) <= common_shingles(records)
    assert len(common_shingles(records)) < len(frame) + 5
    assert common_shingles(records[:7]) == frozenset()
    assert set(shingles([frame])) <= common_shingles(records[:8])
    assert common_shingles([*records[:3], *([[frame[::-1]]] * 3), [[1]], [[2]]]) == frozenset()
