"""Small fingerprints of token sequences by which near duplicates find each other.

A sequence is represented by its `SIZE` smallest hashes of three tokens in a row (a bottom-k sketch); its keys are the pairs of
neighbours among them. Two sequences that share the share J of their shingles have a pair in common unless no two neighbours
among the smallest hashes are shared: at J = 0.85 that is one case in 2,500, at 0.8 one in 550, while texts that only share a
phrase or two hardly ever meet. One hash a shingle is all that is computed; 64 permutations would be 64 times that.

Both ways to compute it give the same numbers: plain Python for a few records, because importing numpy takes longer than that,
and numpy for many.
"""

import sys
from array import array
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["KEYS", "MIN_SHINGLES", "common_shingles", "keys_of", "likeness", "shingles", "sketches"]

SIZE: Final = 10
KEYS: Final = SIZE - 1
SHINGLE: Final = 3
MIN_SHINGLES: Final = 12
"""Shorter sequences have no sketch: with so few tokens, likeness says nothing."""

_MASK: Final = 0xFFFFFFFF
_MIX: Final = (0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F)
_PLAIN_TOKENS: Final = 30_000
"""Up to so many tokens plain Python is quicker than importing numpy."""

_EXPECTED: Final = 32
"""How many shingles of a sequence numpy sorts on average to find its `SIZE` smallest. Where it finds fewer than `MIN_SHINGLES`,
which is one case in 20,000, the sequence is sketched the plain way."""

_FILTER_BITS: Final = 16
_COMMON_SHARE: Final = 0.2
_COMMON_RECORDS: Final = 20


def shingles(ids: Sequence[int]) -> list[int]:
    """Return the hash of each three tokens in a row, 32 bits each."""
    first, second, third, last = _MIX
    mixed = []
    for token in ids:
        value = (token * first) & _MASK
        mixed.append(value ^ (value >> 15))
    found = []
    for index in range(len(mixed) - SHINGLE + 1):
        value = (mixed[index] + mixed[index + 1] * second + mixed[index + 2] * third) & _MASK
        value = ((value ^ (value >> 13)) * last) & _MASK
        found.append(value ^ (value >> 16))
    return found


def common_shingles(sequences: Sequence[Sequence[int]]) -> frozenset[int]:
    """Return the shingles that so many sequences have that they are a template and no content."""
    if len(sequences) < _COMMON_RECORDS:
        return frozenset()
    counts: dict[int, int] = {}
    for ids in sequences:
        for shingle in set(shingles(ids)):
            counts[shingle] = counts.get(shingle, 0) + 1
    return frozenset(shingle for shingle, count in counts.items() if count >= _COMMON_SHARE * len(sequences))


def keys_of(sketch: Sequence[int]) -> tuple[int, ...]:
    """Return the keys of a sketch: 64-bit numbers, up to `KEYS` of them."""
    return tuple((one << 32) | other for one, other in pairwise(sketch))


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """Return an estimate of the Jaccard similarity of two sequences from the keys of their sketches.

    It is right to within 0.11 (one standard deviation at 0.85), and so only good to rule pairs out.
    """
    first, second = _values(one), _values(other)
    smallest = sorted(first | second)[: max(len(first), len(second))]
    return sum(value in first and value in second for value in smallest) / len(smallest) if smallest else 0.0


def _values(keys: Sequence[int]) -> set[int]:
    return {value for key in keys if key for value in (key >> 32, key & _MASK)}


def _hidden(common: Collection[int]) -> set[int]:
    return {shingle & ((1 << _FILTER_BITS) - 1) for shingle in common}


def _visible(found: set[int], hidden: Collection[int]) -> set[int]:
    low = (1 << _FILTER_BITS) - 1
    return {shingle for shingle in found if shingle & low not in hidden} if hidden else found


def sketches(sequences: Sequence[Sequence[int]], common: Collection[int] = frozenset()) -> list[tuple[int, ...]]:
    """Return the sketch of each sequence: its `SIZE` smallest shingles, none for a short one.

    Shingles whose low bits are those of a `common` one are left out, on either way alike.
    """
    if "numpy" not in sys.modules and sum(map(len, sequences)) <= _PLAIN_TOKENS:
        hidden = _hidden(common)
        return [_sketch(ids, hidden) for ids in sequences]
    return _sketch_many(sequences, common)


def _sketch(ids: Sequence[int], hidden: Collection[int]) -> tuple[int, ...]:
    found = _visible(set(shingles(ids)), hidden)
    return tuple(sorted(found)[:SIZE]) if len(found) >= MIN_SHINGLES else ()


def _sketch_many(sequences: Sequence[Sequence[int]], common: Collection[int]) -> list[tuple[int, ...]]:
    import numpy as np

    flat = array("I")
    for ids in sequences:
        flat += array("I", ids)
    lengths = np.fromiter(map(len, sequences), dtype=np.int64, count=len(sequences))
    if len(flat) < SHINGLE:
        return [()] * len(sequences)
    values = _hashes(np.frombuffer(flat, dtype=np.uint32))
    counts = np.maximum(lengths - (SHINGLE - 1), 0)
    bounds = (np.minimum(_EXPECTED / np.maximum(counts, 1), 1.0) * _MASK).astype(np.uint32)
    taken = values <= np.repeat(bounds, lengths)[: len(values)]
    ends = np.cumsum(lengths)
    for back in range(1, SHINGLE):  # shingles that reach into the next sequence
        over = ends[lengths >= back] - back
        taken[over[over < len(taken)]] = False
    hidden = _hidden(common)
    if hidden:
        table = np.zeros(1 << _FILTER_BITS, dtype=bool)
        table[np.fromiter(hidden, dtype=np.int64, count=len(hidden))] = True
        taken &= ~table[values & np.uint32((1 << _FILTER_BITS) - 1)]
    rows = np.flatnonzero(taken)
    owners = np.searchsorted(ends, rows, side="right").astype(np.uint64)
    keys = np.sort((owners << np.uint64(32)) | values[rows])
    keys = keys[np.concatenate((np.ones(min(len(keys), 1), bool), keys[1:] != keys[:-1]))]
    cuts = np.searchsorted(keys, np.arange(len(sequences) + 1, dtype=np.uint64) << np.uint64(32)).tolist()
    smallest = (keys & np.uint64(_MASK)).tolist()
    found: list[tuple[int, ...]] = []
    for index, count in enumerate(counts.tolist()):
        low, high = cuts[index], cuts[index + 1]
        if high - low >= MIN_SHINGLES:
            found.append(tuple(smallest[low : low + SIZE]))
        elif count <= _EXPECTED:  # all of its shingles were taken, and they are too few
            found.append(())
        else:
            found.append(_sketch(sequences[index], hidden))
    return found


def _hashes(tokens: "npt.NDArray[np.uint32]") -> "npt.NDArray[np.uint32]":
    """Return the hash of each three tokens in a row, as `shingles` computes it."""
    import numpy as np

    first, second, third, last = (np.uint32(one) for one in _MIX)
    mixed = tokens * first
    mixed ^= mixed >> np.uint32(15)
    values = mixed[1:-1] * second
    values += mixed[:-2]
    values += mixed[2:] * third
    values ^= values >> np.uint32(13)
    values *= last
    values ^= values >> np.uint32(16)
    return values
