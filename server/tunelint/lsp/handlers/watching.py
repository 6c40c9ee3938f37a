"""Settings of the editor, settings files and files on disk: what rests on them is linted again when they change."""

from typing import Any, Final

from lsprotocol import types

from tunelint.analysis import messages
from tunelint.lsp.files import name_of
from tunelint.lsp.server import TuneLintServer, guarded
from tunelint.lsp.settings_files import is_settings

__all__ = ["register"]

_CONFIGS: Final = (".yaml", ".yml")
"""Suffixes of files that no config names as its data."""


def register(server: TuneLintServer) -> None:
    """Follow settings and files."""

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    @guarded("settings")
    async def configured(server: TuneLintServer, params: types.DidChangeConfigurationParams) -> None:
        settings: Any = params.settings
        server.configuration.given(settings)
        await server.configuration.fetch_all()
        for uri in server.files:
            server.analyst.send(messages.Configure(uri, server.configuration.of(uri)))

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    @guarded("watching")
    def watched(server: TuneLintServer, params: types.DidChangeWatchedFilesParams) -> None:
        changed = {change.uri: change.type for change in params.changes}
        if any(is_settings(uri) or uri.endswith(".json") for uri in changed):
            server.analyst.send(messages.Refresh())
        paths = [name_of(uri) for uri in changed if uri not in server.files and not uri.endswith(_CONFIGS)]
        if paths:
            server.analyst.send(messages.Stale(paths))
        for uri, kind in changed.items():
            path = name_of(uri)
            if path not in server.from_disk or uri in server.files:
                continue
            if kind == types.FileChangeType.Deleted:
                server.publisher.clear(server.from_disk.pop(path))
            else:
                server.jobs.follow(uri)
