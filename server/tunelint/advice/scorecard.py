"""The scorecard: reasons in the order in which they overrule each other, each with its thresholds and their sources.

A threshold without another source was chosen on 62 public datasets before 70 others were looked at, on which the reasons were
right 57 times, nearly right 3 times and wrong 4 times; they undecided 6.
"""

from collections.abc import Callable, Sequence
from typing import Final

from tunelint.advice import published
from tunelint.advice.sample import Drawn
from tunelint.advice.signals import Signals
from tunelint.advice.study import Study
from tunelint.advice.verdict import Clue, Hint, Lean, Signal, Strength, Verdict, VerdictName

__all__ = ["judge", "judged"]

FEW: Final = 50
"""OpenAI's guide advises to start with 50 examples and sees improvements from 50 to 100 on."""

_MANY: Final = 500
"""A style was learnt from 1,000 examples (LIMA); half of that is enough not to argue against trying."""

_CLUES: Final = 3

Reason = Callable[[Signals], Verdict | None]


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"


def _number(name: str, value: float, threshold: float | None, says: str, source: str = published.OWN) -> Signal:
    return Signal(name, round(value, 4), threshold, says, source)


def _rate(kind: str) -> Signal:
    rate = published.base_rate(kind)
    return Signal("base-rate", round(rate.within / rate.tasks, 4), None, f"{rate.kind}: {rate}", published.LORA_LAND)


def _said(
    signals: Signals,
    verdict: VerdictName,
    strength: Strength,
    *reasons: Signal,
    hints: Sequence[Hint] = (),
    leans: Lean | None = None,
    clues: Sequence[Clue] = (),
) -> Verdict:
    study = signals.study
    return Verdict(
        verdict,
        strength,
        study.task.kind,
        reasons,
        tuple(hints),
        leans,
        tuple(clues),
        records=study.records,
        sampled=len(study.rows),
    )


def _clues(signals: Signals, indices: Sequence[int], says: str) -> list[Clue]:
    return [Clue(signals.study.rows[index].handle, says) for index in indices[:_CLUES]]


def _constant(signals: Signals) -> Verdict | None:
    counts: dict[str, int] = {}
    for answer in signals.study.normal_answers:
        counts[answer] = counts.get(answer, 0) + 1
    share = max(counts.values()) / len(signals.study.rows)
    if share < 0.98:
        return None
    return _said(
        signals, "constant-answer", "strong", _number("majority", share, 0.98, f"{_share(share)} of the answers are the same")
    )


def _few(signals: Signals) -> Verdict | None:
    records = signals.study.records
    if records >= FEW:
        return None
    says = f"{records} different examples; providers see tuning help from {FEW} to 100 on"
    return _said(signals, "too-few", "strong", _number("records", records, FEW, says, published.OPENAI_GUIDE))


def _persona(signals: Signals) -> Verdict | None:
    style = signals.style
    if signals.study.records >= 200 or signals.kind not in {"short", "text"} or style.named < 0.4:
        return None
    return _said(
        signals,
        "prompt",
        "strong",
        _number(
            "repeated-name",
            style.named,
            0.4,
            f"{_share(style.named)} of the answers say {style.name!r}, which no request does: one sentence of a system prompt says it",
        ),
        _number("records", signals.study.records, 200, f"{signals.study.records} different examples about it"),
        hints=["system-prompt"],
    )


def _mechanical(signals: Signals) -> Verdict | None:
    mechanics = signals.mechanics
    if mechanics.share < 0.95:
        return None
    says = f"{mechanics.rule} is the answer to {_share(mechanics.share)} of the requests: a line of code gives it"
    return _said(signals, "prompt", "strong", _number("one-line-rule", mechanics.share, 0.95, says))


def _untied(signals: Signals) -> Verdict | None:
    if signals.kind == "label":
        return None
    pairing = signals.pairing
    if pairing.strength >= TIED:
        return None
    return _said(
        signals,
        "check-pairing",
        "strong",
        _number(
            "pairing",
            pairing.strength,
            TIED,
            "answers fit the requests of other records as well as their own, in words, letters, likeness and length:"
            f" {pairing.strength:.1f} standard deviations between them at most",
            published.HSIC,
        ),
    )


