"""The inspector merges what came in, what was decided and what went out into one story, newest first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.playground.backstage import Look
from bot.playground.demo import OPENING
from bot.playground.inspector import LINES, PUSHES, TIMERS, folded, inspect, newest
from bot.stage_views import DoneView, TimerView, TraceRow
from tests.playground.rig import SU, X1, Rig

CALL = TraceRow(direction="out", at=OPENING, number=1, title="contact.v3.user.find_by_department", state="ok")


def test_in_one_instant_the_answer_stands_above_the_decision_above_the_event() -> None:
    event = replace(CALL, direction="in", number=9)
    done = replace(CALL, direction="done", number=2)
    assert [row.direction for row in folded([CALL, event, done])] == ["out", "done", "in"]


def test_calls_alike_become_one_line() -> None:
    calls = [replace(CALL, number=number) for number in range(9)]
    (row,) = folded(calls)
    assert (row.times, row.number) == (9, 8)


def test_what_differs_or_has_a_body_stays_apart() -> None:
    failed = replace(CALL, number=2, state="bad")
    sent = [replace(CALL, number=number, title="im.v1.message.create", has_detail=True) for number in (3, 4)]
    pushes = [replace(CALL, number=number, direction="in") for number in (5, 6)]
    assert [row.times for row in folded([CALL, failed, *sent, *pushes])] == [1] * 6


def test_a_busy_instant_hides_no_push() -> None:
    calls = [replace(CALL, number=number, title=f"call {number}") for number in range(LINES * 2)]
    pushes = [replace(CALL, direction="in", number=number) for number in range(PUSHES + 3)]
    shown = newest(folded([*calls, *pushes]))
    assert len(shown) == LINES
    assert sum(row.direction == "in" for row in shown) == PUSHES
    assert list(shown) == [row for row in folded([*calls, *pushes]) if row in shown]


def test_timers_of_the_far_future_are_counted_only() -> None:
    timers = tuple(
        TimerView(kind="digest", ref=str(day), due_at=OPENING + timedelta(days=day)) for day in range(TIMERS + 3)
    )
    inspection = inspect(Rig.make().stage, Look(timers=timers), now=OPENING)
    assert (len(inspection.timers), inspection.more_timers) == (TIMERS, 3)


async def test_what_was_done_stands_between_what_came_in_and_what_went_out(rig: Rig) -> None:
    await rig.stage.says(SU, X1, ["你好"])
    await rig.stage.settled()
    done = DoneView(number=1, at=OPENING, action="clock_started", ref="HF-1", facts=(("fact_who", "苏念初"),))
    rows = inspect(rig.stage, Look(done=(done,)), now=rig.clock.now()).rows
    assert [(row.direction, row.title, row.ref) for row in rows] == [
        ("done", "clock_started", "HF-1"),
        ("in", "im.message.receive_v1", ""),
    ]
    assert '"你好"' in rig.stage.detail(rows[1].number)
    assert rig.stage.detail(10**6) == ""
