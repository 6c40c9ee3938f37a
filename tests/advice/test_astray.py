"""Answers that slipped to other records are noticed, however much the records of a topic have in common."""

import random
from itertools import pairwise

import pytest

from tests.advice.examples import chat, drawn_of
from tunelint.advice.astray import astray_of
from tunelint.advice.scorecard import judge
from tunelint.advice.study import Study
from tunelint.advice.verdict import Verdict

Pairs = list[tuple[str, str]]

_TOPICS = ["printers", "mail", "backups", "users", "disks", "networks", "fonts", "logs"]
_START, _END = (
    ["bra", "klo", "fen", "tri", "wos", "gal", "mur", "pel", "sko", "dan"],
    ["dik", "lon", "ver", "mat", "sun", "pid", "rak", "tor", "nel", "bus"],
)


def _name(number: int) -> str:
    return f"{_START[number % 10]}{_END[number // 10 % 10]}{_START[number // 100 % 10]}"


def _manual(slip: int) -> Pairs:
    """Return questions about things, sorted by topic, and the answers to those `slip` rows on."""
    chance = random.Random(4)
    pairs = []
    for number in range(320):
        other = (number + slip) % 320
        topic, told = _TOPICS[number // 40], _TOPICS[other // 40]
        answer = (
            f"Open the settings of your {told}, choose {_name(other)} and set it to {chance.randint(2, 90)}. Restart what uses it,"
            f" look at the messages that it writes, and ask whoever keeps your {told} if {_name(other)} is still in the way."
        )
        pairs.append((f"How do I make {_name(number)} work with our {topic}?", answer))
    return pairs


def _study(pairs: Pairs) -> Study:
    return Study(drawn_of([chat(*pair) for pair in pairs]), len(pairs))


def _judged(pairs: Pairs) -> Verdict:
    verdict = judge(drawn_of([chat(*pair) for pair in pairs]), len(pairs))
    assert verdict is not None
    return verdict


def test_answers_in_their_places_are_not_astray() -> None:
    found = astray_of(_study(_manual(0)))
    assert len(found.pairs) > 100
    assert found.share == 1
    assert not found.others
    assert _judged(_manual(0)).verdict != "check-pairing"


@pytest.mark.parametrize("slip", [1, 3, 319])
def test_answers_that_slipped_within_their_topic_are_noticed(slip: int) -> None:
    found = astray_of(_study(_manual(slip)))
    assert found.own == 0
    verdict = _judged(_manual(slip))
    assert (verdict.verdict, verdict.strength) == ("check-pairing", "strong")
    assert verdict.clues


def test_a_conversation_that_was_cut_up_is_not_astray() -> None:
    said = [f"I think that {_name(number)} is the best of all that we saw at the fair" for number in range(321)]
    found = astray_of(_study([*pairwise(said)]))
    assert not found.others


def test_windows_of_one_conversation_are_not_astray() -> None:
    said = [f"I think that {_name(number)} is the best of all that we saw at the fair" for number in range(320)]
    rows = [chat(*said[start : start + 4]) for start in range(0, 316, 2)]
    found = astray_of(Study(drawn_of(rows), len(rows)))
    assert not found.others


def test_a_word_that_is_spelt_alike_by_chance_puts_nothing_astray() -> None:
    chance = random.Random(8)
    words = [f"{_name(number)}" for number in range(900)]
    pairs = []
    for number in range(300):
        said = chance.sample(words, 12)
        pairs.append((" ".join(said), " ".join([*(word[::-1] for word in said), words[(number * 7) % 900]])))
    assert not astray_of(_study(pairs)).others


def _tickets(*, mixed: bool) -> Pairs:
    """Return messages about things of twelve departments, and the department."""
    chance = random.Random(7)
    departments = [f"{_name(number)} desk" for number in range(12)]
    pairs = []
    for _ in range(400):
        place = chance.randrange(12)
        things = [_name(300 + 20 * place + chance.randrange(20)) for _ in range(3)]
        pairs.append((f"My {things[0]} broke while the {things[1]} and the {things[2]} were still running", departments[place]))
    if mixed:
        answers = [answer for _, answer in pairs]
        chance.shuffle(answers)
        pairs = [(request, answer) for (request, _), answer in zip(pairs, answers, strict=True)]
    return pairs


def test_labels_of_other_requests_are_noticed() -> None:
    assert _judged(_tickets(mixed=False)).verdict != "check-pairing"
    verdict = _judged(_tickets(mixed=True))
    assert (verdict.verdict, verdict.strength) == ("check-pairing", "lean")


@pytest.mark.parametrize(
    "template", ["Translate to Swedish: {}", "¿Cómo se dice «{}» en inglés?", "French: {}\nEnglish:", "把“{}”翻译成英文", "{}"]
)
def test_single_words_are_translated_where_that_is_asked_for(template: str) -> None:
    pairs = [(template.format(_name(number)), _name(number * 7 % 1000 + 1000)[::-1]) for number in range(300)]
    asked = _judged(pairs).signals[0].name == "cross-language"
    assert asked == (template != "{}")


def test_codes_of_what_is_said_in_words_are_a_table_and_spelt_numbers_are_not() -> None:
    chance = random.Random(9)
    things = [
        (f"Break of the {_name(number)} with a {_name(999 - number)}", f"{_name(number)[0].upper()}{number:03}")
        for number in range(400)
    ]
    codes = [(request, f"{code}.{chance.randint(10, 99)}") for request, code in things]
    assert _judged(codes).verdict == "knowledge-retrieval"
    digits = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    numbers = {chance.randint(100_000, 999_999) for _ in range(400)}
    spelt = [(" ".join(digits[int(sign)] for sign in str(number)), str(number)) for number in sorted(numbers)]
    assert _judged(spelt).verdict != "knowledge-retrieval"
    chinese = [("".join("零一二三四五六七八九"[int(sign)] for sign in str(number)), str(number)) for number in sorted(numbers)]
    assert _judged(chinese).verdict != "knowledge-retrieval"


def _entry(number: int) -> str:
    chance = random.Random(number)
    return f"A {_name(number)} is what " + " ".join(_name(chance.randrange(1_000)) for _ in range(30)) + " and no more than that"


@pytest.mark.parametrize(
    ("template", "expected"), [("{}", True), ("Explain the word {}", True), ("Write a poem about {}", False)]
)
def test_entries_of_a_reference_are_retrieved_and_poems_are_not(template: str, expected: bool) -> None:
    verdict = _judged([(template.format(_name(number)), _entry(number)) for number in range(300)])
    assert (verdict.signals[0].name == "entry-words") == expected
    assert not expected or verdict.verdict == "knowledge-retrieval"


def test_a_name_in_every_answer_is_a_persona_only_where_someone_is_addressed() -> None:
    told = [
        (f"What is {_name(number)}?", f"Functions of Acmela: {_name(number + 7)} and {_name(number + 9)} are all")
        for number in range(120)
    ]
    assert _judged(told).signals[0].name != "repeated-name"
    asked = [
        (f"Can you {_name(number)} for me?", f"I am Acmela and {_name(number + 7)} with {_name(number + 9)} for all")
        for number in range(120)
    ]
    assert _judged(asked).signals[0].name == "repeated-name"


def _tale() -> Pairs:
    """Return the pieces of one long text, each with the one that goes on from it."""
    chance = random.Random(9)
    pieces = []
    for number in range(320):
        names = [_name(chance.randrange(900)) for _ in range(4)]
        pieces.append(
            " ".join(f"Then {_name(number // 10)} met {name} by the well of {_name(number // 10 + 50)}." for name in names)
        )
    return [(f"The long tale: {one}", pieces[(number + 1) % 320]) for number, one in enumerate(pieces)]


def test_a_text_in_pieces_is_not_taken_for_one_that_slipped() -> None:
    assert _judged(_tale()).verdict != "check-pairing"
    assert not astray_of(_study(_tale())).others
