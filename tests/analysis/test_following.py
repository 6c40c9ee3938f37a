"""Edits as an editor sends them, followed through the server's documents and the worker: findings are those of a fresh run."""

import os
from collections import deque

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types

from tests.engine.records import FILES, RECORDS
from tests.linting import lint
from tunelint.analysis import messages
from tunelint.analysis.document import worst
from tunelint.analysis.worker import Worker
from tunelint.lsp.documents import LineDocument
from tunelint.lsp.files import OpenFile
from tunelint.rules import all_rules
from tunelint.settings.resolve import Overrides

SEQUENCES = int(os.environ.get("TUNELINT_SEQUENCES", "60"))
"""How many sequences of edits are tried; the whole promise is 10,000."""

URI = "file:///nowhere/train.jsonl"
NAME = "/nowhere/train.jsonl"
EVERYTHING = Overrides(select=("ALL",))

PIECES = st.one_of(
    st.sampled_from(["", "\n", "\r\n", "\r", " ", '"', "}", "x", "\u2028", "\u0085", "😀", "\ufeff"]),
    RECORDS.map(lambda record: record + "\n"),
    st.lists(RECORDS, max_size=3).map("\n".join),
)
PLACES = st.tuples(st.integers(0, 45), st.one_of(st.just(0), st.just(10_000), st.integers(0, 200)))
EDITS = st.lists(st.one_of(st.tuples(PLACES, PLACES, PIECES), FILES.map(lambda file: (None, None, "\n".join(file)))), max_size=8)


class Bench:
    """A worker whose clock runs only while it waits, with the server's side of one document."""

    def __init__(self, text: str) -> None:
        self.inbox: deque[messages.ToWorker] = deque()
        self.sent: list[messages.FromWorker] = []
        self.now = 0.0
        self.worker = Worker(self._news, lambda: bool(self.inbox), self.sent.append, lambda: self.now)
        self.document = LineDocument.of(URI, text, 1, "jsonl", "utf-16")
        self.file = OpenFile(self.document)
        self.inbox.append(messages.Open(URI, NAME, text, 1, EVERYTHING))

    def _news(self, patience: float | None) -> messages.ToWorker | None:
        if self.inbox:
            return self.inbox.popleft()
        assert patience is not None, "there is nothing left to wait for"
        self.now += patience
        return None

    def edit(self, start: tuple[int, int] | None, end: tuple[int, int] | None, text: str) -> None:
        """Change the document as a client does."""
        if start is None or end is None:
            self.document.apply_change(types.TextDocumentContentChangeWholeDocument(text))
        else:
            where = types.Range(types.Position(*start), types.Position(*end))
            self.document.apply_change(types.TextDocumentContentChangePartial(range=where, text=text))
        assert self.document.version is not None
        self.document.version += 1
        changes, splices = self.document.take_pending()
        self.file.follow(splices)
        self.inbox.append(messages.Edit(URI, self.document.version, changes))

    def run(self) -> messages.Found:
        """Let the worker work until the findings of all of the document are there."""
        while not (self.sent and isinstance(last := self.sent[-1], messages.Found) and last.complete and not self.inbox):
            self.worker.step()
        for message in self.sent:
            if isinstance(message, messages.Touched) and message.version == self.document.version:
                self.file.touch(message)
        self.sent.clear()
        self.file.find(last)
        return last


def _plain(found: messages.Found) -> list[object]:
    return [msgspec.to_builtins(one) for one in found.diagnostics]


def _fresh(text: str) -> list[object]:
    return [msgspec.to_builtins(one) for one in worst(lint(text, set(all_rules()), name=NAME).diagnostics)]


@given(records=FILES, edits=EDITS, pauses=st.lists(st.booleans(), min_size=8, max_size=8))
@settings(max_examples=SEQUENCES, deadline=None)
def test_following_equals_a_fresh_run(
    records: list[str],
    edits: list[tuple[tuple[int, int] | None, tuple[int, int] | None, str]],
    pauses: list[bool],
) -> None:
    bench = Bench("".join(f"{record}\n" for record in records))
    assert _plain(bench.run()) == _fresh(bench.document.source)
    for (start, end, text), pause in zip(edits, pauses, strict=False):
        bench.edit(start, end, text)
        if pause:  # else the next edit comes before the worker has looked at this one
            assert _plain(bench.run()) == _fresh(bench.document.source)
    if edits and not pauses[len(edits) - 1]:
        found = bench.run()
        assert found.version == bench.document.version
        assert _plain(found) == _fresh(bench.document.source)


def test_what_is_touched_is_answered_before_all_is() -> None:
    good = '{"messages": [{"role": "user", "content": "a %d"}, {"role": "assistant", "content": "b"}]}\n'
    bench = Bench("".join(good % number for number in range(300)))
    bench.run()
    bench.edit((150, 0), (150, 1), "")
    bench.worker.step()
    (touched,) = bench.sent
    assert isinstance(touched, messages.Touched)
    assert touched.lines == [150]
    assert [(one.code, one.line) for one in touched.diagnostics] == [("JSN001", 151)]
    bench.run()
    bench.edit((10, 0), (10, 0), "\n\n")
    assert [one.line for one in bench.file.shown if one.code == "JSN001"] == [153]
