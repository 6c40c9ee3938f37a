"""TRN009: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Severity
from tunelint.rules.base import ConfigRule
from tunelint.trainers.base import Config


class PackingConflict(ConfigRule):
    """Packing does not go with the rest of the config.

    ## Why

    Packed examples share a sequence. With an attention that cannot keep them apart each sees the ones before it, and a pair of answers
    cannot be packed at all.

    ## What to do

    Turn packing off, or use flash or flex attention. Axolotl keeps examples apart with sdpa and eager attention as well, when they are
    asked for by name; sdpa with bf16 may give a loss of 0.0 on GPUs before Hopper.

    ## Examples

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    sample_packing: true
    attn_implementation: flash_attention_2
    micro_batch_size: 2
    learning_rate: 0.00002
    val_set_size: 0.05
    ```

    ```yaml bad sample_packing
    base_model: meta-llama/Llama-3.1-8B-Instruct
    rl: dpo
    datasets:
      - path: argilla/distilabel-intel-orca-dpo-pairs
        type: chat_template.default
    sequence_len: 4096
    sample_packing: true
    micro_batch_size: 2
    learning_rate: 0.0000005
    val_set_size: 0.05
    ```

    ```yaml bad sample_packing
    base_model: meta-llama/Llama-3.1-8B
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    sample_packing: true
    micro_batch_size: 2
    learning_rate: 0.00002
    val_set_size: 0.05
    ```

    Sources: Axolotl 0.19.0 and 0.21.0, TRL 1.16, torchtune 0.6.1, read in their source; Axolotl, docs on packing.
    """

    code = "TRN009"
    name = "packing-conflict"
    severity = Severity.ERROR

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield what the tool refuses, or should."""
        return self.conflicts(config)
