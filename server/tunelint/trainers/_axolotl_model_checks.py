"""Axolotl's own checks of adapters, preference training, sharding and optimizers, in 0.19 to 0.21, said before a machine is rented."""

import re
from collections.abc import Iterator
from typing import Final

from tunelint.trainers._axolotl_say import REFUSES, bad, warn
from tunelint.trainers.base import Config, Conflict, to_number

__all__ = ["model_conflicts"]

_OF_FSDP_1: Final = {"sharding_strategy": "reshard_after_forward", "forward_prefetch": ""}
"""Keys of `fsdp_config` that 0.20 refuses, with what took their place (FSDP1_ONLY_REJECTED_KEYS)."""

_GONE_WITH_FSDP_1: Final = "Axolotl 0.20 and later refuse to start with it: FSDP 1 is gone"
_GONE_OPTIMIZERS: Final = {"adamw_hf": "adamw_torch_fused"}
"""Optimizers that transformers no longer has (not one release from 4.55 to 5.24), though Axolotl takes any name."""

_LOSS_KERNELS: Final = ("cut_cross_entropy", "chunked_cross_entropy", "liger_cross_entropy", "liger_fused_linear_cross_entropy")
_TARGETS: Final = ("lora_target_modules", "lora_target_parameters")
_UNSHARDED: Final = ("muon", "flash_adamw", "flash_adam", "polora", "q_galore")
_PREFERENCES: Final = frozenset({"dpo", "kto", "orpo", "ipo"})
_KERNELS: Final = ("lora_mlp_kernel", "lora_qkv_kernel", "lora_o_kernel", "lora_embedding_kernel")


def model_conflicts(config: Config) -> Iterator[Conflict]:
    """Yield what Axolotl refuses or warns of."""
    yield from _adapters(config)
    yield from _preference(config)
    yield from _sharding(config)
    yield from _fsdp_1(config)
    yield from _other(config)


def _adapters(config: Config) -> Iterator[Conflict]:
    adapter = config.text("adapter")
    four, eight = config.on("load_in_4bit"), config.on("load_in_8bit")
    key = "load_in_4bit" if four else "load_in_8bit"
    if four and eight:
        yield bad("TRN007", "load_in_8bit", "load_in_4bit and load_in_8bit are both on", "keep one of the two", ("load_in_4bit",))
    elif (four or eight) and config.get("adapter") is None:
        yield bad(
            "TRN008",
            key,
            f"{key} without an adapter: quantised weights cannot be trained",
            "set adapter: qlora or lora, or load the model unquantised",
        )
    if adapter == "lora" and four and not eight and not _comes_quantised(config):
        yield warn(
            "TRN008",
            "load_in_4bit",
            "load_in_4bit with adapter: lora loads the model unquantised",
            "Axolotl quantises to 4 bits with adapter: qlora only: set that, or turn load_in_4bit off",
            ("adapter",),
        )
    if adapter == "qlora":
        yield from _qlora(config, four=four, eight=eight)
    if adapter and adapter not in {"lora", "qlora", "llama-adapter"} and "${" not in adapter and not config.said("plugins"):
        yield bad(
            "CFG004",
            "adapter",
            f"adapter is {adapter!r}, and Axolotl knows lora, qlora and llama-adapter",
            "other adapters come from plugins",
        )
    targets = config.get("lora_target_modules")
    for target in targets if isinstance(targets, list) else [targets]:
        try:
            re.compile(target if isinstance(target, str) else "")
        except re.error as problem:
            message = f"lora_target_modules has {target!r}, which is no regular expression: {problem.msg}"
            yield bad("CFG004", "lora_target_modules", message[:120], REFUSES)
    if (
        adapter in {"lora", "qlora"}
        and not config.said("lora_model_dir", "plugins", *_TARGETS)
        and not config.on("lora_target_linear")
    ):
        yield warn(
            "TRN018",
            "adapter",
            f"adapter: {adapter} has no layers to be put on",
            "Axolotl takes it, and PEFT stops the run when the model is loaded: set lora_target_linear: true, or lora_target_modules",
        )
    yield from _adapter_options(config, adapter, quantised=four or eight)
    yield from _kernels(config, eight=eight)
    yield from _relora(config, adapter)
    if (four or eight) and config.said("model_quantization_config"):
        yield bad(
            "TRN018",
            "model_quantization_config",
            f"model_quantization_config and {key} exclude each other",
            "keep one of the two",
            (key,),
        )


