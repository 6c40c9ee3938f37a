"""Changes to settings files that a user asks for at a finding: made on disk, so that they hold at once in every editor.

An edit in a buffer would hold only once the buffer is saved, and editors leave other files than the one looked at unsaved. Only
where the settings are open with changes that are not saved yet, the client is asked to make the edit there.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from tunelint.analysis import messages
from tunelint.cli.console import write_atomically
from tunelint.core.errors import UserError
from tunelint.lsp.files import name_of
from tunelint.settings.discovery import nearest_settings
from tunelint.settings.editing import Insertion
from tunelint.text.lines import LineStore, from_code_points

if TYPE_CHECKING:
    from tunelint.lsp.server import TuneLintServer

__all__ = ["change_settings", "settings_for"]


def settings_for(server: "TuneLintServer", path: Path) -> Path:
    """Return the settings file that holds for a file or folder, or the one to create: at the root of its workspace folder."""
    folder = path if path.is_dir() else path.parent
    nearest = nearest_settings(folder)
    if nearest is not None:
        return nearest
    roots = [Path(name_of(one.uri)) for one in server.workspace.folders.values()]
    around = [root for root in roots if path.is_relative_to(root)]
    return max(around, key=lambda root: len(root.parts), default=folder) / "tunelint.toml"


async def change_settings(server: "TuneLintServer", path: Path, insert: Callable[[str], Insertion | None]) -> bool:
    """Put into a settings file what `insert` says for its text, and lint anew; where that fails, tell the user why."""
    try:
        saved = path.read_bytes().decode("utf-8") if path.is_file() else ""
    except (OSError, UnicodeDecodeError) as problem:
        server.complain(f"{path} cannot be read ({problem})")
        return False
    documents = server.workspace.text_documents
    opened = next(((uri, one.source) for uri, one in documents.items() if name_of(uri) == str(path)), None)
    unsaved = opened is not None and opened[1] != saved
    text = opened[1] if opened is not None and unsaved else saved
    insertion = insert(text)
    if insertion is None:
        server.complain(f"{path.name} says so already, or is written in a way that cannot be followed; change it by hand")
        return False
    if opened is not None and unsaved:
        return await _edit_buffer(server, opened[0], path, text, insertion)
    try:
        write_atomically(path, (text[: insertion.offset], insertion.text, text[insertion.offset :]))
    except UserError as problem:
        server.complain(str(problem))
        return False
    server.analyst.send(messages.Refresh())
    return True


async def _edit_buffer(server: "TuneLintServer", uri: str, path: Path, text: str, insertion: Insertion) -> bool:
    lines = LineStore(text[: insertion.offset]).lines
    where = types.Position(len(lines) - 1, from_code_points(lines[-1], len(lines[-1]), server.unit))
    edit = types.TextEdit(types.Range(where, where), insertion.text)
    changes = types.WorkspaceEdit(changes={uri: [edit]})
    answer = await server.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(changes, f"Change {path.name}"))
    if answer.applied:
        server.tell(f"save {path.name}, which has changes of yours: then it holds")
    else:
        server.complain(f"{path.name} is open and was not changed")
    return answer.applied
