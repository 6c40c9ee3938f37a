"""CFG004: see the class."""

from collections.abc import Iterator
from typing import Any, Final

from tunelint.core.finding import Edit, Finding, Fix, Place, Severity
from tunelint.rules.base import ConfigRule
from tunelint.rules.cfg._misread import is_boolean_word, is_number_text
from tunelint.text.distance import within
from tunelint.text.numbers import plain
from tunelint.text.parse import Path
from tunelint.trainers.base import Config, Member, to_flag, to_number
from tunelint.trainers.keys import Key

_SHOWN: Final = 30
_LISTED: Final = 6
_NOTHING: Final = frozenset({"None", "none", "nil"})
"""Words that mean nothing to people and something to YAML: a text."""


class WrongValue(ConfigRule):
    """A value is of the wrong type, out of range, or none of those that the tool knows.

    ## Why

    The tool refuses it, some at once and some only when the model is loaded already.

    ## What to do

    Write one of the values that the message names.

    ## Fix

    A misspelt word of a closed list is written right.

    ## Examples

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    learning_rate: "2e-5"
    warmup_ratio: 0.1
    bf16: auto
    val_set_size: 0.05
    ```

    ```yaml bad warmup_steps
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    learning_rate: 0.00002
    warmup_steps: 0.1
    val_set_size: 0.05
    ```

    ```yaml bad excess_length_strategy
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    excess_length_strategy: trunkate
    micro_batch_size: 2
    learning_rate: 0.00002
    val_set_size: 0.05
    ```

    ```yaml fixed
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    excess_length_strategy: truncate
    micro_batch_size: 2
    learning_rate: 0.00002
    val_set_size: 0.05
    ```

    Sources: the tools' published packages; pydantic's lax mode, which turns texts into numbers, for Axolotl.
    """

    code = "CFG004"
    name = "wrong-value"
    severity = Severity.ERROR
    fix = "safe"

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield the values that their keys do not take."""
        said = set()
        for one in config.conflicts:
            if one.code == self.code:
                said.add(one.at)
                yield self.said(one)
        if config.keys is None:
            return
        sound: set[tuple[int, object]] = set()  # keys with texts that they take; thousands of datasets say the same few
        for member in config.members:
            if member.key is None or member.key.until is not None or member.path in said:
                continue
            entry = member.entry
            shown = (entry.text, entry.style, entry.tag) if entry.scalar and entry.style != "typed" else None
            if shown is not None and (id(member.key), shown) in sound:
                continue
            finding = self._judge(config, member, member.key)
            if finding is not None:
                yield finding
            elif shown is not None:
                sound.add((id(member.key), shown))

    def _judge(self, config: Config, member: Member, key: Key) -> Finding | None:
        path, entry = member.path, member.entry
        value: Any = type(entry.children)() if entry.children is not None else config.tree.decode(entry, config.loader)
        if isinstance(value, str) and ("${" in value or value == "auto"):
            return None  # filled in later
        if is_boolean_word(config, member) or is_number_text(config, member):
            return None  # CFG005 and CFG006 know better
        if isinstance(value, str) and value in _NOTHING and key.types and not {"string", "object", "array"} & set(key.types):
            return self._word_for_nothing(config, path, value, key)
        if config.trainer.checks_types and key.types and not _has_type(value, key.types):
            return self._finding(config, path, value, f"must be {_words(key.types)}")
        if not config.trainer.checks_types and key.types and _is_nonsense(value, key.types):
            return self._finding(config, path, value, f"must be {_words(key.types)}")
        if (
            key.enum
            and not key.loose
            and not key.by_command
            and isinstance(value, str)
            and "string" in key.types
            and value not in key.enum
        ):
            return self._listed(config, path, value, key)
        number = to_number(value)
        return self._finding(config, path, value, bound) if number is not None and (bound := _bound(number, key)) else None

    def _word_for_nothing(self, config: Config, path: Path, value: str, key: Key) -> Finding:
        fix = Fix("write null", "safe", (Edit("replace", path, None),)) if "null" in key.types else None
        message = f"{path[-1]} is the text {value!r}, and must be {_words(key.types)}"
        return self.finding(
            message[:120],
            Place(path),
            help=f"{value} is a word like any other here: write null, or leave the key out",
            fix=fix,
        )

    def _finding(self, config: Config, path: Path, value: Any, wanted: str) -> Finding:
        message = f"{path[-1]} is {_shown(value)}, and {wanted}"
        return self.finding(
            message[:120], Place(path) if value is not None else Place(path, "key"), help=f"{config.trainer.title} refuses it"
        )

    def _listed(self, config: Config, path: Path, value: str, key: Key) -> Finding | None:
        assert key.enum is not None
        words = [str(one) for one in key.enum if one is not None]
        if value.casefold() in {word.casefold() for word in words} and not config.trainer.checks_types:
            return None
        near = [word for word in words if within(value.casefold(), word.casefold(), 2 if len(word) > 5 else 1)]
        fix = Fix(f"write {near[0]}", "safe", (Edit("replace", path, near[0]),)) if len(near) == 1 else None
        if near:
            wanted = f"{near[0]} is probably meant"
        else:
            wanted = f"must be {', '.join(words[:_LISTED])}" + (
                f" or one of {len(words) - _LISTED} others" if len(words) > _LISTED else ""
            )
        return self.finding(
            f"{path[-1]} is {_shown(value)}, and {wanted}"[:120],
            Place(path),
            help=f"{config.trainer.title} knows {', '.join(words)}",
            fix=fix,
        )


def _shown(value: Any) -> str:
    if value is None:
        return "empty"
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = repr(value) if isinstance(value, str) else str(value).casefold() if isinstance(value, bool) else str(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


_NAMES: Final = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "string": "a text",
    "array": "a list",
    "object": "a mapping",
    "null": "",
}


def _words(types: tuple[str, ...]) -> str:
    shown = [one for one in types if one != "string"] if {"integer", "number"} & set(types) else types  # "auto" is no news
    names = [_NAMES[one] for one in shown if _NAMES.get(one)]
    return " or ".join(names) if names else "empty"


def _has_type(value: Any, types: tuple[str, ...]) -> bool:
    """Tell whether pydantic takes a value in lax mode."""
    if value is None:
        return "null" in types
    if isinstance(value, bool):
        return bool({"boolean", "integer", "number"} & set(types))
    if isinstance(value, dict):
        return "object" in types
    if isinstance(value, list):
        return "array" in types
    if isinstance(value, int | float):
        if "number" in types:
            return True
        whole = isinstance(value, int) or value.is_integer()
        return ("integer" in types and whole) or ("boolean" in types and value in {0, 1})
    if not isinstance(value, str):
        return "string" in types or "object" in types  # a date
    if "string" in types or ("boolean" in types and to_flag(value) is not None):
        return True
    number = to_number(value)
    return number is not None and (
        "number" in types or ("integer" in types and value.strip().lstrip("+-").replace("_", "").isdigit())
    )


def _is_nonsense(value: Any, types: tuple[str, ...]) -> bool:
    """Tell whether no tool could make anything of a value: a word for a number, a text for a switch."""
    if not isinstance(value, str) or {"string", "array", "object"} & set(types):
        return False
    if value.casefold() in {"auto", "none", "null", ""}:
        return False
    if {"integer", "number"} & set(types):
        return to_number(value) is None and to_flag(value) is None
    return "boolean" in types and to_flag(value) is None


def _bound(number: float, key: Key) -> str:
    """Return which bound of a key a number breaks, in words; empty for none."""
    if key.least is not None and number < key.least:
        return f"must be {plain(key.least)} at least"
    if key.most is not None and number > key.most:
        return f"must be {plain(key.most)} at most"
    if key.above is not None and number <= key.above:
        return f"must be above {plain(key.above)}"
    if key.below is not None and number >= key.below:
        return f"must be below {plain(key.below)}"
    return ""
