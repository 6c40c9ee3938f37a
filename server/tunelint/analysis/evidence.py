"""The other side of a link: what is said of a config in the documents of the datasets that are the reason.

A fault is counted once, where it can be mended by one change: in the config. Its related places in a dataset that is open are
shown there as information, each with the way back.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import PurePath

import msgspec

from tunelint.core.diagnostic import Diagnostic, RelatedPlace
from tunelint.core.finding import Handle, Severity
from tunelint.engine.session import Session

__all__ = ["Evidence", "evidence_in"]


def evidence_in(found: Iterable[Diagnostic], path: str) -> list[Diagnostic]:
    """Return what findings of configs say of a dataset, as information at the places there that are the reason."""
    return [
        Diagnostic(
            code=one.code,
            name=one.name,
            severity=Severity.INFORMATION,
            path=path,
            line=place.line,
            column=place.column,
            end_line=place.line,
            end_column=place.column,
            at="",
            message=f"{place.message}; {PurePath(one.path).name}: {one.message}",
            help=one.help,
            related=(RelatedPlace(one.path, one.line, one.column, one.message),),
            fingerprint=one.fingerprint,
        )
        for one in found
        for place in one.related
        if place.path != one.path and _same(place.path, path)
    ]


def _same(name: str, path: str) -> bool:
    return name == path or os.path.abspath(name) == os.path.abspath(path)  # noqa: PTH100  # pathlib's resolves links


class Evidence:
    """What configs say of one open document. It moves with the lines, and goes with a line that is edited."""

    def __init__(self) -> None:
        self._by_config: dict[str, list[tuple[Handle | None, Diagnostic]]] = {}

    def put(self, config: str, found: list[Diagnostic], session: Session | None) -> bool:
        """Replace what a config says, of the text as it is now; tell whether that changes anything."""
        if not found and config not in self._by_config:
            return False
        before = list(self.standing(session))
        self._by_config.pop(config, None)
        if found:
            self._by_config[config] = [(session.line(one.line - 1) if session is not None else None, one) for one in found]
        return before != list(self.standing(session))

    def standing(self, session: Session | None) -> Iterator[Diagnostic]:
        """Yield what is still true of the text, at the places that it has now."""
        for _, found in sorted(self.by_config(session).items()):
            yield from found

    def by_config(self, session: Session | None) -> dict[str, list[Diagnostic]]:
        """Return the same for each config."""
        return {config: list(_placed(marks, session)) for config, marks in self._by_config.items()}

    def clear(self) -> None:
        """Forget everything: the text has changed, and it is not known where."""
        self._by_config.clear()


def _placed(marks: Iterable[tuple[Handle | None, Diagnostic]], session: Session | None) -> Iterator[Diagnostic]:
    for handle, one in marks:
        if session is None and handle is None:
            yield one
        elif session is not None and handle is not None and (index := session.index_of(handle)) is not None:
            yield msgspec.structs.replace(one, line=index + 1, end_line=index + 1)
