"""Hover: why the findings here matter, and what the record is."""

from lsprotocol import types

from tunelint.analysis import messages
from tunelint.core.diagnostic import Diagnostic
from tunelint.lsp.analyst import AnalystGoneError
from tunelint.lsp.records import summary
from tunelint.lsp.server import TuneLintServer, guarded
from tunelint.rules import find_rule
from tunelint.rules.pages import title_of, why_of
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
        for code in dict.fromkeys(one.code for one in file.shown if _inside(one, position)):
            rule = find_rule(code)
            if rule is not None:  # what is wrong here and what to do says the diagnostic
                pieces.append(f"**{code} {rule.name}** – {title_of(rule)}\n\n{why_of(rule)}")
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
