"""What tools check of a config themselves, check by check: which rule says it before the run, or why none does.

The page `server/docs/checks.md` is made of the table beside this module, and a test holds each example against the rules, so
neither can go stale.
"""

import functools
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec

__all__ = ["Tool", "Validator", "checks_page", "example_of", "tools"]


class Validator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One check of a tool: what it refuses or warns of, the rule that says it with a config that it fires on, or why none does.

    `example` holds the keys that are put into the tool's minimal config; a line ``-key`` takes one out.
    """

    what: str
    rule: str = ""
    example: str = ""
    why: str = ""


class Tool(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tool with its releases, a minimal config that no rule named here has anything to say of, and its checks."""

    title: str
    base: str
    checks: tuple[Validator, ...]


@functools.cache
def tools() -> dict[str, Tool]:
    """Return what is known of each tool's checks, by the name of its config format."""
    text = Path(__file__).with_name("validators.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Tool])


def example_of(tool: Tool, one: Validator) -> str:
    """Return the config that a check is shown on: the tool's minimal one with the keys of the example, or the example itself."""
    if one.example.startswith("{"):
        return one.example
    lines = one.example.splitlines()
    gone = {line.removeprefix("-").partition(":")[0] for line in lines}
    kept = [line for line in tool.base.splitlines() if line.partition(":")[0] not in gone]
    return "\n".join([*kept, *(line for line in lines if not line.startswith("-"))]) + "\n"


def checks_page() -> Iterator[str]:
    """Yield the page that says who says what."""
    yield "# What the tools check themselves\n\n"
    yield (
        "Tools refuse some configs, or warn of them, when they start. This is what they look at, and the rule that says it\n"
        "before that; an example of each is held against the rules by a test. Where no rule says it, the reason is given.\n"
    )
    for tool in tools().values():
        yield f"\n## {tool.title}\n\n| the tool looks at | said by |\n| --- | --- |\n"
        for one in tool.checks:
            said = f"[{one.rule}](rules/{one.rule}.md)" if one.rule else f"not said: {one.why}"
            yield f"| {one.what} | {said} |\n"
