"""Which files of a run are compared with which: a finding sits on the validation file where that is checked too."""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from tunelint.core.reference import Reference
from tunelint.engine.linter import Request
from tunelint.engine.references import Reading, read_reference, reference_of
from tunelint.engine.sources import SourceError, open_source
from tunelint.engine.sources.opening import DATASET_SUFFIXES, plain_suffix
from tunelint.settings import Resolved
from tunelint.settings.partners import Partner
from tunelint.settings.search import STDIN, Found

__all__ = ["Partners", "with_validation"]


def with_validation(files: Sequence[Found], named: Sequence[str]) -> list[Found]:
    """Return the files of a run with those that ``--validation`` named, each once."""
    keys = {one.key for one in files}
    return [*files, *(Found(Path(name), name, named=True) for name in named if Partner(Path(name), name).key not in keys)]


class Partners:
    """The files of a run, as far as they are compared with each other."""

    def __init__(self, files: Sequence[Found], resolve: Callable[[Found], Resolved]) -> None:
        self._files = {one.key: one for one in files if one.name != STDIN}
        self._resolve = resolve

    def request(self, found: Found, resolved: Resolved) -> Request:
        """Return the request for a file, with what it is to be compared with in this run."""
        request = resolved.request
        if not resolved.validation:
            return request
        evaluations = [one for one in request.references if one.role == "evaluation"]
        if found.key in resolved.validation:
            others = self._training(found, request)
        else:
            validations = [one for one in request.references if one.role == "validation"]
            pairs = zip(resolved.validation, validations, strict=True)
            others = [reference for key, reference in pairs if key not in self._files]
        return msgspec.structs.replace(request, references=(*others, *evaluations))

    def _training(self, found: Found, request: Request) -> list[Reference]:
        """Return what the training files of the run have in common with the validation file `found`."""
        own = read_reference(found.path, found.name, "validation", _reading(request))
        references = []
        for key, file in self._files.items():
            if plain_suffix(file.name) not in DATASET_SUFFIXES:
                continue
            resolved = self._resolve(file)
            if found.key not in resolved.validation or key in resolved.validation:
                continue
            try:
                source = open_source(file.path, file.name)
                references.append(reference_of(source, "training", _reading(resolved.request), within=own))
            except (SourceError, OSError, ValueError, ModuleNotFoundError):  # said when that file itself is checked
                continue
        return references


def _reading(request: Request) -> Reading:
    return Reading(request.target, request.method, request.form)
