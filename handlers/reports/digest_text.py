"""The digest as text, for one reader (domain.md 6.1; L-21): eight sections, details of at most five lines, 1800 characters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.domain.confidentiality import Place, may_read, title_shown
from bot.domain.digest import DecisionKind, Digest, Happening, MajorIssue, Waiting
from bot.domain.directory import Person
from bot.domain.ids import PersonId
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.relation import Relation
from bot.domain.response import ResponseFigures
from bot.domain.roles import actor_of
from bot.messages import inert
from bot.routing import Context
from handlers.words import Words

#: the whole digest is at most this long (6.1)
LIMIT = 1800
#: detail lines under a section
LINES = 5
#: grades of new issues as they are called, in their order; anything else is not graded yet
GRADES = ("一般问题", "重要问题", "重大问题")


def render(
    context: Context,
    digest: Digest,
    reader: Person,
    words: Words,
    *,
    late: datetime | None = None,
    note: str = "",
    is_now: bool = False,
    comment: str = "",
) -> str:
    """The digest as text, for one reader; titles of sensitive matters only for those who may read them (L-21).

    `comment` is the secretary's line at its end, which is never cut.
    """
    ending = f"\n{comment}" if comment else ""
    lines = [*_head(digest, words, late, note, is_now)]
    if digest.is_quiet:
        lines.append(words.say("digest_quiet"))
        return "\n".join(lines) + ending
    lines.extend(_decisions(digest, words, is_leader=_is_leader(context, reader)))
    lines.extend(_major(digest, words, is_leader=_is_leader(context, reader)))
    lines.extend(_deadlines(context, digest, reader, words))
    lines.append(_progress(digest, words))
    lines.extend(_response(context, digest.response, words))
    lines.append(
        words.say(
            "digest_6",
            held=digest.meetings_held,
            today=digest.meetings_today,
            overdue=digest.records_overdue,
        )
    )
    lines.append(
        words.say(
            "digest_7",
            naming=digest.naming_open,
            missing=digest.reports_missing,
            vacancies=digest.vacancies,
            groups=digest.groups_noncompliant,
        )
    )
    if digest.confidential_open:
        lines.append(words.say("digest_8", count=digest.confidential_open))
    else:
        lines.append(words.say("digest_8_none"))
    return _cut(lines, digest, words, limit=LIMIT - len(ending)) + ending


def _head(digest: Digest, words: Words, late: datetime | None, note: str, is_now: bool) -> Iterable[str]:
    local = digest.cutoff.astimezone(words.zone)
    yield words.say("digest_title", date=local.date().isoformat(), weekday=words.say(f"weekday_{local.weekday()}"))
    yield words.say("digest_window", start=_short(digest.window_from, words), end=_short(digest.cutoff, words))
    if late is not None:
        yield words.say("digest_late", due=_short(late, words))
    if is_now:
        yield words.say("digest_now", now=_short(digest.cutoff, words))
    if note:
        yield note


def _short(at: datetime, words: Words) -> str:
    return f"{at.astimezone(words.zone):%m-%d %H:%M}"


def _due(at: datetime | None, words: Words) -> str:
    """A limit, marked where its year has no official calendar yet (L-16)."""
    if at is None:
        return "-"
    is_provisional = words.context.world.calendars.is_provisional(at)
    return _short(at, words) + (words.say("provisional_mark") if is_provisional else "")


def _is_leader(context: Context, reader: Person) -> bool:
    """Level-1 titles are shown in the leader's own digest and in no other (L-21)."""
    return reader.id == context.world.posts.leader_post()


def _shown(title: str, secrecy: int, words: Words, *, is_leader: bool) -> str:
    """The title in its marks where it may stand, else what it is."""
    if not title.strip():
        return words.say("digest_title_none")
    place = Place.LEADERS_DIGEST if is_leader else Place.DIGEST
    shown = inert(title_shown(title, secrecy=secrecy, place=place, may_read=is_leader), limit=50)
    return words.say("digest_title_marks", title=shown) if shown else words.say("digest_title_withheld")


def _decisions(digest: Digest, words: Words, *, is_leader: bool) -> Iterable[str]:
    waiting = {kind: digest.waiting.get(kind, 0) for kind in DecisionKind}
    yield words.say(
        "digest_1",
        total=sum(waiting.values()),
        request=waiting[DecisionKind.REQUEST],
        resolution=waiting[DecisionKind.RESOLUTION],
        conflict=waiting[DecisionKind.CONFLICT],
        major=waiting[DecisionKind.MAJOR_ISSUE],
        plan=waiting[DecisionKind.PLAN_CHANGE],
        proposal=waiting[DecisionKind.PROPOSAL],
    )
    for line in digest.waiting_lines:
        yield _waiting_line(line, words, is_leader=is_leader)


def _waiting_line(line: Waiting, words: Words, *, is_leader: bool) -> str:
    return words.say(
        f"digest_1_line_{line.kind.value}",
        code=line.code,
        title=_shown(line.title, line.secrecy, words, is_leader=is_leader),
        since=_short(line.since, words),
        due=_due(line.due_at, words),
    )


def _major(digest: Digest, words: Words, *, is_leader: bool) -> Iterable[str]:
    yield words.say("digest_2", count=len(digest.major))
    for issue in digest.major[:LINES]:
        yield _major_line(issue, words, is_leader=is_leader)


def _major_line(issue: MajorIssue, words: Words, *, is_leader: bool) -> str:
    return words.say(
        "digest_2_line",
        code=issue.code,
        title=_shown(issue.title, issue.secrecy, words, is_leader=is_leader),
        owner=issue.owner,
        due=_due(issue.due_at, words),
        days=issue.days_open,
    )