def _qlora(config: Config, *, four: bool, eight: bool) -> Iterator[Conflict]:
    """Yield what `validate_qlora` refuses; to merge, the model has to be loaded as it is."""
    merges = config.on("merge_lora")
    wrong = next(
        (key for key in ("load_in_8bit", "gptq", "load_in_4bit") if config.on(key) and (merges or key != "load_in_4bit")), ""
    )
    if merges and wrong:
        yield bad(
            "TRN008", wrong, f"merge_lora does not work with {wrong}", "an adapter is merged into whole weights", ("merge_lora",)
        )
    elif wrong == "load_in_8bit" and not four:
        yield bad("TRN008", "load_in_8bit", "adapter: qlora wants load_in_4bit, not load_in_8bit", REFUSES, ("adapter",))
    elif wrong == "gptq":
        yield bad("TRN008", "gptq", "adapter: qlora does not work with gptq", "set adapter: lora for a GPTQ model", ("adapter",))
    elif not four and not eight and not merges and not config.said("model_quantization_config"):
        yield bad("TRN008", "adapter", "adapter: qlora without load_in_4bit: true", "set load_in_4bit: true, or adapter: lora")


def _comes_quantised(config: Config) -> bool:
    """Tell whether a model's name says that its weights are quantised already: then its own config decides."""
    name = config.text("base_model").casefold()
    return any(word in name for word in ("4bit", "gptq", "awq", "nf4", "int4", "w4a16"))


def _adapter_options(config: Config, adapter: str, *, quantised: bool) -> Iterator[Conflict]:
    dropout = config.number("lora_dropout")
    if dropout and config.said("lora_target_parameters"):
        yield bad(
            "TRN018",
            "lora_dropout",
            f"lora_dropout: {dropout:g} does not work with lora_target_parameters",
            "set lora_dropout: 0",
            ("lora_target_parameters",),
        )
    if config.said("lr_groups") and config.said("loraplus_lr_ratio"):
        yield bad(
            "TRN018",
            "lr_groups",
            "lr_groups and loraplus_lr_ratio exclude each other",
            "keep one of the two",
            ("loraplus_lr_ratio",),
        )
    if adapter and config.get("unfrozen_parameters") and config.said("peft_layers_to_transform"):
        yield bad(
            "TRN018",
            "unfrozen_parameters",
            "unfrozen_parameters and peft_layers_to_transform exclude each other",
            "keep one of the two",
            ("peft_layers_to_transform",),
        )
    if config.said("peft_layers_pattern") and not config.said("peft_layers_to_transform"):
        yield bad("TRN018", "peft_layers_pattern", "peft_layers_pattern wants peft_layers_to_transform", REFUSES)
    if config.said("qat") and (config.said("peft") or quantised):
        yield bad(
            "TRN018",
            "qat",
            "quantisation-aware training works neither with the section peft nor on a quantised model",
            "remove peft and load_in_*bit, or remove qat",
            ("peft",),
        )


def _relora(config: Config, adapter: str) -> Iterator[Conflict]:
    if not config.on("relora"):
        return
    if adapter not in {"lora", "qlora"}:
        yield bad("TRN018", "relora", "relora wants adapter: lora or qlora", REFUSES)
    for key in ("fsdp", "fsdp_config", "deepspeed"):
        if config.said(key):
            yield bad("TRN018", "relora", f"relora does not work with {key}", "train on one device, or without relora", (key,))
            return
    if config.text("lr_scheduler") == "one_cycle":
        yield bad("TRN018", "lr_scheduler", "relora does not work with the scheduler one_cycle", "take cosine", ("relora",))


def _kernels(config: Config, *, eight: bool) -> Iterator[Conflict]:
    kernel = next((name for name in _KERNELS if config.on(name)), "")
    if kernel and eight:
        yield bad("TRN018", kernel, f"{kernel} does not work with load_in_8bit", "turn the kernel off", ("load_in_8bit",))
    elif kernel and config.plan.sharding == "fsdp1":
        yield bad(
            "TRN018", kernel, f"{kernel} does not work with FSDP 1", "set fsdp_version: 2, or turn the kernel off", ("fsdp",)
        )
    elif kernel and config.on("trust_remote_code"):
        yield bad(
            "TRN018",
            kernel,
            f"{kernel} does not work with trust_remote_code",
            "the kernels patch the library's own model code: turn one of the two off",
            ("trust_remote_code",),
        )


