"""Which schemas the VS Code extension ties to which files: only to names that leave no doubt, for configs are called anything."""

from typing import Any, Final

__all__ = ["SCHEMAS", "validations"]

_YAML: Final = ("yaml", "yml")

SCHEMAS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "yaml axolotl": ("configs/axolotl", tuple(f"*axolotl*.{end}" for end in _YAML)),
    "yaml llama-factory": ("configs/llama-factory", tuple(f"*llama*factory*.{end}" for end in _YAML)),
    "yaml trl": ("configs/trl", tuple(f"trl*.{end}" for end in _YAML)),
    "yaml torchtune": ("configs/torchtune", tuple(f"*torchtune*.{end}" for end in _YAML)),
    "yaml litgpt": ("configs/litgpt", tuple(f"*litgpt*.{end}" for end in _YAML)),
    "yaml unsloth": ("configs/unsloth", tuple(f"*unsloth*.{end}" for end in _YAML)),
    "yaml accelerate": ("configs/accelerate", tuple(f"*accelerate*.{end}" for end in _YAML)),
    "json peft": ("configs/peft", ("adapter_config.json",)),
    "json deepspeed": ("configs/deepspeed", ("ds_config*.json", "ds_z*_config.json", "*deepspeed*.json")),
    "toml torchtitan": ("configs/torchtitan", ("*torchtitan*.toml",)),
    "toml tunelint": ("settings", ("tunelint.toml", ".tunelint.toml")),
}
"""By syntax and name: the schema below `schemas/` and the names of files that are held against it."""


def validations() -> dict[str, list[dict[str, Any]]]:
    """Return the parts of the extension's manifest that name schemas."""
    found: dict[str, list[dict[str, Any]]] = {"jsonValidation": [], "tomlValidation": [], "yamlValidation": []}
    for key, (schema, names) in SCHEMAS.items():
        entry = {"fileMatch": list(names), "url": f"./schemas/{schema.rpartition('/')[2]}.schema.json"}
        found[f"{key.partition(' ')[0]}Validation"].append(entry)
    return found
