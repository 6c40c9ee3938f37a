"""The caller of models, over real HTTP."""

import asyncio
import email.utils
import logging
from collections.abc import Callable
from typing import Any

import pytest

from tests.advice.clocks import TestClock
from tests.advice.server import Double, Fault, refused, serving
from tunelint.advice.endpoint import Endpoint, EndpointError, Policy, UnansweredError, address_of
from tunelint.advice.reply import Reply, Usage
from tunelint.core.errors import UserError

BODY = {"model": "m", "messages": [{"role": "user", "content": "SECRET-OF-THE-DATA"}], "max_tokens": 5, "temperature": 0}


class Counting:
    """A meter that counts."""

    def __init__(self) -> None:
        self.begun = self.freed = 0

    def begin(self) -> None:
        self.begun += 1

    def free(self) -> None:
        self.freed += 1


class Asked:
    """What came of some requests."""

    def __init__(self) -> None:
        self.clock = TestClock()
        self.meter = Counting()
        self.endpoint: Endpoint | None = None

    def run(self, double: Double, count: int = 1, key: str | None = None, **policy: Any) -> list[Reply | BaseException]:
        return asyncio.run(self._run(double.base, count, key, Policy(**policy)))

    async def _run(self, base: str, count: int, key: str | None, policy: Policy) -> list[Reply | BaseException]:
        async with Endpoint(base, key, policy, self.clock) as self.endpoint:
            bodies = [{**BODY, "user": str(number)} for number in range(count)]
            return await asyncio.gather(*(self.endpoint.ask(body, self.meter) for body in bodies), return_exceptions=True)


def until(count: int, fault: Fault) -> Callable[[int, dict[str, Any]], Fault | None]:
    """Let the first requests fail."""
    return lambda number, body: fault if number <= count else None


def test_answer_and_usage() -> None:
    asked = Asked()
    with serving() as double:
        (reply,) = asked.run(double, key="k-123")
    assert isinstance(reply, Reply)
    assert (reply.said.text, reply.cut, reply.usage) == ("unknown", False, Usage(8, 2))
    assert double.headers[0]["Authorization"] == "Bearer k-123"
    assert (asked.meter.begun, asked.meter.freed) == (1, 0)