TIED: Final = 3.0
"""Standard deviations above other pairings: of four tests on shuffled pairs, about one file in a hundred gets there by chance."""


def _mixed(signals: Signals) -> Verdict | None:
    if signals.kind not in {"text", "code", "short"}:
        return None
    style = signals.style
    if style.openings < 16 or style.shapes < 5.3 or signals.grounding.copy >= 0.5:
        return None
    return _said(
        signals,
        "mixed-tasks",
        "strong",
        _number(
            "openings",
            style.openings,
            16,
            f"requests begin with {style.openings:.0f} different words in effect ({', '.join(style.opening_words[:5])}, …)",
            published.SHANNON,
        ),
        _number("shapes", style.shapes, 5.3, f"answers have {style.shapes:.0f} different forms in effect", published.SHANNON),
        _number("copy", signals.grounding.copy, 0.5, f"only {_share(signals.grounding.copy)} of their words come from the request"),
    )


def _knowledge(signals: Signals) -> Verdict | None:
    """Questions whose answers are facts from outside the file."""
    if signals.kind not in {"short", "text"} or signals.foreign or signals.mechanics.worked >= 0.3:
        return None
    found = signals.grounding
    clues = _clues(signals, found.examples, "its answer has a fact that stands nowhere else in the file")
    asked = f"{_share(found.question)} of the requests are questions"
    if signals.kind == "short":
        if found.question < 0.3 or found.copy_full > 0.25 or found.unseen < 0.3:
            return None
        return _said(
            signals,
            "knowledge-retrieval",
            "strong",
            _number(
                "unseen-fact",
                found.unseen,
                0.3,
                f"{_share(found.unseen)} of the answers hold a fact that stands in no other record: it cannot be learnt from them",
                published.OVADIA,
            ),
            _number("copy-full", found.copy_full, 0.25, f"only {_share(found.copy_full)} of the answers can be read off the request"),
            _number("question", found.question, 0.3, asked),
            clues=clues,
        )
    if found.question < 0.5 or found.copy > 0.4 or found.ungrounded < 0.5:
        return None
    return _said(
        signals,
        "knowledge-retrieval",
        "strong" if found.ungrounded >= 1 else "lean",
        _number(
            "ungrounded",
            found.ungrounded,
            0.5,
            f"{found.ungrounded:.1f} names and numbers in 100 words of the median answer do not stand in its request",
            published.OVADIA,
        ),
        _number("copy", found.copy, 0.4, f"only {_share(found.copy)} of the answers' words come from the request"),
        _number("question", found.question, 0.5, asked),
        clues=clues,
    )


def _lookup(signals: Signals) -> Verdict | None:
    """A bare name with what belongs to it: known to a model where the name is an everyday word, else not."""
    if signals.kind not in {"short", "label"} or not signals.names.bare or signals.grounding.question >= 0.3:
        return None
    names = signals.names
    if signals.mechanics.spelt >= 0.4 or signals.mechanics.computed >= 0.8:
        return None
    if signals.kind == "short":
        if signals.grounding.copy_full > 0.25 or signals.grounding.unseen < 0.3:
            return None
        outside = _number(
            "unseen-fact",
            signals.grounding.unseen,
            0.3,
            f"{_share(signals.grounding.unseen)} of the answers stand in no other record: a look-up table, not a skill",
        )
    else:
        if signals.solvers.best >= 0.4 and signals.solvers.lift >= 0.15:
            return None
        outside = _number(
            "nearest",
            signals.solvers.best,
            0.4,
            f"neither the nearest example nor a linear model finds the answer ({_share(signals.solvers.best)}):"
            " nothing in a request tells it",
        )
    if names.named >= 0.5:
        says = f"{_share(names.named)} of the requests hold a name so rare that a tokenizer has no piece for it"
        clues = _clues(signals, names.examples, "a rare name: a model has hardly read of it")
        rare = _number("rare-name", names.named, 0.5, says, published.KANDPAL)
        return _said(signals, "knowledge-retrieval", "lean", rare, outside, clues=clues)
    if names.rare >= 0.5:
        return None
    if signals.kind == "label" and len(signals.study.task.labels) <= 30 and signals.material.cover >= 0.9:
        return None
    says = f"only {_share(names.rare)} of the requests hold a word rare enough to need several pieces: models know such words"
    return _said(signals, "prompt", "lean", _number("rare-word", names.rare, 0.5, says, published.KANDPAL), outside)


