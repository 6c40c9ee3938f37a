"""TOL007: see the class."""

import json
from collections.abc import Iterator
from typing import Any, Final

from tunelint.core.finding import Edit, Finding, Fix, Severity
from tunelint.core.record import Record
from tunelint.formats.base import NAME_PATTERN
from tunelint.rules._places import value_at
from tunelint.rules.base import Context, RecordRule, Refusal, Wake
from tunelint.rules.tol._calls import inside
from tunelint.rules.tol._schema import schema_faults
from tunelint.text.parse import Path

_PLACES: Final = (("tools",), ("input", "tools"))
_PARAMETERS: Final = "parameters"


class InvalidToolSchema(RecordRule):
    r"""A tool is declared in a way that cannot be read.

    ## Why

    The parameters of a tool are a JSON Schema. Providers that build a grammar from it refuse the record; chat templates render what
    is there, and the model learns from a declaration that no API would give it. Two tools of one name cannot be told apart. OpenAI,
    Azure and Mistral take a function only where it stands under `function`, with its `type` beside it; trainers go by their template.

    ## What to do

    Use the types of JSON Schema (`object`, `array`, `string`, `number`, `integer`, `boolean`, `null`), not those of a programming
    language, and names of 1 to 64 letters, digits, `_` and `-`.

    ## Fix

    With a target that wants it, the fix puts a bare function under `function` and adds the type.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi!"}], "tools": [{"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": ["integer", "null"]}}, "required": ["city"]}}}, {"type": "function", "function": {"name": "get_time"}}]}
    ```

    ```jsonl bad tools[0].function.parameters.properties.city.type
    {"messages": [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi!"}], "tools": [{"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "str"}}}}}]}
    ```

    ```jsonl bad tools[1].function.name
    {"messages": [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi!"}], "tools": [{"type": "function", "function": {"name": "get_weather"}}, {"type": "function", "function": {"name": "get_weather"}}]}
    ```

    ```jsonl good
    {"messages": [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi!"}], "tools": [{"name": "get_weather", "parameters": {"type": "object", "properties": {}}}]}
    ```

    ```jsonl bad tools[0] target=mistral
    {"messages": [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi!"}], "tools": [{"name": "get_weather", "parameters": {"type": "object", "properties": {}}}]}
    ```

    ```jsonl fixed
    {"messages": [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi!"}], "tools": [{"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {}}}}]}
    ```

    ```jsonl bad tools[0] target=openai also=ADV001
    {"messages": [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi!"}], "tools": [{"function": {"name": "get_weather"}}]}
    ```

    Sources: JSON Schema 2020-12; OpenAI, ``openapi.yaml`` (FunctionObject); mistral-common, ``validator.py`` (Draft 7); LlamaFactory
    issue 7547.
    """

    code = "TOL007"
    name = "invalid-tool-schema"
    severity = Severity.ERROR
    fix = "safe"
    wakes = Wake.TOOLS | Wake.RICH

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield the faults of all tools that the record declares."""
        refusal = context.refusal(lambda dialect: dialect.valid_tools)
        for at in _PLACES:
            written = value_at(record, at)
            declared = written
            if isinstance(written, str):
                declared = _decoded(written)
                if declared is None and written:
                    text = "blank" if not written.strip() else "no JSON"
                    yield self.finding(f"the text of 'tools' is {text}", at, help="it is to be a JSON list of tools")
                    continue
            if isinstance(declared, list) and declared:
                yield from self._of_list(record, at, declared, context, refusal)

    def _of_list(
        self, record: Record, at: Path, declared: list[Any], context: Context, refusal: Refusal | None
    ) -> Iterator[Finding]:
        severity = refusal.severity if refusal is not None else Severity.WARNING
        by = f"; {refusal.says('refuse')} it" if refusal is not None else ""
        upper_case = context.format is not None and context.format.name == "gemini"
        yield from self._of_entries(record, at, declared, context)
        seen: set[str] = set()
        for path, function in _functions(declared):
            name = function.get("name")
            if not isinstance(name, str) or not name.strip():
                yield self.finding("a tool has no name", inside(record, at, path), severity=severity, help=f"name the tool{by}")
            elif name in seen:
                message = f"two tools are called {name[:60]!r}"
                place = inside(record, at, (*path, "name"))
                yield self.finding(message, place, severity=severity, help=f"calls cannot tell them apart: keep one{by}")
            elif refusal is not None and not NAME_PATTERN.fullmatch(name):
                message = f"{name[:60]!r} is no name that a function can have"
                place = inside(record, at, (*path, "name"))
                help_line = f"{refusal.says('take')} 1 to 64 letters, digits, _ and -"
                yield self.finding(message, place, severity=severity, help=help_line)
            seen.add(str(name))
            if function.get(_PARAMETERS) is None:
                continue
            faults = list(schema_faults(function[_PARAMETERS], upper_case=upper_case))
            if faults:
                inner, problem = faults[0]
                more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
                place = inside(record, at, (*path, _PARAMETERS, *inner))
                help_line = f"the parameters of a tool are a JSON Schema{by}"
                yield self.finding(f"{str(name)[:30]}: {problem}{more}", place, severity=severity, help=help_line)

    def _of_entries(self, record: Record, at: Path, declared: list[Any], context: Context) -> Iterator[Finding]:
        """Yield the tools that the chosen target does not know for tools, because what is around the function is missing."""
        wanted = context.dialect.wrapped_tools if context.dialect is not None else "no"
        in_place = not isinstance(value_at(record, at), str)
        for index, entry in enumerate(declared) if wanted != "no" else ():
            if not isinstance(entry, dict):
                continue
            help_line = f'{context.consumer} wants {{"type": "function", "function": {{"name": …}}}}'
            path: Path = (*at, index)
            if not isinstance(entry.get("function"), dict):
                inner = {key: value for key, value in entry.items() if key != "type"}
                edit = Edit("replace", path, {"type": "function", "function": inner})
                fix = Fix("put the function under 'function'", "safe", (edit,)) if in_place else None
                yield self.finding("the tool has no 'function'", inside(record, at, (index,)), help=help_line, fix=fix)
            elif wanted == "typed" and entry.get("type") is None:
                fix = Fix("add the type", "safe", (Edit("insert", (*path, "type"), "function"),)) if in_place else None
                yield self.finding("the tool has no type", inside(record, at, (index,)), help=help_line, fix=fix)


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _functions(declared: list[Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield each declared function with its place in the list."""
    for index, entry in enumerate(declared):
        if not isinstance(entry, dict):
            continue
        if isinstance(entry.get("function"), dict):
            yield (index, "function"), entry["function"]
            continue
        groups = next(
            (key for key in ("functionDeclarations", "function_declarations") if isinstance(entry.get(key), list)), None
        )
        if groups is not None:
            for number, one in enumerate(entry[groups]):
                if isinstance(one, dict):
                    yield (index, groups, number), one
        elif "name" in entry or entry.get("type") == "function" or _PARAMETERS in entry:
            yield (index,), entry