@pytest.mark.parametrize(
    ("fault", "billed"),
    [
        (refused(429), 1),
        (refused(500), 1),
        (refused(503), 1),
        (Fault("body", 200, b'{"choices":['), 3),
        (Fault("body", 200, b"\xff\xfe"), 3),
        (Fault("body", 200, b"[" * 100_000), 3),
        (Fault("body", 200, b"null"), 3),
        (Fault("body", 200, b'{"choices":[]}'), 3),
        (Fault("body", 200, b'{"choices":[{"message":{"content":7}}]}'), 3),
        (Fault("body", 200, b'{"error":{"code":"overloaded"}}'), 3),
        (Fault("body", 200, b'{"choices":[{"message":{"tool_calls":[{}]}}]}'), 3),
        (Fault("cut"), 3),
        (Fault("silent"), 3),
        (Fault("slow"), 3),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else str(value),
)
def test_what_passes_is_tried_again(fault: Fault, billed: int) -> None:
    """A request that was refused costs nothing; one whose answer was lost may have been billed."""
    asked = Asked()
    with serving(faults=until(2, fault)) as double:
        (reply,) = asked.run(double, timeout=0.25 if fault.kind in {"silent", "slow"} else 30)
    assert isinstance(reply, Reply)
    assert reply.said.text == "unknown"
    assert len(double.bodies) == 3
    assert asked.meter.begun - asked.meter.freed == billed
    assert len(asked.clock.slept) == 2
    assert 0.25 <= asked.clock.slept[0] <= 0.5 <= asked.clock.slept[1] <= 1


def test_tries_end() -> None:
    asked = Asked()
    with serving(faults=until(99, refused(500))) as double:
        (problem,) = asked.run(double, tries=4)
    assert isinstance(problem, UnansweredError)
    assert str(problem) == "HTTP 500 (some_error)"
    assert len(double.bodies) == 4


@pytest.mark.parametrize(
    ("header", "value", "seconds"),
    [
        ("Retry-After", "7", 7),
        ("retry-after-ms", "1500", 1.5),
        ("Retry-After", email.utils.formatdate(1_800_001_020, usegmt=True), 20),
        ("Retry-After", email.utils.formatdate(0, usegmt=True), 0),
    ],
)
def test_retry_after_holds_for_all(header: str, value: str, seconds: float) -> None:
    """Nobody sends anything before the moment that the endpoint named."""
    asked = Asked()
    began = asked.clock.now()
    with serving(faults=until(1, refused(429, headers={header: value}))) as double:
        replies = asked.run(double, count=1, concurrency=1)
    assert isinstance(replies[0], Reply)
    assert asked.clock.now() - began >= seconds
    assert asked.clock.now() - began <= seconds + 1


@pytest.mark.parametrize("value", ["soon", "-3", "nan", "inf", "", "Wed, 99 Foo 2026"])
def test_retry_after_that_is_none(value: str) -> None:
    asked = Asked()
    with serving(faults=until(1, refused(429, headers={"Retry-After": value}))) as double:
        assert isinstance(asked.run(double)[0], Reply)
    assert sum(asked.clock.slept) < 1


def test_long_wait_ends_the_run() -> None:
    with serving(faults=until(1, refused(429, headers={"Retry-After": "86400"}))) as double:
        (problem,) = Asked().run(double)
    assert isinstance(problem, EndpointError)
    assert "86,400 s" in str(problem)


@pytest.mark.parametrize("status", [401, 403, 404, 301, 307, 418])
def test_what_no_request_would_survive(status: int) -> None:
    with serving(faults=until(99, refused(status, headers={"Location": "http://127.0.0.1:1/"}))) as double:
        (problem,) = Asked().run(double)
    assert isinstance(problem, UserError)
    assert f"HTTP {status}" in str(problem)
    assert "SECRET" not in str(problem)
    assert len(double.bodies) == 1


def test_no_credit() -> None:
    with serving(faults=until(99, refused(429, "insufficient_quota"))) as double:
        (problem,) = Asked().run(double)
    assert isinstance(problem, EndpointError)
    assert len(double.bodies) == 1


def test_one_row_refused() -> None:
    def too_long(number: int, body: dict[str, Any]) -> Fault | None:
        return refused(400, "context_length_exceeded") if body["user"] == "1" else None

    with serving(faults=too_long) as double:
        first, second, third = Asked().run(double, count=3)
    assert isinstance(first, Reply)
    assert isinstance(third, Reply)
    assert isinstance(second, UnansweredError)
    assert str(second) == "HTTP 400 (context_length_exceeded)"


def test_parameters_that_a_model_refuses_are_renamed_or_left_out() -> None:
    def picky(number: int, body: dict[str, Any]) -> Fault | None:
        if "max_tokens" in body:
            return refused(400, "unsupported_parameter", param="max_tokens")
        return refused(400, "unsupported_value", param="temperature") if "temperature" in body else None

    with serving(faults=picky) as double:
        replies = Asked().run(double, count=20)
    assert all(isinstance(one, Reply) for one in replies)
    assert "max_completion_tokens" in double.bodies[-1]
    assert not {"max_tokens", "temperature"} & set(double.bodies[-1])


def test_requests_a_minute() -> None:
    asked = Asked()
    began = asked.clock.now()
    with serving() as double:
        replies = asked.run(double, count=5, per_minute=30)
    assert all(isinstance(one, Reply) for one in replies)
    assert asked.clock.now() - began == pytest.approx(8)


def test_requests_at_a_time() -> None:
    asked = Asked()
    with serving() as double:
        asked.run(double, count=12, concurrency=3)
    assert len(double.bodies) == 12
    assert asked.endpoint is not None
    assert asked.endpoint.repeated == 0


def test_nobody_there() -> None:
    with serving() as double:
        pass
    asked = Asked()
    (problem,) = asked.run(double, tries=2)
    assert isinstance(problem, UnansweredError)
    assert str(problem) == "no connection"
    assert asked.meter.begun == asked.meter.freed == 2


def test_nothing_of_the_data_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(faults=until(2, refused(500))) as double:
        Asked().run(double, key="k-123")
    assert double.answered == 1
    assert "SECRET" not in caplog.text
    assert "k-123" not in caplog.text


@pytest.mark.parametrize(
    ("base", "address"),
    [
        ("https://api.openai.com/v1", "https://api.openai.com/v1/chat/completions"),
        ("https://api.openai.com/v1/", "https://api.openai.com/v1/chat/completions"),
        ("http://localhost:11434/v1/chat/completions", "http://localhost:11434/v1/chat/completions"),
    ],
)
def test_addresses(base: str, address: str) -> None:
    assert address_of(base) == address


@pytest.mark.parametrize(
    "base", ["", "api.openai.com", "ftp://x/v1", "https://", "https://u:p@x/v1", "https://x/v1?key=1", "https://[::1"]
)
def test_addresses_that_are_none(base: str) -> None:
    with pytest.raises(EndpointError) as problem:
        address_of(base)
    assert "u:p" not in str(problem.value)


def test_a_key_goes_nowhere_in_the_open() -> None:
    with pytest.raises(EndpointError, match="https"):
        Endpoint("http://example.com/v1", "k-123")


@pytest.mark.parametrize("key", ["k\n", "ключ", "k\x00"])
def test_keys_that_no_header_holds(key: str) -> None:
    async def ask() -> None:
        async with Endpoint("http://127.0.0.1:9/v1", key):
            pass

    with pytest.raises(EndpointError) as problem:
        asyncio.run(ask())
    assert key not in str(problem.value)
