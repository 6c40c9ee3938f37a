"""DUP004: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Edit, Finding, Fix, Place, Related, Severity
from tunelint.core.record import Record
from tunelint.core.reference import Reference
from tunelint.rules._places import answer_text
from tunelint.rules.base import Context, RecordRule, Wake
from tunelint.rules.dup._pairs import answered, takes_part


class TrainValidationOverlap(RecordRule):
    """An example stands in the training file and in the validation file.

    ## Why

    The loss on a validation file says how the model does on what it has not seen. Examples that it was trained on are known by
    heart: the curve goes on falling while the model gets worse, and the best checkpoint is the wrong one.

    Examples are compared as for duplicates: order of keys, escapes and white space around texts make no difference. A prompt that
    both files have with different answers counts too, unless it is one that many records have. The validation file is given with
    `--validation`, or as `validation-files` of the settings; where both files are checked the finding sits on the validation
    file's record, else on the training file's. Every record is looked up, in files that have a partner.

    ## What to do

    Drop the record from one of the two files, and split by what belongs together (customers, documents, conversations), not by
    lines.

    ## Fix

    The unsafe fix drops the record from the file that the finding is in.

    ## Examples

    ```jsonl good validation={"prompt":"1+3=","completion":"4"}
    {"prompt": "1+1=", "completion": "2"}
    {"prompt": "1+2=", "completion": "3"}
    ```

    ```jsonl bad 2:completion validation={"completion":"3","prompt":"1+2="}
    {"prompt": "1+1=", "completion": "2"}
    {"prompt": "1+2=", "completion": "3"}
    ```

    ```jsonl fixed
    {"prompt": "1+1=", "completion": "2"}
    ```

    Sources: Kapoor and Narayanan, Leakage and the reproducibility crisis, 2207.07048; Elangovan et al., Memorization versus
    generalization, 2102.01818.
    """

    code = "DUP004"
    name = "train-validation-overlap"
    severity = Severity.ERROR
    fix = "unsafe"
    wakes = Wake.ALWAYS
    stage = "shape"

    def applies(self, context: Context) -> bool:
        """Tell whether the file has a partner."""
        return super().applies(context) and any(one.role != "evaluation" for one in context.references)

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield one finding where a partner has the example, or else its prompt."""
        if not takes_part(record):
            return
        for partner in context.references:
            if partner.role == "evaluation":
                continue
            line = partner.examples.get(record.identity)
            if line is not None:
                yield self._found(record, partner, line, "example", "the example")
                return
            line = partner.prompts.get(record.digests[0]) if answered(record, context) else None
            if line is not None:
                yield self._found(record, partner, line, "prompt", "the prompt, with another answer,")
                return

    def _found(self, record: Record, partner: Reference, line: int, what: str, words: str) -> Finding:
        return self.finding(
            f"{words} stands in the {partner.role} file too",
            answer_text(record) if what == "example" else _prompt(record),
            help="drop it from one of the two files: what was trained on says nothing when it is evaluated on",
            related=(Related(f"the same {what}", file=partner.name, line=line),),
            fix=Fix(f"drop this record, whose {what} the {partner.role} file has too", "unsafe", (Edit("drop"),)),
        )


def _prompt(record: Record) -> Place:
    example = record.example
    return Place(example.turns[-2].text_at) if example is not None and len(example.turns) > 1 else Place()
