"""Open deadlines at work: announced once, followed by holders, calendars and the objects' own dates (EC-09, EC-19, EC-20, EC-21)."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.happened import DeadlinePassed
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.request import Request, RequestState
from bot.domain.timers import TimerKind
from bot.ports import UnitOfWork
from bot.routing import Context
from handlers.company import calendar_changes
from handlers.deadlines import deadlines, holdings
from handlers.world import stored_calendar
from tests.handlers.bench import Bench
from tests.handlers.shown import BEIJING

K = ObligationKind


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BEIJING)


@pytest.fixture
def passed(bench: Bench) -> list[Obligation]:
    """What was announced as passed."""
    seen: list[Obligation] = []
    bench.router.when(DeadlinePassed, lambda _, event: seen.append(event.obligation))
    return seen


def owed(code: str, due: str, *, kind: K = K.REVIEW, slot: str = "", **changes: object) -> Obligation:
    given: dict[str, object] = {"title": "事项", "holder": PersonId("E029"), "department": DepartmentId("QA")}
    return Obligation(
        key=Obligation.key_for(code, kind, slot), code=code, kind=kind, due_at=at(due), opened_at=at("09-11 10:00"), **(given | changes)  # type: ignore[arg-type]
    )  # fmt: skip


def settles(bench: Bench, code: str, *wanted: Obligation) -> None:
    bench.within(lambda context: deadlines.settle(context, code, wanted))


def limits(bench: Bench, code: str) -> list[Obligation]:
    return bench.read(lambda uow: uow.obligations.find(code=code))


# ---------------------------------------------------------------- passing


def test_a_limit_is_announced_once_at_its_instant_also_when_nobody_is_told(
    bench: Bench, passed: list[Obligation]
) -> None:
    settles(bench, "XX-1", owed("XX-1", "09-14 20:00"), owed("XX-1", "09-14 21:00", kind=K.SYNC))
    bench.until("19:59:59")
    assert not [one for one in passed if one.code == "XX-1"]
    bench.until("20:00")
    assert [one.kind for one in passed if one.code == "XX-1"] == [K.REVIEW]
    bench.until("09-17 12:00")
    assert [one.kind for one in passed if one.code == "XX-1"] == [K.REVIEW, K.SYNC]
    assert {one.passed_at for one in limits(bench, "XX-1")} == {at("09-14 20:00"), at("09-14 21:00")}


def test_another_date_is_another_limit_and_is_announced_again(bench: Bench, passed: list[Obligation]) -> None:
    settles(bench, "XX-1", owed("XX-1", "09-14 10:00"))
    bench.until("11:00")
    settles(bench, "XX-1", owed("XX-1", "09-15 10:00"))
    [one] = limits(bench, "XX-1")
    assert one.passed_at is None
    bench.until("09-15 10:00")
    assert [one.due_at for one in passed if one.code == "XX-1"] == [at("09-14 10:00"), at("09-15 10:00")]


def test_what_is_settled_in_time_is_never_announced(bench: Bench, passed: list[Obligation]) -> None:
    settles(bench, "XX-1", owed("XX-1", "09-14 10:00"))
    bench.until("09:59")
    settles(bench, "XX-1")
    bench.until("09-16 10:00")
    assert not [one for one in passed if one.code == "XX-1"]
    timers = bench.read(lambda uow: uow.timers.of("XX-1/审核"))
    assert timers == []


def test_ec_19_what_passed_during_downtime_keeps_its_true_time(bench: Bench, passed: list[Obligation]) -> None:
    settles(bench, "XX-1", owed("XX-1", "09-14 10:00"))
    bench.jumps(hours=30)
    [one] = [one for one in passed if one.code == "XX-1"]
    assert (one.passed_at, one.due_at) == (at("09-14 10:00"), at("09-14 10:00"))


def test_a_family_that_keeps_the_date_only_does_not_lose_how_it_was_counted(bench: Bench) -> None:
    counted = owed("XX-1", "09-15 18:00", counted_from=at("09-14 09:55"), workdays=1)
    settles(bench, "XX-1", counted)
    settles(bench, "XX-1", replace(counted, counted_from=None, workdays=0, title="另一个标题"))
    [one] = limits(bench, "XX-1")
    assert (one.title, one.counted_from, one.workdays) == ("另一个标题", at("09-14 09:55"), 1)


# ---------------------------------------------------------------- holders


def the_stretches(bench: Bench, code: str) -> list[tuple[str | None, bool]]:
    rows = bench.read(lambda uow: sorted(uow.holdings.find(item=code), key=lambda h: h.key))
    return [(row.holder, row.until is None) for row in rows]


def test_stretches_follow_the_holder(bench: Bench) -> None:
    settles(bench, "XX-1", owed("XX-1", "09-18 18:00"))
    bench.until("10:00")
    settles(bench, "XX-1", owed("XX-1", "09-18 18:00", holder=PersonId("E030")))
    bench.until("11:30")
    settles(bench, "XX-1")
    assert the_stretches(bench, "XX-1") == [("E029", False), ("E030", False)]
    found = bench.within(lambda context: holdings.held(context, "XX-1"))
    assert [(one.holder, one.minutes) for one in found] == [("E029", 7 * 60 + 30), ("E030", 90)]


def test_what_comes_back_gets_a_stretch_of_its_own(bench: Bench) -> None:
    for _ in range(3):
        settles(bench, "XX-1", owed("XX-1", "09-18 18:00"))
        settles(bench, "XX-1")
    assert the_stretches(bench, "XX-1") == [("E029", False)] * 3


def test_ec_09_whoever_takes_over_from_a_leaver_holds_from_then_on(bench: Bench) -> None:
    settles(bench, "XX-1", owed("XX-1", "09-18 18:00"))
    bench.until("12:00")
    [one] = limits(bench, "XX-1")
    bench.within(lambda context: deadlines.hand_over(context, one, PersonId("E030")))
    assert the_stretches(bench, "XX-1") == [("E029", False), ("E030", True)]
    [after] = limits(bench, "XX-1")
    assert (after.holder, after.due_at) == ("E030", one.due_at)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_at_any_time_each_open_deadline_has_exactly_one_open_stretch(bench: Bench, seed: int) -> None:
    """Whatever happens, in whatever order: opened, passed on, moved, ended, a person leaves."""
    chance = random.Random(seed)
    people = ["E029", "E030", "E006", "E013", None]
    for _ in range(40):
        code = f"XX-{chance.randrange(3)}"
        wanted = [
            owed(code, f"09-{chance.randrange(15, 19)} 18:00", kind=kind, slot=slot, holder=chance.choice(people))
            for kind in (K.REVIEW, K.TASK)
            for slot in ("", "A")
            if chance.random() < 0.5
        ]
        settles(bench, code, *wanted)
        bench.advance(minutes=chance.randrange(0, 600))
        open_keys = sorted(bench.read(lambda uow: [one.key for one in uow.obligations.find()]))
        open_stretches = sorted(bench.read(lambda uow: [h.deadline for h in uow.holdings.find(state="open")]))
        assert open_stretches == open_keys
        holders = bench.read(lambda uow: {one.key: one.holder for one in uow.obligations.find()})
        assert holders == bench.read(lambda uow: {h.deadline: h.holder for h in uow.holdings.find(state="open")})


def test_the_seeds_of_a_company_have_their_stretches_from_the_beginning(bench: Bench) -> None:
    open_keys = bench.read(lambda uow: {one.key for one in uow.obligations.find()})
    assert bench.read(lambda uow: {h.deadline for h in uow.holdings.find(state="open")}) >= open_keys


# ---------------------------------------------------------------- a calendar that changes


def a_request(bench: Bench) -> None:
    """A request in review that carries a copy of its limit."""

    def work(context: Context) -> None:
        limit = deadlines.limit_workdays(context, 1)
        request = Request(
            code=Code("XQ-2026-0090"),
            state=RequestState.IN_REVIEW,
            lead=DepartmentId("RD"),
            coop=(DepartmentId("QA"),),
            created_by=PersonId("E013"),
            created_at=context.now,
            due_at=limit.due_at,
        )
        context.uow.requests.add(request)
        wanted = deadlines.owed(
            context, request.code, K.REVIEW, limit, title="", holder=PersonId("E028"), department=DepartmentId("QA")
        )
        deadlines.settle(context, request.code, [wanted])

    bench.within(work)


def the_request(bench: Bench) -> Request:
    found = bench.read(lambda uow: uow.requests.get("XQ-2026-0090"))
    assert found is not None
    return found


def test_ec_20_a_closure_moves_the_limit_the_objects_copy_and_the_timer_alike(
    bench: Bench, passed: list[Obligation]
) -> None:
    bench.until("10:00")
    a_request(bench)
    assert the_request(bench).due_at == at("09-15 18:00")
    bench.says("许安然", "日历 停工 明天 停电检修")
    bench.says("许安然", "日历 确认")
    [one] = limits(bench, "XQ-2026-0090")
    assert one.due_at == at("09-16 18:00") == the_request(bench).due_at
    bench.until("09-15 19:00")
    assert not [one for one in passed if one.code == "XQ-2026-0090"]
    bench.until("09-16 18:00")
    assert [one.due_at for one in passed if one.code == "XQ-2026-0090"] == [at("09-16 18:00")]
    bench.forget()
    bench.says("尹若谷", "为什么 XQ-90")
    bench.expects_message(to="尹若谷", contains=["XQ-2026-0090", "R-74", "停电检修"])


def test_ec_21_taking_a_day_back_makes_nobody_late(bench: Bench) -> None:
    """The Wednesday is closed and opened again on the evening when the limit would have been."""
    bench.until("10:00")
    bench.says("许安然", "日历 停工 09-15 停电检修")
    bench.says("许安然", "日历 确认")
    a_request(bench)
    assert the_request(bench).due_at == at("09-16 18:00")
    bench.until("09-15 19:00")

    def reopen(context: Context) -> None:
        calendar_changes.put(context, replace(stored_calendar(context.uow), overrides=()), action="calendar_restored")

    bench.within(reopen)
    [one] = limits(bench, "XQ-2026-0090")
    assert one.due_at == the_request(bench).due_at == at("09-16 18:00"), "at least the end of the next working day"


def test_every_timer_stands_at_the_next_step_and_none_is_left_behind(bench: Bench) -> None:
    settles(bench, "XX-1", owed("XX-1", "09-15 18:00"))

    def due_of(uow: UnitOfWork) -> list[datetime]:
        return [t.due_at for t in uow.timers.of("XX-1/审核") if t.kind is TimerKind.DEADLINE]

    assert bench.read(due_of) == [at("09-15 14:00")]
    bench.until("09-15 14:00")
    assert bench.read(due_of) == [at("09-15 18:00")]
    bench.until("09-15 18:00")
    assert bench.read(due_of) == [at("09-16 09:00")]
    settles(bench, "XX-1")
    assert bench.read(due_of) == []
    assert bench.now - at("09-15 18:00") == timedelta(0)
