"""Names of attention implementations, as tools write them."""

from typing import Any, Final

__all__ = ["attention_of"]

_NAMES: Final = {
    "flash_attention_2": "flash",
    "flash_attention_3": "flash",
    "flash_attention_4": "flash",
    "flash_attention_torch": "flash",
    "flash_attn": "flash",
    "flash_attention": "flash",
    "fa2": "flash",
    "flex_attention": "flex",
    "sdpa": "sdpa",
    "eager": "eager",
    "xformers": "xformers",
    "sage": "sage",
    "disabled": "eager",
}


def attention_of(value: Any) -> str | None:
    """Return the canonical name; a kernel from a hub that has flash attention in its name counts as that."""
    if not isinstance(value, str):
        return None
    return _NAMES.get(value) or ("flash" if "flash" in value.casefold() else value)
