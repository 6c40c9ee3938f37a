"""The process that follows documents: it reads in small steps and looks for news between them.

``python -m tunelint.analysis`` talks over its standard input and output, and ends when its input does.
"""

import gc
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from tunelint.analysis import messages
from tunelint.analysis.answers import answer
from tunelint.analysis.disk import lint_disk
from tunelint.analysis.document import Document, Interrupted, resolved_for
from tunelint.analysis.evidence import evidence_in
from tunelint.analysis.links import Links
from tunelint.analysis.memory import give_back
from tunelint.core.diagnostic import Diagnostic
from tunelint.engine.linter import Request
from tunelint.settings import SettingsFinder
from tunelint.settings.resolve import Overrides

__all__ = ["Worker", "main"]

QUIET: Final = 0.08
"""Seconds without an edit after which findings of the whole document are made."""

_ADVICE_QUIET: Final = 1.0
"""Seconds without an edit, after findings of the whole document were sent, before the verdict on it is worked out."""

_STEP: Final = 0.005
"""Seconds of reading between two looks for news."""

_PARTIAL: Final = 0.4
"""Seconds between two words about a document that is still being read."""

_SWITCH: Final = 0.0005
"""Seconds after which the thread that receives news gets its turn."""


class Worker:
    """Follows documents. `news` gives the next message, waiting at most so many seconds (None: for ever) for one."""

    def __init__(
        self,
        news: Callable[[float | None], messages.ToWorker | None],
        waiting: Callable[[], bool],
        send: Callable[[messages.FromWorker], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._news = news
        self._waiting = waiting
        self._send = send
        self._clock = clock
        self._documents: dict[str, Document] = {}
        self._told: dict[str, float] = {}
        self._finder = SettingsFinder()
        self._links = Links(self._open_at, self._pulse, self._request_of)
        self._read_elsewhere: set[str] = set()
        """Documents whose text was read for configs, and was edited since."""

    def run(self) -> None:
        """Work for ever."""
        while True:
            self.step()

    def step(self) -> None:
        """Take one message, or do one piece of work."""
        now = self._clock()
        due = [when for document in self._documents.values() for when in (document.due, document.advice_due) if when is not None]
        patience = max(min(due) - now, 0.0) if due else None
        message = self._news(patience)
        if message is not None:
            self._take(message)
            return
        ready = [one for one in self._documents.values() if one.due is not None and one.due <= self._clock()]
        if ready:
            self._work(ready[-1])
            return
        waiting = [one for one in self._documents.values() if one.advice_due is not None and one.advice_due <= self._clock()]
        if waiting:
            self._advise(waiting[-1])

    def _take(self, message: messages.ToWorker) -> None:
        match message:
            case messages.Open():
                self._close(message.uri)
                self._documents[message.uri] = opened = Document(
                    message.uri,
                    message.name,
                    message.text,
                    message.version,
                    message.overrides,
                    self._pulse,
                    self._links,
                    asked=message.asked,
                )
                if self._links.forget(opened.name):
                    self._renew_configs()
            case messages.Edit():
                self._edit(message)
            case messages.Seen():
                document = self._documents.get(message.uri)
                if document is not None and document.session is not None:
                    document.session.read(lines=range(message.first, message.last + 1))
            case messages.Close():
                self._close(message.uri)
            case messages.Stale():
                for path in message.paths:
                    self._links.forget(path)
                self._renew_configs()
            case messages.Configure():
                document = self._documents.get(message.uri)
                if document is not None:
                    document.configure(message.overrides)
                    document.due = 0.0
            case messages.Refresh():
                self._finder = SettingsFinder()
                self._links.reset()
                for document in self._documents.values():
                    document.configure(None)
                    document.due = 0.0
            case messages.Ask():
                self._answer(message)
            case messages.LintDisk():
                lint_disk(message, SettingsFinder(), self._send)

    def _edit(self, message: messages.Edit) -> None:
        document = self._documents.pop(message.uri, None)
        if document is None:
            return
        self._documents[message.uri] = document  # the one that was edited last is worked on first
        document.edit(message.changes, message.version)
        if self._links.forget(document.name):
            self._read_elsewhere.add(document.uri)
        touched = document.touched()
        if touched is not None:
            self._send(touched)
        document.due = self._clock() + (0.0 if document.unread or document.quick else QUIET)
        document.advice_due = None

    def _answer(self, ask: messages.Ask) -> None:
        try:
            document = self._documents.get(ask.uri)
            if document is not None:
                document.begin(self._finder)
            self._send(answer(document, ask))
        except Interrupted:
            self._send(messages.Answer(ask.id, problem="the document has changed"))
        except Exception as problem:  # a question must never go without an answer  # noqa: BLE001
            self._send(messages.Answer(ask.id, problem=f"{type(problem).__name__}: {problem}"))

    def _work(self, document: Document) -> None:
        """Read on, or say what was found in all of the document."""
        try:
            document.begin(self._finder)
            if document.unread:
                self._read_on(document)
                return
            if document.settle():
                self._say(document)
                document.due = None
                if document.uri in self._read_elsewhere:
                    self._read_elsewhere.discard(document.uri)
                    self._renew_configs()
                if document.advisable:
                    first = document.config is not None and not document.known
                    document.advice_due = self._clock() + (0.0 if first else _ADVICE_QUIET)
                if self._told.pop(document.uri, None) is not None:
                    gc.freeze()  # what was read stays: the collector need not look through it for each keystroke
                    give_back()
        except Interrupted:
            return
        except Exception as problem:  # a document must never end the others  # noqa: BLE001
            document.due = None
            print(f"tunelint: {document.uri}: {type(problem).__name__}: {problem}", file=sys.stderr)

    def _request_of(self, path: str) -> Request:
        """Return what the settings ask of a file."""
        return resolved_for(Path(path), self._finder, Overrides())[0].request

    def _open_at(self, path: str) -> Document | None:
        """Return the open document with a path."""
        return next((one for one in self._documents.values() if one.name == path), None)

    def _close(self, uri: str) -> None:
        """Follow a document no more: its file counts again, and a config has nothing more to say of others."""
        document = self._documents.pop(uri, None)
        self._told.pop(uri, None)
        if document is not None:
            self._spread(uri, [])
            if self._links.forget(document.name) or uri in self._read_elsewhere:
                self._read_elsewhere.discard(uri)
                self._renew_configs()

    def _renew_configs(self) -> None:
        """Lint all configs anew: a dataset that one of them names has changed."""
        for one in self._documents.values():
            if one.config is not None:
                one.due, one.costed = 0.0, False

    def _say(self, document: Document) -> None:
        """Send what was found in all of a document; what a config says of others is shown in these too."""
        found = document.found()
        self._send(found)
        if not document.unlinked:
            self._spread(document.uri, found.diagnostics if document.config is not None else [])

    def _spread(self, config: str, found: list[Diagnostic]) -> None:
        """Show in the other documents what is said of them because of a config."""
        for one in self._documents.values():
            if one.uri == config:
                continue
            marks = evidence_in(found, one.name)
            if marks:
                one.begin(self._finder)  # its lines are what the marks move with
            if one.evidence.put(config, marks, one.session) and one.due is None:
                one.due = 0.0

    def _advise(self, document: Document) -> None:
        """Work out the verdict on a document, and say what was found in all of it if that has changed."""
        try:
            changed = document.advise()
            give_back()
            if changed:
                self._say(document)
            document.advice_due = None
        except Interrupted:
            return
        except Exception as problem:  # a document must never end the others  # noqa: BLE001
            document.advice_due = None
            print(f"tunelint: {document.uri}: {type(problem).__name__}: {problem}", file=sys.stderr)

    def _read_on(self, document: Document) -> None:
        session = document.session
        assert session is not None
        end = self._clock() + _STEP
        session.read(lambda: self._waiting() or self._clock() >= end)
        now = self._clock()
        if now - self._told.setdefault(document.uri, now) >= _PARTIAL and session.unread:
            self._told[document.uri] = now
            total = len(session.store.lines)
            self._send(messages.Progress(document.uri, total - session.unread, total))
            self._send(document.found())

    def _pulse(self) -> None:
        if self._waiting():
            raise Interrupted


def _receive(stream: BinaryIO, inbox: "queue.SimpleQueue[messages.ToWorker]") -> None:
    decoder = msgspec.msgpack.Decoder(messages.ToWorker)
    while (data := messages.read_frame(stream)) is not None:
        inbox.put(decoder.decode(data))
    os._exit(0)  # whoever asked is gone, whatever is being worked on


def main() -> None:
    """Follow the documents of the process that started this one."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print must not stand between messages
    inbox: queue.SimpleQueue[messages.ToWorker] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(sys.stdin.buffer, inbox), daemon=True).start()
    sys.setswitchinterval(_SWITCH)

    def news(patience: float | None) -> messages.ToWorker | None:
        try:
            return inbox.get(timeout=patience) if patience is None or patience > 0 else inbox.get_nowait()
        except queue.Empty:
            return None

    def send(message: messages.FromWorker) -> None:
        out.write(messages.frame(message))
        out.flush()

    try:
        Worker(news, lambda: not inbox.empty(), send).run()
    except (BrokenPipeError, KeyboardInterrupt):
        os._exit(0)
