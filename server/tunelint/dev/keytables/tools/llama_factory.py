"""LLaMA-Factory: five dataclasses, joined with the TrainingArguments that they inherit."""

from typing import Final

from tunelint.core.errors import UserError
from tunelint.dev.keytables.classes import Field, Reader
from tunelint.dev.keytables.history import Fields, history, join
from tunelint.dev.keytables.shelf import Shelf, Table
from tunelint.dev.keytables.tools.transformers import inherited_arguments

_SINCE: Final = "0.8"
_CLASSES: Final = (
    "model_args.ModelArguments",
    "data_args.DataArguments",
    "training_args.TrainingArguments",
    "finetuning_args.FinetuningArguments",
    "generating_args.GeneratingArguments",
)


def build(shelf: Shelf) -> Table:
    """Read the releases from 0.8 on."""
    releases = shelf.read("llamafactory", _SINCE, _own, every=_SINCE)
    base = inherited_arguments(shelf, shelf.newest("llamafactory"), seq2seq=True)
    return Table(
        join(history(releases), base),
        tuple(version for version, _ in releases),
        strict=True,
        source="dataclasses of the published packages, and of those releases of transformers that the newest one admits",
    )


def _own(reader: Reader) -> Fields:
    found: dict[str, Field] = {}
    for name in _CLASSES:
        path = f"llamafactory.hparams.{name}"
        if reader.find(path) is not None:
            found.update({key: field for key, field in reader.keys(path).items() if key not in found})
    if "stage" not in found or "cutoff_len" not in found:
        raise UserError(f"llamafactory {reader.package.version} keeps its arguments elsewhere")
    return found
