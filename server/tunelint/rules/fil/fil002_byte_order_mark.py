"""FIL002: see the class."""

from collections.abc import Iterator

from tunelint.core.bag import Bag
from tunelint.core.finding import Edit, Finding, Fix, Severity
from tunelint.formats import all_targets
from tunelint.rules.base import Context, TallyRule, in_words


class ByteOrderMark(TallyRule):
    r"""The file begins with a byte order mark that its readers refuse.

    ## Why

    Python's `json` and most services take the mark for the first character of the first record and refuse it. Azure's pages ask
    for one all the same; a file without it is taken there, so its absence is only mentioned.

    ## What to do

    Save the file as UTF-8 without a mark ("utf-8", not "utf-8-sig").

    ## Examples

    ```jsonl good
    {"text": "1"}
    ```

    ```jsonl bad file escaped target=together
    \xef\xbb\xbf{"text": "1"}
    ```

    ```jsonl fixed
    {"text": "1"}
    ```

    ```jsonl bad file target=azure
    {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}
    ```

    Sources: WangRongsheng/MedQA-ChatGLM issue 2 (Unexpected UTF-8 BOM); MicrosoftDocs/azure-ai-docs, fine-tuning.
    """

    code = "FIL002"
    name = "byte-order-mark"
    severity = Severity.ERROR
    fix = "safe"

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield a finding for a mark that is refused, or that is asked for and missing."""
        target = context.target
        if not context.file.bom:
            if target is not None and target.bom == "wanted" and context.file.records and not context.file.foreign_encoding:
                yield self.finding(
                    f"{target.title}'s pages ask for a byte order mark, and there is none",
                    severity=Severity.INFORMATION,
                    help="the service takes files without it as well; add it only if an upload is refused",
                )
            return
        fix = Fix("remove the byte order mark", "safe", (Edit("file", new="no-bom"),))
        if target is not None:
            if target.bom == "refused":
                yield self.finding(f"{target.title} refuses a byte order mark", help="save the file without it", fix=fix)
            return
        format_name = context.format.name if context.format is not None else None
        refusing = [
            one for one in all_targets().values() if one.bom == "refused" and (not format_name or format_name in one.dialects)
        ]
        names = in_words([one.title for one in refusing]) if refusing else "many readers"
        yield self.finding(
            f"the file begins with a byte order mark, which {names} refuse{'s' if len(refusing) == 1 else ''}",
            severity=Severity.WARNING,
            help="save the file without it, unless Azure is where it goes",
            fix=fix,
        )
