"""The only caller of a model: one OpenAI-compatible chat-completions endpoint over HTTP.

The key comes from the environment and goes nowhere but into the request's header. Neither requests nor answers are logged; what
is said of a refusal is its status and its code, never its prose, which may quote the data.
"""

import asyncio
import email.utils
import ipaddress
import json
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, Protocol, Self
from urllib.parse import urlsplit

import httpx
import msgspec

from tunelint import __version__
from tunelint.advice.clock import Clock, SystemClock
from tunelint.advice.reply import MalformedError, Reply, error_code, error_parameter, read_reply
from tunelint.core.errors import UserError
from tunelint.core.record import digest

__all__ = ["Endpoint", "EndpointError", "Meter", "Policy", "UnansweredError", "address_of"]

_RETRIED: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})
"""Answers after which the same request may well succeed; those above 520 are of proxies and of Anthropic's overload."""

_ROW_REFUSED: Final = frozenset({400, 413, 422, 451})
"""Answers that may be about one request: too long, or stopped by a filter."""

_FIRST_WAIT: Final = 0.5
_LAST_WAIT: Final = 30.0
"""Seconds before the first repetition and, doubled each time, at most."""

_LARGEST: Final = 8 << 20
"""Bytes of an answer that are read at most."""

_OTHER_NAMES: Final[Mapping[str, str | None]] = {"max_tokens": "max_completion_tokens", "temperature": None}
"""Parameters that some models of OpenAI refuse, and what they are called or that they are left out instead."""

_OUT_OF_MONEY: Final = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """How an endpoint is called: requests at a time and a minute, seconds and tries for each, seconds that it may ask to wait."""

    concurrency: int = 8
    per_minute: float | None = None
    timeout: float = 120.0
    tries: int = 8
    longest_wait: float = 300.0


class EndpointError(UserError):
    """The endpoint cannot be used at all: the run ends, what was answered stays in the journal."""


class UnansweredError(Exception):
    """One request got no answer, whatever was tried; the text says why in a few words, without data."""


class Meter(Protocol):
    """Counts requests as they go out."""

    def begin(self) -> None:
        """Allow one request, or raise what ends the run."""
        ...

    def free(self) -> None:
        """Take back the request just begun: it was refused and is not billed."""
        ...


def address_of(base: str) -> str:
    """Return the address that requests go to; raises EndpointError for one that a key must not be sent to, or that is none."""
    wrong = EndpointError("that is no address of an endpoint; one looks like https://api.openai.com/v1 and holds no key")
    try:
        parts = urlsplit(base.strip())
        _ = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise wrong
    path = parts.path.rstrip("/").removesuffix("/chat/completions")
    return f"{parts.scheme}://{parts.netloc}{path}/chat/completions"


