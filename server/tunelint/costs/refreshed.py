"""The prices of calls that the user fetched with ``tunelint prices update``, as they lie on this machine."""

import os
import sys
from pathlib import Path

import msgspec

from tunelint.core.errors import UserError
from tunelint.costs.prices import Price

__all__ = ["refreshed_file", "refreshed_prices"]


def refreshed_prices() -> dict[str, Price]:
    """Return what the last update wrote, by provider and model; raises UserError for a file that cannot be read."""
    file = refreshed_file()
    if not file.is_file():
        return {}
    try:
        prices = msgspec.json.decode(file.read_bytes(), type=list[Price])
    except (OSError, msgspec.MsgspecError) as problem:
        raise UserError(f"{file}: no prices ({problem}); `tunelint prices update` writes it anew") from problem
    return {f"{one.provider}/{one.model}": one for one in prices}


def refreshed_file() -> Path:
    """Return where refreshed prices lie: the user's folder for what can be made again."""
    said = os.environ.get("XDG_CACHE_HOME") or (os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else None)
    folder = Path(said) if said else Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    return folder / "tunelint" / "prices.json"
