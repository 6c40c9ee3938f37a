"""mistral-finetune: dataclasses of its repository; what the package index has under this name is empty."""

from typing import Any, Final

from msgspec import UNSET

from tunelint.dev.keytables.classes import Field
from tunelint.dev.keytables.history import history
from tunelint.dev.keytables.shapes import Shape
from tunelint.dev.keytables.shelf import Shelf, Table

_READ: Final = "2026-11"
_KINDS: Final[dict[type, str]] = {bool: "boolean", int: "integer", float: "number", str: "string"}
_KEYS: Final[dict[str, Any]] = {
    "data.data": "",
    "data.shuffle": False,
    "data.instruct_data": "",
    "data.eval_instruct_data": "",
    "data.instruct.shuffle": True,
    "data.instruct.dynamic_chunk_fn_call": True,
    "optim.lr": 1e-4,
    "optim.weight_decay": 0.1,
    "optim.pct_start": 0.05,
    "seed": 0,
    "num_microbatches": 1,
    "seq_len": 2048,
    "batch_size": 1,
    "max_norm": 1.0,
    "max_steps": 100,
    "log_freq": 1,
    "ckpt_freq": 0,
    "save_adapters": True,
    "no_ckpt": False,
    "num_ckpt_keep": 3,
    "eval_freq": 0,
    "no_eval": True,
    "checkpoint": True,
    "wandb.offline": False,
    "lora.enable": True,
    "lora.rank": 64,
    "lora.dropout": 0.0,
    "lora.scaling": 2.0,
}
"""The keys with their defaults, as the dataclasses state them."""

_TEXTS: Final = ("wandb.project", "wandb.key", "wandb.run_name", "mlflow.tracking_uri", "mlflow.experiment_name")
_REQUIRED: Final = ("model_id_or_path", "run_dir")
_SECTIONS: Final = ("data", "data.instruct", "optim", "wandb", "mlflow", "lora")


def build(_shelf: Shelf) -> Table:
    """Return the keys; nothing is fetched."""
    fields = {section: Field(Shape(("object",)), UNSET, section == "data") for section in _SECTIONS}
    fields |= {name: Field(Shape(("string",)), UNSET, required=True) for name in _REQUIRED}
    fields |= {name: Field(Shape((_KINDS[type(default)],)), default) for name, default in _KEYS.items()}
    fields |= {name: Field(Shape(("string", "null")), None) for name in _TEXTS}
    return Table(
        history([(_READ, fields)]),
        (_READ,),
        strict=True,
        source="dataclasses of the repository, by hand: no package was published",
    )
