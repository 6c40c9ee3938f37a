"""LNK003: see the class."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from tunelint.core.dataset import DatasetSummary
from tunelint.core.finding import Finding, Place, Related, Severity
from tunelint.rules.base import Link, Options, ProjectRule

_MARGIN: Final = 1.15
"""How far the tokens of a model may differ from those that were counted: its tokenizer is seldom the one that counts."""

_SHOWN: Final = 25
"""Examples that are too long are named up to so many."""

_LEAST: Final = 20
_WASTE: Final = 4
"""A length that is so many times that of the longest examples but one in a hundred is memory that is never used."""

_FATES: Final[dict[Any, str]] = {
    "drop": "drops them",
    "truncate": "cuts them off, the end of the answer first",
    "raise": "stops at the first",
}


class SequenceLengthOptions(Options, frozen=True, forbid_unknown_fields=True):
    """Shares of examples above the config's length from which on they are reported."""

    information: float = 0.01
    """Share from which on it is information."""
    warning: float = 0.05
    """Share from which on it is a warning."""
    error: float = 0.25
    """Share from which on it is an error."""


class SequenceLengthMismatch(ProjectRule):
    """The sequence length does not fit the lengths of the data.

    ## Why

    What is longer than the sequence length is cut off, the end of the answer first, or dropped (Axolotl) without a word. A length that
    nothing reaches costs memory where batches are padded to it.

    ## What to do

    Take the length that 99% of the examples fit into. The counts are those of another tokenizer than the model's in most cases, so
    only what is longer by a margin counts.

    ## Examples

    ```jsonl beside data/train.jsonl times=200
    {"instruction": "Name colour @", "output": "Colour @ is green, and so on, and so on, and so on, until the page is full of it"}
    ```

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: data/train.jsonl
        type: alpaca
    sequence_len: 128
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    learning_rate: 0.0002
    val_set_size: 0.05
    ```

    ```jsonl beside data/train.jsonl times=200
    {"instruction": "Name colour @", "output": "Colour @ is green, and so on, and so on, and so on, until the page is full of it"}
    ```

    ```yaml bad sequence_len
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: data/train.jsonl
        type: alpaca
    sequence_len: 16
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    learning_rate: 0.0002
    val_set_size: 0.05
    ```

    Sources: defaults and behaviour of the tools in `trainers/`; huggingface/trl issue 6668 (every answer cut off, and the loss 0); LitGPT,
    tutorials/oom.md.
    """

    code = "LNK003"
    name = "sequence-length-mismatch"
    severity = Severity.WARNING
    needs_lengths = True
    settings = SequenceLengthOptions

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield a finding where too many examples are too long, or all are far too short."""
        plan = link.config.plan
        limit = plan.effective("sequence_length")
        summaries = [one.summary for one in link.train if one.summary is not None and one.summary.counted]
        lengths = sorted(length for one in summaries for length in one.lengths)
        if not limit or len(lengths) < _LEAST or limit <= 0:
            return
        said = plan.sequence_length is not None
        place = Place(plan.path("sequence_length")) if said else Place(plan.path("datasets"), "key")
        over = sum(length > limit * _MARGIN for length in lengths)
        share = over / len(lengths)
        options = self.options
        levels = (
            (Severity.ERROR, options.error),
            (Severity.WARNING, options.warning),
            (Severity.INFORMATION, options.information),
        )
        evidence = {
            "share": round(share, 4),
            "limit": limit,
            "p99": lengths[int(len(lengths) * 0.99)],
            "encoding": summaries[0].encoding,
        }
        for severity, least in levels:
            if share > least:
                fate = _FATES.get(plan.effective("overlong"), "cuts or drops them")
                named = f"{limit:,} tokens" if said else f"{link.config.trainer.title}'s default of {limit:,} tokens"
                yield self.finding(
                    f"about {share:.0%} of the examples are longer than {named}",
                    place,
                    severity=severity,
                    help=f"{link.config.trainer.title} {fate}: take the length that 99% of the examples fit into",
                    related=_too_long(summaries, limit),
                    evidence=evidence,
                )
                return
        longest = evidence["p99"]
        if said and plan.pads_to_length and not plan.effective("packing") and limit > _WASTE * longest:
            yield self.finding(
                f"batches are padded to {limit:,} tokens, and 99% of the examples have {longest:,} at most",
                place,
                severity=Severity.INFORMATION,
                help="most of each batch is padding: lower the length, or pack the examples",
                evidence=evidence,
            )


def _too_long(summaries: Sequence[DatasetSummary], limit: int) -> tuple[Related, ...]:
    """Return the longest of the examples that are above the limit, the longest first."""
    spots = [spot for one in summaries for spot in one.longest if spot.tokens > limit * _MARGIN]
    spots.sort(key=lambda spot: -spot.tokens)
    return tuple(Related(f"about {one.tokens:,} tokens", file=one.file, line=one.line) for one in spots[:_SHOWN])
