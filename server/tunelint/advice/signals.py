"""All signals of one dataset, each computed when it is first asked for: a verdict that is clear early costs little."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from tunelint.advice.grounding import Grounding, grounding_of
from tunelint.advice.language import LATIN, asks_for_script, asks_to_translate, holds, language_of, languages_in, names_language
from tunelint.advice.material import Material, material_of
from tunelint.advice.mechanical import Mechanics, mechanics_of
from tunelint.advice.names import Names, names_of, rare_names_in
from tunelint.advice.scale import Scale, scale_of
from tunelint.advice.study import Study
from tunelint.advice.style import Style
from tunelint.advice.task import TaskKind

if TYPE_CHECKING:
    from tunelint.advice.astray import Astray
    from tunelint.advice.pairing import Pairing
    from tunelint.advice.solvers import Solvers

__all__ = ["RARE", "Signals"]

_HAN_IN_JAPANESE: Final = 0.1
"""Japanese text has a third of its characters in Chinese script; what has hardly any is the sound of something."""

_TRANSLATED: Final = 0.9
"""Share of the records whose instructions ask for a translation."""

RARE: Final = 0.6
_BOTH: Final = 2
_SINGLE: Final = 2
"""Share of rare words from which it matters whether both languages of a translation are named and well known; of single words no
other tells which language they are in."""

_MENTION_TEXTS: Final = 2
_KINDS: Final = 0.05
_MOST_KINDS: Final = 30
"""Kinds of mentions recur; where more than these differ, and more than one in twenty texts of a field, they are no kinds."""

_LATIN_LETTERS: Final = 0.9
"""Share of Latin letters on one side, where the other is in another script: a translation, or how something is read."""


class Signals:
    """The signals of the records of a study. What needs numpy is imported when it is asked for."""

    def __init__(self, study: Study) -> None:
        self.study = study

    @property
    def kind(self) -> TaskKind:
        """What kind of task the answers make."""
        return self.study.task.kind

    @cached_property
    def grounding(self) -> Grounding:
        """Where answers come from."""
        return grounding_of(self.study)

    @cached_property
    def material(self) -> Material:
        """What recurs in the answers."""
        return material_of(self.study)

    @cached_property
    def mechanics(self) -> Mechanics:
        """What a line of code makes of the task."""
        return mechanics_of(self.study)

    @cached_property
    def names(self) -> Names:
        """Whether requests are bare names."""
        return names_of(self.study)

    @cached_property
    def scale(self) -> Scale:
        """Whether labels are grades."""
        return scale_of(self.study)

    @cached_property
    def style(self) -> Style:
        """How requests and answers are written."""
        return Style(self.study)

    @cached_property
    def solvers(self) -> "Solvers":
        """What learners without knowledge score."""
        from tunelint.advice.solvers import Solvers

        return Solvers(self.study)

    @cached_property
    def pairing(self) -> "Pairing":
        """Whether answers are tied to their requests."""
        from tunelint.advice.pairing import Pairing

        return Pairing(self.study)

    @cached_property
    def astray(self) -> "Astray":
        """Whether answers clearly fit the requests of other records."""
        from tunelint.advice.astray import astray_of

        return astray_of(self.study)

    @cached_property
    def translated(self) -> bool:
        """Whether instructions, or a template around requests, ask for a translation: single words do not tell their language."""
        study = self.study
        return self._ask(lambda index: asks_to_translate(study.around(index)) or names_language(study.cores[index]))

    @cached_property
    def foreign(self) -> bool:
        """Whether answers are in another language than requests; the reading of a name in kana is none."""
        if self.scripted:
            return True
        if self.translated:
            return not self._same_language
        asked, said = self.study.languages
        if (asked, said) == ("chinese", "japanese"):
            return holds([self.study.said[index] for index in self.study.asked], "chinese", _HAN_IN_JAPANESE)
        if not said and asked not in LATIN and (self.kind == "text" or self._is_read):
            return holds([self.study.said[index] for index in self.study.asked], "latin", _LATIN_LETTERS)
        if said not in LATIN and (not asked or (asked == said and self.kind == "short" and self.names.bare)):
            return holds([self.study.cores[index] for index in self.study.asked], "latin", _LATIN_LETTERS)
        return bool(asked and said and asked != said)

    @cached_property
    def scripted(self) -> bool:
        """Whether instructions, or a template around requests, ask for another script: how something is written or read."""
        return self._ask(lambda index: asks_for_script(self.study.around(index)))

    def _ask(self, asks: Callable[[int], bool]) -> bool:
        """Tell whether nearly all rows asked for words ask for something."""
        asked = self.study.asked
        return self.kind in {"short", "text"} and sum(map(asks, asked)) >= _TRANSLATED * max(1, len(asked))

    @property
    def reworded(self) -> bool:
        """Whether requests ask how a few words are said elsewhere in the same language: vocabulary, which models have."""
        return self.translated and self.kind == "short" and not self.foreign

    @property
    def _is_read(self) -> bool:
        """Whether short answers are words in small letters, as sounds and translations are; names and codes have capitals."""
        said = [self.study.said[index] for index in self.study.asked]
        return self.kind == "short" and sum(map(str.islower, said)) >= _LATIN_LETTERS * len(said)

    @property
    def little_known(self) -> bool:
        """Whether rare single words are to be translated, and instructions name a language that models may hardly know."""
        if not self.translated or self.names.words > _SINGLE or self.names.rare < RARE:
            return False
        around = self.study.around(self.study.asked[0])
        return len(languages_in(around)) < _BOTH and bool(rare_names_in(around))

    @property
    def _same_language(self) -> bool:
        """Whether what is to be translated is in the language of its translation: *in the words of an old translation*."""
        study = self.study
        return study.languages[1] == language_of([study.cores[index] for index in study.asked]) != ""

    @cached_property
    def lists_spans(self) -> bool:
        """Whether most JSON answers are lists and nothing else, as those are that mark every mention of a kind.

        An object with lists among fields of one value, an invoice with its lines, is a record: its schema says what to look for.
        """
        values = [self.study.values[index] for index in self.study.asked]
        return 2 * sum(map(_is_all_lists, values)) > len(values) and not _names_and_more(values)


def _is_all_lists(value: object) -> bool:
    """Tell whether JSON is a list of mentions, or an object all of whose filled fields are such lists."""
    if isinstance(value, list):
        return all(map(_is_mention, value))
    filled = [item for item in value.values() if item not in (None, "")] if isinstance(value, dict) else []
    return bool(filled) and all(isinstance(item, list) and all(map(_is_mention, item)) for item in filled)


def _names_and_more(values: Sequence[object]) -> bool:
    """Tell whether items of lists have two texts, neither of which is one of a few kinds: a name and its type, as written."""
    items = [item for value in values for item in _items(value) if isinstance(item, dict)]
    texts: dict[str, list[str]] = {}
    for item in items:
        for key, text in item.items():
            if isinstance(text, str):
                texts.setdefault(key, []).append(text)
    return len(texts) > 1 and all(len(set(some)) > max(_MOST_KINDS, _KINDS * len(some)) for some in texts.values())


def _items(value: object) -> Iterator[object]:
    """Yield the items of the lists of an answer."""
    for one in value.values() if isinstance(value, dict) else [value]:
        if isinstance(one, list):
            yield from one


def _is_mention(item: object) -> bool:
    """Tell whether an item of a list is a plain value, or one with its kind and place; with more texts it is a record."""
    if isinstance(item, dict):
        return sum(isinstance(value, str) for value in item.values()) <= _MENTION_TEXTS
    return not isinstance(item, list)
