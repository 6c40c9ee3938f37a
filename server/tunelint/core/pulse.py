"""Long work in short steps, so that an editor's keystroke finds nothing in its way."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

__all__ = ["Pulse", "no_pulse", "pulsed"]

T = TypeVar("T")

Pulse = Callable[[], None]
"""Called between steps of some ten milliseconds; it may raise, to give up what nobody waits for any more."""


def no_pulse() -> None:
    """Do nothing between steps: nobody waits for anything else."""


def pulsed(things: Iterable[T], every: int, pulse: Pulse) -> Iterator[T]:
    """Yield things, with a pulse before each `every`-th of them. A thing is taken before its pulse: one that raises loses it."""
    for number, thing in enumerate(things):
        if number % every == 0:
            pulse()
        yield thing
