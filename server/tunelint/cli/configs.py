"""Training configs among the files of ``tunelint check``: which they are, and how they are mended."""

import functools
import os
import sys
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from tunelint.core.diagnostic import FileReport
from tunelint.core.finding import Safety
from tunelint.engine.sources.streams import ByteStream, from_bytes
from tunelint.settings.search import STDIN, Found
from tunelint.text.config import syntax_of

if TYPE_CHECKING:
    from tunelint.engine.config import ConfigLinter
    from tunelint.engine.project import Linker
    from tunelint.rules.base import Link
    from tunelint.trainers import Config

__all__ = ["Configs"]


class Configs:
    """Opens files that may be training configs. `unread` is standard input that was read in vain, for whoever reads it next."""

    def __init__(self, stdin_name: str) -> None:
        self.stdin_name = stdin_name
        self.unread: ByteStream | None = None
        self._data: dict[str, list[str]] = {}

    @functools.cached_property
    def linker(self) -> "Linker":
        """What finds the datasets of the configs of a run."""
        from tunelint.engine.disk_files import DiskFiles
        from tunelint.engine.project import Linker

        return Linker(DiskFiles())

    def _name(self, found: Found) -> str:
        return self.stdin_name if found.name == STDIN else found.name

    def may_hold(self, found: Found) -> bool:
        """Tell whether a file may be a config, by its name."""
        return syntax_of(self._name(found)) is not None

    def may_be_data(self, found: Found) -> bool:
        """Tell whether a file that is no config may be a dataset: JSON may, YAML and TOML never are."""
        return syntax_of(self._name(found)) == "json"

    def concerns(self, found: Found) -> bool:
        """Tell whether a file is to be checked: anything but YAML and TOML that are no training configs."""
        if found.named or not self.may_hold(found) or self.may_be_data(found):
            return True
        return self.open(found) is not None

    def open(self, found: Found) -> "Config | None":
        """Return the training config that a file is, None for any other file."""
        from tunelint.engine.config import decode, open_config, read_config

        if found.name == STDIN:
            data = sys.stdin.buffer.read()
            config = open_config(decode(data), self.stdin_name)
            self.unread = from_bytes(data, self.stdin_name) if config is None else None
            return config
        return read_config(found.path, found.name)

    def remember(self, name: str, link: "Link") -> None:
        """Remember which files on this machine a config names as its data; a registry names those of all runs."""
        if link.config.trainer.name == "dataset-info":
            return
        self._data[name] = [file for one in (*link.train, *link.evaluation) for file in one.files]

    def unlinted(self, linted: Collection[str]) -> Iterator[str]:
        """Say of each config which of its datasets are not among the files that were linted, given as absolute paths.

        The config was held against them, and whoever reads that it is sound should know that nobody looked at their records.
        """
        for name, files in self._data.items():
            left = [file for file in dict.fromkeys(files) if os.path.abspath(file) not in linted]  # noqa: PTH100
            if left:
                more = f" and {len(left) - 1:,} more" if len(left) > 1 else ""
                yield f"{name}: the records of {left[0]}{more} were only counted; `tunelint check {left[0]}` lints them"

    def difference(self, linter: "ConfigLinter", allowed: frozenset[Safety]) -> Iterator[str]:
        """Yield what the fixes of a config would change, as a diff."""
        from tunelint.cli.diff import unified_diff
        from tunelint.engine.config import changed_lines

        mended, _ = linter.mend(allowed)
        yield from unified_diff(linter.config.name, changed_lines(linter.config.tree.text, mended))

    def fix(self, found: Found, linter: "ConfigLinter", allowed: frozenset[Safety]) -> FileReport:
        """Make the fixes of a config, and return what is left to be said of it."""
        from tunelint.cli.console import UsageError
        from tunelint.engine.config import ConfigLinter, changed_lines, open_config
        from tunelint.engine.fixes import fix_file

        if found.name == STDIN:
            raise UsageError("standard input cannot be fixed in place; use --diff, or name a file")
        mended, total = linter.mend(allowed)
        if total:
            fix_file(found.path, changed_lines(linter.config.tree.text, mended))
            config = open_config(mended, found.name)
            linter = ConfigLinter(config, linter.request, linter.linker) if config is not None else linter
        report = linter.report()
        report.fixed = total
        return report
