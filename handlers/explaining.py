"""`/为什么`: the arithmetic of a limit: what was counted, paused and skipped, under which rule, calendar and plan (L-06, 5.2).

A reply clock is explained by the same pure function that drives its timers; a day-based limit by the days it counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.domain.action import Action
from bot.domain.codes import CodeRef
from bot.domain.explain import Explanation, explain
from bot.domain.ids import CodeKind, DepartmentId
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.relation import Relation, of_item
from bot.domain.reply_clock import ClockState, ReplyClock
from bot.domain.sla import minutes_shown
from bot.domain.working_time import Segment, SegmentKind
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import clock_access, clock_cards, clocks
from handlers.access import allows
from handlers.calls import Call, Commands
from handlers.cards.clock import answerer, state_word
from handlers.lookups import find
from handlers.words import Words

#: a wait over many days shows its beginning and its end
MOST_SEGMENTS = 10
#: the rule behind each kind of limit that exists now (domain.md 1, 5.9)
RULES = {
    ObligationKind.TASK: "R-33",
    ObligationKind.ISSUE: "R-95",
    ObligationKind.MINUTES: "R-62",
}
_SENTENCES = {
    SegmentKind.COUNTED: "why_counted",
    SegmentKind.BREAK: "why_break",
    SegmentKind.NIGHT: "why_night",
    SegmentKind.DAY_OFF: "why_day_off",
}


def answer_commands(commands: Commands) -> None:
    """Put the command on the table."""
    commands.on("why", on_why)


def on_why(call: Call) -> None:
    """Explain the limit of any number that has one. What is missing and what is hidden read the same (EC-73)."""
    ref = call.command.codes[0]
    if ref.kind in (None, CodeKind.CLOCK):
        clock = find(call.context, ref, CodeKind.CLOCK, call.context.uow.clocks.get)
        if clock is not None and clock_access.may_see(call.context, clock):
            call.answer(_clock(call, clock))
            return
    found = _obligations(call.context, ref)
    if not found:
        raise RuleViolation("not_found_or_no_right")
    text = "\n".join(_obligation(call, one) for one in found)
    if any(one.secrecy for one in found):
        call.answer_privately(text)
    else:
        call.answer(text)


# ---------------------------------------------------------------- reply clocks


def _clock(call: Call, clock: ReplyClock) -> str:
    context, words = call.context, call.words
    if clock_cards.UNSENT in clock.flags:
        return words.say("why_unsent", code=clock.code, assignee=words.name(clock.acting))
    calendars = context.world.calendars
    told = explain(clock, hours=clocks.hours_of(context, clock), now=context.now, provisional=calendars.is_provisional)
    return "\n".join(_lines(context, clock, told, words))


def _lines(context: Context, clock: ReplyClock, told: Explanation, words: Words) -> Iterator[str]:
    state = state_word(context, clock, words)
    yield words.say("why_head", code=told.code, state=state, rule=told.rule, limit=told.limit_minutes)
    yield words.say("why_from", start=words.time(told.started_at), due=words.time(told.due_at))
    yield from _segments(told.segments, clock.department, words)
    yield words.say("why_sum", minutes=minutes_shown(told.counted_seconds), verdict=_verdict(clock, words))
    if clock.answered_at is not None:
        yield words.say("why_answered", name=answerer(clock, words), time=words.time(clock.answered_at))
    if clock.state is ClockState.WAIVED:
        yield words.say("why_waived", name=_who_waived(context, clock, words), reason=clock.reason)
    if told.extended_to is not None:
        yield words.say("why_extended", due=words.time(told.extended_to))
    elif told.ends_at_closing:
        yield words.say("why_ends_at_closing", due=words.time(told.due_at))
    if told.calendar_changed and told.judged_seconds is not None:
        yield words.say("why_judged", minutes=minutes_shown(told.judged_seconds), calendar=told.calendar_version)
    if told.is_provisional:
        yield words.provisional(told.due_at)
    yield words.say("why_calendar", calendar=told.calendar_version, plan=told.plan_version)


def _verdict(clock: ReplyClock, words: Words) -> str:
    match clock.state:
        case ClockState.ANSWERED_IN_TIME:
            return words.say("why_in_time")
        case ClockState.ANSWERED_LATE | ClockState.BREACHED:
            return words.say("why_late")
        case ClockState.RUNNING | ClockState.CANCELLED | ClockState.WAIVED:
            return ""


def _who_waived(context: Context, clock: ReplyClock, words: Words) -> str:
    records = (row.record for row in reversed(context.uow.audit.of(clock.code)) if row.record.action == "clock_waived")
    actor = next((record.actor for record in records), "")
    person = next((p for p in context.world.directory.people if p.id == actor), None)
    return words.name(person.id if person is not None else None)


def _segments(segments: Sequence[Segment], department: DepartmentId, words: Words) -> Iterator[str]:
    """Every stretch with its minutes; rounded so that what is shown adds up to the sum that is shown (L-06)."""
    shown = list(zip(segments, _rounded(segments), strict=True))
    half = MOST_SEGMENTS // 2
    for index, (segment, minutes) in enumerate(shown):
        if len(shown) > MOST_SEGMENTS and half <= index < len(shown) - half:
            if index == half:
                left_out = shown[half : len(shown) - half]
                counted = sum(m for s, m in left_out if s.kind is SegmentKind.COUNTED)
                yield words.say("why_more", count=len(left_out), minutes=counted)
            continue
        start, end = words.stretch(segment.start, segment.end)
        yield words.say(
            _SENTENCES[segment.kind],
            minutes=minutes,
            start=start,
            end=end,
            name=_paused(segment, department, words),
        )


def _paused(segment: Segment, department: DepartmentId, words: Words) -> str:
    """What the time was off for, with the name of whoever closed it by command (P-64)."""
    calendars = words.context.world.calendars
    first, last = calendars.local(segment.start).date(), calendars.local(segment.end - timedelta(seconds=1)).date()
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    found = (calendars.override_on(day, department) for day in days)
    people = dict.fromkeys(o.by for o in found if o is not None and o.by is not None and o.name in segment.name)
    if segment.kind is not SegmentKind.DAY_OFF or not people:
        return words.day_name(segment.name)
    return words.say(
        "why_closed_by", name=words.day_name(segment.name), who=words.listing(words.name(p) for p in people)
    )


def _rounded(segments: Sequence[Segment]) -> list[int]:
    """Minutes of each stretch: of the counted ones the running total is rounded up, so that the parts make the whole."""
    total, before, minutes = 0, 0, []
    for segment in segments:
        if segment.kind is SegmentKind.COUNTED:
            total += segment.seconds
        minutes.append(minutes_shown(total) - before)
        before = minutes_shown(total)
    return minutes


# ---------------------------------------------------------------- other limits


def _obligations(context: Context, ref: CodeRef) -> list[Obligation]:
    """The open limits behind a number that the person may see; a number that fits several kinds fits none."""
    kinds = [ref.kind] if ref.kind is not None else [kind for kind in CodeKind if kind is not CodeKind.CLOCK]
    fitting = [found for kind in kinds if (found := _of_kind(context, ref, kind))]
    if len(fitting) != 1:
        return []
    return [one for one in fitting[0] if _may_see(context, one)]


def _of_kind(context: Context, ref: CodeRef, kind: CodeKind) -> list[Obligation]:
    def get(code: str) -> list[Obligation] | None:
        return context.uow.obligations.find(code=code) or None

    return find(context, ref, kind, get) or []


def _may_see(context: Context, one: Obligation) -> bool:
    item = context.uow.items.get(one.item) if one.item else None
    relation = of_item(item) if item is not None else Relation()
    holder = frozenset({one.holder} if one.holder is not None else ())
    mine = Relation(
        department=one.department,
        lead=relation.lead or one.department,
        coop=relation.coop | frozenset({one.department} if one.department is not None else ()),
        owners=holder,
        assigned=holder,
        members=relation.members,
        secrecy=max(one.secrecy, relation.secrecy),
        access=relation.access,
    )
    return allows(context, Action.EXPLAIN, mine)


def _obligation(call: Call, one: Obligation) -> str:
    words, calendars = call.words, call.context.world.calendars
    kind = words.say(f"kind_{one.kind.name.lower()}")
    title = inert(one.title, limit=30) if not one.secrecy or call.is_private else ""
    lines = [
        words.say("why_limit_head", code=one.code, title=title, kind=kind, rule=RULES.get(one.kind, "—")),
        words.say("why_limit_due", due=words.due(one.due_at)),
    ]
    if one.counted_from is not None and one.minutes:
        lines.append(words.say("why_limit_minutes", start=words.time(one.counted_from), minutes=one.minutes))
    elif one.counted_from is not None and one.workdays:
        lines.extend(_counted_days(call.context, one.counted_from, one.due_at, one.workdays, words))
    else:
        lines.append(words.say("why_limit_fixed"))
    version = calendars.data.version
    lines.append(words.say("why_calendar", calendar=version, plan=call.context.world.company.plan.version))
    return "\n".join(lines)


def _counted_days(context: Context, start: datetime, due_at: datetime, workdays: int, words: Words) -> Iterator[str]:
    """The days from the trigger, which is not counted, to the limit: which of them worked, which did not (5.2)."""
    calendars = context.world.calendars
    first, last = calendars.local(start).date(), calendars.local(due_at).date()
    days = [first + timedelta(days=n) for n in range(1, min((last - first).days, 60) + 1)]
    counted = [day for day in days if calendars.is_workday(day)]
    skipped = [day for day in days if not calendars.is_workday(day)]
    yield words.say("why_limit_days", start=words.time(start), days=workdays)
    yield words.say("why_days_counted", days=words.listing(words.day(day) for day in counted))
    if skipped:
        named = (
            words.say("why_day_skipped", day=words.day(day), name=words.day_name(calendars.day_name(day)))
            for day in skipped
        )
        yield words.say("why_days_skipped", days=words.listing(named))
