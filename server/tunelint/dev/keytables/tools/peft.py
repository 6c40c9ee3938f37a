"""PEFT's adapter_config.json: the config classes of all methods; the commands of the table are the values of `peft_type`."""

import re
from collections.abc import Iterator
from typing import Final

from tunelint.dev.keytables.classes import Field, Reader
from tunelint.dev.keytables.history import Entry, Fields, commands, history
from tunelint.dev.keytables.shapes import Shape
from tunelint.dev.keytables.shelf import Shelf, Table, or_nothing

_SINCE: Final = "0.10"
_KIND: Final = re.compile(r"self\.peft_type = PeftType\.(\w+)")
_SHARED: Final = {
    "peft_type": Field(Shape(("string",)), required=True),
    "peft_version": Field(Shape(("string", "null")), None),
    "auto_mapping": Field(Shape(("object", "null"), free=True), None),
}
"""Keys of every saved adapter that no class declares as an argument of its own in all releases."""


def build(shelf: Shelf) -> Table:
    """Read the releases from 0.10 on."""
    versions = shelf.versions("peft", _SINCE)
    read = {version: dict(_methods(Reader(shelf.package("peft", version)))) for version in versions}
    kinds = dict.fromkeys(["LORA", *(kind for methods in read.values() for kind in methods)])
    own: dict[str, dict[str, Entry]] = {}
    for kind in kinds:
        own[kind] = history([(version, read[version].get(kind, {})) for version in versions])
    newest = read[versions[-1]]
    alive = {kind: entries for kind, entries in own.items() if kind in newest}
    return Table(
        commands(alive, history([(version, _SHARED) for version in versions])),
        tuple(versions),
        strict=False,
        source="dataclasses of the published packages",
    )


def _methods(reader: Reader) -> Iterator[tuple[str, Fields]]:
    """Yield the value of `peft_type` and the fields of each method's config class."""
    for path in reader.package.below("peft/tuners"):
        if not path.endswith("config.py"):
            continue
        module = path.removesuffix(".py").replace("/", ".")
        for name in re.findall(r"^class (\w+Config)\(", reader.package.texts[path], re.MULTILINE):
            kind = _KIND.search(reader.package.texts[path].partition(f"class {name}(")[2].partition("\nclass ")[0])
            if kind is not None:
                yield kind[1], or_nothing(reader.keys(f"{module}.{name}"))
