"""The record GT of a liaison sync: written by a liaison, forwarded to every head and the secretary (domain.md 3.10; R-55, R-56; P-42)."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import minutes as rules
from bot.domain.action import Action
from bot.domain.directory import Person
from bot.domain.form import Content, Rows, rows, rows_of
from bot.domain.happened import NewTask, WorkAssigned
from bot.domain.ids import Code, CodeKind, PersonId
from bot.domain.meeting import Meeting, MeetingKind
from bot.domain.minutes import MACHINE, Minutes, MinutesAct, MinutesState
from bot.domain.minutes_form import Row, cells, new_work, past
from bot.domain.permissions import Grant
from bot.domain.sync_form import SYNC_FORM, says_something
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import effects
from handlers.access import require
from handlers.calls import Call
from handlers.deeds import Deed, Done
from handlers.forms import form_filling, form_offers
from handlers.forms.form_filling import Filling, Needed
from handlers.forms.form_talk import joined
from handlers.meetings import meeting_store
from handlers.possible import require_possible
from handlers.records import minutes_draft, minutes_reading, minutes_store
from handlers.tables import Tables
from handlers.words import words_for


def register(tables: Tables) -> None:
    """Put the two commands and the form on the tables."""
    for verb, on_record_, on_meeting in (
        ("sync_record", on_record, on_record_of_meeting),
        ("sync_submit", on_submit, on_submit_of_meeting),
    ):
        tables.deeds.on(verb, CodeKind.SYNC_RECORD, on_record_)
        tables.deeds.on(verb, CodeKind.MEETING, on_meeting)
        tables.deeds.without_code(verb, latest)
    tables.forms.on(SYNC_FORM, load=load, save=save, needs=needs, is_stored=True, submit="sync_submit")


# ---------------------------------------------------------------- which record


def latest(call: Call) -> Code:
    """`沟通纪要` without a number: the draft of the last sync. Raises RuleViolation `sync_record_none`."""
    require(call.context, Action.SUBMIT_SYNC_RECORD)
    drafts = [m for m in call.context.uow.minutes.find(state=MinutesState.DRAFTING.value) if minutes_store.is_sync(m)]
    if not drafts:
        raise RuleViolation("sync_record_none")
    return max(drafts, key=lambda m: m.code).code


def on_record_of_meeting(deed: Deed, meeting: Meeting) -> Done:
    """`/沟通纪要 HY-…` is about the record of that sync."""
    return on_record(deed, _record_of(deed.context, meeting))


def on_submit_of_meeting(deed: Deed, meeting: Meeting) -> Done:
    """`/沟通纪要 提交 HY-…` too."""
    return on_submit(deed, _record_of(deed.context, meeting))


def _record_of(context: Context, meeting: Meeting) -> Minutes:
    found = context.uow.minutes.get(meeting.record) if meeting.record else None
    if meeting.kind is not MeetingKind.SYNC:
        raise RuleViolation("sync_record_wrong", {"code": meeting.code})
    if found is None:
        raise RuleViolation("minutes_not_yet", {"code": meeting.code})
    return found


# ---------------------------------------------------------------- the draft


def content_of(context: Context, minutes: Minutes, person: Person | None) -> Content:
    """What the record says now; date, people and recorder are filled in by the system."""
    if minutes.edition is not None:
        return minutes.edition.content
    meeting = context.uow.meetings.get(minutes.meeting)
    found: dict[str, str | Rows] = {"record_no": minutes.code}
    if meeting is not None:
        found["period"] = minutes_draft.stretch(context, meeting)
        came = (line.by or line.person for line in meeting.attendance if line.counts_as_present)
        found["participants"] = rows(came)
    if person is not None:
        found["recorder"] = person.id
    return {**found, **minutes.content}


def load(context: Context, code: str, person: Person) -> Content:
    """For forms: the content of that record, nothing where there is none."""
    minutes = context.uow.minutes.get(code)
    return content_of(context, minutes, person) if minutes is not None else {}


def on_record(deed: Deed, minutes: Minutes) -> Done:
    """With lines: go on with the draft; without: the question for what is missing, or the record that was sent."""
    context, words = deed.context, deed.words
    if not deed.fields and not minutes_draft.is_draft(minutes):
        return Done(minutes_reading.read_out(deed, minutes), is_private=True)
    grant = _right(context, minutes)
    reading = form_filling.read(context, SYNC_FORM, deed.fields, base=minutes.content)
    if minutes_draft.is_draft(minutes) and not deed.fields:
        if form_offers.on_card(deed, SYNC_FORM, minutes.code, said=_ready(deed, minutes)):
            return Done("")
        asked = form_filling.ask_next(context, deed.person, SYNC_FORM, minutes.code)
        return Done(asked or _ready(deed, minutes), is_private=True)
    content = {"recorder": deed.person.id, **reading.content}
    kept = minutes_store.save(context, minutes, rules.save(minutes, content), "saved", grant=grant)
    said = joined(_ready(deed, kept), form_filling.complaint(words, reading, SYNC_FORM))
    return Done(form_offers.offer_rest(deed, SYNC_FORM, kept.code, said=said, in_text=said), is_private=True)


def _ready(deed: Deed, minutes: Minutes) -> str:
    words = deed.words
    due_at = minutes_store.due_at(deed.context, minutes)
    command = f"{words.say('sync_submit_with')} {minutes.code}"
    due = words.due(due_at) if due_at is not None else "—"
    return words.say("sync_record_saved", code=minutes.code, due=due, command=command)


def needs(_: Context, __: str, content: Content) -> Needed:
    """A record says something: progress or demands, where nothing else does."""
    return Needed(extra=_extra(content))


def _extra(content: Content) -> tuple[str, ...]:
    return () if says_something(content) else ("progress", "demands")


def save(filling: Filling) -> str:
    """The guided dialogue writes into the same draft."""
    context, words = filling.context, filling.words
    minutes = context.uow.minutes.get(filling.code)
    if minutes is None:
        raise RuleViolation("not_found_or_no_right")
    grant = _right(context, minutes)
    own = {key: value for key, value in filling.reading.content.items() if key in filling.reading.understood}
    content = {"recorder": filling.person.id, **minutes.content, **own}
    kept = minutes_store.save(context, minutes, rules.save(minutes, content), "saved", grant=grant)
    due_at = minutes_store.due_at(context, kept)
    command = f"{words.say('sync_submit_with')} {kept.code}"
    return words.say(
        "sync_record_saved", code=kept.code, due=words.due(due_at) if due_at is not None else "—", command=command
    )


def _right(context: Context, minutes: Minutes) -> Grant:
    return require(context, Action.SUBMIT_SYNC_RECORD, minutes_store.relation_of(context, minutes))


# ---------------------------------------------------------------- forwarding


def on_submit(deed: Deed, minutes: Minutes) -> Done:
    """Version 1, forwarded to the heads of all departments and the secretary (R-56)."""
    context, words = deed.context, deed.words
    grant = _right(context, minutes)
    require_possible(deed, minutes, MACHINE, MinutesAct.PUBLISH)
    if deed.fields:
        on_record(deed, minutes)
        minutes = context.uow.minutes.get(minutes.code) or minutes
    content = content_of(context, minutes, deed.person)
    _check(deed, content)
    to = recipients(context)
    ready = replace(minutes, content={**content, "sent": rows(_sent(deed, to))})
    due_at = minutes_store.due_at(context, minutes)
    published = rules.publish(ready, by=deed.person.id, due_at=due_at, now=context.now)
    kept = minutes_store.save(context, minutes, published, "published", grant=grant, verb=deed.verb)
    _assign(context, kept)
    reached = _forward(deed, kept, to)
    meeting_store.recorded(context, kept.meeting, kept.code)
    lines = [words.say("sync_record_sent", code=kept.code, count=len(reached))]
    missed = [p.name for p in to if p.id not in reached and p.id != deed.person.id]
    if missed:
        lines.append(words.say("sync_record_unreached", names=words.listing(missed)))
    if kept.is_late and kept.due_at is not None:
        lines.append(words.say("minutes_late", due=words.time(kept.due_at)))
    return Done("\n".join(lines))


def _check(deed: Deed, content: Content) -> None:
    context, words = deed.context, deed.words
    form_filling.require_complete(context, words, SYNC_FORM, content, extra_required=_extra(content))
    rows_ = action_rows(content)
    lacking = [row for row in rows_ if row.lacking]
    late = past({"actions": tuple((r.text, "", r.owner, r.due) for r in rows_)}, now=context.now)
    if lacking:
        shown = words.listing(f"“{inert(row.text, limit=20)}”" for row in lacking)
        raise RuleViolation("sync_rows_lacking", {"rows": shown})
    if late:
        raise RuleViolation("minutes_due_past", {"rows": words.listing(f"“{inert(r.text, limit=20)}”" for r in late)})


def action_rows(content: Content) -> tuple[Row, ...]:
    """Actions of a sync: one with a person or a date needs both."""
    found: list[Row] = []
    for number, values in enumerate(rows_of(content, "actions"), start=1):
        given = cells(values, ("text", "owner", "due"))
        wanted = ("owner", "due") if given.get("owner") or given.get("due") else ()
        lacking = tuple(name for name in wanted if not given.get(name))
        found.append(Row(number=number, lacking=lacking, **given))
    return tuple(found)


def recipients(context: Context) -> tuple[Person, ...]:
    """Whoever acts as head of each department, and the secretary, once each."""
    posts = context.world.posts
    heads = [
        standing.acting
        for department in context.world.directory.departments
        if posts.has_clocks(department.id) and (standing := posts.head_of(department.id)) is not None
    ]
    secretary = posts.secretary()
    people = dict.fromkeys([*heads, *([secretary] if secretary is not None else [])])
    return tuple(p for person in people if (p := context.world.directory.person(person)) is not None)


def _sent(deed: Deed, to: tuple[Person, ...]) -> list[str]:
    """The receipts: to whom and when (R-56)."""
    words = words_for(deed.context, None)
    time = minutes_draft.stamp(deed.context, deed.context.now)
    return [words.say("sync_record_receipt", name=p.name, time=time) for p in to]


def _forward(deed: Deed, minutes: Minutes, to: tuple[Person, ...]) -> frozenset[PersonId]:
    context, edition = deed.context, minutes.edition
    reached: set[PersonId] = set()
    for person in to:
        words = words_for(context, person)
        text = words.say(
            "sync_record_told",
            code=minutes.code,
            name=deed.person.name,
            number=edition.number if edition is not None else 1,
            note=inert(edition.note, limit=100) if edition is not None else "",
            body=form_filling.shown(
                words, SYNC_FORM, minutes.content, keys=("period", "progress", "demands", "actions")
            ),
        )
        key = f"minutes:{minutes.code}:v{len(minutes.editions)}:{person.id}"
        if person.id != deed.person.id and effects.tell(context, person, effects.text(text), key=key, ref=minutes.code):
            reached.add(person.id)
    names = ",".join(sorted(reached))
    effects.record(context, "sync_record_forwarded", minutes.code, facts={"to": names, "count": str(len(reached))})
    return frozenset(reached)


def _assign(context: Context, minutes: Minutes, *, known: tuple[Row, ...] = ()) -> None:
    """Actions with a person and a date are tasks; their owners may refuse them (3.10, L-29)."""
    posts = context.world.posts
    tasks: list[NewTask] = []
    for row in new_work(action_rows(minutes.content), known=known):
        owner, due_at = PersonId(row.owner), row.due_at
        department = posts.department_of(owner)
        if due_at is not None and department is not None:
            tasks.append(NewTask(title=inert(row.text, limit=100), department=department, owner=owner, due_at=due_at))
    if tasks:
        context.announce(
            WorkAssigned(source=minutes.code, tasks=tuple(tasks), lead=minutes.department, is_offered=True)
        )


def correct(deed: Deed, minutes: Minutes, content: Content, *, note: str, grant: Grant) -> Minutes:
    """A further version, forwarded again (SoD-10)."""
    context = deed.context
    known = action_rows(minutes.content)
    _check(deed, content)
    after = rules.correct(minutes, content, note=note, by=deed.person.id, now=context.now)
    kept = minutes_store.save(context, minutes, after, "corrected", grant=grant, reason=note)
    _assign(context, kept, known=known)
    _forward(deed, kept, recipients(context))
    return kept
