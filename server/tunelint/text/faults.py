"""The exact place and the likely cause of a JSON syntax error, and the repair where only one reading exists."""

import enum
import re
from typing import NamedTuple

__all__ = ["Cause", "Expected", "Repair", "SyntaxFault", "find_fault"]


class Expected(enum.Enum):
    """What the grammar allows at the place where parsing stopped."""

    VALUE = "a value"
    VALUE_OR_END = "a value or ]"
    KEY = "a key in double quotes"
    KEY_OR_END = "a key in double quotes or }"
    COMMA_OR_END = "a comma or the closing bracket"
    END = "the end of the line"


class Cause(enum.Enum):
    """Why a text is no JSON, as far as its neighbourhood tells."""

    EMPTY = "empty"
    TRAILING_COMMA = "trailing comma"
    MISSING_COMMA = "missing comma"
    EXTRA_COMMA = "extra comma"
    MISSING_COLON = "missing colon"
    MISSING_VALUE = "missing value"
    MISSING_CLOSE = "missing closing bracket"
    WRONG_CLOSE = "wrong closing bracket"
    EXTRA_CLOSE = "extra closing bracket"
    UNTERMINATED_STRING = "unterminated string"
    UNESCAPED_QUOTE = "unescaped quote"
    RAW_CONTROL = "raw control character in a string"
    BAD_ESCAPE = "invalid escape"
    SINGLE_QUOTES = "single quotes"
    CURLY_QUOTES = "typographic quotes"
    UNQUOTED = "unquoted text"
    PYTHON_WORD = "Python or JavaScript constant"
    BAD_NUMBER = "invalid number"
    COMMENT = "comment"
    SEVERAL_VALUES = "several values on one line"
    TRAILING_TEXT = "text after the value"
    ODD_SPACE = "white space that JSON does not allow"
    BYTE_ORDER_MARK = "byte order mark inside the text"
    TOO_DEEP = "nested too deeply"
    UNEXPECTED = "unexpected character"


class Repair(NamedTuple):
    """Replace the characters from `start` to `end` by `text`; `certain` when no other reading of the text is likely."""

    start: int
    end: int
    text: str
    certain: bool


class SyntaxFault(NamedTuple):
    """The first fault of a text: where it is, what the grammar wanted there, and what probably happened."""

    cause: Cause
    start: int
    end: int
    expected: Expected
    found: str
    repair: Repair | None = None


_GOOD_STRING_PART = re.compile(r'(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+')
_KEY_AHEAD = re.compile(r'[ \t\n\r]*+"(?:[^"\\\x00-\x1f]|\\.)*+"[ \t\n\r]*+:')
_BARE_KEY = re.compile(r"[A-Za-z_$][\w$-]*+(?=[ \t]*+:)")
_WORD = re.compile(r"[A-Za-z_$][\w$]*+")
_NUMBER_LIKE = re.compile(r"[+-]?[0-9.][0-9A-Za-z_.+-]*+|[+-][A-Za-z]++")
_COMMENT = re.compile(r"//[^\n\r]*+|/\*(?s:.*?)(?:\*/|\Z)|#[^\n\r]*+")
_ODD_SPACE = re.compile(r"[\x0b\x0c\x1c-\x1f\x85\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f\u2060\u3000]++")
_PLAIN_NUMBER = re.compile(r"(?:0|[1-9][0-9]*+)(?:\.[0-9]*+)?|\.[0-9]++")
_HEX_ESCAPE = re.compile(r"\\x([0-9a-fA-F]{2})")
_CURLY = "“”„‟«»"
_WORD_REPAIRS = {
    "True": "true",
    "False": "false",
    "None": "null",
    "undefined": "null",
    "TRUE": "true",
    "FALSE": "false",
    "NULL": "null",
}
_NOT_FINITE = {"nan", "inf", "infinity", "NAN", "INF", "Inf", "INFINITY"}
_CLOSERS = {"{": "}", "[": "]"}


