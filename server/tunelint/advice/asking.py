"""Asks a model so that no answer is paid for twice and no ceiling is passed."""

import asyncio
import math
from collections.abc import Callable
from typing import Any, Final

import msgspec

from tunelint.advice.conversation import Message, Tools, texts_of, wire
from tunelint.advice.endpoint import Endpoint, EndpointError, UnansweredError
from tunelint.advice.journal import Journal, key_of
from tunelint.advice.reply import Reply, Usage
from tunelint.advice.spending import Spending
from tunelint.core.example import written
from tunelint.costs.prices import CallPrice

__all__ = ["Asker", "Question"]

_FOREIGN: Final = 1.25
"""Other tokenizers than the one that is counted with find up to so many times as many tokens in the same text."""

_PER_MESSAGE: Final = 4

_IN_A_ROW: Final = 10
"""Requests without an answer, one after the other, after which the endpoint is taken to be out of order."""


class Question(msgspec.Struct, frozen=True):
    """What a model is asked: messages, the longest answer in tokens, and the tools that it may call."""

    messages: tuple[Message, ...]
    max_tokens: int
    tools: Tools | None = None

    def body(self, model: str) -> dict[str, Any]:
        """Return the request; greedy, so that asking again means the same."""
        found = {"model": model, "messages": wire(self.messages), "temperature": 0, "max_tokens": self.max_tokens}
        if self.tools is not None:
            found["tools"] = list(self.tools.declared)
            if self.tools.choice is not None:
                found["tool_choice"] = self.tools.choice
        return found

    def tokens(self, count: Callable[[str], int]) -> int:
        """Return how many tokens are read, about."""
        tools = count(written(list(self.tools.declared))) if self.tools is not None else 0
        messages = wire(self.messages)
        return tools + sum(_PER_MESSAGE + sum(map(count, texts_of(message))) for message in messages)

    def dearest(self, count: Callable[[str], int]) -> Usage:
        """Return the most that the request can be billed for."""
        return Usage(math.ceil(self.tokens(count) * _FOREIGN), self.max_tokens)


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

    def known(self, question: Question) -> Reply | None:
        """Return the answer of an earlier run, if there is one."""
        return self._journal.get(key_of(self._endpoint.address, question.body(self.model)))

    async def ask(self, question: Question) -> Reply | None:
        """Return the answer, from the journal where it is there; None where there is none, whatever was tried.

        Raises EndpointError and CeilingError, after which nothing more should be asked.
        """
        body = question.body(self.model)
        key = key_of(self._endpoint.address, body)
        known = self._journal.get(key)
        if known is not None:
            if key not in self._counted:
                self._counted.add(key)
                self._spending.reuse(self.price, known.usage or question.dearest(self._tokens))
            return known
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._send(key, body, question.dearest(self._tokens)))
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
