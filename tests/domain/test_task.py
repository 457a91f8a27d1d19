"""Rules of tasks (domain.md 3.4): the whole table, progress, evidence, confirmation, later dates, owners, suspension, plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.calendars import build_calendars
from bot.company import read_company, sample_text
from bot.domain import task_extension, task_owner, task_terms, task_work
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.machine import Machine
from bot.domain.task import MACHINE, OPEN, Extension, Task, TaskAct, TaskState
from bot.domain.task_terms import Planned
from bot.errors import RuleViolation

SHANGHAI = ZoneInfo("Asia/Shanghai")
PROD, QA = DepartmentId("PROD"), DepartmentId("QA")
OWNER, OTHER, LIAISON, HEAD = PersonId("E006"), PersonId("E007"), PersonId("E013"), PersonId("E012")
CALENDARS = build_calendars(read_company(sample_text()).calendar)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


DUE = at("09-16T17:00")


def a_task(state: TaskState = TaskState.DOING, **changes: object) -> Task:
    made = Task(
        code=Code("RW-2026-0031"),
        title="首件试制",
        state=state,
        department=PROD,
        owner=OWNER,
        lead=DepartmentId("RD"),
        due_at=DUE,
        original_due_at=DUE,
        created_at=at("09-01T09:00"),
        progress=40,
    )
    if state in {TaskState.DONE_PENDING, TaskState.DONE}:
        made = replace(made, done_at=at("09-16T16:00"), done_by=OWNER, progress=100, progress_before=40)
    return replace(made, **changes)  # type: ignore[arg-type]


def refused(code: str, act: object, *args: object, **facts: object) -> RuleViolation:
    with pytest.raises(RuleViolation) as caught:
        act(*args, **facts)  # type: ignore[operator]
    assert caught.value.code == code
    return caught.value


# ---------------------------------------------------------------- the table

#: act -> states in which 3.4 has a line for it
LINES = {
    TaskAct.START: "todo",
    TaskAct.REPORT: "todo doing",
    TaskAct.BLOCK: "todo doing",
    TaskAct.UNBLOCK: "blocked",
    TaskAct.MARK_DONE: "todo doing blocked",
    TaskAct.CONFIRM: "done_pending",
    TaskAct.SEND_BACK: "done_pending",
    **dict.fromkeys(
        (
            TaskAct.ASK_EXTENSION,
            TaskAct.GRANT_EXTENSION,
            TaskAct.REFUSE_EXTENSION,
            TaskAct.REASSIGN,
            TaskAct.ACCEPT,
            TaskAct.RETURN,
            TaskAct.FREEZE,
            TaskAct.THAW,
            TaskAct.REVISE,
            TaskAct.CANCEL,
        ),
        "todo doing blocked done_pending",
    ),
}
PAIRS = [(state, act) for state in TaskState for act in TaskAct]


@pytest.mark.parametrize(("state", "act"), PAIRS, ids=lambda part: part.value)
def test_exactly_the_lines_of_the_table_are_possible(state: TaskState, act: TaskAct) -> None:
    """R-33: the product of states and acts against 3.4."""
    assert MACHINE.allows(state, act) == (state.value in LINES[act].split())


def deeds() -> dict[TaskAct, object]:
    asked = replace(a_task(), extensions=(a_request(),))
    return {
        TaskAct.START: lambda t: task_work.started(t, at=DUE),
        TaskAct.REPORT: lambda t: task_work.reported(t, percent=50, note="", is_reasoned=True, at=DUE),
        TaskAct.BLOCK: lambda t: task_work.blocked(t, reason="没有料", at=DUE),
        TaskAct.UNBLOCK: lambda t: task_work.unblocked(t, at=DUE),
        TaskAct.MARK_DONE: lambda t: task_work.marked_done(t, evidence="好了", by=OWNER, at=DUE),
        TaskAct.CONFIRM: lambda t: task_work.confirmed(t, by=LIAISON, now=DUE),
        TaskAct.SEND_BACK: lambda t: task_work.sent_back(t, reason="没有记录"),
        TaskAct.ASK_EXTENSION: lambda t: ask(t),
        TaskAct.GRANT_EXTENSION: lambda t: task_extension.granted(
            replace(t, extensions=asked.extensions), by=LIAISON, now=DUE
        ),
        TaskAct.REFUSE_EXTENSION: lambda t: task_extension.refused(replace(t, extensions=asked.extensions), now=DUE),
        TaskAct.REASSIGN: lambda t: task_owner.reassigned(t, to=OTHER, is_member=True, now=DUE),
        TaskAct.ACCEPT: lambda t: task_owner.accepted(replace(t, is_offered=True)),
        TaskAct.RETURN: lambda t: task_owner.returned(replace(t, is_offered=True), reason="不归我", back_to=OTHER),
        TaskAct.FREEZE: lambda t: task_terms.frozen(t, at=DUE),
        TaskAct.THAW: lambda t: task_terms.thawed(t, calendars=CALENDARS, suspended=DUE, now=DUE),
        TaskAct.CANCEL: lambda t: task_terms.cancelled(t, reason="终止"),
    }


@pytest.mark.parametrize(("state", "act"), PAIRS, ids=lambda part: part.value)
def test_an_act_leads_where_the_table_says_and_elsewhere_is_refused(state: TaskState, act: TaskAct) -> None:
    deed = deeds().get(act)
    if deed is None:
        return
    task = a_task(state)
    if not MACHINE.allows(state, act):
        assert refused("stale_card", deed, task).facts["state"] == f"task_state_{state.value}"
    else:
        assert deed(task).state in MACHINE.table[state, act]  # type: ignore[operator]


def test_the_table_is_a_table() -> None:
    assert isinstance(MACHINE, Machine)
    assert not {act for state in (TaskState.DONE, TaskState.CANCELLED) for act in MACHINE.acts(state)}


# ---------------------------------------------------------------- progress


@pytest.mark.parametrize(
    ("state", "before", "percent", "after"),
    [
        (TaskState.TODO, 0, 0, TaskState.TODO),
        (TaskState.TODO, 0, 1, TaskState.DOING),
        (TaskState.TODO, 0, None, TaskState.TODO),
        (TaskState.DOING, 40, 40, TaskState.DOING),
        (TaskState.DOING, 40, 100, TaskState.DOING),
    ],
)
def test_progress_begins_the_work(state: TaskState, before: int, percent: int | None, after: TaskState) -> None:
    """R-34: how execution goes."""
    task = a_task(state, progress=before)
    said = task_work.reported(task, percent=percent, note="装夹完成", is_reasoned=False, at=DUE)
    assert (said.state, said.progress, said.reported_at) == (after, percent if percent is not None else before, DUE)


def test_ec_89_a_fall_of_the_percentage_needs_a_reason_and_stays_visible() -> None:
    task = a_task(progress=90)
    facts = refused(
        "drop_needs_reason", task_work.reported, task, percent=10, note="错", is_reasoned=False, at=DUE
    ).facts
    assert facts == {"before": 90, "after": 10}
    fallen = task_work.reported(task, percent=10, note="首件报废，重新开模", is_reasoned=True, at=DUE)
    assert (fallen.progress, fallen.dropped_from, fallen.note) == (10, 90, "首件报废，重新开模")


@pytest.mark.parametrize(
    ("percent", "note", "code"),
    [
        (101, "", "percent_range"),
        (-1, "", "percent_range"),
        (None, "", "progress_empty"),
        (50, "长" * 501, "note_too_long"),
    ],
)
def test_what_is_no_progress_is_refused(percent: int | None, note: str, code: str) -> None:
    refused(code, task_work.reported, a_task(), percent=percent, note=note, is_reasoned=True, at=DUE)


def test_a_note_of_five_hundred_characters_is_kept_as_it_was_written() -> None:
    note = "=" + "长" * 499
    assert task_work.reported(a_task(), percent=50, note=note, is_reasoned=True, at=DUE).note == note


# ---------------------------------------------------------------- done and confirmed


def test_done_wants_evidence() -> None:
    refused("evidence_required", task_work.marked_done, a_task(), evidence="", by=OWNER, at=DUE)


@pytest.mark.parametrize(
    ("done_at", "is_late"),
    [
        (DUE - timedelta(seconds=1), False),
        (DUE, False),
        (DUE + timedelta(milliseconds=900), False),
        (DUE + timedelta(seconds=1), True),
    ],
)
def test_ec_87_lateness_is_judged_by_when_it_was_done_not_when_it_was_confirmed(
    done_at: datetime, is_late: bool
) -> None:
    done = task_work.marked_done(a_task(), evidence="合格", by=OWNER, at=done_at)
    confirmed = task_work.confirmed(done, by=LIAISON, now=DUE + timedelta(days=9))
    assert (confirmed.state, confirmed.is_late) == (TaskState.DONE, is_late)


def test_ec_88_what_was_not_done_is_sent_back_and_its_moment_is_cleared() -> None:
    done = task_work.marked_done(a_task(), evidence="合格", by=OWNER, at=DUE)
    back = task_work.sent_back(done, reason="没有检验记录")
    assert (back.state, back.done_at, back.done_by, back.progress) == (TaskState.DOING, None, None, 40)
    assert (back.sent_back, back.reason) == (1, "没有检验记录")
    again = task_work.marked_done(back, evidence="附检验记录", by=OWNER, at=DUE + timedelta(hours=1))
    assert again.is_late


def test_while_the_item_is_suspended_only_a_confirmation_is_possible() -> None:
    frozen = task_terms.frozen(a_task(), at=DUE)
    refused("task_frozen", task_work.reported, frozen, percent=50, note="", is_reasoned=True, at=DUE)
    refused("task_frozen", ask, frozen)
    pending = task_terms.frozen(a_task(TaskState.DONE_PENDING), at=DUE)
    assert task_work.confirmed(pending, by=LIAISON, now=DUE).state is TaskState.DONE


# ---------------------------------------------------------------- later dates

LATER, BEFORE = at("09-18T18:00"), at("09-16T16:59")


def a_request() -> Extension:
    return Extension(asked_by=OWNER, asked_at=at("09-15T10:00"), due_at=LATER, reason="来料晚到两天")


def ask(task: Task, *, due_at: datetime = LATER, when: datetime = BEFORE, latest: datetime | None = None) -> Task:
    return task_extension.asked(task, due_at=due_at, reason="来料晚到两天", by=OWNER, at=when, latest=latest)


def test_a_granted_date_counts_and_the_original_one_is_kept() -> None:
    asked = ask(a_task())
    assert (asked.due_at, asked.asked is not None) == (DUE, True)
    granted = task_extension.granted(asked, by=LIAISON, now=at("09-16T17:30"))
    assert (granted.due_at, granted.original_due_at, granted.granted, granted.asked) == (LATER, DUE, 1, None)


def test_a_refused_date_changes_nothing() -> None:
    refused_one = task_extension.refused(ask(a_task()), now=DUE)
    assert (refused_one.due_at, refused_one.granted, refused_one.asked) == (DUE, 0, None)


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("extension_too_late", {"when": DUE}),
        ("extension_too_late", {"when": DUE + timedelta(seconds=1)}),
        ("extension_not_later", {"due_at": DUE}),
        ("extension_beyond", {"latest": at("09-17T18:00")}),
    ],
)
def test_a_later_date_has_its_guards(code: str, facts: dict[str, datetime]) -> None:
    """3.4: before the due time, later than it, inside the plan's end date."""
    refused(code, ask, a_task(), **facts)


