"""The report page of a dataset: written to a file that the client shows."""

import tempfile
from pathlib import Path
from typing import Final

from tunelint.lsp.handlers.prompts import saved_path
from tunelint.lsp.server import TuneLintServer

__all__ = ["register"]

_FOLDER: Final = "tunelint-report-"


def register(server: TuneLintServer) -> None:
    """Offer the command."""
    folder: list[tempfile.TemporaryDirectory[str]] = []

    @server.command("tunelint.writeReport")
    async def write_report(server: TuneLintServer, uri: str, *rest: str) -> str | None:
        """Write the report page of an open dataset to a file of this session; return its path. `rest` may name a config."""
        path = saved_path(server, uri)
        if path is None:
            return None
        if not folder:
            folder.append(tempfile.TemporaryDirectory(prefix=_FOLDER))
        target = Path(folder[0].name) / f"{path.stem}-{abs(hash(uri)):x}.html"
        arguments = ["report", str(path), "-o", str(target), *(word for one in rest for word in ("--config", one))]
        ended = await server.programs.run(f"Drawing the report of {path.name}", arguments, path.parent)
        if ended.problem:
            server.complain(ended.problem)
            return None
        return str(target)
