"""Axolotl's own checks of data, packing, batches and the cadence of evaluation, in 0.19 to 0.21, said before a machine is rented."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Severity
from tunelint.text.distance import within
from tunelint.text.numbers import plain
from tunelint.text.parse import Path
from tunelint.trainers._axolotl_model_checks import model_conflicts
from tunelint.trainers._axolotl_say import REFUSES, bad, warn
from tunelint.trainers._huggingface import scheduler_conflicts
from tunelint.trainers.base import Config, Conflict

__all__ = ["conflicts"]

_HOPPER: Final = ("H100", "H200", "H800", "GH200", "B100", "B200", "B300", "GB200", "GB300")
"""GPUs of compute capability 9.0 and above, by what is in their names."""

_READERS: Final = frozenset({"json", "csv", "parquet", "text", "arrow"})
_FILES: Final = (".jsonl", ".json", ".csv", ".parquet", ".txt", ".arrow")

_STRATEGIES: Final = frozenset(
    {
        "alpaca", "explainchoice", "concisechoice", "summarizetldr", "alpaca_chat", "alpaca_instruct", "alpaca_w_system", "base",
        "bradley_terry", "chat_template", "completion", "context_qa", "creative_acr", "gpteacher", "input_output", "jeopardy", "kto",
        "llama2_chat", "messages", "metharme", "oasst", "orcamini", "orpo", "pretrain", "pygmalion", "reflection",
        "stepwise_supervised", "user_defined", "dpo", "ebft", "_synthetic", "sharegpt",
    }
)  # fmt: skip
"""Types of datasets: the modules of `prompt_strategies` in 0.19 to 0.21, and the names that `utils/data/wrappers.py` knows. One with
a dot may be a module of one's own."""


def conflicts(config: Config) -> Iterator[Conflict]:
    """Yield what Axolotl refuses or warns of."""
    yield from _data(config)
    yield from _splits(config)
    yield from _streams(config)
    yield from _attention(config)
    yield from _packing(config)
    yield from _batch(config)
    yield from _cadence(config)
    yield from _schedule(config)
    yield from model_conflicts(config)


def _data(config: Config) -> Iterator[Conflict]:
    for path, one in config.items("datasets"):
        kind = one.get("type") if isinstance(one, dict) else None
        if isinstance(kind, str) and kind.startswith("sharegpt"):
            yield Conflict(
                "TRN018",
                (*path, "type"),
                f"the dataset type {kind!r} was removed from Axolotl",
                "use `type: chat_template`, with field_messages: conversations and message_property_mappings",
            )
        elif isinstance(kind, str) and not config.text("rl"):
            yield from _strategy((*path, "type"), kind)
        template = one.get("chat_template") if isinstance(one, dict) else None
        if template == "jinja" and not one.get("chat_template_jinja"):
            yield Conflict(
                "TRN018", (*path, "chat_template"), "chat_template: jinja wants a chat_template_jinja beside it", REFUSES
            )
    if config.get("chat_template") == "jinja" and not config.said("chat_template_jinja"):
        yield bad("TRN018", "chat_template", "chat_template: jinja wants a chat_template_jinja beside it")
    if config.said("push_dataset_to_hub") and not config.on("hf_use_auth_token"):
        yield bad("TRN018", "push_dataset_to_hub", "push_dataset_to_hub wants hf_use_auth_token: true")
    streams = "pretraining_dataset" if config.said("pretraining_dataset") else "streaming" if config.on("streaming") else ""
    if streams and not config.said("max_steps"):
        yield bad(
            "TRN018",
            streams,
            f"{streams.removesuffix('_dataset')} has no end: max_steps is missing",
            "a stream has no length, so the scheduler needs max_steps",
        )
    if streams and (config.number("val_set_size") or 0) > 0:
        yield bad(
            "TRN018",
            "val_set_size",
            "val_set_size cannot be split off a stream",
            "name the evaluation data in test_datasets",
            (streams,),
        )
    if config.said("eval_table_size") and config.on("sample_packing") and not config.off("eval_sample_packing"):
        yield bad("TRN018", "eval_table_size", "eval_table_size wants eval_sample_packing: false", REFUSES, ("sample_packing",))


