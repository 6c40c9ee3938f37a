"""Settings: the file, where it is found, and what it comes to for one dataset.

Nothing here imports pydantic until a settings file is read: it takes 70 ms, and most runs have none.
"""

from tunelint.settings.discovery import SettingsError, SettingsFinder
from tunelint.settings.resolve import Resolved, resolve

__all__ = ["Resolved", "SettingsError", "SettingsFinder", "resolve", "schema"]


def schema() -> dict[str, object]:
    """Return the JSON schema of ``tunelint.toml``."""
    from tunelint.settings.model import json_schema

    return json_schema()
