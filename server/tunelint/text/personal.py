"""Finds personal data in text: addresses, numbers and ids by their form and, where they have one, their check digit."""

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from tunelint.text.secrets import dotted, secrets_in

__all__ = ["ENTITIES", "Personal", "masked_personal", "personal_in"]


class Personal(NamedTuple):
    """A piece of personal data: which entity, and the characters of the text that it takes."""

    entity: str
    start: int
    end: int


_EMAIL: Final = re.compile(
    r"(?<![\w.+%/-])[A-Za-z0-9][\w.+-]{0,62}[\w+-]@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}(?![\w@-])", re.ASCII
)
_NOBODY: Final = re.compile(
    r"(?:git|no-?reply|user(?:name)?|(?:your\.?)?name|you|me|someone|test|foo|bar|abc|e?mail|admin|info|support|contact|help)@"
    r"|.*@(?:[\w-]+\.)*(?:example|test|invalid|localhost|(?:your|my)?(?:domain|company|website|email)|mail|foo|bar|xyz|abc|acme)"
    r"(?:\.\w+)?$|.*gserviceaccount\.com$",
    re.IGNORECASE,
)
"""Addresses of nobody: what instructions write for one, and offices that are no person's."""

_PHONE: Final = re.compile(
    r"(?<![\w.+/=-])(?:\+[1-9]\d{0,2}(?:[ .-]?\(\d{1,4}\)|[ .-]?\d{1,4})(?:[ .-]?\d{2,4}){2,4}"
    r"|\([2-9]\d{2}\) ?[2-9]\d{2}-\d{4}|(?:1-)?[2-9]\d{2}-[2-9]\d{2}-\d{4})(?![\w-]|\.\d)"
)
_NOBODYS_PHONE: Final = re.compile(r"555\D?\d{4}|123\D?456|0000|1234\D?5678|\D*1?\D*8(?:00|33|44|55|66|77|88)\D")
"""Numbers of films and forms (the exchange 555 is given to nobody), and those that are free to call."""

_UNSEPARATED: Final = 13
"""Digits of the longest telephone number that people write without any separator."""

_CARD: Final = re.compile(
    r"(?<![\w.-])(?:[3-6]\d{3}([ -]?)\d{4}\1\d{4}\1\d{4}|3[47]\d{2}([ -]?)\d{6}\2\d{5})(?![\w-]|[ -]\d|\.\d)"
)
_CARD_LENGTHS: Final = (("4", 16), ("5", 16), ("34", 15), ("37", 15), ("6011", 16), ("65", 16), ("35", 16))
_TEST_CARDS: Final = frozenset({"378282246310005", "371449635398431", "6011111111111117", "5105105105105100", "4012888888881881"})

_IBAN: Final = re.compile(r"(?<![\w-])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![\w-])")
_IBAN_LENGTHS: Final = {
    "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27,
    "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27,
    "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "TR": 26, "AE": 23, "SA": 24,
    "IL": 23, "BR": 29,
}  # fmt: skip
"""Characters of an account number by country (ISO 13616 registry)."""

_EXAMPLE_IBANS: Final = frozenset({"DE89370400440532013000", "GB29NWBK60161331926819", "GB82WEST12345698765432"})

_SSN: Final = re.compile(r"(?<![\w.-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])")
_EXAMPLE_SSNS: Final = frozenset({"078-05-1120", "219-09-9999", "123-45-6789", "111-11-1111", "555-55-5555"})
_CPF: Final = re.compile(r"(?<![\w.-])\d{3}\.\d{3}\.\d{3}-\d{2}(?![\w-])")
_CHINESE_ID: Final = re.compile(
    r"(?<![\w.-])[1-8]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\w-])"
)
_IP: Final = re.compile(r"(?<![\w.-])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w-]|\.\d)")
_OWN_NETWORKS: Final = re.compile(
    r"(?:0|10|127|255|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01])|192\.0\.2|198\.51\.100|203\.0\.113|8\.8|1\.1\.1|22[4-9]|23\d)\.|.*\.0$"
)
"""Addresses of one's own network, of documentation (RFC 5737), and of services."""


def _is_phone(text: str) -> bool:
    digits = sum(map(str.isdigit, text))
    return _NOBODYS_PHONE.search(text) is None and 9 <= digits <= 15 and (digits <= _UNSEPARATED or not text[1:].isdigit())


def _is_card(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    fits = any(digits.startswith(prefix) and len(digits) == length for prefix, length in _CARD_LENGTHS)
    return fits and len(set(digits)) > 3 and digits not in _TEST_CARDS and _luhn(digits)


def _luhn(digits: str) -> bool:
    """Tell whether the last digit is the check digit of the others (ISO/IEC 7812)."""
    doubled = (int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _is_iban(text: str) -> bool:
    """Tell whether an account number has the length of its country and the check digits of ISO 7064 (mod 97)."""
    number = text.replace(" ", "")
    if len(number) != _IBAN_LENGTHS.get(number[:2]) or number in _EXAMPLE_IBANS:
        return False
    return int("".join(str(int(one, 36)) for one in number[4:] + number[:4])) % 97 == 1


def _is_cpf(text: str) -> bool:
    digits = [int(one) for one in text if one.isdigit()]
    if len(set(digits)) < 3:
        return False
    for length in (9, 10):
        rest = sum(digit * weight for digit, weight in zip(digits, range(length + 1, 1, -1), strict=False)) * 10 % 11 % 10
        if rest != digits[length]:
            return False
    return True


def _is_chinese_id(text: str) -> bool:
    """Tell whether the last character is the check of the others (GB 11643)."""
    total = sum(int(digit) * pow(2, 17 - index, 11) for index, digit in enumerate(text[:17]))
    return "10X98765432"[total % 11] == text[17].upper()


_RECOGNISERS: Final[dict[str, tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...]]] = {
    "email": ((_EMAIL, lambda text: _NOBODY.match(text) is None),),
    "phone": ((_PHONE, _is_phone),),
    "card": ((_CARD, _is_card),),
    "iban": ((_IBAN, _is_iban),),
    "national-id": ((_SSN, lambda text: text not in _EXAMPLE_SSNS), (_CPF, _is_cpf), (_CHINESE_ID, _is_chinese_id)),
    "ip": ((_IP, lambda text: _OWN_NETWORKS.match(text) is None),),
}

ENTITIES: Final = tuple(_RECOGNISERS)
"""What can be looked for."""

_NUMBER: Final = re.compile(r"\d[\d .()-]{6,}")


def personal_in(text: str, entities: tuple[str, ...]) -> Iterator[Personal]:
    """Yield the personal data in a text, entity by entity."""
    numbers = _NUMBER.search(text) is not None
    for entity in entities:
        if (entity == "email" and "@" not in text) or (entity != "email" and not numbers):
            continue
        for pattern, holds in _RECOGNISERS[entity]:
            for match in pattern.finditer(text):
                if holds(match[0]):
                    yield Personal(entity, *match.span())


def masked_personal(text: str) -> str:
    """Return a text of the same length in which personal data and credentials are dots."""
    spans = [(one.start, one.end) for one in personal_in(text, ENTITIES)]
    return dotted(text, spans + [(one.start, one.end) for one in secrets_in(text)])
