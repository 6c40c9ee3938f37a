"""Everything that is derived from the code: rule pages, schemas, the README's example output."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from tunelint import __version__
from tunelint.advice.measured import MeasuredFile
from tunelint.core.run import Run
from tunelint.costs.report import CostReport
from tunelint.dev.client_settings import with_settings
from tunelint.dev.config_schemas import config_schema, write_schema
from tunelint.dev.validators import checks_page
from tunelint.engine.linter import Linter, Request
from tunelint.engine.plan import Selection
from tunelint.engine.sources import open_source
from tunelint.formats import all_formats, all_targets
from tunelint.formats.base import Format, Limits, Target
from tunelint.report import Style, write
from tunelint.report.contract import schema as report_schema
from tunelint.rules import FAMILIES, all_rules
from tunelint.rules.pages import catalogue, rule_page, title_of
from tunelint.settings import schema as settings_schema
from tunelint.tokens.encodings import ENCODINGS, load
from tunelint.tokens.fast import PROBES
from tunelint.trainers.keys import table, tables

__all__ = ["ROOT", "generate", "outputs"]

ROOT: Final = Path(__file__).parents[3]
_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_SHOWN_FINDINGS: Final = 4
_README_BLOCK: Final = re.compile(r"(<!-- output -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def generate(*, check: bool = False, root: Path = ROOT) -> list[Path]:
    """Write what is derived, or with `check` only compare; return the paths of what was stale."""
    stale = []
    wanted = outputs(root)
    for path, text in wanted.items():
        file = root / path
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            stale.append(path)
            if not check:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8", newline="\n")
    for folder, pattern in (("server/docs/rules", "*.md"), ("schemas/datasets", "*.json"), ("schemas/configs", "*.json")):
        for file in sorted((root / folder).glob(pattern)):
            path = file.relative_to(root)
            if path not in wanted:
                stale.append(path)
                if not check:
                    file.unlink()
    return stale


def outputs(root: Path = ROOT) -> dict[Path, str]:
    """Return the text of each generated file by its path below the root."""
    found = {f"server/docs/rules/{code}.md": rule_page(rule) for code, rule in all_rules().items()}
    found["server/docs/rules/README.md"] = "".join(_rule_index())
    found["server/docs/formats.md"] = "".join(_formats_page())
    found["server/docs/targets.md"] = "".join(_targets_page())
    found["server/docs/checks.md"] = "".join(checks_page())
    found["schemas/settings.schema.json"] = _json(settings_schema())
    found["schemas/report.schema.json"] = _json({"$schema": _DRAFT, **report_schema()})
    found["schemas/cost.schema.json"] = _json({"$schema": _DRAFT, **msgspec.json.schema(CostReport)})
    found["schemas/measured.schema.json"] = _json({"$schema": _DRAFT, **msgspec.json.schema(MeasuredFile)})
    found["schemas/rules.json"] = _json(catalogue())
    for name, form in all_formats().items():
        found[f"schemas/datasets/{name}.schema.json"] = _json(_format_schema(form))
    manifest = root / "client" / "package.json"
    if manifest.is_file():  # not in a source distribution
        found["client/package.json"] = with_settings(manifest.read_text(encoding="utf-8"))
    for tool in tables():
        if (keys := table(tool)) is not None:
            found[f"schemas/configs/{tool}.schema.json"] = write_schema(config_schema(keys))
    found["server/tunelint/tokens/ranks/probes.json"] = _probes()
    readme = (root / "README.md").read_text(encoding="utf-8")
    found["README.md"] = _README_BLOCK.sub(lambda match: f"{match[1]}{_example_output(root)}{match[3]}", readme)
    return {Path(path): text for path, text in found.items()}


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _probes() -> str:
    """Return what tiktoken makes of the texts that a quicker encoder is tried on."""
    lines = [f"{json.dumps(name)}: {json.dumps([load(name).encode_ordinary(probe) for probe in PROBES])}" for name in ENCODINGS]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _rule_index() -> Iterator[str]:
    yield "# Rules\n\n`*` marks the recommended preset; the others are on with `--preset strict` or when they are selected.\n"
    family = ""
    for code, rule in all_rules().items():
        if code[:3] != family:
            family = code[:3]
            yield f"\n## {family} {FAMILIES[family]}\n\n| code | name | severity | fix | |\n| --- | --- | --- | --- | --- |\n"
        star = "\\*" if rule.recommended else ""
        yield f"| [{code}]({code}.md){star} | {rule.name} | {rule.severity} | {rule.fix or '–'} | {title_of(rule)} |\n"


def _formats_page() -> Iterator[str]:
    yield "# Dataset formats\n\nWhat is recognised, and by which target it is read. `--format NAME` forces one.\n"
    for name, form in all_formats().items():
        readers = [target.title for target in all_targets().values() if name in target.dialects]
        names = f" (also: {', '.join(f'`{alias}`' for alias in form.aliases)})" if form.aliases else ""
        known = ", ".join(readers) or "nobody that is known"
        yield f"\n## {form.title}\n\n`{name}`{names}, for {form.method}. Read by: {known}.\n\n"
        yield f"{form.page()}\n"


def _targets_page() -> Iterator[str]:
    yield (
        "# Targets\n\nWho trains on the data: `--target NAME` or `NAME/MODEL`. Limits change; each has the date and the "
        "source of its last reading.\n"
    )
    for target in all_targets().values():
        yield f"\n## {target.title}\n\n`{target.name}`, as of {target.as_of}. Formats: {', '.join(sorted(target.dialects))}.\n"
        if target.note:
            yield f"\n{target.note}\n"
        yield from _limits_table(target)
        yield "\nSources: " + "; ".join(target.sources) + ".\n"


def _limits_table(target: Target) -> Iterator[str]:
    rows: list[tuple[str, Limits, int | None]] = [
        (method or "all methods", limits, None) for method, limits in target.limits.items()
    ]
    rows += [(model, one.limits or Limits(), one.context) for model, one in target.models.items()]
    if rows:
        yield "\n| for | examples | bytes | tokens an example |\n| --- | --- | --- | --- |\n"
    for name, limits, context in rows:
        least, most = limits.min_examples, limits.max_examples
        examples = f"{least or 1:,} to {most:,}" if most else f"at least {least:,}" if least else "–"
        size = f"{limits.max_bytes:,}" if limits.max_bytes else "–"
        yield f"| {name} | {examples} | {size} | {f'{context:,}' if context else '–'} |\n"


def _format_schema(form: Format) -> dict[str, Any]:
    rows, components = msgspec.json.schema_components(form.rows, ref_template="#/$defs/{name}")
    rows = tuple(rows)
    shape = rows[0] if len(rows) == 1 else {"anyOf": list(rows)}
    title = f"One record of {form.title}"
    return {"$schema": _DRAFT, "title": title, "description": form.page().partition("\n")[0], **shape, "$defs": components}


def _example_output(root: Path) -> str:
    """Return what the tool says of the first findings of the example, as it is printed."""
    path = root / "examples" / "train.jsonl"
    codes = frozenset(code for code, rule in all_rules().items() if rule.recommended)
    report = Linter(open_source(path, "examples/train.jsonl"), Request(selection=Selection(codes))).run()
    whole = "".join(write("full", Run(__version__, [report]), Style()))
    pieces = whole.split("\n\n")
    return (
        "```text\n$ tunelint check examples/train.jsonl\n"
        + "\n\n".join([*pieces[1 : 1 + _SHOWN_FINDINGS], "…", pieces[-1]])
        + "```\n"
    )
