"""A quicker encoder for large files: gigatoken, which the extra ``fast`` installs, where it gives what tiktoken gives.

Each time it is loaded it is asked for texts that tell encoders apart. What tiktoken says of them stands in ``ranks/probes.json``,
so that tiktoken's tables, which take as long to load again, are not needed; a test holds the two to each other. Where anything
differs, or anything goes wrong, tiktoken is used and nothing is lost but time.
"""

import json
import tempfile
from binascii import b2a_base64
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tunelint.tokens.encodings import table

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["PROBES", "FastEncoder", "expected", "load_fast"]

PROBES: Final = (
    "",
    " ",
    "Hello, world! It's 12345 o'clock, isn't it?",
    "def f(x):\n    return x ** 2  # squared\n\n\n\tEND\r\n",
    "CamelCaseWords and ALLCAPS and mIxEd, 1234567890 3.14159",
    "Grüße aus Köln, déjà vu, naïve façade",
    "日本語のテキストと中文文本，还有한국어 텍스트。",
    "Привет, мир! Καλημέρα κόσμε! שלום עולם! مرحبا بالعالم",
    "emoji 👩‍👩‍👧‍👦 and flags 🇩🇪🇫🇷 and e\u0301 combining",
    "<|endoftext|> and <|im_start|> are plain text here",
    "   leading and trailing   \n\n  \t ",
    "\u2028\u2029\u0085\ufeff\x00\x01",
    'https://example.com/a?b=c&d=%20 {"key": [1, 2.5e-3, null]}',
    "a" * 300 + " " * 70 + "=" * 90,
)


_SEPARATOR: Final = "\x1e\x1f"
"""Two control characters, made to separate records and units, that hardly any text has side by side: a token of its own between
texts that are encoded in one call. Beyond ASCII it would double the memory of nearly all of them."""


class FastEncoder:
    """Encodes as tiktoken does, into arrays."""

    def __init__(
        self, encode: "Callable[[str], npt.NDArray[np.uint32]]", separator: int, slowly: Callable[[str], list[int]]
    ) -> None:
        """`encode` gives the number `separator` for `_SEPARATOR`; `slowly` encodes a text that holds it."""
        self._encode = encode
        self._separator = separator
        self._slowly = slowly

    def encode(self, text: str) -> "npt.NDArray[np.uint32]":
        """Return the token ids of a text."""
        if _SEPARATOR in text:
            import numpy as np

            return np.array(self._slowly(text), np.uint32)
        try:
            return self._encode(text)
        except (UnicodeEncodeError, TypeError):  # half surrogate pairs, which tiktoken replaces in the same way
            return self._encode(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))

    def encode_many(self, texts: list[str]) -> "tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]] | None":
        """Return the token ids of texts one after the other, and how many each has; None where they must be encoded singly."""
        import numpy as np

        if not texts:
            return np.zeros(0, np.uint32), np.zeros(0, np.int64)
        try:
            ids = self._encode(_SEPARATOR.join(texts))
        except (UnicodeEncodeError, TypeError):
            return None
        between = ids == self._separator
        ends = np.flatnonzero(between)
        if len(ends) != len(texts) - 1:  # a text holds it
            return None
        bounds = np.concatenate(([-1], ends, [len(ids)]))
        return ids[~between], np.diff(bounds) - 1


def expected(name: str) -> list[list[int]]:
    """Return what tiktoken's encoding `name` gives for each of the `PROBES`."""
    found: list[list[int]] = json.loads((files("tunelint.tokens") / "ranks" / "probes.json").read_bytes())[name]
    return found


def load_fast(name: str, slowly: Callable[[str], list[int]]) -> FastEncoder | None:
    """Return an encoder for the encoding `name`, or None where there is none that gives what tiktoken gives.

    `slowly` is tiktoken's own: nearly no text needs it.
    """
    try:
        import gigatoken
    except ImportError:
        return None
    tokens = table(name)
    text = b"".join(map(b2a_base64, tokens)).replace(b"\n", b" %d\n") % tuple(range(len(tokens)))
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{name}.tiktoken"
            path.write_bytes(text)
            loaded = gigatoken.Tokenizer.from_tiktoken(path, special_tokens={_SEPARATOR: len(tokens)})
        fast = FastEncoder(loaded.encode, len(tokens), slowly)
        return fast if _agrees(fast, expected(name)) else None
    except Exception:  # whatever a young library does  # noqa: BLE001
        return None


def _agrees(fast: FastEncoder, wanted: Sequence[list[int]]) -> bool:
    """Tell whether an encoder gives the ids that are wanted of the `PROBES`, text by text and together."""
    if any(fast.encode(probe).tolist() != ids for probe, ids in zip(PROBES, wanted, strict=True)):
        return False
    together = fast.encode_many(list(PROBES))
    ids, sizes = (one.tolist() for one in together) if together is not None else (None, None)
    return ids == [token for each in wanted for token in each] and sizes == list(map(len, wanted))
