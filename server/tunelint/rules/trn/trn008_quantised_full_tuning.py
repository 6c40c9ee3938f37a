"""TRN008: see the class."""

from collections.abc import Iterator

from tunelint.core.finding import Finding, Severity
from tunelint.rules.base import ConfigRule
from tunelint.trainers.base import Config


class QuantisedFullTuning(ConfigRule):
    """Quantised weights are to be trained without an adapter.

    ## Why

    Weights of 4 or 8 bits cannot be trained: the library refuses, or only the few layers that are not quantised learn.

    ## What to do

    Train an adapter on them (QLoRA), or load the model unquantised.

    ## Examples

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    load_in_4bit: true
    adapter: qlora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    learning_rate: 0.0002
    val_set_size: 0.05
    ```

    ```yaml bad load_in_8bit
    base_model: meta-llama/Llama-3.1-8B
    load_in_8bit: true
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    learning_rate: 0.00002
    val_set_size: 0.05
    ```

    ```yaml bad quantization_bit
    model_name_or_path: Qwen/Qwen3-0.6B
    stage: sft
    finetuning_type: full
    quantization_bit: 4
    template: qwen3
    dataset: identity
    output_dir: saves
    learning_rate: 1.0e-5
    val_size: 0.05
    bf16: true
    ```

    Sources: Axolotl 0.19.0, LLaMA-Factory 0.9.5, transformers 5.23, read in their source.
    """

    code = "TRN008"
    name = "quantised-full-tuning"
    severity = Severity.ERROR

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield what the tool refuses, or should."""
        return self.conflicts(config)
