"""Load on one HTTP server over keep-alive connections: as fast as it answers, or at a fixed rate whatever it does.

Open loop means that a request is due at its own instant and its latency counts from there, so that a server that stalls
cannot hide it by making the generator wait (reliability.md B7 rig 8).
"""

from __future__ import annotations

import asyncio
import gc
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter


@dataclass(slots=True)
class Result:
    """What came of a run; latencies in seconds."""

    seconds: float
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return sum(self.statuses.values()) / self.seconds

    def percentile(self, share: float) -> float:
        """Latency in milliseconds below which that share of the answers came."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


class _Line(asyncio.Protocol):
    """One connection: one request at a time; tells its owner when it is free again."""

    def __init__(self, result: Result, freed: asyncio.Queue[_Line]) -> None:
        self._result = result
        self._freed = freed
        self._buffer = b""
        self._due = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the protocol's signature
        self._transport = None

    def send(self, request: bytes, due: float) -> None:
        """Write one request; its latency counts from `due`."""
        assert self._transport is not None, "the server closed a connection"
        self._due = due
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if len(rest) < length:
            return
        self._buffer = b""
        self._result.statuses[int(head[9:12])] += 1
        self._result.latencies.append(perf_counter() - self._due)
        self._freed.put_nowait(self)

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


async def _lines(port: int, count: int, result: Result, freed: asyncio.Queue[_Line]) -> list[_Line]:
    loop = asyncio.get_running_loop()
    made = [(await loop.create_connection(lambda: _Line(result, freed), "127.0.0.1", port))[1] for _ in range(count)]
    for line in made:
        freed.put_nowait(line)
    return made


async def closed_loop(port: int, requests: Sequence[bytes], *, connections: int = 128) -> Result:
    """Every connection sends its next request as soon as it has its answer."""
    result = Result(0.0)
    freed: asyncio.Queue[_Line] = asyncio.Queue()
    lines = await _lines(port, connections, result, freed)
    waiting = deque(requests)
    gc.collect()
    begin = perf_counter()
    while waiting:
        line = await freed.get()
        line.send(waiting.popleft(), perf_counter())
    while sum(result.statuses.values()) < len(requests):
        await freed.get()
    result.seconds = perf_counter() - begin
    for line in lines:
        line.close()
    return result


async def open_loop(port: int, requests: Sequence[bytes], *, rate: float, connections: int = 200) -> Result:
    """`rate` requests a second, each at its own instant; those that find no free connection wait, and that counts."""
    result = Result(0.0)
    freed: asyncio.Queue[_Line] = asyncio.Queue()
    lines = await _lines(port, connections, result, freed)
    gc.collect()
    begin = perf_counter()
    for number, request in enumerate(requests):
        due = begin + number / rate
        pause = due - perf_counter()
        if pause > 0:
            await asyncio.sleep(pause)
        (await freed.get()).send(request, due)
    while sum(result.statuses.values()) < len(requests):
        await freed.get()
    result.seconds = perf_counter() - begin
    for line in lines:
        line.close()
    return result
