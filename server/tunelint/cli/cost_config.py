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
from tunelint.costs.planned import Lengths, Read, model_of
from tunelint.costs.prices import PriceBook
from tunelint.costs.report import CostReport
from tunelint.costs.use import Use
from tunelint.engine.lengths import FileLengths, read_lengths
from tunelint.engine.linter import Linter
from tunelint.engine.plan import Selection
from tunelint.engine.sources import SourceError, open_source
from tunelint.formats import find_target
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
    """Computes what a config costs. Files that it names are looked for beside it, then in the working folder."""

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
        if plan.hosted:
            return self._hosted(path, config, use)
        model = model_of(plan, config.trainer.name, config.get, self.read)
        lengths = self._lengths(path, config)
        costs = config_costs(plan, config.trainer.name, config.get, use, model=model, lengths=lengths)
        return config_report(str(path), plan, costs, use, lengths=lengths, today=self.today)

    def _hosted(self, path: Path, config: "Config", use: Use) -> CostReport:
        """Return what a hosted job costs on the data that can be read."""
        plan, trainer = config.plan, config.trainer
        epochs = use.epochs or plan.effective("epochs")
        use = msgspec.structs.replace(use, epochs=epochs)
        shape = find_model(plan.model) if plan.model else None
        target = find_target(trainer.name)
        limits = target.model(plan.model or "") if target is not None else None
        read = [lengths for _, lengths in self._files(path, config)]
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

    def _lengths(self, path: Path, config: "Config") -> Lengths | None:
        """Return the lengths of the examples that are trained on: longer ones are cut or left out, as the tool does it."""
        plan = config.plan
        read = [lengths for _, lengths in self._files(path, config)]
        sizes = [size for one in read for size in one.sequences]
        if not sizes or len(read) < len([ref for ref in plan.datasets if ref.role == "train"]):
            return None
        cap = plan.effective("sequence_length")
        if cap is not None and plan.effective("overlong") == "drop":
            sizes = [size for size in sizes if size <= cap]
        elif cap is not None:
            sizes = [min(size, int(cap)) for size in sizes]
        if not sizes:
            return None
        return Lengths(examples=len(sizes), tokens=sum(sizes), longest=max(sizes), exact=bool(self.overrides.tokenizer))

    def _files(self, path: Path, config: "Config") -> Iterator[tuple[Path, FileLengths]]:
        for ref in config.plan.datasets:
            if ref.role != "train" or ref.kind not in {"file", "either"}:
                continue
            found = [file for name in ref.files or (ref.name,) if (file := self._find(path.parent, ref.name, name)) is not None]
            for file in found:
                lengths = self._count(file)
                if lengths is not None and lengths.totals:
                    yield file, lengths

    def _find(self, folder: Path, name: str, file: str) -> Path | None:
        candidates = [base / one for base in (folder, Path()) for one in dict.fromkeys((file, f"{name}/{file}"))]
        return next((one for one in candidates if one.is_file()), None)

    def _count(self, file: Path) -> FileLengths | None:
        try:
            resolved = resolve(file, self.finder.find(file.parent), self.overrides)
            request = msgspec.structs.replace(resolved.request, selection=Selection(frozenset()), limit=None)
            return read_lengths(Linter(open_source(file, str(file)), request))
        except (SourceError, OSError, ValueError, ModuleNotFoundError) as problem:
            self.console.note(f"{file}: {problem}")
            return None
