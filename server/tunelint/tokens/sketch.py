"""Small fingerprints of token sequences by which near duplicates find each other.

A sequence is represented by its `SIZE` smallest hashes of three tokens in a row (a bottom-k sketch); its keys are the pairs of
neighbours among them. Two sequences that share the share J of their shingles share most keys: at J = 0.85 six of nine on average,
and none in one case of 10,000. Texts that only share a phrase or two hardly ever share one. One hash a shingle is all that is
computed; 64 permutations would be 64 times that.

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

from tunelint.core.block import BlockTokens
from tunelint.core.record import TokenIds

__all__ = ["KEYS", "MIN_SHINGLES", "common_shingles", "different_shingles", "shingles", "sketch_block", "sketch_keys"]

SIZE: Final = 10
KEYS: Final = SIZE - 1
SHINGLE: Final = 3
MIN_SHINGLES: Final = 12
"""Shorter sequences have no sketch: with so few tokens, likeness says nothing."""

_MASK: Final = 0xFFFFFFFF
_MIX: Final = (0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F)
_PLAIN_TOKENS: Final = 30_000
"""Up to so many tokens plain Python is quicker than importing numpy."""

_EXPECTED: Final = 40
"""How many shingles of a sequence numpy sorts on average to find its `SIZE` smallest. Where it finds fewer than `MIN_SHINGLES`,
mostly because a sequence repeats itself, all its shingles are sorted."""

_FILTER_BITS: Final = 16
_COMMON_SHARE: Final = 0.2
_COMMON_RECORDS: Final = 8
_COMMON_LEAST: Final = 4
"""A template is what the share `_COMMON_SHARE` of `_COMMON_RECORDS` or more records has, and at least `_COMMON_LEAST` of them."""


Parts = Sequence[TokenIds]
"""The token ids of a record, text by text; shingles run on from one text to the next."""


def shingles(parts: Parts) -> list[int]:
    """Return the hash of each three tokens in a row, 32 bits each."""
    first, second, third, last = _MIX
    mixed = []
    for ids in parts:
        for token in ids if isinstance(ids, list) else map(int, ids):
            value = (token * first) & _MASK
            mixed.append(value ^ (value >> 15))
    found = []
    for index in range(len(mixed) - SHINGLE + 1):
        value = (mixed[index] + mixed[index + 1] * second + mixed[index + 2] * third) & _MASK
        value = ((value ^ (value >> 13)) * last) & _MASK
        found.append(value ^ (value >> 16))
    return found


def different_shingles(parts: Parts) -> frozenset[int]:
    """Return the different numbers among `shingles`, found with numpy where it is loaded anyway."""
    if "numpy" not in sys.modules:
        return frozenset(shingles(parts))
    tokens = _flat([parts])
    return frozenset(_hashes(tokens).tolist()) if len(tokens) >= SHINGLE else frozenset()


def common_shingles(records: Sequence[Parts]) -> frozenset[int]:
    """Return the shingles that so many records have that they are a template and no content."""
    if len(records) < _COMMON_RECORDS:
        return frozenset()
    least = max(_COMMON_LEAST, _COMMON_SHARE * len(records))
    counts: dict[int, int] = {}
    for parts in records:
        for shingle in different_shingles(parts):
            counts[shingle] = counts.get(shingle, 0) + 1
    return frozenset(shingle for shingle, count in counts.items() if count >= least)


def sketch_keys(records: Sequence[Parts], common: Collection[int] = frozenset()) -> "array[int]":
    """Return `KEYS` 64-bit keys for each record, all of them 0 for a record that is too short to have a sketch.

    Shingles whose low bits are those of a `common` one are left out, on either way alike.
    """
    hidden = _filter(common)
    if "numpy" not in sys.modules and sum(len(ids) for parts in records for ids in parts) <= _PLAIN_TOKENS:
        found = array("Q")
        for parts in records:
            found.extend(_plain_keys(parts, hidden))
        return found
    return _many_keys(records, hidden)


def sketch_block(tokens: BlockTokens, common: Collection[int] = frozenset()) -> "array[int]":
    """Return what `sketch_keys` returns for the records of a block."""
    return _keys_of_all(tokens.content, tokens.content_lengths, _filter(common))


def _filter(common: Collection[int]) -> set[int]:
    return {shingle & ((1 << _FILTER_BITS) - 1) for shingle in common}


def _plain_keys(parts: Parts, hidden: Collection[int]) -> list[int]:
    found = set(shingles(parts))
    if hidden:
        low = (1 << _FILTER_BITS) - 1
        found = {shingle for shingle in found if shingle & low not in hidden}
    if len(found) < MIN_SHINGLES:
        return [0] * KEYS
    return [(one << 32) | other for one, other in pairwise(sorted(found)[:SIZE])]


def _many_keys(records: Sequence[Parts], hidden: Collection[int]) -> "array[int]":
    import numpy as np

    return _keys_of_all(_flat(records), np.array([sum(map(len, parts)) for parts in records], dtype=np.int64), hidden)


def _flat(records: Sequence[Parts]) -> "npt.NDArray[np.uint32]":
    """Return the tokens of sequences one after the other."""
    import numpy as np

    pieces = [np.asarray(ids, dtype=np.uint32) for parts in records for ids in parts]
    return np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.uint32)


def _keys_of_all(flat: "npt.NDArray[np.uint32]", lengths: "npt.NDArray[np.int64]", hidden: Collection[int]) -> "array[int]":
    """Return the keys of sequences whose tokens stand one after the other in `flat`."""
    import numpy as np

    keys = np.zeros((len(lengths), KEYS), dtype=np.uint64)
    if len(flat) >= SHINGLE:
        counts = np.maximum(lengths - (SHINGLE - 1), 0)
        smallest, cuts = _smallest(flat, lengths, counts, hidden)
        enough = np.diff(cuts) >= MIN_SHINGLES
        taken = smallest[cuts[:-1][enough][:, None] + np.arange(SIZE)]
        keys[enough] = (taken[:, :-1] << np.uint64(32)) | taken[:, 1:]
        begins = np.cumsum(lengths) - lengths
        for index in np.flatnonzero(~enough & (counts > _EXPECTED)).tolist():
            keys[index] = _keys_of_one(flat[begins[index] :][: lengths[index]], hidden)
    return array("Q", keys.tobytes())


def _keys_of_one(tokens: "npt.NDArray[np.uint32]", hidden: Collection[int]) -> "npt.NDArray[np.uint64]":
    """Return the keys of one sequence, all of whose shingles are sorted."""
    import numpy as np

    found = np.unique(_hashes(tokens))
    if hidden:
        low = np.uint32((1 << _FILTER_BITS) - 1)
        found = found[~np.isin(found & low, np.fromiter(hidden, dtype=np.uint32, count=len(hidden)))]
    if len(found) < MIN_SHINGLES:
        return np.zeros(KEYS, dtype=np.uint64)
    smallest: npt.NDArray[np.uint64] = found[:SIZE].astype(np.uint64)
    return (smallest[:-1] << np.uint64(32)) | smallest[1:]


def _smallest(
    tokens: "npt.NDArray[np.uint32]", lengths: "npt.NDArray[np.int64]", counts: "npt.NDArray[np.int64]", hidden: Collection[int]
) -> "tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]":
    """Return the smallest different shingles of all sequences, sorted, and where those of each sequence begin."""
    import numpy as np

    values = _hashes(tokens)
    bounds = (np.minimum(_EXPECTED / np.maximum(counts, 1), 1.0) * _MASK).astype(np.uint32)
    taken = values <= np.repeat(bounds, lengths)[: len(values)]
    ends = np.cumsum(lengths)
    for back in range(1, SHINGLE):  # shingles that reach into the next sequence
        over = ends[lengths >= back] - back
        taken[over[over < len(taken)]] = False
    if hidden:
        table = np.zeros(1 << _FILTER_BITS, dtype=bool)
        table[np.fromiter(hidden, dtype=np.int64, count=len(hidden))] = True
        taken &= ~table[values & np.uint32((1 << _FILTER_BITS) - 1)]
    rows = np.flatnonzero(taken)
    before = np.searchsorted(rows, ends)
    owners = np.repeat(np.arange(len(ends), dtype=np.uint64) << np.uint64(32), np.diff(before, prepend=0))
    found = np.sort(owners | values[rows])
    found = found[np.concatenate((np.ones(min(len(found), 1), bool), found[1:] != found[:-1]))]
    cuts = np.searchsorted(found, np.arange(len(lengths) + 1, dtype=np.uint64) << np.uint64(32))
    return found & np.uint64(_MASK), cuts


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
