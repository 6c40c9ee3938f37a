"""Sound records of the usual formats, and short ways to spoil some of them."""

import copy
import json
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

Record = dict[str, Any]
Records = list[Record]

QUESTIONS: Final = (
    "My invoice for March shows two charges of 19 euros. Why?",
    "How do I rotate the API key of a service account?",
    "The export button is greyed out for my teammate.",
    "Can I move my workspace from the US region to Frankfurt?",
    "Webhook deliveries stopped after yesterday's update.",
    "What is the limit for file attachments?",
    "I deleted a board by mistake.",
    "Do you support login with Okta?",
    "Search does not find a document that I can open.",
    "How can I cancel before the trial ends?",
)
ANSWERS: Final = (
    "The second charge is the seat you added on 12 March; it is prorated and appears once.",
    "Open Settings, choose Service accounts, and press Rotate. The old key keeps working for 24 hours.",
    "Exports need the Analyst role. An owner can grant it under Members, next to the person's name.",
    "Yes. Write to us from the owner's address; the move takes one night and links stay the same.",
    "The signing secret changed with that update. Copy the new one from the webhook page and redeploy.",
    "Attachments may be 25 MB each on the Team plan and 100 MB on Business.",
    "Deleted boards stay in the bin for 30 days. Open the bin in the sidebar and press Restore.",
    "Okta works through SAML on the Business plan. The setup guide lists the three fields to copy.",
    "New documents are indexed within ten minutes. If it is older, press Reindex in its menu.",
    "Go to Billing and press Cancel trial. Nothing is charged, and your data is kept for two weeks.",
)
WORSE: Final = (
    "Please contact your provider about that.",
    "This is not possible at the moment.",
    "Try again later or use another browser.",
    "I would need more details to help.",
    "Restart the device and see whether it helps.",
    "There is no limit that I know of.",
    "What is gone cannot be brought back.",
    "Log in with your password instead.",
    "The search is only for titles.",
    "Cancel by sending a letter.",
)
TRIPLES: Final = tuple(zip(QUESTIONS, ANSWERS, WORSE, strict=True))


def user(text: Any) -> Record:
    """Return a message of the user."""
    return {"role": "user", "content": text}


def answer(text: Any, **more: Any) -> Record:
    """Return a message of the assistant."""
    return {"role": "assistant", "content": text, **more}


CHATS: Final[Records] = [{"messages": [user(q), answer(a)]} for q, a, _ in TRIPLES]
CORRECTED: Final[Records] = [{"messages": [user(q), answer(w), user("That did not help."), answer(a)]} for q, a, w in TRIPLES]
SHAREGPT: Final[Records] = [
    {"conversations": [{"from": "human", "value": q}, {"from": "gpt", "value": a}]} for q, a, _ in TRIPLES
]
ALPACA: Final[Records] = [{"instruction": q, "input": "", "output": a} for q, a, _ in TRIPLES]
PAIRS: Final[Records] = [{"prompt": q, "completion": a} for q, a, _ in TRIPLES]
TEXTS: Final[Records] = [{"text": f"{q} {a}"} for q, a, _ in TRIPLES]
PREFERENCES: Final[Records] = [{"prompt": q, "chosen": a, "rejected": w} for q, a, w in TRIPLES]
CHAT_PREFERENCES: Final[Records] = [{"prompt": [user(q)], "chosen": [answer(a)], "rejected": [answer(w)]} for q, a, w in TRIPLES]
THUMBS: Final[Records] = [
    {"prompt": q, "completion": a if n % 2 else w, "label": bool(n % 2)} for n, (q, a, w) in enumerate(TRIPLES)
]
GEMINI: Final[Records] = [
    {"contents": [{"role": "user", "parts": [{"text": q}]}, {"role": "model", "parts": [{"text": a}]}]} for q, a, _ in TRIPLES
]
PICTURES: Final[Records] = [
    {"conversations": [{"from": "human", "value": f"<image>{q}"}, {"from": "gpt", "value": a}], "images": [f"https://example.com/{n}.png"]}
    for n, (q, a, _) in enumerate(TRIPLES)
]  # fmt: skip
PICTURE_PARTS: Final[Records] = [
    {"messages": [user([{"type": "image"}, {"type": "text", "text": q}]), answer([{"type": "text", "text": a}])], "images": [f"https://example.com/{n}.png"]}
    for n, (q, a, _) in enumerate(TRIPLES)
]  # fmt: skip

_TOOLS: Final = [
    {
        "type": "function",
        "function": {
            "name": "get_order",
            "description": "Look up an order",
            "parameters": {"type": "object", "properties": {"order": {"type": "string"}}, "required": ["order"]},
        },
    }
]


def calls(*, as_object: bool = False) -> Records:
    """Return conversations with a tool call each, its arguments as JSON text or as an object."""
    found = []
    for number, (question, said, _) in enumerate(TRIPLES):
        arguments = {"order": f"A-{1000 + 37 * number}"}
        function = {"name": "get_order", "arguments": arguments if as_object else json.dumps(arguments)}
        call = {"id": f"call{number:05d}", "type": "function", "function": function}
        result = {"role": "tool", "tool_call_id": call["id"], "content": json.dumps({"day": number})}
        found.append({"messages": [user(question), answer(None, tool_calls=[call]), result, answer(said)], "tools": _TOOLS})
    return found


def change(records: Records, edit: Callable[[Record], Any], *indexes: int) -> Records:
    """Return a copy of records of which some, or all, were edited in place."""
    spoilt = copy.deepcopy(records)
    for index in indexes or range(len(spoilt)):
        edit(spoilt[index])
    return spoilt


def said(records: Records, text: Callable[[str], Any], *indexes: int) -> Records:
    """Return a copy of conversations whose first answer is made anew."""
    return change(records, lambda one: one["messages"][1].update(content=text(one["messages"][1]["content"])), *indexes)


def lines(records: Iterable[Record]) -> str:
    """Write records as JSON Lines."""
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records)


class Case(NamedTuple):
    """A reported failure: the rule that says it, on which line, a file that has it, one that has it not, and what a user says."""

    report: str
    code: str
    line: int
    bad: Records | str | bytes
    good: Records | str | bytes
    options: dict[str, Any]
