"""Progress of long work in the client, which the user can cancel there."""

import uuid
from typing import TYPE_CHECKING, Final

from lsprotocol import types

if TYPE_CHECKING:
    from tunelint.lsp.server import TuneLintServer

__all__ = ["Progresses"]

_WHOLE: Final = 100


class Progresses:
    """The pieces of work that the client shows, by a key such as a document's address."""

    def __init__(self, server: "TuneLintServer") -> None:
        self._server = server
        self._tokens: dict[str, str] = {}
        self._begun: set[str] = set()

    def report(self, key: str, title: str, done: int, total: int, message: str | None = None) -> None:
        """Show how far a piece of work is, and what of it is being done."""
        window = self._server.client_capabilities.window
        if window is None or not window.work_done_progress:
            return
        share = min(_WHOLE * done // max(total, 1), _WHOLE)
        token = self._tokens.get(key)
        if token is None:
            self._tokens[key] = uuid.uuid4().hex
            self._server.spawn(self._begin(key, title, share))
        elif token in self._begun:
            self._server.work_done_progress.report(token, types.WorkDoneProgressReport(message=message, percentage=share))

    async def _begin(self, key: str, title: str, share: int) -> None:
        token = self._tokens[key]
        await self._server.work_done_progress.create_async(token)
        if self._tokens.get(key) == token:
            begin = types.WorkDoneProgressBegin(title, cancellable=True, percentage=share)
            self._server.work_done_progress.begin(token, begin)
            self._begun.add(token)

    def end(self, key: str) -> None:
        """Tell that a piece of work is done."""
        token = self._tokens.pop(key, None)
        if token in self._begun:
            assert token is not None
            self._begun.discard(token)
            self._server.work_done_progress.end(token, types.WorkDoneProgressEnd())

    def key_of(self, token: object) -> str | None:
        """Return the piece of work that a token stands for."""
        return next((key for key, known in self._tokens.items() if known == token), None)
