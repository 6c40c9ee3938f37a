"""Tokens of each record at the end of its line; only for the lines that the user sees, and only where that is switched on."""

from lsprotocol import types

from tunelint.analysis import messages
from tunelint.lsp.analyst import AnalystGoneError
from tunelint.lsp.server import TuneLintServer, guarded
from tunelint.text.lines import from_code_points, line_body

__all__ = ["register"]


def register(server: TuneLintServer) -> None:
    """Answer for inlay hints."""

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
    @guarded("inlay hints")
    async def hints(server: TuneLintServer, params: types.InlayHintParams) -> list[types.InlayHint]:
        uri = params.text_document.uri
        file = server.files.get(uri)
        if file is None or not server.configuration.flag(uri, "inlayHints"):
            return []
        first, last = params.range.start.line, params.range.end.line
        try:
            answer = await server.analyst.ask(lambda number: messages.Ask(number, uri, "lengths", first, last))
        except AnalystGoneError:
            return []
        if answer.version != file.document.version or not answer.result:
            return []
        found = []
        for line, total, trained in answer.result:
            text = file.document.lines[line]
            end = from_code_points(text, len(line_body(text)), server.unit)
            tip = f"{total:,} tokens in one pass, {trained:,} of them trained"
            found.append(types.InlayHint(types.Position(line, end), f" {total:,} tokens", tooltip=tip, padding_left=True))
        return found
