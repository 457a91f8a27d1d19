"""What the secretary and the administrators are told on working days until it is put right (domain.md 2.1, 5.3 item 4; EC-11, EC-52, EC-56).

Next year's calendar that is missing, departments without liaison or head, posts that nobody fills.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time

from bot.domain.directory import Role
from bot.domain.ids import DepartmentId
from bot.domain.timers import Timer, TimerKind
from bot.routing import Context
from handlers import effects
from handlers.company import coverage
from handlers.deadlines import recurring
from handlers.words import Words, words_for

DAILY = "calendar"
HOUR = time(9)


def arm(context: Context) -> None:
    """See to it that the check has its timer."""
    recurring.arm(context, TimerKind.CALENDAR_CHECK, DAILY, recurring.next_working_time(context, HOUR))


def move(context: Context) -> None:
    """The calendar changed."""
    recurring.move(context, TimerKind.CALENDAR_CHECK, DAILY, recurring.next_working_time(context, HOUR))


def on_timer(context: Context, _timer: Timer) -> None:
    """One message a person a day with everything that is missing; none when nothing is."""
    arm(context)
    day = context.world.calendars.local(context.now).date()
    if not context.world.calendars.is_workday(day):
        return
    secretary = effects.secretary(context)
    readers = {p.id: p for p in (*effects.administrators(context), *([secretary] if secretary is not None else []))}
    for person in readers.values():
        if coverage.is_told(context, person.id):
            continue
        words = words_for(context, person)
        is_secretary = secretary is not None and person.id == secretary.id
        lines = [*calendar_lines(context, words), *(vacancy_lines(context, words) if is_secretary else [])]
        if lines:
            text = "\n".join([words.say("daily_check_head"), *lines])
            effects.tell(context, person, effects.text(text), key=f"daily:{day.isoformat()}:{person.id}", is_owed=True)


def calendar_lines(context: Context, words: Words) -> list[str]:
    """The year whose official notice is missing (5.3 item 4)."""
    calendars = context.world.calendars
    year = calendars.missing_year(calendars.local(context.now).date())
    return [words.say("calendar_missing", year=year)] if year is not None else []


def vacancy_lines(context: Context, words: Words) -> list[str]:
    """Posts that nobody fills, with what happens meanwhile."""
    posts = context.world.posts
    lines: list[str] = []
    if posts.leader() is None:
        lines.append(words.say("vacancy_leader"))
    if not context.world.directory.holders(Role.SECRETARY):
        lines.append(words.say("vacancy_secretary"))
    if posts.headless():
        lines.append(words.say("vacancy_heads", departments=_listed(posts.headless(), words)))
    if posts.vacancies():
        lines.append(words.say("vacancy_line", departments=_listed(posts.vacancies(), words)))
    return lines


def _listed(departments: Iterable[DepartmentId], words: Words) -> str:
    return words.listing(words.department(d) for d in departments)
