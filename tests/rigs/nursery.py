"""A warm interpreter that bears real programs: `huiyin run …` by its real entry point, without a second of imports each.

It reads one JSON order a line and forks for each; a child is a process of its own that can be killed like any other. It
tells of births and deaths in JSON lines. Run as `python -m tests.rigs.nursery`.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import json
import os
import selectors
import signal
import sys
import tempfile
import threading
from pathlib import Path
from typing import NoReturn

import bot.app
import bot.crashpoints
import bot.logs
from bot.cli import main
from bot.company import sample_text
from bot.config import BotSection, LogSection, ServerSection, Settings, StorageSection
from tests.storage.samples import update
from tests.support.fake_adapter import FakeAdapter


def tell(**fact: object) -> None:
    """One line to whoever ordered."""
    sys.stdout.write(json.dumps(fact) + "\n")
    sys.stdout.flush()


def be_the_program(order: dict[str, object]) -> NoReturn:
    """In the child: the shell's part (environment, files, arguments), then the program."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(str(order["log"]), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    environment = order["environment"]
    assert isinstance(environment, dict)
    os.environ.update(environment)
    importlib.reload(bot.crashpoints)  # it reads the environment once, when it is imported
    code = 1
    try:
        main(["run", "--config", str(order["config"])])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def bear(order: dict[str, object]) -> None:
    """Fork one."""
    child = os.fork()
    if child == 0:
        be_the_program(order)
    tell(born=child)


def bury() -> None:
    """Tell of every child that ended."""
    while True:
        try:
            child, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if child == 0:
            return
        tell(ended=child, code=os.waitstatus_to_exitcode(status))


async def warm_up(folder: Path) -> None:
    """Live a short life, so that what is compiled or read on first use is there for every child."""
    company = folder / "company.toml"
    company.write_text(sample_text(), encoding="utf-8")
    settings = Settings(
        bot=BotSection(company=str(company)),
        server=ServerSection(port=0),
        storage=StorageSection(url=f"sqlite:///{folder / 'warm.db'}"),
    )
    app = await bot.app.build(settings, adapters=[FakeAdapter()])
    await app.start()
    await app.dispatcher.accept([update(n, text="你好") for n in range(3)])
    await app.settle()
    await app.stop()


def attend() -> None:
    """Until nobody orders any more."""
    bot.logs.configure(LogSection(level="error"))
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(warm_up(Path(folder)))
    woken, wake = os.pipe()
    for end in (woken, wake):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    assert threading.active_count() == 1, "a fork takes the forking thread along and no other"
    gc.collect()
    gc.freeze()  # what is warm stays shared
    tell(ready=True)
    waits = selectors.DefaultSelector()
    waits.register(sys.stdin.fileno(), selectors.EVENT_READ)
    waits.register(woken, selectors.EVENT_READ)
    rest = b""
    while True:
        for key, _ in waits.select():
            if key.fd == woken:
                os.read(woken, 4096)
                bury()
                continue
            piece = os.read(sys.stdin.fileno(), 65536)
            if not piece:
                return
            *orders, rest = (rest + piece).split(b"\n")
            for order in orders:
                bear(json.loads(order))


if __name__ == "__main__":
    attend()
