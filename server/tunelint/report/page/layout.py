"""Puts sections together to a page: head, policy, contents, and the data that its script draws."""

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

from tunelint.report.page.html import Html, data_table, tag
from tunelint.report.page.reading import Reading
from tunelint.report.page.subject import About, Section

__all__ = ["Block", "render", "script_data"]

_SCRIPTS: Final = ("plot.js", "page.js")
_STYLE: Final = "page.css"


class Block(NamedTuple):
    """The sections of one file, or of what is `between` files; `reading` is that of a dataset."""

    name: str
    reading: Reading | None
    sections: tuple[Section, ...]
    between: bool = False


@cache
def _asset(name: str) -> str:
    return files("tunelint.report.page").joinpath("assets", name).read_text(encoding="utf-8")


def _policy() -> str:
    """Return the policy: the scripts of the package by their hashes and no others, and no request to anywhere."""
    hashes = [base64.b64encode(hashlib.sha256(_asset(name).encode()).digest()).decode() for name in _SCRIPTS]
    scripts = " ".join(f"'sha256-{one}'" for one in hashes)
    return f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def script_data(value: Any) -> Html:
    """Return JSON that cannot end the element that it stands in, nor begin another one."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Html(text)


def render(blocks: Sequence[Block], about: About, readings: Sequence[Reading]) -> str:
    """Return the text of the page."""
    several = len(blocks) > 1
    plots = []
    parts = []
    for number, block in enumerate(blocks):
        parts.append(_block(block, number, several=several))
        plots += [
            {"section": _named(section.name, number), "kind": plot.kind, "path": _path(block), "data": plot.data}
            for section in block.sections
            for plot in section.plots
        ]
    names = ", ".join(block.name for block in blocks if not block.between)
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_policy()),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="generator", content=f"tunelint {about.version}"),
        tag("title", f"{names} \u2013 TuneLint report"),
        tag("style", Html(_asset(_STYLE))),
    )
    body = tag(
        "body",
        tag("a", "Skip to the report", href="#main", class_="skip"),
        tag("header", tag("h1", names), _facts(readings), tag("p", f"TuneLint {about.version}, {about.today}", class_="note")),
        _contents(blocks, several=several),
        tag("main", *parts, id="main"),
        tag("script", script_data({"plots": plots}), type="application/json", id="data"),
        *(tag("script", Html(_asset(name))) for name in _SCRIPTS),
    )
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang='en')}\n"


def _path(block: Block) -> str:
    return str(block.reading.subject.path.absolute()) if block.reading is not None else ""


def _named(name: str, number: int) -> str:
    return f"{name}-{number}"


def _block(block: Block, number: int, *, several: bool) -> Html:
    level = "h3" if several else "h2"
    sections = []
    for section in block.sections:
        name = _named(section.name, number)
        heading = tag(level, section.title, id=f"h-{name}")
        sections.append(
            tag("section", heading, section.body, id=name, aria_labelledby=f"h-{name}", class_=f"card {section.name}")
        )
    title = tag("h2", block.name, class_="file") if several else None
    return tag("div", title, *sections, class_="block")


def _contents(blocks: Sequence[Block], *, several: bool) -> Html:
    items = []
    for number, block in enumerate(blocks):
        links = [tag("a", section.name, href=f"#{_named(section.name, number)}") for section in block.sections]
        items.append(tag("li", tag("strong", block.name) if several else None, *links))
    return tag("nav", tag("ul", *items), aria_label="Contents")


def _facts(readings: Sequence[Reading]) -> Html | None:
    if not readings:
        return None
    rows = []
    for reading in readings:
        report = reading.report
        tokens = report.tokens
        rows.append(
            (
                report.path,
                report.format or "none known",
                report.records,
                reading.distinct,
                tokens.total if tokens is not None else "",
                tokens.trained if tokens is not None else "",
            )
        )
    return data_table("What was read", ("file", "format", "records", "different", "tokens", "trained"), rows, class_="facts")
