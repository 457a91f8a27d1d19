"""Who is told what about a reply clock, when, and whether it still has to be said (domain.md 2.3, 2.6, 3.14; L-09; EC-50, EC-51).

Sentences are made elsewhere; here stand the recipients and the instants.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.clock_events import (
    Answered,
    Attached,
    Breached,
    BreachWithdrawn,
    Cancelled,
    ClockEvent,
    ClosedForCounting,
    Escalated,
    Nudged,
    Reopened,
    Retimed,
    Started,
    SummaryDue,
    VerdictCorrected,
    Waived,
)
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.posts import Posts
from bot.domain.reply_clock import ClockState, FactKind, ReplyClock
from bot.domain.sla import reassign


class NoticeHours(Protocol):
    """What is asked of the recipient's `WorkingTime`."""

    def next_notice_time(self, at: datetime) -> datetime: ...


class NoticeKind(StrEnum):
    """What a notice about a clock says."""

    NUDGE = "nudge"
    BREACH = "breach"
    ESCALATION = "escalation"
    #: end of the day: still unanswered after three escalations
    SUMMARY = "summary"
    #: three working days without an answer; `/问题` is offered
    CLOSED = "closed"
    #: the wait was given up because the bot cannot see the group any more
    INVISIBLE = "invisible"
    #: a breach was announced that was none (更正)
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to say, once, to each of these people."""

    kind: NoticeKind
    recipients: tuple[PersonId, ...]


def notice_of(event: ClockEvent, clock: ReplyClock, posts: Posts) -> Notice | None:
    """Whom an event concerns (2.3); None where nobody is written to, the card apart.

    Nobody is left out silently: where a department has neither liaison nor head, the secretary is told (EC-52).
    """
    match event:
        case Nudged():
            return Notice(NoticeKind.NUDGE, _people(_acting(clock, posts)))
        case Breached():
            return Notice(NoticeKind.BREACH, _told_of_breach(clock, posts))
        case Escalated():
            return Notice(NoticeKind.ESCALATION, _people(_head(clock.department, posts)))
        case SummaryDue():
            return Notice(NoticeKind.SUMMARY, _people(_head(clock.department, posts)))
        case BreachWithdrawn():
            head = _head(clock.department, posts) if clock.escalations else None
            return Notice(NoticeKind.CORRECTION, _people(*_told_of_breach(clock, posts), head))
        case ClosedForCounting():
            return Notice(NoticeKind.CLOSED, _people(clock.asker))
        case Cancelled(reason=FactKind.INVISIBLE.value):
            return Notice(NoticeKind.INVISIBLE, _people(clock.asker))
        case Started() | Attached() | Answered() | Cancelled() | Waived() | Reopened() | Retimed() | VerdictCorrected():
            return None


def notice_at(now: datetime, hours: NoticeHours) -> datetime:
    """When a notice may reach its recipient: now, or at the next opening of his or her own windows (L-09)."""
    return hours.next_notice_time(now)


def still_owed(clock: ReplyClock, kind: NoticeKind) -> bool:
    """Is there still a reason to say it, for a notice that waited for a window or for a platform? (L-09, P4)"""
    match kind:
        case NoticeKind.NUDGE:
            return clock.state is ClockState.RUNNING
        case NoticeKind.BREACH:
            return clock.state is ClockState.BREACHED
        case NoticeKind.ESCALATION | NoticeKind.SUMMARY:
            return clock.state is ClockState.BREACHED and not clock.closed_for_counting
        case NoticeKind.CLOSED:
            return clock.state is ClockState.BREACHED and clock.closed_for_counting
        case NoticeKind.INVISIBLE:
            return clock.state is ClockState.CANCELLED and "invisible" in clock.flags
        case NoticeKind.CORRECTION:
            return clock.state is not ClockState.BREACHED


def follow(clock: ReplyClock, posts: Posts) -> ReplyClock:
    """The clock with whoever holds the post now: a liaison left, changed, or went on leave (3.12, EC-50, EC-51)."""
    standing = posts.assignee(clock.department, clock.assignee)
    if standing is None:
        return reassign(clock, assignee=None, acting=None)
    return reassign(clock, assignee=standing.represented, acting=standing.acting)


def _acting(clock: ReplyClock, posts: Posts) -> PersonId | None:
    standing = posts.assignee(clock.department, clock.assignee)
    return standing.acting if standing is not None else posts.secretary()


def _head(department: DepartmentId, posts: Posts) -> PersonId | None:
    standing = posts.head_of(department)
    return standing.acting if standing is not None else posts.secretary()


def _told_of_breach(clock: ReplyClock, posts: Posts) -> tuple[PersonId, ...]:
    """The responsible person and the first backup who is there."""
    acting = _people(_acting(clock, posts))
    return _people(*acting, posts.backup_for(clock.department, acting))


def _people(*found: PersonId | None) -> tuple[PersonId, ...]:
    """In order, without gaps and repetitions."""
    return tuple(dict.fromkeys(p for p in found if p is not None))
