"""Yandex Cloud: tuning of YandexGPT and the open models beside it."""

from typing import Final

from tunelint.formats.base import Dialect, Limits, Target

__all__ = ["TARGET"]

_ROLES: Final = frozenset({"system", "user", "assistant"})

TARGET = Target(
    name="yandex",
    title="Yandex Cloud",
    hosted=True,
    as_of="2025-05-13",
    sources=("yandex.cloud/docs/foundation-models/concepts/resources/dataset",),
    dialects={"yandex": Dialect(roles=_ROLES)},
    limits={"": Limits(min_examples=10)},
)
