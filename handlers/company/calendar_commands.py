"""`/日历`: is a date worked and when; and the company's own closures, working days and windows (L-15, P-64; EC-20, EC-21).

A change is shown first, with every open deadline that would move, and done when the same person confirms it within five
minutes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

import msgspec

from bot.domain.action import Action
from bot.domain.calendar import CalendarData, Calendars, Override, OverrideKind
from bot.domain.calendar_change import with_overrides
from bot.domain.directory import Department
from bot.domain.folding import Folded, fold, folded
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.moments import Moment, read_moments
from bot.domain.records import Question
from bot.domain.timers import TimerKind
from bot.domain.wall_time import Windows, hours_of
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context, Router
from handlers.access import require
from handlers.calls import Call, Commands
from handlers.company import calendar_changes, daily_check
from handlers.conversation import undo
from handlers.conversation.misread import misread
from handlers.world import CALENDAR, stored_calendar

#: how long a change waits for its confirmation
PATIENCE = timedelta(minutes=5)
#: more days than this are no single decision
MOST_DAYS = 31
#: of a question about several days, how many are listed
MOST_SHOWN = 10
LONGEST_NAME = 30
_WINDOW = re.compile(r"(\d{1,2}:\d\d)\s{0,2}[-–—~至到]\s{0,2}(\d{1,2}:\d\d)")
_VERB = re.compile(
    r"\s*(停工|放假|上班|时段|恢复|确认|取消|closure|closed|workday|hours|restore|confirm|cancel)(?![a-z])\s*"
)
_KINDS = {
    "停工": OverrideKind.CLOSURE,
    "放假": OverrideKind.CLOSURE,
    "closure": OverrideKind.CLOSURE,
    "closed": OverrideKind.CLOSURE,
    "上班": OverrideKind.WORKDAY,
    "workday": OverrideKind.WORKDAY,
    "时段": OverrideKind.WINDOWS,
    "hours": OverrideKind.WINDOWS,
}
_KIND_TEXTS = {
    OverrideKind.CLOSURE: "calendar_closure",
    OverrideKind.WORKDAY: "calendar_workday",
    OverrideKind.WINDOWS: "calendar_windows",
}
_CONFIRM, _CANCEL = frozenset({"确认", "confirm"}), frozenset({"取消", "cancel"})

arm_check = daily_check.arm


def register(router: Router) -> None:
    """Put the daily look at the calendar on the table."""
    router.timer(TimerKind.CALENDAR_CHECK, daily_check.on_timer)


def answer_commands(commands: Commands) -> None:
    """Put the command on the table."""
    commands.on("calendar", on_calendar)


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A change that waits for its confirmation: the overrides as they would be, made from this state of the calendar."""

    overrides: tuple[Override, ...]
    days: tuple[date, ...]
    what: str
    based_on: int


def on_calendar(call: Call) -> None:
    """A question about a date, or a step of a change."""
    text = fold(call.command.words)
    verb = _VERB.match(text.text)
    if verb is None:
        _show(call)
        return
    word, rest = verb.group(1), fold(text.cut(verb.end())) if verb.end() < len(text.text) else fold("")
    if word in _CONFIRM:
        _confirm(call)
    elif word in _CANCEL:
        call.say("calendar_dropped" if drop(call.context, call.person.id) else "calendar_nothing_pending")
    else:
        _propose(call, word, rest)


# ---------------------------------------------------------------- what a date is


def _show(call: Call) -> None:
    calendars = call.context.world.calendars
    moments = _moments(call, call.command.words)
    day = moments[0].day if moments else calendars.local(call.context.now).date()
    _check_known(call, day)
    if len(moments) == 2 and day < moments[1].day:
        _show_days(call, day, moments[1].day)
        return
    department = _department(call)
    lines = [day_line(call, calendars, day)]
    own = department or call.context.world.directory.department(call.person.department)
    if own is not None and calendars.windows_on(day, own.id) != calendars.windows_on(day):
        lines.append(_own_line(call, calendars, day, own))
    lines.append(call.words.say("calendar_next", date=call.words.day(calendars.next_workday(day))))
    if calendars.is_provisional(day):
        lines.append(call.words.say("calendar_provisional", year=day.year))
    call.answer("\n".join(lines))


def _show_days(call: Call, first: date, last: date) -> None:
    """Several days, one a line, as many as a phone shows."""
    _check_known(call, last)
    calendars = call.context.world.calendars
    shown = [first + timedelta(days=n) for n in range(min((last - first).days + 1, MOST_SHOWN))]
    lines = [day_line(call, calendars, day) for day in shown]
    if shown[-1] < last:
        lines.append(call.words.say("calendar_until", last=call.words.day(shown[-1])))
    call.answer("\n".join(lines))


