"""Who had an object, and for how long: stretches of working time, one open one for every open deadline."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.company import read_company, sample_text
from bot.domain.calendar import Calendars
from bot.domain.holding import Held, Holding, begun, ended, held
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.obligation import Obligation, ObligationKind

BEIJING = ZoneInfo("Asia/Shanghai")
CALENDARS = Calendars(read_company(sample_text()).calendar)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BEIJING)


def count(department: DepartmentId | None, start: datetime, end: datetime) -> int:
    hours = CALENDARS.of_department(department) if department is not None else CALENDARS.company
    return hours.between(start, end)


def task(holder: str | None) -> Obligation:
    return Obligation(
        key="RW-1/任务",
        code="RW-1",
        kind=ObligationKind.TASK,
        title="",
        due_at=at("09-18 18:00"),
        opened_at=at("09-14 09:00"),
        department=DepartmentId("QA"),
        holder=PersonId(holder) if holder is not None else None,
    )


def stretch(holder: str, department: str, since: str, until: str | None = None, number: int = 0) -> Holding:
    one = begun(task(holder), number=number, department=DepartmentId(department), since=at(since))
    return one if until is None else ended(one, now=at(until), count=count)


def test_a_stretch_is_counted_in_the_hours_of_the_holders_department() -> None:
    """Night, lunch and Saturday are nobody's; production works other hours than the company."""
    assert stretch("E029", "QA", "09-14 17:00", "09-15 10:00").seconds == 2 * 3600
    assert stretch("E006", "PROD", "09-14 16:00", "09-15 10:00").seconds == 3 * 3600
    assert stretch("E029", "QA", "09-18 17:00", "09-20 10:00").seconds == 2 * 3600


def test_a_late_item_is_not_blamed_on_the_last_person_who_had_it() -> None:
    rows = [
        stretch("E004", "PROD", "09-14 08:00", "09-16 08:00"),
        stretch("E006", "PROD", "09-16 08:00", number=1),
    ]
    assert held(rows, now=at("09-16 09:00"), count=count) == (
        Held(holder=PersonId("E004"), kinds=("任务",), seconds=16 * 3600, is_open=False),
        Held(holder=PersonId("E006"), kinds=("任务",), seconds=3600, is_open=True),
    )


def test_whoever_gets_it_back_has_both_stretches() -> None:
    rows = [
        stretch("E029", "QA", "09-14 09:00", "09-14 10:00"),
        stretch("E030", "QA", "09-14 10:00", "09-14 11:00", number=1),
        stretch("E029", "QA", "09-14 11:00", number=2),
    ]
    found = held(rows, now=at("09-14 11:30"), count=count)
    assert [(one.holder, one.minutes, one.is_open) for one in found] == [("E029", 90, True), ("E030", 60, False)]


def test_begun_minutes_are_full_ones_and_a_vacant_post_is_somebody_too() -> None:
    found = held(
        [begun(task(None), number=0, department=None, since=at("09-14 09:00"))], now=at("09-14 09:00:01"), count=count
    )
    assert [(one.holder, one.minutes) for one in found] == [(None, 1)]
    assert begun(task(None), number=2, department=None, since=at("09-14 09:00")).department == "QA"


def test_a_stretch_knows_its_deadline_whatever_is_in_the_key() -> None:
    one = begun(task("E029"), number=4, department=None, since=at("09-14 09:00"))
    assert (one.key, one.deadline) == ("RW-1/任务@5", "RW-1/任务")


@given(st.lists(st.integers(0, 60 * 24 * 10), min_size=1, max_size=6))
def test_the_parts_add_up_to_the_whole(moments: list[int]) -> None:
    """However often it changes hands within one department, nothing is counted twice or lost."""
    marks = [at("09-14 09:00").fromtimestamp(at("09-14 09:00").timestamp() + m * 60, BEIJING) for m in sorted(moments)]
    rows = [
        ended(begun(task(f"E{n % 3}"), number=n, department=DepartmentId("QA"), since=start), now=end, count=count)
        for n, (start, end) in enumerate(pairwise(marks))
    ]
    whole = sum(one.seconds for one in held(rows, now=marks[-1], count=count))
    assert whole == count(DepartmentId("QA"), marks[0], marks[-1])
