"""The weekly report as its reader sees it: ten sections, in as few messages as a phone can show (domain.md 6.2, 2.5; EC-83)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.domain.issue import Grade
from bot.domain.item_light import Colour
from bot.domain.weekly_figures import SAMPLE, Coloured, HeldMeeting, Reported, Said, Share, WeeklyReport
from bot.messages import inert
from bot.routing import Context
from handlers.visible import coverage
from handlers.words import Words

#: characters of one message; a longer report goes on in the next one, never inside a line (EC-83)
LIMIT = 1800
#: lines of items that are not green
MOST_ITEMS = 10
#: numbers that one line names
MOST_CODES = 6
LONGEST_TITLE = 30
#: characters of each answer of a progress report: the first that leaves no more than `MOST_PARTS` messages, else the last
ROOMS = (80, 40, 20)
MOST_PARTS = 3

Section = list[str]


def render(context: Context, report: WeeklyReport, words: Words, *, title: str, why: str = "") -> tuple[str, ...]:
    """The report as messages. `title` is the catalogue key of its first line, `why` says for what the reader gets it."""

    tried = (_parts(_sections(context, report, words, title=title, why=why, room=room)) for room in ROOMS)
    parts: list[str] = []
    for parts in tried:
        if len(parts) <= MOST_PARTS:
            break
    return _numbered(parts, report, words)


def _sections(
    context: Context, report: WeeklyReport, words: Words, *, title: str, why: str, room: int
) -> list[Section]:
    start, end = words.stretch(report.start, report.end)
    head = [words.say(title, week=report.week), words.say("week_range", start=start, end=end)]
    said = [line for one in report.departments for line in _department(one, words, room=room)]
    shortened = [words.say("week_shortened")] if room < ROOMS[0] else []
    documents = words.say(
        "week_8",
        count=report.documents,
        wrong=report.noncompliant,
        stale=report.stale,
        days=context.world.company.parameters.docs_stale_days,
    )
    return [
        head + ([why] if why else []),
        _aims(report, words),
        list(_items(report, words)),
        [words.say("week_3"), *said, *shortened],
        list(_issues(report, words)),
        [_conflicts(report, words)],
        list(_response(context, report, words)),
        [_meetings(report, words)],
        [documents],
        [_exceptions(report, words)],
        [words.say("week_10", count=report.confidential)],
    ]


# ---------------------------------------------------------------- messages


def _parts(sections: Iterable[Section]) -> list[str]:
    """Sections side by side while there is room; one that has none is cut between its lines."""
    parts: list[Section] = [[]]
    for section in sections:
        if _length(parts[-1] + section) <= LIMIT:
            parts[-1].extend(section)
        elif _length(section) <= LIMIT:
            parts.append(section)
        else:
            _fill(parts, section)
    return ["\n".join(part) for part in parts if part]


def _fill(parts: list[Section], lines: Section) -> None:
    for line in lines:
        if _length([*parts[-1], line]) > LIMIT:
            parts.append([])
        parts[-1].append(line)


def _length(lines: Section) -> int:
    return sum(len(line) + 1 for line in lines)


def _numbered(parts: Sequence[str], report: WeeklyReport, words: Words) -> tuple[str, ...]:
    """Every message after the first says what it continues."""
    first, *others = parts
    continued = (
        words.say("week_continued", week=report.week, number=number, count=len(parts)) + "\n" + part
        for number, part in enumerate(others, start=2)
    )
    return (first, *continued)


# ---------------------------------------------------------------- sections


def _aims(report: WeeklyReport, words: Words) -> Section:
    aims, response = report.aims, report.response
    answered = Share(part=response.on_time, whole=response.counted)
    return [
        words.say("week_1"),
        words.say("week_1_process", share=_share(aims.process, words)),
        words.say("week_1_duty", count=aims.duty_conflicts),
        words.say("week_1_reports", share=_share(aims.reports, words)),
        words.say("week_1_speed", response=_share(answered, words), tasks=_share(aims.tasks, words)),
    ]


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
    yield from (_item(one, words) for one in report.coloured[:MOST_ITEMS])
    if len(report.coloured) > MOST_ITEMS:
        yield words.say("week_items_more", count=len(report.coloured) - MOST_ITEMS)


def _item(one: Coloured, words: Words) -> str:
    """Number, light and reason; of a sensitive item no title (2.5)."""
    light = words.say("week_light_red" if one.light.colour is Colour.RED else "week_light_yellow")
    facts = {"light": light, "code": one.item.code, "reason": words.listing(_reasons(one, words))}
    if one.item.secrecy:
        return words.say("week_item_short", **facts)
    return words.say("week_item", **facts, title=inert(one.item.title, limit=LONGEST_TITLE))


def _reasons(one: Coloured, words: Words) -> Iterator[str]:
    if one.light.major:
        yield words.say("week_reason_major", codes=_codes(one.light.major, words))
    if one.light.important:
        yield words.say("week_reason_important", codes=_codes(one.light.important, words))
    if one.light.late_tasks:
        yield words.say("week_reason_tasks", codes=_codes(one.light.late_tasks, words))
    if one.light.is_overdue:
        yield words.say("week_reason_overdue")


def _codes(codes: Sequence[str], words: Words) -> str:
    """Numbers in one line, with how many there are where that is more than a line has room for."""
    shown = words.listing(codes[:MOST_CODES])
    return words.say("week_codes_more", codes=shown, count=len(codes)) if len(codes) > MOST_CODES else shown


def _department(one: Reported, words: Words, *, room: int) -> Iterator[str]:
    yield words.say(
        "week_department",
        department=words.department(one.department),
        finished=one.finished,
        open=one.open,
        late=one.late,
    )
    yield from (_said(said, words, room=room) for said in one.reports)
    yield from (words.say("week_not_reported", code=item.code) for item in one.missing)
    yield from (words.say("week_not_due", code=item.code) for item in one.awaited)


def _said(said: Said, words: Words, *, room: int) -> str:
    """What a report says; of a sensitive item only that it is there (2.5)."""
    mark = words.say("week_late_mark") if said.is_late else ""
    if said.item.secrecy:
        return words.say("week_reported_short", code=said.item.code, mark=mark)
    return words.say(
        "week_reported",
        code=said.item.code,
        mark=mark,
        done=_quoted(said.done, room),
        problems=_quoted(said.problems, room),
        next=_quoted(said.next, room),
    )


def _quoted(text: str, room: int) -> str:
    """Somebody's words in one line."""
    return inert(" ".join(text.split()), limit=room)


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


