"""Commands that clients call: fixing, linting from disk, baselines, facts for bug reports."""

import asyncio
import platform
import sys
from pathlib import Path
from typing import Any, Final

from lsprotocol import types

from tunelint import __version__
from tunelint.analysis import messages
from tunelint.cli.console import write_atomically
from tunelint.engine import baseline
from tunelint.lsp.files import name_of
from tunelint.lsp.handlers.code_actions import ADD_TO_BASELINE, asked_edits, to_workspace_edit
from tunelint.lsp.server import TuneLintServer
from tunelint.rules import all_rules
from tunelint.settings import SettingsFinder, resolve
from tunelint.settings.discovery import nearest_settings
from tunelint.settings.resolve import Overrides

__all__ = ["register"]

_BASELINE: Final = "tunelint-baseline.json"


def register(server: TuneLintServer) -> None:
    """Offer the commands."""

    @server.command("tunelint.fixAll")
    async def fix_all(server: TuneLintServer, uri: str) -> int:
        """Make all safe fixes of an open document; return how many edits that took."""
        file = server.files.get(uri)
        edits = await asked_edits(server, file, "mend") if file is not None else None
        if file is None or not edits:
            return 0
        await server.workspace_apply_edit_async(
            types.ApplyWorkspaceEditParams(to_workspace_edit(file, edits), "Fix all that can be fixed safely")
        )
        return len(edits)

    @server.command("tunelint.lintFile")
    async def lint_file(server: TuneLintServer, uri: str) -> dict[str, Any]:
        """Lint a file from disk."""
        return await server.jobs.lint([uri])

    @server.command("tunelint.lintWorkspace")
    async def lint_workspace(server: TuneLintServer) -> dict[str, Any]:
        """Lint all datasets of the workspace from disk."""
        folders = list(server.workspace.folders) or [server.workspace.root_uri or ""]
        return await server.jobs.lint([uri for uri in folders if uri], searched=True)

    @server.command(ADD_TO_BASELINE)
    def add_to_baseline(server: TuneLintServer, uri: str, code: str, fingerprint: str) -> str | None:
        """Add a finding of an open document to the baseline that its settings name, or to a new one beside them."""
        file = server.files.get(uri)
        one = next((one for one in file.shown if (one.code, one.fingerprint) == (code, fingerprint)), None) if file else None
        if file is None or one is None:
            return None
        path, named = _baseline_of(Path(file.name))
        known = baseline.load(path) if path.is_file() else baseline.Baseline(path.parent, {}, {})
        known.add(one)
        write_atomically(path, known.write())
        if not named:
            server.complain(f'wrote {path}; put baseline = "{path.name}" into the settings, so that it holds')
        server.analyst.send(messages.Refresh())
        return str(path)

    @server.command("tunelint.createBaseline")
    async def create_baseline(server: TuneLintServer, *rest: str) -> str | None:
        """Write a baseline of all findings of a file, or of the workspace; return where."""
        uri = rest[0] if rest else ""
        folders = list(server.workspace.folders.values())
        root = Path(name_of(folders[0].uri)) if folders else Path.cwd()
        target = Path(name_of(uri)) if uri else root
        path, named = _baseline_of(target)
        arguments = ["baseline", "create", "--force", "--baseline", str(path), str(target)]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tunelint", *arguments, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
        )
        _, said = await process.communicate()
        if process.returncode:
            server.complain(said.decode("utf-8", "replace").strip().splitlines()[-1] if said else "no baseline was written")
            return None
        if not named:
            server.complain(f'wrote {path}; put baseline = "{path.name}" into the settings, so that it holds')
        server.analyst.send(messages.Refresh())
        return str(path)

    @server.command("tunelint.info")
    def info(server: TuneLintServer) -> str:
        """Return what a bug report needs; nothing of any dataset."""
        longest = max((len(file.document.lines) for file in server.files.values()), default=0)
        lines = [
            f"tunelint {__version__}",
            f"Python {platform.python_version()} ({sys.implementation.name}), {platform.platform()}",
            f"client {server.client}, columns in {server.unit}",
            f"{len(all_rules())} rules, {len(server.files)} datasets open, the longest with {longest:,} lines",
        ]
        return "\n".join(lines)


def _baseline_of(path: Path) -> tuple[Path, bool]:
    """Return the baseline for a file, and whether its settings name it."""
    folder = path if path.is_dir() else path.parent
    resolved = resolve(folder / "x.jsonl", SettingsFinder().find(folder), Overrides())
    named = resolved.values.get("baseline")
    if named:
        return Path(resolved.source).parent / named, True
    settings = nearest_settings(folder)
    return (settings.parent if settings is not None else folder) / _BASELINE, False
