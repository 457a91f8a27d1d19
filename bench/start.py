"""From the command line to ready, and the memory of an idle program, with and without a million timers.

The company is the sample company. Byte code is compiled first, as it is wherever a package was installed.
"""

from __future__ import annotations

import asyncio
import compileall
import os
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.request import urlopen

from bench.figure import Figure
from bench.process import filled, free_port
from bench.requests import APP_ID, APP_SECRET, ENCRYPT_KEY, VERIFICATION_TOKEN
from bot.company import sample_text

TIMERS = 1_000_000
ROUNDS = 5
#: after this the program has done what it does at start
IDLE_SECONDS = 4.0
_PAGE = os.sysconf("SC_PAGE_SIZE")

_CONFIG = """
[bot]
company = "{company}"
mode = "shadow"
[server]
port = {port}
[storage]
url = "sqlite:///{database}"
[log]
level = "error"
[platforms.feishu]
app_id = "{app_id}"
app_secret = "{app_secret}"
encrypt_key = "{key}"
verification_token = "{token}"
delivery = "webhook"
base_url = "http://127.0.0.1:9"
"""


async def run() -> list[Figure]:
    """The figures of starting. Takes about a minute."""
    for package in ("bot", "adapters", "handlers", "storage"):
        compileall.compile_dir(package, quiet=2)
    with tempfile.TemporaryDirectory() as folder:
        empty = await _starts(Path(folder), "empty.db")
        await filled(Path(folder) / "full.db", TIMERS)
        full = await _starts(Path(folder), "full.db")
    seconds, memory = empty
    seconds_full, memory_full = full
    growth = memory_full / memory
    return [
        Figure("start to ready", seconds, "s", "≤ 1.5 s", ok=seconds <= 1.5),
        Figure(f"start to ready, {TIMERS:,} timers", seconds_full, "s", "≤ 2 s", ok=seconds_full <= 2),
        Figure("resident memory, idle", memory, "MB", "≤ 120 MB", ok=memory <= 120),
        Figure(
            f"resident memory, idle, {TIMERS:,} timers",
            memory_full,
            "MB",
            "≤ 1.1 × without",
            "none",
            growth,
            growth <= 1.1,
        ),
    ]


async def _starts(folder: Path, name: str) -> tuple[float, float]:
    """Medians of seconds to ready and of megabytes when idle; the first start, which makes the schema, is not counted."""
    found = [await _start(folder, name, idle=number == ROUNDS) for number in range(ROUNDS + 1)]
    return median(seconds for seconds, _ in found[1:]), found[-1][1]


async def _start(folder: Path, name: str, *, idle: bool) -> tuple[float, float]:
    port = free_port()
    config, company = folder / "config.toml", folder / "company.toml"
    company.write_text(sample_text(), encoding="utf-8")
    config.write_text(
        _CONFIG.format(
            company=company,
            port=port,
            database=folder / name,
            app_id=APP_ID,
            app_secret=APP_SECRET,
            key=ENCRYPT_KEY,
            token=VERIFICATION_TOKEN,
        ),
        encoding="utf-8",
    )
    config.chmod(0o600)
    begin = perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "run", "--config", str(config))
    try:
        await _ready(port, process)
        seconds = perf_counter() - begin
        if idle:
            await asyncio.sleep(IDLE_SECONDS)
        return seconds, _resident_megabytes(process.pid)
    finally:
        process.terminate()
        await process.wait()


async def _ready(port: int, process: asyncio.subprocess.Process) -> None:
    while process.returncode is None:
        try:
            with await asyncio.to_thread(urlopen, f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            await asyncio.sleep(0.01)
    raise RuntimeError(f"the program ended with {process.returncode}")


def _resident_megabytes(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * _PAGE / 1e6
