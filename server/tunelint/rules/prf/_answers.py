"""What rules about pairs of answers share."""

from collections.abc import Iterable

from tunelint.core.example import SEPARATOR, Turn, written

__all__ = ["said"]


def said(turns: Iterable[Turn]) -> str:
    """Return all that an answer says, white space evened out, as one text that differs where answers differ."""
    pieces: list[str] = []
    for turn in turns:
        pieces += [turn.role, " ".join(turn.text.split()), " ".join((turn.reasoning or "").split())]
        pieces += [f"{call.name}{call.arguments!r}" for call in turn.calls]
        pieces += [written(part.source) for part in turn.media]
    return SEPARATOR.join(pieces)