def _preference(config: Config) -> Iterator[Conflict]:
    method = config.text("rl")
    if method == "ipo":
        yield warn("TRN018", "rl", "rl: ipo is a loss of rl: dpo now", 'set rl: dpo and dpo_loss_type: ["ipo"]')
    if method == "kto" and not config.off("remove_unused_columns"):
        yield bad(
            "TRN018", "rl", "rl: kto wants remove_unused_columns: false", "without it the columns that KTO reads are dropped"
        )
    losses, weights = config.get("dpo_loss_type"), config.get("dpo_loss_weights")
    if (losses is not None or weights is not None) and method != "dpo":
        yield bad(
            "TRN018",
            "dpo_loss_type" if losses is not None else "dpo_loss_weights",
            "dpo_loss_type and dpo_loss_weights are for rl: dpo only",
            REFUSES,
            ("rl",) if method else (),
        )
    elif isinstance(weights, list) and isinstance(losses, list) and len(losses) != len(weights):
        yield bad(
            "TRN018",
            "dpo_loss_weights",
            f"{len(weights)} weights for {len(losses)} losses",
            "give each loss one weight",
            ("dpo_loss_type",),
        )
    beta, inner = config.number("rl_beta"), config.number("trl.beta")
    if beta is not None and inner is not None and beta != inner:
        message = f"trl.beta is {inner:g}, and rl_beta is {beta:g}, which is not used"
        yield warn("TRN018", "trl.beta", message, "the one in trl wins: set one of the two", ("rl_beta",))
    if method == "simpo" and config.said("warmup_ratio"):
        yield bad("TRN018", "warmup_ratio", "warmup_ratio does not work with rl: simpo", "set warmup_steps instead", ("rl",))
    if config.on("trl.use_vllm") and not config.said("trl.vllm_mode"):
        yield warn(
            "TRN018",
            "trl.use_vllm",
            "use_vllm without vllm_mode: which server is meant depends on the version",
            "set trl.vllm_mode to server or colocate",
        )


def _sharding(config: Config) -> Iterator[Conflict]:
    sharded = config.said("fsdp") or config.said("fsdp_config")
    if sharded and config.said("deepspeed"):
        yield bad("TRN018", "deepspeed", "deepspeed and FSDP exclude each other", "keep one of the two", ("fsdp", "fsdp_config"))
    if config.on("deepcompile") and not config.said("deepspeed"):
        yield bad("TRN018", "deepcompile", "deepcompile wants deepspeed", REFUSES)
    optimizer = config.text("optimizer")
    plan = config.plan
    if optimizer.startswith(_UNSHARDED) and (config.said("deepspeed") or plan.sharding == "fsdp1"):
        yield bad(
            "TRN018",
            "optimizer",
            f"the optimizer {optimizer} works neither with DeepSpeed nor with FSDP 1",
            "use FSDP 2, or another optimizer",
            ("deepspeed", "fsdp"),
        )
    if plan.sharding == "fsdp2":
        if optimizer in {"adamw_8bit", "adamw_bnb_8bit"}:
            yield bad(
                "TRN018",
                "optimizer",
                f"the optimizer {optimizer} does not work with FSDP 2",
                "use adamw_torch_8bit or adamw_torch_fused",
                ("fsdp_version",),
            )
        four = config.on("load_in_4bit")
        quantised = "load_in_4bit" if four else "load_in_8bit" if config.on("load_in_8bit") else ""
        if quantised and config.text("rl") in _PREFERENCES:
            yield bad(
                "TRN018",
                quantised,
                f"{quantised} with FSDP 2 does not work with rl: {config.text('rl')}",
                "use FSDP 1, or load the model unquantised",
                ("rl",),
            )
        yield from _staged(config, four=four)
    elif plan.sharding == "fsdp1" and "8bit" in optimizer:
        offload = next((key for key in ("fsdp_config.offload_params", "fsdp_config.fsdp_offload_params") if config.on(key)), "")
        if offload:
            yield bad(
                "TRN018",
                "optimizer",
                f"the optimizer {optimizer} does not work with FSDP's offloading",
                "turn offload_params off, or use adamw_torch_fused",
                (offload,),
            )
    if (config.number("context_parallel_size") or 1) > 1:
        yield from _context_parallel(config)


def _staged(config: Config, *, four: bool) -> Iterator[Conflict]:
    """Yield 4 bits that one process reads for all; only 0.21 reads them on the CPU by itself, and 0.19 refuses."""
    keys = ("fsdp_config.cpu_ram_efficient_loading", "fsdp_config.fsdp_cpu_ram_efficient_loading")
    if not four or config.on("qlora_sharded_model_loading") or not any(config.on(key) for key in keys):
        return
    message = "load_in_4bit does not work with FSDP 2 and cpu_ram_efficient_loading"
    advice = "set cpu_ram_efficient_loading: false; Axolotl 0.21 takes it with qlora_sharded_model_loading: true"
    yield bad("TRN018", "load_in_4bit", message, advice, keys)


