"""Hover: what a record is, and why its findings matter."""

from lsprotocol import types

from tunelint.core.record import Record
from tunelint.lsp.server import TuneLintServer, guarded
from tunelint.rules import find_rule
from tunelint.rules.pages import title_of

__all__ = ["register"]


def register(server: TuneLintServer) -> None:
    """Answer hovers."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    @guarded("hover")
    def hover(server: TuneLintServer, params: types.HoverParams) -> types.Hover | None:
        file = server.files.get(params.text_document.uri)
        if file is None or file.report is None:
            return None
        position = file.document.position(params.position)
        lines = []
        for one in file.report.diagnostics:
            inside = one.line - 1 == position.line and one.column - 1 <= position.column <= max(one.end_column - 1, one.column)
            rule = find_rule(one.code) if inside else None
            if rule is not None:
                lines.append(f"**{one.code} {one.name}** – {title_of(rule)}")
                if one.help:
                    lines.append(one.help)
        summary = _summary(file.document.lines[position.line]) if position.line < len(file.document.lines) else ""
        if summary:
            lines.append(summary)
        if not lines:
            return None
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, "\n\n".join(lines)))


def _summary(line: str) -> str:
    """Describe a record of messages in a line."""
    value = Record(line.strip().encode("utf-8", "surrogatepass")).value
    if not isinstance(value, dict):
        return ""
    messages = value.get("messages", value.get("conversations"))
    if not isinstance(messages, list):
        return f"{len(line.strip()):,} characters; keys: {', '.join(map(str, list(value)[:8]))}"
    roles = [str(one.get("role", one.get("from", "?"))) for one in messages if isinstance(one, dict)]
    return f"{len(messages)} turns ({' → '.join(roles[:8])}{' …' if len(roles) > 8 else ''}), {len(line.strip()):,} characters"
