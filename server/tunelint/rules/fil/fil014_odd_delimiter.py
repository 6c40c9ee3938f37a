"""FIL014: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Severity
from tunelint.rules.base import Context, TallyRule

_NAMES: Final = {";": "semicolons", "\t": "tabs", "|": "bars"}


class OddDelimiter(TallyRule):
    r"""A CSV file separates its columns by something else than commas.

    ## Why

    Loaders split a `.csv` file at commas unless they are told otherwise: they find one column called `prompt;completion`, and the commas
    inside texts cut the rows to pieces. A spreadsheet in a language that writes decimals with a comma saves CSV that way.

    ## What to do

    Save it with commas, or as JSON Lines. A file that is separated by tabs may be called `.tsv`.

    ## Examples

    ```csv good name=train.csv
    prompt,completion
    "1; 2?",3
    ```

    ```tsv good name=train.tsv escaped
    prompt\tcompletion
    1 + 1 =\t2
    ```

    ```csv bad file name=train.csv
    prompt;completion
    1 + 1 =;2
    ```

    Sources: pandas, ``read_csv`` (the separator is a comma by default), which the CSV loader of Hugging Face's datasets calls.
    """

    code = "FIL014"
    name = "odd-delimiter"
    severity = Severity.WARNING

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding for the file."""
        facts = context.file
        name = facts.name.lower().removesuffix(f".{facts.compression}") if facts.compression else facts.name.lower()
        if facts.container == "csv" and name.endswith(".csv") and facts.delimiter in _NAMES:
            yield self.finding(
                f"the columns are separated by {_NAMES[facts.delimiter]}, not by commas",
                help="save it with commas or as JSON Lines: loaders split at commas unless they are told otherwise",
            )
