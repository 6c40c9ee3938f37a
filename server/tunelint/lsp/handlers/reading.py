"""What the user says of the first reading of a document: what is looked at is read first, and reading can be cancelled."""

from lsprotocol import types

from tunelint.analysis import messages
from tunelint.lsp.server import TuneLintServer, guarded

__all__ = ["register"]


def register(server: TuneLintServer) -> None:
    """Listen to the user."""

    @server.feature(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)
    @guarded("cancelling")
    def cancelled(server: TuneLintServer, params: types.WorkDoneProgressCancelParams) -> None:
        key = server.progresses.key_of(params.token)
        file = server.files.get(key) if key is not None else None
        if file is not None:
            file.following = False
            server.analyst.send(messages.Close(file.document.uri))
            server.progresses.end(file.document.uri)
        elif key is not None:
            server.jobs.cancel(key)
            server.programs.cancel(key)

    @server.feature("tunelint/visible")
    @guarded("visible lines")
    def visible(server: TuneLintServer, params: object) -> None:
        """Read what the user looks at first: `uri`, and `first` and `last` line from 0."""
        uri, first, last = (getattr(params, name, None) for name in ("uri", "first", "last"))
        if isinstance(uri, str) and isinstance(first, int) and isinstance(last, int) and uri in server.files:
            server.analyst.send(messages.Seen(uri, first, last))
