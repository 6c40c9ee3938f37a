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

RECORDS = st.one_of(_PAIRS.map(_chat), _PAIRS.map(_chat), _MESSAGES.map(_chat), _BROKEN)
"""One line of a dataset; most are sound."""

FILES = st.lists(RECORDS, min_size=1, max_size=40)
