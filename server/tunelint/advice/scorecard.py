"""The scorecard: reasons in the order in which they overrule each other, each with its thresholds and their sources.

A threshold without another source was chosen on public datasets whose right verdict had been reasoned out beforehand;
`python -m tests.benchmarks.advice` says how often it is met. No reason knows the name of a dataset.
"""

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from tunelint.advice.reasons import chats, codes, entries, facts, forms, labels, notations, tables, texts, whole, words
from tunelint.advice.reasons.base import Reason
from tunelint.advice.sample import Drawn
from tunelint.advice.signals import Signals
from tunelint.advice.study import Study
from tunelint.advice.verdict import Verdict
from tunelint.core.pulse import no_pulse

__all__ = ["judge", "judged"]

_ENOUGH: Final = 500
_LEARNT: Final = 0.1
_FLAT: Final = 0.01
"""A curve is flat from where it stays within a point of its best, if it ever rose by ten over records enough to tell."""

_REASONS: Final[tuple[Reason, ...]] = (
    whole.few,
    whole.constant,
    whole.mechanical,
    whole.unseen_media,
    labels.graded,
    tables.estimated,
    texts.computed,
    notations.tagged,
    notations.spoken,
    texts.letterwise,
    codes.codes,
    whole.persona,
    whole.untied,
    whole.untied_labels,
    whole.astray,
    whole.mixed,
    chats.small_talk,
    tables.tabular,
    texts.invented,
    words.inflected,
    facts.knowledge,
    texts.symbolic,
    facts.lookup,
    facts.renamed,
    entries.explained,
    entries.described,
    forms.extraction,
    forms.tools,
    forms.other_json,
    labels.labels,
    forms.code,
    texts.translation,
    texts.worked,
    texts.near_request,
    texts.wordwise,
    texts.asking,
    texts.explaining,
    texts.woven,
    texts.reading,
    words.identifiers,
    texts.short,
    facts.bare_questions,
)
"""The first that holds decides; where none does, the answers are free text."""


def judged(signals: Signals, pulse: Callable[[], None] = no_pulse) -> Verdict:
    """Return the verdict of the first reason that holds."""
    verdict = None
    for reason in _REASONS:
        pulse()
        verdict = reason(signals)
        if verdict is not None:
            break
    verdict = verdict or texts.text(signals)
    if verdict.verdict in {"fine-tune", "measure"}:
        pulse()
        return msgspec.structs.replace(verdict, flat_from=_flat_from(signals))
    return verdict


def _flat_from(signals: Signals) -> int | None:
    """Return from how many examples on more of them added nothing to what simple learners score."""
    solvers = signals.solvers
    if signals.study.records < _ENOUGH or solvers.lift < _LEARNT:
        return None
    last = solvers.curve[-1]
    flat = [size for size, score in zip(solvers.sizes, solvers.curve, strict=True) if max(solvers.curve) - score < _FLAT]
    return flat[0] if last and flat and flat[0] <= solvers.sizes[-1] / 2 else None


def judge(drawn: Sequence[Drawn], records: int, pulse: Callable[[], None] = no_pulse) -> Verdict | None:
    """Judge a dataset from a sample of it; `records` is how many different records it has.

    None for data without requests and answers: plain text, prompts to be graded, tokenised data. `pulse` is called now and then
    and may raise to give up.
    """
    study = Study(drawn, records, pulse)
    return judged(Signals(study), pulse) if study.rows else None
