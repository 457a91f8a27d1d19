"""The two budgets of the organisation's edition: calls that we make and pushes that we get, in a calendar month (dingtalk.md 1.4).

They are counted here because the platform tells only when they are gone. What is left out first is fixed: pictures become
words, then cards are not repainted any more; messages and new cards go out until the platform itself refuses.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from enum import IntEnum

import structlog

from adapters.dingtalk.hints import hint
from bot.clock import Clock
from bot.errors import FailureKind, PlatformError, StoreUnavailable
from bot.messages import AnyOutbound, EditCard, SendPicture
from bot.ports import Finding, Notebook, Severity

log = structlog.get_logger(__name__)

#: months are those of the platform's country
_ZONE = timezone(timedelta(hours=8))
#: parts of the month's budget, in hundredths
WARNED, PICTURES_END, REPAINTS_END = 70, 90, 95
#: counts are written down at most this often, or after so many
_EVERY, _MANY = timedelta(minutes=1), 50
_KEPT = timedelta(days=62)


class Kind(IntEnum):
    """What is counted."""

    CALLS = 0
    DELIVERIES = 1


class Budget:
    """Counts of the present month, of all processes together as far as they have written theirs down."""

    def __init__(self, *, calls: int, deliveries: int, clock: Clock, notebook: Notebook) -> None:
        self._limits = (calls, deliveries)
        self._clock = clock
        self._notebook = notebook
        self._month = ""
        #: what was written down, by whomever, and what we counted since
        self._known, self._fresh = [0, 0], [0, 0]
        self._written_at = clock.now()

    @property
    def used(self) -> tuple[int, int]:
        """Calls and deliveries of the present month, as far as they are known."""
        return self._used(Kind.CALLS), self._used(Kind.DELIVERIES)

    async def called(self) -> None:
        """A call that counts is about to be made."""
        await self._count(Kind.CALLS)

    async def delivered(self) -> None:
        """The platform pushed something that counts."""
        await self._count(Kind.DELIVERIES)

    async def check(self, outbound: AnyOutbound) -> None:
        """Raises PlatformError for what is left out when the budget goes to its end."""
        await self._turn_page()
        share = self._share(Kind.CALLS)
        if isinstance(outbound, SendPicture) and share >= PICTURES_END:
            raise PlatformError(FailureKind.DEGRADE, code="budget", operation="picture", hint=hint("budget"))
        if isinstance(outbound, EditCard) and share >= REPAINTS_END:
            raise PlatformError(FailureKind.PERMANENT, code="budget", operation="card.update", hint=hint("budget"))

    async def gone(self, kind: Kind) -> None:
        """The platform says that nothing is left, whatever was counted here."""
        await self._turn_page()
        left = self._limits[kind] - self._used(kind)
        if left > 0:
            log.error("the month's budget is used up", action="budget_gone", kind=kind.name.lower())
            self._fresh[kind] += left
            await self._write(self._clock.now())

    async def findings(self) -> list[Finding]:
        """How much of the month is used up."""
        await self._turn_page()
        return [self._finding(kind) for kind in Kind]

    def _finding(self, kind: Kind) -> Finding:
        share, used, limit = self._share(kind), self._used(kind), self._limits[kind]
        name, named = ("接口调用", "API calls") if kind is Kind.CALLS else ("推送", "deliveries")
        severity = Severity.OK if share < WARNED else Severity.WARNING if share < PICTURES_END else Severity.FAILURE
        return Finding(
            id=f"dingtalk.budget.{kind.name.lower()}",
            severity=severity,
            message=f"本月{name}约 {used} / {limit} 次 / about {used} of {limit} {named} this month",
            hint="" if severity is Severity.OK else hint("budget" if kind is Kind.CALLS else "deliveries"),
        )

    def _share(self, kind: Kind) -> int:
        return self._used(kind) * 100 // max(self._limits[kind], 1)

    def _used(self, kind: Kind) -> int:
        return self._known[kind] + self._fresh[kind]

    async def _count(self, kind: Kind) -> None:
        await self._turn_page()
        self._fresh[kind] += 1
        now = self._clock.now()
        if sum(self._fresh) >= _MANY or now - self._written_at >= _EVERY or now < self._written_at:
            await self._write(now)

    async def _turn_page(self) -> None:
        """A new month begins at nothing; the first look at one reads what was counted before a restart."""
        month = self._clock.now().astimezone(_ZONE).strftime("%Y-%m")
        if month == self._month:
            return
        self._month, self._known, self._fresh = month, [0, 0], [0, 0]
        try:
            kept = await self._notebook.read(self._key)
        except StoreUnavailable:
            return
        self._known = _counts(kept)

    async def _write(self, now: datetime) -> None:
        try:
            kept = _counts(await self._notebook.read(self._key))
            whole = [known + fresh for known, fresh in zip(kept, self._fresh, strict=True)]
            await self._notebook.write(self._key, ",".join(map(str, whole)), keep=_KEPT)
        except StoreUnavailable:
            log.warning("the month's count could not be written down", action="budget_unwritten")
            return
        self._known, self._fresh, self._written_at = whole, [0, 0], now

    @property
    def _key(self) -> str:
        return f"budget:{self._month}"


def _counts(kept: str | None) -> list[int]:
    parts = (kept or "").split(",")
    if len(parts) != len(Kind) or not all(part.isascii() and part.isdigit() and len(part) < 12 for part in parts):
        return [0, 0]
    return [int(part) for part in parts]
