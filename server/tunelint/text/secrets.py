"""Finds credentials in text by the forms that their issuers gave them, so that each is recognised without guessing.

A form is a fixed beginning, an alphabet and a length. Randomness alone says nothing: hashes, ids and encoded images are as random
as keys. What documentation writes instead of a key (``EXAMPLE``, one character repeated, an ascending alphabet) is none.
"""

import functools
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

__all__ = ["PATTERNS", "Secret", "dotted", "masked", "may_hold_secrets", "secrets_in"]


class Secret(NamedTuple):
    """A credential: what it is, in words with an article, and the characters of the text that it takes."""

    kind: str
    start: int
    end: int


class _Form(NamedTuple):
    """`triggers` stand in every text with such a credential; the group `body` of the pattern is what is random in it."""

    kind: str
    triggers: tuple[str, ...]
    pattern: str


_FORMS: Final = (
    _Form("an OpenAI API key", ("T3BlbkFJ",), r"sk-(?:(?:proj|svcacct|admin)-)?(?P<body>[\w-]{20,100}T3BlbkFJ[\w-]{20,100})"),
    _Form("an Anthropic API key", ("sk-ant-",), r"sk-ant-[a-z]{3,6}\d\d-(?P<body>[\w-]{80,120})"),
    _Form("an OpenRouter API key", ("sk-or-v1-",), r"sk-or-v1-(?P<body>[0-9a-f]{64})"),
    _Form("a Groq API key", ("gsk_",), r"gsk_(?P<body>[A-Za-z0-9]{52})"),
    _Form("an xAI API key", ("xai-",), r"xai-(?P<body>[A-Za-z0-9]{80})"),
    _Form("a Hugging Face token", ("hf_",), r"hf_(?P<body>[A-Za-z]{34})"),
    _Form("a Replicate token", ("r8_",), r"r8_(?P<body>[A-Za-z0-9]{37})"),
    _Form("an AWS access key", ("AKIA", "ASIA"), r"A[KS]IA(?P<body>[A-Z2-7]{16})"),
    _Form("a Google API key", ("AIza",), r"AIza(?P<body>[\w-]{35})"),
    _Form("a Google OAuth secret", ("GOCSPX-",), r"GOCSPX-(?P<body>[\w-]{28})"),
    _Form("an Azure storage key", ("AccountKey=",), r"AccountKey=(?P<body>[A-Za-z0-9+/]{86})=="),
    _Form("a GitHub token", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"gh[pousr]_(?P<body>[A-Za-z0-9]{36})"),
    _Form("a GitHub token", ("github_pat_",), r"github_pat_(?P<body>[A-Za-z0-9]{22}_[A-Za-z0-9]{59})"),
    _Form("a GitLab token", ("glpat-",), r"glpat-(?P<body>[\w-]{20,60})"),
    _Form("an npm token", ("npm_",), r"npm_(?P<body>[A-Za-z0-9]{36})"),
    _Form("a PyPI token", ("pypi-AgE",), r"pypi-(?P<body>AgE[\w-]{80,250})"),
    _Form("a Slack token", ("xoxb-", "xoxp-", "xoxa-", "xoxs-", "xoxr-"), r"xox[bpasr]-(?:\d{6,}-)+(?P<body>[A-Za-z0-9]{20,})"),
    _Form("a Stripe key", ("sk_live_", "rk_live_"), r"[sr]k_live_(?P<body>[A-Za-z0-9]{24,120})"),
    _Form("a SendGrid key", ("SG.",), r"SG\.(?P<body>[\w-]{22}\.[\w-]{43})"),
    _Form("a DigitalOcean token", ("dop_v1_",), r"dop_v1_(?P<body>[0-9a-f]{64})"),
    _Form("a Telegram bot token", (":AA",), r"\d{8,10}:AA(?P<body>[\w-]{33})"),
    _Form("a JSON Web Token", (".eyJ",), r"eyJ[\w-]{10,1000}\.eyJ(?P<body>[\w-]{10,8000}\.[\w-]{20,1000})"),
)

_PEM: Final = re.compile(
    r"-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----(?P<body>(?:\s|\\[rn]|[A-Za-z0-9+/=:,-]){100,}?)-----END"
)
_PEM_TRIGGER: Final = "-----BEGIN "

_ADDRESS: Final = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}://(?P<user>[^\s/:@\"'<>(){}\[\]$%`\\]{1,64}):(?P<body>[^\s/:@\"'<>(){}\[\]$`\\]{8,64})@"
    r"(?P<host>[A-Za-z0-9][A-Za-z0-9.-]{2,})"
)
_ADDRESS_TRIGGER: Final = "@"
_OWN_HOSTS: Final = re.compile(
    r"localhost|127\.0\.0\.1|0\.0\.0\.0|.*example.*|host(?:name)?|your.*|my.*|server|db|.*\.local|[^.]*", re.ASCII
)
"""Hosts of instructions and of one's own machine: a password for them protects nothing."""

