"""Axolotl's own checks of keys against each other, in 0.19.0, said before a machine is rented."""

import re
from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Edit, Fix, Severity
from tunelint.trainers.base import Config, Conflict, to_number, to_path

__all__ = ["conflicts"]

_ISOLATING: Final = ("flash", "flex", "xformers", "sage", "fp8")
_LOSS_KERNELS: Final = ("cut_cross_entropy", "chunked_cross_entropy", "liger_cross_entropy", "liger_fused_linear_cross_entropy")
_SHARDED_REFUSED: Final = ("muon", "flash_adamw", "flash_adam", "polora", "q_galore")
_PREFERENCES: Final = frozenset({"dpo", "kto", "orpo", "ipo"})
_KERNELS: Final = ("lora_mlp_kernel", "lora_qkv_kernel", "lora_o_kernel", "lora_embedding_kernel")
_REFUSES: Final = "Axolotl refuses to start like this"


def _bad(code: str, at: str, message: str, help_line: str = _REFUSES, also: tuple[str, ...] = (), fix: Fix | None = None) -> Conflict:
    return Conflict(code, to_path(at), message, help_line, also=tuple(map(to_path, also)), fix=fix)


def _warn(code: str, at: str, message: str, help_line: str, also: tuple[str, ...] = ()) -> Conflict:
    return Conflict(code, to_path(at), message, help_line, Severity.WARNING, tuple(map(to_path, also)))


def conflicts(config: Config) -> Iterator[Conflict]:
    """Yield what Axolotl refuses or warns of."""
    yield from _data(config)
    yield from _packing(config)
    yield from _batch(config)
    yield from _cadence(config)
    yield from _adapters(config)
    yield from _preference(config)
    yield from _sharding(config)
    yield from _other(config)


def _data(config: Config) -> Iterator[Conflict]:
    for path, one in config.items("datasets"):
        kind = one.get("type") if isinstance(one, dict) else None
        if isinstance(kind, str) and kind.startswith("sharegpt"):
            yield Conflict("TRN018", (*path, "type"), f"the dataset type {kind!r} was removed from Axolotl", "use `type: chat_template`, with field_messages: conversations and message_property_mappings")
        template = one.get("chat_template") if isinstance(one, dict) else None
        if template == "jinja" and not one.get("chat_template_jinja"):
            yield Conflict("TRN018", (*path, "chat_template"), "chat_template: jinja wants a chat_template_jinja beside it", _REFUSES)
    if config.get("chat_template") == "jinja" and not config.said("chat_template_jinja"):
        yield _bad("TRN018", "chat_template", "chat_template: jinja wants a chat_template_jinja beside it")
    if config.said("push_dataset_to_hub") and not config.on("hf_use_auth_token"):
        yield _bad("TRN018", "push_dataset_to_hub", "push_dataset_to_hub wants hf_use_auth_token: true")
    streams = "pretraining_dataset" if config.said("pretraining_dataset") else "streaming" if config.on("streaming") else ""
    if streams and not config.said("max_steps"):
        yield _bad("TRN018", streams, f"{streams.removesuffix('_dataset')} has no end: max_steps is missing", "a stream has no length, so the scheduler needs max_steps")
    if streams and (config.number("val_set_size") or 0) > 0:
        yield _bad("TRN018", "val_set_size", "val_set_size cannot be split off a stream", "name the evaluation data in test_datasets", (streams,))
    if config.said("eval_table_size") and config.on("sample_packing") and not config.off("eval_sample_packing"):
        yield _bad("TRN018", "eval_table_size", "eval_table_size wants eval_sample_packing: false", _REFUSES, ("sample_packing",))


