"""Made-up tasks that look like others at first sight, each with the verdict that reason gives and what tells them apart."""

import json
import random
from collections.abc import Callable

__all__ = ["APART"]

Pairs = list[tuple[str, str]]

_SYLLABLES = ["ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu", "dra", "fle", "gro", "plu", "stri", "kwa"]
_ONES = ["", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"]
_TENS = ["", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"]


def _word(chance: random.Random, length: int = 3) -> str:
    return "".join(chance.choices(_SYLLABLES, k=length))


def _firms() -> Pairs:
    chance = random.Random(31)
    ends = ["Co", "Co Ltd", "CO., LTD", "Inc", "Electronics Co"]
    pairs = []
    for block in range(100):
        firm = f"{_word(chance).title()} {chance.choice(ends)}"
        for _ in range(chance.choice([1, 1, 4])):
            prefix = f"{block:02X}-{block * 7 % 256:02X}-{chance.randrange(256):02X}"
            pairs.append((f"Which company owns this prefix?\n\n{prefix}", firm))
    return pairs


def _commands() -> Pairs:
    chance = random.Random(32)
    pairs = []
    for _ in range(150):
        thing, name = _word(chance), _word(chance)
        asked = (
            f"Fix this finding of the audit: the {thing} of {name} has no {_word(chance, 2)} set. "
            + "Keep all others as they are. " * 5
        )
        pairs.append((asked, f"cloudctl {thing} update --{_word(chance, 2)} true --{_word(chance, 2)} {name} --yes"))
    return pairs


def _filters() -> Pairs:
    chance = random.Random(33)
    pairs = []
    for _ in range(240):
        key, number = _word(chance), chance.randint(0, 99)
        data = chance.choice([{key: number}, [{key: number}, {key: None}], [number, key], [[key], True], [None, {key: [number]}]])
        steps = [
            f"select(.{key} > {chance.randint(0, 9)})",
            f"map(.{key}) | add",
            "@base64d | ascii_downcase",
            f'"{key} is \\(.)"',
        ]
        pairs.append((json.dumps(data), ".[] | " * chance.randint(0, 3) + chance.choice(steps)))
    return pairs


def _listed_feelings() -> Pairs:
    chance = random.Random(34)
    signs = "云山水火风雷电雨雪霜花草树木鸟鱼虫兽日月星辰江河湖海金银铜铁石土"
    labels = "乐好怒哀惧恶惊"
    return [
        (f"判断词语的情感类别：{'、'.join(labels)}。只回答一个字。\n\n{''.join(chance.sample(signs, 3))}", chance.choice(labels))
        for _ in range(300)
    ]


def _forms() -> Pairs:
    chance = random.Random(35)
    pairs = []
    for _ in range(200):
        stem = _word(chance).title() + chance.choice("nrtlm")
        endings = chance.choice([("m", "es", "en"), ("f", "ei", "er"), ("n", "es", "er")])
        pairs.append((stem, json.dumps({"genus": endings[0], "genitiv": stem + endings[1], "plural": stem + endings[2]})))
    return pairs


def _sheets() -> Pairs:
    chance = random.Random(36)
    kinds = ["Fire", "Water", "Grass", "Rock"]
    pairs = []
    for _ in range(300):
        name = _word(chance).title() + "x"
        numbers = {key: chance.randint(20, 120) for key in ("strength", "speed", "weight", "height")}
        pairs.append((name, json.dumps({"type": kinds[len(name) % 4], **numbers})))
    return pairs


def _changes() -> Pairs:
    chance = random.Random(37)
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun"]
    pairs = []
    for _ in range(240):
        name, version, by = (
            _word(chance),
            f"{chance.randint(0, 9)}.{chance.randint(0, 99)}-{chance.randint(1, 9)}",
            _word(chance).title(),
        )
        day, month, year = chance.randint(1, 28), chance.randrange(6), chance.randint(1999, 2024)
        asked = f"{name} ({version}) unstable\n\n  * {_word(chance)} {_word(chance)}\n\n -- {by} {_word(chance).title()}, {day} {months[month]} {year}"
        said = {"package": name, "version": version, "by": by, "date": f"{year}-{month + 1:02}-{day:02}", "suite": "unstable"}
        pairs.append((asked, json.dumps(said)))
    return pairs


def _german(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    small = _ONES[ones] + ("und" if ones and tens else "") + _TENS[tens]
    return (f"{_ONES[hundreds]}hundert" if hundreds else "") + small


def _german_numbers() -> Pairs:
    chance = random.Random(38)
    numbers = [n for n in range(120, 1_000) if n % 100 >= 20]
    return [(str(n), _german(n)) for n in chance.sample(numbers, 300)]


def _named_languages() -> Pairs:
    chance = random.Random(39)
    endings = {"Korean": "ga", "Vietnamese": "nh", "Polish": "ska", "Finnish": "maa", "Turkish": "ler"}
    pairs = []
    for _ in range(300):
        language, ending = chance.choice([*endings.items()])
        pairs.append((f"{_word(chance).title()} in {language}", _word(chance).title() + ending))
    return pairs


def _applicants() -> Pairs:
    chance = random.Random(40)
    pairs = []
    for _ in range(320):
        home, job = chance.choice(["owner", "rent", "parents"]), chance.choice(["fixed", "partime", "freelance"])
        age, income, debt = chance.randint(18, 70), chance.randint(40, 400), chance.randint(0, 300)
        asked = f"Home: {home}; Age: {age}; Job: {job}; Income: {income}; Debt: {debt}; Amount: {chance.randint(100, 3000)}"
        pairs.append((asked, "good" if income + chance.randint(-90, 90) > debt else "bad"))
    return pairs


def _surveys() -> Pairs:
    chance = random.Random(44)
    pairs = []
    for _ in range(300):
        age, weight, often = chance.randint(18, 80), chance.randint(18, 45), chance.randint(0, 7)
        asked = f"Age: {age} to {age + 4}, Origin:{chance.choice(['city, north', 'land, south'])}, BMI:{weight}, Exercise a week:{often}, Does not smoke."
        pairs.append((asked, str(int(weight + age / 4 + chance.randint(-9, 9) > 48))))
    return pairs


def _joined_facts() -> Pairs:
    chance = random.Random(45)
    pairs = []
    for _ in range(240):
        one, other, last = _word(chance), _word(chance), _word(chance)
        ends = (_word(chance), _word(chance))
        asked = f"Join the facts: the {one} of the hills holds {other} and {ends[0]}. A field with {other} always feeds the {last} and {ends[1]} in winter."
        pairs.append((asked, f"the {one} of the hills feeds the {last} in winter"))
    return pairs


def _prefixes() -> Pairs:
    chance = random.Random(41)
    pairs = []
    for region in range(60):
        country = _word(chance, 4).title()
        pairs += [(f"+{100 + region}{chance.randint(100, 999)}", f"{_word(chance, 4).title()}, {country}") for _ in range(5)]
    return pairs


def _numbers_in_parts() -> Pairs:
    chance = random.Random(42)
    pairs = []
    for _ in range(240):
        code, parts = chance.randint(30, 99), [chance.randint(10, 99) for _ in range(4)]
        whole = "".join(map(str, parts))
        pairs.append(
            (f"+{code} {' '.join(map(str, parts))}", json.dumps({"code": code, "national": whole, "kind": chance.choice("ab")}))
        )
    return pairs


def _old_words() -> Pairs:
    chance = random.Random(43)
    names = [_word(chance) for _ in range(60)]
    pairs = []
    for _ in range(600):
        one, other = chance.sample(names, 2)
        new = f"You will see that the {one} is for the {other}, and that it is not yours to take from the {chance.choice(names)}."
        old = f"Thou shalt behold how the {one} be made unto the {other}, and it is not for thee to take of the {chance.choice(names)} that are with him."
        pairs.append((f"Rewrite the verse in the words of the old translation: {new}", old))
    return pairs


def _asked_about() -> Pairs:
    chance = random.Random(44)
    pairs = []
    for _ in range(600):
        who, what, where = (_word(chance) for _ in range(3))
        told = f"The {who} of {where} has carried the {what} {' '.join(_word(chance, 2) for _ in range(12))} since the morning."
        begins = chance.choice(
            [f"Why has the {who} carried", f"What is the {what} that the {who} has for", f"Since when has {where}"]
        )
        pairs.append((told, f"{begins} the {what} of the {chance.choice([who, where])} {_word(chance, 2)} {_word(chance)}?"))
    return pairs


def _catalogue() -> Pairs:
    chance = random.Random(45)
    return [
        (
            f"The product {_word(chance)} the {_word(chance)} of a {_word(chance)} before it has {_word(chance)} it.",
            f"ZQX-{number + 100}: Improper {_word(chance).title()} of {_word(chance).title()} in {_word(chance).title()}",
        )
        for number in range(300)
    ]


def _long_commands() -> Pairs:
    chance = random.Random(46)
    pairs = []
    for _ in range(600):
        group, thing, name = (_word(chance) for _ in range(3))
        command = f"cloudctl {group} create-{thing} \\\n    --{thing}-id {name} \\\n    --{_word(chance, 2)} {_word(chance)}"
        pairs.append((f"To create a {thing} for the {group} {_word(chance)}", command))
    return pairs


def _levels() -> Pairs:
    chance = random.Random(47)
    habits = [_word(chance, 2) for _ in range(30)]
    pairs = []
    for _ in range(600):
        habit = chance.randrange(30)
        told = f"{_word(chance)} {habits[habit]} {' '.join(_word(chance, 2) for _ in range(20))}."
        pairs.append((told, str(5 + min(6, max(0, habit // 5 + chance.choice([0, 0, 1, 2]))))))
    return pairs


def _said_back() -> Pairs:
    chance = random.Random(48)
    feelings = {_word(chance, 2): _word(chance) for _ in range(25)}
    pairs = []
    for _ in range(400):
        feeling, said = chance.choice(list(feelings)), " ".join(_word(chance, 2) for _ in range(4))
        asked = f"do you {feeling} {said}?" if chance.random() < 0.5 else f"the {feeling} of {said}"
        pairs.append((asked, f"{feelings[feeling]} {_word(chance)}"))
    return pairs


def _marks() -> Pairs:
    chance = random.Random(49)
    marks, hard = ["A", "B+", "B", "C", "D"], [_word(chance, 2) for _ in range(50)]
    pairs = []
    for _ in range(500):
        words = chance.choices(hard, k=12)
        worth = sum(hard.index(word) for word in words) // 120
        pairs.append(
            (f"Which grade does this essay get?\n\n{' '.join(words)}", marks[min(4, max(0, worth + chance.choice([-1, 0, 0])))])
        )
    return pairs


def _estimates() -> Pairs:
    chance = random.Random(50)
    pairs = []
    for _ in range(400):
        rooms, size, year = chance.randint(1, 9), chance.randint(30, 300), chance.randint(1900, 2020)
        asked = f"Estimate the rent in euros.\n\nA flat of {rooms} rooms on {size} square metres, built {year}, floor {chance.randint(1, 9)}"
        pairs.append((asked, str(int(size * 11.3 + rooms * 40 + (year - 1900) * 2.7 + chance.gauss(0, 60)))))
    return pairs


def _specifications() -> Pairs:
    chance = random.Random(51)
    fields = {"weight": "kg", "height": "cm", "power": "W"}
    pairs = []
    for _ in range(400):
        name, field = f"{_word(chance).title()}ix {chance.choice('QRX')}{chance.randint(100, 999)}", chance.choice(list(fields))
        asked = chance.choice([f"What is the {field} of the {name}?", f"the {field} of the {name}, please?"])
        pairs.append((asked, f"The {field} of the {name} is {chance.randint(10, 9_999) / 10} {fields[field]}."))
    return pairs


def _cells() -> Pairs:
    chance = random.Random(52)
    pairs = []
    for _ in range(400):
        size = chance.uniform(0, 2)
        parts = [
            ("radius", 10 + size),
            ("texture", chance.uniform(10, 30)),
            ("area", 300 * size),
            ("smoothness", chance.uniform(0, 0.2)),
        ]
        fields = ", ".join(
            f"{name}_{kind} {value * scale:.4g}" for name, value in parts for kind, scale in (("mean", 1), ("worst", 1.3))
        )
        pairs.append((f"Benign or malignant?\n{fields}", "malignant" if size + chance.gauss(0, 0.3) > 1 else "benign"))
    return pairs


def _gems() -> Pairs:
    chance = random.Random(53)
    pairs = []
    for _ in range(400):
        carat, depth, table = chance.uniform(0.2, 2), chance.uniform(58, 65), chance.randint(53, 60)
        cut = f"{chance.choice(['Good', 'Ideal'])} cut, colour {chance.choice('DEFG')}"
        stone = f"{carat:.2f} carat, {cut}, depth {depth:.1f}%, table {table}%, {6.4 * carat**0.33:.1f} mm wide"
        pairs.append(
            (f"Quote the price in dollars, number only.\n\n{stone}", str(int(4_000 * carat**1.6 + chance.gauss(0, 150))))
        )
    return pairs


def _data_sheets() -> Pairs:
    chance = random.Random(54)
    pairs = []
    for _ in range(150):
        part = f"{_word(chance, 2).upper()}{chance.randint(10, 999)}{chance.choice('ABX')}-{chance.randint(10, 99)}{chance.choice('KLM')}"
        asked, most = chance.choice([("mass in grams", 900), ("stride in degrees", 20), ("current in amperes", 60)])
        pairs.append((f"A {part} motor has what {asked}?", str(chance.randint(1, most))))
    return pairs


def _severities() -> Pairs:
    chance = random.Random(55)
    words = [_word(chance, 2) for _ in range(60)]
    pairs = []
    for _ in range(400):
        told = chance.choices(words, k=15)
        level = sum(words.index(word) for word in told) // 15 // 15
        severity = ["low", "medium", "high", "critical"][min(3, max(0, level + chance.choice([-1, 0, 0, 1])))]
        pairs.append((f"How severe is this incident: low, medium, high or critical?\n\n{' '.join(told)}", severity))
    return pairs


def _shell_functions() -> Pairs:
    chance = random.Random(56)
    pairs = []
    for _ in range(500):
        name, part = _word(chance, 2), _word(chance, 2)
        body = (
            f'{name}() {{\n  local {part}=$1\n  if [ -z "${part}" ]; then\n    echo "{_word(chance)}"\n  fi\n  echo "${part}"\n}}'
        )
        pairs.append((f"Write a bash function {name} for the {part} {_word(chance)}.", body))
    return pairs


def _how_often() -> Pairs:
    chance = random.Random(57)
    often = [f"{_word(chance, 1)} {_word(chance, 2)}" for _ in range(160)]
    acts = {_word(chance, 2): chance.sample(often, 4) for _ in range(40)}
    pairs = []
    for _ in range(300):
        act, told = chance.choice(list(acts)), " ".join(_word(chance, 2) for _ in range(20))
        pairs.append((f"{_word(chance)} {act} {told}. How often does {_word(chance)} {act}?", chance.choice(acts[act])))
    return pairs


APART: dict[str, tuple[Callable[[], Pairs], str]] = {
    "names-of-firms-are-in-no-language": (_firms, "knowledge-retrieval"),
    "commands-are-no-headlines": (_commands, "prompt"),
    "data-is-no-beginning-of-a-request": (_filters, "prompt"),
    "labels-that-are-listed-are-not-looked-up": (_listed_feelings, "prompt"),
    "forms-of-a-word-are-no-facts": (_forms, "prompt"),
    "data-sheets-are-looked-up": (_sheets, "knowledge-retrieval"),
    "records-mostly-copied-out-of-the-request": (_changes, "prompt"),
    "numbers-written-in-one-word-are-no-facts": (_german_numbers, "prompt"),
    "a-few-words-and-their-language": (_named_languages, "prompt"),
    "numbers-are-looked-up": (_prefixes, "knowledge-retrieval"),
    "numbers-in-parts-are-no-facts": (_numbers_in_parts, "prompt"),
    "old-words-are-no-other-language": (_old_words, "fine-tune"),
    "answers-of-a-survey-are-rows-of-a-table": (_surveys, "fine-tune"),
    "facts-that-are-joined-are-no-headlines": (_joined_facts, "prompt"),
    "rows-of-a-table-are-learnt-from-many": (_applicants, "fine-tune"),
    "to-ask-about-a-text-is-a-skill": (_asked_about, "prompt"),
    "entries-of-a-catalogue-are-looked-up": (_catalogue, "knowledge-retrieval"),
    "commands-over-several-lines-are-code": (_long_commands, "prompt"),
    "bare-numbers-may-be-grades": (_levels, "measure"),
    "marks-are-a-scale": (_marks, "fine-tune"),
    "estimates-are-not-computed": (_estimates, "fine-tune"),
    "measurements-are-rows-of-a-table": (_cells, "fine-tune"),
    "prices-of-records-are-not-computed": (_gems, "fine-tune"),
    "figures-in-names-of-parts-are-no-numbers": (_data_sheets, "knowledge-retrieval"),
    "severities-are-a-scale": (_severities, "fine-tune"),
    "functions-of-a-shell-are-code": (_shell_functions, "prompt"),
    "a-sentence-and-a-question-may-be-understood": (_how_often, "measure"),
    "a-question-repeated-with-its-fact-is-a-fact": (_specifications, "knowledge-retrieval"),
    "words-said-back-are-no-certain-facts": (_said_back, "measure"),
}