def find_fault(text: str, position: int, expected: Expected, open_brackets: list[str]) -> SyntaxFault:
    """Explain why parsing stopped at `position`, where `expected` was allowed inside `open_brackets`."""
    if position >= len(text):
        return _at_end(text, position, expected, open_brackets)
    character = text[position]
    if character == '"' and expected is not Expected.COMMA_OR_END and expected is not Expected.END:
        fault = _inside_string(text, position, expected)
        if fault is not None:
            return fault
    comment = _COMMENT.match(text, position)
    if comment is not None and not text.startswith(("#", "/"), comment.end()):
        repair = Repair(comment.start(), comment.end(), "", certain=False)
        return _fault(Cause.COMMENT, text, *comment.span(), expected, repair)
    odd = _ODD_SPACE.match(text, position)
    if odd is not None:
        return _fault(Cause.ODD_SPACE, text, *odd.span(), expected, Repair(odd.start(), odd.end(), " ", certain=True))
    if character == "\ufeff":
        repair = Repair(position, position + 1, "", certain=True)
        return _fault(Cause.BYTE_ORDER_MARK, text, position, position + 1, expected, repair)
    if expected is Expected.END:
        return _after_value(text, position, expected)
    if expected is Expected.COMMA_OR_END:
        return _between_values(text, position, expected, open_brackets)
    if expected in {Expected.KEY, Expected.KEY_OR_END}:
        return _instead_of_key(text, position, expected)
    return _instead_of_value(text, position, expected)


def _fault(cause: Cause, text: str, start: int, end: int, expected: Expected, repair: Repair | None = None) -> SyntaxFault:
    return SyntaxFault(cause, start, end, expected, text[start : min(end, start + 40)], repair)


def _previous(text: str, position: int) -> int:
    """Return the offset of the last character before `position` that is no white space, -1 if there is none."""
    position -= 1
    while position >= 0 and text[position] in " \t\r\n":
        position -= 1
    return position


def _at_end(text: str, position: int, expected: Expected, open_brackets: list[str]) -> SyntaxFault:
    last = _previous(text, position)
    end = last + 1
    if not open_brackets:
        return SyntaxFault(Cause.EMPTY if last < 0 else Cause.MISSING_VALUE, end, end, expected, "")
    closers = "".join(_CLOSERS[bracket] for bracket in reversed(open_brackets))
    repair = Repair(end, end, closers, certain=False) if expected is Expected.COMMA_OR_END else None
    return SyntaxFault(Cause.MISSING_CLOSE, max(last, 0), end, expected, closers, repair)


def _inside_string(text: str, start: int, expected: Expected) -> SyntaxFault | None:
    """Explain a string that the grammar refuses; None when the string itself is sound."""
    match = _GOOD_STRING_PART.match(text, start + 1)
    assert match is not None
    stop = match.end()
    if stop >= len(text):
        return _fault(Cause.UNTERMINATED_STRING, text, start, stop, expected)
    character = text[stop]
    if character == '"':
        if expected in {Expected.KEY, Expected.KEY_OR_END}:
            return _fault(Cause.MISSING_COLON, text, start, stop + 1, expected)
        return None
    if character == "\\":
        return _bad_escape(text, stop, expected)
    escaped = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}.get(character, f"\\u{ord(character):04x}")
    certain = character not in "\n\r" or _closes_soon(text, stop)
    return _fault(Cause.RAW_CONTROL, text, stop, stop + 1, expected, Repair(stop, stop + 1, escaped, certain=certain))


def _closes_soon(text: str, position: int) -> bool:
    """Tell whether the string that holds the raw line end at `position` is closed later on in the text."""
    return text.find('"', position) >= 0


def _bad_escape(text: str, position: int, expected: Expected) -> SyntaxFault:
    following = text[position + 1 : position + 2]
    if following == "'":
        repair = Repair(position, position + 2, "'", certain=True)
    elif (hexadecimal := _HEX_ESCAPE.match(text, position)) is not None:
        repair = Repair(position, position + 4, f"\\u00{hexadecimal[1]}", certain=True)
    elif following:
        repair = Repair(position, position + 1, "\\\\", certain=False)
    else:
        return _fault(Cause.UNTERMINATED_STRING, text, position, position + 1, expected)
    return _fault(Cause.BAD_ESCAPE, text, position, position + 2, expected, repair)


def _after_value(text: str, position: int, expected: Expected) -> SyntaxFault:
    character = text[position]
    rest = text[position + 1 :].strip(" \t\r\n")
    if character == ",":
        if not rest:
            repair = Repair(position, position + 1, "", certain=True)
            return _fault(Cause.TRAILING_COMMA, text, position, position + 1, expected, repair)
        if rest[0] in "{[":
            repair = Repair(position, position + 1, "\n", certain=True)
            return _fault(Cause.SEVERAL_VALUES, text, position, position + 1, expected, repair)
    if character in "{[":
        repair = Repair(_previous(text, position) + 1, position, "\n", certain=True)
        return _fault(Cause.SEVERAL_VALUES, text, position, position + 1, expected, repair)
    if character in "}]" and not rest:
        repair = Repair(position, position + 1, "", certain=True)
        return _fault(Cause.EXTRA_CLOSE, text, position, position + 1, expected, repair)
    return _fault(Cause.TRAILING_TEXT, text, position, len(text.rstrip(" \t\r\n")), expected)


