"""SEC002: see the class."""

from collections.abc import Iterator
from typing import Final, Literal

from tunelint.core.finding import Finding, Place, Severity
from tunelint.core.record import ABSENT, Record, leaves
from tunelint.rules.base import Context, Options, RecordRule, Wake
from tunelint.text.personal import personal_in

Entity = Literal["email", "phone", "card", "iban", "national-id", "ip"]

_WORDS: Final = {
    "email": "an e-mail address",
    "phone": "a telephone number",
    "card": "the number of a payment card",
    "iban": "the number of a bank account",
    "national-id": "the number of an identity document",
    "ip": "an IP address",
}


class PersonalDataOptions(Options, frozen=True, forbid_unknown_fields=True):
    """What can be set for personal data."""

    entities: tuple[Entity, ...] = ("email", "phone", "card", "iban", "national-id")
    """What is looked for; ``ip`` is not by default, since logs are full of it."""


class PersonalData(RecordRule):
    """A text holds personal data.

    ## Why

    A model can be made to say what it was trained on, and what it says about a person can hardly be taken back: the right to be
    forgotten ends at its weights. Many contracts and laws forbid such data in a training file that goes to a provider.

    Looked for are e-mail addresses, telephone numbers, payment cards (with the check digit of Luhn), bank accounts (IBAN, mod 97)
    and numbers of identity documents (of the United States, Brazil and China, with their check digits where they have them);
    addresses and numbers that are nobody's, such as those of documentation, are left alone. Names and places are not found: that
    takes a model, such as those of Presidio. The values are never printed.

    The rule is not on by itself, since in many data sets such data are public or meant. It looks at every text with a number or an
    @, which takes some ten microseconds a kilobyte.

    ## What to do

    Replace the data by made-up values of the same form, the same one for the same person, and keep the key apart from the file.

    ## Examples

    ```jsonl good
    {"prompt": "Write to someone", "completion": "Send it to name@example.com or call (555) 555-0123, card 4242 4242 4242 4242."}
    ```

    ```jsonl bad completion
    {"prompt": "Write to someone", "completion": "Send it to ada.okafor@riverside-dental.org by Monday."}
    ```

    ```jsonl bad prompt
    {"prompt": "Pay with 4539 1488 0343 6467 please", "completion": "Done."}
    ```

    Sources: Carlini et al., 2012.07805; ISO/IEC 7812 (Luhn), ISO 13616 (IBAN), GB 11643-1999; Regulation (EU) 2016/679, article 17.
    """

    code = "SEC002"
    name = "personal-data"
    severity = Severity.WARNING
    recommended = False
    wakes = Wake.ALWAYS
    stage = "line"
    settings = PersonalDataOptions
    unless = frozenset({"FIL001", "FIL008", "JSN001"})

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for the first piece of each kind in a record, with the count of all."""
        if record.value is ABSENT:
            return
        first: dict[str, Place] = {}
        counts: dict[str, int] = {}
        for path, text in leaves(record.value):
            for one in personal_in(text, self.options.entities):
                counts[one.entity] = counts.get(one.entity, 0) + 1
                first.setdefault(one.entity, Place(path, chars=(one.start, one.end)))
        for entity, place in first.items():
            more = f" ({counts[entity]} in this record)" if counts[entity] > 1 else ""
            yield self.finding(
                f"{_WORDS[entity]} stands in the text{more}",
                place,
                help="replace it by a made-up value of the same form: what a model has learnt can hardly be taken back",
                evidence={"entity": entity, "count": counts[entity]},
            )