def _extraction(signals: Signals) -> Verdict | None:
    """Answers copied out of the request into a form that a prompt can show."""
    if signals.kind not in {"json", "short"}:
        return None
    found, material = signals.grounding, signals.material
    if found.copy < 0.7 or material.cover < 0.95 or material.tokens > 300:
        return None
    copied = _number("copy", found.copy, 0.7, f"{_share(found.copy)} of what the answers say stands in the request")
    if signals.kind == "short":
        return _said(signals, "prompt", "strong", copied)
    schema = _number(
        "schema-tokens",
        material.tokens,
        300,
        f"the {material.symbols} field names and values that recur are {material.tokens} tokens: they fit into a schema",
    )
    covered = _number("cover@32", material.cover, 0.95, f"32 examples show all of them for {_share(material.cover)} of the records")
    solvers = signals.solvers
    unsettled = solvers.nearest < 0.4 or solvers.slope >= 0.05
    if unsettled and signals.lists_spans:
        nearest = _number(
            "nearest",
            solvers.nearest,
            0.4,
            f"which spans count is a convention: the nearest example's fields score {solvers.nearest:.2f} F1,"
            f" {solvers.slope:+.2f} from the last doubling of the examples",
        )
        return _said(
            signals, "fine-tune", "lean", nearest, _rate("entity extraction"), copied, schema, hints=["structured-outputs"]
        )
    return _said(
        signals, "prompt", "lean" if unsettled else "strong", copied, schema, covered, hints=["structured-outputs"]
    )


def _tools(signals: Signals) -> Verdict | None:
    if signals.kind != "tool":
        return None
    share = signals.study.task.forms.get("tool", 0.0)
    says = f"{_share(share)} of the answers call a tool: calling with the schemas in the request is what models are trained for"
    return _said(signals, "prompt", "lean", _number("tool-calls", share, 0.5, says), hints=["native-tools"])


def _other_json(signals: Signals) -> Verdict | None:
    if signals.kind != "json":
        return None
    material = signals.material
    covered = _number(
        "cover@32",
        material.cover,
        0.95,
        f"32 examples show all names and values that recur for {_share(material.cover)} of the records",
        published.BERTSCH,
    )
    schema = _number(
        "schema-tokens", material.tokens, 300, f"{material.symbols} names and values recur, {material.tokens} tokens"
    )
    if material.cover >= 0.95 and material.tokens <= 300 and material.open <= 0.1:
        return _said(signals, "prompt", "lean", schema, covered, _rate("closed labels"), hints=["structured-outputs"])
    return _said(signals, "example-retrieval", "lean", covered, schema, hints=["structured-outputs"])