PATTERNS: Final = {
    rb"_(?=[A-Za-z0-9]{16})(?:(?<=hf_|r8_)|(?<=npm_|gsk_)|(?<=gh[pousr]_)|(?<=k_live_)|(?<=dop_v1_)|(?<=github_pat_))": (
        *(b"hf_", b"r8_", b"npm", b"gsk", b"ghp", b"gho", b"ghu", b"ghs", b"ghr", b"k_l", b"p_v", b"b_p"),
    ),
    rb"-(?:(?<=sk-ant-)|(?<=sk-or-v1-)|(?<=xai-)(?=[A-Za-z0-9]{20})|(?<=glpat-)|(?<=xox[abprs]-)\d|(?<=GOCSPX-)|----BEGIN )": (
        *(b"k-a", b"-v1", b"xai", b"glp", b"xox", b"PX-", b"-BE"),
    ),
    rb"A(?:[KS]IA[A-Z2-7]{16}|Iza[\w-]{35}|ccountKey=|(?<=\d:A)A[\w-]{33}|(?<=pypi-A)gE)": (
        *(b"AKI", b"ASI", b"AIz", b"Acc", b"AA", b"AgE"),
    ),
    rb"J(?:(?<=\.eyJ)|(?<=T3BlbkFJ))": (b"eyJ", b"kFJ"),
    rb"SG\.[\w-]{22}\.": (b"SG.",),
    rb"/\\?/[^\s/:@\"\\]{1,64}:[^\s/:@\"\\]{8,64}@[A-Za-z0-9]": (b"//", rb"/\/"),
}
"""Patterns over JSON text, one of which is in every text with a credential. Each begins at the least common byte of what it looks
for and asks for the commonest obstacle first: hardly any name in source code goes on for 16 letters behind an underscore. Beside
each stand uncommon pieces of two or three bytes, one of which is around or in every match."""

_TRIGGERS: Final = (*dict.fromkeys(one for form in _FORMS for one in form.triggers), _PEM_TRIGGER, _ADDRESS_TRIGGER)
_ANY_TRIGGER: Final = re.compile("|".join(map(re.escape, _TRIGGERS)))

_COMPILED: Final = tuple((form, re.compile(form.pattern + r"(?![A-Za-z0-9])", re.ASCII)) for form in _FORMS)

_LEAST_DIFFERENT: Final = 8
"""Different characters that a random body has at least: of twenty random hexadecimal digits one in 10,000 has fewer."""

_STAND_IN: Final = re.compile(
    r"example|your|xxxx|placeholder|redacted|secret|password|sample|dummy|change.?me|(.)\1{5}", re.IGNORECASE
)
_MOST_STEPS: Final = 0.3
"""Share of neighbours that are next to each other in the alphabet: by chance one in thirty, in ``abcd1234`` nearly all."""

_WELL_KNOWN: Final = "eyJzdWIiOiIxMjM0NTY3ODkwIi"
"""How the token of every introduction to JSON Web Tokens goes on: the subject 1234567890."""


@functools.cache
def _any_pattern() -> tuple[re.Pattern[bytes], ...]:
    return tuple(map(re.compile, PATTERNS))


def may_hold_secrets(raw: bytes) -> bool:
    """Tell whether a text in UTF-8 may hold a credential; False for nearly every text, at memory speed."""
    return any(pattern.search(raw) is not None for pattern in _any_pattern())


def secrets_in(text: str) -> Iterator[Secret]:
    """Yield the credentials in a text: those of known issuers, private keys, and passwords in addresses, each in its order."""
    if _ANY_TRIGGER.search(text) is None:
        return
    for form, pattern in _COMPILED:
        if not any(trigger in text for trigger in form.triggers):
            continue
        for match in pattern.finditer(text):
            whole = match.start() == 0 or not text[match.start() - 1].isalnum()
            if whole and _is_random(match["body"]) and _WELL_KNOWN not in match[0]:
                yield Secret(form.kind, *match.span())
    if _PEM_TRIGGER in text:
        for match in _PEM.finditer(text):
            if _is_random(match["body"]):
                yield Secret("a private key", *match.span())
    if _ADDRESS_TRIGGER in text and "://" in text:
        for match in _ADDRESS.finditer(text):
            if _is_password(match["body"], match["user"]) and not _OWN_HOSTS.fullmatch(match["host"]):
                yield Secret("a password in an address", *match.span("body"))


def masked(text: str) -> str:
    """Return a text of the same length in which credentials are dots."""
    return dotted(text, ((one.start, one.end) for one in secrets_in(text)))


def dotted(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return a text of the same length with dots for the characters of some spans."""
    pieces: list[str] = []
    end = 0
    for start, stop in sorted(spans):
        pieces.append(text[end:start])
        pieces.append("\u2022" * (stop - max(start, end)))
        end = max(stop, end)
    return "".join([*pieces, text[end:]]) if pieces else text


def _is_random(body: str) -> bool:
    """Tell whether a body may be random, and is not what documentation writes in its place."""
    if len(set(body)) < _LEAST_DIFFERENT or _STAND_IN.search(body) is not None:
        return False
    steps = sum(abs(ord(one) - ord(other)) == 1 for one, other in pairwise(body))
    return steps <= _MOST_STEPS * len(body)


def _is_password(body: str, user: str) -> bool:
    """Tell whether a password was made to be one: of several kinds of characters, and no word of an instruction."""
    kinds = sum((any(map(str.isdigit, body)), any(map(str.islower, body)), any(map(str.isupper, body)), not body.isalnum()))
    return kinds >= 3 and user.casefold() not in body.casefold() and "pass" not in body.casefold() and _is_random(body)
