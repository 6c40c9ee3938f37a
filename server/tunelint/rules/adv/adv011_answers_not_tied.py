"""ADV011: see the class."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tunelint.core.finding import Finding, Severity
from tunelint.rules.adv._saying import evidence_records
from tunelint.rules.base import AdviceRule, Context

if TYPE_CHECKING:
    from tunelint.advice.verdict import Verdict


class AnswersNotTied(AdviceRule):
    """The answers fit the requests of other records as well as their own.

    ## Why

    Mostly a column was sorted, shuffled or shifted by a row when the file was made. Every record looks right by itself, the loss
    falls, and the model learns to answer past the question.

    Where requests are bare names, a table to look them up in can look the same, and the finding is only information.

    ## What to do

    Read a few records aloud, and check how requests and answers were joined.

    ## Examples

    ```jsonl good
    {"messages": [{"role": "user", "content": "Name a colour"}, {"role": "assistant", "content": "Blue"}]}
    ```

    ```jsonl bad file times=10 also=DUP003,DUP002
    {"messages": [{"role": "user", "content": "Where is parcel @ of order @?"}, {"role": "assistant", "content": "We are sorry that it took so long and will look into it today"}]}
    {"messages": [{"role": "user", "content": "Where is parcel @ of order @?"}, {"role": "assistant", "content": "Thank you for the kind words, our cooks were glad to read them"}]}
    {"messages": [{"role": "user", "content": "Where is parcel @ of order @?"}, {"role": "assistant", "content": "Your money comes back within a week, on the card that you paid with"}]}
    {"messages": [{"role": "user", "content": "Where is parcel @ of order @?"}, {"role": "assistant", "content": "Breakfast is from seven to ten, and on Sundays until noon in summer"}]}
    {"messages": [{"role": "user", "content": "Where is parcel @ of order @?"}, {"role": "assistant", "content": "Dogs may come along as long as they sleep on a blanket of their own"}]}
    {"messages": [{"role": "user", "content": "Where is parcel @ of order @?"}, {"role": "assistant", "content": "The lift is being repaired, please take the stairs behind the bar"}]}
    ```

    Sources: Gretton et al., Measuring statistical dependence with Hilbert-Schmidt norms, 2005.
    """

    code = "ADV011"
    name = "answers-not-tied"
    severity = Severity.WARNING

    def report(self, verdict: "Verdict", context: Context) -> Iterator[Finding]:
        """Yield a finding for pairs that do not belong together."""
        if verdict.verdict != "check-pairing":
            return
        yield self.finding(
            "answers fit the requests of other records as well as their own",
            severity=Severity.WARNING if verdict.strength == "strong" else Severity.INFORMATION,
            help="check how requests and answers were joined: a column may be shuffled or shifted",
            related=evidence_records(verdict),
            evidence=verdict.numbers(),
        )
