"""FMT016: see the class."""

from collections.abc import Hashable, Iterator
from typing import Final

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Place, Severity
from tunelint.core.record import Record
from tunelint.rules._dialects import dialect_of
from tunelint.rules.base import Context, Link, ProjectRule, TallyRule, Wake

_WORDS: Final = {
    "system": ("so the model never sees it", "write it into the conversation, or in front of the prompt"),
    "loss_mask": (
        "so answers that it leaves out are learnt",
        "end the conversation before such an answer, or put it into a prompt, of which nothing is learnt",
    ),
}
"""What comes of a column that is not read, and what to do."""


class UnreadColumn(TallyRule, ProjectRule):
    """A column that says something to the model, or of the loss, is not read by the target.

    ## Why

    TRL takes the columns that its formats name and drops all others. A `system` beside `prompt`, `chosen` and `rejected` is read by
    Axolotl and LLaMA-Factory; with TRL the model is trained without it and nobody is told. A `loss_mask` beside the messages is of other
    trainers: here every answer is learnt.

    ## What to do

    Write what the column says where the target reads it.

    ## Examples

    ```jsonl good target=axolotl
    {"system": "Be brief.", "prompt": "Is it raining?", "chosen": "No.", "rejected": "Who knows."}
    ```

    ```jsonl good target=trl
    {"id": 17, "prompt": "Is it raining?", "chosen": "No.", "rejected": "Who knows.", "system": ""}
    ```

    ```jsonl bad system target=trl
    {"system": "Be brief.", "prompt": "Is it raining?", "chosen": "No.", "rejected": "Who knows."}
    ```

    ```jsonl bad loss_mask target=llama-factory
    {"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Go away"}, {"from": "human", "value": "Pardon?"}, {"from": "gpt", "value": "Hi!"}], "loss_mask": [0, 0, 0, 1]}
    ```

    ```jsonl beside data/train.jsonl times=400
    {"system": "Be brief.", "prompt": "Name colour @", "chosen": "Colour @ is green", "rejected": "Red"}
    ```

    ```yaml bad dataset_name name=dpo.yaml
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: data
    output_dir: out
    use_peft: true
    loss_type: sigmoid
    beta: 0.1
    learning_rate: 5.0e-6
    per_device_train_batch_size: 1
    max_length: 256
    eval_strategy: steps
    ```

    ```jsonl beside data/train.jsonl times=400
    {"system": "Be brief.", "messages": [{"role": "user", "content": "Name colour @"}, {"role": "assistant", "content": "Colour @ is green"}]}
    ```

    ```yaml bad dataset_name name=sft.yaml
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: data
    output_dir: out
    use_peft: true
    learning_rate: 2.0e-4
    per_device_train_batch_size: 1
    max_length: 256
    eval_strategy: steps
    ```

    Sources: TRL 1.16, ``dataset_formats.md``, ``dpo_trainer.py``, ``kto_trainer.py`` and ``sft_trainer.py``; LLaMA-Factory 0.9.5,
    ``data/converter.py``; torchtune 0.6.1, ``data/_messages.py``.
    """

    code = "FMT016"
    name = "unread-column"
    severity = Severity.WARNING
    wakes = Wake.FAULTY | Wake.RICH
    stage = "shape"

    def applies(self, context: Context) -> bool:
        """Only of some targets it is known what they do not read."""
        return context.dialect is not None and bool(context.dialect.unread)

    def observe(self, record: Record, context: Context) -> Hashable:
        """Return the first column that has something to say and is not read."""
        value, dialect = record.value, context.dialect
        if not isinstance(value, dict) or dialect is None:
            return None
        faulty = {fault.path[0] for fault in record.faults if fault.path and fault.kind == "wrong-type"}
        return next((key for key in value if key in dialect.unread - faulty and _says_something(value[key])), None)

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding for each column, at the first record that has it."""
        for key, count in bag.counts.items():
            consequence, help_line = _WORDS[str(key)]
            records = f", in {count:,} records" if count > 1 else ""
            yield self.finding(
                f"{context.consumer} does not read {str(key)!r}, {consequence}{records}",
                Place((str(key),)),
                handle=bag.first(key)[0],
                help=help_line,
            )

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield a finding for each dataset with such a column, where the config's tool has no setting that names it."""
        for one in link.train:
            dialect = dialect_of(link, one.summary) if one.summary is not None else None
            if one.summary is None or dialect is None:
                continue
            for key in sorted(dialect.unread):
                if any(_says_something(sample.get(key)) for sample in one.summary.samples):
                    consequence, help_line = _WORDS[key]
                    yield self.finding(
                        f"{link.config.trainer.title} does not read the column {key!r}, {consequence}",
                        Place(one.ref.at),
                        help=help_line,
                    )


def _says_something(value: object) -> bool:
    return bool(value.strip() if isinstance(value, str) else value)
