"""Answers that were paid for, kept so that none is paid twice: a killed run goes on, and a repeated one is free.

The file is JSON Lines, one line an answer, flushed when the answer is there. A line that a crash cut off is dropped. It holds
answers of the model and no requests, by whose hashes they are found; only its owner may read it.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Self

import msgspec

from tunelint.advice.metrics import Call, Said
from tunelint.advice.reply import Reply, Usage
from tunelint.core.errors import UserError

__all__ = ["Journal", "key_of"]

_FOLDER_NOTE: Final = "*\n"
"""What keeps the folder of journals out of version control."""


class _Line(msgspec.Struct, frozen=True, omit_defaults=True):
    key: str
    text: str
    calls: tuple[Call, ...] = ()
    usage: Usage | None = None
    cut: bool = False


_DECODER: Final = msgspec.json.Decoder(_Line)
_ENCODER: Final = msgspec.json.Encoder()


def key_of(address: str, body: Mapping[str, Any]) -> str:
    """Return the name of a request: a hash of where it goes and all that it says."""
    text = json.dumps([address, body], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Journal:
    """The answers in one file, which is made with its folder on the first answer. Use it as a context."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._answers: dict[str, Reply] = {}
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return self
        except OSError as problem:
            raise UserError(f"{self.path}: the journal cannot be read ({problem.strerror})") from problem
        for line in data.split(b"\n"):
            try:
                one = _DECODER.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError):
                continue
            self._answers[one.key] = Reply(Said(one.text, one.calls), one.usage, one.cut)
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def __len__(self) -> int:
        return len(self._answers)

    def __contains__(self, key: str) -> bool:
        return key in self._answers

    def get(self, key: str) -> Reply | None:
        """Return the answer to a request, if there is one."""
        return self._answers.get(key)

    def prepare(self) -> None:
        """Open the file for writing, so that a place that cannot be written is found before anything is paid for."""
        try:
            if self._file is None:
                self._file = self._open()
        except OSError as problem:
            raise UserError(f"{self.path}: cannot be written ({problem.strerror}), so nothing is sent") from problem

    def add(self, key: str, reply: Reply) -> None:
        """Keep an answer; it is in the file when this returns."""
        self._answers[key] = reply
        said = reply.said
        line = _ENCODER.encode(_Line(key, _sound(said.text), tuple(map(_sound_call, said.calls)), reply.usage, reply.cut))
        try:
            if self._file is None:
                self._file = self._open()
            self._file.write(line + b"\n")
            self._file.flush()
        except OSError as problem:
            raise UserError(f"{self.path}: cannot be written ({problem.strerror}), so nothing more is sent") from problem

    def _open(self) -> BinaryIO:
        """Open the file for appending; a line that was cut off is ended, so that it spoils none after it."""
        folder = self.path.parent
        if not folder.exists():
            folder.mkdir(parents=True)
            (folder / ".gitignore").write_text(_FOLDER_NOTE, encoding="utf-8")
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
        file = os.fdopen(descriptor, "ab")
        if file.tell() or self.path.stat().st_size:
            with self.path.open("rb") as old:
                old.seek(-1, os.SEEK_END)
                torn = old.read(1) != b"\n"
            if torn:
                file.write(b"\n")
        return file


def _sound(text: str) -> str:
    """Return a text that UTF-8 can hold: half surrogate pairs, which an answer may have escaped, are replaced."""
    return text.encode("utf-8", "replace").decode()


def _sound_call(call: Call) -> Call:
    arguments = call.arguments if isinstance(call.arguments, str) else json.dumps(call.arguments)
    return Call(_sound(call.name), _sound(arguments))
