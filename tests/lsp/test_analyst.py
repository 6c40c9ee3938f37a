"""The other end of the process that follows documents."""

import asyncio
import sys

from tunelint.lsp.analyst import see_off


def test_a_process_that_has_ended_keeps_its_exit_code() -> None:
    async def run(program: str) -> int | None:
        process = await asyncio.create_subprocess_exec(sys.executable, "-S", "-c", program, stdout=asyncio.subprocess.PIPE)
        assert process.stdout is not None
        await process.stdout.read()
        await see_off(process)
        return process.returncode

    async def many() -> None:
        for _ in range(10):
            assert await run("raise SystemExit(3)") == 3

    asyncio.run(many())


def test_a_process_that_lingers_is_killed() -> None:
    async def run() -> None:
        program = "import os, time; os.close(1); time.sleep(60)"
        process = await asyncio.create_subprocess_exec(sys.executable, "-S", "-c", program, stdout=asyncio.subprocess.PIPE)
        assert process.stdout is not None
        await process.stdout.read()
        await asyncio.wait_for(see_off(process), 30)
        assert process.returncode not in {None, 0}

    asyncio.run(run())