def _packing(config: Config) -> Iterator[Conflict]:
    if not config.on("sample_packing"):
        if config.on("batch_flattening") and config.plan.attention not in {"flash", "flex", None}:
            yield _bad("TRN009", "batch_flattening", "batch_flattening wants flash attention")
        return
    method = config.text("rl")
    if method:
        yield _bad("TRN009", "sample_packing", f"sample_packing does not work with rl: {method}", "pairs cannot be packed: set sample_packing: false", ("rl",))
    elif config.plan.attention is not None and config.plan.attention not in _ISOLATING and config.plan.attention in {"sdpa", "eager"}:
        named = config.plan.path("attention")
        yield Conflict(
            "TRN009", ("sample_packing",), f"sample_packing with {config.plan.attention} attention lets examples see each other",
            "set attn_implementation: flash_attention_2 or flex_attention, or turn packing off", Severity.WARNING, (named,),
        )  # fmt: skip
    if config.off("pad_to_sequence_len"):
        yield _warn("TRN009", "pad_to_sequence_len", "pad_to_sequence_len: false with sample_packing wastes memory", "packed batches of changing size fragment the memory: set it to true, or leave it out", ("sample_packing",))
    if config.on("batch_flattening"):
        yield _bad("TRN009", "batch_flattening", "batch_flattening and sample_packing exclude each other", _REFUSES, ("sample_packing",))


def _batch(config: Config) -> Iterator[Conflict]:
    if config.said("batch_size"):
        if config.said("gradient_accumulation_steps"):
            yield _bad("TRN006", "batch_size", "batch_size and gradient_accumulation_steps exclude each other", "keep micro_batch_size and gradient_accumulation_steps, and remove batch_size", ("gradient_accumulation_steps",))
        elif not config.said("micro_batch_size"):
            yield _bad("TRN006", "batch_size", "batch_size alone does not say how the batch is cut", "set micro_batch_size and gradient_accumulation_steps instead")
    generations = config.number("trl.num_generations")
    if generations is not None and config.text("rl") == "grpo":
        batch = config.number("trl.generation_batch_size") or (config.number("micro_batch_size") or 1) * (config.number("gradient_accumulation_steps") or 1)
        if generations < 2:
            yield _bad("TRN006", "trl.num_generations", f"num_generations: {generations:g} leaves nothing to compare", "GRPO wants 2 at least")
        elif batch % generations:
            yield _bad("TRN006", "trl.num_generations", f"{batch:g} completions a step do not divide into groups of {generations:g}", "make micro_batch_size × gradient_accumulation_steps a multiple of num_generations", ("micro_batch_size", "gradient_accumulation_steps"))
    if config.said("warmup_steps") and config.said("warmup_ratio"):
        yield _bad("TRN018", "warmup_ratio", "warmup_steps and warmup_ratio exclude each other", "keep one of the two", ("warmup_steps",))


def _cadence(config: Config) -> Iterator[Conflict]:
    said = config.said
    evaluation, saving = config.get("eval_strategy"), config.get("save_strategy")
    if said("save_steps") and saving is not None and saving != "steps":
        yield _bad("TRN010", "save_steps", f"save_steps does not go with save_strategy: {saving}", "remove save_steps, or set save_strategy: steps", ("save_strategy",))
    if said("saves_per_epoch") and said("save_steps"):
        yield _bad("TRN010", "saves_per_epoch", "saves_per_epoch and save_steps exclude each other", "keep one of the two", ("save_steps",))
    if said("eval_steps") and evaluation is not None and evaluation != "steps":
        yield _bad("TRN010", "eval_steps", f"eval_steps does not go with eval_strategy: {evaluation}", "remove eval_steps, or set eval_strategy: steps", ("eval_strategy",))
    if said("evals_per_epoch") and said("eval_steps"):
        yield _bad("TRN010", "evals_per_epoch", "evals_per_epoch and eval_steps exclude each other", "keep one of the two", ("eval_steps",))
    elif said("evals_per_epoch") and evaluation is not None and evaluation != "steps":
        yield _bad("TRN010", "evals_per_epoch", f"evals_per_epoch does not go with eval_strategy: {evaluation}", "remove one of the two", ("eval_strategy",))
    if config.number("val_set_size") == 0 and not said("test_datasets") and (said("eval_steps") or evaluation) and evaluation not in {"no", False}:
        at = "eval_steps" if said("eval_steps") else "eval_strategy"
        yield _bad("TRN010", at, f"{at} is set, but val_set_size is 0 and there are no test_datasets", "set val_set_size, name test_datasets, or remove the evaluation", ("val_set_size",))
    if (config.number("val_set_size") or 0) > 0 and said("test_datasets"):
        yield _bad("TRN010", "val_set_size", "val_set_size and test_datasets exclude each other", "set val_set_size: 0 to evaluate on test_datasets", ("test_datasets",))
    yield from _stopping(config)
    if saving == "best" and not said("metric_for_best_model"):
        yield _bad("TRN010", "save_strategy", "save_strategy: best wants metric_for_best_model", _REFUSES)
    if config.on("do_bench_eval") and not (said("evals_per_epoch") or said("eval_steps")):
        yield _bad("TRN010", "do_bench_eval", "do_bench_eval wants evals_per_epoch or eval_steps", _REFUSES)


