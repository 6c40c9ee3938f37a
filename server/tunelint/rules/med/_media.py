"""What rules about media share: the media of a record, and who refuses what."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from tunelint.core.example import Example, MediaPart, Turn
from tunelint.core.finding import Severity
from tunelint.formats.base import MediaLimits
from tunelint.rules.base import Context, Refusal

__all__ = ["Shown", "media_of", "refused", "who_refuses"]


class Shown(NamedTuple):
    """A medium with the turn that shows it, None for one that the record lists beside its turns."""

    part: MediaPart
    turn: Turn | None


def media_of(example: Example) -> Iterator[Shown]:
    """Yield all media of a record that have a source; parts without one only mark where a listed medium goes."""
    for turn in example.all_turns:
        for part in turn.media:
            if part.source is not None:
                yield Shown(part, turn)
    for part in example.media or ():
        yield Shown(part, None)


def refused(context: Context, refuses: Callable[[MediaLimits], bool]) -> Refusal | None:
    """Tell who refuses something about media, by the limits of the target's model where it has its own."""
    if context.target is not None:
        limits = context.media
        return Refusal(Severity.ERROR, context.target.title) if limits is not None and refuses(limits) else None
    return context.refusal(lambda dialect: dialect.media is not None and refuses(dialect.media))


def who_refuses(refusal: Refusal) -> str:
    """Say in words who refuses a record."""
    return f"{refusal.says('refuse')} such a record"