def test_one_request_waits_at_a_time() -> None:
    refused("extension_pending", ask, ask(a_task()))
    refused("no_extension_asked", task_extension.granted, a_task(), by=LIAISON, now=DUE)


def test_ec_94_asked_again_and_again_the_third_one_is_for_the_lead_head() -> None:
    task = a_task()
    for n in range(2):
        assert not task_extension.needs_head(task)
        due = LATER + timedelta(days=n)
        asked = ask(task, due_at=due, when=task.due_at - timedelta(minutes=1))
        task = task_extension.granted(asked, by=LIAISON, now=DUE)
    assert task_extension.needs_head(task)
    assert (task.granted, task.original_due_at) == (2, DUE)


def test_a_request_that_nobody_decided_falls_away_with_the_confirmation() -> None:
    done = task_work.marked_done(ask(a_task()), evidence="好了", by=OWNER, at=DUE)
    assert done.asked is not None
    assert task_work.confirmed(done, by=LIAISON, now=DUE).asked is None


# ---------------------------------------------------------------- owners


def test_a_new_owner_accepts_or_gives_it_back() -> None:
    offered = task_owner.reassigned(a_task(), to=OTHER, is_member=True, now=DUE)
    assert (offered.owner, offered.previous_owner, offered.is_offered, offered.due_at) == (OTHER, OWNER, True, DUE)
    accepted = task_owner.accepted(offered)
    assert (accepted.owner, accepted.is_offered, accepted.previous_owner) == (OTHER, False, None)
    back = task_owner.returned(offered, reason="不归我管", back_to=offered.previous_owner)
    assert (back.owner, back.is_offered) == (OWNER, False)


