"""Versions of the plan: which was in force from when; a new one supersedes it, old records keep theirs (domain.md 3.18, R-01, R-106)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import msgspec

from bot.domain.company import Plan
from bot.domain.records import Setting
from bot.routing import Context

_NAME = "plan_versions"


class Version(msgspec.Struct, frozen=True):
    """A version that was superseded."""

    version: str
    effective: date | None
    superseded: date


def note(context: Context, before: Plan) -> None:
    """Keep the version that was in force before. The world of the context is that after the change."""
    now = context.world.company.plan
    if not before.version or (before.version, before.effective_date) == (now.version, now.effective_date):
        return
    today = context.world.calendars.local(context.now).date()
    body = msgspec.json.encode([*known(context), Version(before.version, before.effective_date, today)]).decode()
    setting = context.uow.settings.get(_NAME)
    if setting is None:
        context.uow.settings.add(Setting(name=_NAME, body=body))
    else:
        context.uow.settings.put(replace(setting, body=body))


def known(context: Context) -> tuple[Version, ...]:
    """Superseded versions, the oldest first."""
    setting = context.uow.settings.get(_NAME)
    return tuple(msgspec.json.decode(setting.body, type=list[Version])) if setting is not None else ()
