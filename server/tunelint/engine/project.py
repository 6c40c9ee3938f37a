"""Finds the datasets that a config names, and reads of them what rules over both may know.

Tools look for relative paths from the folder that they are started in, which a config does not say. So a name is looked for from
the config's own folder and from those above it, up to the root of the project. What cannot lie on this machine, a dataset on a
hub or a path of another computer, is said to be elsewhere and never to be missing.
"""

import heapq
import json
from collections.abc import Collection, Iterator, Sequence
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, Final, Protocol

from xxhash import xxh3_64

from tunelint.core.dataset import DatasetSummary, Spot
from tunelint.core.errors import UserError
from tunelint.core.plan import DatasetRef
from tunelint.core.record import Record
from tunelint.engine.linter import Linter, Request
from tunelint.engine.plan import Selection
from tunelint.engine.sources.base import Source
from tunelint.rules.base import Link, LinkedDataset
from tunelint.text.distance import within
from tunelint.trainers import Config

__all__ = ["Files", "Linker"]

_DATA: Final = (".jsonl", ".json", ".csv", ".tsv", ".parquet", ".txt", ".ndjson", ".arrow", ".gz", ".zst")
_MOST_FILES: Final = 50
_MOST_COUNTED: Final = 20_000
"""Records of a dataset whose tokens are counted at most: enough for the share that is too long to half a percent."""

_MOST_LONGEST: Final = 25
"""Of the longest records so many are remembered with their places: as many as findings of a rule are shown one by one."""

_MOST_SAMPLES: Final = 200
_MOST_HASHED: Final = 64 << 20
_MOST_SETTINGS: Final = 1 << 20
_BUILDERS: Final = frozenset({"json", "csv", "parquet", "text", "arrow"})
"""Names by which the `datasets` library reads files that are given beside."""

_GLOB: Final = frozenset("*?[")
_REGISTRY: Final = "dataset_info.json"


class Files(Protocol):
    """Where files are looked for: the disk, an editor's open buffers before the disk, or the files of a test."""

    def bases(self, config: str) -> Sequence[str]:
        """Return the folders from which a config's relative names are looked for, nearest first."""
        ...

    def kind(self, path: str) -> str:
        """Return ``file``, ``folder``, or the empty text for what is not there."""
        ...

    def find(self, folder: str, pattern: str) -> list[str]:
        """Return the files below a folder that match a glob, sorted."""
        ...

    def read(self, path: str) -> bytes:
        """Return the bytes of a file; an OSError where that cannot be."""
        ...

    def source(self, path: str) -> Source:
        """Return the records of a file; a UserError where there are none."""
        ...

    def size(self, path: str) -> int:
        """Return the bytes of a file."""
        ...


class _Place:
    """Where one config looks for its datasets. A folder that is not there is looked at once, however many names it begins."""

    def __init__(self, files: Files, bases: Sequence[str]) -> None:
        self.bases = bases
        self._files = files
        self._folders: dict[tuple[str, str], bool] = {}

    def kind(self, base: str, name: str) -> str:
        """Return what lies under a name in a folder."""
        first, slash, _ = name.partition("/")
        if slash and first not in {"", ".", ".."} and not self._is_folder(base, first):
            return ""
        return self._files.kind(_join(base, name))

    def _is_folder(self, base: str, name: str) -> bool:
        found = self._folders.get((base, name))
        if found is None:
            found = self._folders[base, name] = self._files.kind(_join(base, name)) == "folder"
        return found