def test_a_refused_action_waits_for_the_secretary() -> None:
    """3.10: owner refuses within one working day; the secretary decides."""
    refused_one = task_owner.returned(a_task(TaskState.TODO, is_offered=True), reason="不归我管", back_to=None)
    assert (refused_one.owner, refused_one.refused_reason, refused_one.state) == (OWNER, "不归我管", TaskState.TODO)
    handed = task_owner.reassigned(refused_one, to=OTHER, is_member=True, now=DUE)
    assert (handed.refused_reason, handed.previous_owner) == ("", None)


def test_whoever_works_on_an_offered_task_has_accepted_it() -> None:
    offered = a_task(TaskState.TODO, is_offered=True)
    assert not task_work.reported(offered, percent=10, note="", is_reasoned=True, at=DUE).is_offered


def test_a_task_stays_in_its_department() -> None:
    refused("task_other_department", task_owner.reassigned, a_task(), to=OTHER, is_member=False, now=DUE)
    refused("task_same_owner", task_owner.reassigned, a_task(), to=OWNER, is_member=True, now=DUE)
    refused("task_not_offered", task_owner.accepted, a_task())


def test_a_new_handler_of_a_confidential_task_stands_on_its_list() -> None:
    task = a_task(secrecy=2, access=(OWNER, HEAD))
    assert task_owner.reassigned(task, to=OTHER, is_member=True, now=DUE).access == (OWNER, HEAD, OTHER)


