"""When nothing could be heard: the program was down, or a platform could not be reached (domain.md R-111, 6.5).

Kept as facts, so that they outlive restarts: `/状态` names them, and nobody becomes a candidate for criticism by what fell into one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.records import Fact, Setting
from bot.routing import Context

KIND = "outage"
#: the setting that says when the program was alive last
ALIVE = "alive"
#: a shorter one is a restart, which nobody notices
SHORTEST = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Outage:
    """Between two instants nothing of that platform was heard; of none at all where `platform` is empty."""

    platform: str
    start: datetime
    end: datetime

    @property
    def lasted(self) -> timedelta:
        """How long."""
        return self.end - self.start


def wake(context: Context) -> None:
    """The program is up: since when was it not?"""
    known = context.uow.settings.get(ALIVE)
    if known is not None:
        note(context, Outage("", datetime.fromisoformat(known.body), context.now))
    beat(context, {})


def beat(context: Context, gaps: Mapping[str, Iterable[tuple[datetime, datetime]]]) -> None:
    """The program is alive; what the connections say of their gaps is kept."""
    known, body = context.uow.settings.get(ALIVE), context.now.isoformat()
    if known is None:
        context.uow.settings.add(Setting(name=ALIVE, body=body))
    elif known.body != body:
        context.uow.settings.put(Setting(name=ALIVE, body=body, version=known.version))
    for platform, found in gaps.items():
        for start, end in found:
            note(context, Outage(platform, start, end))


def note(context: Context, outage: Outage) -> None:
    """Keep one, once; not one that is too short to matter."""
    if outage.lasted < SHORTEST:
        return
    key = f"{KIND}:{outage.platform}:{int(outage.start.timestamp())}"
    if context.uow.facts.get(key) is None:
        detail = {"platform": outage.platform, "since": outage.start.isoformat()}
        context.uow.facts.add(Fact(key=key, kind=KIND, code="", at=outage.end, detail=detail))


def between(context: Context, start: datetime, end: datetime) -> tuple[Outage, ...]:
    """Outages that ended in that time, the latest last."""
    found = context.uow.facts.between("at", start, end, kind=KIND)
    return tuple(
        Outage(one.detail.get("platform", ""), datetime.fromisoformat(one.detail["since"]), one.at) for one in found
    )


def touches(outages: Iterable[Outage], start: datetime, end: datetime) -> bool:
    """Did any of that time fall into an outage?"""
    return any(one.start < end and start < one.end for one in outages)
