"""Labels that neither the nearest neighbours of a text nor a linear model of all the others would give it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tunelint.advice.steps import BLOCK, solved, times

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]
    Labels = NDArray[np.int64]

__all__ = ["Doubt", "Doubts", "doubts_of"]

_NEIGHBOURS: Final = 10
_MOST_GIVEN: Final = 0.2
"""Share of the neighbours' votes, weighted by their likeness, that the given label may have where it is doubted."""

_MORE: Final = 2
"""Neighbours with the other label must be so many, and so many times those with the given one besides. Of the doubts of intents with
5% of labels swapped it takes away half of those that are wrong and hardly any that is right."""

_SURENESS: Final = 0.8
"""How sure the linear model must be of the other label, as a part of how sure it is of that label's own rows on average."""

_FOLDS: Final = 5
_RIDGE: Final = 1.0
_SHARPNESS: Final = 4.0
"""Scores of the linear model, which run from -1 to 1, become shares by a softmax of so many times the score."""


class Doubt(NamedTuple):
    """A row whose label is doubted, neighbours that have the label that was to be expected, and its share of all their votes."""

    row: int
    share: float
    neighbours: tuple[int, ...]


class Doubts(NamedTuple):
    """The doubted rows, and how often the linear model is right about the other ones."""

    found: list[Doubt]
    accuracy: float


def doubts_of(matrix: "Matrix", labels: "Labels", pulse: Callable[[], None]) -> Doubts:
    """Return the rows that both learners would label differently; rows of `matrix` have length 1, all labels have rows.

    The linear model is asked about rows of a fold that it was not made from, and has to be about as sure of its label as it is of
    that label's own rows (confident learning). The neighbours have to have the same one, and hardly any may have the given one.
    `pulse` is called between steps of some ten milliseconds, and may raise.
    """
    rows = np.arange(len(labels))
    likeness = times(matrix, matrix.T, pulse)
    shares = _softmax(_cross_validated(likeness, labels, pulse) * _SHARPNESS)
    votes, nearest = _votes(likeness, labels, pulse)
    said = shares.argmax(axis=1)
    sure = np.bincount(labels, shares[rows, labels]) / np.bincount(labels)
    doubted = (said != labels) & (shares[rows, said] >= _SURENESS * sure[said])
    doubted &= (votes.argmax(axis=1) == said) & (votes[rows, labels] <= _MOST_GIVEN)
    theirs, given = ((labels[nearest] == kind[:, None]).sum(axis=1) for kind in (said, labels))
    doubted &= theirs >= _MORE * (given + 1)
    found = []
    for row in np.flatnonzero(doubted).tolist():
        same = tuple(int(other) for other in nearest[row] if labels[other] == said[row])
        found.append(Doubt(row, float(votes[row, said[row]]), same))
    kept = ~doubted
    return Doubts(found, float((said[kept] == labels[kept]).mean()) if kept.any() else 0.0)


def _votes(likeness: "Matrix", labels: "Labels", pulse: Callable[[], None]) -> "tuple[NDArray[np.float64], Labels]":
    """Return the shares of the labels among the neighbours of each row, and the neighbours, nearest first."""
    number, kinds = len(labels), int(labels.max()) + 1
    count = min(_NEIGHBOURS, number - 1)
    nearest = np.empty((number, count), np.int64)
    weights = np.empty((number, count))
    for start in range(0, number, BLOCK):
        pulse()
        far = -likeness[start : start + BLOCK]
        far[np.arange(len(far)), np.arange(start, start + len(far))] = np.inf
        some = np.argpartition(far, count - 1, axis=1)[:, :count]
        order = np.argsort(np.take_along_axis(far, some, 1), axis=1, kind="stable")
        nearest[start : start + BLOCK] = some = np.take_along_axis(some, order, 1)
        weights[start : start + BLOCK] = np.maximum(-np.take_along_axis(far, some, 1), 0).astype(np.float64) ** 2
    places = (np.arange(number)[:, None] * kinds + labels[nearest]).ravel()
    votes = np.bincount(places, weights.ravel(), number * kinds).reshape(number, kinds)
    return votes / np.maximum(votes.sum(axis=1, keepdims=True), 1e-9), nearest


def _cross_validated(likeness: "Matrix", labels: "Labels", pulse: Callable[[], None]) -> "Matrix":
    """Return what a ridge regression says of each row, -1 to 1 for each label, made from the rows of the other folds."""
    number, kinds = len(labels), int(labels.max()) + 1
    targets = np.full((number, kinds), -1, np.float32)
    targets[np.arange(number), labels] = 1
    middle = targets.mean(axis=0)
    means = likeness.mean(axis=0)
    kernel = likeness - (means[:, None] + (means - means.mean()))
    said = np.empty_like(targets)
    for fold in range(_FOLDS):
        asked = np.arange(number) % _FOLDS == fold
        known = np.flatnonzero(~asked)
        system = kernel[np.ix_(known, known)]
        system[np.arange(len(known)), np.arange(len(known))] += _RIDGE
        said[asked] = kernel[np.ix_(asked, known)] @ solved(system, targets[known] - middle, pulse) + middle
    return said


def _softmax(scores: "Matrix") -> "NDArray[np.float64]":
    raised = np.exp(scores.astype(np.float64) - scores.max(axis=1, keepdims=True))
    shares: NDArray[np.float64] = raised / raised.sum(axis=1, keepdims=True)
    return shares