def _stopping(config: Config) -> Iterator[Conflict]:
    if not config.get("early_stopping_patience"):
        return
    saves, evaluations = config.number("save_steps"), config.number("eval_steps")
    if not saves or not evaluations:
        yield _bad("TRN010", "early_stopping_patience", "early stopping wants both save_steps and eval_steps", "without them there is no checkpoint to go back to: set both, save_steps a multiple of eval_steps")
    elif saves % evaluations and saves >= 1 and evaluations >= 1:
        yield _bad("TRN010", "save_steps", f"save_steps ({saves:g}) is no multiple of eval_steps ({evaluations:g})", "early stopping goes back to a checkpoint that was evaluated", ("eval_steps", "early_stopping_patience"))


def _adapters(config: Config) -> Iterator[Conflict]:
    adapter = config.text("adapter")
    four, eight = config.on("load_in_4bit"), config.on("load_in_8bit")
    key = "load_in_4bit" if four else "load_in_8bit"
    if four and eight:
        yield _bad("TRN007", "load_in_8bit", "load_in_4bit and load_in_8bit are both on", "keep one of the two", ("load_in_4bit",))
    elif (four or eight) and config.get("adapter") is None:
        yield _bad("TRN008", key, f"{key} without an adapter: quantised weights cannot be trained", "set adapter: qlora or lora, or load the model unquantised")
    if adapter == "qlora" and not four and not (eight and four):
        if eight:
            yield _bad("TRN008", "load_in_8bit", "adapter: qlora wants load_in_4bit, not load_in_8bit", _REFUSES, ("adapter",))
        elif not config.on("gptq") and not config.said("model_quantization_config"):
            yield _bad("TRN008", "adapter", "adapter: qlora without load_in_4bit: true", "set load_in_4bit: true, or adapter: lora")
    if adapter and adapter not in {"lora", "qlora", "llama-adapter"} and not config.said("plugins"):
        yield _bad("CFG004", "adapter", f"adapter is {adapter!r}, and Axolotl knows lora, qlora and llama-adapter", "other adapters come from plugins")
    targets = config.get("lora_target_modules")
    if isinstance(targets, str):
        try:
            re.compile(targets)
        except re.error as problem:
            yield _bad("CFG004", "lora_target_modules", f"lora_target_modules is no regular expression: {problem.msg}"[:120], _REFUSES)
    dropout = config.number("lora_dropout")
    if dropout and config.said("lora_target_parameters"):
        yield _bad("TRN018", "lora_dropout", f"lora_dropout: {dropout:g} does not work with lora_target_parameters", "set lora_dropout: 0", ("lora_target_parameters",))
    if config.said("lr_groups") and config.said("loraplus_lr_ratio"):
        yield _bad("TRN018", "lr_groups", "lr_groups and loraplus_lr_ratio exclude each other", "keep one of the two", ("loraplus_lr_ratio",))
    if config.get("unfrozen_parameters") and config.said("peft_layers_to_transform"):
        yield _bad("TRN018", "unfrozen_parameters", "unfrozen_parameters and peft_layers_to_transform exclude each other", "keep one of the two", ("peft_layers_to_transform",))
    if config.said("peft_layers_pattern") and not config.said("peft_layers_to_transform"):
        yield _bad("TRN018", "peft_layers_pattern", "peft_layers_pattern wants peft_layers_to_transform", _REFUSES)
    kernel = next((name for name in _KERNELS if config.on(name)), "")
    if kernel and eight:
        yield _bad("TRN018", kernel, f"{kernel} does not work with load_in_8bit", "turn the kernel off", ("load_in_8bit",))
    elif kernel and config.on("trust_remote_code"):
        yield _bad("TRN018", kernel, f"{kernel} does not work with trust_remote_code", "the kernels patch the library's own model code: turn one of the two off", ("trust_remote_code",))
    if config.said("qat") and (adapter or four or eight):
        yield _bad("TRN018", "qat", "quantisation-aware training wants all weights, unquantised", "remove the adapter and load_in_*bit, or remove qat", ("adapter",))


