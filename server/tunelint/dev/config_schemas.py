"""JSON schemas of training configs, for completion and hover in any editor, from the tables of keys.

A schema is no check of its own: it refuses neither unknown keys nor references such as `${lr}` nor numbers written as
texts. What a tool refuses is said by rules, which know the tool, its plugins and its releases.
"""

import json
from typing import Any, Final

from tunelint.trainers.keys import Key, KeyTable

__all__ = ["config_schema", "write_schema"]

_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_TITLES: Final = {
    "accelerate": "Accelerate",
    "axolotl": "Axolotl",
    "azure": "Azure fine-tuning job",
    "bedrock": "Amazon Bedrock model customization job",
    "deepspeed": "DeepSpeed",
    "fireworks": "Fireworks fine-tuning job",
    "litgpt": "litgpt",
    "llama-factory": "LLaMA-Factory",
    "mistral-finetune": "mistral-finetune",
    "ms-swift": "ms-swift",
    "openai": "OpenAI fine-tuning job",
    "peft": "PEFT adapter_config.json",
    "together": "Together fine-tuning job",
    "torchtitan": "torchtitan",
    "torchtune": "torchtune",
    "transformers": "TrainingArguments of transformers",
    "trl": "TRL",
    "unsloth": "Unsloth",
    "vertex": "Vertex AI tuning job",
}
_REFERENCE: Final = r"\$\{"
_NUMERIC: Final = rf"^[-+]?[0-9._]+([eE][-+]?[0-9]+)?$|{_REFERENCE}"
"""Texts that stand for a number: loaders of YAML 1.1 read `1e-4` as a text, and the tools turn it into a number."""


def config_schema(table: KeyTable) -> dict[str, Any]:
    """Return the schema of a tool's config."""
    title = _TITLES.get(table.tool, table.tool)
    root: dict[str, Any] = {
        "$schema": _DRAFT,
        "title": title,
        "$comment": f"Read on {table.date}: {table.source} ({table.versions[0]} to {table.versions[-1]})",
        "type": "object",
        "properties": {},
    }
    for key in table.keys.values():
        if key.until is None:
            place, leaf = _place(root, key), key.name.rpartition(".")[2]
            place["properties"].setdefault(leaf, {}).update(_value(key, table))
    required = [key.name for key in table.keys.values() if key.required and "." not in key.name and key.until is None]
    return {**root, "required": required} if required else root


def write_schema(schema: dict[str, Any]) -> str:
    """Return a schema as text, one key of the config a line: short, and a change shows as a short difference."""
    head = json.dumps({name: value for name, value in schema.items() if name != "properties"}, ensure_ascii=False)
    lines = [f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in schema["properties"].items()]
    return head[:-1] + ', "properties": {\n' + ",\n".join(lines) + "\n}}\n"


def _place(root: dict[str, Any], key: Key) -> dict[str, Any]:
    """Return the schema of the object that a key lies in, made where it is missing."""
    here = root
    for part in key.name.split(".")[:-1]:
        name, listed = part.removesuffix("[]"), part.endswith("[]")
        here = here.setdefault("properties", {}).setdefault(name, {})
        if listed:
            here = here.setdefault("items", {})
    here.setdefault("properties", {})
    return here


def _value(key: Key, table: KeyTable) -> dict[str, Any]:
    schema: dict[str, Any] = {}
    if words := _description(key, table):
        schema["description"] = words
    if key.default is not None and key.by_command is None:
        schema["default"] = key.default
    if key.deprecated is not None:
        schema["deprecated"] = True
        schema["deprecationMessage"] = _advice(key)
    if key.enum:
        return schema | {"anyOf": [{"enum": list(key.enum)}, *_others(key)]}
    return schema | _typed(key, key.types)


def _others(key: Key) -> list[dict[str, Any]]:
    """Return what may stand beside enumerated values: anything of the other types, references, and texts of open lists."""
    kinds = {_kind(value) for value in key.enum or ()}
    rest = tuple(kind for kind in key.types if kind not in kinds or key.loose)
    return [_typed(key, rest) if rest else {"type": "string", "pattern": _REFERENCE}]


def _typed(key: Key, types: tuple[str, ...]) -> dict[str, Any]:
    if not types:
        return {}
    schema: dict[str, Any] = {}
    if "string" not in types:
        numeric = bool({"integer", "number"} & set(types))
        types = (*types, "string")
        schema["pattern"] = _NUMERIC if numeric else _REFERENCE
    schema["type"] = list(types) if len(types) > 1 else types[0]
    limits = {"minimum": key.least, "maximum": key.most, "exclusiveMinimum": key.above, "exclusiveMaximum": key.below}
    return schema | {name: limit for name, limit in limits.items() if limit is not None}


def _description(key: Key, table: KeyTable) -> str:
    """Return the help of a key, and what a reader of the config should know of it."""
    lines = [key.help] if key.help else []
    if key.by_command is not None:
        known = [f"{command}: {_shown(value)}" for command, value in key.by_command.items()]
        lines.append(("Default by command: " if any(key.by_command.values()) else "Read by: ") + _listed(key, known))
    if key.plugin is not None:
        lines.append(f"Needs the plugin {key.plugin}")
    above = table.keys.get(key.name.rpartition(".")[0].removesuffix("[]"))
    if key.since is not None and (above is None or above.since != key.since):
        lines.append(f"Since {key.since}")
    return ". ".join(lines)


def _listed(key: Key, known: list[str]) -> str:
    return ", ".join(known) if any((key.by_command or {}).values()) else ", ".join(key.by_command or ())


def _shown(value: object) -> str:
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _advice(key: Key) -> str:
    new = key.replacement or key.instead
    return f"Deprecated since {key.deprecated}" + (f": write {new}" if new else "")


def _kind(value: object) -> str:
    return {bool: "boolean", int: "integer", float: "number"}.get(type(value), "string")
