"""A line above the first: what the file is taken for, how large it is, what was found; and above each dataset in a config."""

from pathlib import Path
from typing import Final

from lsprotocol import types
from pygls.uris import from_fs_path

from tunelint.analysis.messages import Facts
from tunelint.lsp.server import TuneLintServer, guarded

__all__ = ["register"]

SHOW_DATASET: Final = "tunelint.showDataset"


def register(server: TuneLintServer) -> None:
    """Offer the lens."""

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    @guarded("code lens")
    def lens(server: TuneLintServer, params: types.CodeLensParams) -> list[types.CodeLens]:
        file = server.files.get(params.text_document.uri)
        if file is None or file.facts is None or not (file.facts.records or file.facts.summary):
            return []
        title = _title(file.facts) if file.complete else "TuneLint is reading …"
        found = [_at(0, types.Command(title, ""))]
        for one in file.facts.datasets:
            command = types.Command(one.title, SHOW_DATASET, arguments=[one.path])
            found.append(_at(one.line, command))
        return found

    @server.command(SHOW_DATASET)
    async def show_dataset(server: TuneLintServer, path: str) -> bool:
        """Show a dataset that an open config names."""
        known = {one.path for file in server.files.values() if file.facts is not None for one in file.facts.datasets}
        window = server.client_capabilities.window
        uri = from_fs_path(str(Path(path).absolute()))
        if path not in known or uri is None or window is None or window.show_document is None or not window.show_document.support:
            return False
        return (await server.window_show_document_async(types.ShowDocumentParams(uri, take_focus=True))).success


def _at(line: int, command: types.Command) -> types.CodeLens:
    start = types.Position(line, 0)
    return types.CodeLens(types.Range(start, start), command=command)


def _title(facts: Facts) -> str:
    """Return what is known in a line; what matters most stands first, because an editor cuts off what is too long for it."""
    findings = ", ".join(
        [
            f"{count:,} {severity}{'s' if count != 1 and severity != 'information' else ''}"
            for severity, count in facts.counts.items()
            if count
        ][:2]
    )
    if facts.summary:
        name, *costs = facts.summary.split(" · ")
        return " · ".join([name, findings or "nothing found", *costs])
    parts = [f"{facts.records:,} record{'s' if facts.records != 1 else ''}", facts.format or "no known format"]
    if facts.tokens is not None and facts.tokens.total:
        parts.append(f"{facts.tokens.total:,} tokens ({facts.tokens.trained:,} trained)")
    if facts.target:
        parts.append(f"for {facts.target}")
    parts.append(findings or "nothing found")
    if facts.verdict:
        parts.append(facts.verdict)
    return " · ".join(parts)
