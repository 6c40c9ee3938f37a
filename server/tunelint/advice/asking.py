"""Asks a model so that no answer is paid for twice and no ceiling is passed."""

import asyncio
import math
from collections.abc import Callable, Sequence
from typing import Any, Final

from tunelint.advice.conversation import Message
from tunelint.advice.endpoint import Endpoint, EndpointError, UnansweredError
from tunelint.advice.journal import Journal, key_of
from tunelint.advice.reply import Reply, Usage
from tunelint.advice.spending import Spending
from tunelint.costs.prices import CallPrice

__all__ = ["Asker", "body_of", "dearest_of"]

_FOREIGN: Final = 1.25
"""Other tokenizers than the one that is counted with find up to so many times as many tokens in the same text."""

_PER_MESSAGE: Final = 4

_IN_A_ROW: Final = 10
"""Requests without an answer, one after the other, after which the endpoint is taken to be out of order."""


def body_of(model: str, messages: Sequence[Message], max_tokens: int) -> dict[str, Any]:
    """Return a request; greedy, so that asking again means the same."""
    return {
        "model": model,
        "messages": [message._asdict() for message in messages],
        "temperature": 0,
        "max_tokens": max_tokens,
    }


def dearest_of(messages: Sequence[Message], max_tokens: int, tokens: Callable[[str], int]) -> Usage:
    """Return the most that a request can be billed for."""
    counted = sum(tokens(message.content) + _PER_MESSAGE for message in messages)
    return Usage(math.ceil(counted * _FOREIGN), max_tokens)


class Asker:
    """Asks one model; `failed` counts the requests that got no answer, by reason."""

    def __init__(
        self,
        endpoint: Endpoint,
        model: str,
        journal: Journal,
        spending: Spending,
        price: CallPrice | None,
        tokens: Callable[[str], int],
    ) -> None:
        self.model = model
        self.price = price
        self.failed: dict[str, int] = {}
        self._endpoint = endpoint
        self._journal = journal
        self._spending = spending
        self._tokens = tokens
        self._under_way: dict[str, asyncio.Task[Reply]] = {}
        self._counted: set[str] = set()
        self._in_a_row = 0

    def known(self, messages: Sequence[Message], max_tokens: int) -> Reply | None:
        """Return the answer of an earlier run, if there is one."""
        return self._journal.get(key_of(self._endpoint.address, body_of(self.model, messages, max_tokens)))

    async def ask(self, messages: Sequence[Message], max_tokens: int) -> Reply | None:
        """Return the answer, from the journal where it is there; None where there is none, whatever was tried.

        Raises EndpointError and CeilingError, after which nothing more should be asked.
        """
        body = body_of(self.model, messages, max_tokens)
        key = key_of(self._endpoint.address, body)
        known = self._journal.get(key)
        if known is not None:
            if key not in self._counted:
                self._counted.add(key)
                self._spending.reuse(self.price, known.usage or dearest_of(messages, max_tokens, self._tokens))
            return known
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._send(key, body, dearest_of(messages, max_tokens, self._tokens)))
            self._under_way[key] = task
        try:
            reply = await task
        except UnansweredError as problem:
            self._note_failure(str(problem))
            return None
        self._in_a_row = 0
        return reply

    def stop(self) -> None:
        """Give up the requests that only wait for their turn; those on their way are billed, so their answers are waited for."""
        for task in self._under_way.values():
            if not self._endpoint.is_sending(task):
                task.cancel()

    async def _send(self, key: str, body: dict[str, Any], dearest: Usage) -> Reply:
        allowance = self._spending.allow(self.price, dearest)
        reply = await self._endpoint.ask(body, allowance)
        allowance.settle(reply.usage)
        self._counted.add(key)
        self._journal.add(key, reply)
        return reply

    def _note_failure(self, reason: str) -> None:
        self.failed[reason] = self.failed.get(reason, 0) + 1
        self._in_a_row += 1
        if self._in_a_row >= _IN_A_ROW:
            raise EndpointError(
                f"{self._endpoint.address}: {self._in_a_row} requests in a row got no answer ({reason}); "
                "what was answered is kept, run the same command again to go on"
            )
