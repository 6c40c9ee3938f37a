"""FIL013: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Severity
from tunelint.rules.base import Context, TallyRule

_HELP: Final = {
    "an HTML page": "a page, often that of a sign-in or an error, was saved in place of the data: download the raw file",
    "a Git LFS pointer": "the data itself was not fetched: run git lfs pull",
    "a git-annex pointer": "the data itself was not fetched: run git annex get",
    "a Parquet file": "call it .parquet: what is in a file is told by its name",
    "data packed with gzip": "call it .gz, or unpack it",
    "data packed with Zstandard": "call it .zst, or unpack it",
    "a ZIP archive or Office document": "unpack the archive, or save the sheet as CSV",
    "an Office document": "save the sheet as CSV",
}
_ELSE: Final = "export the records as JSON Lines, one object a line"


class NoDataset(TallyRule):
    """The file holds something else than records.

    ## Why

    A sign-in page saved under the name of a dataset, the pointer that Git LFS leaves where data was not fetched, a spreadsheet or an
    archive: a line of each may even be read as text, and every other message about such a file leads astray.

    ## What to do

    Fetch the data again; the finding says how for the commonest cases.

    ## Examples

    ```jsonl good
    {"text": "<!doctype html> begins a page."}
    ```

    ```txt good name=page.txt
    <html> begins a page.
    ```

    ```jsonl bad file
    <!DOCTYPE html>
    <html lang="en"><head><title>Sign in</title></head></html>
    ```

    ```jsonl bad file
    version https://git-lfs.github.com/spec/v1
    oid sha256:ad8929c104443b55f37759bd7ab4301f50f241c223877758524d5959346be0dc
    size 209751155
    ```

    Sources: Git LFS, pointer specification version 1; the signatures of file formats as their specifications give them.
    """

    code = "FIL013"
    name = "no-dataset"
    severity = Severity.ERROR

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding for a file that holds something else."""
        content = context.file.content
        if content:
            yield self.finding(f"the file is {content}, no dataset", help=_HELP.get(content, _ELSE))
