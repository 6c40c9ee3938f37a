"""What learners without any knowledge make of the task: guessing, copying, the nearest example, a linear model.

A high score is strong evidence that a prompt with examples, or a small classifier, is enough: at all 59 published points of three
intent sets and two models a language model that saw the same examples did better than the nearest of them (Bertsch et al., 2024).
A low score is evidence of nothing.
"""

import math
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from tunelint.advice.features import tf_idf
from tunelint.advice.steps import solved, times
from tunelint.advice.study import Study, leaf_values
from tunelint.advice.task import normal
from tunelint.advice.wording import chrf

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Solvers", "field_f1"]

_SIZES: Final = (25, 50, 100, 200, 400, 800, 1_500)
_ENOUGH: Final = 0.8
"""The curve gets a point for all records where the last size is less than this share of them."""

_TEXTS_ASKED: Final = 150
"""Answers of running text that are asked for: each is compared letter by letter."""

_RIDGE: Final = 1.0
_DOUBLING: Final = 0.9
"""Doublings between two points of the curve at least, for a slope."""

_SAME: Final = -2.0
_STRIDE: Final = 7
"""A row is compared with the answer so many rows on, as a guess that no request has a say in."""


def field_f1(said: object, wanted: object) -> float:
    """Return the F1 of the fields of two JSON values: paths with their values, case and space aside."""
    mine = Counter((path, normal(text)) for path, text in leaf_values(said) if text) if said is not None else Counter()
    theirs = Counter((path, normal(text)) for path, text in leaf_values(wanted) if text)
    if not theirs:
        return float(not mine)
    return 2 * (mine & theirs).total() / (mine.total() + theirs.total())


class Solvers:
    """Scores from 0 to 1 on the rows that are asked: exact answers for labels and short ones, field F1 for JSON, else chrF."""

    def __init__(self, study: Study) -> None:
        self.study = study
        kind = study.task.kind
        self.letters = kind in {"text", "code"}
        self.asked = study.asked[:_TEXTS_ASKED] if self.letters else study.asked
        self._scores: dict[tuple[int, int], float] = {}
        self.folds = np.array([row.fold for row in study.rows])

    @cached_property
    def matrix(self) -> "NDArray[np.float32]":
        """TF-IDF of the requests."""
        return tf_idf(self.study.requests, pulse=self.study.pulse)

    @cached_property
    def likeness(self) -> "NDArray[np.float32]":
        """Cosines of the rows asked with all rows; those of the same fold are below every cosine."""
        found = times(self.matrix[self.asked], self.matrix.T, self.study.pulse)
        found[self.folds[self.asked][:, None] == self.folds[None, :]] = _SAME
        return found

    def score(self, said: int, wanted: int) -> float:
        """Return how good the answer of the row `said` is for the row `wanted`."""
        key = (said, wanted)
        found = self._scores.get(key)
        if found is None:
            study = self.study
            if self.letters:
                self.study.pulse()
                found = chrf(study.answer_grams(said), study.answer_grams(wanted))
            elif study.task.kind in {"json", "tool"} and study.values[wanted] is not None:
                found = field_f1(study.values[said], study.values[wanted])
            else:
                found = float(study.normal_answers[said] == study.normal_answers[wanted])
            self._scores[key] = found
        return found

    def _nearest(self, rows: int) -> float:
        """Return the score of the nearest of the first so many rows."""
        self.study.pulse()
        nearest = self.likeness[:, :rows].argmax(1)
        return _mean([self.score(int(said), wanted) for said, wanted in zip(nearest, self.asked, strict=True)])

    @cached_property
    def sizes(self) -> list[int]:
        """How many examples each point of the learning curve has."""
        most = len(self.study.rows) - round(len(self.study.rows) / 4)
        sizes = [size for size in _SIZES if size <= most]
        if not sizes or sizes[-1] < _ENOUGH * most:
            sizes.append(most)
        return sizes

    def _rows_for(self, size: int) -> int:
        """Return how many rows hold about so many outside the fold of a row that is asked."""
        return min(len(self.study.rows), round(size * 4 / 3))

    @cached_property
    def nearest_curve(self) -> list[float]:
        """Scores of the nearest example, by size."""
        return [self._nearest(self._rows_for(size)) for size in self.sizes]

    @cached_property
    def nearest(self) -> float:
        """Score of the nearest of all examples."""
        return self._nearest(len(self.study.rows))

    @cached_property
    def linear_curve(self) -> list[float]:
        """Scores of a linear model over the labels, by size; empty for a task without labels."""
        if self.study.task.kind != "label":
            return []
        return [self._linear(self._rows_for(size)) for size in self.sizes]

    def _linear(self, rows: int) -> float:
        """Return the accuracy of a ridge regression onto labels, fitted on the first so many rows outside each fold."""
        labels = {label: number for number, label in enumerate(dict.fromkeys(self.study.normal_answers))}
        wanted = np.array([labels[answer] for answer in self.study.normal_answers])
        asked = np.array(self.asked)
        right = 0
        for fold in sorted(set(self.folds[asked].tolist())):
            known = np.flatnonzero(self.folds[:rows] != fold)
            test = asked[self.folds[asked] == fold]
            if not len(known):
                continue
            centre = self.matrix[known].mean(0)
            x = self.matrix[known] - centre
            y = np.full((len(known), len(labels)), -1.0, np.float32)
            y[np.arange(len(known)), wanted[known]] = 1
            level = y.mean(0)
            kernel = times(x, x.T, self.study.pulse)
            kernel[np.diag_indices(len(known))] += _RIDGE
            weights = solved(kernel, y - level, self.study.pulse)
            said = times(self.matrix[test] - centre, x.T, self.study.pulse) @ weights + level
            right += int((said.argmax(1) == wanted[test]).sum())
        return right / len(asked)

    @cached_property
    def curve(self) -> list[float]:
        """The better of nearest example and linear model, by size."""
        linear = self.linear_curve or [0.0] * len(self.sizes)
        return [max(pair) for pair in zip(self.nearest_curve, linear, strict=True)]

    @cached_property
    def linear(self) -> float:
        """Accuracy of the linear model over all examples, 0 for a task without labels."""
        return self.linear_curve[-1] if self.linear_curve else 0.0

    @property
    def best(self) -> float:
        """The score of the better learner over all examples."""
        return max(self.nearest, self.linear)

    @cached_property
    def slope(self) -> float:
        """What a doubling of the examples added to the score, over the last one or two of them."""
        for size, score in zip(reversed(self.sizes), reversed(self.curve), strict=True):
            doublings = math.log2(self.sizes[-1] / size)
            if doublings >= _DOUBLING:
                return (self.curve[-1] - score) / doublings
        return 0.0

    @cached_property
    def chance(self) -> float:
        """The score of an answer taken from another row, whatever the request."""
        count = len(self.study.rows)
        return _mean([self.score((index + _STRIDE) % count, index) for index in self.asked])

    @cached_property
    def majority(self) -> float:
        """The share of the commonest answer."""
        return Counter(self.study.normal_answers).most_common(1)[0][1] / len(self.study.rows)

    @property
    def floor(self) -> float:
        """What is scored without looking at the request."""
        return max(self.chance, self.majority if not self.letters else 0.0)

    @property
    def lift(self) -> float:
        """What looking at the request adds for these learners."""
        return self.best - self.floor

    @cached_property
    def copied(self) -> float:
        """The chrF of the requests themselves, taken for the answers."""
        study = self.study
        asked = self.asked[:_TEXTS_ASKED]
        return _mean([chrf(study.request_grams[index], study.answer_grams(index)) for index in asked])


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
