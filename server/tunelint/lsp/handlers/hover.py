"""Hover: why the findings here matter, and what the record is."""

from lsprotocol import types

from tunelint.analysis import messages
from tunelint.core.diagnostic import Diagnostic
from tunelint.lsp.analyst import AnalystGoneError
from tunelint.lsp.records import summary
from tunelint.lsp.server import TuneLintServer, guarded
from tunelint.rules import find_rule
from tunelint.rules.pages import title_of
from tunelint.text.lines import Position

__all__ = ["register"]


def register(server: TuneLintServer) -> None:
    """Answer hovers."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    @guarded("hover")
    async def hover(server: TuneLintServer, params: types.HoverParams) -> types.Hover | None:
        uri = params.text_document.uri
        file = server.files.get(uri)
        if file is None or params.position.line >= len(file.document.lines):
            return None
        position = file.document.position(params.position)
        pieces = []
        for one in file.shown:
            rule = find_rule(one.code) if _inside(one, position) else None
            if rule is not None:
                pieces.append(f"**{one.code} {one.name}** – {title_of(rule)}" + (f"\n\n{one.help}" if one.help else ""))
        try:
            answer = await server.analyst.ask(
                lambda number: messages.Ask(number, uri, "describe", position.line, position.column)
            )
        except AnalystGoneError:
            answer = messages.Answer(0)
        if isinstance(answer.result, str):  # of a config's key
            pieces.append(answer.result)
        elif answer.result:
            pieces.append(summary(answer.result))
        if not pieces:
            return None
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(pieces)))


def _inside(one: Diagnostic, position: Position) -> bool:
    return one.line - 1 == position.line and one.column - 1 <= position.column <= max(one.end_column - 1, one.column)
