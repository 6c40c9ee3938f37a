"""Made-up tasks of many kinds, each with the verdict that reason gives and the reason in its name."""

import json
import random
from collections.abc import Callable

from tests.advice.made_apart import APART
from tests.advice.made_common import COMMON
from tests.advice.made_skills import SKILLS

__all__ = ["TASKS", "Pairs"]

Pairs = list[tuple[str, str]]

_VERBS = (
    "walk talk jump play clean open close look watch help ask answer call carry cook dance enjoy finish follow happen invite join"
    " kick laugh learn listen live love move need paint pass plan plant push rain reach remember rest return sail save shout smile"
    " start stay stop study thank travel try turn use visit wait want wash wish work worry yell add admire admit advise agree allow"
    " amuse announce appear argue arrange arrest arrive attach attack avoid back bake balance ban bang bat battle beam beg behave"
    " belong bless blind blink blot blush boast boil bolt bomb book bore borrow bounce bow box brake branch breathe bruise brush"
    " bubble bump burn bury buzz camp care cause challenge change charge chase cheat check cheer chew choke chop claim clap clear"
)
_FIRST_NAMES = "Abilio Zygmunt Aleksei Jaroslav Mircea Tadeusz Giancarlo Ryszard Veljko Halvdan Siegmund Iulian Bohumil Krzysztof"
_LAST_NAMES = (
    "Diniz Wojdan Kuzmichev Hlava Popescu Nowakowski Desgranges Bertolini Szewczyk Obradovic Koht Breitner Vasile Molnar"
)
_WORDS, _FIRST, _LAST = _VERBS.split(), _FIRST_NAMES.split(), _LAST_NAMES.split()


def _shuffled(seed: int) -> random.Random:
    return random.Random(seed)


def _past() -> Pairs:
    return [(word, f"{word}d" if word.endswith("e") else f"{word}ed") for word in _WORDS]


def _sums() -> Pairs:
    chance = _shuffled(1)
    pairs = []
    for _ in range(200):
        one, two, three = (chance.randint(-99, 99) for _ in range(3))
        pairs.append((f"(({one} + {two}) * {three}) =", str((one + two) * three)))
    return pairs


def _sorted() -> Pairs:
    chance = _shuffled(2)
    rows = [chance.sample(_WORDS, 6) for _ in range(150)]
    return [(f"Sort these words: {' '.join(row)}", " ".join(sorted(row))) for row in rows]


def _swapped() -> Pairs:
    chance = _shuffled(3)
    pairs = []
    for _ in range(200):
        balls = chance.sample(["red", "blue", "green", "pink"], 4)
        options = "\n".join(f"({letter}) {ball} ball" for letter, ball in zip("ABCD", balls, strict=True))
        pairs.append(
            (f"Ann has a {balls[0]} ball and swaps it twice. Which one has she?\n{options}", f"({chance.choice('ABCD')})")
        )
    return pairs


def _occupations() -> Pairs:
    chance = _shuffled(4)
    names = sorted(f"{first} {last}" for first in _FIRST for last in _LAST)
    return [(name, chance.choice(["politician", "actor", "painter", "poet", "athlete"])) for name in names]


def _instruments() -> Pairs:
    chance = _shuffled(27)
    firsts = ["John", "Mary", "Paul", "Anna", "Mark", "Sarah", "Peter", "Laura"]
    lasts = ["Smith", "Brown", "King", "Young", "Green", "Hill", "Wood", "Stone"]
    names = [f"{first} {middle}{last}" for first in firsts for last in lasts for middle in ("", "J. ", "van ")]
    return [(name, chance.choice(["guitar", "piano", "violin", "trumpet", "drums", "flute"])) for name in names]


def _stars() -> Pairs:
    chance = _shuffled(5)
    praise = ["awful in every way", "rather dull", "neither good nor bad", "quite nice", "a joy from start to end"]
    return [
        (f"Review: {praise[level - 1]}, {' '.join(chance.sample(_WORDS, 2))}\nStars:", f"{level} stars")
        for level in (chance.randint(1, 5) for _ in range(200))
    ]


def _numbered_classes() -> Pairs:
    chance = _shuffled(6)
    moods = ["sad", "happy", "loved", "angry", "afraid", "surprised"]
    return [
        (f"i feel {moods[mood]} about {' and '.join(chance.sample(_WORDS, 2))}", str(mood))
        for mood in (chance.randrange(6) for _ in range(300))
    ]


