"""``tunelint config``: explain the settings."""

import argparse
from typing import Any, Final

from tunelint.cli.console import Console, UsageError

__all__ = ["DESCRIPTION", "HELP", "add_arguments", "run"]

HELP: Final = "explain the settings"
DESCRIPTION: Final = "List the settings of tunelint.toml, or explain one of them."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("key", metavar="KEY", nargs="?", help="a setting, such as target or rules.TOK002")
    parser.add_argument("--output-format", choices=("text", "json"), default="text", help="json prints the JSON schema")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Print one setting or all."""
    from tunelint.settings import schema

    whole: dict[str, Any] = schema()
    if arguments.output_format == "json":
        import json

        console.write([json.dumps(whole, indent=2) + "\n"])
        return 0
    properties = whole["properties"]
    if arguments.key is None:
        console.write(f"{name:20} {one.get('description', '')}\n" for name, one in properties.items())
        return 0
    node: dict[str, Any] = {"properties": properties}
    for step in arguments.key.split("."):
        known = _resolved(node, whole).get("properties", {})
        if step not in known:
            import difflib

            near = difflib.get_close_matches(step, known, 1)
            raise UsageError(f"no setting is called {arguments.key!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
        node = known[step]
    console.write([_explain(arguments.key, _resolved(node, whole))])
    return 0


def _resolved(node: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """Return a schema in which a table that is defined elsewhere stands in its place."""
    for one in (node, *node.get("anyOf", ())):
        if "$ref" in one:
            return {**whole["$defs"][one["$ref"].rpartition("/")[2]], "description": node.get("description", "")}
    return node


def _explain(name: str, node: dict[str, Any]) -> str:
    lines = [f"{name}: {node.get('description', '').strip()}"]
    values = node.get("enum") or [value for one in node.get("anyOf", ()) for value in one.get("enum", ())]
    kinds = [one.get("type") for one in (node, *node.get("anyOf", ())) if one.get("type") not in {None, "null"}]
    if values:
        lines.append(f"  one of: {', '.join(map(str, values))}")
    elif kinds:
        lines.append(f"  type: {' or '.join(dict.fromkeys(kinds))}")
    if node.get("default") is not None:
        lines.append(f"  default: {node['default']}")
    for key, one in node.get("properties", {}).items():
        default = f" Default: {one['default']}." if one.get("default") is not None else ""
        lines.append(f"  {key}: {one.get('description', one.get('type', ''))}{default}")
    return "\n".join(lines) + "\n"