def _deadlines(context: Context, digest: Digest, reader: Person, words: Words) -> Iterable[str]:
    yield words.say(
        "digest_3", overdue=_by_kind(digest.overdue.items(), words), soon=_by_kind(digest.due_soon.items(), words)
    )
    for obligation in digest.overdue_lines:
        yield _overdue_line(context, obligation, digest.cutoff, reader, words)


def _by_kind(counts: Iterable[tuple[ObligationKind, int]], words: Words) -> str:
    counted = list(counts)
    total = sum(count for _, count in counted)
    if not total:
        return "0"
    kinds = words.say("digest_kinds_separator").join(
        words.say("digest_kind", kind=kind_word(kind, words), count=count) for kind, count in counted
    )
    return words.say("digest_kinds", count=total, kinds=kinds)


def kind_word(kind: ObligationKind, words: Words) -> str:
    """What a kind of deadline is called."""
    return words.say(f"kind_{kind.name.lower()}")


def _overdue_line(context: Context, obligation: Obligation, cutoff: datetime, reader: Person, words: Words) -> str:
    title = _title(context, obligation, reader)
    facts = {
        "code": obligation.code,
        "due": _due(obligation.due_at, words),
        "over": words.span(cutoff - obligation.due_at),
    }
    if not title:
        return words.say("digest_3_line_untitled", kind=kind_word(obligation.kind, words), **facts)
    return words.say("digest_3_line", title=title, **facts)


def _title(context: Context, obligation: Obligation, reader: Person) -> str:
    """The title as this reader may see it; empty where there is none or it is withheld."""
    if not obligation.secrecy:
        return inert(obligation.title, limit=50)
    actor = actor_of(reader.id, directory=context.world.directory, posts=context.world.posts)
    owners = frozenset({obligation.holder}) if obligation.holder is not None else frozenset[PersonId]()
    relation = Relation(department=obligation.department, secrecy=obligation.secrecy, owners=owners)
    is_leader = reader.id == context.world.posts.leader_post()
    readable = actor is not None and is_leader and may_read(actor, relation)
    place = Place.LEADERS_DIGEST if is_leader else Place.DIGEST
    return inert(title_shown(obligation.title, secrecy=obligation.secrecy, place=place, may_read=readable), limit=50)


def _progress(digest: Digest, words: Words) -> str:
    happened = digest.progress
    return words.say(
        "digest_4",
        requests=happened[Happening.REQUEST_NEW],
        approved=happened[Happening.REQUEST_APPROVED],
        started=happened[Happening.ITEM_STARTED],
        on_time=happened[Happening.TASK_ON_TIME],
        late=happened[Happening.TASK_LATE],
        issues=_issues(digest, words),
        closed=happened[Happening.ISSUE_CLOSED],
        conflicts=_conflicts(digest, words),
        accepted=happened[Happening.ACCEPTANCE_PASSED],
    )


def _issues(digest: Digest, words: Words) -> str:
    """New ones, and how they are graded at the cut-off."""
    count = digest.progress[Happening.ISSUE_NEW]
    if not count:
        return "0"
    grades = {grade: digest.new_issue_grades.get(grade, 0) for grade in GRADES}
    ungraded = count - sum(grades.values())
    kinds = [
        words.say("digest_kind", kind=words.say(f"grade_{number}"), count=grades[grade])
        for number, grade in enumerate(GRADES)
        if grades[grade]
    ]
    if ungraded:
        kinds.append(words.say("digest_kind", kind=words.say("grade_none"), count=ungraded))
    return words.say("digest_kinds", count=count, kinds=words.say("digest_kinds_separator").join(kinds))


def _conflicts(digest: Digest, words: Words) -> str:
    """New ones, and with them those that were settled or ruled."""
    new, concluded = digest.progress[Happening.CONFLICT_NEW], digest.progress[Happening.CONFLICT_CONCLUDED]
    return words.say("digest_conflicts_concluded", new=new, concluded=concluded) if concluded else str(new)


def _response(context: Context, figures: ResponseFigures, words: Words) -> Iterable[str]:
    cover = "" if _sees_everything(context) else words.say("digest_visible_only")
    facts = {"on_time": figures.on_time, "late": figures.late, "cancelled": figures.cancelled}
    if figures.rate is None:
        key = "digest_5_none_cancelled" if figures.cancelled else "digest_5_none"
        line = words.say(key, cancelled=figures.cancelled)
    elif figures.median_minutes is None:
        line = words.say("digest_5_no_answers", **facts, rate=figures.rate)
    else:
        line = words.say("digest_5", **facts, rate=figures.rate, median=figures.median_minutes)
    yield line + cover
    if figures.corrected:
        yield words.say("digest_5_corrected", codes=words.listing(figures.corrected))


def _sees_everything(context: Context) -> bool:
    return all(c.sees_all_group_messages for c in context.capabilities.values())


def _cut(lines: list[str], digest: Digest, words: Words, *, limit: int) -> str:
    """At most 1800 characters; detail lines go first, then the rest is cut with a word on how many there are."""
    text = "\n".join(lines)
    if len(text) <= limit:
        return text
    count = sum(digest.overdue.values()) + sum(digest.due_soon.values()) + sum(digest.waiting.values())
    more = words.say("digest_more", count=count)
    kept = list(lines)
    while len("\n".join([*kept, more])) > limit:
        details = [i for i, line in enumerate(kept) if line.startswith("  ")]
        kept.pop(details[-1] if details else -1)
    return "\n".join([*kept, more])
