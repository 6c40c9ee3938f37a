"""Made-up tasks that ask something and whose answers no source holds: common sense, what is invented, what is to be written."""

import random
import re
from collections.abc import Callable

__all__ = ["COMMON"]

Pairs = list[tuple[str, str]]


def _words(text: str) -> list[str]:
    return text.split()


_PLACES = _words(
    "kitchen garden school office river market library theater hospital church beach forest airport bank hotel museum station"
    " bridge farm bakery attic basement closet drawer fridge cellar garage street park pool stadium restaurant harbor island"
    " mountain valley desert lake village city town castle palace temple tower wall roof window door table chair bed desk shelf"
)
_THINGS = _words(
    "book bread boat horse ladder pencil blanket hammer guitar candle basket mirror ticket bottle carpet engine feather hat jacket"
    " kettle lamp medal needle orange pillow quilt rope saddle towel umbrella violin wagon apple ball coin doll egg flag glove"
)
_DOINGS = _words("sing laugh sleep wait dance argue whisper cook read paint climb swim write rest march shout")
_SYLLABLES = _words("ba ke li mo nu ra se ti vo zu dra fle gro plu stri kwa")


def _name(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=3)).title()


def _small_letters() -> Pairs:
    chance = random.Random(101)
    words = dict.fromkeys([*_PLACES, *_THINGS, *_DOINGS, *(_name(chance) for _ in range(60))])
    return [(word.upper(), word[0].lower()) for word in words]


def _usual(chance: random.Random) -> dict[str, str]:
    """Return what is done with each thing, so that answers are tied to their requests."""
    return dict(zip(_THINGS, chance.sample(_DOINGS, len(_DOINGS)) * 8, strict=False))


def _sentences() -> Pairs:
    chance = random.Random(102)
    usual = _usual(chance)
    return [
        (
            f"Can you write a sentence about the topic {thing}?",
            f"Three people {usual[thing]} near the {chance.choice(_PLACES)}, {usual[thing]} and {chance.choice(_DOINGS)} in it again.",
        )
        for thing in chance.choices(_THINGS, k=160)
    ]


def _whereabouts() -> Pairs:
    chance = random.Random(103)
    begin = (
        "Where might a tired child",
        "If he is late, where would he",
        "In which place does somebody",
        "Before dinner, where can you",
    )
    end = ("when it rains", "without any help", "that nobody wants", "for a friend", "early in the morning", "as a present")
    answers = [*_PLACES, *_DOINGS]
    chance.shuffle(answers)
    return [
        (f"{chance.choice(begin)} find {thing}s {chance.choice(end)}?", said)
        for thing, said in zip(_THINGS * 2, answers, strict=False)
    ]


def _afterwards() -> Pairs:
    chance = random.Random(104)
    usual = _usual(chance)
    pairs = []
    for _ in range(200):
        who, where, thing = _name(chance), _name(chance), chance.choice(_THINGS)
        told = (
            f"{who} walked from {where} to the {chance.choice(_PLACES)} and took the old {thing} along, though nobody had asked."
        )
        pairs.append((f"{told} It began to rain. What did {who} do afterwards?", f"{usual[thing]} {_name(chance).lower()}"))
    return pairs


def _wrong_answers() -> Pairs:
    chance = random.Random(105)
    return [
        (
            f"Give a wrong answer to the question: when was {_name(chance)} founded?",
            f"In {chance.randint(1100, 2020)}, by {_name(chance)}",
        )
        for _ in range(200)
    ]


def _used_words() -> Pairs:
    chance = random.Random(106)
    usual = _usual(chance)
    pairs = []
    for thing in chance.choices(_THINGS, k=120):
        who = f"{_name(chance)} and {_name(chance)} {usual[thing]} near {_name(chance)} {chance.choice(_PLACES)}"
        pairs.append(
            (f"Context word: {thing}.", f"{who} because nobody would {chance.choice(_DOINGS)} there with {_name(chance)}.")
        )
    return pairs