def _preference(config: Config) -> Iterator[Conflict]:
    method = config.text("rl")
    if method == "kto" and not config.off("remove_unused_columns"):
        yield _bad("TRN018", "rl", "rl: kto wants remove_unused_columns: false", "without it the columns that KTO reads are dropped")
    losses, weights = config.get("dpo_loss_type"), config.get("dpo_loss_weights")
    if (losses is not None or weights is not None) and method != "dpo":
        yield _bad("TRN018", "dpo_loss_type" if losses is not None else "dpo_loss_weights", "dpo_loss_type and dpo_loss_weights are for rl: dpo only", _REFUSES, ("rl",) if method else ())
    elif isinstance(weights, list) and isinstance(losses, list) and len(losses) != len(weights):
        yield _bad("TRN018", "dpo_loss_weights", f"{len(weights)} weights for {len(losses)} losses", "give each loss one weight", ("dpo_loss_type",))
    beta, inner = config.number("rl_beta"), config.number("trl.beta")
    if beta is not None and inner is not None and beta != inner:
        yield _bad("TRN018", "trl.beta", f"trl.beta is {inner:g}, but rl_beta is {beta:g}", "set one of the two", ("rl_beta",))
    if method == "simpo" and config.said("warmup_ratio"):
        yield _bad("TRN018", "warmup_ratio", "warmup_ratio does not work with rl: simpo", "set warmup_steps instead", ("rl",))
    if config.on("trl.use_vllm") and not config.said("trl.vllm_mode"):
        yield _warn("TRN018", "trl.use_vllm", "use_vllm without vllm_mode: which server is meant depends on the version", "set trl.vllm_mode to server or colocate")


