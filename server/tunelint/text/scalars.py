"""What a plain word of YAML stands for: PyYAML's reading of YAML 1.1, and OmegaConf's, which differs in floats and dates."""

import functools
import re
from typing import Any, Final

import yaml

from tunelint.text.tree import Loader

__all__ = ["resolve"]

_OMEGACONF_FLOAT: Final = re.compile(
    r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+"
    r"|\.[0-9_]+(?:[eE][-+][0-9]+)?"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
"""The floats of ``omegaconf._utils.get_yaml_loader`` (OmegaConf 2.3): with an exponent a dot is not needed."""

_PREFIX: Final = "tag:yaml.org,2002:"
_SHORT_TAGS: Final = {"!!str": "str", "!!int": "int", "!!float": "float", "!!bool": "bool", "!!null": "null"}


@functools.cache
def _loader() -> yaml.SafeLoader:
    return yaml.SafeLoader("")


@functools.lru_cache(maxsize=4096)
def resolve(text: str, plain: bool, tag: str, loader: Loader) -> Any:
    """Return the value of a scalar; a text that its own tag does not allow stays a text."""
    kind = _SHORT_TAGS.get(tag, tag.removeprefix(_PREFIX))
    if tag and kind == tag:
        return text  # a tag of the application: what it makes of the text is not known
    if not tag:
        if not plain:
            return text
        found: str = _loader().resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
        kind = found.removeprefix(_PREFIX)
        if loader == "omegaconf":
            if _OMEGACONF_FLOAT.fullmatch(text):
                kind = "float"
            elif kind == "timestamp":
                kind = "str"
    return _construct(text, kind)


def _construct(text: str, kind: str) -> Any:
    node = yaml.ScalarNode(_PREFIX + kind, text)
    try:
        match kind:
            case "null":
                return None
            case "bool":
                return _loader().construct_yaml_bool(node)
            case "int":
                return _loader().construct_yaml_int(node)
            case "float":
                return _loader().construct_yaml_float(node)
            case "timestamp":
                return _loader().construct_yaml_timestamp(node)
    except (ValueError, KeyError, IndexError, OverflowError):
        return text
    return text
