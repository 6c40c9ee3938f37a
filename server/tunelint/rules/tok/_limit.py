"""How rules about tokens speak of a limit."""

from tunelint.core.finding import Place
from tunelint.core.record import Record
from tunelint.rules.base import Context

__all__ = ["answer_place", "consequence", "counted"]

_CONSEQUENCES = {
    "truncated": "cuts it from the end, the answer first",
    "dropped": "drops such examples without a word",
    "refused": "refuses such examples",
    "unknown": "cuts or drops it",
}


def consequence(context: Context) -> str:
    """Say what happens to an example above the limit, and where."""
    if context.target is None:
        return "a trainer cuts it from the end, the answer first, or drops it"
    return f"{context.target.title} {_CONSEQUENCES[context.target.over_context]}"


def counted(context: Context) -> str:
    """Say how tokens were counted, where that is not the model's own way."""
    limits = context.model_limits
    exact = limits is not None and limits.exact
    return "" if exact or context.encoding.endswith(".json") else f" (counted with {context.encoding})"


def answer_place(record: Record) -> Place:
    """Return the place of the last answer: it is what is cut."""
    example = record.example
    turns = example.all_turns if example is not None else []
    answers = [turn for turn in turns if turn.role in {"assistant", "text"}] or turns
    return Place(answers[-1].text_at, "key") if answers else Place()
