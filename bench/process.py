"""Servers under measurement as processes of their own, and databases that are filled before they start."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from bench.company import company_text
from bot.domain.timers import Timer, TimerKind
from bot.ports import Store
from storage import open_store

CHUNK = 20_000


def free_port() -> int:
    """A port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.asynccontextmanager
async def running(module: str, *arguments: str, port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m module --port N …` until the block ends; it takes connections when the block begins."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, "--port", str(port), *arguments, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        await answering(port, process)
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def answering(port: int, process: asyncio.subprocess.Process, *, seconds: float = 60.0) -> float:
    """Wait until somebody listens there; returns the seconds it took. Raises RuntimeError when the process ended."""
    begin = perf_counter()
    while perf_counter() - begin < seconds:
        if process.returncode is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return perf_counter() - begin
        await asyncio.sleep(0.005)
    raise RuntimeError("the server does not listen")


def company_file(folder: Path) -> Path:
    """A company of two thousand people as a file."""
    file = folder / "company.toml"
    file.write_text(company_text(), encoding="utf-8")
    return file


async def filled(database: Path, timers: int) -> None:
    """A database with so many timers that are due in a year."""
    store = await open_store(f"sqlite:///{database}")
    try:
        await fill(store, timers)
    finally:
        await store.close()


async def fill(store: Store, timers: int) -> None:
    """Arm so many timers that are due in a year."""
    due = datetime.now(UTC) + timedelta(days=365)  # noqa: TID251 - a benchmark measures real time
    for first in range(0, timers, CHUNK):
        chunk = [_far(number, due) for number in range(first, min(first + CHUNK, timers))]
        await store.run(lambda uow, chunk=chunk: uow.timers.arm_many(chunk))  # type: ignore[misc]


def _far(number: int, due: datetime) -> Timer:
    return Timer(kind=TimerKind.SLA_CLOSE, ref=f"HF-2025-{number:07d}", due_at=due + timedelta(milliseconds=number))
