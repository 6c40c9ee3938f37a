"""CHT015: see the class."""

from collections.abc import Hashable, Iterator
from typing import Any, Final, cast

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Place, Severity
from tunelint.core.record import Record
from tunelint.formats.base import Dialect
from tunelint.rules._dialects import dialect_of
from tunelint.rules._places import value_at
from tunelint.rules.base import Context, Link, ProjectRule, TallyRule, Wake
from tunelint.text.parse import Path

_REASONING: Final = ("reasoning_content", "thinking")
_MESSAGES: Final = "messages"


class UnreadText(TallyRule, ProjectRule):
    """A part of the answers stands where the trainer does not read it.

    ## Why

    A trainer that reads only `role` and `content` drops what stands beside them without a word. Reasoning under `reasoning_content`
    is gone before the template sees it, and a model of the Qwen 3 kind then learns to answer with an empty thought. torchtune reads
    no `tool_calls`; where such a turn has no content, it learns the text of the turn before as the answer. LLaMA-Factory puts the
    calls of a turn in the place of its text.

    ## What to do

    Write reasoning at the beginning of the content, between `<think>` and `</think>`, and calls for torchtune into the content too. Text
    that announces a call can be dropped: LLaMA-Factory keeps the calls alone.

    ## Examples

    ```jsonl good target=trl
    {"messages": [{"role": "user", "content": "17 + 5?"}, {"role": "assistant", "content": "22", "reasoning_content": "17 and 5 are 22."}]}
    ```

    ```jsonl good target=llama-factory
    {"messages": [{"role": "user", "content": "17 + 5?"}, {"role": "assistant", "content": "<think>17 and 5 are 22.</think>22"}]}
    ```

    ```jsonl bad messages[1].reasoning_content target=llama-factory
    {"messages": [{"role": "user", "content": "17 + 5?"}, {"role": "assistant", "content": "22", "reasoning_content": "17 and 5 are 22."}]}
    ```

    ```jsonl bad messages[1].tool_calls target=torchtune
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "content": null, "tool_calls": [{"function": {"name": "weather", "arguments": "{}"}}]}], "tools": [{"type": "function", "function": {"name": "weather", "parameters": {}}}]}
    ```

    ```jsonl bad messages[1].content target=llama-factory
    {"messages": [{"role": "user", "content": "Weather in Bonn?"}, {"role": "assistant", "content": "I will look it up.", "tool_calls": [{"function": {"name": "weather", "arguments": {}}}]}, {"role": "tool", "content": "Rain"}, {"role": "assistant", "content": "It rains."}], "tools": [{"type": "function", "function": {"name": "weather", "parameters": {}}}]}
    ```

    Sources: LLaMA-Factory 0.9.5, ``data/converter.py`` (OpenAIDatasetConverter); ms-swift 4.6, ``dataset/preprocessor/core.py``
    (`_check_messages`); torchtune 0.6.1, ``data/_messages.py`` (OpenAIToMessages).
    """

    code = "CHT015"
    name = "unread-text"
    severity = Severity.WARNING
    formats = frozenset({"openai-chat"})
    wakes = Wake.RICH | Wake.FAULTY | Wake.TOOLS

    def applies(self, context: Context) -> bool:
        """Only of some targets it is known what they do not read."""
        return super().applies(context) and context.dialect is not None and _leaves_out(context.dialect)

    def observe(self, record: Record, context: Context) -> Hashable:
        """Return the key of the first part that the target does not read, and the turn that it is of."""
        assert context.dialect is not None
        return next(((path[-1], path[-2]) for path in _parts(value_at(record, (_MESSAGES,)), context.dialect)), None)

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding for each key, at the first record that has it in the earliest turn."""
        turns: dict[str, dict[int, int]] = {}
        for item, count in bag.counts.items():
            key, turn = cast("tuple[str, int]", item)
            turns.setdefault(key, {})[turn] = count
        for key, counts in turns.items():
            turn, count = min(counts), sum(counts.values())
            message, help_line = _words(context.consumer, key)
            yield self.finding(
                f"{message}, in {count:,} records" if count > 1 else message,
                Place((_MESSAGES, turn, key)),
                handle=bag.first((key, turn))[0],
                help=help_line,
            )

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield a finding for each dataset of which the config's tool leaves something out."""
        for one in link.train:
            dialect = dialect_of(link, one.summary) if one.summary is not None else None
            if one.summary is None or dialect is None or one.summary.format not in (self.formats or ()):
                continue
            keys = (path[-1] for value in one.summary.samples for path in _parts(value.get(_MESSAGES), dialect))
            key = next(keys, None)
            if key is not None:
                message, help_line = _words(link.config.trainer.title, str(key))
                yield self.finding(message, Place(one.ref.at), help=help_line)


def _leaves_out(dialect: Dialect) -> bool:
    return not (dialect.reasoning and dialect.calls and dialect.call_text)


def _parts(messages: Any, dialect: Dialect) -> Iterator[Path]:
    """Yield the places of the parts of answers that a dialect leaves out."""
    for index, message in enumerate(messages if isinstance(messages, list) else ()):
        if not isinstance(message, dict) or message.get("role") != "assistant":
            continue
        at: Path = (_MESSAGES, index)
        for key in _REASONING:
            said = message.get(key)
            if not dialect.reasoning and isinstance(said, str) and said.strip():
                yield (*at, key)
        if not message.get("tool_calls"):
            continue
        text = message.get("content")
        if not dialect.calls:
            yield (*at, "tool_calls")
        elif not dialect.call_text and isinstance(text, str) and text.strip():
            yield (*at, "content")


def _words(who: str, key: str) -> tuple[str, str]:
    """Return message and help for a part that somebody does not read."""
    if key == "content":
        return (
            f"{who} reads the calls of a turn and not the text beside them",
            "drop the text, or answer in a turn without calls: the model never learns what stands beside them",
        )
    if key == "tool_calls":
        return (
            f"{who} does not read {key!r}; without content it learns the text of the turn before",
            "write the calls into the content, as the model's template does",
        )
    return (
        f"{who} does not read {key!r}, so the reasoning is not learnt",
        "write it at the beginning of the content, between <think> and </think>",
    )
