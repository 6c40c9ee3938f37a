"""Money: the published worked examples to the last call, and what happens where nothing is known."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunelint.costs.break_even import Calls, break_even, call_cost, compare
from tunelint.costs.dataset import hosting_usd_month
from tunelint.costs.estimate import Estimate
from tunelint.costs.money import Billing, auto_epochs, billed_tokens, gpu_money, hosted_money
from tunelint.costs.prices import CallPrice, Price, PriceBook, hosted_prices
from tunelint.costs.retirement import closing_of, retirement_of
from tunelint.costs.use import Use
from tunelint.costs.ways import sensitivity
from tunelint.settings.use import use_of

WORKED = [
    ("gpt-4.1-mini", 3.75, 3_000, 4_261, None),
    ("gpt-4.1-mini", 3.75, 10_000, 1_019, 5_514),
    ("gpt-4.1-2025-04-14", 18.75, 3_000, 3_605, 26_785),
    ("gpt-4.1-2025-04-14", 18.75, 10_000, 976, 4_464),
    ("gpt-4o-mini", 2.25, 3_000, 6_818, 21_428),
    ("gpt-4o-mini", 2.25, 10_000, 1_630, 3_571),
    ("gpt-4o-2024-08-06", 18.75, 3_000, 2_884, 6_818),
    ("gpt-4o-2024-08-06", 18.75, 10_000, 781, 1_630),
]
"""500 rows of 500 tokens, 3 epochs; 200 tokens of other input, 150 of answer; prices of 2026-03-24."""


@pytest.mark.parametrize(("model", "usd", "prompt", "uncached", "cached"), WORKED)
def test_worked_examples(model: str, usd: float, prompt: int, uncached: int, cached: int | None) -> None:
    price = PriceBook().find("openai", model)
    assert price is not None
    assert price.base is not None
    assert price.tuned is not None
    money = hosted_money(Billing(tokens=500 * 500, epochs=3), price)
    assert money == Estimate(usd, usd, usd)
    found = compare(Calls(prompt_tokens=prompt, input_tokens=200, output_tokens=150), price.base, price.tuned, money.value)
    assert found.uncached.calls == uncached
    assert found.cached is not None
    assert found.cached.calls == cached


def test_mean_call_of_the_worked_example() -> None:
    price = PriceBook().find("openai", "gpt-4.1-mini")
    assert price is not None
    assert price.base is not None
    assert price.tuned is not None
    assert call_cost(price.base, prompt=3_000, fresh=200, output=150) == pytest.approx(0.00152)
    assert call_cost(price.base, prompt=3_000, fresh=200, output=150, cache_hit=1) == pytest.approx(0.00062)
    assert call_cost(price.tuned, prompt=0, fresh=200, output=150) == pytest.approx(0.00064)


@pytest.mark.parametrize(("prompt", "uncached", "cached"), [(800, None, None), (801, 3, None), (3_200, 3, None), (3_201, 3, 3)])
def test_a_prompt_must_be_so_long_before_tuning_can_pay(prompt: int, uncached: int | None, cached: int | None) -> None:
    """Of 200 input and 150 output tokens: longer than 800 tokens uncached, 3,200 cached."""
    price = PriceBook().find("openai", "gpt-4.1-mini")
    assert price is not None
    assert price.base is not None
    assert price.tuned is not None
    found = compare(Calls(prompt_tokens=prompt, input_tokens=200, output_tokens=150), price.base, price.tuned, 1e-6)
    assert (found.uncached.calls is None) == (uncached is None)
    assert found.cached is not None
    assert (found.cached.calls is None) == (cached is None)


def test_auto_epochs_example() -> None:
    epochs = auto_epochs(5)
    assert epochs == 20
    assert Billing(tokens=4_306, epochs=epochs).billed == 86_120


@pytest.mark.parametrize(
    ("examples", "epochs"),
    [(0, 3), (1, 25), (4, 25), (5, 20), (33, 3), (34, 3), (500, 3), (8_333, 3), (8_334, 2), (25_000, 1), (1_000_000, 1)],
)
def test_auto_epochs(examples: int, epochs: int) -> None:
    assert auto_epochs(examples) == epochs


def test_what_is_above_the_limit_is_not_billed() -> None:
    assert billed_tokens([10, 100], 50) == 60
    assert billed_tokens([10, 100], None) == 110


def test_foreign_tokens_widen_the_interval() -> None:
    price = Price(provider="p", model="m", as_of="", source="", training=(1, 3))
    money = hosted_money(Billing(tokens=1_000_000, epochs=2), price, exact_tokens=False)
    assert money is not None
    assert (money.value, round(money.low, 9), round(money.high, 9)) == (4, 1.6, 7.2)


def test_own_prices_win_and_keep_what_they_do_not_say() -> None:
    own = Price(provider="openai", model="gpt-4.1-mini", as_of="", source="settings", training=(1, 1))
    price = PriceBook([own]).find("openai", "gpt-4.1-mini-2025-04-14")
    assert price is not None
    assert (price.training, price.base, price.as_of) == ((1, 1), CallPrice(0.4, 1.6, 0.1), "2026-03-24")
    assert "settings" in price.source


@pytest.mark.parametrize(
    ("provider", "model", "billions"),
    [
        ("openai", "gpt-4.1-maxi", None),
        ("openai", "gpt-4", None),
        ("mistral", "x", 7.2),
        ("mistral", "open-mistral-7b", 7.2),
        ("bedrock", "amazon.nova-lite-v1:0", None),
        ("azure", "gpt-4.1-maxi", None),
        ("together", "x", None),
        ("together", "x", 400),
    ],
)
def test_no_price_is_made_up(provider: str, model: str, billions: float | None) -> None:
    assert PriceBook().find(provider, model, billions) is None


def test_size_classes() -> None:
    book = PriceBook()
    assert [getattr(book.find("together", "x", size), "training", None) for size in (8.03, 32.8, 70.6)] == [
        (0.48, 1.35), (1.5, 4.12), (2.9, 8),
    ]  # fmt: skip


def test_every_price_has_a_date_and_a_source() -> None:
    for price in hosted_prices():
        assert date.fromisoformat(price.as_of) <= date(2026, 12, 31)
        assert price.source
        assert price.training is None or price.training[0] <= price.training[1]


@pytest.mark.parametrize(
    ("provider", "model", "training", "month"),
    [
        ("azure", "gpt-4.1-mini-2025-04-14", (2.5, 6.6), 1_241),
        ("azure", "gpt-4o-2024-08-06", (12.5, 33), 1_241),
        ("gemini", "gemini-2.5-flash", (5, 5), None),
        ("bedrock", "amazon.nova-2-lite-v1:0:256k", (3.78, 3.78), 1.95),
        ("bedrock", "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-2-lite-v1:0", (3.78, 3.78), 1.95),
        ("openai", "gpt-4.1-mini", (5, 5), None),
    ],
)
def test_prices_of_hosted_training(provider: str, model: str, training: tuple[float, float], month: float | None) -> None:
    price = PriceBook().find(provider, model)
    assert price is not None
    assert price.training == training
    assert price.hosting_usd_month == (pytest.approx(month) if month is not None else None)


def test_hosting_is_what_the_user_says_else_what_the_provider_takes() -> None:
    price = PriceBook().find("azure", "gpt-4.1")
    assert hosting_usd_month(Use(), price) == pytest.approx(1.7 * 730)
    assert hosting_usd_month(Use(hosting_usd_month=0), price) == 0
    assert hosting_usd_month(Use(), None) is None


def test_a_provider_may_be_called_as_the_target_is() -> None:
    use = use_of({"costs": {"prices": [{"provider": "vertex", "model": "gemini-2.5-pro", "training-usd": 20}]}})
    price = PriceBook(use.prices).find("gemini", "gemini-2.5-pro")
    assert price is not None
    assert price.training == (20, 20)


def test_retirement() -> None:
    found = retirement_of("openai", "gpt-4o-2024-08-06")
    assert found is not None
    assert found.ends == date(2027, 1, 14)
    mini = retirement_of("openai", "ft:gpt-4.1-mini-2025-04-14:acme::abc")
    assert mini is not None
    assert mini.model == "gpt-4.1-mini"
    assert retirement_of("openai", "gpt-4o-audio-preview") is None
    assert retirement_of("azure", "gpt-4o") is None
    closing = closing_of("openai")
    assert closing is not None
    assert closing.closed == date(2027, 1, 6)
    assert closing_of("together") is None


PRICES = st.floats(0.01, 100)
TOKENS = st.integers(0, 100_000)


@given(PRICES, PRICES, PRICES, PRICES, TOKENS, TOKENS, TOKENS, st.floats(0, 1_000), st.floats(0, 1))
def test_break_even_is_where_the_bills_cross(
    base_in: float,
    base_out: float,
    tuned_in: float,
    tuned_out: float,
    prompt: int,
    fresh: int,
    output: int,
    once: float,
    hit: float,
) -> None:
    base, tuned = CallPrice(base_in, base_out, base_in / 4), CallPrice(tuned_in, tuned_out)
    calls = Calls(prompt_tokens=prompt, input_tokens=fresh, output_tokens=output, cache_hit=hit)
    found = compare(calls, base, tuned, once).mixed
    assert found is not None
    prompted = call_cost(base, prompt=prompt, fresh=fresh, output=output, cache_hit=hit)
    without = call_cost(tuned, prompt=0, fresh=fresh, output=output)
    if found.calls is None:
        assert prompted <= without + 1e-11
    else:
        assert found.calls * prompted <= once + found.calls * without + 1e-6 * max(once, 1) + 1e-9 * found.calls
        after = found.calls + 1
        assert after * prompted >= once + after * without - 1e-6 * max(once, 1) - 1e-9 * after
    said = sensitivity(calls, base, tuned, once)
    assert ("most sensitive to" in said) != ("never pays back" in said)


@given(st.floats(0, 1e9), st.floats(-1, 1))
def test_break_even_never_raises(once: float, saved: float) -> None:
    found = break_even(once, saved)
    assert found.calls is None or found.calls >= 0
    assert (found.calls is None) == (saved <= 1e-12)


def test_gpu_money() -> None:
    assert gpu_money(Estimate(2, 1, 4), 8, (1, 2, 3)) == Estimate(32, 8, 96)


@pytest.mark.parametrize(
    ("calls", "words"),
    [
        (Calls(prompt_tokens=10, input_tokens=1_000, output_tokens=100), "never pays back, nor"),
        (Calls(prompt_tokens=3_000, input_tokens=200, output_tokens=150), "calls"),
        (Calls(prompt_tokens=3_000, input_tokens=200, output_tokens=150, cache_hit=0.9), "never"),
    ],
)
def test_sensitivity_says_what_the_verdict_rests_on(calls: Calls, words: str) -> None:
    price = PriceBook().find("openai", "gpt-4.1-mini")
    assert price is not None
    assert price.base is not None
    assert price.tuned is not None
    assert words in sensitivity(calls, price.base, price.tuned, 3.75)
