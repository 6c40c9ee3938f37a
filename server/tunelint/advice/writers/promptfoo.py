"""A configuration of promptfoo: the prompt, a model, and held-out rows as tests that are scored like `tunelint measure` does.

promptfoo renders what it reads as Nunjucks templates, so braces of the data are written as text in the prompt; a test whose own
text it would take for a template or for the address of a file is left out.
"""

import json
import re
from collections.abc import Iterator
from typing import Final

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
    yield "defaultTest:\n  assert:\n    - type: javascript\n"
    if prompt.metric in _PASSING:
        yield f"      threshold: {_PASSING[prompt.metric]}\n"
    yield "      value: |-\n"
    yield "".join(f"        {line}\n" if line else "\n" for line in javascript_for(prompt.metric).splitlines())
    tests = list(_tests(prompt))[: about.most_tests]
    yield "tests:\n" if tests else "tests: []\n"
    for given, wanted in tests:
        yield f"  - vars:\n      input: {quoted(given)}\n      expected: {quoted(wanted)}\n"


def _tests(prompt: Prompt) -> Iterator[tuple[str, str]]:
    for case in prompt.tests:
        given = prompt.settled.variable(case)
        if given is not None and not _TEMPLATE.search(given) and not _TEMPLATE.search(case.pair.answer):
            yield given, case.pair.answer


def _messages(prompt: Prompt) -> list[dict[str, str]]:
    """Return the messages, in which only the slot is a template."""
    *shown, _ = prompt.messages()
    slot = f"{_literal(prompt.settled.before)}{SLOT}{_literal(prompt.settled.after)}"
    return [*({"role": one.role, "content": _literal(one.content)} for one in shown), {"role": "user", "content": slot}]


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
