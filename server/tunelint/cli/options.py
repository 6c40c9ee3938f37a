"""Options that several subcommands share, and what they come to."""

import argparse
import tomllib
from pathlib import Path
from typing import Any, get_args

from tunelint.cli.console import UsageError
from tunelint.core.example import Method
from tunelint.core.finding import Severity
from tunelint.settings import SettingsFinder
from tunelint.settings.resolve import Overrides

__all__ = ["add_settings_options", "finder_of", "no_rule", "overrides_of"]


def _codes(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def add_settings_options(parser: argparse.ArgumentParser) -> None:
    """Add what decides which rules run on which data."""
    rules = parser.add_argument_group("rules")
    rules.add_argument("--select", metavar="CODES", action="append", help="only these: codes, names, prefixes or ALL")
    rules.add_argument("--extend-select", metavar="CODES", action="append", help="these rules beside those of the preset")
    rules.add_argument("--ignore", metavar="CODES", action="append", help="not these rules")
    rules.add_argument("--preset", choices=("recommended", "strict"), help="which rules are on (default: recommended)")
    rules.add_argument("--severity", metavar="CODE=LEVEL", action="append", help="another severity for a rule")
    data = parser.add_argument_group("data")
    data.add_argument("--target", metavar="PROVIDER[/MODEL]", help="whose limits and dialect to check against")
    data.add_argument("--method", choices=get_args(Method), help="what the training does with the examples")
    data.add_argument("--format", metavar="FORMAT", help="the dataset format, instead of finding it out")
    data.add_argument("--limit", metavar="TOKENS", type=int, help="longest example in tokens, such as the sequence length")
    data.add_argument("--tokenizer", metavar="NAME", help="o200k_base, cl100k_base, or the path of a tokenizer.json")
    data.add_argument("--grader", metavar="FILE", help="JSON of the grader that reinforcement data is graded by")
    data.add_argument("--validation", metavar="FILE", action="append", help="validation file of the data, which is checked too")
    data.add_argument(
        "--evaluation", metavar="FILE", action="append", help="what the model must not be trained on, such as a benchmark"
    )
    settings = parser.add_argument_group("settings")
    settings.add_argument("--config", metavar="FILE|KEY=VALUE", action="append", help="a settings file, or one setting in TOML")
    settings.add_argument("--isolated", action="store_true", help="read no settings file")


def finder_of(arguments: argparse.Namespace) -> SettingsFinder:
    """Return what finds the settings of a file."""
    files = [Path(one) for one in arguments.config or () if _is_file(one)]
    if len(files) > 1:
        raise UsageError("--config can name one file only")
    if files and not files[0].is_file():
        raise UsageError(f"{files[0]}: there is no such settings file")
    return SettingsFinder(files[0] if files else None, isolated=arguments.isolated)


def _is_file(text: str) -> bool:
    return "=" not in text or Path(text).is_file()


def overrides_of(arguments: argparse.Namespace) -> Overrides:
    """Return what the command line says over the settings files."""
    from tunelint.rules import matching

    names = ("select", "extend_select", "ignore")
    lists = {name: [code for text in getattr(arguments, name) or () for code in _codes(text)] for name in names}
    severity = {}
    for text in arguments.severity or ():
        code, equals, level = text.partition("=")
        if not equals or level not in set(Severity):
            raise UsageError(f"--severity wants CODE=error, warning, information or hint, not {text!r}")
        severity[code] = level
    for code in (*lists["select"], *lists["extend_select"], *lists["ignore"], *severity):
        if not matching(code):
            raise UsageError(no_rule(code))
    if arguments.limit is not None and arguments.limit <= 0:
        raise UsageError("--limit wants a number of tokens above 0")
    return Overrides(
        preset=arguments.preset,
        select=tuple(lists["select"]) if arguments.select else None,
        extend_select=tuple(lists["extend_select"]),
        ignore=tuple(lists["ignore"]),
        severity=severity,
        target=arguments.target,
        method=arguments.method,
        format=arguments.format,
        limit=arguments.limit,
        tokenizer=arguments.tokenizer,
        grader=arguments.grader,
        validation=tuple(arguments.validation or ()),
        evaluation=tuple(arguments.evaluation or ()),
        values=_values([one for one in arguments.config or () if not _is_file(one)]),
    )


def no_rule(code: str) -> str:
    """Say that no rule has a code or name, and which one may be meant."""
    import difflib

    from tunelint.rules import all_rules

    names = [name for known, rule in all_rules().items() for name in (known, rule.name)]
    near = difflib.get_close_matches(code.upper(), names, 1) or difflib.get_close_matches(code.lower(), names, 1)
    meant = f"; did you mean {near[0]}?" if near else ""
    return f"no rule is called {code!r}{meant}\n`tunelint rules` lists them"


def _values(texts: list[str]) -> dict[str, Any]:
    """Read settings given as ``KEY=VALUE``, with the value in TOML or, where that fails, as a word."""
    found: dict[str, Any] = {}
    for text in texts:
        key, _, value = text.partition("=")
        try:
            found |= tomllib.loads(f"{key} = {value}")
        except tomllib.TOMLDecodeError:
            try:
                found |= tomllib.loads(f'{key} = "{value}"')
            except tomllib.TOMLDecodeError as problem:
                raise UsageError(f"--config {text!r}: no setting in TOML ({problem})") from problem
    if found:
        from pydantic import ValidationError

        from tunelint.settings.model import Settings

        try:
            return Settings.model_validate(found).model_dump(by_alias=True, exclude_unset=True)
        except ValidationError as problem:
            error = problem.errors()[0]
            name = ".".join(str(step) for step in error["loc"])
            said = "no such setting" if error["type"] == "extra_forbidden" else error["msg"].removeprefix("Value error, ")
            raise UsageError(f"--config {name}: {said}") from problem
    return found
