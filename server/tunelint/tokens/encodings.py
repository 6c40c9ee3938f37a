"""The public encodings of OpenAI's models, built from the rank tables that lie in ``ranks/``.

tiktoken downloads these tables at first use; the same tables are kept here in a form that is smaller and loads in a quarter of
the time. A test writes each table back in tiktoken's own text form and compares its SHA-256 with the hash that tiktoken
expects, so they cannot differ.

Form of a ``.bin`` file: the byte sequences of all tokens in the order of their ranks, each followed by the byte 0xFF, which no
UTF-8 text contains. The one token that is this byte itself is written as nothing.
"""

import functools
from collections.abc import Callable
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import tiktoken

__all__ = ["ENCODINGS", "SEPARATOR", "Encoding", "load", "many_encoder", "pack", "table", "unpack"]

SEPARATOR: Final = b"\xff"

_SPECIAL: Final = "<|endoftext|>"
"""Never encoded as such here. tiktoken looks for special tokens in a text even where none is allowed, and with none at all its
pattern matches everywhere, which costs half as much again as the encoding."""


class Encoding(NamedTuple):
    """How an encoding cuts text into pieces before it merges bytes, and the hash of its rank table as tiktoken ships it."""

    pattern: str
    sha256: str


_CONTRACTION: Final = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
_O200K: Final = "|".join(
    [
        rf"[^\r\n\p{{L}}\p{{N}}]?[\p{{Lu}}\p{{Lt}}\p{{Lm}}\p{{Lo}}\p{{M}}]*[\p{{Ll}}\p{{Lm}}\p{{Lo}}\p{{M}}]+{_CONTRACTION}",
        rf"[^\r\n\p{{L}}\p{{N}}]?[\p{{Lu}}\p{{Lt}}\p{{Lm}}\p{{Lo}}\p{{M}}]+[\p{{Ll}}\p{{Lm}}\p{{Lo}}\p{{M}}]*{_CONTRACTION}",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    ]
)
_CL100K: Final = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
)

ENCODINGS: Final = {
    "o200k_base": Encoding(_O200K, "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"),
    "cl100k_base": Encoding(_CL100K, "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7"),
}
"""Encodings by tiktoken's names. Source of patterns and hashes: tiktoken 0.14.0, ``tiktoken_ext/openai_public.py``."""


def pack(tokens: list[bytes]) -> bytes:
    """Write tokens, in the order of their ranks, in the form of a ``.bin`` file."""
    return SEPARATOR.join(b"" if token == SEPARATOR else token for token in tokens)


def unpack(table: bytes) -> list[bytes]:
    """Read a ``.bin`` file: the tokens in the order of their ranks."""
    tokens = table.split(SEPARATOR)
    tokens[tokens.index(b"")] = SEPARATOR
    return tokens


def table(name: str) -> list[bytes]:
    """Return the tokens of an encoding in the order of their ranks."""
    return unpack((files("tunelint.tokens") / "ranks" / f"{name}.bin").read_bytes())


@functools.cache
def load(name: str) -> "tiktoken.Encoding":
    """Return the encoding `name`; about 0.15 s for the first call, most of it inside tiktoken."""
    import tiktoken  # 20 ms that a run without token counts does not need

    tokens = table(name)
    ranks = dict(zip(tokens, range(len(tokens)), strict=True))
    return tiktoken.Encoding(name, pat_str=ENCODINGS[name].pattern, mergeable_ranks=ranks, special_tokens={_SPECIAL: len(tokens)})


def many_encoder(
    encoding: "tiktoken.Encoding",
) -> "Callable[[list[str]], tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]] | None] | None":
    """Return what encodes many texts: their ids one after the other, and how many each has; None where tiktoken lacks it.

    tiktoken's own way to an array goes through this function too, a text at a time and a quarter slower. What is returned gives
    None for texts with half surrogate pairs.
    """
    import numpy as np

    encode = getattr(getattr(encoding, "_core_bpe", None), "encode_to_tiktoken_buffer", None)
    if encode is None:
        return None
    none_special: set[str] = set()

    def encode_many(texts: list[str]) -> "tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]] | None":
        try:
            buffers = [memoryview(encode(text, none_special)) for text in texts]
        except UnicodeEncodeError:
            return None
        sizes = np.array([buffer.nbytes for buffer in buffers], np.int64) // np.dtype(np.uint32).itemsize
        return np.frombuffer(b"".join(buffers), np.uint32), sizes

    return encode_many