def _response(context: Context, report: WeeklyReport, words: Words) -> Iterator[str]:
    """The whole, and each department that was asked; a rate of fewer than five is none."""
    figures = report.response
    whole = Share(part=figures.on_time, whole=figures.counted)
    key = "week_6" if figures.counted else "week_6_none"
    line = words.say(key, on_time=figures.on_time, late=figures.late, percent=whole.percent)
    yield line + coverage(context, words)
    shown = [_answers(words.department(d), share, words) for d, share in report.response_of.items() if share.whole]
    if shown:
        yield words.say("week_6_departments", departments=words.say("week_separator").join(shown))


def _answers(department: str, share: Share, words: Words) -> str:
    key = "week_6_department" if share.whole >= SAMPLE else "week_6_small"
    return words.say(
        key, department=department, on_time=share.part, late=share.whole - share.part, percent=share.percent
    )


def _meetings(report: WeeklyReport, words: Words) -> str:
    line = words.say(
        "week_7",
        meetings=words.listing(_held(one, words) for one in report.held) or words.say("week_none_held"),
        minutes=_share(report.minutes_on_time, words),
        synced=len(report.synced),
        departments=len(report.departments),
    )
    if not report.synced or not report.unsynced:
        return line
    return line + words.say("week_7_missing", departments=words.listing(words.department(d) for d in report.unsynced))


def _held(one: HeldMeeting, words: Words) -> str:
    key = "week_meeting_over" if one.meeting.is_overrun else "week_meeting"
    return words.say(key, kind=words.say(f"week_kind_{one.meeting.kind.value}"), minutes=one.minutes)


def _exceptions(report: WeeklyReport, words: Words) -> str:
    def named(codes: Sequence[str]) -> str:
        return _codes(codes, words) or words.say("week_nothing")

    found = report.exceptions
    return words.say(
        "week_9",
        emergencies=named(found.emergencies),
        waived=named(found.waived),
        regraded=named(found.regraded),
        extended=named(found.extended),
        provisional=named(found.provisional),
    )