def _context_parallel(config: Config) -> Iterator[Conflict]:
    attention = config.plan.attention
    if attention == "eager":
        yield bad("TRN018", "context_parallel_size", "context parallelism does not work with eager attention", REFUSES)
    elif attention not in {"flash", None}:
        message = "context parallelism wants flash attention before Axolotl 0.20"
        yield warn("TRN018", "context_parallel_size", message, "set attn_implementation: flash_attention_2")
    elif config.on("sample_packing") and (config.number("micro_batch_size") or 1) > 1:
        message = "context parallelism with sample_packing wants micro_batch_size: 1 before Axolotl 0.20"
        yield warn("TRN018", "micro_batch_size", message, "a longer sequence packs as much", ("context_parallel_size",))


def _fsdp_1(config: Config) -> Iterator[Conflict]:
    """Yield what is left of FSDP 1: 0.19 takes it, and later releases refuse it."""
    if config.get("fsdp"):
        message = "the list fsdp is gone since Axolotl 0.20.0; fsdp_config alone shards the model"
        yield warn("CFG003", "fsdp", message, f"{_GONE_WITH_FSDP_1}: remove the list, and what was for FSDP 1 in fsdp_config")
    for key in ("fsdp_version", "fsdp_config.fsdp_version", "fsdp_config.version"):
        if config.number(key) == 1:
            yield warn("CFG003", key, f"{key.rpartition('.')[2]}: 1 is gone since Axolotl 0.20.0; write 2", _GONE_WITH_FSDP_1)
    for key, successor in _OF_FSDP_1.items():
        for name in (f"fsdp_config.{key}", f"fsdp_config.fsdp_{key}"):
            if config.said(name):
                advice = f"write {successor}" if successor else "remove it"
                yield warn("CFG003", name, f"{key!r} is for FSDP 1, gone since Axolotl 0.20.0; {advice}", _GONE_WITH_FSDP_1)
    if config.said("fsdp_config") and "falcon" in config.text("base_model").casefold():
        yield warn("TRN018", "fsdp_config", "FSDP does not work with falcon models", REFUSES, ("base_model",))


def _other(config: Config) -> Iterator[Conflict]:
    kernels = [key for key in _LOSS_KERNELS if config.on(key)]
    if len(kernels) > 1:
        yield bad(
            "TRN018",
            kernels[-1],
            f"{' and '.join(kernels)} exclude each other",
            "keep one way to compute the loss",
            tuple(kernels[:-1]),
        )
    if config.said("max_memory") and config.said("gpu_memory_limit"):
        yield bad(
            "TRN018",
            "max_memory",
            "max_memory and gpu_memory_limit exclude each other",
            "keep one of the two",
            ("gpu_memory_limit",),
        )
    for key in ("activation_offloading", "selective_checkpointing"):
        value = config.get(key)
        if value and not config.off(key) and not config.get("gradient_checkpointing"):
            yield bad("TRN018", key, f"{key} wants gradient_checkpointing: true", REFUSES)
    yield from _training(config)


def _training(config: Config) -> Iterator[Conflict]:
    number = to_number(config.get("neftune_noise_alpha"))
    if number is not None and number <= 0:
        yield bad(
            "CFG004",
            "neftune_noise_alpha",
            f"neftune_noise_alpha is {number:g}, and must be above 0",
            "remove the key to train without noise",
        )
    yield from _optimizer(config)
    if config.on("tokenizer_use_mistral_common"):
        for key in ("chat_template", "special_tokens", "tokens"):
            if config.said(key):
                yield bad(
                    "TRN018",
                    key,
                    f"{key} does not work with tokenizer_use_mistral_common",
                    "mistral-common brings its own template and tokens",
                    ("tokenizer_use_mistral_common",),
                )


def _optimizer(config: Config) -> Iterator[Conflict]:
    optimizer = config.text("optimizer")
    if optimizer in _GONE_OPTIMIZERS:
        yield warn(
            "CFG003",
            "optimizer",
            f"transformers has no optimizer {optimizer!r} any more; write {_GONE_OPTIMIZERS[optimizer]}",
            "it is refused when the trainer is made, after the data were prepared",
        )
    for key in ("adam_beta1", "adam_beta2", "adam_epsilon"):
        if config.said(key) and optimizer and "adam" not in optimizer and "muon" not in optimizer:
            yield warn(
                "TRN018",
                key,
                f"{key} has no effect with the optimizer {optimizer}",
                "remove it, or use an Adam optimizer",
                ("optimizer",),
            )