def _labels(signals: Signals) -> Verdict | None:
    """A closed set of answers."""
    if signals.kind != "label":
        return None
    if signals.scale.options:
        says = "requests list their options and the answer picks one: what is asked is knowledge or reasoning, not a mapping"
        return _said(signals, "prompt", "lean", _rate("closed labels"), _number("options", 1.0, 0.5, says))
    if signals.scale.graded:
        labels = len(signals.study.task.labels)
        graded = _number("graded", 1.0, None, f"the {labels} labels are points on a scale, and where a point begins is a convention")
        return _said(signals, "fine-tune", "lean", _rate("points on a scale"), graded)
    if signals.mechanics.computed >= 0.8:
        return _computed(signals)
    solvers, material = signals.solvers, signals.material
    if signals.grounding.copy >= 0.9 and solvers.copied >= 0.6:
        return _rewrite(signals)
    if signals.study.task.usual > 30 or material.cover < 0.9:
        return _many_labels(signals)
    hints: list[Hint] = ["classifier"] if solvers.best >= 0.9 and solvers.lift >= 0.15 else []
    learner = "a linear model on words" if solvers.linear >= solvers.nearest else "the nearest example's label"
    says = f"{learner} is right for {_share(solvers.best)} of the records (without looking: {_share(solvers.floor)})"
    lazy = _number("lazy-learner", solvers.best, 0.85, says, published.BERTSCH)
    covered = _number(
        "cover@32", material.cover, 0.9, f"32 examples show the right label for {_share(material.cover)} of the records"
    )
    if solvers.best >= 0.85 and solvers.lift >= 0.15:
        return _said(signals, "prompt", "strong", lazy, covered, hints=hints)
    return _said(signals, "prompt", "lean", _rate("closed labels"), lazy, covered)


def _many_labels(signals: Signals) -> Verdict:
    solvers, material = signals.solvers, signals.material
    usual = signals.study.task.usual
    shown = _number(
        "cover@32",
        material.cover,
        0.9,
        f"{usual} labels cover 95 % of the records; 32 examples show the right one for {_share(material.cover)}",
        published.BERTSCH,
    )
    lazy = _number(
        "lazy-learner",
        solvers.best,
        0.4,
        f"the nearest example or a linear model is right for {_share(solvers.best)} of the records",
        published.BERTSCH,
    )
    if solvers.best >= 0.4:
        says = "with 50 examples retrieved a 7B model came within 3 points of its tuned self on 3 of 3 sets of intents"
        rate = Signal("base-rate", 1.0, None, says, published.BERTSCH)
        hints: list[Hint] = ["classifier"] if solvers.best >= 0.9 and solvers.lift >= 0.15 else []
        return _said(signals, "example-retrieval", "strong" if solvers.best >= 0.6 else "lean", shown, lazy, rate, hints=hints)
    if material.tokens > 1_500 and usual > 30:
        says = f"the answers are a catalogue of {material.symbols} entries and {material.tokens:,} tokens: look them up for each request"
        catalogue = _number("catalogue-tokens", material.tokens, 1_500, says, published.GORILLA)
        return _said(signals, "knowledge-retrieval", "lean", catalogue, lazy)
    return _said(signals, "measure", "lean", lazy, shown, leans="prompt")


def _code(signals: Signals) -> Verdict | None:
    if signals.kind != "code":
        return None
    material = signals.material
    names = _number(
        "cover@32", material.cover, 0.9, f"32 examples show all recurring names for {_share(material.cover)} of the answers"
    )
    repeated = _number("repeated", material.repeated, 0.3, f"{_share(material.repeated)} of the answers stand in other records too")
    if material.cover >= 0.9 and material.repeated >= 0.3:
        return _said(signals, "example-retrieval", "lean", names, repeated, hints=["schema-in-prompt"])
    return _said(signals, "prompt", "lean", _rate("code"), names, repeated, hints=["schema-in-prompt"])


def _computed(signals: Signals) -> Verdict:
    share = signals.mechanics.computed
    says = f"{_share(share)} of the records are numbers in, a number out: calculate, in code or step by step"
    return _said(
        signals, "prompt", "lean", _number("computed", share, 0.8, says, published.WEI), hints=["chain-of-thought"]
    )


def _translation(signals: Signals) -> Verdict | None:
    if not signals.foreign:
        return None
    asked, said = signals.study.languages
    says = f"requests are in one language ({asked}), answers in another ({said}): translation is a skill that models have"
    return _said(signals, "prompt", "lean", _number("cross-language", 1.0, None, says))


def _worked(signals: Signals) -> Verdict | None:
    mechanics = signals.mechanics
    if mechanics.worked >= 0.3:
        says = f"{_share(mechanics.worked)} of the answers are worked calculations: examples that reason step by step show how"
        worked = _number("worked", mechanics.worked, 0.3, says, published.WEI)
        return _said(signals, "prompt", "lean", worked, hints=["chain-of-thought"])
    return _computed(signals) if mechanics.computed >= 0.8 else None


