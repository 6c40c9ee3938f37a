"""Turns texts into token ids, with a memo for the short texts and system prompts that datasets repeat."""

import functools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tunelint.core.record import TokenIds

__all__ = ["Counter", "counter_for"]

_MEMO_CHARACTERS: Final = 2_000
_MEMO_SIZE: Final = 4_096
"""The memo takes texts of at most so many characters, and so many of them: about 10 MB at the worst."""

_LONG_TEXT: Final = 500_000
_LONG_RUN: Final = 100_000
_RUN: Final = re.compile(r"\s++|\S++")
"""tiktoken's matcher overflows its stack between 600,000 and 1,000,000 white-space characters in a row (0.14.0), so in texts of
`_LONG_TEXT` characters runs are cut every `_LONG_RUN` characters. Only such texts can come out inexact, by a token a cut."""


Quick = tuple[Callable[[str], TokenIds], Callable[[str], list[int]]]
"""Encoders into arrays and into lists."""


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
        self._memo: dict[str, list[int]] = {}

    def encoder(self, longest: int, *, arrays: bool = False) -> Callable[[str], TokenIds]:
        """Return the quickest way to encode texts of at most `longest` characters that are not expected to come again."""
        if longest >= _LONG_TEXT:
            return self.encode
        if not arrays:
            return self._encode
        if self._encode_array is None:
            self._encode_array = self._encode
            if self._hasten is not None:
                self._encode_array, self._encode = self._hasten()
        return self._encode_array

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
    from tunelint.tokens.encodings import load

    return Counter(encoding, load(encoding).encode_ordinary, functools.partial(_hasten, encoding))


def _hasten(encoding: str) -> Quick:
    """Return the quickest encoders into arrays and into lists; where they are not tiktoken's, its tables are let go."""
    from tunelint.tokens.encodings import load, table
    from tunelint.tokens.fast import load_fast

    loaded = load(encoding)
    fast = load_fast(encoding, table(encoding), loaded.encode_ordinary)
    if fast is None:
        return functools.partial(loaded.encode_to_numpy, disallowed_special=()), loaded.encode_ordinary
    load.cache_clear()
    return fast, lambda text: fast(text).tolist()


def _from_file(path: Path) -> Counter:
    text = path.read_text(encoding="utf-8")
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_str(text)
    except Exception as problem:  # tokenizers raises plain Exception
        raise ValueError(f"{path} is no tokenizer: {problem}") from problem
    return Counter(path.name, lambda piece: tokenizer.encode(piece, add_special_tokens=False).ids)
