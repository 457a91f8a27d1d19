"""One limit of time for many waits, watched by one timer: a timer for each callback would cost more than the callback's crypto."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

#: how often it is looked whether somebody waits too long, as a part of the limit
_LOOKS = 16


@dataclass(slots=True, eq=False)
class Wait:
    """One task that must come to an end in time."""

    task: asyncio.Task[object]
    until: float
    has_expired: bool = False


@dataclass(slots=True)
class Deadlines:
    """Tasks that are cancelled `seconds` (at most a sixteenth more) after they began to wait."""

    seconds: float
    _waits: dict[Wait, None] = field(default_factory=dict)
    _timer: asyncio.TimerHandle | None = None

    def begin(self) -> Wait:
        """The current task begins to wait; `end` in any case."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - only coroutines come here
        loop = task.get_loop()
        wait = Wait(task, loop.time() + self.seconds)
        self._waits[wait] = None
        if self._timer is None:
            self._timer = loop.call_later(self.seconds / _LOOKS, self._look, loop)
        return wait

    def end(self, wait: Wait) -> None:
        """It waits no more."""
        self._waits.pop(wait, None)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """The oldest come first, because everybody waits equally long."""
        now = loop.time()
        for wait in tuple(self._waits):
            if wait.until > now:
                break
            del self._waits[wait]
            wait.has_expired = True
            wait.task.cancel()
        self._timer = loop.call_later(self.seconds / _LOOKS, self._look, loop) if self._waits else None
