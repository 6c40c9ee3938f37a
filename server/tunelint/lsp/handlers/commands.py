"""Commands: the page of a rule, for clients that show it."""

from typing import Any, Final

from lsprotocol import types

from tunelint.lsp.server import TuneLintServer, guarded
from tunelint.rules import find_rule
from tunelint.rules.pages import rule_page

__all__ = ["EXPLAIN", "register"]

EXPLAIN: Final = "tunelint.explainRule"


def register(server: TuneLintServer) -> None:
    """Offer the commands."""

    @server.feature(types.WORKSPACE_EXECUTE_COMMAND, types.ExecuteCommandOptions(commands=[EXPLAIN]))
    @guarded("commands")
    def execute(server: TuneLintServer, params: types.ExecuteCommandParams) -> Any:
        if params.command == EXPLAIN and params.arguments:
            rule = find_rule(str(params.arguments[0]))
            return rule_page(rule) if rule is not None else None
        return None
