r"""The fenced examples in docstrings of rules and formats, which are documentation and tests at once.

A block opens with three backticks, a language and the word `good`, `bad` or `fixed`, then places and options:

    ```jsonl bad 2:messages[1].role target=openai
    ```jsonl good name=train.jsonl
    ```jsonl fixed

The language of a training config is ``yaml``, ``json`` or ``toml``. A block ``beside NAME`` is a file that lies beside
the config of the block that follows; ``times`` works there too.

A place is ``LINE:PATH``; without a line it is on line 1, ``2:`` is the whole second record, ``file`` the whole file. Options are
``target``, ``method``, ``format``, ``limit``, ``name`` (of the file), ``bytes`` (the size to pretend), ``oversized`` (a line to
be taken for one that is too long to be read), ``media`` (the only files that are there), ``grader`` (fields that a grader reads),
``validation`` and ``evaluation`` (the one record of such a file, without spaces),
``costs`` (what the user says of them and of hardware, ``prompt_tokens:3000,gpu:A10G``), ``today`` (the day of the run),
``times`` (each line with an ``@`` stands for so many lines, in which it is replaced by numbers from 1) and ``also`` (codes that
rightly fire beside the rule).

The word ``escaped`` says that backslash escapes of Python in the block stand for bytes: ``\xef\xbb\xbf`` for a byte order mark.
The word ``unended`` takes the last line end away. A `fixed` block is what the fixes make of the `bad` block before it. Blocks
without one of the three words are only documentation.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

__all__ = ["Block", "blocks"]

_FENCE = re.compile(r"^```(\w+) (good|bad|fixed|beside)([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_ESCAPE = re.compile(r"\\x([0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|\\([nrt0])")
_SHORT = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}


class Block(NamedTuple):
    """One example. `also` are codes that may fire beside the rule's own.

    `places` are pairs of line and path, ``(0, "")`` for the file; `fixed` is what fixing gives, if it is said.
    """

    kind: str
    name: str
    data: bytes
    places: tuple[tuple[int, str], ...]
    options: dict[str, Any]
    also: frozenset[str] = frozenset()
    fixed: bytes | None = None


def blocks(page: str) -> Iterator[Block]:
    """Yield the examples of a docstring whose indentation is gone."""
    pending: Block | None = None
    beside: dict[str, bytes] = {}
    for match in _FENCE.finditer(page):
        language, kind, words, text = match.groups()
        block = _block(language, kind, words.split(), text)
        if kind == "beside":
            beside[block.places[0][1]] = block.data
            continue
        if kind == "fixed":
            if pending is None:
                raise ValueError("a fixed block without a bad one before it")
            yield pending._replace(fixed=block.data)
            pending = None
            continue
        if beside:
            block.options["beside"] = beside
            beside = {}
        if pending is not None:
            yield pending
        pending = block
    if pending is not None:
        yield pending


def _block(language: str, kind: str, words: list[str], text: str) -> Block:
    options: dict[str, Any] = dict(word.split("=", 1) for word in words if "=" in word and not word[0].isdigit())
    plain = [word for word in words if "=" not in word or word[0].isdigit()]
    if "times" in options:
        text = _repeat(text, int(options.pop("times")))
    data = _unescape(text) if "escaped" in plain else text.encode()
    if "unended" in plain:
        data = data.removesuffix(b"\n")
    places = tuple(_place(word) for word in plain if word not in {"escaped", "unended"})
    also = frozenset(options.pop("also", "").split(",")) - {""}
    return Block(kind, options.pop("name", f"train.{language}"), data, places, options, also)


def _repeat(text: str, times: int) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(
        "".join(line.replace("@", str(number)) for number in range(1, times + 1)) if "@" in line else line for line in lines
    )


def _place(word: str) -> tuple[int, str]:
    if word == "file":
        return 0, ""
    line, colon, path = word.partition(":")
    return (int(line), path) if colon and line.isdigit() else (1, word)


def _unescape(text: str) -> bytes:
    pieces: list[bytes] = []
    end = 0
    for match in _ESCAPE.finditer(text):
        pieces.append(text[end : match.start()].encode())
        byte, unit, short = match.groups()
        pieces.append(bytes([int(byte, 16)]) if byte else chr(int(unit, 16)).encode() if unit else _SHORT[short].encode())
        end = match.end()
    return b"".join([*pieces, text[end:].encode()])
