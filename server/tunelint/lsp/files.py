"""The state of open documents: what was found in each, and how it follows the edits."""

import threading
from pathlib import Path
from typing import Final

from pygls.uris import to_fs_path

from tunelint.core.diagnostic import Diagnostic, FileReport
from tunelint.engine.linter import Linter, Request
from tunelint.engine.session import Session
from tunelint.engine.sources import SourceError
from tunelint.engine.sources.opening import DATASET_SUFFIXES, open_stream, plain_suffix
from tunelint.engine.sources.streams import from_bytes
from tunelint.lsp.documents import LineDocument
from tunelint.settings import SettingsError, SettingsFinder, resolve
from tunelint.settings.resolve import Overrides

__all__ = ["OpenFile", "is_dataset"]

_LANGUAGES: Final = frozenset({"jsonl", "ndjson"})
_ON_TYPING: Final = 4 << 20
"""Characters of the largest document that is read anew while the user types, where it has no lines to follow."""


def is_dataset(document: LineDocument) -> bool:
    """Tell whether a document may be a dataset, from its language or its name."""
    return document.language_id in _LANGUAGES or plain_suffix(document.filename or "") in DATASET_SUFFIXES - {".parquet", ".txt"}


class OpenFile:
    """One open dataset. `lint` may be called from any thread, by one caller at a time."""

    def __init__(self, document: LineDocument) -> None:
        self.document = document
        self.report: FileReport | None = None
        self.problem = ""
        self._session: Session | None = None
        self._request: Request | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The path of the document, or its address where it has none."""
        return to_fs_path(self.document.uri) or self.document.uri

    def settings_changed(self) -> None:
        """Forget what rests on the old settings."""
        self._session = None
        self._request = None

    def lint(self, finder: SettingsFinder) -> list[Diagnostic]:
        """Follow the edits since the last call, and return what is to be shown."""
        with self._lock:
            self._resolve(finder)
            assert self._request is not None
            changes = self.document.take_pending()
            try:
                if self._session is not None and all(change.start is not None for change in changes):
                    for change in changes:
                        assert change.start is not None
                        assert change.end is not None
                        self._session.edit(change.start, change.end, change.text)
                else:
                    self._session = Session(self.name, self.document.source, self._request)
            except ValueError:  # no JSON Lines: there are no lines to follow
                self._session = None
                return self._lint_whole()
            found = self._session.diagnostics()
            self.report = self._session.report(found)
            return found

    def _resolve(self, finder: SettingsFinder) -> None:
        if self._request is not None:
            return
        path = Path(self.name)
        try:
            self._request = resolve(path, finder.find(path.parent), Overrides()).request
            self.problem = ""
        except SettingsError as problem:
            self.problem = str(problem)
            self._request = resolve(path, SettingsFinder(isolated=True).find(path.parent), Overrides()).request

    def _lint_whole(self) -> list[Diagnostic]:
        assert self._request is not None
        source = self.document.source
        if self.report is not None and len(source) > _ON_TYPING:
            return self.report.diagnostics
        try:
            linter = Linter(open_stream(from_bytes(source.encode("utf-8", "surrogatepass"), self.name)), self._request)
            if linter.context.format is None and plain_suffix(self.name) == ".json":
                return []  # any JSON file may be open: only what is a dataset is linted
            self.report = linter.run()
        except SourceError as problem:
            self.problem = str(problem)
            return []
        return self.report.diagnostics
