"""Memory and time: against published measurements, against published formulas, and how they must move."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.memory import memory_results, quantile, time_results, verdicts
from tests.shared_data import shared_data
from tunelint.costs.estimators import GIB, accelerate_training_bytes, zero2_states, zero3_states
from tunelint.costs.memory import GB, estimate_memory
from tunelint.costs.models import TARGETS, all_models, find_model
from tunelint.costs.run import Run
from tunelint.costs.stacks import STACKS
from tunelint.costs.time import duration_hours, flops_per_token, pace

T5_3B = 2_851_598_336
T5_LAYER = 32_128 * 1_024


def test_memory_of_published_runs() -> None:
    results = list(memory_results(shared_data("cost", "memory_cases.csv")))
    errors = [abs(one.error) for one in results]
    assert len(errors) > 60
    assert quantile(errors, 0.5) <= 0.10
    assert quantile(errors, 0.9) <= 0.25
    assert sum(one.inside for one in results) >= 0.85 * len(results)


def test_runs_that_did_not_fit_are_said_not_to_fit() -> None:
    judged = list(verdicts(shared_data("cost", "memory_cases.csv")))
    failed = [(estimated, has) for _, estimated, has, ran in judged if not ran]
    assert len(failed) >= 5
    assert all(estimated > has for estimated, has in failed)
    ran = [(estimated, has) for _, estimated, has, ran in judged if ran]
    assert sum(estimated <= has for estimated, has in ran) >= 0.95 * len(ran)


def test_speed_of_published_runs() -> None:
    results = list(time_results(shared_data("cost", "time_cases.csv")))
    assert len(results) > 20
    assert sum(0.5 <= one.estimated / one.published <= 2 for one in results) >= 0.8 * len(results)


@pytest.mark.parametrize(("offload", "gib"), [(True, 5.31), (False, 15.93)])
def test_deepspeed_zero2(offload: bool, gib: float) -> None:
    """Printed in DeepSpeed's documentation for t5-3b on eight GPUs."""
    assert round(zero2_states(T5_3B, 8, offload=offload).gpu / GIB, 2) == gib


def test_deepspeed_zero2_as_it_computes_now() -> None:
    assert zero2_states(1_000, 4, formula="current").gpu == 2_000 + 4_500


@pytest.mark.parametrize(
    ("optimizer", "weights", "zero_init", "cpu", "gpu"),
    [(True, True, True, 71.71, 0.12), (True, True, False, 127.48, 0.12), (True, False, True, 63.74, 0.79),
     (True, False, False, 127.48, 0.79), (False, False, True, 1.47, 6.10), (False, False, False, 127.48, 6.10)],
)  # fmt: skip
def test_deepspeed_zero3(optimizer: bool, weights: bool, zero_init: bool, cpu: float, gpu: float) -> None:
    """Printed in DeepSpeed's documentation for t5-3b on eight GPUs."""
    states = zero3_states(T5_3B, T5_LAYER, 8, offload_optimizer=optimizer, offload_weights=weights, zero_init=zero_init)
    assert round(states.gpu / GIB, 2) == gpu
    assert round(states.cpu / GIB, 2) == cpu


@pytest.mark.parametrize(("element", "printed"), [(4, "1.61 GB"), (2, "826.36 MB")])
def test_accelerate(element: int, printed: str) -> None:
    """Printed in Accelerate's documentation for bert-base-cased."""
    model = find_model("bert-base-cased")
    assert model is not None
    size = accelerate_training_bytes(model.params, element)
    amount, unit = printed.split()
    assert size / (GIB if unit == "GB" else 1 << 20) == pytest.approx(float(amount), abs=0.1 if unit == "MB" else 0.005)


RUNS = st.builds(
    Run,
    model=st.sampled_from(all_models()),
    method=st.sampled_from(["full", "lora", "dora", "adapter", "adapter-v2"]),
    weights=st.sampled_from(["fp32", "bf16", "nf4", "nf4-dq", "int8"]),
    rank=st.integers(1, 256),
    targets=st.frozensets(st.sampled_from([*TARGETS, "head"]), min_size=1),
    optimizer=st.sampled_from(["adamw", "adamw-8bit", "paged-adamw", "adafactor", "lion", "sgd"]),
    micro_batch=st.integers(1, 16),
    tokens=st.sampled_from([1, 128, 2_048, 8_192]),
    accumulation=st.integers(1, 8),
    devices=st.integers(1, 16),
    sharding=st.sampled_from(["none", "zero1", "zero2", "zero3", "fsdp"]),
    checkpointing=st.booleans(),
    attention=st.sampled_from(["flash", "sdpa", "eager"]),
    loss=st.sampled_from(["plain", "chunked", "fused"]),
    compiled=st.booleans(),
    preference=st.booleans(),
    reference=st.booleans(),
    stack=st.sampled_from(list(STACKS.values())),
)


def _peak(run: Run, **changes: object) -> float:
    return estimate_memory(msgspec.structs.replace(run, **changes)).peak.value


@given(RUNS)
def test_parts_are_the_whole(run: Run) -> None:
    memory = estimate_memory(run)
    parts = memory.parts
    assert sum(msgspec.structs.astuple(parts)) == pytest.approx(memory.peak.value)
    assert min(msgspec.structs.astuple(parts)) >= 0
    assert memory.peak.low <= memory.peak.value <= memory.peak.high


@given(RUNS)
def test_more_takes_more(run: Run) -> None:
    now = _peak(run)
    slack = 1 + 1e-9
    assert _peak(run, micro_batch=run.micro_batch + 1) >= now / slack
    assert _peak(run, tokens=run.tokens * 2) >= now / slack
    assert _peak(run, checkpointing=False) * slack >= _peak(run, checkpointing=True) * 0.98
    assert _peak(run, loss="plain") * slack >= _peak(run, loss="fused")
    assert _peak(run, attention="eager") * slack >= _peak(run, attention="sdpa")


@given(RUNS)
def test_time_is_positive(run: Run) -> None:
    assert flops_per_token(run) > 0
    rate = pace(run, 312)
    hours = duration_hours(run, 1e6, rate)
    assert 0 < hours.low <= hours.value <= hours.high
    assert 0 < rate.tokens_per_second.low <= rate.tokens_per_second.value


def test_what_everybody_knows_of_a_7b_model() -> None:
    """16-bit weights of 13.5 GB, four times that with gradients and Adam's moments, a quarter in four bits."""
    model = find_model("llama-2-7b")
    assert model is not None
    full = estimate_memory(Run(model=model, checkpointing=True, tokens=512)).parts
    assert full.weights / GB == pytest.approx(13.48, abs=0.01)
    assert (full.weights + full.gradients + full.optimizer) / GB == pytest.approx(4 * 13.48, abs=0.1)
    mixed = estimate_memory(Run(model=model, weights="fp32", checkpointing=True, tokens=512)).parts
    assert (mixed.weights + mixed.gradients + mixed.optimizer) / model.params == pytest.approx(18, abs=0.1)
    quantised = Run(model=model, method="lora", weights="nf4-dq", targets=frozenset("qv"), checkpointing=True, tokens=512)
    assert 3.5 < estimate_memory(quantised).parts.weights / GB < 4.5
