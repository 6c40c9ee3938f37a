"""Makes pages for tests and reads them as a browser would."""

import json
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from tests.linting import request
from tunelint.costs.report import CostReport
from tunelint.engine.sources.opening import open_stream
from tunelint.engine.sources.streams import from_bytes
from tunelint.report.page import About, Subject, page

ABOUT = About(version="1.2.3", today="2026-11-25")
VOID = {"meta", "input", "br", "hr"}


class Element:
    """An element of a page."""

    def __init__(self, name: str, attributes: dict[str, str | None]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Element | str] = []

    @property
    def text(self) -> str:
        """All text in it."""
        return "".join(one if isinstance(one, str) else one.text for one in self.children)

    def all(self, name: str = "", **attributes: str) -> list["Element"]:
        """Return the elements in it of that name, with those attributes."""
        found = []
        for one in self.children:
            if isinstance(one, Element):
                same = all(one.attributes.get(key.rstrip("_").replace("_", "-")) == value for key, value in attributes.items())
                found += [one] if same and name in {"", one.name} else []
                found += one.all(name, **attributes)
        return found

    def rows(self, caption: str) -> list[list[str]]:
        """Return the cells of the body of the table whose caption begins so."""
        (table,) = [one for one in self.all("table") if one.all("caption")[0].text.startswith(caption)]
        body = table.all("tbody")[0]
        return [[cell.text for cell in row.children if isinstance(cell, Element)] for row in body.all("tr")]


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]
        self.strange: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        one = Element(tag, dict(attrs))
        self.open[-1].children.append(one)
        if tag not in VOID:
            self.open.append(one)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].name == tag, f"<{self.open[-1].name}> is closed by </{tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

    def handle_comment(self, data: str) -> None:
        self.strange.append(data)


def tree(text: str) -> Element:
    """Return the tree of a page; every element must be closed by its own end, and there are no comments."""
    parser = _Tree()
    parser.feed(text)
    parser.close()
    assert len(parser.open) == 1
    assert parser.strange == []
    return parser.root


class Page:
    """A page with its elements and the data of its plots."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root = tree(text)
        (data,) = self.root.all("script", id="data")
        self.plots: dict[str, Any] = {one["section"]: one for one in json.loads(data.text)["plots"]}

    def section(self, name: str) -> Element:
        """Return a section by its id."""
        (found,) = self.root.all("section", id=name)
        return found

    def has(self, name: str) -> bool:
        """Tell whether there is a section of that id."""
        return bool(self.root.all("section", id=name))

    def data(self, name: str) -> Any:
        """Return the data of a section's plot."""
        return self.plots[name]["data"]


def subject(data: bytes | str, name: str = "train.jsonl", **options: Any) -> Subject:
    """Return bytes as a dataset of that name."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    return Subject(open_stream(from_bytes(raw, name)), request(**options), Path(name))


def page_of(*subjects: Subject, costs: Sequence[CostReport] = ()) -> Page:
    """Return the page of some datasets."""
    return Page(page(subjects, ABOUT, costs=costs))


def chat(*turns: str, system: str = "") -> str:
    """Return a line: turns of user and assistant by turns."""
    roles = ("user", "assistant")
    messages = [{"role": roles[index % 2], "content": text} for index, text in enumerate(turns)]
    if system:
        messages.insert(0, {"role": "system", "content": system})
    return json.dumps({"messages": messages}, ensure_ascii=False) + "\n"
