"""What an example asks and answers, as texts, and what kind of task a dataset's answers make it.

Only the last trained answer of a conversation is judged; of preference data the chosen one; of unpaired preference data those
with a thumb up.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any, Final, Literal

import msgspec

from tunelint.advice.wording import MARKS
from tunelint.core.example import Example, Turn, is_trained, written

__all__ = ["Pair", "Task", "TaskKind", "form_of", "is_code", "json_of", "normal", "pair_of", "said", "task_of", "word_count"]

TaskKind = Literal["label", "short", "json", "tool", "code", "text"]
"""One of a closed set of answers, a few words, JSON, a call of a tool, code, or free text."""

_MOST: Final = 0.9
"""Share of the answers that must be JSON, or among those that recur, for the file to be of that kind."""

_CALLING: Final = 0.25
"""Share of the examples that call a tool: data that teaches calling also teaches when not to."""

_CODE: Final = 0.6
_SHORT_WORDS: Final = 6
_LABEL_WORDS: Final = 8
_MOST_LABELS: Final = 250
_ROWS_A_LABEL: Final = 6
"""A closed set has so many rows a label on average; with fewer an answer that recurs may be chance."""

_COVERED: Final = 0.95
"""Labels are counted until they cover this share of the rows: the rest are slips of the pen."""

_CHARACTERS_A_WORD: Final = 1.6
"""Characters of a word in Chinese, where the running text has about 1.6 (Sproat and Emerson, 2003) and no spaces."""

_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_WORD: Final = re.compile(rf"[\w{MARKS}]+")
_FENCE: Final = re.compile(r"```\w*\n(.*?)(?:```|\Z)", re.DOTALL)
_CODE_ENDS: Final = ("{", ";", "\\")
_CODE_BEGINS: Final = re.compile(
    r"\s*(?:def \w+\(|class \w+[(:{ ]|import [\w.]+(?: as \w+)?;?$|from [\w.]+ import |func(?:tion)? \w+|#include\b"
    r"|(?:const|let|var) \w+ ?=|(?:public|private|static) .*[({]|[\])};,]+\s*$|return\b.*[;)]?$"
    r"|sudo |find [./~]|grep -|ls -|cat \S+\.\w|awk '|sed |tar -|chmod |git \w+|docker |kubectl |curl |npm |pip "
    r"|async def \w+\(|@[\w.]+(?:\(.*\))?$|(?:if|elif|else|for|while|try|except|finally|with)\b.*:$)"
    r"|(?-i:[a-z][\w.-]*(?: \S+)*? --[a-z]"  # a command and its options
    r"|(?:Get|Set|New|Remove|Add|Start|Stop|Import|Export|Invoke|Write|Read|Test|Update|Enable|Disable|Clear|Copy|Move|Out|Select"
    r"|Where|ForEach|Format|Install|Connect|Restart|Rename|Join|Register|Wait|Convert\w*)-[A-Z]\w+(?: -|$))"
    r"|[ \t]+--[a-z]"  # an option on a line of its own
    r"|[ ]{2,}[\w.-]+:(?: |$)"  # a key of a configuration
    r"|[ \t]*(?:#!/|local \w|echo ['\"$-]|(?:then|do|done|fi|esac|else|;;)$|\w+=[$\"'(]|.*; (?:then|do)$)"  # a shell's own lines
    r"|[\w.]+\(.*\)$"  # a single call
    r"|[ \t]+(?:(?:raise|yield|assert|pass|break|continue|del)\b|[\w.\[\]'\"]+ [-+*/|&%]?= \S|[\w.]+\([^ ].*$)",
    re.IGNORECASE,
)
_PIPE: Final = re.compile(r"\|\s*(?:grep|xargs|sort|awk|sed|head|wc|uniq|cut|tee)\b", re.IGNORECASE)
_CALL: Final = re.compile(r"\s*[\[{]{1,2}\s*['\"]name['\"]\s*:.{0,200}['\"](?:arguments|parameters)['\"]\s*:", re.DOTALL)
"""A tool call as text, also where it is no sound JSON."""

_QUERY: Final = re.compile(
    r"\s*(?:SELECT\b.*\bFROM\b|WITH \w+ AS\s*\(|INSERT INTO\b|UPDATE\b.*\bSET\b|DELETE FROM\b|CREATE TABLE\b"
    r"|(?i:select\s+(?:distinct\s+)?(?:(?:count|sum|avg|min|max)\s*\(\s*)?(?:distinct\s+)?\w+\.(?:\w+|\*))"
    r"|(?i:select\s+(?:distinct\s+)?(?:[^\s,]+|\w+\s*\(.*\))(?:\s+as\s+\w+)?(?:\s*,\s*[^\s,]+(?:\s+as\s+\w+)?)*\s+from)\s)",
    re.DOTALL,
)
"""SQL: in capitals, or a list of columns where a sentence would have words."""

_QUERY_CHARACTERS: Final = 2_000
"""As much of an answer is looked at to tell whether it is a query."""


class Pair(msgspec.Struct, frozen=True, gc=False):
    """One example as texts.

    `instructions` is what the system says, `asks` the last turn before the answer (or turns, where the user has several in a
    row) and `earlier` those before, each on lines of its own. `answer` is the text of the answer, or its tool calls as JSON.
    `calls` tells whether any answer of the example calls a tool or a tool speaks in it; `answers` counts the turns that are
    learnt, and `media` tells whether the request holds images, sounds or videos.
    """

    instructions: str
    asks: str
    answer: str
    earlier: str = ""
    calls: bool = False
    answers: int = 1
    media: bool = False

    @property
    def request(self) -> str:
        """Everything that is said before the answer, but for the instructions."""
        return f"{self.earlier}\n{self.asks}" if self.earlier else self.asks


class Task(msgspec.Struct, frozen=True):
    """What the answers of a dataset have in common.

    `labels` are the answers of a closed set as they are mostly written, the commonest first, and empty for other kinds;
    `usual` counts those of them that cover 95% of the rows. `forms` are the shares of answers that are JSON, tool calls, code
    and plain text.
    """

    kind: TaskKind
    labels: tuple[str, ...] = ()
    usual: int = 0
    forms: dict[str, float] = {}


def pair_of(example: Example) -> Pair | None:
    """Return request and answer of an example; None when it has not both, as plain text and prompts to be graded have not."""
    if example.label is False:
        return None
    turns = example.turns
    if example.chosen is not None or example.rejected is not None:
        turns = [*turns, *(example.chosen or ())]
    learnt = [index for index, turn in enumerate(turns) if turn.role == "assistant" and is_trained(turn) and _says(turn)]
    if not learnt:
        return None
    last = learnt[-1]
    before = [turn for turn in turns[:last] if turn.role != "system" and _says(turn)]
    if not before:
        return None
    asks = len(before) - 1
    while asks and before[asks].role == before[asks - 1].role == "user":
        asks -= 1
    return Pair(
        instructions="\n".join(turn.text for turn in turns[:last] if turn.role == "system"),
        asks="\n".join(map(said, before[asks:])),
        answer=said(turns[last]),
        earlier="\n".join(map(said, before[:asks])),
        calls=any(turn.calls or turn.role == "tool" for turn in turns),
        answers=len(learnt),
        media=bool(example.media) or any(turn.media for turn in turns[:last]),
    )


def _says(turn: Turn) -> bool:
    return bool(turn.text.strip() or turn.calls)


def said(turn: Turn) -> str:
    """Return what a turn says: its text, then each tool call as a JSON object with `name` and `arguments`."""
    calls = [written({"name": call.name, "arguments": _arguments(call.arguments)}) for call in turn.calls]
    return "\n".join([turn.text, *calls] if turn.text.strip() else calls)


def _arguments(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def normal(text: str) -> str:
    """Return a text without what makes no difference to a label: case, white space around and between, quotes, a full stop."""
    return " ".join(text.lower().split()).strip(" .!。\"'`")


def word_count(text: str) -> float:
    """Return how many words a text has; in scripts without spaces by the usual length of a word."""
    if text.isascii():
        return len(text.split())
    unspaced = len(_UNSPACED.findall(text))
    return len(_WORD.findall(_UNSPACED.sub(" ", text))) + unspaced / _CHARACTERS_A_WORD


def json_of(answer: str) -> Any:
    """Return the object or array that an answer is, fenced or not; None when it is neither."""
    text = answer.strip()
    if text.startswith("```"):
        fenced = _FENCE.match(text)
        text = fenced[1].strip() if fenced is not None else text
    if text[:1] not in {"{", "["}:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def form_of(pair: Pair) -> Literal["tool", "json", "code", "text"]:
    """Say what an answer is written as."""
    value = json_of(pair.answer)
    if (
        pair.calls
        or _CALL.match(pair.answer)
        or (isinstance(value, dict) and "name" in value and not {"arguments", "parameters"}.isdisjoint(value))
    ):
        return "tool"
    if value is not None:
        return "json"
    return "code" if is_code(pair.answer) else "text"


def is_code(answer: str) -> bool:
    """Tell whether most of an answer is code: a query, fenced for at least half of it, or lines of which half look it."""
    fenced = sum(map(len, _FENCE.findall(answer)))
    if fenced:
        return fenced * 2 >= len(answer)
    if _QUERY.match(answer[:_QUERY_CHARACTERS]):
        return True
    lines = [line for line in answer.splitlines() if line.strip()]
    others = len(lines) // 2  # with more of them most of it is no code
    for line in lines:
        others -= not _is_code_line(line)
        if others < 0:
            return False
    return bool(lines)


def _is_code_line(line: str) -> bool:
    if line.rstrip().endswith(_CODE_ENDS) or "$(" in line or _CODE_BEGINS.match(line) is not None:
        return True
    return "|" in line and _PIPE.search(line) is not None


def task_of(pairs: Sequence[Pair]) -> Task:
    """Say what kind of task some examples are; at least one is needed."""
    forms = Counter(map(form_of, pairs))
    shares: dict[str, float] = {name: count / len(pairs) for name, count in forms.items()}
    labels, usual = _labels([pair.answer for pair in pairs])
    kind: TaskKind
    if shares.get("tool", 0) >= _CALLING:
        kind = "tool"
    elif labels:
        return Task("label", labels, usual, shares)
    elif shares.get("json", 0) >= _MOST:
        kind = "json"
    elif shares.get("code", 0) >= _CODE:
        kind = "code"
    else:
        kind = "short" if median(word_count(pair.answer) for pair in pairs) <= _SHORT_WORDS else "text"
    return Task(kind, forms=shares)


def _labels(answers: Iterable[str]) -> tuple[tuple[str, ...], int]:
    """Return the answers of a closed set, the commonest first, and how many of them are usual; nothing when it is not closed."""
    spellings: dict[str, Counter[str]] = {}
    for answer in answers:
        spellings.setdefault(normal(answer), Counter())[answer.strip()] += 1
    counts = {name: written_as.total() for name, written_as in spellings.items()}
    rows = sum(counts.values())
    order = sorted(counts, key=lambda name: (-counts[name], name))
    covered = usual = 0
    while covered < _COVERED * rows:
        covered += counts[order[usual]]
        usual += 1
    repeated = sum(count for count in counts.values() if count > 1)
    words = sorted((word_count(name), counts[name]) for name in counts)
    closed = usual <= max(2, min(_MOST_LABELS, rows / _ROWS_A_LABEL)) and repeated >= _MOST * rows
    if not closed or _weighted_median(words) > _LABEL_WORDS:
        return (), 0
    return tuple(min(spellings[name], key=lambda text: (-spellings[name][text], text)) for name in order), usual


def _weighted_median(pairs: Sequence[tuple[float, int]]) -> float:
    total = sum(count for _, count in pairs)
    seen = 0
    for value, count in pairs:
        seen += count
        if seen * 2 >= total:
            return value
    return 0.0