def _splits(config: Config) -> Iterator[Conflict]:
    """Yield splits of files, of which each is one split called train (utils/data/shared.py, utils/data/sft.py)."""
    for key in ("datasets", "test_datasets"):
        for path, one in config.items(key):
            name = one.get("path") if isinstance(one, dict) else None
            if not isinstance(name, str) or "://" in name or not (name in _READERS or name.casefold().endswith(_FILES)):
                continue
            split = one.get("split")
            if isinstance(split, str) and split and split.partition("[")[0] not in {"train", "all"} and "+" not in split:
                message = f"split: {split}, and a file has the one split train"
                yield Conflict("TRN018", (*path, "split"), message[:120], "the run ends when it is read: write split: train")
            elif split is None and key == "test_datasets" and name in _READERS and one.get("data_files"):
                yield Conflict(
                    "TRN018", (*path, "path"), "a file has the one split train, and split test is looked for", "add split: train"
                )


def _strategy(at: Path, kind: str) -> Iterator[Conflict]:
    """Yield a dataset's type that Axolotl has no reader for; none where a module of one's own may be meant."""
    name = kind.partition(":")[0]
    if name and "." not in name and name not in _STRATEGIES:
        near = sorted(one for one in _STRATEGIES if within(name.casefold(), one, 2 if len(name) > 5 else 1))
        meant = (
            f"{near[0]} is probably meant" if len(near) == 1 else "a file's format is ds_type: json, and type says what is in it"
        )
        yield Conflict("TRN018", at, f"Axolotl has no dataset type {kind!r}"[:120], meant, Severity.WARNING)


_LEGACY: Final = ("flash_attention", "sdp_attention", "xformers_attention", "flex_attention", "sage_attention", "eager_attention")


def _streams(config: Config) -> Iterator[Conflict]:
    if config.on("dataset_exact_deduplication"):
        for key in ("streaming", "skip_prepare_dataset"):
            if config.on(key):
                yield bad(
                    "TRN018",
                    "dataset_exact_deduplication",
                    f"dataset_exact_deduplication does not work with {key}",
                    "duplicates are only known when all is read: remove one of the two",
                    (key,),
                )
    if config.on("sample_packing") and len(config.items("pretraining_dataset")) > 1:
        yield bad(
            "TRN009",
            "sample_packing",
            "sample_packing works with one pretraining_dataset only",
            REFUSES,
            ("pretraining_dataset",),
        )


def _attention(config: Config) -> Iterator[Conflict]:
    legacy = next((key for key in _LEGACY if config.on(key)), "")
    if legacy and config.said("attn_implementation"):
        yield bad(
            "TRN018",
            legacy,
            f"{legacy} and attn_implementation exclude each other",
            "keep attn_implementation, and remove the old switch",
            ("attn_implementation",),
        )
    if config.on("scaling_softmax") and config.plan.attention not in {"flex", None}:
        yield bad("TRN018", "scaling_softmax", "scaling_softmax wants flex attention", "set attn_implementation: flex_attention")


def _packing(config: Config) -> Iterator[Conflict]:
    if not config.on("sample_packing"):
        if config.on("batch_flattening") and config.plan.attention not in {"flash", "flex", None}:
            yield bad("TRN009", "batch_flattening", "batch_flattening wants flash attention")
        return
    method = config.text("rl")
    if method:
        yield bad(
            "TRN009",
            "sample_packing",
            f"sample_packing does not work with rl: {method}",
            "pairs cannot be packed: set sample_packing: false",
            ("rl",),
        )
    elif not config.said("diffusion_lm"):
        yield from _isolation(config)
    if config.off("pad_to_sequence_len"):
        yield warn(
            "TRN009",
            "pad_to_sequence_len",
            "pad_to_sequence_len: false with sample_packing wastes memory",
            "packed batches of changing size fragment the memory: set it to true, or leave it out",
            ("sample_packing",),
        )
    if config.on("batch_flattening"):
        yield bad(
            "TRN009", "batch_flattening", "batch_flattening and sample_packing exclude each other", REFUSES, ("sample_packing",)
        )


