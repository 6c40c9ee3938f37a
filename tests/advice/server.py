"""An OpenAI-compatible endpoint for tests that truly learns from its prompt: it gives the answer of the shown example whose request is
nearest to what it is asked, and knows nothing without examples. It listens on this machine only and ends with its context.
"""

import itertools
import json
import math
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, NamedTuple

Messages = list[dict[str, Any]]


class Fault(NamedTuple):
    """What goes wrong with one request instead of an answer.

    `status` refuses it with `body` and `headers`. `cut` sends half an answer and closes; `silent` never answers, `slow` sends the
    answer's first byte and no more, both until the client gives up; `body` sends that body as if it were an answer.
    """

    kind: Literal["status", "body", "cut", "silent", "slow"]
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = {}


def refused(status: int, code: str = "", headers: Mapping[str, str] | None = None, param: str = "") -> Fault:
    """Return a refusal as OpenAI words it; its prose quotes the request, as real ones do."""
    error = {
        "message": "no, because you said SECRET-OF-THE-DATA",
        "type": "some_error",
        "code": code or None,
        "param": param or None,
    }
    return Fault("status", status, json.dumps({"error": error}).encode(), headers or {})


def grams(text: str) -> Counter[str]:
    """Return how often each run of three characters stands in a text."""
    text = f"  {text.lower()} "
    return Counter(text[index : index + 3] for index in range(len(text) - 2))


def nearest_answer(messages: Messages) -> str:
    """Return the answer of the example that is nearest to the last message, `unknown` where none is shown."""
    shown = [
        (str(one["content"]), str(two["content"]))
        for one, two in itertools.pairwise(messages)
        if one["role"] == "user" and two["role"] == "assistant"
    ]
    asked = grams(str(messages[-1]["content"]))
    if not shown:
        return "unknown"

    def nearness(request: str) -> float:
        found = grams(request)
        return (found & asked).total() / math.sqrt(max(found.total(), 1))

    return max(shown, key=lambda pair: nearness(pair[0]))[1]


def nearest_call(messages: Messages) -> dict[str, Any]:
    """Return the calls of the example that is nearest to the last message, as an endpoint's own; words where none is shown."""
    shown = [
        (str(one["content"]), two["tool_calls"])
        for one, two in itertools.pairwise(messages)
        if one["role"] == "user" and two.get("tool_calls")
    ]
    if not shown:
        return {"content": "I can call no tool.", "tool_calls": []}
    asked = grams(str(messages[-1]["content"]))
    return {"content": None, "tool_calls": max(shown, key=lambda pair: (grams(pair[0]) & asked).total())[1]}


Answer = Callable[[Messages], str] | Callable[[Messages], dict[str, Any]]
"""Makes the text of an answer, or the message without its role."""


class Double:
    """What the server does and what it has seen. Requests are numbered from 1 in the order of their arrival."""

    def __init__(self, answer: Answer, faults: Callable[[int, dict[str, Any]], Fault | None]) -> None:
        self.answer = answer
        self.faults = faults
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answered = 0
        self.base = ""
        self._lock = threading.Lock()

    def arrive(self, body: dict[str, Any], headers: dict[str, str]) -> int:
        """Note a request and return its number."""
        with self._lock:
            self.bodies.append(body)
            self.headers.append(headers)
            return len(self.bodies)

    def reply(self, body: dict[str, Any]) -> bytes:
        """Return the answer to a request."""
        with self._lock:
            self.answered += 1
        said = self.answer(body["messages"])
        text = said if isinstance(said, str) else json.dumps(said)
        answer = {"role": "assistant", **({"content": said} if isinstance(said, str) else said)}
        prompt = sum(len(str(message["content"])) // 4 + 4 for message in body["messages"])
        return json.dumps(
            {
                "object": "chat.completion",
                "model": body["model"],
                "choices": [{"index": 0, "finish_reason": "stop", "message": answer}],
                "usage": {"prompt_tokens": prompt, "completion_tokens": len(text) // 4 + 1},
            }
        ).encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    double: Double

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        number = self.double.arrive(body, dict(self.headers))
        fault = self.double.faults(number, body) if self.path == "/v1/chat/completions" else refused(404, "not_found")
        if fault is None:
            return self._send(200, self.double.reply(body), {})
        if fault.kind in {"status", "body"}:
            return self._send(fault.status, fault.body, fault.headers)
        self.close_connection = True
        answer = self.double.reply(body) if fault.kind in {"cut", "slow"} else b""
        if fault.kind == "cut":
            self._send(200, answer[: len(answer) // 2], {"Content-Length": str(len(answer))})
        else:
            if fault.kind == "slow":
                self._send(200, answer[:1], {"Content-Length": str(len(answer))})
            self.rfile.read(1)  # returns when the client hangs up
        return None

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json", "Content-Length": str(len(body))} | dict(headers)).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of the tests."""


def no_faults(number: int, body: dict[str, Any]) -> Fault | None:
    """Let every request be answered."""
    return None


@contextmanager
def serving(
    answer: Answer = nearest_answer,
    faults: Callable[[int, dict[str, Any]], Fault | None] = no_faults,
) -> Iterator[Double]:
    """Serve on a free port of this machine; `base` of what is given is the endpoint's address."""
    double = Double(answer, faults)
    handler = type("_Handler", (_Handler,), {"double": double})
    server = _Server(("127.0.0.1", 0), handler)
    double.base = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield double
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
