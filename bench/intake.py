"""Signed, encrypted messages accepted: throughput against two peers, and latency at a fixed rate with a million timers."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bench.figure import Figure
from bench.load import Result, closed_loop, open_loop
from bench.process import company_file, filled, free_port, running
from bench.requests import APP_ID, messages, to_path

#: rounds go in turn through all servers, so that a busy minute of the machine hits all of them
ROUNDS, ROUND = 5, 4_000
TIMERS = 1_000_000
#: (events a second, seconds, target of the 99th percentile in milliseconds)
RATES = ((200, 20, 50.0), (500, 20, 300.0))
OURS, NONEBOT = "/hook/feishu", f"/feishu/{APP_ID}"


async def run() -> list[Figure]:
    """The figures of intake. Takes about two minutes."""
    with tempfile.TemporaryDirectory() as folder:
        return [*await _throughput(Path(folder)), *await _latency(Path(folder))]


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


async def _throughput(folder: Path) -> list[Figure]:
    ours, bare, nonebot = free_port(), free_port(), free_port()
    start = ["--database", str(folder / "intake.db"), "--company", str(company_file(folder))]
    async with (
        running("bench.servers.ours", *start, port=ours),
        running("bench.servers.bare", port=bare),
        running("bench.servers.nonebot", port=nonebot),
    ):
        rates: dict[str, list[float]] = {"ours": [], "bare": [], "nonebot": []}
        for number in range(ROUNDS + 1):
            requests = messages(ROUND if number else ROUND // 4, at_ms=_now_ms(), seed=number)
            for name, port, path in (("ours", ours, OURS), ("bare", bare, OURS), ("nonebot", nonebot, NONEBOT)):
                result = await closed_loop(port, to_path(requests, path))
                _check(result, name)
                if number:
                    rates[name].append(result.per_second)
    speed = {name: median(found) for name, found in rates.items()}
    to_bare, to_nonebot = speed["ours"] / speed["bare"], speed["ours"] / speed["nonebot"]
    name = "messages verified, decrypted, stored durably and acknowledged"
    return [
        Figure(name, speed["ours"], "/s", "≥ 0.5 × bare", "bare aiohttp, crypto only", to_bare, to_bare >= 0.5),
        Figure(name, speed["ours"], "/s", "≥ 1 × nonebot2", "nonebot2, stores nothing", to_nonebot, to_nonebot >= 1),
    ]


async def _latency(folder: Path) -> list[Figure]:
    database, port = folder / "latency.db", free_port()
    await filled(database, TIMERS)
    start = ["--database", str(database), "--company", str(company_file(folder)), "--whole"]
    figures: list[Figure] = []
    async with running("bench.servers.ours", *start, port=port):
        _check(await closed_loop(port, _to_ours(messages(500, at_ms=_now_ms(), seed=99))), "ours")
        for rate, seconds, target in RATES:
            requests = _to_ours(messages(rate * seconds, at_ms=_now_ms(), seed=rate))
            result = await open_loop(port, requests, rate=rate)
            _check(result, "ours")
            p99 = result.percentile(0.99)
            figures.append(
                Figure(
                    f"acknowledgement p99 at {rate} messages/s with handlers at work, {TIMERS:,} timers (max "
                    f"{max(result.latencies) * 1000:.0f} ms)",
                    p99,
                    "ms",
                    f"≤ {target:g} ms",
                    ok=p99 <= target,
                )
            )
    return figures


def _to_ours(requests: list[tuple[str, bytes]]) -> Sequence[bytes]:
    return to_path(requests, OURS)


def _check(result: Result, name: str) -> None:
    if set(result.statuses) != {200}:
        raise RuntimeError(f"{name} answered {dict(result.statuses)}")
