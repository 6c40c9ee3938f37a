"""LNK006: see the class."""

from collections.abc import Iterator
from typing import Any, Final

from tunelint.core.finding import Finding, Place, Related, Severity
from tunelint.core.plan import DatasetRef
from tunelint.core.speech import Speech, speech_of
from tunelint.rules.base import Link, ProjectRule
from tunelint.rules.lnk._records import first_records

_ROLES: Final = {"human": "user", "gpt": "assistant"}
"""What Axolotl renames where the config says nothing of roles; others stay as they are."""


class SpeakersDoNotFit(ProjectRule):
    """The config looks for the speakers where the turns do not have them, or trains on one who never speaks.

    ## Why

    Axolotl masks every turn whose role is none of `roles_to_train`. A role that is read from a key that no turn has, or that is called
    something else in the data, leaves nothing to learn: the samples are dropped, or the loss is 0.

    ## What to do

    Name the keys of the turns in `message_property_mappings`, and the speakers in `roles` and `roles_to_train`.

    ## Examples

    ```jsonl beside data/train.jsonl times=200
    {"conversations": [{"from": "human", "value": "Name colour @"}, {"from": "gpt", "value": "Colour @ is green"}]}
    ```

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: data/train.jsonl
        type: chat_template
        field_messages: conversations
        message_property_mappings:
          role: from
          content: value
        roles_to_train: [gpt]
    sequence_len: 256
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    learning_rate: 0.0002
    val_set_size: 0.05
    ```

    ```jsonl beside data/train.jsonl times=200
    {"conversations": [{"from": "human", "value": "Name colour @"}, {"from": "gpt", "value": "Colour @ is green"}]}
    ```

    ```yaml bad datasets[0].field_messages
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: data/train.jsonl
        type: chat_template
        field_messages: conversations
    sequence_len: 256
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    learning_rate: 0.0002
    val_set_size: 0.05
    ```

    ```jsonl beside data/train.jsonl times=200
    {"messages": [{"role": "user", "content": "Name colour @"}, {"role": "assistant", "content": "Colour @ is green"}]}
    ```

    ```yaml bad datasets[0].roles_to_train
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: data/train.jsonl
        type: chat_template
        roles_to_train: [model]
    sequence_len: 256
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    learning_rate: 0.0002
    val_set_size: 0.05
    ```

    Sources: Axolotl 0.19, ``prompt_strategies/chat_template.py`` (`transform_message`, `roles_to_train`) and ``utils/schemas/utils.py``.
    """

    code = "LNK006"
    name = "speakers-do-not-fit"
    severity = Severity.ERROR

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield a finding for each dataset whose speakers are not found, or of whom none is trained on."""
        if link.config.trainer.name != "axolotl" or link.config.plan.preference:
            return
        for one in link.train:
            if one.summary is None or one.ref.shape != "chat_template":
                continue
            speech = speech_of(one.summary.samples).get(one.ref.columns.get("messages", "messages"))
            options = link.config.get(one.ref.at[:-1])
            if speech is None or not isinstance(options, dict):
                continue
            related = first_records(one.summary, "a record of it")
            yield from self._keys(one.ref, options, speech, related) or self._trained(link, one.ref, options, speech, related)

    def _keys(self, ref: DatasetRef, options: dict[str, Any], speech: Speech, related: tuple[Related, ...]) -> list[Finding]:
        for name in ("role", "content"):
            key = _key(options, name)
            if key not in speech.keys:
                return [
                    self.finding(
                        f"the {name} of a turn is read from {key!r}, which no turn has"[:120],
                        _place(ref, options, f"message_field_{name}", "message_property_mappings", "field_messages"),
                        help=f"the keys of a turn are {', '.join(sorted(speech.keys))}: name them in message_property_mappings"[
                            :200
                        ],
                        related=related,
                    )
                ]
        return []

    def _trained(
        self, link: Link, ref: DatasetRef, options: dict[str, Any], speech: Speech, related: tuple[Related, ...]
    ) -> list[Finding]:
        """Return what is wrong where no speaker is one that is trained on."""
        speakers, wanted = speech.words.get(_key(options, "role")), options.get("roles_to_train", ["assistant"])
        if not speakers or not isinstance(wanted, list) or not wanted or link.config.on("train_on_inputs"):
            return []
        if options.get("message_field_training") or options.get("message_field_training_detail"):
            return []
        renamed = _renamed(options.get("roles"))
        called = {str(one) for one in wanted}
        if {renamed.get(one, one) for one in called} & {renamed.get(one, one) for one in speakers}:
            return []
        return [
            self.finding(
                f"only turns of {' and '.join(sorted(called))} are trained on, and none is theirs"[:120],
                _place(ref, options, "roles_to_train", "roles"),
                help=f"the speakers are {', '.join(sorted(speakers))}: every token is masked, so nothing is learnt"[:200],
                related=related,
            )
        ]


def _key(options: dict[str, Any], name: str) -> str:
    """Return the key of a turn from which Axolotl reads its role or its content."""
    mappings = options.get("message_property_mappings")
    mapped = mappings.get(name) if isinstance(mappings, dict) else None
    return str(options.get(f"message_field_{name}") or mapped or name)


def _renamed(roles: Any) -> dict[str, str]:
    if not isinstance(roles, dict) or not roles:
        return _ROLES
    return {str(source): str(role) for role, sources in roles.items() if isinstance(sources, list) for source in sources}


def _place(ref: DatasetRef, options: dict[str, Any], *keys: str) -> Place:
    """Return the place of the first of some keys that the entry has, of its type else."""
    return Place((*ref.at[:-1], next((key for key in keys if key in options), "type")))
