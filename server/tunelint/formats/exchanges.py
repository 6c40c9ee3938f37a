"""Files of requests to a model and of its answers, which batch APIs take and return: records, but no training examples.

Sources: the classes of a batch's lines in the packages openai 3.57 and anthropic 2.14 (``MessageBatchIndividualResponse``,
``batch_create_params.Request``), OpenAI's API specification (``BatchRequestInput``, ``BatchRequestOutput``) and Together's pages on
batch inference, read on 30 November 2026.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

__all__ = ["Exchange", "exchange_of"]

_SHARE: Final = 0.9
"""Share of the records that must be lines of a batch; the rest may be anything."""

_ASKING: Final = frozenset({"model", "messages", "input", "prompt"})
"""Keys of which a request's parameters have one."""


class Exchange(NamedTuple):
    """What the lines of a file are in place of examples, and what to do with them."""

    says: str
    help: str


_REQUESTS: Final = "run the batch, then make examples of each request's messages and the answer with the same custom_id"
_OPENAI_REQUESTS: Final = Exchange("requests of a batch, as OpenAI's API takes them", _REQUESTS)
_OPENAI_ANSWERS: Final = Exchange(
    "answers of a batch, as OpenAI's API gives them",
    "join them with the requests by custom_id: body.messages and response.body.choices[0].message make an example",
)
_ANTHROPIC_REQUESTS: Final = Exchange("requests of a batch, as Anthropic's API takes them", _REQUESTS)
_ANTHROPIC_ANSWERS: Final = Exchange(
    "answers of a batch, as Anthropic's API gives them",
    "join them with the requests by custom_id: params.messages and result.message make an example",
)
_KINDS: Final[Sequence[tuple[str, Callable[[Any], bool], Exchange]]] = (
    ("body", lambda body: isinstance(body, dict) and not _ASKING.isdisjoint(body), _OPENAI_REQUESTS),
    ("response", lambda response: response is None or isinstance(response, dict), _OPENAI_ANSWERS),
    ("params", lambda params: isinstance(params, dict) and not _ASKING.isdisjoint(params), _ANTHROPIC_REQUESTS),
    ("result", lambda result: isinstance(result, dict) and "type" in result, _ANTHROPIC_ANSWERS),
)


def exchange_of(sample: Sequence[dict[str, Any]]) -> Exchange | None:
    """Return what nearly all records of a sample are, where that is requests or answers of one kind."""
    kinds = [_kind(value) for value in sample]
    kind = kinds[0] if kinds else None
    return kind if kind is not None and kinds.count(kind) >= _SHARE * len(kinds) else None


def _kind(value: dict[str, Any]) -> Exchange | None:
    if not isinstance(value.get("custom_id"), str):
        return None
    return next((kind for key, fits, kind in _KINDS if key in value and fits(value[key])), None)
