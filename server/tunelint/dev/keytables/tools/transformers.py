"""TrainingArguments of transformers, alone and as other tools inherit them."""

import re
from typing import Final

from tunelint.dev.keytables.classes import Reader
from tunelint.dev.keytables.history import Entry, Fields, history, inherited
from tunelint.dev.keytables.packages import Package
from tunelint.dev.keytables.shelf import Shelf, Table

__all__ = ["build", "inherited_arguments"]

SINCE: Final = "4.41"
"""May 2024: `eval_strategy` is new in it."""

_PLAIN: Final = "transformers.training_args.TrainingArguments"
_SEQ2SEQ: Final = "transformers.training_args_seq2seq.Seq2SeqTrainingArguments"
_REQUIREMENT: Final = re.compile(r"^Requires-Dist: transformers(?:\[[\w,-]+\])?\s*([^;\n]*)$", re.MULTILINE)
_BOUND: Final = re.compile(r"(>=|<=|==|<)\s*([\d.]+)")


def build(shelf: Shelf) -> Table:
    """Read TrainingArguments; the JSON that a script parses may be meant for the sequence-to-sequence kind."""
    releases = shelf.read("transformers", SINCE, _seq2seq)
    versions = tuple(version for version, _ in releases)
    return Table(history(releases), versions, strict=True, source="dataclasses of the published packages")


def inherited_arguments(shelf: Shelf, tool: Package, *, seq2seq: bool = False) -> dict[str, Entry]:
    """Return the arguments that a tool inherits from those releases of transformers that it says it works with."""
    releases = shelf.read("transformers", SINCE, _seq2seq if seq2seq else _plain)
    least, most = releases[0][0], releases[-1][0]
    metadata = next(text for path, text in tool.texts.items() if path.endswith(("METADATA", "PKG-INFO")))
    for requirement in _REQUIREMENT.findall(metadata)[:1]:
        for sign, version in _BOUND.findall(requirement):
            least = version if sign in {">=", "=="} else least
            most = version if sign in {"<=", "==", "<"} else most
    return inherited(releases, "transformers", least, most)


def _plain(reader: Reader) -> Fields:
    return reader.keys(_PLAIN)


def _seq2seq(reader: Reader) -> Fields:
    return reader.keys(_SEQ2SEQ)
