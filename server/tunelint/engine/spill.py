"""Rows of group rules that memory is too small for, written to files until the records are known that share a key.

A record takes some 300 bytes there. What comes back are the rows of records that share a key with another one: all that groups
and pairs are made of, and in most files few.
"""

import shutil
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from tunelint.engine.columns import Columns
from tunelint.engine.shuffle import BUCKETS, meeting, only, scatter

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint64]

__all__ = ["Spill"]

_BLOCK: Final = 1 << 16
"""Rows that are read back at once."""


class Spill:
    """Rows of group rules on disk, in a folder that goes with this object."""

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp(prefix="tunelint-")
        self.close = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)

    def put(self, code: str, rows: Columns) -> None:
        """Write rows of a rule, and their keys by bucket."""
        keys = np.frombuffer(rows.keys, np.uint64).reshape(-1, rows.width)
        whole = (np.frombuffer(rows.handles, np.uint64), np.frombuffer(rows.items, np.uint64))
        with self._path(code, "rows").open("ab") as file:
            for start in range(0, len(keys), _BLOCK):
                block = slice(start, start + _BLOCK)
                np.column_stack((*(one[block] for one in whole), keys[block])).tofile(file)
        buckets: dict[int, list[Numbers]] = {}
        for bucket, table in scatter(rows, BUCKETS):
            buckets.setdefault(bucket, []).append(table)
        for bucket, tables in buckets.items():
            with self._path(code, str(bucket)).open("ab") as file:
                for table in tables:
                    table.tofile(file)

    def take(self, code: str, width: int) -> Columns:
        """Return the rows of those records of a rule that share a key."""
        found = Columns(width)
        met = [self._meeting(code, bucket) for bucket in range(BUCKETS)]
        handles: Numbers = np.unique(np.concatenate(met))
        path = self._path(code, "rows")
        if path.exists():
            with path.open("rb") as file:
                while len(table := np.fromfile(file, np.uint64, _BLOCK * (width + 2))):
                    found.merge(only(_columns(table.reshape(-1, width + 2)), handles))
        return found

    def _meeting(self, code: str, bucket: int) -> "Numbers":
        path = self._path(code, str(bucket))
        return meeting([np.fromfile(path, np.uint64).reshape(-1, 2)] if path.exists() else [])

    def _path(self, code: str, name: str) -> Path:
        return Path(self._folder, f"{code}.{name}")


def _columns(table: "Numbers") -> Columns:
    """Return rows that were read back, as they were written: handle, item, keys."""
    rows = Columns(table.shape[1] - 2)
    rows.handles.frombytes(table[:, 0].tobytes())
    rows.items.frombytes(table[:, 1].tobytes())
    rows.keys.frombytes(table[:, 2:].tobytes())
    return rows
