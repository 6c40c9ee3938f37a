"""NVIDIA NeMo."""

from tunelint.formats.base import Dialect, Target

__all__ = ["TARGET"]

TARGET = Target(
    name="nemo",
    title="NeMo",
    hosted=False,
    as_of="2026-08",
    sources=("NVIDIA/NeMo, fine-tuning data documentation; NVIDIA-NeMo/RL, preference data",),
    dialects={
        "input-output": Dialect(),
        "nemo-chat": Dialect(),
        "openai-chat": Dialect(),
        "preference": Dialect(),
        "nemo-preference": Dialect(),
        "text": Dialect(),
    },
)
