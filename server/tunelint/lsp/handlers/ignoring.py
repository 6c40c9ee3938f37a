"""Ways not to see a finding again: in a comment beside it, in the settings, or in the baseline.

Datasets have no comments, so there a single finding goes into the baseline, where it is known by the content of its record.
"""

import asyncio
import functools
import sys
from pathlib import Path
from typing import Any, Final

from lsprotocol import types
from pygls.uris import to_fs_path

from tunelint.analysis import messages
from tunelint.cli.console import write_atomically
from tunelint.core.errors import UserError
from tunelint.engine import baseline
from tunelint.lsp.files import OpenFile, name_of
from tunelint.lsp.server import TuneLintServer
from tunelint.lsp.settings_edits import change_settings, settings_for
from tunelint.settings import SettingsFinder, resolve
from tunelint.settings.editing import assigning, ignoring
from tunelint.settings.resolve import Overrides, relative_name

__all__ = ["register", "ways_to_ignore"]

IGNORE: Final = "tunelint.ignore"
ADD_TO_BASELINE: Final = "tunelint.addToBaseline"
_BASELINE: Final = "tunelint-baseline.json"


def register(server: TuneLintServer) -> None:
    """Offer the commands."""

    @server.command(IGNORE)
    async def ignore(server: TuneLintServer, uri: str, code: str, *rest: str) -> str | None:
        """Switch a rule off, everywhere or, where `rest` says ``file``, in one file; return the settings file that says so."""
        path = Path(name_of(uri))
        settings = settings_for(server, path)
        pattern = relative_name(path, settings.parent) if "file" in rest else ""
        pyproject = settings.name == "pyproject.toml"
        insert = functools.partial(ignoring, code=code, pyproject=pyproject, pattern=pattern)
        if not await change_settings(server, settings, insert):
            return None
        server.tell(f"{code} is ignored {f'in {path.name}' if pattern else 'everywhere'} ({settings.name})")
        return str(settings)

    @server.command(ADD_TO_BASELINE)
    async def add_to_baseline(server: TuneLintServer, uri: str, code: str, fingerprint: str) -> str | None:
        """Add a finding of an open document to the baseline that its settings name, or to a new one that they name then."""
        file = server.files.get(uri)
        one = next((one for one in file.shown if (one.code, one.fingerprint) == (code, fingerprint)), None) if file else None
        if file is None or one is None:
            server.complain("the document has changed in the meantime; try again")
            return None
        try:
            path, named = _baseline_of(server, Path(file.name))
            known = baseline.load(path) if path.is_file() else baseline.Baseline(path.parent, {}, {})
            known.add(one)
            write_atomically(path, known.write())
        except UserError as problem:
            server.complain(str(problem))
            return None
        return await _hold(server, path, Path(file.name), named=named)

    @server.command("tunelint.createBaseline")
    async def create_baseline(server: TuneLintServer, *rest: str) -> str | None:
        """Write a baseline of all findings of a file, or of the workspace; return where."""
        uri = rest[0] if rest else ""
        folders = list(server.workspace.folders.values())
        root = Path(name_of(folders[0].uri)) if folders else Path.cwd()
        target = Path(name_of(uri)) if uri else root
        try:
            path, named = _baseline_of(server, target)
        except UserError as problem:
            server.complain(str(problem))
            return None
        arguments = ["baseline", "create", "--force", "--baseline", str(path), str(target)]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tunelint", *arguments, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
        )
        _, said = await process.communicate()
        if process.returncode:
            server.complain(said.decode("utf-8", "replace").strip().splitlines()[-1] if said else "no baseline was written")
            return None
        if named:
            server.tell(f"wrote {path}")
        return await _hold(server, path, target, named=named)


async def _hold(server: TuneLintServer, baseline_path: Path, of: Path, *, named: bool) -> str:
    """See to it that a baseline that was written holds: the settings name it."""
    if named:
        server.analyst.send(messages.Refresh())
    else:
        settings = settings_for(server, of)
        pyproject = settings.name == "pyproject.toml"
        insert = functools.partial(assigning, key="baseline", value=baseline_path.name, pyproject=pyproject)
        if await change_settings(server, settings, insert):
            server.tell(f"wrote {baseline_path.name}, named in {settings.name}")
    return str(baseline_path)


def _baseline_of(server: TuneLintServer, path: Path) -> tuple[Path, bool]:
    """Return the baseline for a file, and whether its settings name it; raises SettingsError for settings that are broken."""
    folder = path if path.is_dir() else path.parent
    resolved = resolve(folder / "x.jsonl", SettingsFinder().find(folder), Overrides())
    named = resolved.values.get("baseline")
    if named:
        return Path(resolved.source).parent / named, True
    return settings_for(server, path).parent / _BASELINE, False


def ways_to_ignore(server: TuneLintServer, one: types.Diagnostic, file: OpenFile) -> list[types.CodeAction]:
    """Return the actions that switch the rule of a finding off, and the one that adds the finding to the baseline."""
    uri = file.document.uri
    if to_fs_path(uri) is None:
        return []  # no file that settings could speak of
    data: Any = one.data
    code, path = data["code"], Path(file.name)
    settings = settings_for(server, path).name
    commands = (
        types.Command(f"Ignore {code} in {path.name} ({settings})", IGNORE, arguments=[uri, code, "file"]),
        types.Command(f"Ignore {code} everywhere ({settings})", IGNORE, arguments=[uri, code]),
        types.Command(f"Add this {code} to the baseline", ADD_TO_BASELINE, arguments=[uri, code, data["fingerprint"]]),
    )
    kind = types.CodeActionKind.QuickFix
    return [types.CodeAction(command.title, kind=kind, diagnostics=[one], command=command) for command in commands]
