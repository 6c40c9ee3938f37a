"""Start and end: what the client can do and wants, the process that follows documents, and the files that are watched.

``initializationOptions`` may hold `settings` (as in the section ``tunelint``), `status` (true: send ``tunelint/status``),
`ruleScheme` (link codes to pages of rules under this scheme) and `diagnostics` (``pull``: answer instead of pushing).
"""

from typing import Any, Final

from lsprotocol import types

from tunelint.lsp.handlers import pull
from tunelint.lsp.server import TuneLintServer, end_with, guarded, use_own_documents

__all__ = ["register"]

_WATCHED: Final = ("**/{tunelint,.tunelint,pyproject}.toml", "**/*.{jsonl,ndjson,yaml,yml}", "**/tunelint-baseline*.json")


def register(server: TuneLintServer) -> None:
    """Follow the life of the server."""

    @server.feature(types.INITIALIZE)
    @guarded("starting")
    def initialize(server: TuneLintServer, params: types.InitializeParams) -> None:
        use_own_documents(server)
        end_with(params.process_id)
        if params.client_info is not None:
            server.client = f"{params.client_info.name} {params.client_info.version or ''}".strip()
        options: Any = params.initialization_options
        server.options = options if isinstance(options, dict) else {}
        server.rule_scheme = str(server.options.get("ruleScheme") or "")
        server.configuration.given(server.options.get("settings") or {})
        if pull.wanted(server, params.capabilities):
            pull.register_now(server)

    @server.feature(types.INITIALIZED)
    @guarded("starting")
    async def initialized(server: TuneLintServer, params: types.InitializedParams) -> None:
        server.analyst.start()
        workspace = server.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace is not None else None
        if watching is not None and watching.dynamic_registration:
            watchers = [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
            registration = types.Registration("watched-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            await server.client_register_capability_async(types.RegistrationParams([registration]))

    @server.feature(types.SHUTDOWN)
    @guarded("ending")
    async def shutdown(server: TuneLintServer, params: Any = None) -> None:
        server.programs.cancel_all()
        await server.analyst.stop()
