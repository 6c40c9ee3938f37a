"""HTML that cannot forget to escape: what is not `Html` already is text, and text is escaped."""

import html
import re
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import quote

from tunelint.report.style import visible
from tunelint.text.numbers import significant
from tunelint.text.secrets import masked

__all__ = ["EMPTY", "Html", "bullets", "capital", "clipped", "data_table", "details", "excerpt", "joined", "lines_of", "tag"]


class Html(str):
    """Markup that is fit for a page as it stands."""

    __slots__ = ()


EMPTY: Final = Html()
_VOID: Final = frozenset({"meta", "input", "br", "hr"})
_NUMBER: Final = re.compile(r"(?:\$?[\d.,]+ ?[%kKM]?(?: \(.*\))?)?")
_CUT: Final = "\u2026"


def escaped(text: str) -> Html:
    """Return a text as markup; characters that are hidden or that no UTF-8 has are named."""
    return Html(html.escape("\n".join(map(visible, text.split("\n"))), quote=True))


def tag(name: str, /, *children: object, **attributes: object) -> Html:
    """Return an element. Attributes that are None or False are left out, those that are True have no value.

    ``data_line`` stands for ``data-line``, ``class_`` for ``class``.
    """
    said = []
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        attribute = key.rstrip("_").replace("_", "-")
        said.append(f" {attribute}" if value is True else f' {attribute}="{escaped(str(value))}"')
    start = f"<{name}{''.join(said)}>"
    return Html(start) if name in _VOID else Html(f"{start}{joined(children)}</{name}>")


def joined(children: Iterable[object]) -> Html:
    """Return children one after the other; None stands for nothing."""
    return Html("".join(one if isinstance(one, Html) else escaped(str(one)) for one in children if one is not None))


def clipped(text: str, most: int) -> str:
    """Return at most so many characters of a text."""
    return text if len(text) <= most else f"{text[: most - 1]}{_CUT}"


_SEARCHED: Final = 8_192
"""Characters behind an excerpt that are searched for credentials, so that none is shown in part: more than a private key has."""


def excerpt(text: str, most: int) -> str:
    """Return the beginning of a text in one line, with dots in the place of credentials."""
    return clipped(" ".join(masked(text[: most + _SEARCHED]).split()), most)


def lines_of(text: str, most: int) -> str:
    """Return the beginning of a text with its lines, with dots in the place of credentials."""
    return clipped(masked(text[: most + _SEARCHED]).replace("\r\n", "\n").replace("\r", "\n"), most)


def capital(text: str) -> str:
    """Return a text that begins with a capital."""
    return text[:1].upper() + text[1:]


def bullets(items: Iterable[object], **attributes: object) -> Html:
    """Return a list; nothing for no items."""
    found = [tag("li", item) for item in items]
    return tag("ul", *found, **attributes) if found else EMPTY


def details(summary: str, *children: object, open_: bool = False) -> Html:
    """Return what is folded away below a line."""
    return tag("details", tag("summary", summary), *children, open=open_)


def data_table(caption: str, heads: Sequence[str], rows: Iterable[Iterable[object]], **attributes: object) -> Html:
    """Return a table whose first column names its rows; numbers stand at the right. It scrolls by itself where it is too wide."""
    listed = [list(row) for row in rows]
    columns = list(zip(*listed, strict=True))
    looks = ["number" if index and all(map(_is_number, column)) else None for index, column in enumerate(columns)]
    body = []
    for first, *rest in listed:
        cells = [tag("td", _shown(cell), class_=look) for cell, look in zip(rest, looks[1:], strict=True)]
        body.append(tag("tr", tag("th", _shown(first), scope="row"), *cells))
    named = zip(heads, looks or [None] * len(heads), strict=True)
    head = tag("thead", tag("tr", *[tag("th", one, scope="col", class_=look) for one, look in named]))
    table = tag("table", tag("caption", caption), head, tag("tbody", *body), **attributes)
    return tag("div", table, class_="scroll", tabindex="0", role="region", aria_label=caption)


def _is_number(cell: object) -> bool:
    """Tell whether a cell is a number, or an amount or a share in words."""
    return isinstance(cell, int | float) or (isinstance(cell, str) and _NUMBER.fullmatch(cell) is not None)


def _shown(cell: object) -> object:
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return cell
    return f"{cell:,}" if isinstance(cell, int) else significant(cell, 4)


def editor_link(path: str, line: int, column: int) -> str:
    """Return the address that opens a place in Visual Studio Code; `path` is absolute."""
    slashed = path.replace("\\", "/")
    rooted = slashed if slashed.startswith("/") else f"/{slashed}"
    return f"vscode://file{quote(rooted.encode('utf-8', 'surrogateescape'), safe='/:')}:{line}:{column}"
