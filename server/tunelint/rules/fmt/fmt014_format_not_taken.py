"""FMT014: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Severity
from tunelint.formats import all_formats
from tunelint.rules.base import Context, TallyRule

_EXACT: Final = frozenset({"trl"})
"""Trainers beside the hosted ones whose readers go by the names of columns and have no setting that maps others to them."""


class FormatNotTaken(TallyRule):
    """The target does not take the format of the file.

    ## Why

    The upload is refused, or the job fails at the first record, however sound the records are in their own format. The commonest
    case is data of another provider: OpenAI's `messages` for Gemini, ShareGPT or Alpaca for a service.

    Trainers whose configs map columns of any name to what they read are not asked here; LNK002 asks the config.

    ## What to do

    Convert the data to a format that the finding names, or choose the target that it was made for.

    ## Examples

    ```jsonl good target=together
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    ```

    ```jsonl good target=llama-factory
    {"question": "Is it raining?", "prompt": "Answer briefly.", "completion": "No."}
    ```

    ```jsonl bad file target=gemini
    {"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    ```

    ```jsonl bad file target=together
    {"instruction": "Is it raining?", "input": "", "output": "No."}
    ```

    ```jsonl bad file target=bedrock/nova
    {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "No."}]}
    ```

    ```jsonl bad file target=trl
    {"instruction": "Is it raining?", "input": "", "output": "No."}
    ```

    Sources: the dialects of the targets in `formats/targets`, each with its own; TRL, ``data_utils.py`` and ``sft_trainer.py``.
    """

    code = "FMT014"
    name = "format-not-taken"
    severity = Severity.ERROR

    def applies(self, context: Context) -> bool:
        """Only a file of a known format, checked for a target, has something to report."""
        return context.format is not None and context.target is not None

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding for the file."""
        target, form = context.target, context.format
        assert target is not None
        assert form is not None
        if not context.file.records or not (target.hosted or target.name in _EXACT):
            return
        model = context.model_limits
        taken = model.formats if model is not None and model.formats is not None else frozenset(target.dialects)
        if form.name in taken:
            return
        who = f"{target.title} ({context.model})" if form.name in target.dialects else target.title
        known = [all_formats()[name] for name in sorted(taken)]
        alike = [one for one in known if one.method == context.method] or known
        titles = [one.title for one in alike]
        which = " or ".join([", ".join(titles[:-1]), titles[-1]]) if len(titles) > 1 else titles[0]
        yield self.finding(f"{who} does not read {form.title}", help=f"convert the data to {which}")
