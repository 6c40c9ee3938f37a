"""CHT014: see the class."""

from collections.abc import Hashable, Iterator

from tunelint.core.bag import Bag
from tunelint.core.finding import Finding, Place, Severity
from tunelint.core.record import Record
from tunelint.core.speech import MASKS, speech_of
from tunelint.rules._dialects import dialect_of
from tunelint.rules._places import value_at
from tunelint.rules.base import Context, Link, LinkedDataset, ProjectRule, TallyRule, Wake


class UnreadMask(TallyRule, ProjectRule):
    """Answers are marked as not to be learnt, in a way that the trainer does not read.

    ## Why

    OpenAI, Together, Fireworks and Mistral leave an answer out of the loss that has `weight: 0`. TRL, Unsloth, LLaMA-Factory and
    torchtune read no such mark, ms-swift reads `loss` only, and Axolotl the key that `message_field_training` names. What they do not
    know they ignore without a word, so the model learns the very answers that were marked as bad.

    ## What to do

    With Axolotl name the key in the dataset's entry: `message_field_training: train`, and write true or false there. For the others
    end the conversation before such an answer, or put it into a prompt (`prompt` and `completion`), of which nothing is learnt.

    ## Examples

    ```jsonl good target=openai
    {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Go away", "weight": 0}, {"role": "user", "content": "Pardon?"}, {"role": "assistant", "content": "Hi!", "weight": 1}]}
    ```

    ```jsonl good target=trl
    {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hi!", "weight": 1}]}
    ```

    ```jsonl good target=ms-swift
    {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Go away", "loss": false}, {"role": "user", "content": "Pardon?"}, {"role": "assistant", "content": "Hi!"}]}
    ```

    ```jsonl bad messages[1].weight target=trl
    {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Go away", "weight": 0}, {"role": "user", "content": "Pardon?"}, {"role": "assistant", "content": "Hi!", "weight": 1}]}
    ```

    ```jsonl beside data/train.jsonl times=200
    {"messages": [{"role": "user", "content": "Colour @"}, {"role": "assistant", "content": "No.", "train": false}, {"role": "user", "content": "Why?"}, {"role": "assistant", "content": "Green, @"}]}
    ```

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: data/train.jsonl
        type: chat_template
        message_field_training: train
    sequence_len: 256
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    learning_rate: 0.0002
    val_set_size: 0.05
    ```

    ```jsonl beside data/train.jsonl times=200
    {"messages": [{"role": "user", "content": "Colour @"}, {"role": "assistant", "content": "No.", "train": false}, {"role": "user", "content": "Why?"}, {"role": "assistant", "content": "Green, @"}]}
    ```

    ```yaml bad datasets[0].path
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: data/train.jsonl
        type: chat_template
    sequence_len: 256
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    learning_rate: 0.0002
    val_set_size: 0.05
    ```

    Sources: TRL 1.16, ``sft_trainer.py``; LLaMA-Factory 0.9.5, ``data/converter.py``; ms-swift 4.6, ``dataset/preprocessor/core.py`` (keys
    other than `loss` and `loss_scale` are removed); torchtune 0.6.1, ``data/_messages.py``; Axolotl 0.19,
    ``prompt_strategies/chat_template.py`` (no key is read unless it is named).
    """

    code = "CHT014"
    name = "unread-mask"
    severity = Severity.WARNING
    wakes = Wake.RICH | Wake.FAULTY
    methods = frozenset({"sft"})
    replaces = frozenset({"CHT008"})

    def applies(self, context: Context) -> bool:
        """Only of some targets it is known what they read."""
        return super().applies(context) and context.dialect is not None and context.dialect.masks is not None

    def observe(self, record: Record, context: Context) -> Hashable:
        """Return the first key by which an answer is left out of the loss, unless the target reads another one beside it."""
        masked = _masked(record)
        read = (context.dialect.masks if context.dialect is not None else None) or frozenset()
        return masked[0][-1] if masked and not any(path[-1] in read for path in masked) else None

    def anchor(self, record: Record) -> Place:
        """Return the place of the first mark of a record."""
        masked = _masked(record)
        return Place(masked[0]) if masked else Place()

    def report(self, bag: Bag, context: Context) -> Iterator[Finding]:
        """Yield one finding for each key, at the first record that has it."""
        for key, count in bag.counts.items():
            records = f", in {count:,} records" if count > 1 else ""
            yield self.finding(
                f"{context.consumer} does not read {str(key)!r}: answers that it marks are learnt all the same{records}",
                handle=bag.first(key)[0],
                help=_help(context.dialect.masks if context.dialect is not None else None),
            )

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield a finding for each dataset with marks that the config's tool does not read."""
        for one in link.train:
            for column, speech in speech_of(one.summary.samples).items() if one.summary is not None else ():
                read = _read(link, one, column)
                if read is None or not speech.masks or speech.masks & read:
                    continue
                key = min(speech.masks)
                axolotl = link.config.trainer.name == "axolotl"
                yield self.finding(
                    f"{link.config.trainer.title} does not read {key!r}: answers that it marks are learnt all the same",
                    Place(one.ref.at),
                    help=f"add message_field_training: {key}" if axolotl else _help(read),
                )


def _masked(record: Record) -> list[tuple[str | int, ...]]:
    """Return the places of the marks by which answers are left out of the loss."""
    example = record.example
    found = []
    for turn in example.all_turns if example is not None else ():
        if turn.trained is False and turn.role == "assistant":
            message = value_at(record, turn.at)
            if isinstance(message, dict):
                found += [(*turn.at, key) for key in MASKS if key in message and message[key] is not None and not message[key]]
    return found


def _read(link: Link, one: LinkedDataset, column: str) -> frozenset[str] | None:
    """Return the marks that a tool reads in a column of conversations; None where that is not known."""
    config, summary = link.config, one.summary
    if config.trainer.name == "axolotl":
        if one.ref.shape != "chat_template" or config.plan.preference or one.ref.columns.get("messages", "messages") != column:
            return None
        named = config.get((*one.ref.at[:-1], "message_field_training"))
        return frozenset({named}) if isinstance(named, str) else frozenset()
    dialect = dialect_of(link, summary) if summary is not None and summary.method == "sft" else None
    return dialect.masks if dialect is not None else None


def _help(masks: frozenset[str] | None) -> str:
    if masks:
        return f"write {min(masks)!r} in its place"
    return "end the conversation before such an answer, or put it into a prompt, of which nothing is learnt"
