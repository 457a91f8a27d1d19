"""`huiyin run` as a process: it starts, serves, refuses with a sentence, and ends cleanly on SIGTERM (P8, F3, F21)."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

import storage
from adapters.feishu.emulator import FeishuEmulator
from adapters.feishu.emulator_state import Transport
from bot.company import sample_text
from tests.ops.platform import platform, section
from tests.ops.rig import SECRETS, Installation, clean_environment

#: real seconds within which a process on a busy machine must have said what is waited for
PATIENCE = 30.0

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _company(installation: Installation) -> None:
    """Without a company file it does not start."""
    installation.write_company(sample_text())


@dataclass(slots=True)
class Running:
    """A bot in a process of its own."""

    process: asyncio.subprocess.Process
    records: list[dict[str, Any]] = field(default_factory=list)
    raw: bytes = b""

    async def says(self, action: str) -> dict[str, Any]:
        """Wait for a record with that action."""
        assert self.process.stderr is not None
        async with asyncio.timeout(PATIENCE):
            while line := await self.process.stderr.readline():
                self.raw += line
                if not line.startswith(b"{"):
                    continue
                record: dict[str, Any] = json.loads(line)
                self.records.append(record)
                if record["action"] == action:
                    return record
        raise AssertionError(f"it ended without {action}: {self.raw.decode()}")

    async def ends(self) -> int:
        """Wait for its end; the exit code."""
        assert self.process.stderr is not None
        async with asyncio.timeout(PATIENCE):
            self.raw += await self.process.stderr.read()
            return await self.process.wait()


@asynccontextmanager
async def running(installation: Installation, **environ: str) -> AsyncIterator[Running]:
    """Start it; whatever is left of it at the end is killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        "--config",
        str(installation.config),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**clean_environment(), **environ},
    )
    try:
        yield Running(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def get(port: int, path: str) -> tuple[int, str]:
    """Status and body."""
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as answer:
        return answer.status, await answer.text()


def free_port() -> int:
    """One that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def on(installation: Installation, emulator: FeishuEmulator, delivery: str, **server: object) -> Installation:
    """An installation for that platform."""
    lines = "\n".join(f"{key} = {json.dumps(value)}" for key, value in {"port": 0, **server}.items())
    text = (
        f'[server]\n{lines}\n[log]\nlevel = "debug"\nformat = "json"\n{section(emulator.base_url, delivery=delivery)}'
    )
    return await asyncio.to_thread(installation.write, text)


async def test_it_starts_serves_and_ends_with_0_on_sigterm(installation: Installation) -> None:
    async with running(installation) as bot:
        port = (await bot.says("listening"))["port"]
        await bot.says("ready")
        assert (await get(port, "/livez"))[0] == 200
        status, body = await get(port, "/readyz")
        assert (status, json.loads(body)["ready"]) == (200, True)
        assert "huiyin_ready 1.0" in (await get(port, "/metrics"))[1]
        loop = asyncio.get_running_loop()
        started = loop.time()
        bot.process.send_signal(signal.SIGTERM)
        assert await bot.ends() == 0
        assert loop.time() - started < 20
        assert b'"action": "stopped"' in bot.raw
    assert await storage.check(f"sqlite:///{installation.database}") == []


async def test_a_second_process_on_the_same_file_is_refused_and_ctrl_c_ends_the_first(
    installation: Installation,
) -> None:
    async with running(installation) as first:
        await first.says("ready")
        async with running(installation) as second:
            assert await second.ends() == 1
            assert "另一个进程" in second.raw.decode()
        first.process.send_signal(signal.SIGINT)
        assert await first.ends() == 0
        assert b"Traceback" not in first.raw


async def test_callbacks_of_the_platform_reach_it_and_survive_its_end(installation: Installation) -> None:
    async with platform(Transport.WEBHOOK) as emulator:
        port = free_port()
        async with running(await on(installation, emulator, "webhook", port=port)) as bot:
            await bot.says("ready")
            assert await emulator.sets_webhook(f"http://127.0.0.1:{port}/hook/feishu")
            await emulator.says("ou_alice", "状态")
            await bot.says("update_handled")
            bot.process.send_signal(signal.SIGTERM)
            assert await bot.ends() == 0
            assert [secret for secret in SECRETS if secret.encode() in bot.raw] == []
    assert await storage.check(f"sqlite:///{installation.database}") == []


async def test_the_long_connection_comes_up_and_is_closed_properly(installation: Installation) -> None:
    async with platform(Transport.STREAM) as emulator, running(await on(installation, emulator, "stream")) as bot:
        await bot.says("stream_connected")
        await emulator.says("ou_alice", "状态")
        await bot.says("update_handled")
        bot.process.send_signal(signal.SIGTERM)
        assert await bot.ends() == 0
        assert [secret for secret in SECRETS if secret.encode() in bot.raw] == []


async def test_a_platform_that_is_away_does_not_keep_it_from_starting_or_ending(installation: Installation) -> None:
    async with platform(Transport.STREAM) as emulator:
        await on(installation, emulator, "stream")
    async with running(installation) as bot:
        port = (await bot.says("listening"))["port"]
        await bot.says("ready")
        assert (await get(port, "/readyz"))[0] == 200
        await bot.says("probe")
        bot.process.send_signal(signal.SIGTERM)
        assert await bot.ends() == 0
        assert [secret for secret in SECRETS if secret.encode() in bot.raw] == []
