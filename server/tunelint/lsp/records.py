"""A record in Markdown, for hovers and previews."""

from collections.abc import Mapping
from typing import Any, Final

__all__ = ["preview", "summary"]

_SHOWN_ROLES: Final = 8
_FENCE: Final = "````"


def summary(record: Mapping[str, Any]) -> str:
    """Return one line about a record: its turns, tokens and size."""
    parts = []
    turns = record.get("turns") or []
    if turns:
        roles = " → ".join(turn["role"] for turn in turns[:_SHOWN_ROLES]) + (" …" if len(turns) > _SHOWN_ROLES else "")
        parts.append(f"{len(turns)} turn{'s' if len(turns) != 1 else ''} ({roles})")
    if record.get("tokens"):
        parts.append(f"{_tokens(record['tokens'])}, {record['trained']:,} of them trained")
    if not turns and record.get("keys"):
        parts.append("keys: " + ", ".join(f"`{key}`" for key in record["keys"]))
    parts.append(f"{record['bytes']:,} bytes")
    return " · ".join(parts)


def _tokens(count: int) -> str:
    return f"{count:,} token{'s' if count != 1 else ''}"


def preview(record: Mapping[str, Any], line: int) -> str:
    """Return a whole record, turn by turn."""
    pieces = [f"# Record in line {line:,}", summary(record)]
    for turn in record.get("turns") or []:
        counted = _tokens(turn["tokens"]) if turn.get("tokens") is not None else ""
        notes = ", ".join(note for note in (counted, "trained" if turn["trained"] else "") if note)
        pieces.append(f"## {turn['role']}" + (f" ({notes})" if notes else ""))
        pieces.append(f"{_FENCE}text\n{turn['text']}\n{_FENCE}")
    return "\n\n".join(pieces) + "\n"
