"""Ended matters go three years later, with all that belongs to them, and nothing else goes (domain.md 2.5, R-113, EC-77)."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.draft import FormDraft
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.issue import IssueState
from bot.domain.item import ItemState
from bot.ports import UnitOfWork
from handlers.ledgers import old_matters, retention
from tests.handlers.bench import Bench

X1, EXPO = "SX-2026-0007", "SX-2026-0008"
FOUR_YEARS = timedelta(days=4 * 366)
KINDS = (
    "items",
    "requests",
    "plans",
    "tasks",
    "reports",
    "acceptances",
    "issues",
    "conflicts",
    "meetings",
    "minutes",
    "resolutions",
    "documents",
    "ratings",
    "holdings",
    "cards",
)


@pytest.fixture
def monday(bench: Bench) -> Bench:
    """Monday noon: the week's reports are asked for, cards stand in chats, people hold deadlines."""
    bench.within(bench.wired.arm_recurring)
    bench.until("12:00")
    bench.says("苏念初", "验收 SX-8")
    bench.forget()
    return bench


def ages(bench: Bench, by: timedelta = FOUR_YEARS) -> None:
    """Everything is older than it is."""

    def older(entity: Any) -> Any:
        at = {f.name: getattr(entity, f.name) for f in fields(entity)}
        return replace(entity, **{name: v - by for name, v in at.items() if isinstance(v, datetime)})

    def work(uow: UnitOfWork) -> None:
        for kind in KINDS:
            for entity in getattr(uow, kind).find():
                getattr(uow, kind).put(older(entity))

    bench.transact(work)


def ends(bench: Bench, code: str) -> None:
    """The item was terminated."""

    def work(uow: UnitOfWork) -> None:
        item = uow.items.get(code)
        assert item is not None
        uow.items.put(replace(item, state=ItemState.TERMINATED))

    bench.transact(work)


def owes_nothing(bench: Bench, code: str) -> None:
    """Nobody owes anything for the item any more, nor for what belongs to it."""

    def work(uow: UnitOfWork) -> None:
        for one in uow.obligations.find():
            if one.item == code or code in one.key:
                uow.obligations.remove(one.key)

    bench.transact(work)


def everything(bench: Bench) -> dict[str, set[str]]:
    """What is kept, by kind."""

    def work(uow: UnitOfWork) -> dict[str, set[str]]:
        return {kind: {str(getattr(one, "key", "") or one.code) for one in getattr(uow, kind).find()} for kind in KINDS}

    return bench.read(work)


def night(bench: Bench) -> None:
    """The nightly run."""
    bench.within(lambda context: retention.on_timer(context, context.uow.timers.of("retention")[0]))


def test_r_113_ec_77_an_item_goes_with_all_that_belongs_to_it_and_the_others_stay(monday: Bench) -> None:
    ages(monday)
    ends(monday, EXPO)
    owes_nothing(monday, EXPO)
    before, trail = everything(monday), len(monday.audit())
    night(monday)
    after = everything(monday)
    gone = {kind: before[kind] - after[kind] for kind in KINDS}
    assert gone["items"] == {EXPO}
    assert gone["tasks"] == {"RW-2026-0034", "RW-2026-0035"}
    assert gone["issues"] == {"WT-2026-0011"}
    assert gone["reports"] == {f"JB-2026-W38-{EXPO}"}
    assert all("0007" not in key for key in gone["cards"] | gone["holdings"])
    assert any(EXPO in key for key in gone["cards"])
    assert any("RW-2026-0034" in key for key in gone["holdings"])
    assert len(monday.audit()) == trail, "the trail stays"
    night(monday)
    assert everything(monday) == after
    monday.says("苏念初", "事项 SX-8")
    monday.expects_message(to="苏念初", contains="未找到该编号，或您无权查看。")


def test_what_somebody_still_owes_keeps_the_whole_item(monday: Bench) -> None:
    ages(monday)
    ends(monday, EXPO)
    before = everything(monday)
    night(monday)
    assert everything(monday) == before


def test_what_is_open_stays_however_old_and_what_ended_lately_too(monday: Bench) -> None:
    ends(monday, EXPO)
    for code in (X1, EXPO):
        owes_nothing(monday, code)
    before = everything(monday)
    night(monday)
    assert everything(monday) == before, "it ended today"
    ages(monday)
    night(monday)
    assert before["items"] - everything(monday)["items"] == {EXPO}


def test_an_issue_of_no_item_goes_alone(monday: Bench) -> None:
    old = datetime(2021, 1, 4, tzinfo=UTC)

    def work(uow: UnitOfWork) -> None:
        issue = uow.issues.get("WT-2026-0011")
        assert issue is not None
        for number, state in enumerate((IssueState.CLOSED, IssueState.NEGOTIATING), start=1):
            uow.issues.add(
                replace(
                    issue,
                    code=Code(f"WT-2021-000{number}"),
                    item=None,
                    state=state,
                    filed_at=old,
                    due_at=old,
                    lead=DepartmentId("SALES"),
                    version=0,
                )
            )

    monday.transact(work)
    before = everything(monday)
    night(monday)
    assert before["issues"] - everything(monday)["issues"] == {"WT-2021-0001"}


def test_more_than_a_run_takes_is_left_for_the_next(monday: Bench) -> None:
    """No transaction grows with the age of the program."""
    old = datetime(2021, 1, 4, tzinfo=UTC)

    def work(uow: UnitOfWork) -> None:
        [issue] = uow.issues.find()
        for number in range(old_matters.LIMIT + 1):
            code = Code(f"WT-2021-{number + 1:04}")
            closed = replace(issue, code=code, item=None, state=IssueState.CLOSED, version=0)
            uow.issues.add(replace(closed, filed_at=old, due_at=old))

    monday.transact(work)
    night(monday)
    assert len(monday.read(lambda uow: uow.issues.find(state="closed"))) == 1
    [timer] = monday.read(lambda uow: uow.timers.of("retention"))
    assert timer.due_at - monday.clock.now() == retention.SOON
    night(monday)
    assert monday.read(lambda uow: uow.issues.find(state="closed")) == []


def test_a_form_that_was_begun_and_left_goes_with_the_excerpts(monday: Bench) -> None:
    def work(uow: UnitOfWork) -> None:
        for name, days in (("old", 181), ("new", 179)):
            at = monday.clock.now() - timedelta(days=days)
            uow.form_drafts.add(
                FormDraft(key=name, person=PersonId("E009"), form="issue", content={"title": "机密"}, updated_at=at)
            )

    monday.transact(work)
    night(monday)
    kept = {draft.key for draft in monday.read(lambda uow: uow.form_drafts.find(person="E009"))}
    assert "new" in kept
    assert "old" not in kept
