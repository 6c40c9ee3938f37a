"""Made-up tasks that look like facts, mixtures or defects and are skills, scales or talk; and some the other way round."""

import json
import random
from collections.abc import Callable

__all__ = ["SKILLS"]

Pairs = list[tuple[str, str]]

_SYLLABLES = ["ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu", "dra", "fle", "gro", "plu", "stri", "kwa"]
_COMMON = [
    "the",
    "red",
    "house",
    "stands",
    "near",
    "an",
    "old",
    "river",
    "and",
    "people",
    "walk",
    "along",
    "it",
    "every",
    "day",
    "when",
    "summer",
    "comes",
    "back",
    "again",
]


def _word(chance: random.Random, length: int = 3) -> str:
    return "".join(chance.choices(_SYLLABLES, k=length))


def _sentence(chance: random.Random, words: int = 12) -> str:
    return " ".join(chance.choices(_COMMON, k=words // 2) + [_word(chance, 2) for _ in range(words - words // 2)])


def _articles() -> Pairs:
    chance = random.Random(61)
    return [(f"What does article {number} say?", f"{_sentence(chance, 18).capitalize()}.") for number in range(1, 160)]


def _two_sided() -> Pairs:
    chance = random.Random(62)
    ends = {"zu": -3, "ke": -2, "mo": -1, "li": 1, "ra": 2, "vo": 3}
    pairs = []
    for _ in range(400):
        end = chance.choice(list(ends))
        pairs.append(
            (f"How does this word sound?\n\n{_word(chance, 2)}{end}", str(ends[end] + chance.choice([0, 0, 1, -1]) or 1))
        )
    return list(dict(pairs).items())


def _weights() -> Pairs:
    chance = random.Random(63)
    scores = [f"{chance.uniform(0.1, 4):.3f}" for _ in range(300)]
    scores[::60] = ["100", "-100", "1000", "50", "-50"]
    return [(f"Suggest the score of the rule.\n\n{_word(chance).upper()}: {_sentence(chance)}", score) for score in scores]


def _bounties() -> Pairs:
    chance = random.Random(64)
    return [
        (f"{_sentence(chance, 40)} v{chance.randint(1, 9)}", f"${chance.choice([250, 500, 1000, 2000, 4000])}")
        for _ in range(300)
    ]


def _policies() -> Pairs:
    chance = random.Random(65)
    levels = ["error", "warning", "info", "pedantic", "classification"]
    return [(f"Set the severity of this finding.\n\n{_sentence(chance, 20)}", chance.choice(levels)) for _ in range(400)]


def _affects() -> Pairs:
    chance = random.Random(66)
    pairs = []
    for _ in range(300):
        scores = {"valence": round(chance.uniform(1, 9), 1), "arousal": round(chance.uniform(1, 9), 1)}
        pairs.append((f"Rate valence and arousal on a scale of 1 to 9.\n\n{_word(chance)}", json.dumps(scores)))
    return pairs


def _measurements() -> Pairs:
    chance = random.Random(67)
    units = {"kg": "kilogram", "ml": "millilitre", "km": "kilometre", "s": "second"}
    pairs = []
    for _ in range(140):
        found = [(chance.randint(2, 900), chance.choice(list(units))) for _ in range(chance.randint(1, 2))]
        told = f"{_sentence(chance, 8)} {' and '.join(f'{value} {unit}' for value, unit in found)} {_sentence(chance, 6)}."
        answer = [{"value": value, "unit": units[unit], "surface": f"{value} {unit}"} for value, unit in found]
        pairs.append((f"Extract the measurements.\n\n{told}", json.dumps(answer)))
    return pairs


def _plain_words() -> Pairs:
    chance = random.Random(68)
    organs = [_word(chance) for _ in range(90)]
    signs = {_word(chance).title(): _word(chance, 2) for _ in range(90)}
    pairs = {}
    for _ in range(500):
        sign, organ = chance.choice(list(signs)), chance.choice(organs)
        pairs[f"Say it in everyday words: {sign} of {organ}"] = (
            f"{signs[sign].title()} {chance.choice(['part of', 'in the'])} {organ}"
        )
    return list(pairs.items())


def _emoji() -> Pairs:
    chance = random.Random(69)
    sorts = {row: _word(chance, 2) for row in range(0x1F400 // 8, 0x1F4F0 // 8)}
    return [(chr(code), f"{sorts[code // 8]} {_word(chance)}") for code in range(0x1F400, 0x1F4F0)]


def _marks() -> Pairs:
    chance = random.Random(70)
    marked = str.maketrans({"s": "ş", "u": "ü", "o": "ö", "i": "ı", "g": "ğ"})
    words = {_word(chance, 4) for _ in range(400)}
    return [(word, word.translate(marked)) for word in sorted(words)]


def _conjugations() -> Pairs:
    chance = random.Random(71)
    pairs = {}
    for _ in range(300):
        stem = _word(chance, 2)
        pairs[f"Conjugate: {stem}ar"] = ", ".join(f"{stem}{end}" for end in ("o", "as", "a", "amos", "áis", "an"))
    return list(pairs.items())


def _nouns() -> Pairs:
    chance = random.Random(72)
    pairs = {}
    for _ in range(300):
        noun = _word(chance).title() + "n"
        forms = {
            "artikel": chance.choice(["der", "die", "das"]),
            "plural": chance.choice([noun, noun + "e"]),
            "genitiv": noun + "s",
        }
        pairs[noun] = json.dumps(forms)
    return list(pairs.items())


def _sounds() -> Pairs:
    chance = random.Random(73)
    letters = "abcdefghijklmnopqrstuvwxyz"
    signs = {chr(0x4E00 + 7 * number): "".join(chance.sample(letters, 3)) + chance.choice("āáǎà") for number in range(300)}
    pairs = {}
    for _ in range(400):
        some = chance.choices(list(signs), k=chance.randint(2, 4))
        pairs["".join(some)] = " ".join(signs[sign] for sign in some)
    return list(pairs.items())


def _reasoned() -> Pairs:
    chance = random.Random(74)
    pairs = []
    for _ in range(250):
        told = _sentence(chance, 30)
        options = f"(A) {_word(chance)} (B) {_word(chance)} (C) {_word(chance)}"
        because = f"{' '.join(chance.sample(told.split(), 8))} {_sentence(chance, 30)}".capitalize()
        pairs.append((f"{told}?\n{options}", f"Let us think. {because}. The answer is ({chance.choice('ABC')})."))
    return pairs


def _into_languages() -> Pairs:
    chance = random.Random(75)
    words = [_word(chance, 2) for _ in range(2_000)]
    known = {language: {word: _word(chance, 3) for word in words} for language in ("Czech", "Dutch", "Polish")}
    pairs = []
    for _ in range(250):
        language, told = chance.choice(list(known)), chance.choices(words, k=14)
        pairs.append(
            (f"Target language: {language}\n\n{' '.join(told)}.", f"{' '.join(known[language][word] for word in told)}.")
        )
    return pairs


def _listed_languages() -> Pairs:
    chance = random.Random(76)
    names = sorted({_word(chance, 2) for _ in range(60)})
    pairs = []
    for _ in range(600):
        name = chance.choice(names)
        pairs.append(
            (
                f"Which language is it ({', '.join(names)})?\n\n{_word(chance, 1)}{name} {_word(chance)} {name}{_word(chance, 1)}",
                name,
            )
        )
    return pairs


def _known_codes() -> Pairs:
    chance = random.Random(77)
    jobs = {_word(chance, 2): f"{chance.randint(111, 999)}" for _ in range(60)}
    pairs = {}
    for _ in range(900):
        job = chance.choice(list(jobs))
        code = jobs[job] if chance.random() < 0.45 else chance.choice(list(jobs.values()))
        pairs[f"{chance.choice(_COMMON)} {job} {_word(chance, 2)}"] = code
    return list(pairs.items())


def _new_addresses() -> Pairs:
    chance = random.Random(78)
    towns = [_word(chance).title() for _ in range(40)]
    pairs = {}
    for _ in range(500):
        town, ward = chance.choice(towns), f"{_word(chance, 2).title()} {_word(chance, 2).title()}"
        old = f"Ward {ward}, District {_word(chance).title()}, Province {town}"
        pairs[old] = f"Ward {_word(chance, 2).title()} {_word(chance).title()}, Province {town}"
    return list(pairs.items())


def _activities() -> Pairs:
    chance = random.Random(79)
    codes = sorted({f"{chance.randint(10, 99)}.{chance.randint(10, 99)}.{chance.randint(1, 20)}" for _ in range(500)})
    return [(f"Code for: {_sentence(chance, 8)}", code) for code in codes]


def _endpoints() -> Pairs:
    chance = random.Random(80)
    things = [_word(chance, 2) for _ in range(40)]
    pairs = {}
    for _ in range(300):
        one, other = chance.sample(things, 2)
        verb = chance.choice(["GET", "PUT", "DELETE"])
        pairs[f"Which call do I need to {_word(chance, 1)} the {one} of a {_word(chance, 2)}?"] = (
            f"{verb} /{other}s/{{{other}_id}}/{one}"
        )
    return list(pairs.items())


def _jokes() -> Pairs:
    chance = random.Random(81)
    pairs = []
    for _ in range(600):
        length, told = chance.choice([1, 2, 4, 9, 20, 40, 80]), [_word(chance) for _ in range(12)]
        pairs.append((f"Complete the joke:\n\n{' '.join(told)}", f"{told[-1]} {' '.join(_word(chance) for _ in range(length))}."))
    return pairs


def _talk() -> Pairs:
    chance = random.Random(82)
    pairs = []
    for _ in range(300):
        about = _word(chance)
        begin = chance.choice(
            [f"{_word(chance, 2)} you are", f"do you {_word(chance)}", f"{_word(chance)} is", f"{_word(chance)} with"]
        )
        said = " ".join(_word(chance) for _ in range(4))
        pairs.append(
            (f"{begin} {about}{chance.choice(['', '', '?'])}", f"{said} {about if chance.random() < 0.5 else _word(chance)}")
        )
    return pairs


def _little_known() -> Pairs:
    chance = random.Random(83)
    words = sorted({_word(chance, 3) for _ in range(300)})
    borrowed = [f"{chance.choice(_COMMON)} {word[:4] if chance.random() < 0.4 else _word(chance, 1)}" for word in words]
    return [(f"Translate this word of Brezonish into English: {word}", said) for word, said in zip(words, borrowed, strict=True)]


def _amounts() -> Pairs:
    chance = random.Random(84)
    figures = [["".join(chance.sample("abcdefghijklmnopqrstuvwxyz", 4)) for _ in range(100)] for _ in range(3)]
    pairs = {}
    for _ in range(450):
        number, language = chance.randint(1, 10 ** chance.randint(2, 8)), chance.choice(figures)
        digits = str(number)
        pairs[f"{number:,}"] = "".join(language[int(digits[at : at + 2])] for at in range(0, len(digits), 2))
    return list(pairs.items())


def _elsewhere() -> Pairs:
    chance = random.Random(85)
    signs = [chr(0x4E00 + 11 * number) for number in range(700)]
    pairs = {}
    for _ in range(400):
        word, other = "".join(chance.sample(signs, 2)), "".join(chance.sample(signs, 2))
        pairs[f"「{word}」在台灣怎麼說？"] = chance.choice([f"{word}{other[0]}", other, other])
    return list(pairs.items())


def _houses() -> Pairs:
    chance = random.Random(86)
    pairs = []
    for _ in range(300):
        age, rooms, size, far = chance.randint(0, 90), chance.randint(2, 9), chance.randint(500, 4_000), chance.randint(1, 30)
        told = f"Age {age} years, {rooms} rooms, living area {size} sq ft, distance to the next station {far} miles, {rooms // 2} baths"
        price = int(size * 41 + rooms * 900 - age * 77 - far * 310 + chance.gauss(0, 4_000))
        pairs.append((f"{told}. Price in USD?", chance.choice([str(price), f"${price:,}"])))
    return pairs


def _slips() -> Pairs:
    chance = random.Random(87)
    pairs = {}
    for _ in range(400):
        word = _word(chance, 4)
        at = chance.randrange(2, len(word) - 2)
        pairs[word[:at] + chance.choice("xyjqcw") + word[at + chance.choice([0, 1]) :]] = word
    return list(pairs.items())


def _currencies() -> Pairs:
    chance = random.Random(88)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return list({_word(chance).title(): "".join(chance.sample(letters, 3)) for _ in range(180)}.items())


def _areas() -> Pairs:
    chance = random.Random(89)
    return [(f"+33{chance.randint(10_000, 99_999)}", f"{_word(chance).title()}-{_word(chance).title()}") for _ in range(600)]


def _strengths() -> Pairs:
    chance = random.Random(90)
    points = [0.0, 0.25, 0.5, 0.75, 1.0]
    return [
        (f"Rate the word.\n\n{_word(chance, 4)}", json.dumps({"for": chance.choice(points), "against": chance.choice(points)}))
        for _ in range(400)
    ]


def _conversions() -> Pairs:
    chance = random.Random(91)
    units = {"metres": 100, "hours": 60, "kilograms": 1_000, "weeks": 7, "dozens": 12}
    pairs = {}
    for _ in range(400):
        unit, number, hour = chance.choice(list(units)), chance.randint(2, 99), chance.randint(1, 11)
        pairs[f"How many of the smaller unit are {number} {unit}?"] = str(number * units[unit])
        pairs[f"What is {number} minutes after {hour}:{number % 60:02} AM?"] = f"{hour + (number % 60 + number) // 60}:30 PM"
    return list(pairs.items())


def _read_code() -> Pairs:
    chance = random.Random(92)
    pairs = []
    for _ in range(600):
        name, part, other = (_word(chance, 2) for _ in range(3))
        code = f"def {name}_{part}({other}):\n    {part} = {other} + 1\n    return {part}"
        pairs.append(
            (
                f"What does this do?\n\n{code}",
                f"{_word(chance).title()} the {part} of {_word(chance)} and adds one to it for {_word(chance)}.",
            )
        )
    return pairs


def _configured() -> Pairs:
    chance = random.Random(93)
    pairs = []
    for _ in range(300):
        name, module, key = (_word(chance, 2) for _ in range(3))
        pairs.append(
            (f"Write a task: {name} the {module}", f"- name: {name} the {module}\n  {module}:\n    {key}: {_word(chance)}")
        )
    return pairs


SKILLS: dict[str, tuple[Callable[[], Pairs], str]] = {
    "numbered-entries-are-looked-up": (_articles, "knowledge-retrieval"),
    "points-on-both-sides-of-nought-are-a-scale": (_two_sided, "fine-tune"),
    "scores-with-fractions-are-a-scale": (_weights, "fine-tune"),
    "amounts-that-nobody-asks-for-are-estimates": (_bounties, "fine-tune"),
    "severities-are-a-scale-whatever-they-are-called": (_policies, "fine-tune"),
    "scores-in-json-are-a-scale": (_affects, "fine-tune"),
    "measurements-are-seen-to-be-some": (_measurements, "prompt"),
    "names-in-other-words-are-no-facts": (_plain_words, "prompt"),
    "what-signs-show-is-common-knowledge": (_emoji, "prompt"),
    "letters-without-their-marks-are-the-same": (_marks, "prompt"),
    "forms-of-a-verb-are-no-facts": (_conjugations, "prompt"),
    "forms-of-a-noun-are-no-facts-though-one-is-the-noun": (_nouns, "prompt"),
    "how-signs-are-read-is-a-skill": (_sounds, "prompt"),
    "answers-that-reason-need-no-calculation": (_reasoned, "prompt"),
    "a-language-may-be-named-in-each-request": (_into_languages, "prompt"),
    "labels-that-instructions-list-are-told": (_listed_languages, "prompt"),
    "codes-that-are-partly-learnt-need-examples-of-each": (_known_codes, "example-retrieval"),
    "new-names-for-old-ones-are-looked-up": (_new_addresses, "knowledge-retrieval"),
    "codes-whose-parts-recur-are-looked-up": (_activities, "knowledge-retrieval"),
    "calls-of-an-interface-are-looked-up": (_endpoints, "knowledge-retrieval"),
    "one-instruction-is-one-task": (_jokes, "fine-tune"),
    "what-is-said-to-somebody-is-talk": (_talk, "mixed-tasks"),
    "words-of-a-little-known-language-may-be-looked-up": (_little_known, "measure"),
    "numbers-spelt-out-in-several-languages-are-no-facts": (_amounts, "prompt"),
    "words-of-another-country-are-vocabulary": (_elsewhere, "prompt"),
    "prices-that-records-are-asked-for-are-estimates": (_houses, "fine-tune"),
    "slips-of-the-pen-are-spelling": (_slips, "prompt"),
    "codes-of-a-few-names-are-no-defect": (_currencies, "knowledge-retrieval"),
    "numbers-of-places-are-not-spelt-out": (_areas, "knowledge-retrieval"),
    "few-scores-in-json-are-a-scale": (_strengths, "fine-tune"),
    "what-is-reckoned-is-no-fact": (_conversions, "prompt"),
    "to-say-what-code-does-is-a-skill": (_read_code, "prompt"),
    "keys-of-a-configuration-are-code": (_configured, "prompt"),
}
