"""Records as symbols, so that an outline and a jump to a record work; capped, because a file may have a million."""

from typing import Final

from lsprotocol import types

from tunelint.lsp.server import TuneLintServer, guarded
from tunelint.text.lines import from_code_points, line_body

__all__ = ["register"]

_MOST: Final = 1_000
_LABEL: Final = 60


def register(server: TuneLintServer) -> None:
    """Answer for symbols."""

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    @guarded("symbols")
    def symbols(server: TuneLintServer, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        file = server.files.get(params.text_document.uri)
        if file is None or not file.record_a_line:
            return []
        found: list[types.DocumentSymbol] = []
        for index, line in enumerate(file.document.lines):
            body = line_body(line)
            if not body.strip():
                continue
            if len(found) >= _MOST:
                break
            whole = types.Range(types.Position(index, 0), types.Position(index, from_code_points(line, len(body), server.unit)))
            start = types.Range(whole.start, whole.start)
            label = body.strip()[:_LABEL]
            found.append(types.DocumentSymbol(f"{index + 1}: {label}", types.SymbolKind.Object, whole, start))
        return found
