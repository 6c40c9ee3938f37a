"""``tunelint prices``: shown with dates, refreshed only on command."""

import http.server
import json
import threading
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.running import Shell
from tunelint.core.errors import UserError
from tunelint.costs import refresh
from tunelint.costs.prices import CallPrice, Price, PriceBook


@pytest.fixture
def cache(shell: Shell) -> Path:
    return shell.folder / ".cache" / "tunelint" / "prices.json"


def test_shown_with_dates_and_sources(shell: Shell) -> None:
    text = shell.run("prices").out
    assert "gpt-4.1-mini" in text
    assert "2026-03-24" in text
    assert "Sources" in text
    assert "A100-80GB" in text
    found = json.loads(shell.run("prices", "--output-format", "json", "--provider", "together").out)
    assert {one["provider"] for one in found["hosted"]} == {"together"}
    assert found["gpus"] == []
    assert shell.run("prices", "--provider", "nobody").code == 2


def test_update_from_the_installed_package(shell: Shell, cache: Path) -> None:
    pytest.importorskip("genai_prices")
    result = shell.run("prices", "update", "--installed")
    assert (result.code, cache.is_file()) == (0, True)
    assert "prices of calls as of" in result.out
    shown = shell.run("prices", "--provider", "openai").out
    assert "genai-prices" in shown
    train = '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n' * 20
    shell.write("train.jsonl", train)
    arguments = ("--target", "openai/gpt-4.1-mini", "--prompt-tokens", "3000", "--output-format", "json")
    found = json.loads(shell.run("cost", "train.jsonl", *arguments).out)
    assert "genai-prices" in found["money"]["source"]
    assert found["money"]["as_of"] == "2026-03-24"  # the training price is as old as ever


def test_a_broken_file_is_said(shell: Shell, cache: Path) -> None:
    cache.parent.mkdir(parents=True)
    cache.write_text("[{", encoding="utf-8")
    result = shell.run("prices")
    assert (result.code, result.out) == (2, "")
    assert "prices update" in result.err


def test_without_the_package(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "genai_prices", None)
    result = shell.run("prices", "update")
    assert result.code == 2
    assert "tunelint[prices]" in result.err


class _Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(500 if "broken" in self.path else 200)
        self.end_headers()
        self.wfile.write(b"<html>no prices</html>")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    one = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    thread = threading.Thread(target=one.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{one.server_port}"
    one.shutdown()
    thread.join()
    one.server_close()


@pytest.mark.parametrize("path", ["/broken", "/page.html"])
def test_an_address_without_prices(server: str, path: str) -> None:
    pytest.importorskip("genai_prices")
    with pytest.raises(UserError, match="prices cannot be read"):
        refresh.fetch_prices(date(2026, 11, 25), server + path)


def test_the_price_of_the_day_and_of_the_first_tier() -> None:
    types = pytest.importorskip("genai_prices.types")
    flat = types.ModelPrice(input_mtok=Decimal(3), output_mtok=Decimal(6))
    tiered = types.ModelPrice(
        input_mtok=types.TieredPrices(base=Decimal(1), tiers=[types.Tier(start=1, price=Decimal(9))]),
        cache_read_mtok=Decimal("0.5"),
        output_mtok=Decimal(2),
    )
    match = types.ClauseEquals(equals="x")
    later = types.ConditionalPrice(constraint=types.StartDateConstraint(start_date=date(2026, 6, 1)), prices=tiered)
    models = [
        types.ModelInfo(id="m", match=match, prices=[types.ConditionalPrice(prices=flat), later]),
        types.ModelInfo(id="ft:m-", match=match, prices=flat),
        types.ModelInfo(id="free", match=match, prices=types.ModelPrice()),
    ]
    providers = [types.Provider(id=name, name=name, api_pattern="", models=models) for name in ("google", "unheard-of")]
    before, after = (refresh.prices_of(providers, day, "s", "") for day in (date(2026, 5, 31), date(2026, 6, 1)))
    assert [(one.provider, one.model, one.base, one.tuned) for one in before] == [
        ("gemini", "m", CallPrice(3, 6), CallPrice(3, 6))
    ]
    assert after[0].base == CallPrice(1, 2, 0.5)


def test_own_prices_win_over_refreshed_ones() -> None:
    def price(source: str, usd: float, **more: float) -> Price:
        return Price(provider="openai", model="gpt-4o", as_of="", source=source, base=CallPrice(usd, usd), **more)  # type: ignore[arg-type]

    refreshed = {"openai/gpt-4o": price("refreshed", 7)}
    found = PriceBook([price("own", 9)], refreshed).find("openai", "gpt-4o-2024-08-06")
    assert found is not None
    assert found.base == CallPrice(9, 9)
    kept = PriceBook([], refreshed).find("openai", "gpt-4o")
    assert kept is not None
    assert (kept.base, kept.training) == (CallPrice(7, 7), (25, 25))
