"""FIL007: see the class."""

from collections.abc import Iterator

from tunelint.core.bag import Bag
from tunelint.core.finding import Edit, Finding, Fix, Severity
from tunelint.rules.base import Context, TallyRule

_LINE_SUFFIXES = (".jsonl", ".ndjson")


class ArrayInJsonl(TallyRule):
    """The file is one JSON array, or has values over several lines, where a record a line is expected.

    ## Why

    Hosted trainers read JSON Lines: "Expected file to have JSONL format, where every line is a JSON dictionary. Line 1 is not a
    dictionary". The other way round, JSON Lines in a file called `.json` is read by some loaders and refused by others.

    ## What to do

    Write one object a line; the fix does.

    ## Examples

    ```jsonl good
    {"text": "1"}
    {"text": "2"}
    ```

    ```json good name=train.json
    [{"text": "1"}, {"text": "2"}]
    ```

    ```jsonl bad file
    [{"text": "1"},
     {"text": "2"}]
    ```

    ```jsonl fixed
    {"text":"1"}
    {"text":"2"}
    ```

    ```jsonl bad file
    {
      "text": "1"
    }
    {
      "text": "2"
    }
    ```

    ```jsonl fixed
    {"text":"1"}
    {"text":"2"}
    ```

    ```json bad file name=train.json
    {"text": "1"}
    {"text": "2"}
    ```

    ```jsonl bad file name=train.csv
    {"text": "1"}
    {"text": "2"}
    ```

    Sources: openai-python issue 426; OkGoDoIt/OpenAI-API-dotnet issue 59.
    """

    code = "FIL007"
    name = "array-in-jsonl"
    severity = Severity.ERROR
    fix = "safe"

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding for a container that its name does not promise."""
        facts = context.file
        if not facts.records:
            return
        name = facts.name.lower().removesuffix(f".{facts.compression}") if facts.compression else facts.name.lower()
        lines_expected = name.endswith(_LINE_SUFFIXES)
        fix = None if facts.damaged else Fix("write one object a line", "safe", (Edit("file", new="jsonl"),))
        if facts.container == "json" and lines_expected:
            yield self.finding("the file is one JSON array, not a record a line", help="write one object a line", fix=fix)
        elif facts.container == "json-stream" and (lines_expected or (facts.records > 1 and name.endswith(".json"))):
            yield self.finding(
                "records are laid out over several lines, not a record a line"
                if lines_expected
                else "several values are no JSON file",
                help="write one object a line" if lines_expected else "put them into one array, or one a line into a .jsonl file",
                fix=fix if lines_expected else None,
            )
        elif facts.container == "jsonl" and name.endswith(".json") and facts.records > 1:
            yield self.finding(
                "the file holds JSON Lines but is called .json",
                severity=Severity.INFORMATION,
                help="call it .jsonl: loaders that go by the name expect one JSON value in a .json file",
            )
        elif facts.container == "jsonl" and name.endswith((".csv", ".tsv")):
            yield self.finding(
                f"the file holds JSON Lines but is called {name[-4:]}",
                help="call it .jsonl: loaders that go by the name split the records at their commas",
            )