def _rewrite(signals: Signals) -> Verdict:
    copied = signals.solvers.copied
    says = f"answers are their requests with little changed: chrF {copied:.2f} between them"
    return _said(signals, "prompt", "lean", _number("request-chrf", copied, 0.6, says))


def _near_request(signals: Signals) -> Verdict | None:
    """Answers that are the request in other words, or the next example's answer."""
    found, solvers = signals.grounding, signals.solvers
    if found.copy_full >= 0.8:
        says = f"{_share(found.copy_full)} of the answers use no word that the request does not have"
        return _said(signals, "prompt", "strong", _number("copy-full", found.copy_full, 0.8, says))
    if signals.kind == "text" and solvers.nearest >= 0.7:
        says = f"the nearest example's answer is nearly right already: chrF {solvers.nearest:.2f}"
        return _said(signals, "prompt", "strong", _number("nearest", solvers.nearest, 0.7, says, published.BERTSCH))
    if solvers.copied >= 0.6:
        return _rewrite(signals)
    spelt = signals.mechanics.spelt
    if signals.kind == "short" and spelt >= 0.6:
        says = f"{_share(spelt)} of the answers are the request's own letters, slightly changed"
        return _said(signals, "prompt", "lean", _number("spelt", spelt, 0.6, says))
    return None


def _short(signals: Signals) -> Verdict | None:
    if signals.kind != "short":
        return None
    found, material = signals.grounding, signals.material
    if material.cover >= 0.9 and material.open <= 0.05 and found.unseen < 0.3:
        says = f"the answers are built of {material.symbols} words; 32 examples show all of them for {_share(material.cover)}"
        return _said(signals, "prompt", "lean", _number("cover@32", material.cover, 0.9, says, published.BERTSCH))
    copy = _number("copy", found.copy, 0.7, f"{_share(found.copy)} of the answers' words come from the request")
    fact = _number("unseen-fact", found.unseen, 0.3, f"{_share(found.unseen)} of the answers hold a word that no other record has")
    return _said(signals, "measure", "lean", copy, fact, leans="prompt")


def _text(signals: Signals) -> Verdict:
    found, records = signals.grounding, signals.study.records
    copy = _number("copy", found.copy, 0.5, f"{_share(found.copy)} of the answers' content comes from the request")
    headlines = signals.style.headlines
    if headlines >= 0.8 and found.copy >= 0.4 and records >= 100:
        says = f"{_share(headlines)} of the answers are headlines, a voice that a prompted model keeps badly"
        return _said(signals, "fine-tune", "lean", _number("headlines", headlines, 0.8, says), _rate("free text"))
    enough = _number(
        "records", records, _MANY, f"{records:,} different examples; 1,000 were enough for a style elsewhere", published.LIMA
    )
    if records >= _MANY:
        return _said(signals, "fine-tune", "lean", _rate("free text"), copy, enough)
    if found.copy >= 0.5:
        return _said(signals, "prompt", "lean", copy, enough)
    return _said(signals, "measure", "lean", enough, copy, leans="prompt")


_REASONS: Final[tuple[Reason, ...]] = (
    _constant,
    _few,
    _persona,
    _mechanical,
    _untied,
    _mixed,
    _knowledge,
    _lookup,
    _extraction,
    _tools,
    _other_json,
    _labels,
    _code,
    _translation,
    _worked,
    _near_request,
    _short,
    _text,
)


def judged(signals: Signals) -> Verdict:
    """Return the verdict of the first reason that holds."""
    return next(verdict for reason in _REASONS if (verdict := reason(signals)) is not None)


def judge(drawn: Sequence[Drawn], records: int) -> Verdict | None:
    """Judge a dataset from a sample of it; `records` is how many different records it has.

    None for data without requests and answers: plain text, prompts to be graded, tokenised data.
    """
    study = Study(drawn, records)
    return judged(Signals(study)) if study.rows else None
