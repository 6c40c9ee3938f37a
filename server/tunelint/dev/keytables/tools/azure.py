"""Azure's fine-tuning jobs: OpenAI's body, and a key of Azure's own."""

from msgspec import UNSET

from tunelint.dev.keytables.classes import Field, Reader
from tunelint.dev.keytables.history import history
from tunelint.dev.keytables.shapes import Shape
from tunelint.dev.keytables.shelf import Shelf, Table
from tunelint.dev.keytables.tools.openai import body


def build(shelf: Shelf) -> Table:
    """Read the newest release of OpenAI's client; where a job runs is chosen by `trainingType`."""
    package = shelf.newest("openai")
    kind = Field(Shape(("string",), ("Standard", "GlobalStandard", "Developer"), loose=True), UNSET)
    return Table(
        history([(package.version, {**body(Reader(package)), "trainingType": kind})]),
        (package.version,),
        strict=True,
        source="typed parameters of the published client of OpenAI; `trainingType` from Azure's documentation, November 2026",
    )