def _between_values(text: str, position: int, expected: Expected, open_brackets: list[str]) -> SyntaxFault:
    character = text[position]
    last = _previous(text, position)
    if character in "}]":
        return _fault(Cause.WRONG_CLOSE, text, position, position + 1, expected)
    comma = Repair(last + 1, last + 1, ",", certain=True)
    in_object = open_brackets[-1] == "{"
    if in_object and _KEY_AHEAD.match(text, position):
        return _fault(Cause.MISSING_COMMA, text, last, position + 1, expected, comma)
    if not in_object and character in "{[" and text[last] in "}]":
        return _fault(Cause.MISSING_COMMA, text, last, position + 1, expected, comma)
    if not in_object and last + 1 < position and (character == '"' or character.isalnum()):
        return _fault(Cause.MISSING_COMMA, text, last, position + 1, expected, comma._replace(certain=False))
    if text[last] == '"' and character not in ":;=":
        return _fault(Cause.UNESCAPED_QUOTE, text, last, last + 1, expected)
    number = _NUMBER_LIKE.match(text, position)
    if number is not None and text[last].isalnum():
        return _fault(Cause.BAD_NUMBER, text, last, number.end(), expected)
    return _fault(Cause.UNEXPECTED, text, position, position + 1, expected)


def _instead_of_key(text: str, position: int, expected: Expected) -> SyntaxFault:
    character = text[position]
    last = _previous(text, position)
    if character == "}" and text[last] == ",":
        return _fault(Cause.TRAILING_COMMA, text, last, last + 1, expected, Repair(last, last + 1, "", certain=True))
    if character == "," and text[last] == ",":
        repair = Repair(position, position + 1, "", certain=True)
        return _fault(Cause.EXTRA_COMMA, text, position, position + 1, expected, repair)
    bare = _BARE_KEY.match(text, position)
    if bare is not None:
        repair = Repair(bare.start(), bare.end(), f'"{bare[0]}"', certain="$" not in bare[0])
        return _fault(Cause.UNQUOTED, text, *bare.span(), expected, repair)
    return _quotes_or_unexpected(text, position, expected)


def _instead_of_value(text: str, position: int, expected: Expected) -> SyntaxFault:
    character = text[position]
    last = _previous(text, position)
    if character == "]" and last >= 0 and text[last] == ",":
        return _fault(Cause.TRAILING_COMMA, text, last, last + 1, expected, Repair(last, last + 1, "", certain=True))
    if character == "," and last >= 0 and text[last] == ",":
        repair = Repair(position, position + 1, "", certain=False)
        return _fault(Cause.EXTRA_COMMA, text, position, position + 1, expected, repair)
    if character in ",}]":
        return _fault(Cause.MISSING_VALUE, text, position, position + 1, expected)
    word = _WORD.match(text, position)
    if word is not None:
        if word[0] in _WORD_REPAIRS:
            repair = Repair(word.start(), word.end(), _WORD_REPAIRS[word[0]], certain=word[0] != "undefined")
            return _fault(Cause.PYTHON_WORD, text, *word.span(), expected, repair)
        cause = Cause.BAD_NUMBER if word[0] in _NOT_FINITE else Cause.UNQUOTED
        return _fault(cause, text, *word.span(), expected)
    number = _NUMBER_LIKE.match(text, position)
    if number is not None:
        return _fault(Cause.BAD_NUMBER, text, *number.span(), expected, _number_repair(number))
    return _quotes_or_unexpected(text, position, expected)


def _number_repair(number: re.Match[str]) -> Repair | None:
    """Repair what has one reading: a plus sign, a missing zero before or after the point."""
    raw = number[0]
    sign = "-" if raw.startswith("-") else ""
    body = raw.lstrip("+-")
    if not _PLAIN_NUMBER.fullmatch(body) or len(raw) - len(body) > 1:
        return None
    whole, point, fraction = body.partition(".")
    text = f"{sign}{whole or '0'}" + (f".{fraction or '0'}" if point else "")
    return Repair(number.start(), number.end(), text, certain=True)


def _quotes_or_unexpected(text: str, position: int, expected: Expected) -> SyntaxFault:
    character = text[position]
    if character in "'`":
        return _fault(Cause.SINGLE_QUOTES, text, position, position + 1, expected)
    if character in _CURLY:
        return _fault(Cause.CURLY_QUOTES, text, position, position + 1, expected)
    return _fault(Cause.UNEXPECTED, text, position, position + 1, expected)
