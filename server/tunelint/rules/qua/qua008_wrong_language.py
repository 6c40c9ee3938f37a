"""QUA008: see the class."""

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from tunelint.core.bag import Bag
from tunelint.core.errors import UserError
from tunelint.core.finding import Finding, Handle, Place, Severity
from tunelint.core.record import Record
from tunelint.rules._places import answer_text
from tunelint.rules.base import Context, TallyRule

_LEAST_LETTERS: Final = 60
"""Letters of the shortest answer that is judged. py3langid names the language of questions of that length rightly 98 times of 100."""

_LONGEST: Final = 600
_LEAST_SURE: Final = 0.95
_MIN_ANSWERS: Final = 50
_LEAST_SHARE: Final = 0.8
"""Share of the answers that must be in one language for it to be that of the file."""

_MOST: Final = 0.05
"""Share of the answers up to which another language is a slip; more of it is meant."""

_SOURCE: Final = re.compile(
    r"^\s*(?:def |class |import |from \w+ import |#include|SELECT |function |const |let |var |<[\w!/])|[;{}]\s*$", re.MULTILINE
)
"""What only source code has: its words are English whatever language the text is in."""

_NO_PROSE: Final = re.compile(r"```.*?(?:```|$)|`[^`\n]*`|https?://\S+|[\d\W_]+", re.DOTALL)


class WrongLanguage(TallyRule):
    """An answer is in another language than the rest.

    ## Why

    A few answers in another language are mostly left over from a translation that failed, or from a model that fell back into
    English. The model learns to switch at random, which no loss shows and every user sees.

    Answers are judged by py3langid, where it is sure and there are 60 letters of prose or more. Where one language has 80% of 50
    answers or more, those in a language that has no more than 5% are reported. The rule needs the extra `lang` and takes some
    fifty microseconds a record, so it is not on by itself.

    ## What to do

    Translate the answer, or drop the record. If it is meant, ask for the language in the prompt.

    ## Examples

    ```jsonl good times=60
    {"prompt": "Number @?", "completion": "Number @ is a number like any other, and whoever counts far enough will meet it on the way."}
    ```

    ```jsonl bad 61:completion times=60
    {"prompt": "Number @?", "completion": "Number @ is a number like any other, and whoever counts far enough will meet it on the way."}
    {"prompt": "Number zero?", "completion": "Die Null ist eine Zahl wie keine andere, und wer mit dem Zählen anfängt, der begegnet ihr unterwegs nicht."}
    ```

    Sources: py3langid, a fork of langid.py (Lui and Baldwin, 2012); Marchisio et al., Understanding and mitigating language
    confusion, 2406.20052.
    """

    code = "QUA008"
    name = "wrong-language"
    severity = Severity.INFORMATION
    recommended = False
    methods = frozenset({"sft"})
    limit = 200

    def observe_many(self, records: Sequence[Record], context: Context) -> list[tuple[str, Handle]]:
        """Return the language of each answer that tells one."""
        language_of = _identifier()
        found: list[tuple[str, Handle]] = []
        for record in records:
            text = (record.answer or "")[:_LONGEST]
            prose = " ".join(_NO_PROSE.sub(" ", text).split())
            if _SOURCE.search(text) is not None:
                continue
            if len(prose) >= _LEAST_LETTERS or (not prose.isascii() and len(prose) >= _LEAST_LETTERS // 3):
                language, sureness = language_of(prose)
                if sureness >= _LEAST_SURE:
                    found.append((language, record.handle))
        return found

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield a finding for each of the first answers in each rare language."""
        counts = {str(language): count for language, count in bag.counts.items()}
        total = sum(counts.values())
        if total < _MIN_ANSWERS:
            return
        usual = max(counts, key=lambda one: (counts[one], one))
        if counts[usual] < _LEAST_SHARE * total:
            return
        for language in sorted(counts):
            if language != usual and counts[language] <= _MOST * total:
                for handle, count in bag.places(language):
                    yield self.finding(
                        f"the answer is in another language ({language}) than {counts[usual] / total:.0%} of the others ({usual})",
                        handle=handle,
                        help="translate it or drop the record; if it is meant, ask for the language in the prompt",
                        evidence={"language": language, "usual": usual},
                        count=count,
                    )

    def anchor(self, record: Record) -> Place:
        """Return the place of the answer."""
        return answer_text(record)


@functools.cache
def _identifier() -> Callable[[str], tuple[str, float]]:
    """Return what names the language of a text, with how sure it is."""
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier
    except ModuleNotFoundError as problem:
        raise UserError("wrong-language needs py3langid: install tunelint with the extra lang") from problem
    classify: Callable[[str], tuple[str, float]] = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True).classify
    return classify
