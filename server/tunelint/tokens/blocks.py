"""Token ids and lengths of a block of plain records, in arrays."""

from collections.abc import Iterable, Sequence
from itertools import compress
from typing import TYPE_CHECKING, Final

import numpy as np

from tunelint.core.block import PlainBlock
from tunelint.core.example import Role
from tunelint.core.record import Lengths, TokenIds
from tunelint.tokens.counter import Counter
from tunelint.tokens.lengths import PER_MESSAGE, PRIMING, ROLE, learnt_turns

if TYPE_CHECKING:
    import numpy.typing as npt

    Ids = npt.NDArray[np.uint32]
    Counts = npt.NDArray[np.int64]

__all__ = ["CountedBlock", "count_block"]

_SYSTEM: Final = "system"

Roles = tuple[Role, ...]


class CountedBlock:
    """The token ids of a block and what `lengths.plain_lengths` returns of each record, as one array for each number.

    `sizes` are the tokens of each text of all records, system prompts among them, and `starts` where each record's texts begin
    there; one number more than records.
    """

    def __init__(self, block: PlainBlock, counter: Counter, *, chat: bool) -> None:
        texts = block.texts
        kinds = {roles: number for number, roles in enumerate(dict.fromkeys(block.roles))}
        kind_of = np.fromiter(map(kinds.__getitem__, block.roles), np.int64, len(block))
        self.starts: Counts = np.array(block.starts, np.int64)
        led = np.array([roles[0] == _SYSTEM for roles in kinds], bool)[kind_of]
        prompts = self.starts[:-1][led]
        others = np.ones(len(texts), bool)
        others[prompts] = False
        counter.hasten()  # before any prompt is encoded, for which the slower tables would be loaded as well
        self._prompts: dict[int, TokenIds] = {place: counter.ids(texts[place]) for place in prompts.tolist()}
        self.content, sizes = counter.encode_many(list(compress(texts, others.tolist())), block.longest)
        self.sizes: Counts = np.empty(len(texts), np.int64)
        self.sizes[others] = sizes
        self.sizes[prompts] = [len(ids) for ids in self._prompts.values()]
        sums = _sums(self.sizes)
        self.content_lengths: Counts = sums[self.starts[1:]] - sums[self.starts[:-1]]
        self.content_lengths[led] -= self.sizes[prompts]
        self._content_starts = _sums(self.content_lengths)
        self._measure(block.roles, kinds, kind_of, sums, chat=chat)

    def _measure(self, all_roles: list[Roles], kinds: Iterable[Roles], kind_of: "Counts", sums: "Counts", *, chat: bool) -> None:
        """Set the lengths of all records; `kinds` are their different sequences of roles and `kind_of` the one that each has."""
        around, priming = (PER_MESSAGE + ROLE, PRIMING) if chat else (0, 0)
        begins, ends = self.starts[:-1], self.starts[1:]
        self.totals: Counts = sums[ends] - sums[begins] + around * (ends - begins) + priming
        learnt = {roles: learnt_turns(roles) for roles in kinds}
        masks = {roles: bytes([index in turns for index in range(len(roles))]) for roles, turns in learnt.items()}
        mask = np.frombuffer(b"".join(map(masks.__getitem__, all_roles)), bool)
        trained = _sums(self.sizes * mask)
        self.trained: Counts = trained[ends] - trained[begins]
        last = np.array([turns[-1] if turns else -1 for turns in learnt.values()], np.int64)[kind_of]
        prompt = sums[begins + np.maximum(last, 0)] - sums[begins] + around * (last + 1)
        self.before: Counts = np.where(last >= 0, prompt, 0)

    def of(self, index: int) -> list[TokenIds]:
        """Return the token ids of each turn of one record."""
        first, begin, end = int(self._content_starts[index]), int(self.starts[index]), int(self.starts[index + 1])
        found: list[TokenIds] = []
        for place, size in enumerate(self.sizes[begin:end].tolist(), begin):
            if place in self._prompts:
                found.append(self._prompts[place])
            else:
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
