"""A whole installation under attack: the real program in processes of its own, the emulated platform beside it.

`Nursery` starts processes, `Deployment` is one configuration with its database, its platform and at most one process.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import bot
from adapters.feishu.emulator_state import Transport
from bot.clock import SystemClock
from bot.company import CompanyFile, sample_text
from bot.playground.casting import cast
from bot.playground.demo import STAGES
from tests.support.sections import section_text

ROOT = Path(bot.__file__).parent.parent
#: real seconds after which a process on a busy machine must have done what is waited for
PATIENCE = 30.0
#: real seconds between one look and the next at something that tells of nothing by itself
LOOK = 0.004
#: groups beside those of the company file; the platform hands events of one group over one after another
SMALL_TALK = 12
#: the platform's schedule, compressed: 15 s, 5 min, 1 h and 6 h become this, and it never gives up
RETRIES = (0.05, 0.1, 0.2, 0.3, *([0.3] * 400))
#: how each platform delivers in these rigs
OPTIONS: dict[str, dict[str, object]] = {
    "feishu": {"delivery": Transport.WEBHOOK, "retries": RETRIES},
    "dingtalk": {"robot_retries": RETRIES, "stream_retries": RETRIES},
    "wecom": {"retries": RETRIES},
}


@dataclass(slots=True, eq=False)
class Running:
    """One process of the program."""

    number: int
    ended: asyncio.Future[int]

    def kill(self, with_signal: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal; a process that is gone already does not mind."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.number, with_signal)


class Nursery:
    """The warm interpreter."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._born: asyncio.Queue[Running] = asyncio.Queue()
        self._alive: dict[int, Running] = {}
        self._turn = asyncio.Lock()
        self._reader = asyncio.create_task(self._read(), name="nursery")

    async def bear(self, config: Path, *, log: Path, **environment: str) -> Running:
        """A new process running the program."""
        assert self._process.stdin is not None
        order = {"config": str(config), "log": str(log), "environment": environment}
        async with self._turn:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            return await self._born.get()

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            fact = json.loads(line)
            if "born" in fact:
                running = Running(fact["born"], asyncio.get_running_loop().create_future())
                self._alive[running.number] = running
                self._born.put_nowait(running)
            elif "ended" in fact:
                self._alive.pop(fact["ended"]).ended.set_result(fact["code"])

    async def close(self) -> None:
        """End it; its children must be dead."""
        for running in tuple(self._alive.values()):
            running.kill()
            await running.ended
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._reader


@asynccontextmanager
async def nursery() -> AsyncIterator[Nursery]:
    """A warm interpreter, ready to bear."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HUIYIN_", "CRASH_"))}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.rigs.nursery",
        cwd=ROOT,
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        assert json.loads(await process.stdout.readline()) == {"ready": True}
    made = Nursery(process)
    try:
        yield made
    finally:
        await made.close()


@dataclass(slots=True, eq=False)
class Deployment:
    """One installation with its platform."""

    folder: Path
    nursery: Nursery
    #: the emulated platform, whichever it is
    stage: Any
    port: int
    storage_url: str = ""
    process: Running | None = None
    #: the people who use it, see `crowd.Crowd`
    crowd: object = None
    #: exit codes of the processes so far
    deaths: list[int] = field(default_factory=list)

    @property
    def emulator(self) -> Any:
        """The platform."""
        return self.stage.emulator

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def database(self) -> Path:
        return self.folder / "huiyin.db"

    @property
    def log(self) -> Path:
        """What all its processes said."""
        return self.folder / "log.jsonl"

    @property
    def crash_log(self) -> Path:
        """Where processes that die at a marked place say so."""
        return self.folder / "crashes"

    def write(self) -> None:
        """Configuration and company file."""
        platform = self.stage.platform
        section = getattr(self.stage.sections("webhook" if platform == "feishu" else "stream"), platform)
        (self.folder / "company.toml").write_text(cast(sample_text(), platform), encoding="utf-8")
        url = self.storage_url or f"sqlite:///{self.database}"
        self.config.write_text(
            f'[bot]\ncompany = "{self.folder / "company.toml"}"\n'
            f"[server]\nport = {self.port}\nadmin_port = 0\n"
            f'[storage]\nurl = "{url}"\n'
            '[log]\nformat = "json"\nlevel = "warning"\n' + section_text(f"platforms.{platform}", section),
            encoding="utf-8",
        )
        self.config.chmod(0o600)

    async def start(self, **environment: str) -> Running:
        """A new process; it may die at once when the environment says so."""
        assert self.process is None or self.process.ended.done()
        self.process = await self.nursery.bear(
            self.config, log=self.log, CRASH_LOG=str(self.crash_log), **({"CRASH_AT": ""} | environment)
        )
        return self.process

    async def listening(self) -> bool:
        """Wait until it takes connections; False when it died before."""
        assert self.process is not None
        async with asyncio.timeout(PATIENCE):
            while not self.process.ended.done():
                with contextlib.suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                    writer.close()
                    return True
                await asyncio.sleep(LOOK)
        return False

    async def death(self) -> int:
        """Wait for the end of the process; its exit code."""
        assert self.process is not None
        async with asyncio.timeout(PATIENCE):
            self.deaths.append(await self.process.ended)
        return self.deaths[-1]

    async def kill(self) -> None:
        """`kill -9`."""
        assert self.process is not None
        self.process.kill()
        await self.death()

    async def stop(self) -> int:
        """SIGTERM, as a service manager stops it; the exit code."""
        assert self.process is not None
        self.process.kill(signal.SIGTERM)
        return await self.death()


@asynccontextmanager
async def deployment(
    folder: Path, nest: Nursery, company: CompanyFile, *, seed: int, platform: str = "feishu"
) -> AsyncIterator[Deployment]:
    """The sample company, its platform running, the program configured and not started."""
    stage: Any = STAGES[platform](company, clock=SystemClock(), bot_name="回音", seed=seed)
    for number in range(SMALL_TALK):
        stage.emulator.add_group(f"闲聊{number}", list(stage.emulator.state.people)[number : number + 3])
    await stage.start()
    options: dict[str, object] = {"ack_seconds": 2.0, **OPTIONS[platform]}
    stage.emulator.change_options(**options)
    made = Deployment(folder=folder, nursery=nest, stage=stage, port=free_port())
    await asyncio.to_thread(made.write)
    # what happens before the program ever listened is pushed as well, and again until it is acknowledged
    match platform:
        case "feishu":
            stage.emulator.webhook.event_url = f"http://127.0.0.1:{made.port}/hook/feishu"
        case "wecom":
            stage.emulator.courier.app_url = f"http://127.0.0.1:{made.port}/hook/wecom"
        case _:
            pass
    try:
        yield made
    finally:
        if made.process is not None and not made.process.ended.done():
            await made.kill()
        await stage.stop()


def free_port() -> int:
    """One that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
