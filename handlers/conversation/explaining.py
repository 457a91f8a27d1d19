"""`/为什么`: the arithmetic of a limit: what was counted, paused and skipped, under which rule, calendar and plan (L-06, 5.2).

A reply clock is explained by the same pure function that drives its timers; a day-based limit by the days it counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.codes import CodeRef
from bot.domain.explain import Explanation, explain
from bot.domain.ids import CodeKind, DepartmentId
from bot.domain.issue import Grade
from bot.domain.meeting import MeetingKind
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.reply_clock import ClockState, ReplyClock
from bot.domain.sla import minutes_shown
from bot.domain.working_time import Segment, SegmentKind
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import matter_access, numbered
from handlers.calls import Call, Commands
from handlers.cards.clock import answerer, state_word
from handlers.clocks import clock_access, clock_cards, clocks
from handlers.lookups import find
from handlers.people import leaves
from handlers.words import Words

#: a wait over many days shows its beginning and its end
MOST_SEGMENTS = 10
#: the rule behind each kind of limit (domain.md 1, 5.9); `_rule` knows where grade or kind of meeting decide
RULES: Mapping[ObligationKind, str] = {
    ObligationKind.REVIEW: "R-74",
    ObligationKind.ASSESSMENT: "R-75",
    ObligationKind.LEADER: "R-78",
    ObligationKind.PLAN: "R-79",
    ObligationKind.COUNTERSIGN: "R-79",
    ObligationKind.TASK: "R-33",
    ObligationKind.WEEKLY_REPORT: "R-81",
    ObligationKind.GRADING: "R-93",
    ObligationKind.ISSUE: "R-95",
    ObligationKind.MEETING: "R-96",
    ObligationKind.MEDIATION: "R-86",
    ObligationKind.RULING: "R-87",
    ObligationKind.MINUTES: "R-62",
    ObligationKind.RESOLUTION: "R-70",
    ObligationKind.ACCEPTANCE: "R-84",
    ObligationKind.RECTIFICATION: "R-84",
    ObligationKind.ARCHIVE: "R-85",
    ObligationKind.NAMING: "R-50",
    ObligationKind.PROGRESS_REPORT: "R-67",
    ObligationKind.CONFIRM_LEDGER: "R-82",
    ObligationKind.CONFIRM_RESULT: "R-101",
    ObligationKind.CONFIRM_TASK: "R-33",
    ObligationKind.CLOSE_ISSUE: "R-101",
    ObligationKind.ACKNOWLEDGE: "R-97",
    ObligationKind.EXTENSION: "R-34",
    ObligationKind.ACCEPT_TASK: "R-33",
    ObligationKind.CONTACT: "R-31",
    ObligationKind.STATEMENT: "R-86",
    ObligationKind.OFFER: "R-86",
    ObligationKind.EXECUTION: "R-87",
    ObligationKind.VERIFICATION: "R-91",
    ObligationKind.VOTE: "R-84",
    ObligationKind.HANDOVER: "R-109",
    ObligationKind.CONSENT: "R-109",
    ObligationKind.SYNC: "R-53",
    ObligationKind.PROPOSAL: "R-105",
    ObligationKind.RATING: "R-35",
}
#: by what the limit carries beside its kind: the grade of an issue, the kind of a meeting
_RULES_OF_DETAIL: Mapping[tuple[ObligationKind, str], str] = {
    (ObligationKind.ISSUE, Grade.IMPORTANT.value): "R-96",
    (ObligationKind.ISSUE, Grade.MAJOR.value): "R-98",
    (ObligationKind.MEETING, MeetingKind.SPECIAL.value): "R-98",
    (ObligationKind.MEETING, Grade.MAJOR.value): "R-98",
    (ObligationKind.RESOLUTION, "draft"): "R-69",
    (ObligationKind.MINUTES, MeetingKind.ASSESSMENT.value): "R-77",
    (ObligationKind.MINUTES, MeetingKind.SYNC.value): "R-55",
    (ObligationKind.MINUTES, MeetingKind.MILESTONE.value): "R-69",
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
    if ref.kind is CodeKind.LEAVE:
        leave = find(call.context, ref, CodeKind.LEAVE, call.context.uow.leaves.get)
        if leave is None or not leaves.may_see(call.context, leave, call.person):
            raise RuleViolation("not_found_or_no_right")
        state = call.words.say(f"leave_state_{leave.state.value}")
        call.answer_privately(call.words.say("leave_shown", state=state, **leaves.describe(leave, call.words)))
        return
    found = _obligations(call.context, ref)
    if not found:
        call.answer(_without_limit(call, ref))
        return
    text = "\n".join(_obligation(call, one) for one in _once(found))
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
    return fitting[0] if matter_access.may_see(context, fitting[0][0].code) else []


def _once(found: Sequence[Obligation]) -> list[Obligation]:
    """Slots of one round have one limit, which is explained once."""
    return list({(one.kind, one.due_at, one.counted_from): one for one in reversed(found)}.values())[::-1]


def _without_limit(call: Call, ref: CodeRef) -> str:
    """Something that nobody has to do anything about. Raises `not_found_or_no_right` for what is missing or hidden."""
    kinds = [ref.kind] if ref.kind is not None else []
    for kind in kinds:
        thing = find(call.context, ref, kind, lambda code: numbered.load(call.context, code))
        if thing is not None and matter_access.may_see(call.context, thing.code):
            return call.words.say("why_no_limit", code=thing.code)
    raise RuleViolation("not_found_or_no_right")


def _of_kind(context: Context, ref: CodeRef, kind: CodeKind) -> list[Obligation]:
    def get(code: str) -> list[Obligation] | None:
        return context.uow.obligations.find(code=code) or None

    return find(context, ref, kind, get) or []


def _rule(one: Obligation) -> str:
    return _RULES_OF_DETAIL.get((one.kind, one.detail), RULES[one.kind])


def _obligation(call: Call, one: Obligation) -> str:
    words, calendars = call.words, call.context.world.calendars
    kind = words.say(f"kind_{one.kind.name.lower()}")
    # of what is sensitive the number alone stands in a preview (EC-74)
    title = inert(one.title, limit=30) if not one.secrecy else ""
    lines = [
        words.say("why_limit_head", code=one.code, title=title, kind=kind, rule=_rule(one)),
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
