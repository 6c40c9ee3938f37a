"""What a page is about, and what it may hold at most."""

from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from tunelint.engine.linter import Request
from tunelint.engine.sources import Source
from tunelint.report.page.html import Html, editor_link, tag

__all__ = ["BUDGET", "About", "Budget", "Plot", "Section", "Subject", "place"]


class Subject(NamedTuple):
    """One dataset: where its records come from, what is asked of it, and the file that links open."""

    source: Source
    request: Request
    path: Path

    @property
    def name(self) -> str:
        """The file's name as the user gave it."""
        return self.source.facts.name


class About(msgspec.Struct, frozen=True, kw_only=True):
    """Who made the page, and on which day, as ``2026-11-25``."""

    version: str
    today: str


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a dataset stands in the page one by one; all else is counted. Every number is that of one dataset."""

    points: int = 800
    """Records on the map."""
    rows: int = 400
    """Records in the table."""
    places: int = 12
    """Places of each rule."""
    clusters: int = 15
    characters: int = 160
    """Characters of a record's request and of its answer."""
    prompt: int = 60_000
    """Characters of the prompt."""
    datasets: int = 8
    """Datasets with sections of their own."""

    def shared_by(self, datasets: int) -> "Budget":
        """Return the budget of each of several datasets."""
        return self.cut(1 / max(min(datasets, self.datasets), 1))

    def cut(self, share: float) -> "Budget":
        """Return a smaller budget."""
        return msgspec.structs.replace(
            self,
            points=max(int(self.points * share), _LEAST),
            rows=max(int(self.rows * share), _LEAST),
            places=max(int(self.places * share), 2),
            clusters=max(int(self.clusters * share), 3),
            prompt=max(int(self.prompt * share), 2_000),
        )


_LEAST: Final = 20
BUDGET: Final = Budget()


class Plot(NamedTuple):
    """What the script of the page draws, in the one figure of its section: a kind that it knows, and plain data."""

    kind: str
    data: dict[str, Any]


class Section(NamedTuple):
    """A part of the page: the word that the contents list says, the markup, and what is drawn in it."""

    name: str
    title: str
    body: Html
    plots: tuple[Plot, ...] = ()


def place(path: Path, name: str, line: int, column: int = 1) -> Html:
    """Return a link to a place in a file, written as ``path:line`` or, without a name, as the line alone."""
    return tag(
        "a",
        f"{name}:{line}" if name else f"line {line:,}",
        href=editor_link(str(path.absolute()), line, column),
        data_path=str(path.absolute()),
        data_line=line,
        data_column=column,
    )
