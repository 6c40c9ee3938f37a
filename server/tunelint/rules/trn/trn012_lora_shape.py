"""TRN012: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import ConfigRule
from tunelint.rules.trn._layers import layers_of, lone_target, named_targets
from tunelint.text.numbers import plain, significant
from tunelint.trainers.base import Config

_RATIO: Final = (0.25, 4.0)
_RANK: Final = (4, 256)
_DROPOUT: Final = 0.1
_ATTENTION: Final = frozenset(
    {
        "q_proj", "k_proj", "v_proj", "o_proj", "query", "key", "value", "q", "k", "v", "o", "output_proj", "qkv_proj", "c_attn",
        "query_key_value", "Wqkv", "W_pack", "projection", "attn.q_proj", "attn.v_proj", "self_attn.q_proj", "self_attn.v_proj",
    }
)  # fmt: skip
"""Names of the attention's projections in common architectures."""


class LoraShape(ConfigRule):
    """The adapter's shape is unusual.

    ## Why

    `alpha / r` scales what the adapter adds: far from what the learning rate was tried with, it is a hidden change of the rate. Ranks
    below 4 hold little, ranks above 256 cost memory for nothing measurable. An adapter on the attention alone learns less than one on
    all linear layers with the same number of weights.

    ## What to do

    Take alpha as the rank or twice the rank, a rank of 8 to 64, a dropout of at most 0.1, and all linear layers.

    ## Examples

    ```yaml good
    base_model: meta-llama/Llama-3.1-8B
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_linear: true
    learning_rate: 0.0002
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    ```yaml bad lora_alpha
    base_model: meta-llama/Llama-3.1-8B
    adapter: lora
    lora_r: 8
    lora_alpha: 256
    lora_target_linear: true
    learning_rate: 0.0002
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    ```yaml bad lora_r lora_dropout
    base_model: meta-llama/Llama-3.1-8B
    adapter: lora
    lora_r: 512
    lora_alpha: 512
    lora_target_linear: true
    lora_dropout: 0.3
    learning_rate: 0.0002
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    ```yaml bad lora_target_modules
    base_model: meta-llama/Llama-3.1-8B
    adapter: lora
    lora_r: 16
    lora_alpha: 32
    lora_target_modules: [q_proj, v_proj]
    learning_rate: 0.0002
    datasets:
      - path: tatsu-lab/alpaca
        type: alpaca
    sequence_len: 4096
    micro_batch_size: 2
    val_set_size: 0.05
    ```

    Sources: Biderman et al., LoRA Learns Less and Forgets Less, 2405.09673 (all > MLP > attention); LoRA Without Regret; alpha / r in 561
    published recipes: 2 (173), 0.5 (125), 1 (11), 0.25 (5), 4 (3).
    """

    code = "TRN012"
    name = "lora-shape"
    severity = Severity.INFORMATION

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield what the plan shows."""
        plan = config.plan
        if plan.tuning != "lora" and not (plan.tuning is None and plan.effective("tuning") == "lora"):
            return
        rank, alpha = plan.effective("lora_rank"), plan.effective("lora_alpha")
        if rank and rank > 0 and alpha and not plan.rslora and (plan.lora_rank is not None or plan.lora_alpha is not None):
            ratio = alpha / rank
            if not _RATIO[0] <= ratio <= _RATIO[1]:
                yield self.finding(
                    f"alpha {plain(alpha)} with rank {rank} scales the adapter by {significant(ratio, 4)}",
                    Place(plan.path("lora_alpha", "lora_rank")),
                    help="published recipes lie between 0.25 and 4, mostly at 0.5 to 2: it is a hidden factor of the learning rate",
                )
        if plan.lora_rank is not None and not _RANK[0] <= plan.lora_rank <= _RANK[1]:
            few = plan.lora_rank < _RANK[0]
            yield self.finding(
                f"a rank of {plan.lora_rank} is {'very small' if few else 'very large'}",
                Place(plan.path("lora_rank")),
                severity=Severity.WARNING,
                help="it holds little"
                if few
                else "it costs memory and time: 8 to 64 is usual, 256 the most that was seen to help",
            )
        if plan.lora_dropout is not None and plan.lora_dropout > _DROPOUT:
            yield self.finding(
                f"a LoRA dropout of {plan.lora_dropout:g} is high",
                Place(plan.path("lora_dropout")),
                help="0 to 0.1 is usual: more slows down what few weights there are",
            )
        layers = layers_of(plan.model or "")
        absent = layers and any(name.rpartition(".")[2] not in layers for name in named_targets(config))
        strange = absent or lone_target(config)  # said by TRN020
        if plan.lora_targets and not strange and all(name in _ATTENTION for name in plan.lora_targets):
            yield self.finding(
                "the adapter is on the attention only",
                Place(plan.path("lora_targets"), "key"),
                help="all linear layers learn more at the same number of weights; lower the rank if memory is short",
            )
