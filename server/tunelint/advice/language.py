"""Which language texts are in, from scripts and function words, and the words that carry no content.

Coarse on purpose: it only has to tell that answers are in another language than requests. Where it cannot, it says nothing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from tunelint.advice.wording import tokens

__all__ = [
    "LATIN",
    "asks_for_script",
    "asks_to_translate",
    "holds",
    "language_of",
    "languages_in",
    "names_language",
    "stop_words",
]

_FUNCTION_WORDS: Final = {
    "en": "a an the of and to in is that it for with as are was be this on by from at or not have which you he she they we"
    " i do does did how what who when where why can will would my your me has had were there if so",
    "de": "der die das und ist nicht ein eine einen einem auf mit den von zu sich auch dem des im er sie es wir ich wie für als",
    "fr": "le la les des est une et un du dans pour qui que pas sur au par il elle avec ne ce se sont nous vous je de plus",
    "es": "el la los las y es una un del que por con para se en su al lo como más pero sus no de fue este",
    "it": "il di che la è e un una per non sono con del della si da le dei nel alla anche gli questo come più",
    "pt": "o os as e é um uma de do da que em para com não se por dos das no na mais foi como seu",
    "nl": "de het een en van is dat op te zijn met voor niet aan er om ook als bij hij ik wij deze door",
    "sv": "och att det som en är av för på med den till inte har de om ett han men var jag vi",
    "pl": "i w na z się nie do to jest że o jak po od za przez są dla ale co ich tym",
    "tr": "ve bir bu için ile de da olarak çok daha olan gibi en ne kadar sonra ama her mi",
    "id": "yang dan di dengan untuk ini itu dari pada dalam tidak adalah ke akan juga ada saya",
    "vi": "và của là có được trong cho một các với người không này đã những tôi",
    "ro": "și de la în un o este nu cu pe care din se mai pentru sau ca să a fost",
    "cs": "a je v na se že to s z do o i jak ale po od za by jsou pro který",
    "fi": "ja on ei se että hän oli ovat mutta joka kun niin myös tai kuin hänen sen",
}
"""The commonest function words of languages in Latin script: no more than are needed to tell these from each other."""

_WORDS: Final = {language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()}
LATIN: Final = frozenset({*_WORDS, ""})
"""What `language_of` says of texts in Latin script."""

_LEAST_WORDS: Final = 60
"""With fewer words function words are too rare to go by."""

_LEAST_SHARE: Final = 0.08
_LEAD: Final = 1.3
"""The share of function words must lead the next language's by this factor."""

_ONE_WORD: Final = 0.6
"""Where one word makes more than this of a language's function words it is no language: "Co" in names of firms."""

_LONGER: Final = 0.3
"""Patterns, formulas and lists of options are full of single letters, some of which are words somewhere."""

_TRANSLATE: Final = re.compile(
    r"\b(?:translat|locali[sz]e\b|übersetz|tradu|vertaal|översätt|oversett|oversæt|prze?tłumacz|tłumacz|перевед|перевод|переклад|çevir|terjemahk"
    r"|how do you say|wie sagt man|cómo se dice|como se diz|comment dit-on|come si dice|как сказать"
    r"|target language|zielsprache|langue cible|(?:idioma|língua) (?:de )?destino)"
    r"|目[标標][语語]言|怎[么麼][说說]|翻[译訳譯]|번역|अनुवाद|ترجم",
    re.IGNORECASE,
)
_SCRIPT: Final = re.compile(
    r"\b(?:transliter|romani[sz]|cyrillic|кирил|латиниц|ćirilic|latinic|romaji|furigana|hiragana|katakana|devanagari|pinyin)"
    r"|[转轉改换換变變][^。\n]{0,8}[简簡繁][体體]|[简簡繁][体體]?[转轉]|拼音|ひらがな|カタカナ|ローマ字|ふりがな|読み方|よみがな|한글로|로마자",
    re.IGNORECASE,
)
_LANGUAGES: Final = (
    "Arabic|Chinese|Czech|Danish|Dutch|English|Finnish|French|German|Greek|Hebrew|Hindi|Hungarian|Indonesian|Italian|Japanese"
    "|Korean|Latin|Norwegian|Polish|Portuguese|Romanian|Russian|Spanish|Swedish|Thai|Turkish|Ukrainian|Vietnamese"
)
_LABELLED: Final = re.compile(rf"\b({_LANGUAGES}):")
_IN: Final = re.compile(rf".{{1,60}} (?:in|into) (?:{_LANGUAGES})\W*")
_NAMES: Final = {
    "ar": "arab",
    "cs": "czech|tschech|tchèque|checo|cesk|česk",
    "da": "danish|dansk|dänisch",
    "de": "german|deutsch|allemand|alemán|alemão|tedesc|tysk|niemieck|немец|duits|alman|jerman",
    "el": "greek|griechisch|grec|griego",
    "en": "english|englisch|anglais|inglés|inglês|inglese|engelsk|angielsk|англий|engels|ingiliz|inggris|angol",
    "es": "spanish|spanisch|espagnol|español|espanhol|spagnol|spansk|hiszpańsk|испан|spaans|ispanyol|spanyol|castellano",
    "fi": "finnish|finnisch|suome|finsk",
    "fr": "french|französisch|français|francés|francês|frances|fransk|francusk|француз|frans|fransız|prancis",
    "he": "hebrew|hebräisch|hébreu|hebreo",
    "hi": "hindi",
    "hu": "hungarian|ungarisch|hongrois|magyar",
    "id": "indonesia",
    "it": "italian|italienisch|italien|italiano|włosk|итальян",
    "ja": "japanese|japanisch|japonais|japonés|giappones|japansk|япон|nihongo",
    "ko": "korean|koreanisch|coréen|coreano|корей",
    "la": "latin|latein|latín",
    "nl": "dutch|niederländisch|néerlandais|neerland|nederlands",
    "no": "norwegian|norwegisch|norsk|norvég",
    "pl": "polish|polnisch|polonais|polaco|polacco|polsk|польск",
    "pt": "portuguese|portugiesisch|portugais|portugu[eê]s|portoghes",
    "ro": "romanian|rumänisch|roumain|român",
    "ru": "russian|russisch|russe|ruso|russo|русск|rus",
    "sv": "swedish|schwedisch|suédois|sueco|svensk",
    "th": "thai",
    "tr": "turkish|türkisch|turc|turco|türkçe",
    "uk": "ukrainian|ukrainisch|українськ|украин",
    "vi": "vietnam|tiếng việt",
    "zh": "chinese|chinesisch|chinois|chino|cinese|mandarin|китай",
}
"""How languages that models know well are called in some of them, by the beginnings of the words."""