# ---------------------------------------------------------------- item and plan


@pytest.mark.parametrize(
    ("due", "suspended", "resumed", "after"),
    [
        # Monday counted, Wednesday not: two working days
        ("09-16T17:00", "09-14T10:00", "09-16T09:00", "09-18T17:00"),
        # the make-up Sunday is a working day, the Saturday is none
        ("09-18T18:00", "09-17T10:00", "09-18T09:00", "09-20T18:00"),
        # Mid-Autumn is skipped
        ("09-24T18:00", "09-23T10:00", "09-24T09:00", "09-28T18:00"),
        ("09-16T17:00", "09-14T10:00", "09-14T16:00", "09-16T17:00"),
    ],
)
def test_l_18_a_suspension_moves_dates_by_the_working_days_it_cost(
    due: str, suspended: str, resumed: str, after: str
) -> None:
    """L-18: from the day of suspension (counted) to the day of resumption (not counted)."""
    frozen = task_terms.frozen(a_task(due_at=at(due), original_due_at=at(due)), at=at(suspended))
    thawed = task_terms.thawed(frozen, calendars=CALENDARS, suspended=at(suspended), now=at(resumed))
    assert (thawed.due_at, thawed.original_due_at, thawed.frozen_at) == (at(after), at(after), None)


def test_what_was_done_before_the_suspension_keeps_its_date() -> None:
    frozen = task_terms.frozen(a_task(TaskState.DONE_PENDING), at=DUE)
    assert task_terms.thawed(frozen, calendars=CALENDARS, suspended=DUE, now=at("09-20T09:00")).due_at == DUE


def line(title: str = "首件试制", *, due: date | None = None, owner: PersonId | None = OWNER) -> Planned:
    return Planned(title=title, department=PROD, owner=owner, due_on=due)


def revise(task: Task, before: list[Planned], after: list[Planned]) -> Task | None:
    return task_terms.revised(task, before=before, after=after, calendars=CALENDARS)


def test_another_version_of_the_plan_adjusts_open_tasks() -> None:
    """3.2: tasks adjusted, closed tasks untouched."""
    old = line(due=date(2026, 9, 16))
    moved = revise(a_task(), [old], [line(due=date(2026, 9, 18))])
    assert moved is not None
    assert (moved.due_at, moved.original_due_at, moved.state) == (LATER, LATER, TaskState.DOING)
    gone = revise(a_task(), [old], [line("别的任务")])
    assert gone is not None
    assert gone.state is TaskState.CANCELLED
    handed = revise(a_task(), [old], [line(due=date(2026, 9, 16), owner=OTHER)])
    assert handed is not None
    assert handed.owner == OTHER


def test_a_version_that_repeats_the_date_does_not_undo_an_extension() -> None:
    old = line(due=date(2026, 9, 16))
    assert revise(a_task(due_at=LATER), [old], [old]) is None


def test_titles_are_the_same_task_whatever_their_spaces() -> None:
    assert revise(a_task(), [], [line("首件 试制", due=date(2026, 9, 16))]) is None


@pytest.mark.parametrize("state", [s for s in TaskState if s not in OPEN] + [TaskState.DONE_PENDING])
def test_what_is_done_is_not_touched_by_another_version(state: TaskState) -> None:
    assert revise(a_task(state), [], []) is None
