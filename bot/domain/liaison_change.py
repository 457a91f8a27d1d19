"""The liaison change DJ (domain.md 3.12, R-107..R-109; A-09, L-22): announced a week ahead, handed over, in force at midnight.

The notice counts in calendar days from the day of the announcement; moving the date does not start it anew. The first
liaison of a vacant department needs no notice, an emergency needs the secretary's consent instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.directory import Person, Role
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.machine import Line, Machine
from bot.errors import RuleViolation


class ChangeState(StrEnum):
    """States of 3.12, and the moment before: the head has not confirmed the three points of R-108 yet."""

    DRAFT = "draft"
    #: an emergency waits for the secretary's consent
    PENDING_CONSENT = "pending_consent"
    REGISTERED = "registered"
    EFFECTIVE = "effective"
    CANCELLED = "cancelled"


class ChangeAct(StrEnum):
    """What can be done to a change."""

    ANNOUNCE = "announce"
    CONSENT = "consent"
    REFUSE = "refuse"
    HAND_OVER = "hand_over"
    MOVE = "move"
    CANCEL = "cancel"
    TAKE_EFFECT = "take_effect"


_D, _P, _R, _E, _C = ChangeState
MACHINE: Machine[ChangeState, ChangeAct] = Machine(
    "liaison",
    (
        Line((_D,), ChangeAct.ANNOUNCE, (_R, _P)),
        Line((_P,), ChangeAct.CONSENT, (_R,)),
        Line((_P,), ChangeAct.REFUSE, (_C,)),
        Line((_R,), ChangeAct.HAND_OVER, (_R,)),
        # the hand-over may be confirmed late; the flag goes then
        Line((_E,), ChangeAct.HAND_OVER, (_E,)),
        Line((_R,), ChangeAct.MOVE, (_R,)),
        Line((_D, _P, _R), ChangeAct.CANCEL, (_C,)),
        Line((_R,), ChangeAct.TAKE_EFFECT, (_E,)),
    ),
)

#: the three points that the head confirms (R-108, 4.13)
TICKS = ("skills", "business", "handover")


@dataclass(frozen=True, slots=True, kw_only=True)
class LiaisonChange:
    """One change. The first liaison of a vacant department takes office at once (L-22)."""

    code: Code
    department: DepartmentId
    old: PersonId | None
    new: PersonId
    state: ChangeState
    #: the notice counts from here, also when the date is moved (3.12)
    announced_at: datetime
    announced_by: PersonId
    effective_on: date
    is_emergency: bool = False
    reason: str = ""
    ticks: tuple[str, ...] = ()
    checklist: tuple[str, ...] = ()
    #: people who confirmed the hand-over
    handed_over: tuple[PersonId, ...] = ()
    is_backup: bool = False
    #: the department had no liaison: no notice, nothing to hand over (L-22)
    is_first: bool = False
    effective_at: datetime | None = None
    version: int = 0

    @property
    def hands_over(self) -> tuple[PersonId, ...]:
        """Who has to confirm the hand-over; nobody where there was no liaison before."""
        return () if self.old is None else (self.old, self.new)

    @property
    def is_handed_over(self) -> bool:
        """Have both sides confirmed?"""
        return set(self.hands_over) <= set(self.handed_over)


def earliest(notified_on: date, notice_days: int) -> date:
    """The first day on which a change may take effect (A-09, R-109)."""
    return notified_on + timedelta(days=notice_days)


def check_notice(effective_on: date, *, notified_on: date, notice_days: int) -> None:
    """Raises RuleViolation `liaison_notice_short` with the earliest date (EC-57)."""
    first = earliest(notified_on, notice_days)
    if effective_on < first:
        raise RuleViolation("liaison_notice_short", {"date": first})


def check_people(old: Person | None, new: Person) -> None:
    """Raises RuleViolation: `liaison_new_wrong`, `liaison_old_wrong`, `liaison_already`."""
    role = role_changed(old)
    if not new.is_active or (old is not None and old.id == new.id):
        raise RuleViolation("liaison_new_wrong", {"name": new.name})
    if old is not None and (old.department != new.department or not old.roles & {Role.LIAISON, Role.BACKUP_LIAISON}):
        raise RuleViolation("liaison_old_wrong", {"name": old.name, "new": new.name})
    if role in new.roles or Role.LIAISON in new.roles:
        raise RuleViolation("liaison_already", {"name": new.name})


def role_changed(old: Person | None) -> Role:
    """Which role goes over: that of the primary liaison, unless the one who gives it up is only a backup."""
    is_backup = old is not None and Role.LIAISON not in old.roles and Role.BACKUP_LIAISON in old.roles
    return Role.BACKUP_LIAISON if is_backup else Role.LIAISON


# ---------------------------------------------------------------- acts


def announced(
    change: LiaisonChange, *, ticks: Iterable[str], effective_on: date, today: date, notice_days: int, now: datetime
) -> LiaisonChange:
    """The head confirms the three points; the notice begins now.

    Raises RuleViolation `liaison_ticks` unless all three are confirmed (R-108), `liaison_past`, `liaison_notice_short`.
    """
    given = tuple(t for t in TICKS if t in set(ticks))
    MACHINE.require(change.state, ChangeAct.ANNOUNCE)
    if given != TICKS:
        raise RuleViolation("liaison_ticks")
    if effective_on < today:
        raise RuleViolation("liaison_past")
    if not change.is_emergency and not change.is_first:
        check_notice(effective_on, notified_on=today, notice_days=notice_days)
    to = ChangeState.PENDING_CONSENT if change.is_emergency else ChangeState.REGISTERED
    return replace(
        change,
        state=MACHINE.after(change.state, ChangeAct.ANNOUNCE, to),
        ticks=given,
        effective_on=effective_on,
        announced_at=now,
    )


def consented(change: LiaisonChange, *, today: date) -> LiaisonChange:
    """The secretary consents to an emergency; it is registered, for today at the earliest."""
    state = MACHINE.after(change.state, ChangeAct.CONSENT, ChangeState.REGISTERED)
    return replace(change, state=state, effective_on=max(change.effective_on, today))


def refused(change: LiaisonChange) -> LiaisonChange:
    """The secretary does not consent: the ordinary notice has to be kept."""
    return replace(change, state=MACHINE.after(change.state, ChangeAct.REFUSE, ChangeState.CANCELLED))


def handed_over(change: LiaisonChange, person: PersonId) -> LiaisonChange:
    """One side confirms the hand-over. Raises RuleViolation `no_right` for others, `stale_card` for a second time."""
    MACHINE.require(change.state, ChangeAct.HAND_OVER)
    if person not in change.hands_over:
        raise RuleViolation("no_right")
    if person in change.handed_over:
        raise RuleViolation("stale_card", {"state": MACHINE.state_key(change.state)})
    return replace(change, handed_over=(*change.handed_over, person))


def moved(
    change: LiaisonChange, effective_on: date, *, noticed_on: date, today: date, notice_days: int
) -> LiaisonChange:
    """Another date; an earlier one must still keep the notice, counted from the original announcement (3.12).

    Raises RuleViolation `liaison_past`, `liaison_notice_short`.
    """
    MACHINE.require(change.state, ChangeAct.MOVE)
    if effective_on <= today:
        raise RuleViolation("liaison_past")
    if not change.is_emergency:
        check_notice(effective_on, notified_on=noticed_on, notice_days=notice_days)
    return replace(change, effective_on=effective_on)


def cancelled(change: LiaisonChange) -> LiaisonChange:
    """Taken back before it took effect."""
    return replace(change, state=MACHINE.after(change.state, ChangeAct.CANCEL, ChangeState.CANCELLED))


def taken_effect(change: LiaisonChange, *, now: datetime) -> LiaisonChange:
    """The new liaison is in office, handed over or not."""
    state = MACHINE.after(change.state, ChangeAct.TAKE_EFFECT, ChangeState.EFFECTIVE)
    return replace(change, state=state, effective_at=now)


def without_role(person: Person, *, is_backup: bool) -> Person:
    """Somebody who gave up the post."""
    return replace(person, roles=person.roles - {Role.BACKUP_LIAISON if is_backup else Role.LIAISON})


def with_role(person: Person, *, is_backup: bool) -> Person:
    """Somebody who takes the post; a backup who becomes the liaison is no backup any more."""
    if is_backup:
        return replace(person, roles=person.roles | {Role.BACKUP_LIAISON})
    return replace(person, roles=(person.roles - {Role.BACKUP_LIAISON}) | {Role.LIAISON})
