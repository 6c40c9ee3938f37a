"""Strategies for datasets that make many rules fire at once: a few records repeated, varied and broken."""

import json

from hypothesis import strategies as st

_TEXTS = st.sampled_from(
    [
        "positive",
        "Positive",
        "negative",
        "",
        "  ",
        "Is it raining in Bonn today, and will it rain tomorrow as well? Please answer in one short sentence for me.",
        "Is it raining in Bonn today, and will it rain tomorrow as well? Please answer in one short sentence for us.",
        "No, it does not rain.",
        "Say it with <|im_end|> and \u2028 please",
        "I am {{name}}",
        "\ufffd lost",
        "<think>well</think> yes",
        "你好，请问今天天气怎么样？",
        "Un cafÃ© crÃ¨me",
        "I'm sorry, but I can't help with that.",
        "The key is AKIA" + "QX7TZB2LMWN4RVKD",
        "Write to eve.holm@riverside-dental.org, and write to eve.holm@riverside-dental.org again.",
        "```\nprint(1)",
    ]
)
_ROLES = st.sampled_from(["system", "user", "user", "assistant", "assistant", "assistant", "tool", "human", "User"])
_MESSAGES = st.lists(st.fixed_dictionaries({"role": _ROLES, "content": _TEXTS}), max_size=4)
_PAIRS = st.tuples(_TEXTS, _TEXTS).map(
    lambda pair: [{"role": "user", "content": pair[0]}, {"role": "assistant", "content": pair[1]}]
)


def _chat(messages: list[dict[str, str]]) -> str:
    return json.dumps({"messages": messages}, ensure_ascii=False)


_BROKEN = st.sampled_from(
    [
        "",
        "{",
        "[1]",
        '{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}],}',
        '{"messages": [{"role": "user", "content": "a", "content": "c"}, {"role": "assistant", "content": "b"}]}',
        '{"messages": [{"role": "user"}, {"role": "assistant", "content": NaN}]}',
        "{'messages': []}",
        '{"prompt": "a", "completion": "b"}',
        '{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "weight": 2}], "id": 7}',
        '{"messages": [{"role": "user", "content": "\\ud800"}, {"role": "assistant", "content": "b"}]}',
    ]
)

_ARGUMENTS = st.sampled_from(['{"city": "Bonn"}', '{"city": 7}', "{'city': 'Bonn'}", '"{}"', "", "[]"])
_TOOLS = [{"type": "function", "function": {"name": "weather", "parameters": {"properties": {"city": {"type": "string"}}}}}]


def _called(arguments: str, call_id: str, name: str) -> str:
    messages = [
        {"role": "user", "content": "Weather in Bonn?"},
        {"role": "assistant", "tool_calls": [{"id": "a", "function": {"name": name, "arguments": arguments}}]},
        {"role": "tool", "tool_call_id": call_id, "content": "rain"},
        {"role": "assistant", "content": "Rain."},
    ]
    return json.dumps({"messages": messages, "tools": _TOOLS})


_CALLS = st.builds(_called, _ARGUMENTS, st.sampled_from(["a", "b"]), st.sampled_from(["weather", "wether"]))
_PREFERENCES = st.builds(
    lambda prompt, chosen, rejected: json.dumps({"prompt": prompt, "chosen": chosen, "rejected": rejected}),
    st.sampled_from(["a", "b"]),
    _TEXTS,
    _TEXTS,
)
_THUMBS = st.builds(
    lambda prompt, label: json.dumps({"prompt": prompt, "completion": "b", "label": label}), _TEXTS, st.booleans() | st.just(True)
)
_GRADED = st.builds(
    lambda prompt, fields: json.dumps({"messages": [{"role": "user", "content": prompt}], **fields}),
    _TEXTS,
    st.sampled_from([{}, {}, {"answer": "b"}]),
)

RECORDS = st.one_of(_PAIRS.map(_chat), _PAIRS.map(_chat), _MESSAGES.map(_chat), _BROKEN, _CALLS)
"""One line of a dataset; most are sound."""

FILES = st.one_of(
    st.lists(RECORDS, min_size=1, max_size=40),
    st.lists(_PREFERENCES, min_size=1, max_size=40),
    st.lists(_THUMBS, min_size=1, max_size=20),
    st.lists(_GRADED, min_size=1, max_size=20),
)

SURROGATES = [
    '{"prompt": "\\ud800", "completion": "\\udfff"}',
    '{"\\ud800": "a", "completion": "b"}',
    '{"messages": "\\ud800"}',
    '{"messages": [{"role": "\\ud800", "content": ["\\ud800"], "weight": "\\ud800"}], "tools": "\\ud800"}',
    '{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "tool_calls": [{"function": {"name": "\\ud800", "arguments": {"a": "\\ud800"}}}]}], "tools": [{"type": "function", "function": {"name": "\\ud800", "parameters": {"type": "\\ud800"}}}]}',
    '{"messages": [{"role": "user", "content": [{"type": "\\ud800", "text": "a"}]}, {"role": "assistant", "content": "b"}], "images": ["\\ud800"]}',
    '{"text": "a", "labels": {"\\ud800": "\\ud800"}}',
    '{"prompt": "a", "completion": "b", "label": "\\ud800"}',
    '{"prompt": "a", "chosen": "\\ud800", "rejected": "b", "images": ["\\ud800"]}',
    '{"contents": [{"role": "\\ud800", "parts": [{"functionCall": {"name": "\\ud800", "args": {"\\ud800": 1}}}]}]}',
    '{"conversations": [{"from": "function_call", "value": "\\ud800"}], "tools": "\\ud800"}',
]
"""Half surrogate pairs in every place: nothing but JSON's escapes can hold them."""