def _isolation(config: Config) -> Iterator[Conflict]:
    """Yield an attention that lets packed examples see each other: none at all (transformers' own choice), or one for fp8.

    Flash, flex, xformers and sage attention keep examples apart, and in Axolotl sdpa and eager do too. On GPUs before Hopper, sdpa
    with bf16 has a fault of torch's of its own.
    """
    said, attention = config.text("attn_implementation"), config.plan.attention
    at = (config.plan.path("attention"),) if attention is not None else ()
    advice = "set attn_implementation: flash_attention_2 or flex_attention, or turn packing off"
    if attention is None or said == "fp8":
        which = f"with {said} attention" if said else "without attn_implementation"
        message = f"sample_packing {which} lets examples see each other"
        yield Conflict("TRN009", ("sample_packing",), message, advice, Severity.WARNING, at)
    elif attention == "sdpa" and _computes_in_bf16(config) and not _is_hopper_or_newer(config.use.hardware.gpu):
        message = "sample_packing with sdpa attention and bf16 may train with a loss of 0.0"
        yield Conflict(
            "TRN009", ("sample_packing",), message, f"only Hopper GPUs and newer are safe: {advice}", Severity.WARNING, at
        )


def _computes_in_bf16(config: Config) -> bool:
    return any(config.get(key) and not config.off(key) for key in ("bf16", "bfloat16"))


def _is_hopper_or_newer(gpu: str | None) -> bool:
    return any(name in (gpu or "").upper() for name in _HOPPER)


def _batch(config: Config) -> Iterator[Conflict]:
    if config.said("batch_size"):
        if config.said("gradient_accumulation_steps"):
            yield bad(
                "TRN006",
                "batch_size",
                "batch_size and gradient_accumulation_steps exclude each other",
                "keep micro_batch_size and gradient_accumulation_steps, and remove batch_size",
                ("gradient_accumulation_steps",),
            )
        elif not config.said("micro_batch_size"):
            yield bad(
                "TRN006",
                "batch_size",
                "batch_size alone does not say how the batch is cut",
                "set micro_batch_size and gradient_accumulation_steps instead",
            )
    generations = config.number("trl.num_generations")
    if generations is not None and config.text("rl") == "grpo":
        batch = config.number("trl.generation_batch_size") or (config.number("micro_batch_size") or 1) * (
            config.number("gradient_accumulation_steps") or 1
        )
        if generations < 2:
            yield bad(
                "TRN006",
                "trl.num_generations",
                f"num_generations: {plain(generations)} leaves nothing to compare",
                "GRPO wants 2 at least",
            )
        elif batch % generations:
            yield bad(
                "TRN006",
                "trl.num_generations",
                f"{plain(batch)} completions a step do not divide into groups of {plain(generations)}",
                "make micro_batch_size × gradient_accumulation_steps a multiple of num_generations",
                ("micro_batch_size", "gradient_accumulation_steps"),
            )
    if config.said("warmup_steps") and config.said("warmup_ratio"):
        yield bad(
            "TRN018", "warmup_ratio", "warmup_steps and warmup_ratio exclude each other", "keep one of the two", ("warmup_steps",)
        )


def _schedule(config: Config) -> Iterator[Conflict]:
    """Yield what the scheduler makes no use of (core/trainers/mixins/scheduler.py)."""
    yield from scheduler_conflicts(config, "lr_scheduler")
    name = config.text("lr_scheduler") or "cosine"
    for key in ("cosine_min_lr_ratio", "cosine_constant_lr_ratio"):
        if config.number(key) is not None and name not in {"cosine", "rex"}:
            yield warn(
                "TRN018", key, f"{key} has no effect with the scheduler {name}", "take cosine, or remove it", ("lr_scheduler",)
            )


