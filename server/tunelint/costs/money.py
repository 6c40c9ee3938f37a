"""What training costs: hosted by the token, on GPUs by the hour."""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from tunelint.costs.estimate import Estimate, within
from tunelint.costs.prices import Price

__all__ = ["AUTO_EPOCHS_SOURCE", "Billing", "auto_epochs", "billed_tokens", "gpu_money", "hosted_money"]

_TARGET_EPOCHS: Final = 3
_MIN_TARGET_EXAMPLES: Final = 100
_MAX_TARGET_EXAMPLES: Final = 25_000
_MAX_EPOCHS: Final = 25
_MIN_EPOCHS: Final = 1
AUTO_EPOCHS_SOURCE: Final = "openai-cookbook, Chat_finetuning_data_prep (written for gpt-3.5-turbo, an estimate for later models)"
"""The rule by which OpenAI chooses epochs when the job does not say how many."""


class Billing(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider counts: `tokens` of one epoch, each example cut at the limit, times `epochs`."""

    tokens: int
    epochs: float
    automatic: bool = False
    """Whether the provider chooses the epochs."""

    @property
    def billed(self) -> int:
        """Tokens that are paid for."""
        return round(self.tokens * self.epochs)


def auto_epochs(examples: int) -> int:
    """Return how many epochs OpenAI trains when it is not told: three, more for few examples, fewer for very many."""
    if examples <= 0:
        return _TARGET_EPOCHS
    if examples * _TARGET_EPOCHS < _MIN_TARGET_EXAMPLES:
        return min(_MAX_EPOCHS, max(_MIN_TARGET_EXAMPLES // examples, _MIN_EPOCHS))
    if examples * _TARGET_EPOCHS > _MAX_TARGET_EXAMPLES:
        return max(_MIN_EPOCHS, _MAX_TARGET_EXAMPLES // examples)
    return _TARGET_EPOCHS


def billed_tokens(lengths: Iterable[int], limit: int | None) -> int:
    """Return the tokens of one epoch; what an example has above the limit is cut and not billed."""
    return sum(lengths) if limit is None else sum(min(length, limit) for length in lengths)


FOREIGN_TOKENIZER: Final = 0.2
"""How far the token count of one tokenizer is from that of another, on English text and code; other languages differ more."""


def hosted_money(billing: Billing, price: Price, *, exact_tokens: bool = True) -> Estimate | None:
    """Return US dollars of a hosted job, None where the price is not known.

    Tokens that were counted with another model's tokenizer widen the interval.
    """
    money = price.training_usd(billing.billed)
    return money if money is None or exact_tokens else money * within(1, FOREIGN_TOKENIZER)


def gpu_money(hours: Estimate, gpus: int, usd_hour: Sequence[float]) -> Estimate:
    """Return US dollars of so many hours on so many GPUs, for a price range of low, typical and high."""
    low, typical, high = usd_hour
    return hours * Estimate(typical, low, high) * float(gpus)
