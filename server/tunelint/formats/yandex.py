"""Requests with responses as Yandex Cloud tunes on them."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from tunelint.core.example import Example, Role, Turn
from tunelint.formats.base import Format

__all__ = ["FORMAT"]

ROLES: dict[str, Role] = {"system": "system", "user": "user", "assistant": "assistant"}


class Said(Struct, forbid_unknown_fields=True):
    """What one said."""

    role: str
    text: str


class Row(Struct, forbid_unknown_fields=True):
    """The turns before the answer, and the answer."""

    request: Annotated[list[Said], Meta(min_length=1)]
    response: str
    id: str | int | None | UnsetType = UNSET


class Yandex(Format):
    """A `request` of turns with a `role` and a `text`, and the `response` to it: Yandex Cloud's TextToTextGeneration.

    ```jsonl good
    {"request": [{"role": "system", "text": "Be brief."}, {"role": "user", "text": "Is it raining?"}], "response": "No."}
    ```

    ```jsonl bad request[0].text
    {"request": [{"role": "user", "text": 7}], "response": "No."}
    ```
    """

    name = "yandex"
    title = "YandexGPT"
    aliases = ("yandexgpt",)
    rows = (Row,)
    roles = ROLES
    conversation = True

    def example(self, row: Any) -> Example:
        """Turn a row into the canonical example."""
        turns = []
        for index, one in enumerate(row.request):
            at = ("request", index)
            turns.append(Turn(ROLES.get(one.role, "unknown"), one.text, at, (*at, "text"), one.role, trained=False))
        turns.append(Turn("assistant", row.response, ("response",), ("response",), "assistant"))
        return Example(turns)

    def suits(self, value: dict[str, Any]) -> float:
        """Return less for a `request` of anything but turns, as logs of services have it."""
        turns = value.get("request")
        said = isinstance(turns, list) and turns and isinstance(turns[0], dict) and "role" in turns[0]
        return 1.0 if said else 0.3


FORMAT = Yandex()
