"""What the editor's own settings say: they win over settings files, as the command line does."""

from typing import TYPE_CHECKING, Any, Final

import msgspec
from lsprotocol import types

from tunelint.analysis import messages
from tunelint.formats import find_target
from tunelint.rules import matching
from tunelint.settings.resolve import Overrides

if TYPE_CHECKING:
    from tunelint.lsp.server import TuneLintServer

__all__ = ["KEYS", "Configuration", "overrides_of"]

KEYS: Final = {
    "preset": "preset",
    "select": "select",
    "extendSelect": "extend_select",
    "ignore": "ignore",
    "severity": "severity",
    "target": "target",
    "method": "method",
    "limit": "limit",
    "tokenizer": "tokenizer",
}
"""Settings of the section ``tunelint`` with what they override."""


class Configuration:
    """The editor's settings for each document, asked for where the client answers such questions."""

    def __init__(self, server: "TuneLintServer") -> None:
        self._server = server
        self._given: dict[str, Any] = {}
        self._of: dict[str, Overrides] = {}
        self._values: dict[str, dict[str, Any]] = {}
        self._problems: set[str] = set()

    def of(self, uri: str) -> Overrides:
        """Return what is known for a document."""
        return self._of.get(uri) or self._overrides(self._given)

    def given(self, values: Any) -> None:
        """Take settings that the client sent unasked."""
        section = values.get("tunelint", values) if isinstance(values, dict) else None
        if isinstance(section, dict):
            self._given = section
            self._of.clear()

    def flag(self, uri: str, name: str) -> bool:
        """Return a setting that is on or off."""
        return bool(self._values.get(uri, self._given).get(name))

    def forget(self, uri: str) -> None:
        """Forget a document that was closed."""
        self._of.pop(uri, None)
        self._values.pop(uri, None)

    async def fetch(self, uri: str) -> None:
        """Ask for the settings of a document."""
        capabilities = self._server.client_capabilities.workspace
        if capabilities is None or not capabilities.configuration:
            return
        item = types.ConfigurationItem(scope_uri=uri, section="tunelint")
        answers = await self._server.workspace_configuration_async(types.ConfigurationParams([item]))
        values: Any = answers[0] if answers else None
        if isinstance(values, dict):
            self._values[uri] = values
            self._of[uri] = self._overrides(values)

    async def fetch_all(self) -> None:
        """Ask for the settings of all open documents again, and lint what they change."""
        for uri in list(self._server.files):
            old = self.of(uri)
            await self.fetch(uri)
            if uri in self._server.files and self.of(uri) != old:
                self._server.analyst.send(messages.Configure(uri, self.of(uri)))

    def _overrides(self, values: dict[str, Any]) -> Overrides:
        overrides, problems = overrides_of(values)
        for problem in problems:
            if problem not in self._problems:
                self._problems.add(problem)
                self._server.complain(problem)
        return overrides


def overrides_of(values: dict[str, Any]) -> tuple[Overrides, list[str]]:
    """Return what settings of an editor override, and what is wrong with them; what is wrong is left out."""
    problems = []
    found: dict[str, Any] = {}
    for key, name in KEYS.items():
        value = values.get(key)
        if value in (None, "", [], {}):
            continue
        problem = _problem(key, value)
        if problem:
            problems.append(problem)
        else:
            found[name] = value
    return msgspec.convert(found, Overrides), problems


def _problem(key: str, value: Any) -> str:
    if key in {"select", "extendSelect", "ignore"} and isinstance(value, list):
        unknown = [one for one in value if not isinstance(one, str) or not matching(one)]
    elif key == "severity" and isinstance(value, dict):
        unknown = [one for one in value if not matching(one)]
    elif key == "target" and isinstance(value, str):
        return "" if find_target(value) is not None else f"the setting tunelint.target names {value!r}, which is no target"
    else:
        unknown = []
    if unknown:
        return f"the setting tunelint.{key} names {unknown[0]!r}, which is no rule"
    try:
        msgspec.convert({KEYS[key]: value}, Overrides)
    except msgspec.ValidationError as wrong:
        return f"the setting tunelint.{key} is wrong: {wrong}"
    return ""
