"""What carries one rule: commands, cards, timers, limits, reports, or people alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.domain.ids import CodeKind as Kind
from bot.domain.obligation import ObligationKind as Owed
from bot.domain.timers import TimerKind as Timer
from handlers.texts.rules.rule import NONE, Both


class Report(Enum):
    """What is read regularly, or taken out of the program; the value is its name."""

    DIGEST = ("每日简报", "daily digest")
    WEEKLY = ("协作周报", "weekly report")
    SCORECARD = ("部门评分", "scorecard")
    PROGRESS_LEDGER = ("进度台账", "progress ledger")
    ISSUE_LEDGER = ("问题台账", "issue ledger")
    PAPERS = ("可打印的表单", "printable forms")
    COVERAGE = ("每晚缺口检查", "nightly audit of gaps")


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """What carries one rule."""

    #: commands with which people keep it, the nearest first
    verbs: tuple[str, ...] = ()
    #: objects whose cards show it or ask for it
    cards: tuple[Kind, ...] = ()
    timers: tuple[Timer, ...] = ()
    #: limits that somebody holds and is reminded of
    owed: tuple[Owed, ...] = ()
    #: parameters of the company file that set its figures
    settings: tuple[str, ...] = ()
    reports: tuple[Report, ...] = ()
    #: in which other way the program keeps it
    besides: Both = NONE
    #: why only people can keep it; what stands beside it only supports them
    by_people: Both = NONE


#: the reply clock
SLA = (Timer.SLA_NUDGE, Timer.SLA_BREACH, Timer.SLA_ESCALATE)
#: a leave begins and ends
LEAVE = (Timer.LEAVE_START, Timer.LEAVE_END)
