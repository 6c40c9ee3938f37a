"""TRN020: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import ConfigRule
from tunelint.rules.trn._layers import is_pattern, layers_of, lone_target, named_targets
from tunelint.text.distance import within
from tunelint.text.parse import Path
from tunelint.trainers.base import Config

_WHOLE: Final = frozenset({"lm_head", "score", "embed_tokens"})
"""Layers whose whole name may be their last part."""

_SHOWN: Final = 4


class AdapterTarget(ConfigRule):
    """The adapter is to be put on a layer that the model does not have.

    ## Why

    PEFT puts the adapter on those layers that it finds, and only stops where it finds none. A misspelt `gate_porj`, or the names of
    another family, leave the rest of the model as it is, without a word: Phi 3 has one `qkv_proj` in place of three, so the usual
    seven names reach two of its four layers.

    ## What to do

    Name the layers of this model, or take all linear ones (`lora_target_linear: true`, `lora_target: all`, `all-linear`). Names in a
    list are names, or their ends after a dot; a regular expression has to stand alone, as a text. In Axolotl, TRL and PEFT's own config a
    text that stands alone is always one, for whole names: `q_proj` is not the name of any layer. TRL takes a list of one for a text.

    Only models whose layers are known for sure are looked at: Llama 2 and 3, Mistral 7B and Nemo, Qwen 2 to 3, Gemma and Phi 3 and 4,
    without experts or images.

    ## Examples

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_modules: [q_proj, k_proj, v_proj, o_proj, mlp.gate_proj, up_proj, down_proj]
    learning_rate: 0.0002
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    ```yaml good
    base_model: org/model
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_modules: [Wqkv, W_pack, fc1]
    learning_rate: 0.0002
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    ```yaml bad lora_target_modules[4]
    base_model: meta-llama/Llama-3.1-8B
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_modules: [q_proj, k_proj, v_proj, o_proj, gate_porj, up_proj, down_proj]
    learning_rate: 0.0002
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    ```yaml bad lora_target_modules name=sft.yaml
    model_name_or_path: microsoft/Phi-3-mini-4k-instruct
    dataset_name: trl-lib/Capybara
    output_dir: out
    use_peft: true
    lora_target_modules: [q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj]
    learning_rate: 2.0e-4
    per_device_train_batch_size: 2
    max_length: 2048
    eval_strategy: steps
    ```

    ```yaml bad lora_target_modules name=sft.yaml
    model_name_or_path: org/model
    dataset_name: trl-lib/Capybara
    output_dir: out
    use_peft: true
    lora_target_modules: q_proj,v_proj
    learning_rate: 2.0e-4
    per_device_train_batch_size: 2
    max_length: 2048
    eval_strategy: steps
    ```

    ```json bad target_modules name=adapter_config.json
    {
      "peft_type": "LORA",
      "task_type": "CAUSAL_LM",
      "base_model_name_or_path": "org/model",
      "r": 16,
      "lora_alpha": 32,
      "target_modules": ["layers.[0-9]+.q_proj", "layers.[0-9]+.up_proj"]
    }
    ```

    ```yaml bad lora_target
    model_name_or_path: Qwen/Qwen2.5-7B-Instruct
    stage: sft
    do_train: true
    finetuning_type: lora
    lora_target: c_attn
    dataset: identity
    template: qwen
    cutoff_len: 2048
    learning_rate: 1.0e-4
    output_dir: out
    bf16: true
    val_size: 0.1
    eval_strategy: steps
    ```

    Sources: PEFT 0.21.2, `check_target_module_exists`; the layers of the models in transformers 5.24.
    """

    code = "TRN020"
    name = "adapter-target"
    severity = Severity.WARNING

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield one finding for all targets that reach nothing."""
        lone, path = lone_target(config), config.plan.path("lora_targets")
        if lone and not is_pattern(lone) and "." not in lone and not lone.startswith("all") and lone not in _WHOLE:
            yield self.finding(
                f"{lone!r} alone is a pattern for the whole names of layers, and none is called so"[:120],
                Place(path),
                severity=Severity.ERROR,
                help="PEFT stops when the model is loaded: write a list of two or more, or a regular expression such as .*q_proj",
            )
        yield from self._named(config, path)

    def _named(self, config: Config, path: Path) -> Iterator[Finding]:
        targets = named_targets(config)
        layers = layers_of(config.plan.model or "")
        patterns = [one for one in targets if is_pattern(one)]
        strange = [one for one in targets if layers and one not in patterns and one.rpartition(".")[2] not in layers]
        lost = patterns or strange
        if not lost:
            return
        said = config.get(path)
        at = (*path, said.index(lost[0])) if len(lost) == 1 and isinstance(said, list) and lost[0] in said else path
        listed = ", ".join(lost[:_SHOWN]) + (f" and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else "")
        none = len(patterns) + len(strange) == len(targets)
        near = [one for one in layers if within(lost[0], one, 2)]
        meant = f"; {near[0]} is probably meant" if len(lost) == 1 and len(near) == 1 else ""
        end = "PEFT stops when the model is loaded" if none else "PEFT puts no adapter there, and says nothing"
        if patterns:
            message = f"{listed} in a list of targets is taken for a name, and no layer is called so"
            way = f"{end}: write the regular expression alone, as a text"
        else:
            message = f"the model has no layer {listed}{meant}"
            way = f"{end}: its layers are {', '.join(layers)}"
        yield self.finding(message[:120], Place(at), severity=Severity.ERROR if none else Severity.WARNING, help=way[:200])
