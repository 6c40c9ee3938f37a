from pathlib import PurePosixPath

import msgspec
import numpy as np
import pytest

from tunelint.core.plain import plain


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (frozenset({3}), [3]),
        (np.float64(0.5), 0.5),
        (np.int32(7), 7),
        (np.bool_(True), True),
        (np.arange(3), [0, 1, 2]),
        (PurePosixPath("a/b"), "a/b"),
    ],
)
def test_evidence_is_encoded_as_plain_data(value: object, expected: object) -> None:
    evidence = {"share": value, "plain": 1}
    assert msgspec.json.decode(msgspec.json.encode(evidence, enc_hook=plain)) == {"share": expected, "plain": 1}
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(evidence, enc_hook=plain)) == {"share": expected, "plain": 1}
