"""TRN016: see the class."""

from collections.abc import Iterator
from typing import Final

from tunelint.core.finding import Finding, Place, Severity
from tunelint.rules.base import ConfigRule
from tunelint.trainers.base import Config

_BETA: Final = (0.01, 0.5)
_METHODS: Final = frozenset({"dpo", "kto", "ipo"})
"""SimPO and ORPO use the same word for other things."""


class PreferenceBeta(ConfigRule):
    """Beta is far from what works in preference training.

    ## Why

    Beta says how dear it is to move away from the reference model. Near 0 the model runs away from it and forgets how to write; above
    0.5 it hardly moves.

    ## What to do

    Start at 0.1, the default of every tool.

    ## Examples

    ```yaml good name=dpo.yaml
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: trl-lib/Capybara
    output_dir: out
    per_device_train_batch_size: 2
    max_length: 2048
    eval_strategy: steps
    learning_rate: 5.0e-7
    beta: 0.1
    precompute_ref_log_probs: true
    ```

    ```yaml bad beta name=dpo.yaml
    model_name_or_path: Qwen/Qwen3-0.6B
    dataset_name: trl-lib/Capybara
    output_dir: out
    per_device_train_batch_size: 2
    max_length: 2048
    eval_strategy: steps
    learning_rate: 5.0e-7
    beta: 5.0
    precompute_ref_log_probs: true
    ```

    Sources: Rafailov et al., DPO, 2305.18290 (0.1 to 0.5); defaults of TRL, LLaMA-Factory and tinker-cookbook: 0.1.
    """

    code = "TRN016"
    name = "preference-beta"
    severity = Severity.WARNING

    def check(self, config: Config) -> Iterator[Finding]:
        """Yield what the plan shows."""
        plan = config.plan
        if plan.effective("method") in _METHODS and plan.beta is not None and not _BETA[0] <= plan.beta <= _BETA[1]:
            small = plan.beta < _BETA[0]
            yield self.finding(
                f"a beta of {plan.beta:g} is very {'small' if small else 'large'} for {plan.effective('method')}",
                Place(plan.path("beta")),
                help="the model runs away from its reference" if small else "the model hardly moves: 0.1 is usual",
            )