def day_line(call: Call, calendars: Calendars, day: date) -> str:
    """Worked in these windows, or off, and why."""
    plan = calendars.plan(day)
    name = call.words.say("calendar_named", name=call.words.day_name(plan.name)) if plan.name else ""
    if plan.is_workday:
        windows = windows_text(call, plan.windows)
        return call.words.say("calendar_working", date=call.words.day(day), name=name, windows=windows)
    return call.words.say("calendar_off", date=call.words.day(day), name=name)


def _own_line(call: Call, calendars: Calendars, day: date, department: Department) -> str:
    windows = calendars.windows_on(day, department.id)
    shown = windows_text(call, windows) if windows else call.words.say("calendar_day_off")
    return call.words.say("calendar_department", department=department.short or department.name, windows=shown)


def windows_text(call: Call, windows: Windows) -> str:
    """`09:00-12:00、13:30-18:00`."""
    return call.words.listing(f"{opens}-{_closing(call, opens, closes)}" for opens, closes in windows)


def _closing(call: Call, opens: str, closes: str) -> str:
    """A window that crosses midnight says so (L-13)."""
    return closes if closes > opens else call.words.say("calendar_next_day", time=closes)


def _moments(call: Call, text: str) -> tuple[Moment, ...]:
    reading = read_moments(text, now=call.context.now, days=call.context.world.calendars)
    if reading.impossible or (text.strip() and not reading.moments):
        raise misread(call.words, "date", reading.impossible[0] if reading.impossible else text, verb="calendar")
    return reading.moments


def _check_known(call: Call, day: date) -> None:
    data = call.context.world.calendars.data
    if not data.first_year <= day.year <= data.last_year:
        raise RuleViolation("calendar_too_far", {"first": data.first_year, "last": data.last_year})


def _department(call: Call) -> Department | None:
    name = call.command.pairs.get("部门", "")
    if not name:
        return None
    found = call.context.world.directory.department_named(name) or call.context.world.directory.department_named(
        name.removesuffix("部")
    )
    if found is None:
        raise misread(call.words, "department", name, verb="calendar_department")
    return found


# ---------------------------------------------------------------- proposing a change


@dataclass(frozen=True, slots=True)
class _Given:
    days: tuple[date, ...]
    windows: Windows
    name: str


def _propose(call: Call, word: str, rest: Folded) -> None:
    """Show what the change would move, and wait for the confirmation."""
    require(call.context, Action.EDIT_CALENDAR)
    given, department = _read(call, rest, verb=word), _department(call)
    where = department.id if department is not None else None
    data = stored_calendar(call.context.uow)
    kind = _KINDS.get(word)
    if kind is OverrideKind.WINDOWS and not given.windows:
        raise misread(call.words, "time", rest.original or word, verb="calendar_windows")
    changed = (
        _with(data, kind, given, where, by=call.person.id) if kind is not None else _without(data, given.days, where)
    )
    if changed.overrides == data.overrides:
        raise RuleViolation("calendar_nothing_changes")
    what = _what(call, kind, given, department)
    found = calendar_changes.survey(call.context, call.context.world.calendars, Calendars(changed))
    if found.blind:
        raise RuleViolation("no_working_time")
    wanted = Wanted(
        overrides=changed.overrides,
        days=given.days,
        what=what,
        based_on=call.context.uow.revision(CALENDAR),
    )
    _keep(call, wanted)
    lines = [
        call.words.say(
            "calendar_preview" if found.moved else "calendar_preview_none",
            date=_days_text(call, given.days),
            what=what,
            count=len(found.moved),
        ),
        *(line.shown(call.words) for line in calendar_changes.table(call.context, found)),
        call.words.say("calendar_confirm"),
    ]
    call.answer_privately("\n".join(lines))


def _read(call: Call, rest: Folded, *, verb: str) -> _Given:
    """The days, the windows and the name behind the word."""
    windows = tuple((m.group(1), m.group(2)) for m in _WINDOW.finditer(rest.text))
    try:
        hours_of(windows)
    except ValueError:
        raise misread(call.words, "time", rest.original, verb="calendar_windows") from None
    kept: list[str] = []
    at = 0
    for match in _WINDOW.finditer(rest.text):
        kept.append(rest.cut(at, match.start()))
        at = match.end()
    kept.append(rest.cut(at) if at < len(rest.text) else "")
    reading = read_moments(" ".join(kept), now=call.context.now, days=call.context.world.calendars)
    if reading.impossible or not 1 <= len(reading.moments) <= 2:
        raise misread(call.words, "date", (reading.impossible or (rest.original or verb,))[0], verb=_example(verb))
    first, last = reading.moments[0].day, reading.moments[-1].day
    if not 0 <= (last - first).days < MOST_DAYS:
        raise misread(call.words, "date", rest.original, verb=_example(verb))
    days = tuple(first + timedelta(days=i) for i in range((last - first).days + 1))
    for day in days:
        _check_known(call, day)
    return _Given(days, windows, inert(reading.rest.strip(" ,，、;；"), limit=LONGEST_NAME))


