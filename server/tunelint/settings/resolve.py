"""What settings and the command line come to for one file."""

import fnmatch
import functools
import json
import os
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, Final

import msgspec

from tunelint.core.example import Method
from tunelint.core.finding import Severity
from tunelint.core.record import leaves
from tunelint.engine.linter import Request
from tunelint.engine.plan import Selection
from tunelint.engine.references import Reading
from tunelint.formats import all_formats, all_targets, find_format, find_target
from tunelint.formats.shape import closest
from tunelint.rules import all_rules, find_rule, matching
from tunelint.settings.discovery import SettingsError, SettingsSource
from tunelint.settings.partners import partners_of, references_to
from tunelint.settings.use import use_of

__all__ = ["Overrides", "Resolved", "matches", "resolve"]


_CONTAMINATION: Final = "DUP005"


class Overrides(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line says; None and empty where it says nothing. It wins over every settings file."""

    preset: str | None = None
    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, str] = {}
    target: str | None = None
    method: Method | None = None
    format: str | None = None
    limit: int | None = None
    tokenizer: str | None = None
    grader: str | None = None
    validation: tuple[str, ...] = ()
    evaluation: tuple[str, ...] = ()
    values: Mapping[str, Any] = {}
    """Further settings given as ``--config KEY=VALUE``."""


class Resolved(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of one file, ready to use."""

    request: Request
    source: str
    target: str | None
    validation: tuple[str, ...] = ()
    """The absolute paths of the validation files, in the order of their references in the request."""
    values: Mapping[str, Any]
    """The settings by their names in the file, for ``--show-settings``."""


def matches(name: str, pattern: str) -> bool:
    """Tell whether a path relative to the settings file, with forward slashes, matches a glob.

    A pattern without a slash matches the name at any depth; ``**`` crosses folders, ``*`` does not.
    """
    pattern = pattern.replace("\\", "/").removeprefix("./")
    if "/" not in pattern:
        return any(fnmatch.fnmatchcase(part, pattern) for part in name.split("/"))
    return _glob(pattern).fullmatch(name) is not None


@functools.lru_cache(maxsize=512)
def _glob(pattern: str) -> re.Pattern[str]:
    pieces = []
    for piece in re.split(r"(\*\*/|\*\*|\*|\?|\[[^\]]*\])", pattern):
        if piece == "**/":
            pieces.append("(?:.*/)?")
        elif piece == "**":
            pieces.append(".*")
        elif piece == "*":
            pieces.append("[^/]*")
        elif piece == "?":
            pieces.append("[^/]")
        elif piece.startswith("["):
            pieces.append(piece.replace("[!", "[^", 1))
        else:
            pieces.append(re.escape(piece))
    return re.compile("".join(pieces) + r"(?:/.*)?")


def relative_name(path: Path, folder: Path) -> str:
    """Return a path as patterns see it: relative to the settings file, with forward slashes."""
    try:
        return PurePosixPath(path.resolve().relative_to(folder.resolve())).as_posix()
    except (ValueError, OSError, RuntimeError):  # it lies elsewhere, or is a link that leads back to itself
        return PurePosixPath(*path.parts[1:] if path.is_absolute() else path.parts).as_posix()


def resolve(path: Path, source: SettingsSource, overrides: Overrides) -> Resolved:
    """Join the settings that hold for a file; raises SettingsError for a target, format or file that is not there."""
    settings = source.settings
    values: dict[str, Any] = settings.model_dump(by_alias=True, exclude_defaults=True) if settings is not None else {}
    values |= {key: value for key, value in overrides.values.items() if value is not None}
    name = relative_name(path, source.folder)
    for block in values.get("files", ()):
        if any(matches(name, pattern) for pattern in block["files"]):
            values |= {key: item for key, item in block.items() if key != "files" and item is not None}
    for key in ("preset", "target", "method", "format", "limit", "tokenizer", "grader"):
        said = getattr(overrides, key)
        if said is not None:
            values[key] = said
    values |= {f"{key}-files": list(said) for key in ("validation", "evaluation") if (said := getattr(overrides, key))}
    codes = _codes(values, overrides, name)
    target_name = values.get("target")
    target = find_target(target_name) if target_name else None
    if target_name and target is None:
        raise SettingsError(unknown(target_name.partition("/")[0], "target", all_targets(), source))
    form = find_format(values["format"]) if values.get("format") else None
    if values.get("format") and form is None:
        raise SettingsError(unknown(values["format"], "format", all_formats(), source))
    grader = values.get("grader")
    folder = path.parent
    validation = partners_of("validation-files", values, source, overrides.validation, absolute=path.is_absolute())
    evaluation = partners_of("evaluation-files", values, source, overrides.evaluation, absolute=path.is_absolute())
    reading = Reading(target, values.get("method"), form)
    request = Request(
        selection=Selection(frozenset(codes), _severities(values, overrides), _options(values)),
        target=target,
        model=target_name.partition("/")[2] if target_name else "",
        method=values.get("method"),
        form=form,
        limit=values.get("limit"),
        tokenizer=_tokenizer(values.get("tokenizer"), source, overrides),
        grader_fields=_grader_fields(_base(source, grader == overrides.grader) / grader) if grader else None,
        references=(
            *references_to(validation, "validation", path, reading),
            *references_to(evaluation, "evaluation", path, reading),
        ),
        use=use_of(values),
        today=datetime.now(tz=UTC).date().isoformat(),
        read=functools.partial(_read, folder),
        exists=functools.partial(_exists, str(folder)) if str(path) != "-" else None,
    )
    return Resolved(
        request=request,
        source=str(source.path) if source.path else "",
        target=target_name,
        validation=tuple(one.key for one in validation),
        values=values,
    )


def _codes(values: Mapping[str, Any], overrides: Overrides, name: str) -> set[str]:
    known = all_rules()
    select = overrides.select if overrides.select is not None else values.get("select")
    if select is not None:
        chosen = _matching(select)
    else:
        strict = values.get("preset") == "strict"
        chosen = {code for code, rule in known.items() if rule.recommended or strict}
        if values.get("evaluation-files"):  # whoever names them wants to know
            chosen.add(_CONTAMINATION)
    chosen |= _matching([*values.get("extend-select", ()), *overrides.extend_select])
    chosen -= _matching(values.get("ignore", ())) - (_matching(overrides.select) if overrides.select else set())
    chosen -= _matching(overrides.ignore)
    for pattern, selectors in values.get("per-file-ignores", {}).items():
        if matches(name, pattern):
            chosen -= _matching(selectors)
    return chosen


def _matching(selectors: Iterable[str]) -> set[str]:
    return {code for selector in selectors for code in matching(selector)}


def _severities(values: Mapping[str, Any], overrides: Overrides) -> dict[str, Severity]:
    found = {}
    for selector, severity in {**values.get("severity", {}), **overrides.severity}.items():
        for code in matching(selector):
            found[code] = Severity(severity)
    return found


def _options(values: Mapping[str, Any]) -> dict[str, dict[str, object]]:
    found = {}
    for name, options in values.get("rules", {}).items():
        rule = find_rule(name)
        assert rule is not None
        found[rule.code] = {key.replace("-", "_"): item for key, item in options.items()}
    return found


def _base(source: SettingsSource, from_command_line: bool) -> Path:
    """Return what a path is relative to: the settings file, or the working folder for what the command line says."""
    return Path() if from_command_line else source.folder


def _tokenizer(name: str | None, source: SettingsSource, overrides: Overrides) -> str:
    if not name or not name.endswith(".json"):
        return name or ""
    return str(_base(source, name == overrides.tokenizer) / name)


_SMALL: Final = 1 << 20
"""Bytes of the largest file that a config may point to and that is read for it; a model's ``config.json`` has some thousands."""


def _read(folder: Path, name: str) -> str | None:
    """Return the text of a small file, looked for beside the linted one and in the working folder."""
    for path in (folder / name, Path(name)):
        try:
            if path.is_file() and path.stat().st_size <= _SMALL:
                return path.read_text(encoding="utf-8", errors="replace")
        except (OSError, ValueError):
            continue
    return None


def _exists(folder: str, name: str) -> bool:
    return os.path.exists(os.path.join(folder, name))  # noqa: PTH110, PTH118  thousands of calls


_FIELD: Final = re.compile(r"\{\{-?\s*item\.([A-Za-z_]\w*)|\bitem\[\s*['\"]([^'\"\]]+)['\"]\s*\]")
"""How a template and how the code of a grader read a field that has to be there; ``item.get`` has a default."""


def _grader_fields(path: Path) -> frozenset[str]:
    """Return the record fields that a grader's templates and code read."""
    try:
        grader = json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise SettingsError(f"{path}:1:1: the grader cannot be read ({problem.strerror})") from problem
    except ValueError as problem:
        raise SettingsError(f"{path}:1:1: the grader is no JSON ({problem})") from problem
    return frozenset(match[1] or match[2] for _, text in leaves(grader) for match in _FIELD.finditer(text))


def unknown(name: str, what: str, known: Mapping[str, Any], source: SettingsSource | None = None) -> str:
    """Say that something is not there, and what is."""
    aliases = [alias for one in known.values() for alias in one.aliases]
    near = closest(name, [*known, *aliases])
    meant = f"; did you mean {near!r}?" if near else "."
    where = f"{source.path}: " if source is not None and source.path is not None else ""
    return f"{where}no {what} is called {name!r}{meant} Known are: {', '.join(known)}"