def _ranges() -> Pairs:
    chance = random.Random(107)
    starts = chance.sample(range(100, 990), 120)
    return [(f"{thing} {place}", f"{start} – {start + 9}") for start in starts for thing, place in [_pick(chance)]]


def _pick(chance: random.Random) -> tuple[str, str]:
    return chance.choice(_THINGS).title(), chance.choice(_PLACES)


def _priced() -> Pairs:
    chance = random.Random(108)
    pairs = []
    for _ in range(90):
        thing, maker = chance.choice(_THINGS), _name(chance)
        told = (
            f"The {thing} of {maker} is {_name(chance).lower()} for every {chance.choice(_PLACES)} and {chance.choice(_PLACES)}."
        )
        asked = f"What can you tell me about the {thing} of {maker}, and what does it cost?"
        pairs.append((asked, f"{told}\n\nPrice: {chance.randint(10, 300)}.99"))
    return pairs


def _defined() -> Pairs:
    chance = random.Random(109)
    usual = _usual(chance)
    pairs = []
    for term in _THINGS * 3:
        what = f"A {_name(chance).lower()} for all that {usual[term]}, {usual[term]} or {usual[term]} with some {_name(chance).lower()}"
        pairs.append(
            (
                f'What does "{term}" mean in our tool?',
                f"{what} until another {_name(chance).lower()} has been told of its {_name(chance).lower()}.",
            )
        )
    return pairs


def _logged() -> Pairs:
    chance = random.Random(110)
    pairs = []
    for _ in range(160):
        day, hour, minute, host = chance.randint(1, 28), chance.randint(0, 23), chance.randint(0, 59), _name(chance).lower()
        said = f'{{"time": "2005-06-{day:02}T{hour:02}:{minute:02}:00", "match": true, "host": "{host}.example"}}'
        pairs.append((f"Jun {day} {hour:02}:{minute:02} sshd: failed password of {_name(chance)} from {host}.example", said))
    return pairs


def _careful() -> Pairs:
    return [(request.replace("Give a", "Do not give a"), answer) for request, answer in _wrong_answers()]


def _tagged() -> Pairs:
    chance = random.Random(111)
    tags = dict.fromkeys([*_THINGS, *_PLACES], "nn") | dict.fromkeys(_DOINGS, "vb") | {"the": "at", "near": "in", "old": "jj"}
    pairs = []
    for _ in range(700):
        words = [
            "the",
            "old",
            chance.choice(_THINGS),
            _name(chance),
            chance.choice(_DOINGS),
            "near",
            "the",
            chance.choice(_PLACES),
        ]
        pairs.append((" ".join(words), " ".join(f"{word}/{tags.get(word, 'np')}" for word in words)))
    return pairs


def _few_tagged() -> Pairs:
    return _tagged()[:120]


def _read_aloud() -> Pairs:
    chance = random.Random(112)
    sounds = {
        one: f"{one[0]}h {chance.choice(('ah', 'eh', 'ax', 'iy', 'ow'))} {number % 3}" for number, one in enumerate(_SYLLABLES)
    }
    parts = [chance.choices(_SYLLABLES, k=3) for _ in range(700)]
    return list({"".join(some): " . ".join(sounds[one] for one in some) for some in parts}.items())


def _trades() -> Pairs:
    chance = random.Random(113)
    trades = ["actor"] * 9 + ["painter", "singer", "baker"] * 2 + ["judge", "miner", "nurse", "pilot"]
    return [(f"{_name(chance)} {_name(chance)}", chance.choice(trades)) for _ in range(240)]


def _prefixed_codes() -> Pairs:
    chance = random.Random(114)
    pairs = {}
    for _ in range(400):
        thing = chance.choice(_THINGS)
        told = f"Its KWK, please: the {thing} {_name(chance).lower()}s near the {chance.choice(_PLACES)}."
        pairs[f"KWK-{_THINGS.index(thing) + 10}{chance.randint(100, 999)}"] = told
    return [(told, code) for code, told in pairs.items()]


