"""CST004: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import ConfigRule
from tunelint.trainers.base import Config

_NEAR_DAYS: Final = 183
"""Within half a year of its end a model hardly pays back what tuning it costs."""


class RetiredBaseModel(ConfigRule):
    """The base model has ended or will soon, or the provider takes no more jobs.

    ## Why

    What is tuned on a hosted model ends with it. A job on a model that is gone, or with a provider that takes no more jobs, is
    refused; one that ends in a few months has to be paid again by then.

    ## What to do

    Choose a model that lives longer, or weights that are your own.

    ## Examples

    ```json good today=2026-11-25 name=job.json
    {"training_file": "file-abc", "validation_file": "file-def", "model": "gpt-9", "method": {"type": "supervised"}}
    ```

    ```json good name=job.json
    {"training_file": "file-abc", "validation_file": "file-def", "model": "gpt-4.1-nano-2025-04-14", "method": {"type": "supervised"}}
    ```

    ```json bad model today=2026-11-25 name=job.json
    {"training_file": "file-abc", "validation_file": "file-def", "model": "gpt-4.1-nano-2025-04-14", "method": {"type": "supervised"}}
    ```

    ```json bad model today=2026-11-25 name=job.json
    {"training_file": "file-abc", "validation_file": "file-def", "model": "gpt-4.1-mini-2025-04-14", "method": {"type": "supervised"}}
    ```

    Sources: OpenAI, deprecations and fine-tuning best practices, as of 2026-11-23.
    """

    code = "CST004"
    name = "retired-base-model"
    severity = Severity.ERROR

    def concerns(self, config: Config) -> bool:
        """Speak of hosted jobs, and only where the day is known."""
        return config.plan.hosted and bool(config.today)

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield one finding on the model."""
        from tunelint.costs.retirement import closing_of, day_of, retirement_of

        model = config.plan.model
        if not model:
            return
        today = day_of(config.today)
        place = Place(config.plan.path("model"), "value")
        provider = config.trainer.name
        closing, retirement = closing_of(provider), retirement_of(provider, model)
        left = (retirement.ends - today).days if retirement is not None else None
        shut = (closing.closed - today).days if closing is not None and closing.closed is not None else None
        if closing is not None and shut is not None and shut <= 0:
            message = f"{config.trainer.title} takes no new fine-tuning jobs since {closing.closed}"
            yield self.finding(message, place, help=f"the job is refused ({closing.source}, as of {closing.as_of})")
        elif retirement is not None and left is not None and left <= 0:
            message = f"{retirement.model} ended on {retirement.ends}"
            yield self.finding(message, place, help=f"the job is refused ({retirement.source}, as of {retirement.as_of})")
        elif retirement is not None and left is not None and left <= _NEAR_DAYS:
            jobs = f", and {config.trainer.title} takes no jobs from {closing.closed} on" if closing is not None else ""
            yield self.finding(
                f"{retirement.model} ends on {retirement.ends}{jobs}",
                place,
                severity=Severity.WARNING,
                help=f"what is tuned on it ends with it: in {left} days ({retirement.source}, as of {retirement.as_of})",
                evidence={"ends": retirement.ends.isoformat(), "days": left},
            )