class Linker:
    """Links configs with their datasets; a dataset that several name is read once.

    With `lenient` what was known of files before they changed is good enough, and `used_old` tells that it was used.
    """

    def __init__(self, files: Files) -> None:
        self.lenient = False
        self.used_old = False
        self._files = files
        self._place = _Place(files, ())
        self._summaries: dict[tuple[str, ...], DatasetSummary | None] = {}
        self._counted: set[tuple[str, ...]] = set()
        self._old: dict[tuple[str, ...], DatasetSummary | None] = {}

    def link(self, config: Config, *, lengths: bool) -> Link:
        """Return a config with what was found of its datasets; with `lengths` their tokens are counted."""
        plan = config.plan
        self._place = _Place(self._files, self._files.bases(config.name))
        train = tuple(self._resolve(config, ref, lengths=lengths) for ref in plan.datasets)
        evaluation = tuple(self._resolve(config, ref, lengths=False) for ref in plan.evaluation_datasets)
        return Link(config=config, train=train, evaluation=evaluation, deepspeed=self._deepspeed(config))

    def forget(self, path: str) -> None:
        """Forget what was read of a file, which has changed."""
        for files in [files for files in self._summaries if path in files]:
            self._old[files] = self._summaries.pop(files)
            self._counted.discard(files)

    def _deepspeed(self, config: Config) -> dict[str, Any]:
        """Return what stands in DeepSpeed's own file that a config names, nothing where it cannot be read."""
        name = config.text("deepspeed")
        if not name.casefold().endswith(".json"):
            return {}
        for base in self._place.bases:
            path = _join(base, name)
            if self._place.kind(base, name) == "file" and self._files.size(path) <= _MOST_SETTINGS:
                try:
                    said = json.loads(self._files.read(path).decode("utf-8-sig"))
                except (OSError, ValueError, RecursionError):
                    return {}
                return said if isinstance(said, dict) else {}
        return {}

    def _resolve(self, config: Config, ref: DatasetRef, *, lengths: bool) -> LinkedDataset:
        if ref.kind == "registry":
            return self._registered(config, ref, lengths=lengths)
        if ref.kind in {"hub", "url"}:
            return LinkedDataset(ref=ref, state="elsewhere", reason="it has to be fetched")
        for name in _names(ref):
            if "://" in name:
                return LinkedDataset(ref=ref, state="elsewhere", reason="it has to be fetched")
        files = self._locate(config, ref)
        if files:
            return LinkedDataset(ref=ref, state="found", files=files, summary=self._summary(files, lengths=lengths))
        reason = self._elsewhere(config, ref)
        return LinkedDataset(ref=ref, state="elsewhere" if reason else "missing", reason=reason)

    def _locate(self, config: Config, ref: DatasetRef) -> tuple[str, ...]:
        bases = self._place.bases[:1] if config.trainer.name == "dataset-info" else self._place.bases
        for base in bases:
            found = tuple(self._under(base, ref))
            if found:
                return found
        return ()

    def _under(self, base: str, ref: DatasetRef) -> Iterator[str]:
        """Yield the files that a dataset means from a folder."""
        match self._place.kind(base, ref.name):
            case "file":
                yield _join(base, ref.name)
            case "folder":
                path = _join(base, ref.name)
                patterns = ref.files or ("*",)
                for pattern in patterns:
                    yield from (name for name in self._files.find(path, pattern)[:_MOST_FILES] if name.casefold().endswith(_DATA))
            case _ if _GLOB & set(ref.name):
                yield from self._files.find(base, ref.name)[:_MOST_FILES]
            case _ if ref.name in _BUILDERS:
                for name in ref.files:
                    if _GLOB & set(name):
                        yield from self._files.find(base, name)[:_MOST_FILES]
                    elif self._place.kind(base, name) == "file":
                        yield _join(base, name)

    def _elsewhere(self, config: Config, ref: DatasetRef) -> str:
        """Say why a dataset that was not found need not lie on this machine; empty where it should."""
        name = _names(ref)[0]
        windows = name[1:2] == ":" or name.startswith("\\\\")
        if windows or name.startswith(("/", "~")):
            path = PureWindowsPath(name) if windows else PurePosixPath(name)
            if self._files.kind(path.parent.as_posix()) != "folder":
                return "its path is one of another machine"
            return ""
        if "${" in name or "{{" in name:
            return "its name is filled in later"
        local = name.startswith((".", "/")) or name.casefold().endswith(_DATA) or bool(_GLOB & set(name))
        if ref.kind == "either" and not local:
            return "it is on a hub, or in a folder of another machine"
        return ""

    def _registered(self, config: Config, ref: DatasetRef, *, lengths: bool) -> LinkedDataset:
        folder = config.text("dataset_dir") or "data"
        for base in self._place.bases:
            path = _join(base, folder, _REGISTRY)
            if self._place.kind(base, f"{folder}/{_REGISTRY}") == "file":
                named = {one.name for one in (*config.plan.datasets, *config.plan.evaluation_datasets)}
                return self._entry(path, ref, named, lengths=lengths)
        return LinkedDataset(ref=ref, state="elsewhere", reason=f"there is no {folder}/{_REGISTRY} here")

    def _entry(self, path: str, ref: DatasetRef, named: Collection[str], *, lengths: bool) -> LinkedDataset:
        """Return what a registry says of a dataset. A misspelt name is none of those that the config has `named` already."""
        try:
            registry = json.loads(self._files.read(path).decode("utf-8-sig"))
        except (OSError, ValueError):
            return LinkedDataset(ref=ref, state="elsewhere", reason=f"{path} cannot be read")
        if not isinstance(registry, dict):
            return LinkedDataset(ref=ref, state="elsewhere", reason=f"{path} is no list of datasets")
        entry = registry.get(ref.name)
        if not isinstance(entry, dict):
            near = [name for name in registry if name not in named and within(ref.name, name, 2)]
            return LinkedDataset(ref=ref, state="unlisted", registry=path, suggestion=near[0] if len(near) == 1 else "")
        file = entry.get("file_name")
        if not isinstance(file, str) or any(key in entry for key in ("hf_hub_url", "ms_hub_url", "om_hub_url", "script_url")):
            return LinkedDataset(ref=ref, state="elsewhere", registry=path, entry=entry, reason="it has to be fetched")
        target = _join(str(PurePosixPath(path).parent), file)
        kind = self._files.kind(target)
        if not kind:
            return LinkedDataset(ref=ref, state="missing", registry=path, entry=entry, files=(target,))
        names = (target,) if kind == "file" else tuple(self._files.find(target, "*")[:_MOST_FILES])
        summary = self._summary(names, lengths=lengths) if names else None
        return LinkedDataset(ref=ref, state="found", registry=path, entry=entry, files=names, summary=summary)

    def _summary(self, files: tuple[str, ...], *, lengths: bool) -> DatasetSummary | None:
        """Return what is known of some files together, None where they cannot be read."""
        if self.lenient and files in self._old:
            self.used_old = True
            return self._old[files]
        if files not in self._summaries or (lengths and files not in self._counted):
            try:
                self._summaries[files] = _summarise(self._files, files, lengths=lengths)
            except (UserError, OSError, ValueError, ModuleNotFoundError):
                self._summaries[files] = None
            self._old.pop(files, None)
            if lengths:
                self._counted.add(files)
        return self._summaries[files]