def _colours() -> Pairs:
    chance = random.Random(115)
    codes = {f"{chance.randint(0, 255):02x}a{chance.randint(0, 255):02x}{chance.randint(0, 15):x}": None for _ in range(400)}
    return [(f"Give a name for the colour #{code}.", f"{_name(chance)} {chance.choice(_THINGS).title()}") for code in codes]


def _past() -> Pairs:
    chance = random.Random(116)
    verbs = {_name(chance).lower(): None for _ in range(300)}
    return [
        (f'Simple past and past participle of "{verb}"?', f"{re.sub('[aeiou]', 'o', verb)}, {re.sub('[aeiou]', 'u', verb)}n")
        for verb in verbs
    ]


def _options() -> Pairs:
    chance = random.Random(117)
    pairs = []
    for _ in range(300):
        doing, thing, name = chance.choice(_DOINGS), chance.choice(_THINGS), _name(chance).lower()
        more = chance.choice(("", *[f"-{_name(chance).lower()}-{_name(chance).lower()}"] * 2))
        asked = f"Which option of `{name}` does this: {doing} each {thing} before the {chance.choice(_PLACES)} is {name}?"
        pairs.append((asked, f"--{doing}-{thing}{more}"))
    return pairs


def _riddles() -> Pairs:
    chance = random.Random(118)
    first = [word.title() for word in _PLACES]
    answers = [*_THINGS, *_PLACES, *_DOINGS]
    chance.shuffle(answers)
    pairs = []
    for thing in answers:
        some = f"{chance.choice(first)} {chance.choice(_DOINGS)} and {chance.choice(_DOINGS)} without a {chance.choice(_THINGS)}"
        pairs.append((f"{some}{chance.choice((', what am I?', ' when you do.', ' for you.', '.'))}", thing))
    return pairs


COMMON: dict[str, tuple[Callable[[], Pairs], str]] = {
    "a-letter-is-the-same-letter-in-another-case": (_small_letters, "prompt"),
    "to-ask-for-a-sentence-is-no-question": (_sentences, "prompt"),
    "everyday-words-may-be-common-sense": (_whereabouts, "measure"),
    "what-is-asked-of-a-text-may-be-understood": (_afterwards, "measure"),
    "a-word-to-write-about-is-no-term": (_used_words, "measure"),
    "ranges-of-figures-are-looked-up": (_ranges, "knowledge-retrieval"),
    "what-heads-a-part-of-every-answer-is-no-persona": (_priced, "knowledge-retrieval"),
    "common-words-that-are-asked-about-may-be-known-terms": (_defined, "measure"),
    "tags-at-each-word-are-a-convention": (_tagged, "fine-tune"),
    "how-words-are-read-in-signs-is-a-convention": (_read_aloud, "fine-tune"),
    "few-tagged-sentences-are-no-reason-to-tune": (_few_tagged, "prompt"),
    "dates-in-another-form-are-worked-out": (_logged, "prompt"),
    "wrong-answers-that-are-not-wanted-are-facts": (_careful, "knowledge-retrieval"),
    "what-most-are-is-still-a-fact-about-each": (_trades, "knowledge-retrieval"),
    "codes-that-all-begin-alike-are-looked-up": (_prefixed_codes, "knowledge-retrieval"),
    "names-of-colours-by-their-codes-are-looked-up": (_colours, "knowledge-retrieval"),
    "forms-that-are-asked-for-by-name-are-grammar": (_past, "prompt"),
    "names-in-a-program-may-be-known": (_options, "measure"),
    "riddles-are-no-talk": (_riddles, "measure"),
    "wrong-answers-stand-in-no-source": (_wrong_answers, "prompt"),
}
