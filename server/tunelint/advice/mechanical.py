"""Answers that a line of code gives: arithmetic, and what can be done to letters, words and lists."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Final, NamedTuple

from tunelint.advice.study import Study
from tunelint.advice.wording import FIRST_UNSPACED, LETTER, words_in
from tunelint.text.numbers import plain

__all__ = [
    "Mechanics",
    "follows",
    "has_word",
    "is_address",
    "is_code",
    "is_computed",
    "is_key",
    "is_reasoned",
    "is_reckoned",
    "is_spelt",
    "is_symbolic",
    "is_worked",
    "mechanics_of",
]

_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}\b)")
_PART: Final = re.compile(r"(?<![\w.-])[^\W\d_][\w-]*\d[\w-]*")
"""The name of a part, such as ``SY42ST-1206A``, whose figures are no numbers."""

_WORKED: Final = re.compile(r"\d\s*[-+*/x×÷]\s*[$€£]?\d[^=\n]{0,40}=\s*[$€£]?\d")
_ITEM: Final = re.compile(r"\s*[,;\n]\s*")
_WORDS_OF_NUMBERS: Final = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_NUMBER_WORDS: Final = {word: number for number, word in enumerate(_WORDS_OF_NUMBERS.split(), start=1)}
_UNIT_WORDS: Final = 3
"""Words that may stand beside the number of an answer, all of them in the request: apples, cents, square metres."""

_LETTERED: Final = re.compile(rf"{LETTER}{{2,}}(?:['’-]{LETTER}+)*[.,;:!?)]*")
_ADDRESS: Final = re.compile(
    r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.-]+"
    r"|(?:(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) /|/[\w{}.:<>~-]+/)[\w{}.:<>~*/-]*"
)
"""A URL, a mail address, or a path of two parts or more: of one part where the method of a call stands before it."""

_CONCLUDES: Final = re.compile(
    r"(?:\banswer|\boption|\bchoice|\bantwort|\bréponse|\brespuesta|\bresposta|\brisposta|\bответ)\b[^.\n]{0,20}?(?:\bis\b|\bist\b|\best\b|\bes\b|\bé\b|\bè\b|:)"
    r"|####\s|\\boxed\{|答案[是为為：:]|答えは|정답은",
    re.IGNORECASE,
)
_END: Final = 120
_REASONED_WORDS: Final = 20
"""As much of an answer's end is looked at for a conclusion, and so many words at least go before it."""

_DOTLESS: Final = str.maketrans({"ı": "i", "ł": "l", "đ": "d", "ø": "o", "ß": "s", "æ": "a", "œ": "o"})
"""Letters that are written without their mark in plain letters, and that do not come apart into letter and mark."""

_FORMS: Final = 3
_STEM: Final = 3
_INFLECTED: Final = 0.8
"""So many words in a list are forms of a word where most of them begin with the same three letters as a word of the request."""
_AROUND: Final = " \t\n[](){}<>\"'`.,;:"
"""What stands around a word that is set apart."""

_LONGER: Final = 4
"""Texts of so many words hardly have as many as each other by chance, record for record."""

_SPELT_LEAST: Final = 3
"""Letters that must stand together: two of three do by chance."""

_RECKONED: Final = re.compile(r"[-+]?[$€£]?\d[\d.,/]*(?::\d\d)?\s?(?:[ap]\.?m\.?|%)?", re.IGNORECASE)
_YEAR: Final = re.compile(r"1[0-9]\d\d|20\d\d")
"""A number, a fraction or a time of day; and what says when rather than how much."""

_VERDICTS: Final = 3
"""So few different numbers are names of classes and no results."""

_SAME_SCRIPT: Final = 0.9
_KEPT: Final = 1 / 6
"""Shares of pairs in a script without spaces, and of characters that stay, from which characters are compared one by one."""

_CODE_CHARACTERS: Final = 30
_FAILS: Final = 0.1
_LONGEST: Final = 400
"""Requests longer than this are no input of a line of code."""


class Mechanics(NamedTuple):
    """`rule` is what gives the answers best, in words, and `share` of how many; no rule where that is less than nine in ten.

    `worked` is the share of answers that calculate. `spelt` is the share of answers at least 60% of whose letters stand together
    in their request, and `computed` the share of pairs in which the answer is a number, with or without a unit, that is none of
    the numbers of its request. `symbolic` is the share of pairs without a word on either side: formulas, codes, positions.
    `letterwise` is the share of longer pairs whose words have the same lengths one by one, and `wordwise` that of longer ones of
    as many words. `codes` is the share of answers that are one code, or one number to a request without any; `addresses` that of
    URLs, mail addresses and paths. `keys` is the share of requests that are one code, and `numbered` of those that differ in one
    number and in nothing else. `reasoned` is the share of answers that come to a conclusion after a few sentences.
    """

    rule: str
    share: float
    worked: float
    spelt: float
    computed: float
    symbolic: float
    letterwise: float
    wordwise: float
    codes: float
    addresses: float
    keys: float
    numbered: float
    reasoned: float