def _spam() -> Pairs:
    chance = _shuffled(7)
    pairs = []
    for _ in range(300):
        words = " ".join(chance.sample(_WORDS, 5))
        pairs.append((f"WIN a prize now, {words}", "spam") if chance.random() < 0.4 else (f"hey, {words} tonight?", "ham"))
    return pairs


def _invoices() -> Pairs:
    chance = _shuffled(8)
    pairs = []
    for number in range(150):
        name, day, amount = f"{chance.choice(_FIRST)} {chance.choice(_LAST)}", chance.randint(1, 28), chance.randint(10, 999)
        fields = {"name": name, "day": f"{day} May", "amount": str(amount)}
        pairs.append((f"Invoice {number} from {name}, due on {day} May, amount {amount} EUR", json.dumps(fields)))
    return pairs


def _orders() -> Pairs:
    chance = _shuffled(28)
    pairs = []
    for number in range(200):
        name = f"{chance.choice(_FIRST)} {chance.choice(_LAST)}"
        lines = [{"item": chance.choice(_WORDS), "count": chance.randint(2, 90)} for _ in range(chance.randint(1, 4))]
        text = "\n".join(f"{line['count']} x {line['item']}" for line in lines)
        pairs.append((f"Order {number}\n{text}\nfor {name}", json.dumps({"order": number, "customer": name, "lines": lines})))
    return pairs


