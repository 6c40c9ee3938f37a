"""The costs of a training config together with the data that it names: what its run takes, or what its hosted job is billed."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import PurePosixPath

import msgspec

from tunelint.costs.config import config_costs, config_report
from tunelint.costs.dataset import Buyer, DatasetCounts, dataset_report
from tunelint.costs.models import find_model
from tunelint.costs.planned import lengths_from, model_of
from tunelint.costs.prices import Price, PriceBook
from tunelint.costs.report import CostReport
from tunelint.costs.use import Use
from tunelint.engine.lengths import FileLengths
from tunelint.engine.project import Files
from tunelint.formats import find_target
from tunelint.rules.base import Link

__all__ = ["Count", "RunCoster"]

Count = Callable[[str], FileLengths | None]
"""Counts the tokens of a file, None for one that cannot be read."""


class RunCoster:
    """Computes costs of linked configs on a day; `prices` are refreshed ones, over which the settings' own win."""

    def __init__(self, files: Files, count: Count, today: date, prices: Mapping[str, Price]) -> None:
        self._files = files
        self._count = count
        self._today = today
        self._prices = prices

    def report(self, link: Link, use: Use) -> CostReport:
        """Return everything that is said of a config; its datasets have to be linked with their lengths, but for hosted jobs."""
        config, plan = link.config, link.config.plan
        if plan.hosted:
            return self._hosted(link, use)
        trainer = config.trainer.name
        model = model_of(plan, trainer, config.get, config.read)
        lengths = lengths_from([one.summary for one in link.train if one.summary is not None], link.rows, plan)
        costs = config_costs(plan, trainer, config.get, use, model=model, lengths=lengths)
        return config_report(config.name, plan, costs, use, lengths=lengths, today=self._today)

    def _hosted(self, link: Link, use: Use) -> CostReport:
        """Return what a hosted job costs on the data that can be read."""
        plan, trainer = link.config.plan, link.config.trainer
        use = msgspec.structs.replace(use, epochs=use.epochs or plan.effective("epochs"))
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
            provider=target.name if target is not None else trainer.name,
            title=trainer.title,
            model=plan.model or "",
            billions=shape.params / 1e9 if shape is not None else None,
            limit=limits.context if limits is not None else None,
        )
        report = dataset_report(link.config.name, counts, buyer, use, PriceBook(use.prices, self._prices), self._today)
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
        folder = PurePosixPath(config.name.replace("\\", "/")).parent
        for name in filter(None, names):
            file = next((path for path in (str(folder / name), name) if self._files.kind(path) == "file"), None)
            lengths = self._count(file) if file is not None else None
            if lengths is not None and lengths.totals:
                yield lengths
