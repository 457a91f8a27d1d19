"""Places where tests let the process die, to show that nothing is lost there (reliability.md B7 rig 4, F1).

`CRASH_AT=sent` kills the process at the first passage of that place, `CRASH_AT=sent:3` at the third, `CRASH_AT=7` at the
seventh passage of any place. Without the variable a passage costs one comparison. The kill is SIGKILL: nothing is
flushed, closed or rolled back by us.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import NoReturn

#: every place that calls `crash_here`; a test compares this list with the code
MARKED: tuple[str, ...] = (
    "accepted",
    "accepting",
    "audited",
    "auditing",
    "budget_taken",
    "call_marked",
    "call_put",
    "call_settled",
    "claimed",
    "claimed_to_send",
    "claims_voided",
    "committed",
    "committing",
    "company_taken",
    "decided",
    "drained",
    "draining",
    "duties_armed",
    "entity_added",
    "entity_changed",
    "fired",
    "firing",
    "handled",
    "handling",
    "lane_moved_on",
    "lane_queued",
    "lanes_claimed",
    "listening",
    "locked",
    "number_taken",
    "opened",
    "put_off",
    "ready",
    "refused",
    "rung",
    "sending",
    "sent",
    "settled",
    "timer_armed",
    "timer_removed",
    "update_done",
    "updates_claimed",
    "updates_put",
    "upgraded",
    "upgrading",
)
#: what a shell reports for a process that SIGKILL ended, for systems that do not know the signal
_KILLED = 137


class _Plan:
    """Which passage is the last one."""

    def __init__(self, wanted: str) -> None:
        name, _, number = wanted.partition(":")
        self._name = "" if name.isdecimal() else name
        self._left = int(name) if name.isdecimal() else int(number or 1)
        if self._name and self._name not in MARKED:
            raise ValueError(f"CRASH_AT={wanted}: no such place, known are {', '.join(MARKED)}")

    def ends_with(self, name: str) -> bool:
        """Count a passage; True when it is the last one."""
        if self._name in ("", name):
            self._left -= 1
            return self._left == 0
        return False


def _plan_of(wanted: str | None) -> _Plan | None:
    return _Plan(wanted) if wanted else None


_plan = _plan_of(os.environ.get("CRASH_AT"))


def crash_here(name: str) -> None:
    """Die here if the environment says so; nothing otherwise."""
    if _plan is not None and _plan.ends_with(name):
        _die(name)


def _die(name: str) -> NoReturn:
    log = os.environ.get("CRASH_LOG")
    if log:
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(f"{os.getpid()} {name}\n")
            file.flush()
            os.fsync(file.fileno())
    if hasattr(signal, "SIGKILL"):
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(_KILLED)
