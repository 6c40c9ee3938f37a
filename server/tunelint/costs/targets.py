"""The names that tools have for the layers which adapters are put on."""

from collections.abc import Iterable
from typing import Final

from tunelint.costs.models import TARGETS

__all__ = ["targets_of"]

_MODULES: Final[dict[str, tuple[str, ...]]] = {
    "q": ("q", "q_proj", "query", "wq", "q_lin"),
    "k": ("k", "k_proj", "key", "wk", "k_lin"),
    "v": ("v", "v_proj", "value", "wv", "v_lin"),
    "o": ("o", "o_proj", "output_proj", "projection", "out_proj", "dense", "wo", "attn.c_proj"),
    "gate": ("gate_proj", "w1", "gate"),
    "up": ("up_proj", "w3", "fc1", "fc_in", "dense_h_to_4h", "c_fc", "wi", "mlp.fc"),
    "down": ("down_proj", "w2", "fc2", "fc_out", "dense_4h_to_h"),
    "head": ("head", "lm_head", "output"),
}
_SEVERAL: Final[dict[str, tuple[str, ...]]] = {
    "qkv_proj": ("q", "k", "v"),
    "query_key_value": ("q", "k", "v"),
    "Wqkv": ("q", "k", "v"),
    "c_attn": ("q", "k", "v"),
    "qkv": ("q", "k", "v"),
    "gate_up_proj": ("gate", "up"),
    "mlp": ("gate", "up", "down"),
    "all-linear": TARGETS,
    "all": TARGETS,
}
_CANONICAL: Final = {name: (target,) for target, names in _MODULES.items() for name in names} | _SEVERAL
"""What tools call the layers that adapters are put on."""


def targets_of(names: Iterable[str]) -> tuple[frozenset[str], list[str]]:
    """Return the canonical layers that names of modules mean, and the names that are not understood."""
    found: set[str] = set()
    unknown = []
    for name in names:
        meant = _CANONICAL.get(name) or _CANONICAL.get(name.rpartition(".")[2])
        if meant is None:
            unknown.append(name)
        else:
            found.update(meant)
    return frozenset(found), unknown
