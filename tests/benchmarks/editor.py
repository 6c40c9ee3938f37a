"""Times what an editor's user feels: the first findings of a document, and those after a keystroke at a random place.

    python -m tests.benchmarks.editor [--megabytes 1 10 50] [--edits 200] [--tables keystrokes handlers]

Each keystroke breaks or mends the JSON of one line. "line" is the time until that line's findings are published, "all" until the
findings of the whole document are. "stock" is what the library's own document takes for the same edit and one look at its lines,
in the same run. Latencies are in milliseconds, median / 95th percentile; memory is that of both processes of the server.

A second table says how long an edit that is sent while a document is linted for the first time takes to reach its handler, the
document changed: what every other request has to wait for. Edits begin as soon as the server has taken the document. Beside it
stands the same for a server of the bare library that keeps documents as the library does and lints nothing at all.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.workspace import TextDocument

from tests.benchmarks.corpus import make_chat
from tests.benchmarks.stamping import ENTERED
from tests.lsp.client import Client

URI = "file:///bench/train.jsonl"
PATIENCE = 120.0
PAUSES = (0.002, 0.06)
"""Seconds between two edits, at least and at most: as fast as keys come when one is held, or two are hit at once."""

TABLES = ("keystrokes", "handlers")

LARGE = 5_000_000
"""Characters of a document whose first lint takes so long that it can be typed at meanwhile."""

BARE_EDITS = 60
"""Edits of the bare server, whose handler is entered the later the longer the document is."""


def spread(seconds: list[float]) -> str:
    """Return median and 95th percentile in milliseconds."""
    ordered = sorted(seconds)
    return f"{statistics.median(ordered) * 1e3:7.1f} /{ordered[int(len(ordered) * 0.95)] * 1e3:7.1f}"


def resident(process_id: int) -> float:
    """Return the resident memory of a process and its children in mebibytes; 0 where that is not told."""
    try:
        status = Path(f"/proc/{process_id}/statm").read_text(encoding="ascii").split()
        children = Path(f"/proc/{process_id}/task/{process_id}/children").read_text(encoding="ascii").split()
    except OSError:
        return 0.0
    return int(status[1]) * 4096 / (1 << 20) + sum(resident(int(child)) for child in children)


class Typist:
    """Types single characters and waits for what the server says."""

    def __init__(self, client: Client, lines: list[str]) -> None:
        self.client = client
        self.lines = lines
        self.version = 1

    def _change(self, line: int, start: int, end: int, text: str) -> float:
        self.version += 1
        where = {"start": {"line": line, "character": start}, "end": {"line": line, "character": end}}
        began = time.perf_counter()
        self.client.tell(
            "textDocument/didChange",
            {
                "textDocument": {"uri": URI, "version": self.version},
                "contentChanges": [{"range": where, "text": text}],
            },
        )
        return began

    async def published(self, version: int) -> tuple[float, dict[str, Any]]:
        """Wait for findings of a version."""
        while True:
            when, params = await asyncio.wait_for(self.client.published.get(), PATIENCE)
            if params.get("version") == version:
                return when, params

    async def keystroke(self, *, settle: bool) -> tuple[float, float]:
        """Put a comma before the last brace of some line and take it away again; return both latencies of the first."""
        line = random.randrange(len(self.lines) - 1)
        column = len(self.lines[line].encode("utf-16-le")) // 2 - 1
        began = self._change(line, column, column, ",,")
        when, params = await self.published(self.version)
        assert any(one["code"] == "JSN001" and one["range"]["start"]["line"] == line for one in params["diagnostics"])
        whole = 0.0
        if settle:
            whole = (await self.published(self.version))[0] - began
        self._change(line, column, column + 2, "")
        await self.published(self.version)
        if settle:
            await self.published(self.version)
        return when - began, whole


def stock(text: str, lines: list[str], edits: int) -> list[float]:
    """Time the library's own document for the same edits."""
    document = TextDocument(URI, text, version=1, language_id="jsonl")
    taken = []
    for _ in range(edits):
        line = random.randrange(len(lines) - 1)
        column = len(lines[line]) - 1
        where = types.Range(types.Position(line, column), types.Position(line, column))
        began = time.perf_counter()
        document.apply_change(types.TextDocumentContentChangePartial(range=where, text=","))
        _ = document.lines[line]
        taken.append(time.perf_counter() - began)
    return taken