def _cadence(config: Config) -> Iterator[Conflict]:
    said = config.said
    evaluation, saving = config.get("eval_strategy"), config.get("save_strategy")
    if said("save_steps") and saving is not None and saving != "steps":
        yield bad(
            "TRN010",
            "save_steps",
            f"save_steps does not go with save_strategy: {saving}",
            "remove save_steps, or set save_strategy: steps",
            ("save_strategy",),
        )
    if said("saves_per_epoch") and said("save_steps"):
        yield bad(
            "TRN010",
            "saves_per_epoch",
            "saves_per_epoch and save_steps exclude each other",
            "keep one of the two",
            ("save_steps",),
        )
    if said("eval_steps") and evaluation is not None and evaluation != "steps":
        yield bad(
            "TRN010",
            "eval_steps",
            f"eval_steps does not go with eval_strategy: {evaluation}",
            "remove eval_steps, or set eval_strategy: steps",
            ("eval_strategy",),
        )
    if said("evals_per_epoch") and said("eval_steps"):
        yield bad(
            "TRN010",
            "evals_per_epoch",
            "evals_per_epoch and eval_steps exclude each other",
            "keep one of the two",
            ("eval_steps",),
        )
    elif said("evals_per_epoch") and evaluation is not None and evaluation != "steps":
        yield bad(
            "TRN010",
            "evals_per_epoch",
            f"evals_per_epoch does not go with eval_strategy: {evaluation}",
            "remove one of the two",
            ("eval_strategy",),
        )
    if (
        config.number("val_set_size") == 0
        and not said("test_datasets")
        and (said("eval_steps") or evaluation)
        and evaluation not in ("no", False)
    ):
        at = "eval_steps" if said("eval_steps") else "eval_strategy"
        yield bad(
            "TRN010",
            at,
            f"{at} is set, but val_set_size is 0 and there are no test_datasets",
            "set val_set_size, name test_datasets, or remove the evaluation",
            ("val_set_size",),
        )
    if (config.number("val_set_size") or 0) > 0 and said("test_datasets"):
        yield bad(
            "TRN010",
            "val_set_size",
            "val_set_size and test_datasets exclude each other",
            "set val_set_size: 0 to evaluate on test_datasets",
            ("test_datasets",),
        )
    yield from _stopping(config)
    if saving == "best" and not said("metric_for_best_model"):
        yield bad("TRN010", "save_strategy", "save_strategy: best wants metric_for_best_model", REFUSES)
    if said("hub_model_id") and saving in ("no", False):
        message = "hub_model_id is set, and nothing is saved that could be pushed"
        yield warn("TRN018", "hub_model_id", message, "set save_strategy: epoch or steps", ("save_strategy",))
    if config.on("do_bench_eval") and not (said("evals_per_epoch") or said("eval_steps")):
        yield bad("TRN010", "do_bench_eval", "do_bench_eval wants evals_per_epoch or eval_steps", REFUSES)


def _stopping(config: Config) -> Iterator[Conflict]:
    if not config.get("early_stopping_patience"):
        return
    saves, evaluations = config.number("save_steps"), config.number("eval_steps")
    if not saves or not evaluations:
        yield bad(
            "TRN010",
            "early_stopping_patience",
            "early stopping wants both save_steps and eval_steps",
            "without them there is no checkpoint to go back to: set both, save_steps a multiple of eval_steps",
        )
    elif saves % evaluations and saves >= 1 and evaluations >= 1:
        yield bad(
            "TRN010",
            "save_steps",
            f"save_steps ({plain(saves)}) is no multiple of eval_steps ({plain(evaluations)})",
            "early stopping goes back to a checkpoint that was evaluated",
            ("eval_steps", "early_stopping_patience"),
        )
