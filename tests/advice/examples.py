"""Short ways to make examples and to read datasets, for tests of the advice."""

from tunelint.advice.sample import Drawn
from tunelint.core.example import Example, ToolCall, Turn
from tunelint.core.record import digest

__all__ = ["asked", "chat", "drawn_of", "identity_of"]


def chat(*texts: str, system: str = "") -> Example:
    """Return a conversation of user and assistant in turn."""
    turns = [Turn("system", system, (), ())] if system else []
    turns += [Turn("assistant" if index % 2 else "user", text, (), ()) for index, text in enumerate(texts)]
    return Example(turns)


def asked(request: str, answer: str, *calls: tuple[str, object]) -> Example:
    """Return a request with an answer that may call tools."""
    made = tuple(ToolCall(name, arguments, ()) for name, arguments in calls)
    return Example([Turn("user", request, (), ()), Turn("assistant", answer, (), (), calls=made)])


def identity_of(example: Example) -> int:
    """Return a content hash."""
    return digest(example.prompt() + "\x00" + example.answer())


def drawn_of(examples: list[Example]) -> list[Drawn]:
    """Return different examples as a sample, in the order of their content hashes."""
    found = {identity_of(one): Drawn(identity_of(one), index, one) for index, one in enumerate(examples)}
    return [found[identity] for identity in sorted(found)]