async def measure(text: str, edits: int) -> None:
    """Open a document of that text, type into it, and print a line of the table."""
    lines = text.split("\n")
    client = await Client.start(capabilities={"general": {"positionEncodings": ["utf-16"]}})
    began = time.perf_counter()
    client.tell("textDocument/didOpen", {"textDocument": {"uri": URI, "languageId": "jsonl", "version": 1, "text": text}})
    typist = Typist(client, lines)
    await client.drain()
    first, _ = await typist.published(1)
    reading = []
    if len(text) >= LARGE:  # still being read: what does a keystroke take meanwhile?
        reading = [(await typist.keystroke(settle=False))[0] for _ in range(20)]
    while True:  # the first findings of all of it are followed by silence
        try:
            await asyncio.wait_for(client.published.get(), 5.0)
        except TimeoutError:
            break
    opened = resident(client.process.pid)
    timed = [await typist.keystroke(settle=True) for _ in range(edits)]
    line, whole = [one for one, _ in timed], [all_ for _, all_ in timed]
    own = stock(text, lines, min(edits, 20))
    print(
        f"{len(text) / 1e6:6.0f}{len(lines):>9,}{(first - began):9.2f}"
        f"   {spread(line)}   {spread(whole)}   {spread(own)}   {spread(reading) if reading else '':>16}{opened:>8.0f}"
        f"{resident(client.process.pid):>8.0f}",
        flush=True,
    )
    await client.close()


class Opened:
    """A document that is open in a server which tells when its handler of an edit was entered."""

    def __init__(self, client: Client, lines: list[str]) -> None:
        self.client = client
        self.lines = lines
        self.version = 1

    @classmethod
    async def open(cls, text: str, server: str) -> "Opened":
        """Start a server, open a document of that text, and wait until it was taken."""
        capabilities = {"general": {"positionEncodings": ["utf-16"]}}
        client = await Client.start(
            capabilities=capabilities, options={"status": True}, server=("tests.benchmarks.stamping", server)
        )
        client.tell("textDocument/didOpen", {"textDocument": {"uri": URI, "languageId": "jsonl", "version": 1, "text": text}})
        await client.ask(ENTERED, {})
        return cls(client, text.split("\n"))

    @property
    def linted(self) -> bool:
        """Whether all of the document was linted once."""
        return any(method == "tunelint/status" and params["state"] == "idle" for method, params in self.client.notifications)

    async def edit(self) -> float:
        """Put a character into some line, and return the seconds until the handler was entered."""
        line = random.randrange(len(self.lines) - 1)
        place = {"line": line, "character": len(self.lines[line]) // 2}
        self.version += 1
        change = {
            "textDocument": {"uri": URI, "version": self.version},
            "contentChanges": [{"range": {"start": place, "end": place}, "text": random.choice("ab,")}],
        }
        began = time.perf_counter()
        self.client.tell("textDocument/didChange", change)
        version, entered = await self.client.ask(ENTERED, {})
        assert version == self.version
        return float(entered) - began


async def handler_times(text: str, server: str, edits: int) -> list[float]:
    """Return the seconds from sending an edit to its handler's entry, so many times, before all of the document was linted once.

    Where that is too soon it is opened anew; the bare server never lints.
    """
    taken: list[float] = []
    while len(taken) < edits:
        opened = await Opened.open(text, server)
        while len(taken) < edits and not opened.linted:
            await asyncio.sleep(random.uniform(*PAUSES))
            taken.append(await opened.edit())
        await opened.client.close()
    return taken


async def handlers(text: str, edits: int) -> None:
    """Print a line of the second table."""
    own = await handler_times(text, "tunelint", edits)
    bare = await handler_times(text, "pygls", min(edits, BARE_EDITS))
    columns = "   ".join(f"{spread(times)} /{max(times) * 1e3:7.1f}" for times in (own, bare))
    print(f"{len(text) / 1e6:6.0f}{len(own):>9,}   {columns}", flush=True)


def main() -> None:
    """Make the files, time everything, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, nargs="*", default=[1, 10, 50])
    parser.add_argument("--edits", type=int, default=200)
    parser.add_argument("--tables", nargs="*", choices=TABLES, default=TABLES)
    arguments = parser.parse_args()
    random.seed(20_261_125)
    with tempfile.TemporaryDirectory() as folder:
        texts = []
        for megabytes in arguments.megabytes:
            path = Path(folder) / "train.jsonl"
            make_chat(path, megabytes)
            texts.append(path.read_text(encoding="utf-8"))
    if "keystrokes" in arguments.tables:
        print(
            f"{'MB':>6}{'lines':>9}{'first s':>9}   {'line':^16}   {'all':^16}   {'stock':^16}   {'while reading':^16}{'MiB':>8}{'later':>8}"
        )
        for text in texts:
            asyncio.run(measure(text, arguments.edits))
    if "handlers" in arguments.tables:
        print(f"\n{'MB':>6}{'edits':>9}   {'handler, first lint':^25}   {'handler, bare library':^25}")
        for text in (text for text in texts if len(text) >= LARGE):
            asyncio.run(handlers(text, arguments.edits))


if __name__ == "__main__":
    main()
