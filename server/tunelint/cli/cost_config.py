"""The costs of a training config, with the data that it names as far as they lie on this machine."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tunelint.cli.console import Console, words_of
from tunelint.costs.refreshed import refreshed_prices
from tunelint.costs.report import CostReport
from tunelint.costs.use import Use
from tunelint.engine.disk_files import DiskFiles
from tunelint.engine.lengths import FileLengths, read_lengths
from tunelint.engine.linter import Linter, Request
from tunelint.engine.plan import Selection
from tunelint.engine.project import Linker
from tunelint.engine.run_costs import RunCoster
from tunelint.engine.sources import SourceError, open_source
from tunelint.settings import SettingsFinder, resolve
from tunelint.settings.resolve import Overrides

if TYPE_CHECKING:
    from tunelint.trainers import Config

__all__ = ["ConfigCoster", "open_training_config"]


def open_training_config(path: Path) -> "Config | None":
    """Return the training config that a file is, None for any other file."""
    from tunelint.engine.config import read_config  # 30 ms that a dataset's costs need not

    return read_config(path, str(path)) if path.is_file() else None


class ConfigCoster:
    """Reads from disk what the costs of configs rest on; a file that cannot be read is said and left out."""

    def __init__(self, console: Console, finder: SettingsFinder, overrides: Overrides, today: date) -> None:
        self._console = console
        self._finder = finder
        self._overrides = overrides
        self._linker = Linker(DiskFiles())
        self._coster = RunCoster(DiskFiles(), self._count, today, refreshed_prices())

    def report(self, config: "Config", request: Request, use: Use) -> CostReport:
        """Return everything that is said of a config."""
        config.read = request.read
        return self._coster.report(self._linker.link(config, lengths=not config.plan.hosted), use)

    def _count(self, name: str) -> FileLengths | None:
        file = Path(name)
        try:
            resolved = resolve(file, self._finder.find(file.parent), self._overrides)
            request = msgspec.structs.replace(resolved.request, selection=Selection(frozenset()), limit=None)
            return read_lengths(Linter(open_source(file, name), request))
        except (SourceError, OSError, ValueError, ModuleNotFoundError) as problem:
            self._console.note(f"{name}: {words_of(problem)}")
            return None
