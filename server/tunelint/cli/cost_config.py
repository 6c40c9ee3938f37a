"""The costs of a training config: what can be read of its model and its data from disk, and what that comes to."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tunelint.cli.console import Console
from tunelint.cli.prices import refreshed_prices
from tunelint.costs.config import config_costs, config_report
from tunelint.costs.dataset import Buyer, DatasetCounts, dataset_report
from tunelint.costs.models import find_model
from tunelint.costs.planned import Read, lengths_from, model_of
from tunelint.costs.prices import PriceBook
from tunelint.costs.report import CostReport
from tunelint.costs.use import Use
from tunelint.engine.disk_files import DiskFiles
from tunelint.engine.lengths import FileLengths, read_lengths
from tunelint.engine.linter import Linter
from tunelint.engine.plan import Selection
from tunelint.engine.project import Linker
from tunelint.engine.sources import SourceError, open_source
from tunelint.formats import find_target
from tunelint.rules.base import Link
from tunelint.settings import SettingsFinder, resolve
from tunelint.settings.resolve import Overrides

if TYPE_CHECKING:
    from tunelint.trainers import Config

__all__ = ["ConfigCoster", "open_training_config"]


def open_training_config(path: Path) -> "Config | None":
    """Return the training config that a file is, None for any other file."""
    from tunelint.engine.config import MAX_CONFIG, decode, open_config
    from tunelint.text.config import syntax_of

    if syntax_of(path.name) is None or not path.is_file() or path.stat().st_size > MAX_CONFIG:
        return None
    return open_config(decode(path.read_bytes()), str(path))


class ConfigCoster:
    """Computes what a config costs, with the data that it names as far as they lie on this machine."""

    def __init__(
        self,
        console: Console,
        finder: SettingsFinder,
        overrides: Overrides,
        today: date,
        read: Read | None,
    ) -> None:
        self.console = console
        self.finder = finder
        self.overrides = overrides
        self.today = today
        self.read = read

    def report(self, path: Path, config: "Config", use: Use) -> CostReport:
        """Return everything that is said of a config."""
        plan = config.plan
        link = Linker(DiskFiles()).link(config, lengths=not plan.hosted)
        if plan.hosted:
            return self._hosted(path, link, use)
        model = model_of(plan, config.trainer.name, config.get, self.read)
        summaries = [one.summary for one in link.train if one.summary is not None]
        lengths = lengths_from(summaries, link.rows, plan)
        costs = config_costs(plan, config.trainer.name, config.get, use, model=model, lengths=lengths)
        return config_report(str(path), plan, costs, use, lengths=lengths, today=self.today)

    def _hosted(self, path: Path, link: Link, use: Use) -> CostReport:
        """Return what a hosted job costs on the data that can be read."""
        plan, trainer = link.config.plan, link.config.trainer
        epochs = use.epochs or plan.effective("epochs")
        use = msgspec.structs.replace(use, epochs=epochs)
        shape = find_model(plan.model) if plan.model else None
        target = find_target(trainer.name)
        limits = target.model(plan.model or "") if target is not None else None
        read = list(self._read(link))
        counts = DatasetCounts(
            lengths=[length for one in read for length in one.totals],
            trained=sum(one.trained for one in read),
            encoding=limits.encoding if limits is not None else "o200k_base",
            exact=limits is not None and limits.exact,
        )
        buyer = Buyer(
            provider=trainer.name,
            title=trainer.title,
            model=plan.model or "",
            billions=shape.params / 1e9 if shape is not None else None,
            limit=limits.context if limits is not None else None,
        )
        report = dataset_report(str(path), counts, buyer, use, PriceBook(use.prices, refreshed_prices()), self.today)
        if counts.examples:
            return report
        missing = ["the training data: no file that the config names is on this machine", *report.missing]
        return msgspec.structs.replace(
            report, tokens=None, money=report.money if use.training_usd else None, ways=[], break_even=None, missing=missing
        )

    def _read(self, link: Link) -> Iterator[FileLengths]:
        """Yield what is in the files that a hosted job trains on, which may still lie here under the name that it has there."""
        config = link.config
        names = [name for one in link.train for name in one.files] or [config.text("training_file")]
        folder = Path(config.name).parent
        for name in names:
            file = next((path for path in (folder / name, Path(name)) if name and path.is_file()), None)
            lengths = self._count(file) if file is not None else None
            if lengths is not None and lengths.totals:
                yield lengths

    def _count(self, file: Path) -> FileLengths | None:
        try:
            resolved = resolve(file, self.finder.find(file.parent), self.overrides)
            request = msgspec.structs.replace(resolved.request, selection=Selection(frozenset()), limit=None)
            return read_lengths(Linter(open_source(file, str(file)), request))
        except (SourceError, OSError, ValueError, ModuleNotFoundError) as problem:
            self.console.note(f"{file}: {problem}")
            return None
