"""Token ids and lengths of a block of plain records, in arrays."""

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Final

import numpy as np

from tunelint.core.block import PlainBlock
from tunelint.core.record import Lengths, TokenIds
from tunelint.tokens.counter import Counter
from tunelint.tokens.lengths import PER_MESSAGE, PRIMING, ROLE, learnt_turns

if TYPE_CHECKING:
    import numpy.typing as npt

    Ids = npt.NDArray[np.uint32]
    Counts = npt.NDArray[np.int64]

__all__ = ["CountedBlock", "count_block"]

_SYSTEM: Final = "system"


class CountedBlock:
    """The token ids of a block and what `lengths.plain_lengths` returns of each record, as one array for each number.

    `prompts` are the ids of the system prompts, None for a record that has none. `sizes` are the tokens of each text of all
    records, system prompts among them, and `starts` where each record's texts begin there; one number more than records.
    """

    def __init__(self, block: PlainBlock, counter: Counter, *, chat: bool) -> None:
        led = [bool(roles) and roles[0] == _SYSTEM for roles in block.roles]
        texts = chain.from_iterable(texts[1:] if first else texts for texts, first in zip(block.texts, led, strict=True))
        self.content, sizes = counter.encode_many(list(texts), block.longest)
        self.prompts: list[TokenIds | None] = [
            counter.ids(texts[0]) if first else None for texts, first in zip(block.texts, led, strict=True)
        ]
        turns = np.fromiter(map(len, block.texts), np.int64, len(block))
        self.starts: Counts = _sums(turns)
        self.sizes = self._with_prompts(sizes, np.array(led, bool))
        sums = _sums(self.sizes)
        prompt_sizes = np.array([len(ids) if ids is not None else 0 for ids in self.prompts], np.int64)
        self.content_lengths: Counts = sums[self.starts[1:]] - sums[self.starts[:-1]] - prompt_sizes
        self._content_starts = _sums(self.content_lengths)
        self._measure(block, sums, chat=chat)

    def _with_prompts(self, sizes: "Counts", led: "npt.NDArray[np.bool_]") -> "Counts":
        """Put the lengths of system prompts where they stand among those of all texts."""
        found = np.zeros(int(self.starts[-1]), np.int64)
        at = self.starts[:-1][led]
        others = np.ones(len(found), bool)
        others[at] = False
        found[at] = [len(ids) for ids in self.prompts if ids is not None]
        found[others] = sizes
        return found

    def _measure(self, block: PlainBlock, sums: "Counts", *, chat: bool) -> None:
        around, priming = (PER_MESSAGE + ROLE, PRIMING) if chat else (0, 0)
        begins, ends = self.starts[:-1], self.starts[1:]
        self.totals: Counts = sums[ends] - sums[begins] + around * (ends - begins) + priming
        learnt = {roles: learnt_turns(roles) for roles in set(block.roles)}
        masks = {roles: [index in turns for index in range(len(roles))] for roles, turns in learnt.items()}
        mask = np.fromiter(chain.from_iterable([masks[roles] for roles in block.roles]), bool, len(self.sizes))
        trained = _sums(np.where(mask, self.sizes, 0))
        self.trained: Counts = trained[ends] - trained[begins]
        lasts = {roles: turns[-1] if turns else -1 for roles, turns in learnt.items()}
        last = np.fromiter((lasts[roles] for roles in block.roles), np.int64, len(block))
        prompt = sums[begins + np.maximum(last, 0)] - sums[begins] + around * (last + 1)
        self.before: Counts = np.where(last >= 0, prompt, 0)

    def of(self, index: int) -> list[TokenIds]:
        """Return the token ids of each turn of one record."""
        first, prompt = int(self._content_starts[index]), self.prompts[index]
        sizes = self.sizes[self.starts[index] : self.starts[index + 1]].tolist()
        found: list[TokenIds] = []
        if prompt is not None:
            found.append(prompt)
            sizes = sizes[1:]
        for size in sizes:
            found.append(self.content[first : first + size])
            first += size
        return found

    def lengths(self, index: int) -> Lengths:
        """Return the lengths of one record."""
        total = int(self.totals[index])
        return Lengths(total, int(self.trained[index]), total, int(self.before[index]))

    def above(self, limit: int) -> list[int]:
        """Return the indices of the records whose sequence is longer than `limit`."""
        found: list[int] = np.flatnonzero(self.totals > limit).tolist()
        return found


def count_block(block: PlainBlock, counter: Counter, *, chat: bool) -> CountedBlock:
    """Count the tokens of a block; its records know theirs from then on."""
    counted = block.tokens = CountedBlock(block, counter, chat=chat)
    return counted


def _sums(values: "Sequence[int] | Counts") -> "Counts":
    """Return the sums of all values before each, and last that of all."""
    found = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, out=found[1:])
    return found
