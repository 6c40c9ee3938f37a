"""A clock that runs when somebody waits for it."""

import asyncio


class TestClock:
    """Time that passes at once; `slept` are the waits in seconds."""

    __test__ = False

    def __init__(self) -> None:
        self.time = 1_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def date(self) -> float:
        return 1_800_000_000.0 + self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds
        await asyncio.sleep(0)