def is_local(address: str) -> bool:
    """Tell whether an address is of this machine."""
    host = urlsplit(address).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Endpoint:
    """Asks one endpoint, with repetitions, a limit of requests a minute and of requests at a time.

    Use it as an asynchronous context. `requests` and `repeated` count what was sent.
    """

    def __init__(self, base: str, key: str | None, policy: Policy | None = None, clock: Clock | None = None) -> None:
        self.address = address_of(base)
        self.policy = policy or Policy()
        self.requests = 0
        self.repeated = 0
        local = is_local(self.address)
        if key and not local and self.address.startswith("http://"):
            raise EndpointError(f"{self.address}: a key is not sent without encryption; use https")
        if key and not all("!" <= letter <= "~" for letter in key):
            raise EndpointError("the key holds characters that no key has, such as a line end")
        self._clock = clock or SystemClock()
        self._gate = _Gate(self._clock, self.policy.per_minute)
        self._places = asyncio.Semaphore(self.policy.concurrency)
        self._renamed: dict[str, str | None] = {}
        self._sending: set[asyncio.Task[Any] | None] = set()
        headers = {"User-Agent": f"tunelint/{__version__}", "Accept": "application/json"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        try:
            self._http = httpx.AsyncClient(
                headers=headers,
                timeout=httpx.Timeout(self.policy.timeout, connect=min(15.0, self.policy.timeout), pool=None),
                limits=httpx.Limits(max_connections=self.policy.concurrency),
                follow_redirects=False,
                trust_env=not local,
            )
        except (ValueError, ImportError, OSError) as problem:
            raise EndpointError(f"{self.address}: look at the proxy settings ({type(problem).__name__})") from None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def ask(self, body: Mapping[str, Any], meter: Meter) -> Reply:
        """Send one request until it is answered.

        Raises UnansweredError for a request that gets no answer, EndpointError where no request would, and what `meter` raises.
        """
        async with self._places:
            reason = "no answer"
            for attempt in range(self.policy.tries):
                if attempt:
                    self.repeated += 1
                    await self._clock.sleep(_wait(attempt, body))
                try:
                    return await self._try(body, meter)
                except _AgainError as again:
                    reason = again.reason
                    if again.wait is not None:
                        self._gate.close(self._allowed(again.wait))
            raise UnansweredError(reason)

    def is_sending(self, task: "asyncio.Task[Any]") -> bool:
        """Tell whether a request of this task is on its way, so that it may be billed."""
        return task in self._sending

    def _allowed(self, seconds: float) -> float:
        if seconds > self.policy.longest_wait:
            raise EndpointError(
                f"{self.address} asks to wait {seconds:,.0f} s; run the same command later, what was answered is kept"
            )
        return seconds

    async def _try(self, body: Mapping[str, Any], meter: Meter) -> Reply:
        await self._gate.enter()
        meter.begin()
        self.requests += 1
        sent = self._adapted(body)
        try:
            self._sending.add(asyncio.current_task())
            async with asyncio.timeout(self.policy.timeout):
                status, headers, answer = await self._send(sent)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as problem:
            meter.free()
            raise _AgainError("no connection") from problem
        except (TimeoutError, httpx.TimeoutException) as problem:
            raise _AgainError(f"no answer within {self.policy.timeout:g} s") from problem
        except httpx.HTTPError as problem:
            raise _AgainError("the answer broke off") from problem
        finally:
            self._sending.discard(asyncio.current_task())
        if status == httpx.codes.OK:
            try:
                return read_reply(answer)
            except MalformedError as problem:
                raise _AgainError(f"the answer is malformed: {problem}") from problem
        meter.free()
        raise self._refused(status, headers, answer, sent)

    async def _send(self, body: Mapping[str, Any]) -> tuple[int, httpx.Headers, bytes]:
        data = json.dumps(body, ensure_ascii=True).encode()
        answer = bytearray()
        request = {"content": data, "headers": {"Content-Type": "application/json"}}
        async with self._http.stream("POST", self.address, **request) as response:  # type: ignore[arg-type]
            async for chunk in response.aiter_bytes():
                answer += chunk
                if len(answer) > _LARGEST:
                    raise httpx.RemoteProtocolError("too long an answer")
            return response.status_code, response.headers, bytes(answer)

    def _refused(self, status: int, headers: httpx.Headers, answer: bytes, sent: Mapping[str, Any]) -> Exception:
        """Return what a refusal comes to: another try, a row without an answer, or the end of the run."""
        code = error_code(answer)
        said = f"HTTP {status}" + (f" ({code})" if code else "")
        if code in _OUT_OF_MONEY:
            return EndpointError(f"{self.address}: {said}: the account has no credit left; what was answered is kept")
        if status in _RETRIED:
            return _AgainError(said, _retry_after(headers, self._clock.date()))
        if status in _ROW_REFUSED:
            return _AgainError(said) if self._learn(error_parameter(answer), sent) else UnansweredError(said)
        if status in {401, 403}:
            return EndpointError(f"{self.address}: {said}: the key is missing or not accepted")
        if 300 <= status < 400:
            return EndpointError(f"{self.address}: {said}: redirects are not followed; give the address that it leads to")
        return EndpointError(f"{self.address}: {said}: is the address right, and the model's name?")

    def _learn(self, parameter: str, sent: Mapping[str, Any]) -> bool:
        """Do without a parameter that was refused, or under its other name; tell whether the request can be sent otherwise."""
        if parameter not in _OTHER_NAMES or parameter not in sent or _OTHER_NAMES[parameter] in self._renamed:
            return False
        self._renamed[parameter] = _OTHER_NAMES[parameter]
        return True

    def _adapted(self, body: Mapping[str, Any]) -> dict[str, Any]:
        names = {key: self._renamed.get(key, key) for key in body}
        return {name: body[key] for key, name in names.items() if name is not None}


class _AgainError(Exception):
    """A request that may be sent again, after so many seconds where the endpoint says."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait = wait


class _Gate:
    """Lets requests through at most so often, and none before a moment that the endpoint named."""

    def __init__(self, clock: Clock, per_minute: float | None) -> None:
        self._clock = clock
        self._pause = 60.0 / per_minute if per_minute else 0.0
        self._opens = 0.0

    async def enter(self) -> None:
        """Wait for one's turn."""
        while (wait := self._opens - self._clock.now()) > 0:
            await self._clock.sleep(wait)
        if self._pause:
            self._opens = self._clock.now() + self._pause

    def close(self, seconds: float) -> None:
        """Let nobody through for so many seconds."""
        self._opens = max(self._opens, self._clock.now() + seconds)


def _wait(attempt: int, body: Mapping[str, Any]) -> float:
    """Return the seconds before a repetition: doubled each time and spread by the request, so that not all come back at once."""
    spread = digest(json.dumps(body, sort_keys=True)) / 2**64
    longest: float = min(_LAST_WAIT, _FIRST_WAIT * 2 ** (attempt - 1))
    return longest * (0.5 + 0.5 * spread)


def _retry_after(headers: httpx.Headers, date: float) -> float | None:
    """Return the seconds that the endpoint asks to wait: milliseconds, seconds, or a date; None where it does not say."""
    for name, scale in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name, "").strip()
        try:
            seconds = float(value) * scale
        except ValueError:
            continue
        return seconds if 0 <= seconds < float("inf") else None
    try:
        moment = email.utils.parsedate_to_datetime(headers.get("retry-after", ""))
    except (TypeError, ValueError):
        return None
    return max(0.0, moment.timestamp() - date)
