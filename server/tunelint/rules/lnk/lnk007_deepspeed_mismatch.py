"""LNK007: see the class."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import Link, ProjectRule
from tunelint.text.numbers import plain
from tunelint.trainers.base import Config, to_number

_FIELDS: Final = (
    ("train_micro_batch_size_per_gpu", "micro_batch", None),
    ("gradient_accumulation_steps", "accumulation", None),
    ("gradient_clipping", "max_grad_norm", 1.0),
    ("optimizer.params.lr", "learning_rate", None),
    ("optimizer.params.weight_decay", "weight_decay", 0.0),
    ("scheduler.params.warmup_max_lr", "learning_rate", None),
)
"""Keys of DeepSpeed's file, fields of the plan, and what transformers takes for one that no tool's default is known of."""

_TOOLS: Final = frozenset({"axolotl", "llama-factory", "trl", "training-arguments"})
"""Tools that hand their keys to the TrainingArguments of transformers as they are."""


class DeepspeedMismatch(ProjectRule):
    """DeepSpeed's own file says something else than the config that names it.

    ## Why

    The trainer of transformers wants the two to agree, and looks when the data is prepared and the model is on the GPUs: the run ends
    there.

    ## What to do

    Write `"auto"` for such values into DeepSpeed's file, and the values into the config only.

    ## Examples

    ```json beside ds.json
    {"train_micro_batch_size_per_gpu": "auto", "gradient_accumulation_steps": "auto", "bf16": {"enabled": "auto"}, "zero_optimization": {"stage": 2}}
    ```

    ```yaml good
    model_name_or_path: Qwen/Qwen3-0.6B
    stage: sft
    do_train: true
    finetuning_type: lora
    deepspeed: ds.json
    dataset: identity
    template: qwen3
    per_device_train_batch_size: 2
    learning_rate: 1.0e-4
    output_dir: out
    bf16: true
    val_size: 0.1
    eval_strategy: steps
    ```

    ```json beside ds.json
    {"train_micro_batch_size_per_gpu": 1, "optimizer": {"type": "AdamW", "params": {"lr": 3e-5}}, "zero_optimization": {"stage": 2}}
    ```

    ```yaml bad deepspeed
    model_name_or_path: Qwen/Qwen3-0.6B
    stage: sft
    do_train: true
    finetuning_type: lora
    deepspeed: ds.json
    dataset: identity
    template: qwen3
    per_device_train_batch_size: 2
    learning_rate: 1.0e-4
    output_dir: out
    bf16: true
    val_size: 0.1
    eval_strategy: steps
    ```

    Sources: transformers 5.24, integrations/deepspeed.py (`fill_match`, `trainer_config_finalize`).
    """

    code = "LNK007"
    name = "deepspeed-mismatch"
    severity = Severity.ERROR

    def check(self, link: Link) -> Iterator[Finding]:
        """Yield one finding for all values that differ."""
        config, said = link.config, link.deepspeed
        if not said or config.trainer.name not in _TOOLS:
            return
        wrong = [*_numbers(config, said), *_batch(config, said), *_precisions(config, said)]
        if not wrong:
            return
        key, value, own = wrong[0]
        name = config.text("deepspeed").rpartition("/")[2]
        listed = ", ".join(one for one, _, _ in wrong)
        yield self.finding(
            f"{name} has {key} {value}, and this config {own}"[:120],
            Place(("deepspeed",)),
            help=f'the run ends when the model is loaded already: write "auto" into {name} for {listed}'[:200],
        )


def _under(said: Mapping[str, Any], key: str) -> Any:
    """Return a value of DeepSpeed's file that is neither missing nor `auto`."""
    value: Any = said
    for step in key.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return None if value == "auto" else value


def _numbers(config: Config, said: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    plan = config.plan
    for key, field, default in _FIELDS:
        value, own = _under(said, key), plan.effective(field)
        if own is None and field not in plan.at:
            own = default
        if value is None or own is None or (field == "accumulation" and config.said("batch_size")):
            continue
        if isinstance(value, str) or to_number(value) != own:
            yield key, _shown(value), plain(own)


def _batch(config: Config, said: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    whole = _under(said, "train_batch_size")
    micro, steps = config.plan.effective("micro_batch"), config.plan.effective("accumulation")
    if whole is None or not micro or not steps or config.said("batch_size"):
        return
    number = to_number(whole)
    if isinstance(whole, str) or number is None or number % (micro * steps):
        yield "train_batch_size", _shown(whole), f"batches of {micro * steps} a GPU"


def _precisions(config: Config, said: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield a precision that one side wants and the other does not, where the config says it or has nothing else to say."""
    for key in ("fp16", "bf16"):
        value = _under(said, f"{key}.enabled")
        known = config.trainer.name != "axolotl" if key == "fp16" else config.trainer.name == "llama-factory"
        own = config.get(key, False if known else None)
        if isinstance(value, bool) and isinstance(own, bool) and value is not own and not config.on(f"{key}_full_eval"):
            yield f"{key}.enabled", str(value).lower(), str(own).lower()


def _shown(value: Any) -> str:
    return repr(value)[:20] if isinstance(value, str) else plain(value) if to_number(value) is not None else str(value)[:20]
