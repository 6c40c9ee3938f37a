"""The settings of the VS Code extension, from the model of the settings file, and the schemas that it ties to files."""

import json
from typing import Any, Final

from tunelint.dev.client_schemas import validations
from tunelint.formats import all_targets
from tunelint.lsp.configuration import KEYS
from tunelint.settings.model import Settings

__all__ = ["with_settings"]

_OWN: Final[dict[str, dict[str, Any]]] = {
    "tunelint.path": {
        "type": "string",
        "default": "",
        "scope": "machine-overridable",
        "markdownDescription": "The `tunelint` program to use. Empty: that of the selected Python interpreter, of `PATH`, or of "
        "the extension's own environment, in this order.",
    },
    "tunelint.inlayHints": {
        "type": "boolean",
        "default": False,
        "scope": "resource",
        "description": "Show the tokens of each record at the end of its line.",
    },
    "tunelint.trace.server": {
        "type": "string",
        "enum": ["off", "messages", "verbose"],
        "default": "off",
        "scope": "window",
        "description": "Write what VS Code and the server say to each other to the trace channel. It holds your data.",
    },
}


def with_settings(package: str) -> str:
    """Return the extension's manifest with the settings that the server understands."""
    manifest = json.loads(package)
    schema = Settings.model_json_schema(by_alias=False)
    properties = dict(_OWN)
    for name, field in KEYS.items():
        properties[f"tunelint.{name}"] = _property(field, schema)
    manifest["contributes"]["configuration"]["properties"] = dict(sorted(properties.items()))
    manifest["contributes"].update(validations())
    return json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"


def _property(field: str, schema: dict[str, Any]) -> dict[str, Any]:
    found = dict(schema["properties"][field])
    found.pop("title", None)
    if "anyOf" in found:
        kinds = [kind for kind in found.pop("anyOf") if kind != {"type": "null"}]
        found = {**kinds[0], **found}
    empty: dict[str, Any] = {"array": [], "object": {}}
    found["default"] = empty.get(found.get("type", ""))  # a real default would win over settings files as if the user had set it
    if field == "target":
        found["examples"] = list(all_targets())
    found["scope"] = "resource"
    found["markdownDescription"] = found.pop("description") + " Wins over settings files."
    if found["default"] is None and found.get("type") != "null":
        found["type"] = [found["type"], "null"] if isinstance(found.get("type"), str) else found.get("type")
        if "enum" in found:
            found["enum"] = [*found["enum"], None]
    if isinstance(found.get("items"), dict):
        found["items"] = {"type": "string", "description": found["items"].get("description", "")}
    for key in ("propertyNames", "additionalProperties"):
        if isinstance(found.get(key), dict):
            found[key].pop("title", None)
    return found
