"""Turns texts into token ids, with a memo for the short texts and system prompts that datasets repeat."""

import functools
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tunelint.core.record import TokenIds

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["Counter", "counter_for"]

_MEMO_CHARACTERS: Final = 2_000
_MEMO_SIZE: Final = 4_096
"""The memo takes texts of at most so many characters, and so many of them: about 10 MB at the worst."""

_LONG_TEXT: Final = 500_000
_LONG_RUN: Final = 100_000
_RUN: Final = re.compile(r"\s++|\S++")
"""tiktoken's matcher overflows its stack between 600,000 and 1,000,000 white-space characters in a row (0.14.0), so in texts of
`_LONG_TEXT` characters runs are cut every `_LONG_RUN` characters. Only such texts can come out inexact, by a token a cut."""


Many = Callable[[list[str]], "tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]] | None"]
"""Encodes texts in one call: their ids one after the other, and how many each has; None where it cannot."""

Quick = tuple[Callable[[str], TokenIds], Callable[[str], list[int]], Many | None]
"""Encoders into arrays, into lists, and of many texts in one call."""


class Counter:
    """Counts tokens under one encoding.

    Ids come as lists or, for large files, as arrays of numpy, which take a fifth of the memory and come a tenth faster.
    """

    def __init__(self, encoding: str, encode: Callable[[str], list[int]], hasten: Callable[[], Quick] | None = None) -> None:
        """`hasten` loads what encodes quicker than `encode`, for a file on which loading it pays."""
        self.encoding = encoding
        self._encode = encode
        self._hasten = hasten
        self._encode_array: Callable[[str], TokenIds] | None = None
        self._many: Many | None = None
        self._memo: dict[str, list[int]] = {}

    def encoder(self, longest: int, *, arrays: bool = False) -> Callable[[str], TokenIds]:
        """Return the quickest way to encode texts of at most `longest` characters that are not expected to come again."""
        if longest >= _LONG_TEXT:
            return self.encode
        if not arrays:
            return self._encode
        return self._encode_array if self._encode_array is not None else self.hasten()

    def hasten(self) -> Callable[[str], TokenIds]:
        """Load the quickest encoders, for a file on which that pays; return the one into arrays."""
        if self._encode_array is None:
            self._encode_array = self._encode
            if self._hasten is not None:
                self._encode_array, self._encode, self._many = self._hasten()
        return self._encode_array

    def encode_many(self, texts: list[str], longest: int) -> "tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]":
        """Return the ids of many texts one after the other, and how many each has; none is of more than `longest` characters."""
        import numpy as np

        encode = self.encoder(longest, arrays=True)
        together = self._many(texts) if self._many is not None and longest < _LONG_TEXT else None
        if together is not None:
            return together
        pieces = [np.asarray(encode(text), np.uint32) for text in texts]
        sizes = np.fromiter(map(len, pieces), np.int64, len(pieces))
        return np.concatenate(pieces) if pieces else np.zeros(0, np.uint32), sizes

    def encode(self, text: str) -> list[int]:
        """Return the token ids of a text that is not expected to come again; special tokens in it are read as plain text."""
        return self._encode(text) if len(text) < _LONG_TEXT else self._encode_long(text)

    def ids(self, text: str) -> list[int]:
        """Return the token ids of a text that may come again. The list must not be changed."""
        if len(text) > _MEMO_CHARACTERS:
            return self.encode(text)
        found = self._memo.get(text)
        if found is None:
            found = self._encode(text)
            if len(self._memo) < _MEMO_SIZE:
                self._memo[text] = found
        return found

    def count(self, text: str) -> int:
        """Return how many tokens `text` has."""
        return len(self.ids(text))

    def _encode_long(self, text: str) -> list[int]:
        ids: list[int] = []
        start = 0
        for run in _RUN.finditer(text):
            for cut in range(run.start() + _LONG_RUN, run.end(), _LONG_RUN):
                ids += self._encode(text[start:cut])
                start = cut
        return ids + self._encode(text[start:])


@functools.cache
def counter_for(encoding: str) -> Counter:
    """Return the counter for an encoding of OpenAI, or for a Hugging Face ``tokenizer.json`` given by its path.

    Raises OSError when the file cannot be read, ValueError when it is no tokenizer, and ModuleNotFoundError when reading it
    needs the extra ``tokenizers`` and that is not installed.
    """
    if encoding.endswith(".json"):
        return _from_file(Path(encoding))
    from tunelint.tokens.encodings import ENCODINGS

    if encoding not in ENCODINGS:
        known = ", ".join(sorted(ENCODINGS))
        raise ValueError(f"no tokenizer is called {encoding!r}; write one of {known}, or the path of a tokenizer.json")
    return Counter(encoding, functools.partial(_encode, encoding), functools.partial(_hasten, encoding))


def _encode(encoding: str, text: str) -> list[int]:
    """Encode with tiktoken, whose tables are loaded with the first text: nothing else needs them where `_hasten` came first."""
    from tunelint.tokens.encodings import load

    return load(encoding).encode_ordinary(text)


def _hasten(encoding: str) -> Quick:
    """Return the quickest encoders; where they are not tiktoken's, its tables are let go."""
    from tunelint.tokens.encodings import load, many_encoder
    from tunelint.tokens.fast import load_fast

    fast = load_fast(encoding, functools.partial(_encode, encoding))
    if fast is None:
        loaded = load(encoding)
        return functools.partial(loaded.encode_to_numpy, disallowed_special=()), loaded.encode_ordinary, many_encoder(loaded)
    load.cache_clear()
    return fast.encode, lambda text: fast.encode(text).tolist(), fast.encode_many


def _from_file(path: Path) -> Counter:
    text = path.read_text(encoding="utf-8")
    try:
        from tokenizers import Tokenizer
    except ModuleNotFoundError as problem:
        words = f"{path}: counting with it needs tokenizers: pip install 'tunelint[tokenizers]'"
        raise ModuleNotFoundError(words, name=problem.name) from problem
    try:
        tokenizer = Tokenizer.from_str(text)
    except Exception as problem:  # tokenizers raises plain Exception
        raise ValueError(f"{path} is no tokenizer: {problem}") from problem
    return Counter(path.name, lambda piece: tokenizer.encode(piece, add_special_tokens=False).ids)
