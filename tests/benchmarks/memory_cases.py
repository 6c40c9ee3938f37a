"""Published measurements of memory and speed as runs that can be estimated."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from tunelint.costs.models import TARGETS, Model, find_model
from tunelint.costs.run import LossKernel, Method, Optimizer, Run, Sharding, Weights
from tunelint.costs.stacks import HUGGING_FACE, LITGPT, LLAMA_FACTORY, MISTRAL_FINETUNE, TORCHTUNE, UNSLOTH

ALL: Final = frozenset(TARGETS)
TOOLS: Final = {
    "litgpt": LITGPT,
    "torchtune": TORCHTUNE,
    "peft": HUGGING_FACE,
    "llamafactory": LLAMA_FACTORY,
    "hf": HUGGING_FACE,
    "hf+fa2": HUGGING_FACE,
    "longlora": HUGGING_FACE,
    "trl": HUGGING_FACE,
    "unsloth": UNSLOTH,
    "mistral-finetune": MISTRAL_FINETUNE,
}
ALLOCATOR: Final = frozenset({"litgpt", "torchtune"})
"""Tools that print what their allocator held; the others' figures come from the driver."""
NAMES: Final = {"Llama 2": "llama-2-7b", "StableLM Alpha": "stablelm-base-alpha-3b"}
"""Families that a table names without the size, which a column of its own gives."""
CHECKPOINTED: Final = ("activation checkpointing", "optimizer in bwd", "activation offloading", "8-bit adamw", "qlora (")
"""Rows of torchtune's ladder from the one on that turned checkpointing on."""
CHUNKED: Final = (*CHECKPOINTED, "chunked")


class Case(NamedTuple):
    """One measurement. `known` tells whether its tokens and batch were published."""

    row: dict[str, str]
    run: Run
    known: bool


def read(path: Path) -> Iterator[Case]:
    """Yield the measured rows that are not marked suspect and whose tool and model are known."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if not row["suspect"] and row["kind"].startswith(("measured", "vendor")):
                case = case_of(row)
                if case is not None:
                    yield case


def case_of(row: dict[str, str]) -> Case | None:
    """Return a row of either file as a run."""
    stack, model = TOOLS.get(row["tool"]), _model(row)
    if stack is None or model is None:
        return None
    note = row["note"].lower()
    unsloth = "unsloth" in row.get("attention", "") + note and row["tool"] == "llamafactory"
    stack = UNSLOTH if unsloth else stack
    devices = _devices(row, note)
    micro = int(row["micro_batch"] or 1)
    tokens = int(row["longest"] or row["seq_len"] or 0)
    unpacked = "unpacked" in note
    run = Run(
        model=model,
        method=_method(row),
        weights=_weights(row),
        compute="fp32" if "fp32" in row.get("precision", "") else "bf16",
        rank=int(row.get("lora_r") or 8),
        targets=_targets(row),
        dropout=row["tool"] == "litgpt",
        optimizer=_optimizer(row, note),
        micro_batch=micro,
        accumulation=_accumulation(row, note, micro * devices),
        tokens=tokens or 512,
        devices=devices,
        sharding=_sharding(row, devices),
        offload_weights="cpu offload" in note,
        optimizer_in_backward="paged adamw" in note or any(word in note for word in CHECKPOINTED[1:4]),
        checkpointing=_checkpointing(row, note, devices),
        offload_activations=any(word in note for word in CHECKPOINTED[2:]),
        attention="flash" if "fa2" in row.get("attention", "") + note else "sdpa",
        loss=_loss(row, note),
        compiled=_compiled(row, note),
        trains_embedding=row["tool"] == "longlora",
        stack=stack,
    )
    return Case(row, run, bool(tokens and row["micro_batch"]) and not (unpacked and "peak_per_gpu" in row))


def _model(row: dict[str, str]) -> Model | None:
    name = row["model"].replace("open-mistral", "mistral")
    if name == "Llama 2" and row["params_b"].startswith("13"):
        name = "llama-2-13b"
    if name == "StableLM Alpha" and row["params_b"].startswith("7"):
        name = "stablelm-base-alpha-7b"
    return find_model(NAMES.get(name, name))


def _method(row: dict[str, str]) -> Method:
    names: dict[str, Method] = {"full": "full", "adapter": "adapter", "adapter_v2": "adapter-v2"}
    return names.get(row["method"], "lora")


def _weights(row: dict[str, str]) -> Weights:
    quant, precision = row["quant"].lower(), row.get("precision", "")
    if quant == "nf4-dq":
        return "nf4-dq"
    if quant in {"nf4", "4-bit"} or row["method"] == "qlora":
        return "nf4-dq" if row["tool"] in {"torchtune", "llamafactory"} else "nf4"  # what these two do unasked
    return "fp32" if "fp32" in precision or precision == "bf16-mixed" else "bf16"


def _targets(row: dict[str, str]) -> frozenset[str]:
    if _method(row) != "lora":
        return frozenset()
    words = row.get("lora_targets", "").lower()
    if words in {"q,v", "query+value"} or (not words and row["tool"] == "litgpt"):
        return frozenset("qv")
    return ALL | {"head"} if "head" in words else ALL


def _optimizer(row: dict[str, str], note: str) -> Optimizer:
    if "paged adamw" in note:
        return "paged-adamw-8bit"
    if "8-bit" in row.get("optimizer", "") or "8-bit adamw" in note:
        return "adamw-8bit"
    return "paged-adamw" if row["tool"] == "litgpt" and row["quant"] else "adamw"


def _devices(row: dict[str, str], note: str) -> int:
    """Return the devices of one run: those of the config where the row quotes it, as extra GPUs were not used by it."""
    said = re.search(r"devices=(\d)", note)
    return int(said[1]) if said else int(row["n_gpus"] or 1)


def _accumulation(row: dict[str, str], note: str, at_once: int) -> int:
    said = re.search(r"global_batch=(\d+)", note)
    if said:
        return max(int(said[1]) // at_once, 1)
    return 2 if row["tool"] == "litgpt" else 1


def _sharding(row: dict[str, str], devices: int) -> Sharding:
    if devices == 1:
        return "none"
    return "zero2" if row["tool"] == "longlora" else "none" if row["tool"] == "mistral-finetune" else "fsdp"


def _checkpointing(row: dict[str, str], note: str, devices: int) -> bool:
    said = row.get("grad_ckpt", "")
    if said:
        return said.startswith("yes") or (row["tool"] == "litgpt" and devices > 1)
    if row["tool"] == "litgpt":
        return devices > 1
    if row["tool"] == "torchtune" and note.startswith("full"):
        return any(word in note for word in CHECKPOINTED)
    return True


def _loss(row: dict[str, str], note: str) -> LossKernel:
    if row["tool"] == "litgpt":
        return "plain" if row["method"] == "full" else "chunked"
    if row["tool"] != "torchtune":
        return "plain"
    return "chunked" if ("compile" in note and "+ compile" not in note) or any(word in note for word in CHUNKED) else "plain"


def _compiled(row: dict[str, str], note: str) -> bool:
    return row["tool"] == "torchtune" and ("compile" in note or any(word in note for word in CHUNKED))
