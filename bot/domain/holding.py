"""Who held an object, and for how long: a late item is not blamed on the last person who had it.

Every open deadline has exactly one open stretch. It begins with the deadline, ends when the holder changes or the deadline does,
and is counted in working seconds of the holder's department.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.ids import DepartmentId, PersonId
from bot.domain.obligation import Obligation


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A stretch during which one person (or one vacant post) had to act. `until` is None while it lasts.

    `seconds` are working seconds in the calendar of the holder's department, counted when the stretch ends. `key` is that of
    the deadline with a number.
    """

    key: str
    code: str
    kind: str
    holder: PersonId | None
    department: DepartmentId | None
    since: datetime
    until: datetime | None = None
    seconds: int = 0
    version: int = 0

    @property
    def deadline(self) -> str:
        """The key of the deadline that it belongs to."""
        return self.key.rpartition(_NUMBER)[0]


_NUMBER = "@"
#: working seconds in `[start, end)` of a department's calendar; the company's for None
Count = Callable[[DepartmentId | None, datetime, datetime], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What one person had of an object, over all stretches; `is_open`: has it now."""

    holder: PersonId | None
    kinds: tuple[str, ...]
    seconds: int
    is_open: bool

    @property
    def minutes(self) -> int:
        """Working minutes, begun ones full."""
        return -(-self.seconds // 60)


def begun(one: Obligation, *, number: int, department: DepartmentId | None, since: datetime) -> Holding:
    """The stretch of whoever holds the deadline now. `number` is how many stretches it had before."""
    return Holding(
        key=f"{one.key}{_NUMBER}{number + 1}",
        code=one.code,
        kind=one.kind.value,
        holder=one.holder,
        department=department if department is not None else one.department,
        since=since,
    )


def ended(holding: Holding, *, now: datetime, count: Count) -> Holding:
    """The stretch is over."""
    until = max(now, holding.since)
    return replace(holding, until=until, seconds=count(holding.department, holding.since, until))


def held(holdings: Iterable[Holding], *, now: datetime, count: Count) -> tuple[Held, ...]:
    """By holder, in the order in which they first had it."""
    found: dict[PersonId | None, Held] = {}
    for one in sorted(holdings, key=lambda h: (h.since, h.key)):
        seconds = one.seconds if one.until is not None else count(one.department, one.since, max(now, one.since))
        before = found.get(one.holder) or Held(holder=one.holder, kinds=(), seconds=0, is_open=False)
        found[one.holder] = Held(
            holder=one.holder,
            kinds=tuple(dict.fromkeys((*before.kinds, one.kind))),
            seconds=before.seconds + seconds,
            is_open=before.is_open or one.until is None,
        )
    return tuple(found.values())
