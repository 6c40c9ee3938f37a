"""Short ways to lint bytes and to fix them, for tests."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from tunelint.core.diagnostic import Diagnostic, FileReport
from tunelint.core.reference import Reference, ReferenceRole
from tunelint.costs.use import Hardware, Use
from tunelint.engine.config import ConfigLinter, decode, open_config
from tunelint.engine.fixes import changes, plan_fixes
from tunelint.engine.linter import Linter, Request
from tunelint.engine.memory_files import MemoryFiles
from tunelint.engine.plan import Selection
from tunelint.engine.project import Linker
from tunelint.engine.references import Reading, reference_of
from tunelint.engine.sources.base import Batch, Source
from tunelint.engine.sources.opening import open_stream
from tunelint.engine.sources.streams import from_bytes
from tunelint.formats import find_format, find_target
from tunelint.rules import all_rules

RECOMMENDED = frozenset(code for code, rule in all_rules().items() if rule.recommended)


def request(
    codes: Iterable[str] | None = None,
    *,
    target: str = "",
    method: Any = None,
    format: str = "",
    limit: Any = None,
    media: str | None = None,
    grader: str | None = None,
    costs: str | None = None,
    today: str = "",
    keep_all: bool = False,
    validation: str | None = None,
    evaluation: str | None = None,
) -> Request:
    """Build a request from names; without codes it is the recommended preset."""
    name, _, model = target.partition("/")
    return Request(
        selection=Selection(frozenset(codes) if codes is not None else RECOMMENDED),
        target=find_target(name) if name else None,
        model=model,
        method=method,
        form=find_format(format) if format else None,
        limit=int(limit) if limit else None,
        exists=media.split(",").__contains__ if media is not None else None,
        use=_use(costs) if costs else Use(),
        today=today,
        grader_fields=frozenset(grader.split(",")) if grader else None,
        keep_all=keep_all,
        references=(*_references(validation, "validation"), *_references(evaluation, "evaluation")),
    )


def _use(costs: str) -> Use:
    """Read ``prompt_tokens:3000,gpu:A10G``."""
    said = dict(one.split(":", 1) for one in costs.split(","))
    hardware = {name: said.pop(name) for name in ("gpu", "memory_gb", "gpus") if name in said}
    values: dict[str, Any] = {name: float(value) for name, value in said.items()}
    numbers: dict[str, Any] = {name: value if name == "gpu" else float(value) for name, value in hardware.items()}
    if "gpus" in numbers:
        numbers["gpus"] = int(numbers["gpus"])
    return Use(**values, hardware=Hardware(**numbers))


def _references(data: str | None, role: ReferenceRole) -> list[Reference]:
    """Return what the text of another file comes to, where there is one."""
    if data is None:
        return []
    return [reference_of(open_stream(from_bytes(data.encode(), f"{role}.jsonl")), role, Reading())]


def lint(data: bytes | str, codes: Iterable[str] | None = None, name: str = "train.jsonl", **options: Any) -> FileReport:
    """Lint bytes as a file of that name."""
    config = config_linter(data, codes, name, **options)
    return config.report() if config is not None else linter(data, codes, name, **options).run()


def config_linter(
    data: bytes | str, codes: Iterable[str] | None = None, name: str = "train.yaml", **options: Any
) -> ConfigLinter | None:
    """Return a linter of bytes that are a training config, None for others."""
    beside = options.pop("beside", {})
    config = open_config(decode(data) if isinstance(data, bytes) else data, name)
    if config is None:
        return None
    linker = Linker(MemoryFiles(beside)) if beside else None
    return ConfigLinter(config, request(codes, **options), linker)


def linter(data: bytes | str, codes: Iterable[str] | None = None, name: str = "train.jsonl", **options: Any) -> Linter:
    """Return a linter of bytes that has not run."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    size, oversized = options.pop("bytes", None), options.pop("oversized", None)
    source = open_stream(from_bytes(raw, name))
    if oversized is not None:
        source = _Oversized(source, int(oversized) - 1)
    one = Linter(source, request(codes, **options))
    if size is not None:
        source.facts.size = int(size)
    return one


class _Oversized:
    """A source one of whose records is taken to be too long to be read."""

    def __init__(self, source: Source, row: int) -> None:
        self.facts = source.facts
        self.fetch = source.fetch
        self._source = source
        self._row = row

    def batches(self) -> Iterator[Batch]:
        for batch in self._source.batches():
            rows = [b"" if index == self._row else row for index, row in enumerate(batch.rows)]
            yield msgspec.structs.replace(batch, rows=rows, oversized={self._row: 1 << 30}, block=None)


def fix(
    data: bytes | str,
    codes: Iterable[str] | None = None,
    name: str = "train.jsonl",
    *,
    unsafe: bool = False,
    **options: Any,
) -> bytes:
    """Return bytes with their fixes carried out, until nothing more is to be done."""
    before = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    config = config_linter(before, codes, name, **options)
    if config is not None:
        mended, _ = config.mend(frozenset({"safe", "unsafe"} if unsafe else {"safe"}))
        return mended.encode("utf-8", "surrogateescape")
    for _ in range(5):
        one = linter(before, codes, name, **options)
        one.run()
        fixes = plan_fixes(one.plan, one.findings(), frozenset({"safe", "unsafe"} if unsafe else {"safe"}))
        after = b"".join(change.after for change in changes(one, fixes) if change.after is not None)
        if after == before:
            break
        before = after
    return before


def places(found: Iterable[Diagnostic]) -> list[tuple[str, int, str]]:
    """Return code, line and path of diagnostics."""
    return [(one.code, one.line, one.at) for one in found]
