"""The item (domain.md 3.3): the whole product of states and acts, its course, its light, its level of secrecy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain import item_course, item_secrecy
from bot.domain.form import Content
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.issue import Grade, Grading, Issue, IssueState
from bot.domain.item import ITEM, Item, ItemAct, ItemState, Level
from bot.domain.item_light import Colour, counted, light, progress
from bot.domain.item_making import first_plan, made, routine_tasks
from bot.domain.item_secrecy import Keepers
from bot.domain.plan import Plan, PlanState, plan_key
from bot.domain.request import Request, RequestState
from bot.domain.task import Task, TaskState
from bot.errors import RuleViolation

NOW = datetime(2026, 9, 20, 3, 45, tzinfo=UTC)
TODAY = date(2026, 9, 20)
RD, PROD, QA = DepartmentId("RD"), DepartmentId("PROD"), DepartmentId("QA")
E012, E003, E028, E013, E018, E002 = (PersonId(p) for p in ("E012", "E003", "E028", "E013", "E018", "E002"))
CODE = Code("SX-2026-0010")

KEEPERS = Keepers(lead_head=E012, secretary=E018, leader=E002, heads=(E012, E003, E028), liaisons=(E013,))

#: 3.3, row by row; every pair that is not here is refused
TABLE = {
    ("planning", "start"): "in_progress",
    ("in_progress", "suspend"): "suspended",
    ("suspended", "resume"): "in_progress",
    ("in_progress", "apply"): "acceptance",
    ("rectifying", "apply"): "acceptance",
    ("acceptance", "accept"): "accepted",
    ("acceptance", "rectify"): "rectifying",
    ("acceptance", "call_off"): "in_progress",
    ("accepted", "archive"): "archived",
    **{(s, "terminate"): "terminated" for s in ("planning", "in_progress", "suspended", "rectifying")},
    **{(s, a): s for s in ("planning", "in_progress", "suspended", "rectifying") for a in ("agree_end", "refuse_end")},
    **{(s, a): s for s in ("in_progress", "suspended", "rectifying") for a in ("replan", "confirm_contact")},
    **{(s.value, "reclassify"): s.value for s in ItemState},
}


def item(state: ItemState = ItemState.IN_PROGRESS, **more: object) -> Item:
    plain = Item(
        code=CODE,
        title="X1量产导入",
        short="X1量产导入",
        level=Level.SPECIAL,
        lead=RD,
        coop=(PROD, QA),
        state=state,
        start_on=date(2026, 9, 21),
        end_on=date(2026, 10, 16),
        created_by=E013,
    )
    return replace(plain, **more)  # type: ignore[arg-type]  # fields of the item


def plan(content: Content | None = None, *, number: int = 1, coop: tuple[DepartmentId, ...] = (PROD, QA)) -> Plan:
    code = Code("FA-2026-0010")
    return Plan(
        key=plan_key(code, number),
        code=code,
        number=number,
        item=CODE,
        state=PlanState.EFFECTIVE,
        lead=RD,
        coop=coop,
        content=content or {},
    )


ACTS: dict[ItemAct, Callable[[Item], Item]] = {
    ItemAct.START: lambda i: item_course.started(i, plan(), now=NOW),
    ItemAct.REPLAN: lambda i: item_course.replanned(i, plan(number=2)),
    ItemAct.CONFIRM_CONTACT: lambda i: item_course.contacted(i, PROD),
    ItemAct.SUSPEND: lambda i: item_course.suspended(
        i, resume_on=TODAY + timedelta(days=8), reason="等待样品到货", today=TODAY, now=NOW
    ),
    ItemAct.RESUME: lambda i: item_course.resumed(i, reason="", now=NOW),
    ItemAct.APPLY: lambda i: item_course.applied(i, now=NOW),
    ItemAct.ACCEPT: lambda i: item_course.passed(i, finished_on=TODAY, now=NOW),
    ItemAct.RECTIFY: lambda i: item_course.to_rectify(i, now=NOW),
    ItemAct.CALL_OFF: lambda i: item_course.called_off(i, now=NOW),
    ItemAct.ARCHIVE: lambda i: item_course.archived(i, now=NOW),
    ItemAct.AGREE_END: lambda i: item_course.end_agreed(i, RD, by=E012, behalf=None, reason="目标取消", now=NOW),
    ItemAct.REFUSE_END: lambda i: item_course.end_refused(i),
    ItemAct.TERMINATE: lambda i: item_course.terminated(i, reason="目标取消了", open_issues=(), now=NOW),
    ItemAct.RECLASSIFY: lambda i: item_secrecy.raised(i, 1, by=E012, keepers=KEEPERS),
}


@pytest.mark.parametrize("state", ItemState)
@pytest.mark.parametrize("act", ItemAct)
def test_every_pair_of_state_and_act_is_in_the_table_or_refused(state: ItemState, act: ItemAct) -> None:
    wanted = TABLE.get((state.value, act.value))
    assert ITEM.allows(state, act) is (wanted is not None)
    before = item(state)
    if act is ItemAct.REFUSE_END and wanted is not None:
        before = item_course.end_agreed(before, RD, by=E012, behalf=None, reason="", now=NOW)
    if wanted is None:
        with pytest.raises(RuleViolation) as refusal:
            ACTS[act](before)
        assert (refusal.value.code, refusal.value.facts["state"]) == ("stale_card", f"item_state_{state.value}")
    else:
        assert ACTS[act](before).state.value == wanted


def test_ec_100_a_ledger_row_is_never_deleted() -> None:
    """EC-100: the only ways out are archived and terminated, and from those nothing leads on."""
    ends = {s for s in ItemState if not any(t != (s,) for (state, _), t in ITEM.table.items() if state is s)}
    assert ends == {ItemState.ARCHIVED, ItemState.TERMINATED}
    assert not any(act.value in {"delete", "remove"} for act in ItemAct)


# ---------------------------------------------------------------- made of a request


def request(level: Level = Level.SPECIAL, **more: object) -> Request:
    plain = Request(
        code=Code("XQ-2026-0016"),
        state=RequestState.APPROVED,
        lead=RD,
        created_by=E013,
        created_at=NOW,
        title="X1量产导入",
        level=level,
        coop=(PROD, QA),
        content={
            "start_on": "2026-09-21",
            "end_on": "2026-10-16",
            "serves": "重点项目",
            "scenario": "跨部门项目",
            "goal": "量产",
            "duties": (("RD", "牵头", "E013"), ("PROD", "产线准备", "E004"), ("QA", "", "")),
        },
    )
    return replace(plain, **more)  # type: ignore[arg-type]  # fields of the request


def test_a_special_request_becomes_an_item_that_is_planned_first() -> None:
    """R-79; one lead department and one accountable head (R-07, R-30)."""
    made_of = made(request(), code=CODE, plan=Code("FA-2026-0010"), is_key_project=True, now=NOW)
    assert (made_of.state, made_of.started_at, made_of.plan) == (ItemState.PLANNING, None, "FA-2026-0010")
    assert (made_of.lead, made_of.coop, made_of.end_on) == (RD, (PROD, QA), date(2026, 10, 16))
    assert (made_of.serves, made_of.scenario, made_of.goal) == ("重点项目", "跨部门项目", "量产")
    first = first_plan(made_of, request(), code=Code("FA-2026-0010"), due_at=NOW, now=NOW)
    assert (first.key, first.state, first.due_at, first.involved) == (
        "FA-2026-0010 v1",
        PlanState.DRAFTING,
        NOW,
        (RD, PROD, QA),
    )


def test_a_routine_request_becomes_an_item_in_progress_with_a_task_a_cooperating_duty() -> None:
    """L-25: the lead's own line is the item's accountability; an empty owner means the liaison."""
    made_of = made(request(Level.ROUTINE), code=CODE, plan=None, is_key_project=False, now=NOW)
    assert (made_of.state, made_of.started_at) == (ItemState.IN_PROGRESS, NOW)
    tasks = routine_tasks(
        request(Level.ROUTINE),
        end_of_day=lambda day: datetime(day.year, day.month, day.day, 10, tzinfo=UTC),
        liaison=lambda department: PersonId(f"liaison of {department}"),
    )
    assert [(t.title, t.department, t.owner) for t in tasks] == [
        ("产线准备", PROD, "E004"),
        ("X1量产导入", QA, "liaison of QA"),
    ]
    assert {t.due_at for t in tasks} == {datetime(2026, 10, 16, 10, tzinfo=UTC)}


@pytest.mark.parametrize("coop", [(), (RD, PROD)])
def test_an_item_has_exactly_one_lead_and_somebody_who_cooperates(coop: tuple[DepartmentId, ...]) -> None:
    """R-07."""
    with pytest.raises(RuleViolation) as refusal:
        made(request(coop=coop), code=CODE, plan=None, is_key_project=False, now=NOW)
    assert refusal.value.code == "item_needs_one_lead"


# ---------------------------------------------------------------- its course


def test_work_begins_when_the_plan_takes_effect_and_the_plan_is_what_holds() -> None:
    content: Content = {
        "start_on": "2026-09-22",
        "end_on": "2026-10-14",
        "informed": (("QA",),),
        "members": (("E015",),),
    }
    after = item_course.started(item(ItemState.PLANNING), plan(content), now=NOW)
    assert (after.state, after.started_at, after.plan, after.plan_version) == (
        ItemState.IN_PROGRESS,
        NOW,
        "FA-2026-0010",
        1,
    )
    assert (after.start_on, after.end_on, after.original_end_on) == (
        date(2026, 9, 22),
        date(2026, 10, 14),
        date(2026, 10, 16),
    )
    assert (after.informed, after.members) == ((QA,), ("E015",))


def test_the_end_date_that_was_planned_first_is_kept() -> None:
    """Column 12 of the ledger shows it in brackets."""
    later = item_course.replanned(item(), plan({"end_on": "2026-10-23"}, number=2))
    latest = item_course.replanned(later, plan({"end_on": "2026-10-30"}, number=3))
    assert (latest.end_on, latest.original_end_on, latest.plan_version) == (date(2026, 10, 30), date(2026, 10, 16), 3)


def test_first_in_progress_counts_once() -> None:
    """L-26: reports are owed from then on."""
    again = item_course.resumed(item(ItemState.SUSPENDED, started_at=NOW - timedelta(days=3)), reason="", now=NOW)
    assert again.started_at == NOW - timedelta(days=3)


def test_a_cooperating_department_confirms_contact_once() -> None:
    """R-31."""
    after = item_course.contacted(item(), PROD)
    assert after.contacted == (PROD,)
    for department in (PROD, RD):
        with pytest.raises(RuleViolation) as refusal:
            item_course.contacted(after, department)
        assert refusal.value.code == "contact_done"


@pytest.mark.parametrize(("resume_on", "code"), [(None, "resume_date_needed"), (TODAY, "resume_date_past")])
def test_a_suspension_says_when_it_is_expected_to_end(resume_on: date | None, code: str) -> None:
    with pytest.raises(RuleViolation) as refusal:
        item_course.suspended(item(), resume_on=resume_on, reason="等待样品到货", today=TODAY, now=NOW)
    assert refusal.value.code == code


def test_open_issues_are_closed_or_moved_before_the_end() -> None:
    """R-10, 3.3: nothing is swept away with the item."""
    with pytest.raises(RuleViolation) as refusal:
        item_course.terminated(item(), reason="目标取消了", open_issues=(Code("WT-2026-0012"),), now=NOW)
    assert (refusal.value.code, refusal.value.facts) == ("item_open_issues", {"issues": "WT-2026-0012"})


def test_a_routine_item_ends_when_lead_and_cooperating_heads_agree() -> None:
    """P-21."""
    first = item_course.end_agreed(item(), RD, by=E012, behalf=None, reason="目标取消了", now=NOW)
    assert not item_course.is_end_agreed(first)
    with pytest.raises(RuleViolation):
        item_course.end_agreed(first, RD, by=E012, behalf=None, reason="", now=NOW)
    second = item_course.end_agreed(first, PROD, by=E003, behalf=None, reason="", now=NOW)
    third = item_course.end_agreed(second, QA, by=E028, behalf=None, reason="", now=NOW)
    assert item_course.is_end_agreed(third)
    assert third.ending_reason == "目标取消了"
    assert item_course.end_refused(second).ending == ()
    with pytest.raises(RuleViolation):
        item_course.end_refused(item())


# ---------------------------------------------------------------- light and progress


def task(code: str, state: TaskState = TaskState.DOING, **more: object) -> Task:
    plain = Task(
        code=Code(code),
        title=code,
        state=state,
        department=PROD,
        owner=E003,
        lead=RD,
        due_at=NOW + timedelta(days=1),
        original_due_at=NOW,
        created_at=NOW,
    )
    return replace(plain, **more)  # type: ignore[arg-type]  # fields of the task


def issue(grade: Grade | None, state: IssueState = IssueState.EXECUTING) -> Issue:
    gradings = (Grading(grade=grade, by=E018, at=NOW, reason=""),) if grade is not None else ()
    return Issue(
        code=Code("WT-2026-0014"),
        state=state,
        title="批次不合格",
        found_by=QA,
        reporter=E028,
        filed_at=NOW,
        gradings=gradings,
    )


LATE = task("RW-2026-0031", due_at=NOW - timedelta(minutes=1))


@pytest.mark.parametrize(
    ("tasks", "issues", "end", "colour"),
    [
        ((), (), None, Colour.GREEN),
        ((), (), TODAY, Colour.GREEN),
        ((), (), TODAY - timedelta(days=1), Colour.YELLOW),
        ((LATE,), (), None, Colour.YELLOW),
        ((replace(LATE, state=TaskState.DONE_PENDING),), (), None, Colour.GREEN),
        ((replace(LATE, frozen_at=NOW),), (), None, Colour.GREEN),
        ((), (issue(Grade.GENERAL),), None, Colour.GREEN),
        ((), (issue(None, IssueState.PENDING_GRADING),), None, Colour.GREEN),
        ((), (issue(Grade.IMPORTANT),), None, Colour.YELLOW),
        ((), (issue(Grade.IMPORTANT, IssueState.CLOSED),), None, Colour.GREEN),
        ((LATE,), (issue(Grade.MAJOR),), None, Colour.RED),
        ((), (issue(Grade.MAJOR, IssueState.CLOSED),), None, Colour.GREEN),
    ],
)
def test_red_beats_yellow_beats_green(
    tasks: tuple[Task, ...], issues: tuple[Issue, ...], end: date | None, colour: Colour
) -> None:
    """R-10: what stands in the way is seen on the item."""
    assert light(item(end_on=end), tasks, issues, now=NOW, today=TODAY).colour is colour


def test_the_light_names_its_reasons() -> None:
    found = light(item(end_on=TODAY - timedelta(days=1)), (LATE,), (issue(Grade.MAJOR),), now=NOW, today=TODAY)
    assert (found.is_overdue, found.late_tasks, found.major) == (True, ("RW-2026-0031",), ("WT-2026-0014",))


@pytest.mark.parametrize("state", [ItemState.ACCEPTED, ItemState.ARCHIVED, ItemState.TERMINATED])
def test_what_is_finished_is_not_late_any_more(state: ItemState) -> None:
    assert light(item(state, end_on=date(2026, 1, 1)), (LATE,), (), now=NOW, today=TODAY).colour is Colour.GREEN


def test_progress_is_weighted_by_planned_working_days() -> None:
    """Column 14 of the ledger."""
    days = {"a": 1, "b": 3, "c": 5, "d": 0}
    tasks = (
        task("a", progress=50),
        task("b", TaskState.DONE, progress=80),
        task("c", TaskState.CANCELLED, progress=10),
        task("d", progress=0),
    )
    assert progress(tasks, days=lambda t: days[t.code]) == 70
    assert counted(tasks) == (1, 3)
    assert progress((), days=lambda _: 1) == 0


# ---------------------------------------------------------------- level and access list


@pytest.mark.parametrize(("by", "is_allowed"), [(E012, True), (E018, True), (E013, True), (E003, False), (E002, False)])
def test_creator_lead_head_and_secretary_raise_the_level(by: PersonId, is_allowed: bool) -> None:
    """2.5."""
    if is_allowed:
        assert item_secrecy.raised(item(), 1, by=by, keepers=KEEPERS).secrecy == 1
    else:
        with pytest.raises(RuleViolation) as refusal:
            item_secrecy.raised(item(), 1, by=by, keepers=KEEPERS)
        assert refusal.value.code == "no_right"


def test_a_confidential_item_gets_its_access_list() -> None:
    """2.5: creator, heads and named handlers, liaisons, secretary, leader."""
    after = item_secrecy.raised(item(members=("E015",)), 2, by=E012, keepers=KEEPERS)
    assert after.access == ("E013", "E012", "E003", "E028", "E015", "E018", "E002")
    with pytest.raises(RuleViolation) as refusal:
        item_secrecy.raised(after, 1, by=E012, keepers=KEEPERS)
    assert refusal.value.code == "level_not_higher"


def test_lead_head_and_leader_lower_the_level_together() -> None:
    """2.5, L-21."""
    secret = item_secrecy.raised(item(), 2, by=E018, keepers=KEEPERS)
    half = item_secrecy.lowering(secret, 0, by=E012, keepers=KEEPERS)
    assert (half.secrecy, half.lower_to, half.lower_agreed) == (2, 0, ("E012",))
    assert item_secrecy.lowering(half, 0, by=E012, keepers=KEEPERS).secrecy == 2
    done = item_secrecy.lowering(half, 0, by=E002, keepers=KEEPERS)
    assert (done.secrecy, done.access, done.lower_to, done.lower_agreed) == (0, (), None, ())
    other = item_secrecy.lowering(half, 1, by=E002, keepers=KEEPERS)
    assert (other.secrecy, other.lower_to, other.lower_agreed) == (2, 1, ("E002",))
    assert item_secrecy.refused_lowering(half).lower_to is None


def test_nobody_else_lowers_it() -> None:
    secret = item(secrecy=1)
    for by in (E018, E013, E003):
        with pytest.raises(RuleViolation) as refusal:
            item_secrecy.lowering(secret, 0, by=by, keepers=KEEPERS)
        assert refusal.value.code == "no_right"
    with pytest.raises(RuleViolation) as refusal:
        item_secrecy.lowering(secret, 1, by=E012, keepers=KEEPERS)
    assert refusal.value.code == "level_not_lower"


def test_readers_are_added_by_creator_and_lead_head_and_the_leader_stays() -> None:
    secret = item(secrecy=2, access=(E013, E018, E002))
    more = item_secrecy.with_reader(secret, E003, by=E012, keepers=KEEPERS)
    assert more.access == (E013, E018, E002, E003)
    assert item_secrecy.without_reader(more, E003, by=E013, keepers=KEEPERS).access == secret.access
    with pytest.raises(RuleViolation) as refusal:
        item_secrecy.with_reader(secret, E003, by=E018, keepers=KEEPERS)
    assert refusal.value.code == "no_right"
    for person, by in ((E018, E012), (E002, E002)):
        with pytest.raises(RuleViolation) as refusal:
            item_secrecy.without_reader(secret, person, by=by, keepers=KEEPERS)
        assert refusal.value.code == "leader_needed"
    assert item_secrecy.without_reader(secret, E018, by=E002, keepers=KEEPERS).access == (E013, E002)
