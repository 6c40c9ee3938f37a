"""Work on matrices in steps of some ten milliseconds; each function calls its `pulse` between them."""

from typing import TYPE_CHECKING, Final

import numpy as np

from tunelint.core.pulse import Pulse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

__all__ = ["BLOCK", "solved", "times"]

BLOCK: Final = 256
"""Rows of a block of a square matrix: some ten milliseconds of work on it."""

_ROWS: Final = 64
"""Rows of a block where both matrices are as wide as texts have features."""


def times(one: "Matrix", other: "Matrix", pulse: Pulse) -> "Matrix":
    """Return the product of two matrices, block by block of the rows of the first."""
    found = np.empty((one.shape[0], other.shape[1]), np.float32)
    for start in range(0, len(one), _ROWS):
        pulse()
        np.matmul(one[start : start + _ROWS], other, out=found[start : start + _ROWS])
    return found


def solved(system: "Matrix", right: "Matrix", pulse: Pulse) -> "Matrix":
    """Solve a symmetric positive definite system block by block (Cholesky), in the memory of what is given."""
    number = len(system)
    blocks = [slice(start, min(start + BLOCK, number)) for start in range(0, number, BLOCK)]
    for place, block in enumerate(blocks):
        pulse()
        system[block, block] = inverse = np.linalg.inv(np.linalg.cholesky(system[block, block]))
        right[block] = inverse @ right[block]
        below = slice(block.stop, number)
        system[below, block] = panel = system[below, block] @ inverse.T
        right[below] -= panel @ right[block]
        for later in blocks[place + 1 :]:
            pulse()
            system[later.start :, later] -= panel[later.start - block.stop :] @ system[later, block].T
    for block in reversed(blocks):
        pulse()
        below = slice(block.stop, number)
        right[block] = system[block, block].T @ (right[block] - system[below, block].T @ right[below])
    return right
