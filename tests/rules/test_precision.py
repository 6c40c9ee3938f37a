"""TRN007 on the GPU of the settings, and TRN019 on base models, which their examples cannot show."""

import pytest

from tests.linting import lint

CONFIG = """\
base_model: {model}
datasets:
  - path: tatsu-lab/alpaca
    type: alpaca
sequence_len: 2048
micro_batch_size: 2
learning_rate: 0.0002
val_set_size: 0.05
adapter: lora
lora_r: 16
lora_alpha: 32
lora_target_linear: true
"""


@pytest.mark.parametrize(
    ("precision", "gpu", "at"),
    [
        ("bf16: true", "T4", ["bf16"]),
        ("bf16: true", "Tesla V100-SXM2-16GB", ["bf16"]),
        ("bf16: true", "RTX 2080 Ti", ["bf16"]),
        ("bf16: true", "A100", []),
        ("bf16: true", "RTX 4090", []),
        ("bf16: true", "A10G", []),
        ("bf16: true", "", []),
        ("bf16: auto", "T4", []),  # it falls back by itself
        ("fp16: true", "T4", []),
        ("bf16: true\nfp16: true", "T4", ["fp16"]),  # one fault
        ("bf16: false", "T4", []),
    ],
)
def test_bf16_wants_a_gpu_that_has_it(precision: str, gpu: str, at: list[str]) -> None:
    text = CONFIG.format(model="Qwen/Qwen3-0.6B") + precision + "\n"
    options = {"costs": f"gpu:{gpu}"} if gpu else {}
    assert [one.at for one in lint(text, ["TRN007"], "train.yaml", **options).diagnostics] == at


@pytest.mark.parametrize(
    ("model", "more", "fires"),
    [
        ("meta-llama/Meta-Llama-3-8B", "chat_template: llama3\n", True),
        ("NousResearch/Meta-Llama-3.1-70B", "chat_template: llama3\n", True),
        ("/workspace/models/llama-3-8b", "chat_template: llama3\n", True),
        ("meta-llama/Llama-3.1-8B-Instruct", "chat_template: llama3\n", False),
        ("NousResearch/Hermes-3-Llama-3.1-8B", "chat_template: llama3\n", False),
        ("meta-llama/Llama-3.1-8B", "chat_template: llama3\nlora_modules_to_save: [embed_tokens, lm_head]\n", False),
        ("meta-llama/Llama-3.1-8B", "chat_template: llama3\nfix_untrained_tokens: true\n", False),
        ("meta-llama/Llama-3.1-8B", "chat_template: alpaca\n", False),
        ("meta-llama/Llama-3.1-8B", "chat_template: tokenizer_default\n", False),
        ("meta-llama/Llama-3.2-3B", "chat_template: llama3\n", False),
        ("Qwen/Qwen3-8B-Base", "chat_template: qwen3\n", False),
    ],
)
def test_a_base_model_that_never_learnt_the_markers(model: str, more: str, fires: bool) -> None:
    text = CONFIG.format(model=model) + more
    assert [one.at for one in lint(text, ["TRN019"], "train.yaml").diagnostics] == (["chat_template"] if fires else [])
