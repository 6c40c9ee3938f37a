"""Commands that return pages to be read: those of rules, and records laid out."""

from tunelint.analysis import messages
from tunelint.lsp.analyst import AnalystGoneError
from tunelint.lsp.records import preview
from tunelint.lsp.server import TuneLintServer
from tunelint.rules import find_rule
from tunelint.rules.pages import rule_page

__all__ = ["register"]


def register(server: TuneLintServer) -> None:
    """Offer the commands."""

    @server.command("tunelint.explainRule")
    def explain(server: TuneLintServer, code: str) -> str | None:
        """Return the page of a rule."""
        rule = find_rule(code)
        return rule_page(rule) if rule is not None else None

    @server.command("tunelint.previewRecord")
    async def preview_record(server: TuneLintServer, uri: str, line: int) -> str | None:
        """Return a record, laid out to be read."""
        try:
            answer = await server.analyst.ask(lambda number: messages.Ask(number, uri, "describe", line, line))
        except AnalystGoneError:
            return None
        return preview(answer.result, line + 1) if answer.result else None
