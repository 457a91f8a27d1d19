"""Watches from a thread of its own that the event loop goes round and that no handler hangs (F18, F22).

A stall is told once, with the stack of every thread. A handler that never comes to an end cannot be stopped from outside;
then the process ends on purpose: its attempt was counted when it was claimed, whoever supervises the process starts it
again, and after five of those the update is a dead letter. Ticks are counted, not seconds, so that a process that was
stopped or a machine that slept is not taken for one that hangs.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Protocol

import structlog

log = structlog.get_logger(__name__)

#: seconds between two looks
TICK_SECONDS = 0.5
#: looks after which a loop that did not go round is told (2 s)
STALLED_TICKS = 4
#: looks after which a handler that is still at it ends the process (10 s, B9)
HANGING_TICKS = 20
#: EX_SOFTWARE: what a supervisor sees
EXIT_CODE = 70


class Engine(Protocol):
    """What is watched."""

    @property
    def at_work(self) -> object | None:
        """The handler that is at work now; another object every time."""
        ...


def end_process() -> None:
    """Nothing can be finished properly any more: the writer thread hangs in a transaction."""
    os._exit(EXIT_CODE)


class Watchdog:
    """Start it on the loop that it is to watch, and stop it before that loop ends."""

    def __init__(
        self, engine: Engine, *, tick_seconds: float = TICK_SECONDS, end: Callable[[], None] = end_process
    ) -> None:
        self._engine = engine
        self._tick_seconds = tick_seconds
        self._end = end
        self._is_over = threading.Event()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        #: looks since the loop last went round
        self._silence = 0
        self._suspect: object | None = None
        #: looks since the suspect went to work
        self._patience = 0

    def start(self) -> None:
        """Begin to watch the running loop."""
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._watch, name="huiyin-watchdog", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look away; the thread ends within a tick."""
        self._is_over.set()

    def _watch(self) -> None:
        while not self._is_over.wait(self._tick_seconds):
            self._look_at_loop()
            self._look_at_handler()

    def _look_at_loop(self) -> None:
        assert self._loop is not None  # noqa: S101 - set before the thread starts
        self._silence += 1
        try:
            self._loop.call_soon_threadsafe(self._heard)
        except RuntimeError:  # the loop is closed
            self._is_over.set()
            return
        if self._silence == STALLED_TICKS:
            log.error("the event loop stands still", action="loop_stalled", stacks=stacks())

    def _heard(self) -> None:
        if self._silence > STALLED_TICKS:
            seconds = self._silence * self._tick_seconds
            log.warning("the event loop goes round again", action="loop_recovered", seconds=seconds)
        self._silence = 0

    def _look_at_handler(self) -> None:
        at_work = self._engine.at_work
        if at_work is None or at_work is not self._suspect:
            self._suspect, self._patience = at_work, 0
            return
        self._patience += 1
        if self._patience == STALLED_TICKS:
            log.error("a handler takes long", action="handler_slow", stacks=stacks())
        if self._patience == HANGING_TICKS:
            log.critical("a handler hangs; the process ends itself", action="handler_hangs", stacks=stacks())
            self._end()


def stacks() -> str:
    """Where every thread is, without what its variables hold."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    return "\n".join(
        f"{names.get(number, number)}:\n{''.join(traceback.format_stack(frame))}"
        for number, frame in sys._current_frames().items()
        if number != threading.get_ident()
    )
