"""Layers that an adapter can be put on, of models whose layers are known."""

import re
from typing import Any, Final

from tunelint.trainers.base import Config

__all__ = ["is_pattern", "layers_of", "lone_target", "named_targets"]

_LISTS: Final = frozenset({"axolotl", "llama-factory", "trl", "peft", "ms-swift"})
"""Tools that hand the names to PEFT as they are."""

_TEXTS: Final = frozenset({"axolotl", "trl", "peft"})
"""Those that hand a text over as it is too."""

_LLAMA: Final = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj", "lm_head", "embed_tokens")
_PHI: Final = ("qkv_proj", "o_proj", "gate_up_proj", "down_proj", "lm_head", "embed_tokens")
_MODELS: Final = (
    (re.compile(r"(?:^|[-_])(?:tiny)?llama-?(?:[23](?:\.[123])?-)?(?:1|1\.1|3|7|8|13|70|405)b(?![a-z0-9])"), _LLAMA),
    (re.compile(r"(?:^|[-_])mistral-(?:7b|nemo)(?![a-z0-9])"), _LLAMA),
    (re.compile(r"(?:^|[-_])qwen(?:2|2\.5|3)-(?:coder-|math-)?\d+(?:\.\d+)?b(?![a-z0-9]|-a\d)"), _LLAMA),
    (re.compile(r"(?:^|[-_])gemma-(?:(?:1\.1-)?[27]b|2-(?:2|9|27)b|3-(?:1b|270m))(?![a-z0-9])"), _LLAMA),
)
"""Models without experts and eyes, in names of repositories without their owner: transformers 5.24, modeling_llama.py, modeling_mistral.py,
modeling_qwen2.py, modeling_qwen3.py, modeling_gemma*.py."""

_MICROSOFT_PHI: Final = re.compile(r"microsoft/phi-(?:3-(?:mini|medium)-.*|3\.5-mini-.*|4|4-mini-.*|4-reasoning.*)")
"""Models of modeling_phi3.py. Copies of others may have been made like Llama."""

_OTHER: Final = re.compile(r"vision|vl|omni|audio|moe|llava|next|awq|gptq")
_PATTERN: Final = re.compile(r"[*\\()\[\]|^$?+{}]")


def is_pattern(target: str) -> bool:
    """Tell whether a target is a regular expression rather than a name."""
    return _PATTERN.search(target) is not None


def layers_of(model: str) -> tuple[str, ...]:
    """Return the names of a model's layers that an adapter can be on, none where they are not known for sure."""
    name = model.casefold().replace("\\", "/").rstrip("/")
    if _MICROSOFT_PHI.fullmatch(name):
        return _PHI
    name = name.rpartition("/")[2]
    if _OTHER.search(name):
        return ()
    return next((layers for pattern, layers in _MODELS if pattern.search(name)), ())


def named_targets(config: Config) -> tuple[str, ...]:
    """Return the targets of an adapter that are names of layers, in a list or in a text with commas; none for a pattern."""
    said = _said(config)
    if config.trainer.name not in _LISTS or lone_target(config):
        return ()
    if isinstance(said, str) and (_PATTERN.search(said) or config.trainer.name in _TEXTS):
        return ()
    targets = config.plan.lora_targets if said is not None else None
    return tuple(one.strip() for one in targets or () if one.strip() and not one.strip().startswith("all"))


def lone_target(config: Config) -> str:
    """Return the target that is one text, which PEFT takes for a pattern of whole names; empty where it is none.

    TRL makes a text of a list of one.
    """
    said = _said(config)
    if config.trainer.name == "trl" and isinstance(said, list) and len(said) == 1:
        said = said[0]
    return said.strip() if isinstance(said, str) and config.trainer.name in _TEXTS else ""


def _said(config: Config) -> Any:
    path = config.plan.path("lora_targets")
    return config.get(path) if path else None
