"""FIL010: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Severity
from tunelint.rules.base import Context, TallyRule

_MEBIBYTE: Final = 1 << 20


class FileTooLarge(TallyRule):
    """The file is larger than the target takes.

    ## Why

    The upload is refused, often only after all of it was sent.

    ## What to do

    Leave out duplicates and what is not needed, or train in several jobs. Limits are listed with their dates in the targets' pages.

    ## Examples

    ```jsonl good
    {"text": "1"}
    ```

    ```jsonl bad file target=openai also=ADV001 bytes=600000000
    {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}
    ```

    Sources: limits of each target with their dates in `formats/targets`.
    """

    code = "FIL010"
    name = "file-too-large"
    severity = Severity.ERROR

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding for a file above the limit."""
        most, size = context.limits.max_bytes, context.file.size
        if most is not None and size is not None and size > most:
            yield self.finding(
                f"the file has {size / _MEBIBYTE:,.0f} MiB, and {context.consumer} takes {most / _MEBIBYTE:,.0f} MiB at most",
                help="leave out duplicates and what is not needed, or split the file",
                evidence={"bytes": size, "limit": most},
            )
