"""CHT012: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Edit, Finding, Fix, Place, Severity
from tunelint.core.record import Record
from tunelint.rules.base import Context, RecordRule, Wake


class WhitespaceAtBoundary(RecordRule):
    """A prompt ends with white space that belongs to the beginning of the completion.

    ## Why

    Tokenizers join a space with the word after it. A prompt that ends with a space is tokenised in another way alone than with its
    completion, so what is trained is not what is sampled later; TRL warns that the prompt is no prefix of the whole.

    ## What to do

    Begin the completion with the space. Chat templates take care of that themselves.

    ## Fix

    The unsafe fix moves the white space from the prompt to the completion: the whole text stays as it is, the two values do not.

    ## Examples

    ```jsonl good
    {"prompt": "1 + 1 =", "completion": " 2"}
    ```

    ```jsonl bad prompt
    {"prompt": "1 + 1 = ", "completion": "2"}
    ```

    ```jsonl fixed
    {"prompt": "1 + 1 =", "completion": " 2"}
    ```

    Sources: huggingface/trl, warning on prompt tokens; openai-python, ``prepare_data`` (completion should start with a space).
    """

    code = "CHT012"
    name = "whitespace-at-boundary"
    severity = Severity.INFORMATION
    recommended = False
    fix = "unsafe"
    formats = frozenset({"prompt-completion"})
    wakes = Wake.ALWAYS

    def check(self, record: Record, context: Context) -> Iterator[Finding]:
        """Yield a finding for a prompt that ends with spaces or tabs."""
        example = record.example
        assert example is not None
        prompt, answer = example.turns[0], example.turns[-1]
        kept = prompt.text.rstrip(" \t")
        if kept == prompt.text or not kept or answer.text[:1].isspace() or not answer.text:
            return
        moved = prompt.text[len(kept) :]
        edits = (Edit("replace", prompt.text_at, kept), Edit("replace", answer.text_at, moved + answer.text))
        yield self.finding(
            "the prompt ends with white space, and the completion begins without",
            Place(prompt.text_at, chars=(len(kept), len(prompt.text))),
            help="begin the completion with it: tokenizers join a space with the word after it",
            fix=Fix("move the white space to the completion", "unsafe", edits),
        )