def _example(verb: str) -> str:
    """The example that fits the word of the change."""
    return "calendar_windows" if _KINDS.get(verb) is OverrideKind.WINDOWS else "calendar_change"


def _with(
    data: CalendarData, kind: OverrideKind, given: _Given, department: DepartmentId | None, *, by: PersonId
) -> CalendarData:
    overrides = (
        Override(date=day, kind=kind, name=given.name, windows=given.windows, department=department, by=by)
        for day in given.days
    )
    return with_overrides(data, overrides)


def _without(data: CalendarData, days: tuple[date, ...], department: DepartmentId | None) -> CalendarData:
    kept = tuple(o for o in data.overrides if o.date not in days or o.department != department)
    return replace(data, overrides=kept)


def _what(call: Call, kind: OverrideKind | None, given: _Given, department: Department | None) -> str:
    windows = windows_text(call, given.windows)
    what = call.words.say("calendar_as_before") if kind is None else call.words.say(_KIND_TEXTS[kind], windows=windows)
    if windows and kind is not OverrideKind.WINDOWS:
        what = f"{what} {windows}"
    name = call.words.say("calendar_named", name=given.name) if given.name else ""
    whose = f"{department.short or department.name} " if department is not None else ""
    return f"{whose}{what}{name}"


def _days_text(call: Call, days: tuple[date, ...]) -> str:
    if len(days) == 1:
        return call.words.day(days[0])
    return call.words.say("calendar_days", first=call.words.day(days[0]), last=call.words.day(days[-1]))


# ---------------------------------------------------------------- confirming


def _confirm(call: Call) -> None:
    """Do what was shown, unless the calendar is another one by now."""
    require(call.context, Action.EDIT_CALENDAR)
    wanted = _waiting(call)
    if wanted is None:
        raise RuleViolation("calendar_nothing_pending")
    _forget(call.context, call.person.id)
    if wanted.based_on != call.context.uow.revision(CALENDAR):
        raise RuleViolation("calendar_overtaken")
    before = calendar_changes.written_overrides(call.context)
    data = replace(stored_calendar(call.context.uow), overrides=wanted.overrides)
    found = calendar_changes.put(call.context, data, action="calendar_changed", reason=wanted.what)
    setting = call.context.uow.settings.get("calendar")
    if setting is not None:
        undo.remember(
            call.context,
            call.person.id,
            action="calendar",
            ref="calendar",
            ref_version=setting.version,
            facts={"overrides": before},
        )
    facts = {"date": _days_text(call, wanted.days), "what": wanted.what}
    calendar_changes.tell_secretary(
        call.context, found, key="calendar_changed_by", facts={**facts, "name": call.person.name}, besides=call.person
    )
    lines = [
        call.words.say("calendar_changed" if found.moved else "calendar_changed_none", **facts, count=len(found.moved)),
        *(line.shown(call.words) for line in calendar_changes.table(call.context, found)),
    ]
    call.answer_privately("\n".join(lines))


def _key(person: PersonId) -> str:
    return f"calendar:{person}"


def _keep(call: Call, wanted: Wanted) -> None:
    _forget(call.context, call.person.id)
    call.context.uow.questions.add(
        Question(
            key=_key(call.person.id),
            person=call.person.id,
            chat=call.message.chat,
            command="calendar",
            given=msgspec.json.encode(wanted).decode(),
            asked_for=folded("确认"),
            expires_at=call.context.now + PATIENCE,
        )
    )


def _waiting(call: Call) -> Wanted | None:
    question = call.context.uow.questions.get(_key(call.person.id))
    if question is None or call.context.now >= question.expires_at:
        return None
    return msgspec.json.decode(question.given, type=Wanted)


def drop(context: Context, person: PersonId) -> bool:
    """Give up the change that waits for this person's confirmation; False when there is none."""
    question = context.uow.questions.get(_key(person))
    _forget(context, person)
    return question is not None and context.now < question.expires_at


def _forget(context: Context, person: PersonId) -> None:
    context.uow.questions.remove(_key(person))
