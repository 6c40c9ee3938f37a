"""Architectures: the table agrees with itself, and names are understood or not known."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunelint.costs.hardware import all_gpus, find_gpu
from tunelint.costs.models import TARGETS, all_models, find_model, model_from_config

POSITIONS = {"gpt2": 1_024 * 768, "bert-base-cased": (512 + 2) * 768 + 768 * 768 + 2 * 768}
"""Learnt positions and a pooler, which the shape does not name."""

DECODERS = [model for model in all_models() if not model.encoder_layers]


@pytest.mark.parametrize("model", DECODERS, ids=lambda model: model.name)
def test_published_counts_follow_from_the_shape(model: Any) -> None:
    config = {
        "vocab_size": model.vocab, "hidden_size": model.hidden, "num_hidden_layers": model.layers,
        "num_attention_heads": model.heads, "num_key_value_heads": model.kv_heads, "head_dim": model.head_dim,
        "intermediate_size": model.ffn, "tie_word_embeddings": model.tied, "num_local_experts": model.experts or None,
        "num_experts_per_tok": model.active_experts or None, "model_type": _kind(model),
    }  # fmt: skip
    counted = model_from_config(config, model.name)
    assert counted is not None
    assert counted.params + POSITIONS.get(model.name, 0) == pytest.approx(model.params, rel=1e-3)


def _kind(model: Any) -> str:
    if not model.gated:
        return "falcon" if model.name.startswith("falcon") else "gpt_neox"
    if model.norms == 4:
        return "gemma3" if model.qk_norm else "gemma2"
    return "qwen3" if model.qk_norm else "qwen2" if model.qkv_bias else "llama"


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("meta-llama/Meta-Llama-3.1-8B-Instruct", "llama-3-8b"),
        ("unsloth/llama-3-8b-bnb-4bit", "llama-3-8b"),
        ("checkpoints/microsoft/phi-2", "phi-2"),
        ("microsoft/phi-1_5", "phi-1.5"),
        ("nvidia/Llama-3.1-Nemotron-70B-Instruct-HF", "llama-3-70b"),
        ("tiiuae/Falcon3-7B-Instruct", "falcon3-7b"),
        ("tiiuae/falcon-7b", "falcon-7b"),
        ("mistralai/Mistral-Large-Instruct-2411", "mistral-large-123b"),
        ("stabilityai/stablelm-zephyr-3b", "stablelm-3b-4e1t"),
        ("EleutherAI/pythia-160m-deduped", "pythia-160m"),
        ("allenai/OLMo-7B-Instruct-hf", "olmo-7b"),
        ("C:\\models\\Qwen2.5-7B-Instruct", "qwen2.5-7b"),
        ("mistralai/Mistral-7B-v0.1", "mistral-7b"),
        ("mistralai/Mistral-7B-Instruct-v0.3", "mistral-7b-v0.3"),
        ("google/gemma-2b", "gemma-2b"),
        ("google/gemma-2-2b-it", "gemma-2-2b"),
        ("google/gemma-2-27b", "gemma-2-27b"),
        ("microsoft/phi-4", "phi-4"),
        ("microsoft/Phi-4-mini-instruct", "phi-4-mini"),
        ("Qwen/Qwen3-30B-A3B", "qwen3-30b-a3b"),
        ("TinyLlama/TinyLlama-1.1B-Chat-v1.0", "tinyllama-1.1b"),
        ("NousResearch/Llama-2-7b-hf/", "llama-2-7b"),
        ("deepseek-ai/DeepSeek-R1-Distill-Llama-8B", "llama-3-8b"),
    ],
)
def test_names(name: str, known: str) -> None:
    model = find_model(name)
    assert model is not None
    assert model.name == known


@pytest.mark.parametrize(
    "name",
    ["", "/", "Qwen/Qwen3-3B", "Qwen/Qwen2-VL-7B", "meta-llama/Llama-3.2-11B-Vision", "gpt2-xl", "tiiuae/falcon-e-3b",
     "stabilityai/stablelm-2-1_6b", "my-own-model", "llama", "google/gemma-2"],
)  # fmt: skip
def test_unknown_names_are_not_guessed(name: str) -> None:
    assert find_model(name) is None


def test_adapters_of_llama_3_8b() -> None:
    """2,621,440 parameters a unit of rank on all linear layers. Source: tinker-cookbook's table."""
    model = find_model("llama-3-8b")
    assert model is not None
    assert model.adapter_params(1, frozenset(TARGETS)) == 2_621_440
    assert model.adapter_params(1, frozenset("qkvo")) == 851_968
    assert model.adapter_params(1, frozenset({"head"})) == 132_352
    assert model.adapter_params(8, frozenset()) == 0


@given(st.dictionaries(st.sampled_from(
    ["vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "head_dim", "model_type",
     "num_local_experts", "text_config", "tie_word_embeddings", "n_embd"]),
    st.none() | st.booleans() | st.integers(-5, 10**6) | st.text(max_size=5) | st.lists(st.integers(), max_size=2)
    | st.dictionaries(st.sampled_from(["vocab_size", "hidden_size"]), st.integers(-1, 100))))  # fmt: skip
def test_any_config_is_read_or_not(config: dict[str, Any]) -> None:
    model = model_from_config(config, "x")
    assert model is None or model.params > 0


@pytest.mark.parametrize(
    ("name", "known"),
    [("A10G", "A10G"), ("nvidia a10g", "A10G"), ("A100-SXM4-40GB", "A100-40GB"), ("a100", "A100-80GB"), ("RTX 4090", "RTX 4090"),
     ("NVIDIA GeForce RTX 4090", "RTX 4090"), ("h100", "H100"), ("Tesla T4", "T4"), ("A100 40GB", "A100-40GB"),
     ("NVIDIA H100 80GB HBM3", "H100"), ("NVIDIA H100 PCIe", "H100-PCIe"), ("NVIDIA A10", "A10"), ("L40", "L40"), ("L40S", "L40S"),
     ("NVIDIA RTX 6000 Ada Generation", "RTX 6000 Ada"), ("NVIDIA RTX A6000", "A6000"), ("NVIDIA A100 80GB PCIe", "A100-80GB")],
)  # fmt: skip
def test_gpus(name: str, known: str) -> None:
    gpu = find_gpu(name)
    assert gpu is not None
    assert gpu.name == known


def test_unknown_gpu() -> None:
    assert find_gpu("Radeon 9700") is None
    assert find_gpu("") is None
    assert find_gpu("RTX 6000") is None  # of three generations, with 24, 48 and 96 GB


def test_prices_of_gpus_are_ordered() -> None:
    for gpu in all_gpus():
        assert gpu.source
        assert gpu.usd_hour is None or list(gpu.usd_hour) == sorted(gpu.usd_hour)
