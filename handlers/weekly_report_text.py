"""The weekly report as its reader sees it: ten sections, one line each and what has to be named (domain.md 6.2; 2.5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.domain.issue import Grade
from bot.domain.item import Item
from bot.domain.item_light import Colour
from bot.domain.response import ResponseFigures
from bot.domain.weekly_report import SAMPLE, Coloured, HeldMeeting, Reported, Share, WeeklyReport
from bot.messages import inert
from bot.routing import Context
from handlers.words import Words

#: lines of items that are not green
MOST_ITEMS = 10
LONGEST_TITLE = 30
LONGEST_SAID = 80


def render(context: Context, report: WeeklyReport, words: Words, *, title: str) -> str:
    """The whole text. `title` is the catalogue key of its first line."""
    lines = [
        words.say(title, week=report.week),
        words.say("week_range", start=words.clock_time(report.start), end=words.clock_time(report.end)),
        *_aims(report, words),
        *_items(report, words),
        words.say("week_3"),
        *(line for one in report.departments for line in _department(one, words)),
        *_issues(report, words),
        _conflicts(report, words),
        _response(context, report, words),
        _meetings(report, words),
        words.say(
            "week_8",
            count=report.documents,
            wrong=report.noncompliant,
            stale=report.stale,
            days=context.world.company.parameters.docs_stale_days,
        ),
        _exceptions(report, words),
        words.say("week_10", count=report.confidential),
    ]
    return "\n".join(lines)


def _aims(report: WeeklyReport, words: Words) -> Iterator[str]:
    aims = report.aims
    yield words.say("week_1")
    yield words.say(
        "week_1_lines",
        process=_share(aims.process, words),
        duty=aims.duty_conflicts,
        reports=_share(aims.reports, words),
        response=_share(_of(report.response), words),
        tasks=_share(aims.tasks, words),
    )


def _of(figures: ResponseFigures) -> Share:
    return Share(part=figures.on_time, whole=figures.counted)


def _share(share: Share, words: Words) -> str:
    if share.percent is None:
        return words.say("week_share_none")
    return words.say("week_share", part=share.part, whole=share.whole, percent=share.percent)


def _items(report: WeeklyReport, words: Words) -> Iterator[str]:
    lights = report.lights
    yield words.say(
        "week_2",
        green=lights.get(Colour.GREEN, 0),
        yellow=lights.get(Colour.YELLOW, 0),
        red=lights.get(Colour.RED, 0),
    )
    for one in report.coloured[:MOST_ITEMS]:
        light = words.say("week_light_red" if one.light.colour is Colour.RED else "week_light_yellow")
        facts = {"light": light, "code": one.item.code, "reason": words.listing(_reasons(one, words))}
        if one.item.secrecy:
            yield words.say("week_item_short", **facts)
        else:
            yield words.say("week_item", **facts, title=inert(one.item.title, limit=LONGEST_TITLE))


def _reasons(one: Coloured, words: Words) -> Iterator[str]:
    if one.light.major:
        yield words.say("week_reason_major", codes=words.listing(one.light.major))
    if one.light.important:
        yield words.say("week_reason_important", codes=words.listing(one.light.important))
    if one.light.late_tasks:
        yield words.say("week_reason_tasks", codes=words.listing(one.light.late_tasks))
    if one.light.is_overdue:
        yield words.say("week_reason_overdue")


def _department(one: Reported, words: Words) -> Iterator[str]:
    yield words.say(
        "week_department",
        department=words.department(one.department),
        finished=one.finished,
        open=one.open,
        late=one.late,
    )
    for item, done, problems, following in one.reports:
        yield words.say(
            "week_reported",
            code=item.code,
            done=_quoted(done, item, words),
            problems=_quoted(problems, item, words),
            next=_quoted(following, item, words),
        )
    for item in one.missing:
        yield words.say("week_not_reported", code=item.code)


def _quoted(said: str, item: Item, words: Words) -> str:
    """What a report says; of a sensitive item nothing (2.5)."""
    return words.say("week_nothing") if item.secrecy else " ".join(inert(said, limit=LONGEST_SAID).split())


def _issues(report: WeeklyReport, words: Words) -> Iterator[str]:
    still = report.issues_open
    yield words.say(
        "week_4",
        opened=report.issues_opened,
        closed=report.issues_closed,
        open=sum(still.values()),
        general=still.get(Grade.GENERAL, 0),
        important=still.get(Grade.IMPORTANT, 0),
        major=still.get(Grade.MAJOR, 0),
        ungraded=still.get(None, 0),
        overdue=report.issues_overdue,
        reopened=report.issues_reopened,
    )
    if report.oldest:
        shown = (words.say("week_oldest_one", code=i.code, days=(report.end - i.filed_at).days) for i in report.oldest)
        yield words.say("week_oldest", issues=words.listing(shown))


def _conflicts(report: WeeklyReport, words: Words) -> str:
    return words.say(
        "week_5",
        opened=report.conflicts_opened,
        settled=report.conflicts_settled,
        ruled=report.conflicts_ruled,
        open=report.conflicts_open,
    )


def _response(context: Context, report: WeeklyReport, words: Words) -> str:
    parts = [_share(_of(report.response), words)]
    for department, share in report.response_of.items():
        name = words.department(department)
        if share.whole >= SAMPLE:
            parts.append(words.say("week_6_department", department=name, share=_share(share, words)))
        elif share.whole:
            parts.append(words.say("week_6_small", department=name))
    line = words.say("week_6", response=words.listing(parts))
    sees_all = all(c.sees_all_group_messages for c in context.capabilities.values())
    return line if sees_all else line + words.say("week_visible_only")


def _meetings(report: WeeklyReport, words: Words) -> str:
    return words.say(
        "week_7",
        meetings=words.listing(_held(one, words) for one in report.held) or words.say("week_none_held"),
        minutes=_share(report.minutes_on_time, words),
        synced=len(report.synced),
        departments=len(report.departments),
    )


def _held(one: HeldMeeting, words: Words) -> str:
    key = "week_meeting_over" if one.meeting.is_overrun else "week_meeting"
    return words.say(key, kind=words.say(f"week_kind_{one.meeting.kind.value}"), minutes=one.minutes)


def _exceptions(report: WeeklyReport, words: Words) -> str:
    def named(codes: Iterable[str]) -> str:
        return words.listing(codes) or words.say("week_nothing")

    return words.say(
        "week_9",
        emergencies=named(report.emergencies),
        waived=named(report.waived),
        regraded=named(report.regraded),
        extended=named(report.extended),
        provisional=named(report.provisional),
    )