_SIGNS: Final = {
    "ja": "日[语語本]",
    "zh": "[中汉漢]文|中国語|[汉漢][语語]",
    "en": "英[语語文]",
    "ko": "[韩韓][语語]|한국어",
    "fr": "法[语語]",
    "de": "德[语語]",
}
_NAMED: Final = {
    name: re.compile(rf"\b(?:{words})" + (f"|{_SIGNS[name]}" if name in _SIGNS else ""), re.IGNORECASE)
    for name, words in _NAMES.items()
}
_TEXTS: Final = 200
_CHARACTERS: Final = 500
_SCRIPTS: Final = ((0x250, "latin"), (0x370, ""), (0x400, "greek"), (0x530, "cyrillic"), (0x600, "other"), (0x780, "arabic"))
_INDIC: Final = range(0x900, 0x0E00)
_KANA: Final = range(0x3040, 0x3100)
_HANGUL: Final = range(0xAC00, 0xD7B0)

_MORE_STOP_WORDS: Final = (
    "his her these those them their our my your its me us him been being were am do does did has had having will would "
    "can could should may might must shall there here what who whom whose when where why how if then than so too very "
    "just also about into over under again more most some any all each every other such only own same no nor but because "
    "while during before after above below up down out off i one two s t re ve ll d m don "
)


def language_of(texts: Sequence[str]) -> str:
    """Return the code of a language in Latin script, or the name of another script; empty where that cannot be told."""
    some = [text[:_CHARACTERS] for text in texts[:_TEXTS]]
    script = _script_of(some)
    if script != "latin":
        return script
    counts = Counter(word for text in some for word in tokens(text))
    total = sum(counts.values())
    if total < _LEAST_WORDS:
        return ""
    shares = sorted(((_share(counts, words, total), name) for name, words in _WORDS.items()), reverse=True)
    (best, name), (second, _) = shares[:2]
    return name if best >= _LEAST_SHARE and best > _LEAD * second else ""


def _share(counts: Counter[str], words: frozenset[str], total: int) -> float:
    """Return the share of words that are a language's function words, 0 where these are one word, or single letters, mostly."""
    times = {word: counts[word] for word in words}
    found = sum(times.values())
    longer = sum(count for word, count in times.items() if len(word) > 1)
    return found / total if max(times.values()) <= _ONE_WORD * found and longer >= _LONGER * found else 0.0


def asks_to_translate(text: str) -> bool:
    """Tell whether an instruction asks for a translation: it says so, or labels two languages, as in ``French: … English:``."""
    return _TRANSLATE.search(text) is not None or len(set(_LABELLED.findall(text))) > 1


def asks_for_script(text: str) -> bool:
    """Tell whether an instruction asks to write or read something in another script, or another form of the same."""
    return _SCRIPT.search(text) is not None


def languages_in(text: str) -> set[str]:
    """Return which of the languages that models know well a text names, in whichever language it does."""
    return {name for name, written in _NAMED.items() if written.search(text)}


def names_language(request: str) -> bool:
    """Tell whether a request is a few words and the language to put them into: *Cyprus in Korean*."""
    return _IN.fullmatch(request.strip()) is not None


def holds(texts: Sequence[str], script: str, least: float) -> bool:
    """Tell whether at least a share of the letters of texts are of a script."""
    letters = [letter for text in texts[:_TEXTS] for letter in text[:_CHARACTERS] if letter.isalpha()]
    return sum(_script(ord(letter)) == script for letter in letters) >= least * max(1, len(letters))


def _script_of(texts: Iterable[str]) -> str:
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(_script(ord(letter)) for letter in text if letter.isalpha())
    del counts[""]
    return counts.most_common(1)[0][0] if counts else ""


def _script(code: int) -> str:
    for end, name in _SCRIPTS:
        if code < end:
            return name
    for codes, name in ((_INDIC, "indic"), (_KANA, "japanese"), (_HANGUL, "korean")):
        if code in codes:
            return name
    return "chinese" if code >= 0x2E80 else "other"


@cache
def stop_words(language: str) -> frozenset[str]:
    """Return the words that carry no content in a language; English ones are always among them."""
    english = _WORDS["en"] | frozenset(_MORE_STOP_WORDS.split())
    return english | _WORDS.get(language, frozenset())