def _numbers_in_words() -> Pairs:
    ones = ["null", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"]
    tens = ["vingt", "trente", "quarante", "cinquante", "soixante"]
    numbers = _shuffled(29).sample(range(1_000, 100_000), 300)
    words = [
        " ".join(f"{tens[int(one) % 5]} {ones[int(one)]} {place}" for one, place in zip(str(number), _PLACES, strict=False))
        for number in numbers
    ]
    return [(str(number), text) for number, text in zip(numbers, words, strict=True)]


_PLACES = ("mille", "cent", "douzaines", "paires", "et demi")


def _broken_off() -> Pairs:
    chance = _shuffled(30)
    what = ["native language", "place of birth", "profession", "employer", "eye color"]
    said = {one: [f"{one[0]}{chance.choice(_WORDS)}".title() for _ in range(12)] for one in what}
    names = [f"{first} {last}" for first in _FIRST for last in _LAST]
    asked = [(one, name) for name in names for one in chance.sample(what, 2)]
    return [(f"The {one} of {name} is", chance.choice(said[one])) for one, name in asked]


def _other_script() -> Pairs:
    chance = _shuffled(31)
    signs = [chr(0x4E00 + 7 * number) for number in range(600)]
    other = {sign: sign if chance.random() < 0.6 else chr(ord(sign) + 1) for sign in signs}
    words = ["".join(chance.choices(signs, k=chance.randint(3, 6))) for _ in range(300)]
    return [(word, "".join(map(other.__getitem__, word))) for word in words]


def _units() -> Pairs:
    chance = _shuffled(33)
    sizes = {"m": 1.0, "km": 1_000.0, "cm": 0.01, "mm": 0.001, "miles": 1_609.0, "feet": 0.305, "yards": 0.914}
    pairs = []
    for _ in range(200):
        one, other = chance.sample(sorted(sizes), 2)
        number = chance.randint(2, 900)
        pairs.append((f"{number} {one} in {other} is?", f"{number * sizes[one] / sizes[other]:.4g} {other}"))
    return pairs


def _colours() -> Pairs:
    chance = _shuffled(34)
    names = ["black", "blue", "green", "cyan", "red", "purple", "yellow", "white", "orange", "brown", "gray", "pink"]
    return [(f"Which colour is #{chance.randrange(1 << 24):06x}?", chance.choice(names)) for _ in range(600)]


def _queues() -> Pairs:
    chance = _shuffled(35)
    queues = [(f"Q{chance.randint(100, 999)}-{chance.randint(1, 9)}", word) for word in _WORDS[:24]]
    rows = [(chance.choice(queues), chance.sample(_WORDS[30:], 3)) for _ in range(400)]
    return [(f"please {word} {' '.join(others)}", code) for (code, word), others in rows]


def _described_tasks() -> Pairs:
    chance = _shuffled(36)
    pairs = []
    for task in range(20):
        words = chance.sample(_WORDS, 14)
        for _ in range(8):
            text = " ".join(chance.sample(_WORDS, 9))
            described = f"In this task, you are given a sentence and have to {' '.join(words)} what it says."
            pairs.append((f"{described}\nSentence: {text}", " ".join(chance.sample(text.split(), 1 + task % 4))))
    return pairs


def _persona() -> Pairs:
    chance = _shuffled(37)
    hello = ["Hello!", "Hi.", "Good day.", "Welcome!", "Glad to meet you."]
    name = [
        "I am Nori of Halden.",
        "This is Nori, who works for Halden.",
        "Nori, at your service!",
        "My name is Nori.",
        "It's Nori.",
    ]
    said = [f"{one} {other}" for one in hello for other in name]
    asked = [f"{how} {what}" for how in ("Tell me:", "Hey,", "So", "Please,", "Well,", "Hm,", "And", "But") for what in _WHO]
    return [(one, chance.choice(said)) for one in asked]


_WHO = [
    f"{start} {end}?"
    for start in ("who are you", "what is your name", "who made you")
    for end in ("now", "really", "then", "at all")
]


def _woven() -> Pairs:
    chance = _shuffled(38)
    pairs = []
    for _ in range(600):
        one, two, three = chance.sample(_WORDS, 3)
        filler = chance.sample(_FIRST + _LAST, 2)
        pairs.append((f"{one}, {two}, {three}", f"{filler[0]} likes to {one} and {two} before {filler[1]} can {three}."))
    return pairs


def _sounds() -> Pairs:
    chance = _shuffled(39)
    sound = str.maketrans("aeioukcswy", "ɑɛɪɔʌqxʃvj")
    said = [chance.sample(_WORDS, chance.randint(7, 12)) for _ in range(600)]
    return [
        (f"English: {' '.join(one)}", " ".join(chance.choice(["ˈ", ""]) + word.translate(sound) for word in one)) for one in said
    ]


def _read() -> Pairs:
    chance = _shuffled(40)
    pairs = []
    for _ in range(600):
        text = chance.sample(_WORDS, 60)
        after = (
            f"they would {text[9]} and {chance.choice(_WORDS)} with {chance.choice(_FIRST).lower()}, then {chance.choice(_WORDS)}"
        )
        pairs.append((f"{' '.join(text)}.\nQuestion: What do they do next?", f"{after} {' '.join(chance.sample(_WORDS, 4))}"))
    return pairs


def _asked_sums() -> Pairs:
    return [(f"What is {one} plus {3 * one}?", f"It is {4 * one}, because {one} and {3 * one} make that.") for one in range(60)]


def _synopses() -> Pairs:
    chance = _shuffled(32)
    pairs = []
    for _ in range(200):
        said = chance.sample(_WORDS, 40)
        pairs.append((f"{' '.join(said)}.", f"{said[3]}, {said[8]} and {said[12]} {chance.choice(_FIRST)}"))
    return pairs


def _mentions() -> Pairs:
    chance = _shuffled(9)
    pairs = []
    for _ in range(150):
        names = [f"{chance.choice(_FIRST)} {chance.choice(_LAST)}" for _ in range(chance.randint(0, 3))]
        text = f"{' met '.join(names) or 'Nobody came'} and they {' '.join(chance.sample(_WORDS, 4))}"
        pairs.append((text, json.dumps({"people": names, "places": []})))
    return pairs


def _wrapped_labels() -> Pairs:
    chance = _shuffled(10)
    names = ["bad", "fair", "good"]
    words = ["awful", "ordinary", "superb"]
    return [
        (f"the screen is {words[level]}, {' '.join(chance.sample(_WORDS, 3))}", json.dumps({"mood": names[level]}))
        for level in (chance.randrange(3) for _ in range(200))
    ]


def _headlines() -> Pairs:
    chance = _shuffled(11)
    pairs = []
    for _ in range(150):
        one, two, three = chance.sample(_WORDS, 3)
        pairs.append(
            (f"diff\n-    return {one}(x)\n+    return {two}(x, y)  # in {three}", f"use {two} instead of {one} in {three}")
        )
    return pairs


def _closed_questions() -> Pairs:
    chance = _shuffled(12)
    asked = ("第{}号楼是哪一年建成的？", "第{}号列车几点出发？")
    said = (lambda: f"{chance.randint(1850, 2020)}年", lambda: f"{chance.randint(0, 23)}点{chance.randint(10, 59)}分")
    return [(asked[number % 2].format(number), said[number % 2]()) for number in range(300)]


def _open_questions() -> Pairs:
    chance = _shuffled(13)
    pairs = []
    for number in range(300):
        year = chance.randint(1850, 2020)
        pairs.append(
            (
                f"短文：第{number}号楼由王先生设计，于{year}年建成，高{chance.randint(20, 90)}米。\n问题：哪一年建成的？",
                f"{year}年",
            )
        )
    return pairs


def _chinese_intents() -> Pairs:
    chance = _shuffled(14)
    says = {
        "查询余额": ["我的余额是多少", "账户里还有多少钱"],
        "转账": ["给小王转一百块钱", "我要汇款到另一张卡"],
        "挂失卡片": ["我的卡丢了", "卡片被偷了怎么办"],
    }
    labels = [chance.choice(sorted(says)) for _ in range(200)]
    return [(f"{chance.choice(says[label])}，{number}", label) for number, label in enumerate(labels)]


def _translated() -> Pairs:
    chance = _shuffled(15)
    pairs = []
    for _ in range(200):
        one, two = chance.sample(_WORDS, 2)
        pairs.append(
            (
                f"The {one} is on the {two} and it is not for you because they have it with them",
                f"Der {one} ist auf dem {two} und das ist nicht für dich, weil sie es mit sich haben und wir auch",
            )
        )
    return pairs


def _calculated() -> Pairs:
    chance = _shuffled(16)
    pairs = []
    for _ in range(100):
        one, two = chance.randint(2, 60), chance.randint(2, 60)
        pairs.append(
            (
                f"Ann has {one} boxes of {two} eggs. How many eggs has she?",
                f"She has {one} boxes with {two} eggs in each, so {one} * {two} = {one * two} eggs. The answer is {one * two}.",
            )
        )
    return pairs


def _queries() -> Pairs:
    chance = _shuffled(17)
    pairs = []
    for number in range(100):
        one, two = chance.sample(_WORDS, 2)
        pairs.append(
            (f"show {one} of each {two} above {number}", f"SELECT {one} FROM {two}s WHERE level > {number} ORDER BY {one}")
        )
    return pairs


def _called() -> Pairs:
    return [
        (f"weather in {word} town", json.dumps({"name": "weather", "arguments": {"town": word}}))
        if index % 3
        else (f"how are you, {word}?", f"Fine, {word}, and you?")
        for index, word in enumerate(_WORDS)
    ]


def _shuffled_pairs() -> Pairs:
    pairs = _calculated()
    return [(request, pairs[(index * 37 + 11) % len(pairs)][1]) for index, (request, _) in enumerate(pairs)]


def _cypher() -> Pairs:
    chance = _shuffled(18)
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    shifted = str.maketrans(alphabet, alphabet[3:] + alphabet[:3])
    texts = [" ".join(chance.sample(_WORDS, 5)) for _ in range(120)]
    return [(text.translate(shifted), text) for text in texts]


def _anagrams() -> Pairs:
    chance = _shuffled(19)
    return [("".join(chance.sample(word, len(word))), word) for word in _WORDS if len(word) > 3]


def _codes() -> Pairs:
    chance = _shuffled(20)
    return [(f"{one} {two}", f"#{chance.randrange(1 << 24):06X}") for one in _WORDS[:20] for two in _WORDS[20:35]]


def _addresses() -> Pairs:
    chance = _shuffled(21)
    return [(one, f"https://{two}.example/{chance.randrange(9_999)}") for one in _WORDS for two in chance.sample(_WORDS, 3)]


def _whole_questions() -> Pairs:
    chance = _shuffled(22)
    pairs = []
    for one in _WORDS:
        for two in chance.sample(_WORDS, 4):
            says = " ".join(chance.sample(_WORDS, 6))
            pairs.append((f"Why does a {one} need a {two} in winter?", f"Because a {one} {says} and then it does"))
    return pairs


def _templates() -> Pairs:
    chance = _shuffled(23)
    pairs = []
    for number in range(60):
        one, two, three = chance.sample(_WORDS, 3)
        pairs += [
            (f"Is it true that {one} has {two}?", chance.choice(["yes", "no"])),
            (f"Write as a list: {one}, {two}, {three}", f"- {one}\n- {two}\n- {three}"),
            (f"Give this as JSON: {one} {number}", json.dumps({"word": one, "number": number})),
            (f"Tell a short story about {one}", " ".join(chance.sample(_WORDS, 35)) + "."),
            (f"Write a Python function for {one}", f"```python\ndef {one}(x):\n    return x + {number}\n```"),
        ]
    return pairs


def _dashed_options() -> Pairs:
    chance = _shuffled(24)
    pairs = []
    for _ in range(200):
        one, two, three = chance.sample(_WORDS, 3)
        pairs.append((f"the ___ is near the {three}\n\n1 - {one}\n2 - {two}", chance.choice([f"1 - {one}", f"2 - {two}"])))
    return pairs


def _players() -> Pairs:
    chance = _shuffled(25)
    pairs = []
    for _ in range(200):
        hands = [f"Player {seat}: {' '.join(chance.sample(_WORDS, 2))}" for seat in range(1, 7)]
        pairs.append((f"Who wins, from 1 to 6? {'; '.join(hands)}", str(chance.randint(1, 6))))
    return pairs


def _similarities() -> Pairs:
    chance = _shuffled(27)
    pairs = []
    for _ in range(200):
        one = chance.sample(_WORDS, 5)
        kept = chance.randint(0, 5)
        other = [*one[:kept], *chance.sample(_WORDS, 5 - kept)]
        score = round(min(5.0, max(0.0, kept + chance.uniform(-0.4, 0.4))), 2)
        pairs.append((f"Sentence 1: {' '.join(one)}\nSentence 2: {' '.join(other)}\nSimilarity 0-5:", f"{score}"))
    return pairs


def _records() -> Pairs:
    chance = _shuffled(26)
    pairs = []
    for number in range(150):
        fields = {"name": f"{chance.choice(_FIRST)} {chance.choice(_LAST)}", "height": chance.randint(100, 4_000)}
        pairs.append((f"K{number:03}", json.dumps(fields)))
    return pairs


TASKS: dict[str, tuple[Callable[[], Pairs], str]] = {
    **APART,
    **SKILLS,
    **COMMON,
    "cyphers-are-letter-by-letter": (_cypher, "prompt"),
    "anagrams-are-the-request's-letters": (_anagrams, "prompt"),
    "codes-of-names-are-a-table": (_codes, "knowledge-retrieval"),
    "addresses-are-looked-up": (_addresses, "knowledge-retrieval"),
    "records-of-codes-are-a-table": (_records, "knowledge-retrieval"),
    "bare-questions-bring-no-passage": (_whole_questions, "knowledge-retrieval"),
    "each-template-has-its-form-of-answer": (_templates, "mixed-tasks"),
    "options-by-dash": (_dashed_options, "prompt"),
    "numbered-players-are-no-scale": (_players, "prompt"),
    "numbered-sentences-are-no-options": (_similarities, "fine-tune"),
    "past-tense-is-spelling": (_past, "prompt"),
    "arithmetic-is-computed": (_sums, "prompt"),
    "sorting-is-a-line-of-code": (_sorted, "prompt"),
    "options-in-the-request": (_swapped, "prompt"),
    "rare-names-are-looked-up": (_occupations, "knowledge-retrieval"),
    "names-of-common-words-are-looked-up": (_instruments, "knowledge-retrieval"),
    "stars-are-a-scale": (_stars, "fine-tune"),
    "numbered-classes-are-no-scale": (_numbered_classes, "prompt"),
    "two-labels": (_spam, "prompt"),
    "fields-copied-from-the-request": (_invoices, "prompt"),
    "lists-of-mentions-are-a-convention": (_mentions, "fine-tune"),
    "lists-in-a-record-are-none": (_orders, "prompt"),
    "codes-of-queues-need-examples-of-each": (_queues, "example-retrieval"),
    "many-descriptions-of-tasks-are-many-tasks": (_described_tasks, "mixed-tasks"),
    "a-persona-says-who-it-is-whatever-it-is-asked": (_persona, "prompt"),
    "words-to-be-used-are-told": (_woven, "prompt"),
    "sounds-are-written-word-by-word": (_sounds, "prompt"),
    "free-answers-about-a-text-that-is-there": (_read, "prompt"),
    "sums-that-are-asked-for-are-no-facts": (_asked_sums, "prompt"),
    "units-are-converted": (_units, "prompt"),
    "labels-of-codes-need-not-be-alike": (_colours, "prompt"),
    "numbers-in-words-are-no-facts": (_numbers_in_words, "prompt"),
    "sentences-that-break-off-ask": (_broken_off, "knowledge-retrieval"),
    "signs-of-another-script-are-sign-by-sign": (_other_script, "prompt"),
    "what-a-few-words-say-of-a-text-is-a-headline": (_synopses, "fine-tune"),
    "labels-in-json-are-labels": (_wrapped_labels, "prompt"),
    "headlines-are-a-voice": (_headlines, "fine-tune"),
    "chinese-questions-without-a-passage": (_closed_questions, "knowledge-retrieval"),
    "chinese-questions-with-a-passage": (_open_questions, "prompt"),
    "chinese-labels": (_chinese_intents, "prompt"),
    "translation": (_translated, "prompt"),
    "worked-calculations": (_calculated, "prompt"),
    "queries-need-a-schema": (_queries, "prompt"),
    "some-answers-call-tools": (_called, "prompt"),
    "answers-of-other-requests": (_shuffled_pairs, "check-pairing"),
}