def _sharding(config: Config) -> Iterator[Conflict]:
    sharded = config.said("fsdp") or config.said("fsdp_config")
    if sharded and config.said("deepspeed"):
        yield _bad("TRN018", "deepspeed", "deepspeed and FSDP exclude each other", "keep one of the two", ("fsdp", "fsdp_config"))
    if config.on("deepcompile") and not config.said("deepspeed"):
        yield _bad("TRN018", "deepcompile", "deepcompile wants deepspeed", _REFUSES)
    optimizer = config.text("optimizer")
    plan = config.plan
    if optimizer.startswith(_SHARDED_REFUSED) and (config.said("deepspeed") or plan.sharding == "fsdp1"):
        yield _bad("TRN018", "optimizer", f"the optimizer {optimizer} works neither with DeepSpeed nor with FSDP 1", "use FSDP 2, or another optimizer", ("deepspeed", "fsdp"))
    if plan.sharding == "fsdp2":
        if optimizer in {"adamw_8bit", "adamw_bnb_8bit"}:
            yield _bad("TRN018", "optimizer", f"the optimizer {optimizer} does not work with FSDP 2", "use adamw_torch_8bit or adamw_torch_fused", ("fsdp_version",))
        four = config.on("load_in_4bit")
        quantised = "load_in_4bit" if four else "load_in_8bit" if config.on("load_in_8bit") else ""
        if quantised and config.text("rl") in _PREFERENCES:
            yield _bad("TRN018", quantised, f"{quantised} with FSDP 2 does not work with rl: {config.text('rl')}", "use FSDP 1, or load the model unquantised", ("rl",))
        if four and (config.on("fsdp_config.cpu_ram_efficient_loading") or config.on("fsdp_config.fsdp_cpu_ram_efficient_loading")):
            yield _bad("TRN018", "load_in_4bit", "load_in_4bit does not work with FSDP 2 and cpu_ram_efficient_loading", "set cpu_ram_efficient_loading: false", ("fsdp_config.cpu_ram_efficient_loading", "fsdp_config.fsdp_cpu_ram_efficient_loading"))
    elif plan.sharding == "fsdp1" and "8bit" in optimizer:
        offload = next((key for key in ("fsdp_config.offload_params", "fsdp_config.fsdp_offload_params") if config.on(key)), "")
        if offload:
            yield _bad("TRN018", "optimizer", f"the optimizer {optimizer} does not work with FSDP's offloading", "turn offload_params off, or use adamw_torch_fused", (offload,))
    yield from _prefixed(config)
    if (config.number("context_parallel_size") or 1) > 1:
        if plan.attention not in {"flash", None}:
            yield _bad("TRN018", "context_parallel_size", "context parallelism wants flash attention", _REFUSES)
        elif config.on("sample_packing") and (config.number("micro_batch_size") or 1) > 1:
            yield _bad("TRN018", "micro_batch_size", "context parallelism with sample_packing wants micro_batch_size: 1", _REFUSES, ("context_parallel_size",))


def _prefixed(config: Config) -> Iterator[Conflict]:
    section = config.get("fsdp_config")
    for key in section if isinstance(section, dict) else ():
        if key.startswith("fsdp_") and key != "fsdp_version":
            path = ("fsdp_config", key)
            plain = key.removeprefix("fsdp_")
            taken = plain in section
            fix = None if taken else Fix(f"rename {key!r} to {plain!r}", "safe", (Edit("rename", path, plain),))
            yield Conflict("CFG003", path, f"{key!r} is now called {plain!r}", "Axolotl still takes the old name inside fsdp_config and warns", Severity.INFORMATION, fix=fix)


def _other(config: Config) -> Iterator[Conflict]:
    kernels = [key for key in _LOSS_KERNELS if config.on(key)]
    if len(kernels) > 1:
        yield _bad("TRN018", kernels[-1], f"{' and '.join(kernels)} exclude each other", "keep one way to compute the loss", tuple(kernels[:-1]))
    if config.said("max_memory") and config.said("gpu_memory_limit"):
        yield _bad("TRN018", "max_memory", "max_memory and gpu_memory_limit exclude each other", "keep one of the two", ("gpu_memory_limit",))
    for key in ("activation_offloading", "selective_checkpointing"):
        value = config.get(key)
        if value and value not in {"no", "off"} and not config.get("gradient_checkpointing"):
            yield _bad("TRN018", key, f"{key} wants gradient_checkpointing: true", _REFUSES)
    noise = config.get("neftune_noise_alpha")
    number = to_number(noise)
    if number is not None and number <= 0:
        yield _bad("CFG004", "neftune_noise_alpha", f"neftune_noise_alpha is {number:g}, and must be above 0", "remove the key to train without noise")
    optimizer = config.text("optimizer")
    for key in ("adam_beta1", "adam_beta2", "adam_epsilon"):
        if config.said(key) and optimizer and "adam" not in optimizer and "muon" not in optimizer:
            yield _warn("TRN018", key, f"{key} has no effect with the optimizer {optimizer}", "remove it, or use an Adam optimizer", ("optimizer",))
    if config.on("tokenizer_use_mistral_common"):
        for key in ("chat_template", "special_tokens", "tokens"):
            if config.said(key):
                yield _bad("TRN018", key, f"{key} does not work with tokenizer_use_mistral_common", "mistral-common brings its own template and tokens", ("tokenizer_use_mistral_common",))
