"""A small company, its calendar, and short ways to say what happened to a reply clock.

Sales asks, quality assurance answers. Times are local times of 2026-11-23, a Monday, unless a date is given.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.calendars import build_calendars
from bot.domain.calendar import Calendars
from bot.domain.delegation import Leave, LeaveState, Scope
from bot.domain.directory import Department, DepartmentKind, Directory, Person, Role
from bot.domain.ids import ChatKey, Code, DepartmentId, MessageKey, PersonId
from bot.domain.posts import Posts
from bot.domain.sla import (
    ClockDecision,
    ClockFact,
    FactKind,
    Opening,
    ReplyClock,
    SlaPolicy,
    breach,
    command,
    start,
    tell,
)
from bot.domain.tracking import GroupKind, Spoken
from bot.domain.working_time import WorkingTime
from tests.domain.calendar_cases import at as local_instant
from tests.domain.calendar_cases import official_2026

SALES, QA, PROD, OFFICE, IT, BOARD = (DepartmentId(d) for d in ("SALES", "QA", "PROD", "OFFICE", "IT", "BOARD"))

ASKER = PersonId("sales-employee")
SALES_LIAISON = PersonId("sales-liaison")
SALES_HEAD = PersonId("sales-head")
LIAISON = PersonId("qa-liaison")
BACKUP = PersonId("qa-backup")
HEAD = PersonId("qa-head")
MEMBER = PersonId("qa-employee")
PROD_LIAISON = PersonId("prod-liaison")
PROD_HEAD = PersonId("prod-head")
SECRETARY = PersonId("secretary")
IT_HEAD = PersonId("it-head")
LEADER = PersonId("leader")
STRANGER = PersonId("")

GROUP = ChatKey("feishu", "oc_group")
OTHER_GROUP = ChatKey("feishu", "oc_other")

_DEPARTMENTS = (
    Department(id=SALES, name="销售部", short="销售", head=SALES_HEAD),
    Department(id=QA, name="质量部", short="质量", head=HEAD),
    Department(id=PROD, name="生产部", short="生产", head=PROD_HEAD, windows=(("08:00", "12:00"), ("13:00", "17:00"))),
    Department(id=OFFICE, name="行政部", short="行政", head=SECRETARY),
    Department(id=IT, name="信息部", short="信息", head=IT_HEAD),
    Department(id=BOARD, name="总经办", short="总办", kind=DepartmentKind.EXECUTIVE),
)


def _person(person: PersonId, department: DepartmentId, *roles: Role) -> Person:
    return Person(id=person, name=person, department=department, roles=frozenset({Role.EMPLOYEE, *roles}))


_PEOPLE = (
    _person(ASKER, SALES),
    _person(SALES_LIAISON, SALES, Role.LIAISON),
    _person(SALES_HEAD, SALES, Role.HEAD),
    _person(LIAISON, QA, Role.LIAISON),
    _person(BACKUP, QA, Role.BACKUP_LIAISON),
    _person(HEAD, QA, Role.HEAD),
    _person(MEMBER, QA),
    _person(PROD_LIAISON, PROD, Role.LIAISON),
    _person(PROD_HEAD, PROD, Role.HEAD),
    _person(SECRETARY, OFFICE, Role.SECRETARY, Role.LIAISON),
    _person(IT_HEAD, IT, Role.HEAD),
    _person(LEADER, BOARD, Role.LEADER, Role.LIAISON),
)

DIRECTORY = Directory(people=_PEOPLE, departments=_DEPARTMENTS)
CALENDARS: Calendars = build_calendars(official_2026(*_DEPARTMENTS))


def at(text: str) -> datetime:
    """`10:00` of Monday 2026-11-23, or a date with a time."""
    return local_instant(text if "-" in text else f"2026-11-23 {text}")


def hours_of(department: DepartmentId) -> WorkingTime:
    return CALENDARS.of_department(department)


HOURS = hours_of(QA)


def leave(person: PersonId, delegate: PersonId | None = None, *, scope: Scope = Scope.ALL) -> Leave:
    """Away for the whole of November."""
    return Leave(
        code=Code(f"QJ-2026-{person}"),
        person=person,
        delegate=delegate,
        scope=scope,
        starts_at=at("2026-11-01 00:00"),
        ends_at=at("2026-12-01 00:00"),
        state=LeaveState.ACTIVE,
        registered_by=person,
    )


def posts(*leaves: Leave, directory: Directory = DIRECTORY) -> Posts:
    return Posts(directory, leaves, at=at("10:00"))


def message(name: str) -> MessageKey:
    return MessageKey("feishu", name)


def says(
    sender: PersonId,
    words: str = "报告什么时候给？",
    *mentioned: PersonId,
    when: str = "10:00",
    name: str = "om_1",
    chat: ChatKey = GROUP,
    where: GroupKind = GroupKind.TRACKED,
    thread: str = "",
    reply_to: str = "",
    quoted: PersonId | None = None,
    everybody: bool = False,
    present: tuple[DepartmentId, ...] = (),
    attachment: bool = False,
    automatic: bool = False,
    inquiry: bool = False,
) -> Spoken:
    return Spoken(
        message=message(name),
        chat=chat,
        thread=thread,
        where=where,
        sender=sender,
        words=words,
        has_attachment=attachment,
        mentioned=mentioned,
        mentions_everybody=everybody,
        reply_to=message(reply_to) if reply_to else None,
        quoted_author=quoted,
        is_inquiry=inquiry,
        is_automatic=automatic,
        at=at(when),
        present=present,
    )


def opening(
    when: str = "10:00",
    *,
    handled: str = "",
    code: str = "HF-2026-0001",
    name: str = "om_1",
    asker: PersonId = ASKER,
    asking: DepartmentId = SALES,
    department: DepartmentId = QA,
    thread: str = "",
    key: bool = False,
    inquiry: bool = False,
) -> Opening:
    return Opening(
        code=Code(code),
        chat=GROUP,
        thread=thread,
        message=message(name),
        asker=asker,
        asking_department=asking,
        department=department,
        assignee=LIAISON,
        acting=LIAISON,
        is_key=key,
        is_inquiry=inquiry,
        visible_at=at(when),
        handled_at=at(handled or when),
        plan_version="V1.0",
    )


def started(when: str = "10:00", *, policy: SlaPolicy | None = None, **given: object) -> ReplyClock:
    """A running clock of sales against quality assurance."""
    opened = opening(when, **given)  # type: ignore[arg-type]
    return start(opened, policy or SlaPolicy(), hours_of(opened.department)).state


def fact(
    kind: FactKind, when: str, *, by: PersonId | None = LIAISON, name: str = "", text: str = "", key: bool = False
) -> ClockFact:
    return ClockFact(kind=kind, at=at(when), by=by, message=message(name) if name else None, text=text, is_key=key)


def answer(when: str, name: str = "om_answer") -> ClockFact:
    return fact(FactKind.ANSWER, when, name=name)


def plain(when: str, name: str = "om_plain") -> ClockFact:
    return ClockFact(kind=FactKind.PLAIN_ANSWER, at=at(when), by=LIAISON, message=message(name), is_plain=True)


def told(clock: ReplyClock, *facts: ClockFact, now: str = "") -> ReplyClock:
    """The clock after these facts, each told when it happened or at `now`."""
    for each in facts:
        clock = heard(clock, each, now=now).state
    return clock


def heard(clock: ReplyClock, each: ClockFact, *, now: str = "") -> ClockDecision:
    return tell(clock, each, hours=hours_of(clock.department), now=at(now) if now else each.at)


def commanded(clock: ReplyClock, each: ClockFact) -> ClockDecision:
    return command(clock, each, hours=hours_of(clock.department), now=each.at)


def breached(clock: ReplyClock | None = None, *, late_by: timedelta = timedelta(0)) -> ReplyClock:
    """The clock after its limit was noticed."""
    clock = clock or started()
    return breach(clock, now=clock.due_at + late_by, hours=hours_of(clock.department)).state