def _names(ref: DatasetRef) -> tuple[str, ...]:
    """Return what is looked for on the disk: data files beside a builder such as `json`, else the dataset itself."""
    return ref.files if ref.files and ref.name in _BUILDERS else (ref.name,)


def _join(*parts: str) -> str:
    return str(PurePosixPath(*parts))


def _summarise(files: Files, names: tuple[str, ...], *, lengths: bool) -> DatasetSummary:
    from tunelint.engine.batch import count_tokens
    from tunelint.tokens import counter_for

    request = Request(selection=Selection(frozenset()))
    first: Linter | None = None
    sequences: list[int] = []
    longest: list[tuple[int, int, Spot]] = []
    heads: list[Spot] = []
    samples: list[dict[str, Any]] = []
    records = counted = 0
    for name in names:
        linter = Linter(files.source(name), request)
        first = first or linter
        counter = counter_for(linter.context.encoding) if lengths else None
        before = records
        for batch in linter.source.batches():
            for index, raw in enumerate(batch.rows):
                if not raw or raw.isspace() or index in batch.broken:
                    continue
                records += 1
                if records == before + 1:
                    heads.append(Spot(name, batch.origin(index).line))
                if len(samples) < _MOST_SAMPLES and isinstance(value := Record(raw).value, dict):
                    samples.append(value)
                if counter is not None and counted < _MOST_COUNTED:
                    record = linter.plan.reader.read(raw, batch.handle(index))
                    if record.row is not None:
                        counted += 1
                        tokens = count_tokens(record, counter, linter.context).sequence
                        sequences.append(tokens)
                        _remember(longest, tokens, -counted, name, batch.origin(index).line)
    assert first is not None
    context = first.context
    return DatasetSummary(
        format=context.format.name if context.format is not None else None,
        title=context.format.title if context.format is not None else "",
        confidence=context.confidence,
        method=context.method,
        records=records,
        columns=context.columns,
        lengths=sequences,
        counted=counted,
        encoding=context.encoding,
        longest=[spot for _, _, spot in sorted(longest, reverse=True)],
        heads=heads,
        samples=samples,
        digest=_digest(files, names),
    )


def _remember(longest: list[tuple[int, int, Spot]], tokens: int, order: int, file: str, line: int) -> None:
    """Keep a record among the longest, a heap, if it is one of them; of those that are as long, the first."""
    if len(longest) < _MOST_LONGEST:
        heapq.heappush(longest, (tokens, order, Spot(file, line, tokens)))
    elif tokens > longest[0][0]:
        heapq.heapreplace(longest, (tokens, order, Spot(file, line, tokens)))


def _digest(files: Files, names: tuple[str, ...]) -> int:
    if sum(files.size(name) for name in names) > _MOST_HASHED:
        return 0
    hashed: Any = xxh3_64()
    for name in names:
        hashed.update(files.read(name))
    return int(hashed.intdigest()) or 1
