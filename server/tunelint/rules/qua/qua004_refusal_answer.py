"""QUA004: see the class."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from tunelint.core.bag import Bag
from tunelint.core.block import answers, flagged
from tunelint.core.finding import Finding, Handle, Place, Related, Severity
from tunelint.core.record import Record
from tunelint.rules._places import answer_text
from tunelint.rules.base import Context, TallyRule, Wake

_TOOLS: Final = int(Wake.TOOLS)
_MIN_ANSWERS: Final = 50
"""In fewer answers a share says little."""

_MOST: Final = 0.1
"""Share of refusals from which on they are many. Of safety examples 3% made models safer (Bianchi et al.), and more of them made
the models refuse what is harmless."""

_COUNTED: Final = 0.8
"""Share of the records that must have counted answers: where more of the others use tools, refusing what no tool does is part of the task."""

_HEAD: Final = 240
"""Characters at the beginning of an answer in which a refusal shows."""

_CANNOT: Final = (
    r"(?:can(?:'t|not| not)|won't|will not|(?:am|'m)(?: just)? (?:not able|unable|not allowed|not programmed|not designed)"
    r"|do(?:n't| not) have (?:access|(?:the|any) (?:ability|capabilit|access)|(?:personal |real[- ]time )))"
)
_DO: Final = (
    r"(?:help|assist|provide|fulfil|comply|create|generate|answer|write|support|engage|participate|discuss|offer|give|do that"
    r"|condone|perform|access)"
)
_REFUSAL: Final = re.compile(
    rf"(?:i(?:'m| am)? |my |so |very |really )*(?:sorry|apologies|apologi[sz]e|unfortunately)\b[^.!?]{{0,60}}?\bi ?{_CANNOT}"
    rf"|i ?{_CANNOT} (?:\w+ )?(?:to )?{_DO}"
    rf"|as an? (?:ai|artificial intelligence|(?:large )?language model)\b[^.!?]{{0,60}}?\bi ?{_CANNOT}"
    r"|(?:我?[很非]?常?抱歉|对不起)[,，。]?(?:但|但是)?(?:我|作为)[^。！？]{0,40}(?:无法|不能|没有能力)"
    r"|作为一[个名款]?(?:人工智能|AI|语言模型)[^。！？]{0,40}(?:无法|不能|没有能力)"
    r"|(?:es )?tut mir leid,? (?:aber )?(?:das |dabei )?(?:kann ich|ich kann)[^.!?]{0,60}nicht"
    r"|(?:je suis )?désolée?,? (?:mais )?je ne (?:peux|suis)|lo siento,? (?:pero )?no puedo",
    re.IGNORECASE,
)
_FIRST: Final = frozenset("iImMsSaAuU我很非抱对作eEtTjJdDlL")
"""Characters that a refusal begins with: the cheap look that most answers do not pass."""


class RefusalAnswer(TallyRule):
    """Many answers are refusals.

    ## Why

    How often a model refuses is learnt from how often its examples do, far beyond the requests that they refuse. A tenth of
    refusals makes a model that turns down harmless requests, which users see at once and no loss shows. They are mostly left over
    from the model that wrote the data.

    Answers are counted that begin with a refusal in English, Chinese, German, French or Spanish; in preference data the chosen
    ones. From 10% of 50 answers on the rule warns. Records that use tools are left out, and files
    where a fifth of the records do: there it is right to refuse what no tool does.

    ## What to do

    Keep those refusals that are meant, and drop or answer the others. Add harmless requests that look like the refused ones, with
    proper answers.

    ## Examples

    ```jsonl good times=60
    {"messages": [{"role": "user", "content": "My dog @ died"}, {"role": "assistant", "content": "I'm sorry to hear that. Number @ must have been dear to you."}]}
    ```

    ```jsonl bad file times=60
    {"messages": [{"role": "user", "content": "Which film is number @?"}, {"role": "assistant", "content": "Number @ is a comedy."}]}
    {"messages": [{"role": "user", "content": "Book me flight @"}, {"role": "assistant", "content": "I'm sorry, but I can't book flight @ for you."}]}
    ```

    Sources: Bianchi et al., Safety-tuned LLaMAs, 2309.07875; Röttger et al., XSTest, 2308.01263; OpenAI's guide to supervised
    fine-tuning (keep the balance of refusals that you want).
    """

    code = "QUA004"
    name = "refusal-answer"
    severity = Severity.WARNING
    methods = frozenset({"sft", "preference"})

    def observe_many(self, records: Sequence[Record], context: Context) -> list[tuple[bool, Handle]]:
        """Return for each answer whether it is a refusal."""
        said = answers(records) if context.method == "sft" else [(_chosen(record), record.handle) for record in records]
        calling = flagged(records, _TOOLS)
        return [(text[0] in _FIRST and is_refusal(text), handle) for text, handle in said if text and handle not in calling]

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding where refusals are many; the first ones are its evidence."""
        answers, refusals = bag.total, bag.counts.get(True, 0)
        if answers < max(_MIN_ANSWERS, _COUNTED * context.file.records) or refusals < _MOST * answers:
            return
        yield self.finding(
            f"{refusals / answers:.0%} of the answers are refusals ({refusals:,} of {answers:,})",
            help="keep those that are meant and drop or answer the others: the model learns to refuse about as often",
            related=[Related("a refusal", handle) for handle in bag.first(True)[:3]],
            evidence={"refusals": refusals, "answers": answers},
        )

    def anchor(self, record: Record) -> Place:
        """Return the place of the answer."""
        return answer_text(record)


def is_refusal(answer: str) -> bool:
    """Tell whether an answer begins with a refusal."""
    return _REFUSAL.match(answer[:_HEAD].lstrip().replace("\u2019", "'")) is not None


def _chosen(record: Record) -> str:
    example = record.example
    return example.chosen[-1].text if example is not None and example.chosen else ""