class _Request:
    """A request in pieces, each taken apart once."""

    def __init__(self, text: str) -> None:
        self.text = text.strip()

    @cached_property
    def words(self) -> list[str]:
        return self.text.split()

    @cached_property
    def items(self) -> list[str]:
        return [item for item in _ITEM.split(self.text) if item]

    @cached_property
    def numbers(self) -> list[float]:
        return [float(number) for number in _NUMBER.findall(self.text)]


def _of_items(choose: Callable[[list[str]], str]) -> Callable[[_Request], str]:
    return lambda request: choose(request.items) if len(request.items) > 1 else ""


def _of_words(choose: Callable[[list[str]], str]) -> Callable[[_Request], str]:
    return lambda request: choose(request.words) if request.words else ""


def _of_numbers(choose: Callable[[list[float]], float]) -> Callable[[_Request], str]:
    return lambda request: plain(choose(request.numbers)).replace(",", "") if len(request.numbers) == 2 else ""


_RULES: Final[dict[str, Callable[[_Request], str]]] = {
    "the request itself": lambda request: request.text,
    "the request in capitals": lambda request: request.text.upper(),
    "the request in small letters": lambda request: request.text.lower(),
    "the request with a capital first letter": lambda request: request.text[:1].upper() + request.text[1:],
    "the request with a small first letter": lambda request: request.text[:1].lower() + request.text[1:],
    "the request as a title": lambda request: request.text.title(),
    "the request backwards": lambda request: request.text[::-1],
    "the words backwards": lambda request: " ".join(reversed(request.words)),
    "the words in order of the alphabet": lambda request: " ".join(sorted(request.words)),
    "the letters one by one": lambda request: " ".join(request.text.replace(" ", "")),
    "the first letter": lambda request: request.text[:1],
    "the second letter": lambda request: request.text[1:2],
    "the last letter": lambda request: request.text[-1:],
    "the first letter as a capital": lambda request: request.text[:1].upper(),
    "the second letter as a capital": lambda request: request.text[1:2].upper(),
    "the last letter as a capital": lambda request: request.text[-1:].upper(),
    "the first letter as a small one": lambda request: request.text[:1].lower(),
    "the second letter as a small one": lambda request: request.text[1:2].lower(),
    "the last letter as a small one": lambda request: request.text[-1:].lower(),
    "how many letters there are": lambda request: str(len(request.text)),
    "how many words there are": lambda request: str(len(request.words)),
    "the first word": _of_words(lambda words: words[0]),
    "the last word": _of_words(lambda words: words[-1]),
    "the first item": _of_items(lambda items: items[0]),
    "the last item": _of_items(lambda items: items[-1]),
    "the middle item": _of_items(lambda items: items[len(items) // 2]),
    "the first item in order of the alphabet": _of_items(min),
    "the last item in order of the alphabet": _of_items(max),
    "how many items there are": _of_items(lambda items: str(len(items))),
    "the sum of the numbers": _of_numbers(sum),
    "the difference of the numbers": _of_numbers(lambda numbers: numbers[0] - numbers[1]),
    "the product of the numbers": _of_numbers(lambda numbers: numbers[0] * numbers[1]),
    "the larger number": _of_numbers(max),
    "the smaller number": _of_numbers(min),
}


def mechanics_of(study: Study) -> Mechanics:
    """Measure how many answers a line of code gives."""
    pairs = [(study.cores[index], study.answers[index]) for index in study.asked]
    rule, share = _best_rule(pairs)
    count = max(1, len(pairs))
    return Mechanics(
        rule=rule,
        share=share,
        worked=sum(is_worked(answer) for _, answer in pairs) / count,
        spelt=sum(is_spelt(request, answer) for request, answer in pairs) / count,
        computed=_computed(study) / count,
        symbolic=sum(is_symbolic(request, answer) for request, answer in pairs) / count,
        letterwise=_letterwise(pairs),
        wordwise=_wordwise(pairs),
        addresses=sum(is_address(answer) for _, answer in pairs) / count,
        keys=sum(is_key(request) for request, _ in pairs) / count,
        numbered=_numbered([request for request, _ in pairs]),
        reasoned=sum(is_reasoned(answer) for _, answer in pairs) / count,
        codes=sum(is_code(request, answer) for request, answer in pairs) / count,
    )


def _computed(study: Study) -> int:
    """Return how many answers are computed: none where there are hardly any different ones, such as 0 and 1 for no and yes."""
    asked = study.asked
    answers = [study.answer_cores[index] for index in asked]
    if len(set(answers)) <= _VERDICTS:
        return 0
    return sum(is_computed(study.cores[index], answer) for index, answer in zip(asked, answers, strict=True))


def _best_rule(pairs: Sequence[tuple[str, str]]) -> tuple[str, float]:
    """Return the rule that gives most answers, and their share; one that fails for more than `_FAILS` of the pairs gives none."""
    requests = [_Request(request[:_LONGEST]) for request, _ in pairs]
    answers = [_bare(answer) for _, answer in pairs]
    best, most = "", 0
    for name, rule in _RULES.items():
        left = int(_FAILS * len(pairs))
        right = 0
        for request, answer in zip(requests, answers, strict=True):
            if _bare(rule(request)) == answer != "":
                right += 1
            elif left:
                left -= 1
            else:
                right = 0
                break
        if right > most:
            best, most = name, right
    return best, most / max(1, len(pairs))


def _bare(text: str) -> str:
    """Return an answer without white space around it; case counts, for it may be what the task is about."""
    return " ".join(text.split())


def _numbered(requests: Sequence[str]) -> float:
    """Return the share of requests that have one number, and around it what most of them have."""
    around = Counter(shape for request in requests if (shape := re.sub(r"\d+", "#", request)).count("#") == 1)
    return max(around.values(), default=0) / max(1, len(requests))


def _plain(text: str) -> str:
    """Return a text in small letters without their marks."""
    folded = unicodedata.normalize("NFKD", text.lower()).translate(_DOTLESS)
    return folded if folded.isascii() else "".join(sign for sign in folded if not unicodedata.combining(sign))


def is_spelt(request: str, answer: str) -> bool:
    """Tell whether most of a short answer's letters stand together in the request, or all of them in another order.

    Letters count as the same with and without marks; a list is spelt where its words are forms of a word of the request.
    """
    mine, theirs = _plain(answer.strip(_AROUND)), _plain(request[:_LONGEST])
    if _is_inflected(theirs, mine):
        return True
    if not 2 < len(mine) <= 60:
        return False
    if sorted(mine.replace(" ", "")) == sorted(theirs.replace(" ", "").strip()):
        return True
    size = max(_SPELT_LEAST, -(-len(mine) * 3 // 5))
    if " " not in mine and len(theirs) <= 2 * len(mine) and _shared_ends(theirs.strip(), mine) >= size:
        return True
    return any(mine[at : at + size] in theirs for at in range(len(mine) - size + 1))


def _shared_ends(one: str, other: str) -> int:
    """Return how many letters two words have in common at the beginning and at the end: a slip is in the middle."""
    shorter = min(len(one), len(other))
    begin = next((place for place in range(shorter) if one[place] != other[place]), shorter)
    return begin + next((place for place in range(shorter - begin) if one[-1 - place] != other[-1 - place]), shorter - begin)


def _is_inflected(request: str, answer: str) -> bool:
    """Tell whether a list of words begins, item for item, with the letters that a word of the request begins with."""
    items = [item for item in _ITEM.split(answer[:_LONGEST]) if item]
    if len(items) < _FORMS:
        return False
    stems = {word[:_STEM] for word in re.findall(r"[^\W\d_]{3,}", request)}
    return sum(any(word[:_STEM] in stems for word in item.split()) for item in items) >= _INFLECTED * len(items)


def is_computed(request: str, answer: str) -> bool:
    """Tell whether an answer is a number that its request does not hold, which has several, or one and the answer's unit."""
    numbers = _NUMBER.findall(_THOUSANDS.sub("", answer[:_LONGEST]))
    if len(numbers) != 1:
        return False
    asked = _PART.sub(" ", request[:_LONGEST])
    unit = words_in(_NUMBER.sub(" ", _THOUSANDS.sub("", answer)))
    if len(unit) > _UNIT_WORDS or not unit <= words_in(asked):
        return False
    given = [float(number) for number in _NUMBER.findall(asked)]
    given += [_NUMBER_WORDS[word] for word in re.findall(r"[a-z]+", asked.lower()) if word in _NUMBER_WORDS]
    return len(given) > (not unit) and float(numbers[0]) not in given


def is_reckoned(request: str, answer: str) -> bool:
    """Tell whether an answer is a number or a time of day, and its request has a number; years are none."""
    if _RECKONED.fullmatch(answer.strip()) is None or _YEAR.fullmatch(answer.strip()) is not None:
        return False
    words = frozenset(re.findall(r"[a-z]+", request.lower()))
    given = [number for number in _NUMBER.findall(_PART.sub(" ", request[:_LONGEST])) if _YEAR.fullmatch(number) is None]
    return bool(given or not words.isdisjoint(_NUMBER_WORDS))


def is_worked(answer: str) -> bool:
    """Tell whether an answer calculates."""
    return _WORKED.search(answer) is not None


def is_reasoned(answer: str) -> bool:
    """Tell whether an answer comes to a conclusion after a few sentences."""
    return len(answer.split()) >= _REASONED_WORDS and _CONCLUDES.search(answer[-_END:]) is not None


def is_address(answer: str) -> bool:
    """Tell whether an answer is a URL, a mail address or a path."""
    return _ADDRESS.fullmatch(answer.strip()) is not None


def is_symbolic(request: str, answer: str) -> bool:
    """Tell whether neither request nor answer has a word."""
    return not (has_word(request) or has_word(answer))


def follows(rule: str, request: str, answer: str) -> bool:
    """Tell whether an answer is what a rule makes of a request."""
    return _bare(_RULES[rule](_Request(request[:_LONGEST]))) == _bare(answer)


def _letterwise(pairs: Sequence[tuple[str, str]]) -> float:
    """Return the share of pairs, among those of three words or more, whose words have the same lengths one by one.

    In a script without spaces each character is a word, and one in six stays as it is, as between two ways to write a language.
    """
    unspaced = sum(all(sign >= FIRST_UNSPACED for sign in request + answer) for request, answer in pairs)
    if unspaced >= _SAME_SCRIPT * len(pairs):
        return _character_by_character(pairs)
    shapes = [([*map(len, request.split())], [*map(len, answer.split())]) for request, answer in pairs]
    longer = [one == other for one, other in shapes if len(other) > 2]
    return sum(longer) / len(longer) if 2 * len(longer) > len(pairs) else 0.0


def _wordwise(pairs: Sequence[tuple[str, str]]) -> float:
    """Return the share of pairs, among those of four words or more, that have as many words on both sides.

    A few words more on one side count for nothing where they are as many everywhere: the marks of a template.
    """
    counts = [(len(request.split()), len(answer.split())) for request, answer in pairs]
    more = Counter(one - other for one, other in counts if min(one, other) >= _LONGER)
    most, times = min(more.items(), key=lambda item: (-item[1], item[0]), default=(0, 0))
    return times / more.total() if 2 * more.total() > len(pairs) and abs(most) < _LONGER else 0.0


def _character_by_character(pairs: Sequence[tuple[str, str]]) -> float:
    """Return the share of pairs of the same number of characters, none where too few of these stay as they are."""
    same = [(request, answer) for request, answer in pairs if len(request) == len(answer)]
    kept = sum(one == other for request, answer in same for one, other in zip(request, answer, strict=True))
    characters = sum(len(request) for request, _ in same)
    return len(same) / max(1, len(pairs)) if kept >= _KEPT * characters else 0.0


def has_word(text: str) -> bool:
    """Tell whether a text has a word: letters that are not all capitals, or a character of a script without spaces."""
    pieces = text[:_LONGEST].split()
    return any(piece[0] >= FIRST_UNSPACED or (_LETTERED.fullmatch(piece) and not piece.isupper()) for piece in pieces)


def is_key(request: str) -> bool:
    """Tell whether a request is one piece in capitals, or with digits among its letters."""
    text = request.strip(_AROUND + "?#")
    if not 1 < len(text) <= _CODE_CHARACTERS or not text.isalnum():
        return False
    mixed = any(map(str.isdigit, text)) and any(map(str.isalpha, text))
    return mixed or text.isupper()


def is_code(request: str, answer: str) -> bool:
    """Tell whether an answer is one piece of digits and letters, or figures alone, *030 - 039*, to a request without any."""
    text = answer.strip()
    if not 0 < len(text) <= _CODE_CHARACTERS or not any(letter.isdigit() for letter in text):
        return False
    if any(letter.isalpha() for letter in text):
        return " " not in text
    return _NUMBER.search(request) is None
