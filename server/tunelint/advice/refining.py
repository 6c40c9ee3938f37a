"""Improves chosen examples one by one: each gives way to the candidate that leads more of the other candidates to their answers.

What is in the middle of many is near to many others as well, and leads those astray (hubs: Radovanović, Nanopoulos and Ivanović,
2010). So a choice is tried on the candidates themselves: each asks the nearest example other than itself, and what that answers
is compared with its own answer. Those that are held out have no part in it.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tunelint.advice.vectors import Floats

    Rows = NDArray[np.int64]

__all__ = ["Trial", "refined"]

_ASKED: Final = 500
"""Candidates that a choice is tried on."""

_WORTH: Final = 3
"""How heavy what is shown is beside what answers it leads to, so that exchanges hardly ever show less: on 300 tasks coverage
fell with 1 and did not with 3."""

_SWEEPS: Final = 3
"""Times that each example is held against the others; later ones hardly change anything."""


class Trial:
    """Tries examples on the candidates.

    `near` says how alike the requests of two candidates are, and `right` how right the answer of the one is for the other, from 0
    to 1. `worth` returns for some examples what each candidate adds to them beside that.
    """

    def __init__(self, near: "Floats", right: "Floats", worth: "Callable[[Sequence[int], Rows], Floats] | None" = None) -> None:
        import numpy as np

        self._near = near[:_ASKED].copy()
        np.fill_diagonal(self._near, -1)  # nobody is told its own answer
        self._right = right[:_ASKED]
        self._worth = worth

    def value(self, others: Sequence[int], candidates: "Rows") -> "Floats":
        """Return for each candidate how well the others and it do together."""
        import numpy as np

        best = np.full(len(self._near), -2, dtype=np.float32)
        said = np.zeros(len(self._near), dtype=np.float32)
        if len(others):
            near = self._near[:, others]
            at = near.argmax(axis=1)
            rows = np.arange(len(near))
            best, said = near[rows, at], self._right[rows, np.asarray(others)[at]]
        nearer = self._near[:, candidates] > best[:, None]
        value: Floats = np.where(nearer, self._right[:, candidates], said[:, None]).mean(axis=0)
        return value if self._worth is None else value + _WORTH * self._worth(others, candidates)


def refined(
    picked: Sequence[int], trial: Trial, instead: "Callable[[int], Sequence[int] | Rows]", costs: Sequence[int], budget: int
) -> list[int]:
    """Return the examples after the exchanges that do most for them; `instead` returns what may stand in the place of one."""
    import numpy as np

    chosen = list(picked)
    left = budget - sum(costs[index] for index in chosen)
    price = np.asarray(costs)
    for _ in range(_SWEEPS):
        before = list(chosen)
        for place, index in enumerate(chosen):
            others = chosen[:place] + chosen[place + 1 :]
            may = np.setdiff1d(np.asarray(instead(index)), chosen)
            may = np.concatenate(([index], may[price[may] <= left + costs[index]])).astype(np.int64)
            best = int(may[int(trial.value(others, may).argmax())])  # the first of equals, which is the one that is there
            left += costs[index] - costs[best]
            chosen[place] = best
        if chosen == before:
            break
    return chosen
