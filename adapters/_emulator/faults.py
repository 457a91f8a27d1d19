"""The fault plan: what an emulated platform gets wrong, when, decided by counts and seeds only.

The same plan over the same sequence of operations strikes the same ones (reliability.md B7 rig 2). Operations are the
names that each emulator gives the platform's APIs, `push.<event type>` for what is pushed and
`socket.connect` for new long connections; patterns are shell-style.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase
from random import Random


class FaultKind(StrEnum):
    """What can go wrong. The first group concerns calls to the platform, the second what it pushes."""

    #: the connection is cut before the call is looked at; nothing happens
    REFUSE = "refuse"
    #: the connection is cut after the call was read; nothing happens
    RESET = "reset"
    #: the call is executed after `seconds`
    SLOW = "slow"
    #: too many calls, in the platform's own words, with `seconds` (at least 1) to wait where it says so; nothing happens
    HTTP_429 = "http_429"
    #: the platform refuses with `code`; nothing happens
    CODE = "code"
    #: HTTP 500 with the platform's code for it; nothing happens
    HTTP_500 = "http_500"
    #: the call is executed, the answer is no JSON
    BAD_JSON = "bad_json"
    #: the call is executed, no answer comes for `seconds`, then the connection is cut
    EXECUTED_THEN_TIMEOUT = "executed_then_timeout"
    #: every token given out so far becomes invalid, and the call is refused for that
    TOKEN_EXPIRED = "token_expired"  # noqa: S105 - the name of a fault

    #: the push comes `count` more times, `seconds` apart, although it was acknowledged
    DUPLICATE = "duplicate"
    #: the push comes after the one that follows it, at the latest after five seconds
    REORDER = "reorder"
    #: the acknowledgement gets lost: the push counts as failed
    DROP_ACK = "drop_ack"
    #: the push waits `seconds`
    DELAY = "delay"
    #: all long connections are closed and none is let in for `seconds`
    DISCONNECT = "disconnect"
    #: the long connections stay open, and nothing comes through them any more
    SILENT_SOCKET = "silent_socket"
    #: the push carries a signature that is wrong
    WRONG_SIGNATURE = "wrong_signature"


@dataclass(slots=True, kw_only=True, eq=False)
class Fault:
    """One line of the plan. Strikes on the `nth` match (1 is the first), else at `rate`, else always."""

    pattern: str
    kind: FaultKind
    nth: int | None = None
    rate: float | None = None
    #: no strike at or after this instant
    until: datetime | None = None
    #: no strike after that many
    times: int | None = None
    seconds: float = 0.0
    count: int = 1
    #: what `CODE` answers with
    code: int = 0
    #: the same where the platform's codes are words
    word: str = ""
    #: operations that matched so far
    seen: int = 0
    #: strikes so far
    struck: int = 0
    dice: Random = field(default_factory=Random)

    def strikes(self, operation: str, *, now: datetime) -> bool:
        """Count the operation and say whether it would be hit."""
        if not fnmatchcase(operation, self.pattern):
            return False
        self.seen += 1
        hit = self._is_due() and (self.until is None or now < self.until)
        return hit and (self.times is None or self.struck < self.times)

    def _is_due(self) -> bool:
        if self.nth is not None:
            return self.seen == self.nth
        # the dice roll on every match, so that one line's luck never depends on `until` or `times`
        return self.rate is None or self.dice.random() < self.rate


class FaultPlan:
    """A list of faults; the first that strikes wins."""

    def __init__(self, *, seed: int = 0) -> None:
        self._seed = seed
        self._made = 0
        self._faults: list[Fault] = []

    def add(
        self,
        pattern: str,
        kind: FaultKind | str,
        *,
        nth: int | None = None,
        rate: float | None = None,
        until: datetime | None = None,
        times: int | None = None,
        seconds: float = 0.0,
        count: int = 1,
        code: int = 0,
        word: str = "",
    ) -> Fault:
        """Add a line at the end of the plan. Raises ValueError for an unknown kind."""
        self._made += 1
        fault = Fault(
            pattern=pattern,
            kind=FaultKind(kind),
            nth=nth,
            rate=rate,
            until=until,
            times=times,
            seconds=seconds,
            count=count,
            code=code,
            word=word,
            dice=Random(f"{self._seed}/{self._made}"),
        )
        self._faults.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        """Take a line out; nothing happens when it is not in the plan."""
        if fault in self._faults:
            self._faults.remove(fault)

    def clear(self) -> None:
        """All is well again."""
        self._faults.clear()

    def __len__(self) -> int:
        return len(self._faults)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The lines, in order."""
        return tuple(self._faults)

    def strike(self, operation: str, *, now: datetime) -> Fault | None:
        """The fault that hits this operation. Every line counts the operation, also those after the one that hits."""
        hits = [fault for fault in self._faults if fault.strikes(operation, now=now)]
        if not hits:
            return None
        hits[0].struck += 1
        return hits[0]
