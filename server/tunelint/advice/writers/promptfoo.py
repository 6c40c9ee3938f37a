"""A configuration of promptfoo: the prompt, a model, and held-out rows as tests that are scored like `tunelint measure` does.

promptfoo renders what it reads as Nunjucks templates, so braces of the data are written as text in the prompt; a test whose own
text it would take for a template or for the address of a file is left out.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from tunelint.advice.conversation import wire
from tunelint.advice.prompt import SLOT, Prompt
from tunelint.advice.writers.about import About
from tunelint.advice.writers.scoring import javascript_for

__all__ = ["SUFFIXES", "write"]

SUFFIXES: Final = (".yaml", ".yml")

_MARKS: Final = re.compile(r"\{[{%#]|#\}")
_TEMPLATE: Final = re.compile(r"\{\{|\A(?:file|package|python|exec|env)://|\Apackage:")
_UNPRINTABLE: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_PASSING: Final = {"field-f1": 1.0, "chrf": 0.5}
"""Scores from which on a test passes, for metrics that are no yes or no."""


def write(prompt: Prompt, about: About) -> Iterator[str]:
    """Yield the file. All texts of the data are JSON strings, which YAML reads as such whatever its version."""
    yield f"# A few-shot prompt from {_line(about.dataset)}, made by tunelint {about.version}\n"
    yield "# Run it with: npx promptfoo eval -c THIS-FILE   (OPENAI_API_KEY and OPENAI_BASE_URL say where)\n"
    yield f"description: {quoted(f'{about.dataset}: {prompt.task.kind}, {len(prompt.shots)} examples')}\n"
    yield "prompts:\n  - label: few-shot\n    raw: |-\n"
    text = _visible(json.dumps(_messages(prompt), indent=2, ensure_ascii=False))
    yield "".join(f"      {line}\n" for line in text.split("\n"))
    yield f"providers:\n  - id: {quoted(f'openai:chat:{about.model}')}\n    config:\n      temperature: 0\n"
    if prompt.tools:
        yield f"      tools: {_tools(prompt.tools)}\n"
    yield "defaultTest:\n  assert:\n    - type: javascript\n"
    if prompt.metric in _PASSING:
        yield f"      threshold: {_PASSING[prompt.metric]}\n"
    yield "      value: |-\n"
    yield "".join(f"        {line}\n" if line else "\n" for line in javascript_for(prompt.metric).splitlines())
    tests = list(_tests(prompt))[: about.most_tests]
    yield "tests:\n" if tests else "tests: []\n"
    for given, wanted, own in tests:
        yield f"  - vars:\n      input: {quoted(given)}\n      expected: {quoted(wanted)}\n"
        if own:
            yield f"    options:\n      tools: {_tools(own)}\n"


def _tests(prompt: Prompt) -> Iterator[tuple[str, str, tuple[dict[str, Any], ...]]]:
    """Yield request and answer of each test, and all tools it needs where it has others than the prompt."""
    names = {tool["function"].get("name") for tool in prompt.tools}
    for case in prompt.tests:
        given = prompt.settled.variable(case)
        if given is not None and not _TEMPLATE.search(given) and not _TEMPLATE.search(case.pair.answer):
            declared = case.native.declared if case.native is not None and prompt.settled.native else ()
            own = tuple(tool for tool in declared if tool["function"].get("name") not in names)
            yield given, case.pair.answer, (*prompt.tools, *own) if own else ()


def _messages(prompt: Prompt) -> list[dict[str, Any]]:
    """Return the messages, in which only the slot is a template."""
    *shown, _ = prompt.messages()
    slot = f"{_literal(prompt.settled.before)}{SLOT}{_literal(prompt.settled.after)}"
    return [*map(_literally, wire(shown)), {"role": "user", "content": slot}]


def _tools(tools: Sequence[dict[str, Any]]) -> str:
    return _visible(json.dumps(_literally(list(tools)), ensure_ascii=False))


def _literally(value: Any) -> Any:
    """Return a JSON value whose texts are none of them templates."""
    if isinstance(value, dict):
        return {key: _literally(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_literally(item) for item in value]
    return _literal(value) if isinstance(value, str) else value


def _literal(text: str) -> str:
    return _MARKS.sub(lambda match: f"{{{{ '{match[0]}' }}}}", text)


def quoted(text: str) -> str:
    """Return a text as a JSON string that is a double-quoted scalar of YAML too."""
    return _visible(json.dumps(text, ensure_ascii=False))


def _visible(text: str) -> str:
    """Return JSON text with the characters escaped that YAML does not take as they are."""
    return _UNPRINTABLE.sub(lambda match: json.dumps(match[0]).strip('"'), text)


def _line(text: str) -> str:
    return " ".join(text.split())
