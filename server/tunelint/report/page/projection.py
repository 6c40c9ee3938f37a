"""Lays vectors out on a plane so that those that are alike lie near each other: t-SNE (van der Maaten and Hinton, 2008).

Nothing is random: it starts from the first two principal components, so the same vectors give the same picture. Distances between
groups that lie apart mean nothing, nearness does.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

__all__ = ["grouped", "project", "reduced"]

_DIMENSIONS: Final = 30
"""Principal components that are kept: as many as t-SNE's authors keep."""

_PERPLEXITY: Final = 25.0
_STEPS: Final = 400
_EARLY: Final = 100
_EXAGGERATION: Final = 12.0
_SLOW, _FAST = 0.5, 0.8
_BISECTIONS: Final = 30
_FEW: Final = 30
"""Below so many vectors the components themselves are the picture."""

_ROUNDS: Final = 20


def reduced(matrix: "Floats") -> "Floats":
    """Return the principal components of vectors, one vector a row, strongest first; of each the largest value is positive."""
    import numpy as np

    centred = (matrix - matrix.mean(0)).astype(np.float64)
    values, vectors = np.linalg.eigh(centred @ centred.T)
    order = np.argsort(values)[::-1][: min(_DIMENSIONS, len(matrix))]
    components = vectors[:, order] * np.sqrt(np.maximum(values[order], 0))
    largest = np.take_along_axis(components, np.abs(components).argmax(0)[None, :], 0)
    components *= np.where(largest < 0, -1, 1)
    found: Floats = components.astype(np.float32)
    return found


def project(components: "Floats") -> "Floats":
    """Return two coordinates from 0 to 1 for each row of principal components."""
    import numpy as np

    plane = np.zeros((len(components), 2), np.float32)
    plane[:, : components.shape[1]] = components[:, :2]
    if len(components) >= _FEW:
        spread = max(float(plane[:, 0].std()), 1e-12)
        plane = _descended(_affinities(components), plane / spread * 1e-2)
    low, high = plane.min(0), plane.max(0)
    found: Floats = ((plane - low) / np.where(high > low, high - low, 1)).astype(np.float32)
    return found


def _squares(points: "Floats") -> "Floats":
    import numpy as np

    norms = (points * points).sum(1)
    found: Floats = np.maximum(norms[:, None] + norms[None, :] - 2 * points @ points.T, 0)
    return found


def _affinities(components: "Floats") -> "Floats":
    """Return how near each pair is, as shares of 1; each row's width is such that it has as many neighbours as the others."""
    import numpy as np

    squares = _squares(components)
    np.fill_diagonal(squares, np.inf)
    squares -= squares.min(1, keepdims=True)
    wanted = np.log(min(_PERPLEXITY, (len(components) - 1) / 3))
    low, high = np.zeros(len(components)), np.full(len(components), np.inf)
    beta = np.ones(len(components))
    shares = np.zeros_like(squares)
    for _ in range(_BISECTIONS):
        shares = np.exp(-squares * beta[:, None])
        shares /= shares.sum(1, keepdims=True)
        entropy = -(shares * np.log(np.maximum(shares, 1e-30))).sum(1)
        wide = entropy > wanted
        low, high = np.where(wide, beta, low), np.where(wide, high, beta)
        beta = np.where(np.isinf(high), beta * 2, (low + high) / 2)
    both = shares + shares.T
    found: Floats = np.maximum(both / both.sum(), 1e-12).astype(np.float32)
    return found


def _descended(near: "Floats", plane: "Floats") -> "Floats":
    """Move points until their nearness is that of the vectors."""
    import numpy as np

    rate = np.float32(max(len(plane) / _EXAGGERATION, 50.0))
    speed = np.zeros_like(plane)
    gains = np.ones_like(plane)
    for step in range(_STEPS):
        early = step < _EARLY
        weights = 1 / (1 + _squares(plane))
        np.fill_diagonal(weights, 0)
        pull = (near * np.float32(_EXAGGERATION if early else 1) - weights / weights.sum()) * weights
        slope = 4 * (pull.sum(1)[:, None] * plane - pull @ plane)
        gains = np.maximum(
            np.where(np.sign(slope) == np.sign(speed), gains * np.float32(0.8), gains + np.float32(0.2)), np.float32(0.01)
        )
        speed = np.float32(_SLOW if early else _FAST) * speed - rate * gains * slope
        plane = plane + speed
        plane -= plane.mean(0)
    return plane


def grouped(components: "Floats", groups: int) -> "NDArray[np.int64]":
    """Return the number of the group that each vector is in, by k-means from centres that lie far apart."""
    import numpy as np

    centres = [int(np.abs(components).sum(1).argmax())]
    distance = ((components - components[centres[0]]) ** 2).sum(1)
    while len(centres) < min(groups, len(components)):
        centres.append(int(distance.argmax()))
        distance = np.minimum(distance, ((components - components[centres[-1]]) ** 2).sum(1))
    means = components[centres]
    found = np.zeros(len(components), np.int64)
    for _ in range(_ROUNDS):
        found = (((components[:, None, :] - means[None, :, :]) ** 2).sum(2)).argmin(1)
        means = np.stack([components[found == k].mean(0) if (found == k).any() else means[k] for k in range(len(means))])
    return found
