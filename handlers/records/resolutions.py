"""Milestone resolutions JD (domain.md 3.11; R-69; P-43): drafted by the lead, submitted to the leader, amended by a new one.

The signature stands in `resolution_signing`.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain import resolution as rules
from bot.domain.action import Action
from bot.domain.confidentiality import may_read
from bot.domain.directory import Person
from bot.domain.form import NO, Content, Rows, rows
from bot.domain.ids import CodeKind, PersonId
from bot.domain.item import Item
from bot.domain.meeting import Meeting, MeetingKind
from bot.domain.permissions import Grant
from bot.domain.resolution import MACHINE, Resolution, ResolutionAct, ResolutionState
from bot.domain.resolution_form import (
    RESOLUTION_FORM,
    solution_rows,
    step_rows,
)
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import effects, matter_cards
from handlers.access import actor, allows, require
from handlers.deeds import Deed, Done, Kind
from handlers.forms import form_filling, form_offers
from handlers.forms.form_filling import Filling
from handlers.forms.form_talk import joined
from handlers.meetings import meeting_store
from handlers.numbering import new_code
from handlers.possible import require_possible, require_privacy
from handlers.records import minutes_draft, resolution_cards, resolution_signing, resolution_store
from handlers.tables import Tables
from handlers.words import Words, words_for


def register(tables: Tables) -> None:
    """Put commands, deeds, timers and cards on the tables."""
    kind = CodeKind.RESOLUTION
    tables.deeds.kind(
        Kind(
            kind=kind,
            get=lambda context, code: context.uow.resolutions.get(code),
            state=lambda resolution: MACHINE.state_key(resolution.state),
            # the card counts for the text that it showed
            step=lambda resolution: resolution.shown_hash,
        )
    )
    for verb, deed in (
        ("resolution", on_resolution),
        ("resolution_submit", on_submit),
        ("resolution_amend", on_amend),
        ("sign", resolution_signing.on_sign),
        ("send_back", resolution_signing.on_return),
        ("reject", resolution_signing.on_return),
    ):
        tables.deeds.on(verb, kind, deed)
    tables.deeds.on("resolution", CodeKind.MEETING, on_resolution_of_meeting)
    tables.deeds.on("resolution_submit", CodeKind.MEETING, on_submit_of_meeting)
    tables.router.card(kind, resolution_cards.make)
    tables.forms.on(RESOLUTION_FORM, load=load, save=save, is_stored=True, submit="resolution_submit", place=place)


# ---------------------------------------------------------------- the draft


def content_of(context: Context, resolution: Resolution) -> Content:
    """What it says now; project, node, time, host and people are filled in by the system until somebody writes them."""
    if resolution.state is not ResolutionState.DRAFTING:
        return resolution.content
    meeting = context.uow.meetings.get(resolution.meeting)
    found = _prefilled(context, meeting, context.uow.items.get(resolution.item))
    return {"resolution_no": resolution.code, **found, **resolution.content}


def _prefilled(context: Context, meeting: Meeting | None, item: Item | None) -> Content:
    found: dict[str, str | Rows] = {"plan_change": NO}
    if item is not None:
        found["project"] = item.title
    if meeting is not None:
        found["held_at"] = minutes_draft.stretch(context, meeting)
        found["node"] = meeting.node.value if meeting.node is not None else ""
        came = (line.by or line.person for line in meeting.attendance if line.counts_as_present)
        found["participants"] = rows(came)
        if meeting.host is not None:
            found["host"] = meeting.host
    return found


def load(context: Context, code: str, person: Person) -> Content:  # noqa: ARG001 - the shape of a form's loader
    """For forms: the content of that resolution, or what is known of the meeting that has none yet."""
    resolution = context.uow.resolutions.get(place(context, code))
    if resolution is not None:
        return content_of(context, resolution)
    meeting = context.uow.meetings.get(code)
    if meeting is None or not allows(context, Action.DRAFT_RESOLUTION, meeting_store.relation_of(meeting)):
        return {}
    return _prefilled(context, meeting, context.uow.items.get(meeting.item) if meeting.item is not None else None)


def place(context: Context, code: str) -> str:
    """The resolution of a meeting, once its first lines made one."""
    meeting = context.uow.meetings.get(code)
    return meeting.record if meeting is not None and meeting.record else code


def _of_meeting(context: Context, meeting: Meeting) -> Resolution | None:
    who = actor(context)
    if who is None or (meeting.secrecy and not may_read(who, meeting_store.relation_of(meeting))):
        raise RuleViolation("not_found_or_no_right")
    if meeting.kind is not MeetingKind.MILESTONE:
        raise RuleViolation("resolution_wrong_meeting", {"code": meeting.code})
    found = context.uow.resolutions.get(meeting.record) if meeting.record else None
    if found is None and meeting.ended_at is None:
        raise RuleViolation("minutes_not_yet", {"code": meeting.code})
    return found


def on_resolution_of_meeting(deed: Deed, meeting: Meeting) -> Done:
    """`/决议 HY-…` is about the resolution of that meeting; its first lines begin it and give it its number (0.4)."""
    found = _of_meeting(deed.context, meeting)
    if found is not None:
        return on_resolution(deed, found)
    if not deed.fields:
        require(deed.context, Action.DRAFT_RESOLUTION, meeting_store.relation_of(meeting))
        if form_offers.on_card(deed, RESOLUTION_FORM, meeting.code):
            return Done("")
        return Done(deed.words.say("resolution_begin", example=deed.words.say("example_resolution")), is_private=True)
    return on_resolution(deed, _begin(deed.context, meeting))


def _begin(context: Context, meeting: Meeting) -> Resolution:
    grant = require(context, Action.DRAFT_RESOLUTION, meeting_store.relation_of(meeting))
    if meeting.lead is None or meeting.item is None:
        raise RuleViolation("resolution_wrong_meeting", {"code": meeting.code})
    draft = Resolution(
        code=new_code(context, CodeKind.RESOLUTION),
        meeting=meeting.code,
        item=meeting.item,
        title=f"{meeting.title}决议",
        lead=meeting.lead,
        state=ResolutionState.DRAFTING,
        since=meeting.ended_at,
        secrecy=meeting.secrecy,
        access=meeting.access,
    )
    draft = replace(draft, due_at=resolution_store.draft_limit(context, draft).due_at)
    kept = resolution_store.save(context, None, draft, "drafted", grant=grant)
    meeting_store.save(context, meeting, replace(meeting, record=kept.code), "record_begun", grant=grant)
    return kept


def on_submit_of_meeting(deed: Deed, meeting: Meeting) -> Done:
    """`/决议 提交 HY-…` too."""
    found = _of_meeting(deed.context, meeting)
    if found is None and not deed.fields:
        raise RuleViolation("resolution_empty", {"example": deed.words.say("example_resolution")})
    return on_submit(deed, found if found is not None else _begin(deed.context, meeting))


def on_resolution(deed: Deed, resolution: Resolution) -> Done:
    """With lines: go on with the draft (P-43); without: read it."""
    if not deed.fields:
        text = _read_out(deed, resolution)
        return Done("" if _is_asked(deed, resolution, text.split("\n", 1)[0]) else text, is_private=True)
    grant = _draft_right(deed.context, resolution)
    kept, complaint = _write(deed, resolution, grant)
    said = joined(_saved(deed.words, deed.context, kept), complaint)
    return Done(form_offers.offer_rest(deed, RESOLUTION_FORM, kept.code, said=said, in_text=said), is_private=True)


def _is_asked(deed: Deed, resolution: Resolution, head: str) -> bool:
    """Whoever drafts it gets it as a card that can be filled in, where the platform has forms."""
    relation = resolution_store.relation_of(deed.context, resolution)
    is_writer = MACHINE.allows(resolution.state, ResolutionAct.SAVE) and allows(
        deed.context, Action.DRAFT_RESOLUTION, relation
    )
    return is_writer and form_offers.on_card(deed, RESOLUTION_FORM, resolution.code, said=head)


def _write(deed: Deed, resolution: Resolution, grant: Grant) -> tuple[Resolution, str]:
    context = deed.context
    reading = form_filling.read(context, RESOLUTION_FORM, deed.fields, base=resolution.content)
    changed = rules.save(resolution, reading.content)
    kept = resolution_store.save(context, resolution, changed, "saved", grant=grant)
    return kept, form_filling.complaint(deed.words, reading, RESOLUTION_FORM)


def _saved(words: Words, context: Context, resolution: Resolution) -> str:
    limit = resolution_store.draft_limit(context, resolution)
    command = f"{words.say('resolution_submit_with')} {resolution.code}"
    return words.say("resolution_saved", code=resolution.code, due=words.due(limit.due_at), command=command)


def save(filling: Filling) -> str:
    """The guided dialogue writes into the same draft."""
    context = filling.context
    meeting = context.uow.meetings.get(filling.code)
    if meeting is not None:
        resolution = _of_meeting(context, meeting) or _begin(context, meeting)
    else:
        found = context.uow.resolutions.get(filling.code)
        if found is None:
            raise RuleViolation("not_found_or_no_right")
        resolution = found
    grant = _draft_right(context, resolution)
    own = {key: value for key, value in filling.reading.content.items() if key in filling.reading.understood}
    changed = rules.save(resolution, {**resolution.content, **own})
    return _saved(filling.words, context, resolution_store.save(context, resolution, changed, "saved", grant=grant))


def _draft_right(context: Context, resolution: Resolution) -> Grant:
    return require(context, Action.DRAFT_RESOLUTION, resolution_store.relation_of(context, resolution))


def _read_out(deed: Deed, resolution: Resolution) -> str:
    context, words = deed.context, deed.words
    who = actor(context)
    relation = resolution_store.relation_of(context, resolution)
    is_known = who is not None and (may_read(who, relation) or allows(context, Action.DRAFT_RESOLUTION, relation))
    if not is_known:
        raise RuleViolation("not_found_or_no_right")
    require_privacy(deed, resolution)
    head = words.say(
        "resolution_head",
        code=resolution.code,
        title=inert(resolution.title, limit=60),
        state=words.say(MACHINE.state_key(resolution.state)),
    )
    return f"{head}\n{form_filling.shown(words, RESOLUTION_FORM, content_of(context, resolution))}"


# ---------------------------------------------------------------- to the leader


def on_submit(deed: Deed, resolution: Resolution) -> Done:
    """Complete, it goes to the leader with its full text; nobody edits it from then on (3.11)."""
    context, words = deed.context, deed.words
    grant = _draft_right(context, resolution)
    require_possible(deed, resolution, MACHINE, ResolutionAct.SUBMIT, verb="resolution_submit")
    if deed.fields:
        resolution, complaint = _write(deed, resolution, grant)
        if complaint:
            return Done(complaint, is_private=True)
    whole = replace(resolution, content=content_of(context, resolution))
    _check(context, words, whole)
    days = context.world.company.parameters.timers_signature_wd
    due_at = context.world.calendars.add_workdays(context.now, days)
    submitted = rules.submit(whole, by=deed.person.id, due_at=due_at, now=context.now)
    kept = resolution_store.save(context, resolution, submitted, "submitted", grant=grant, verb="resolution_submit")
    leader = effects.leader(context)
    if leader is not None:
        matter_cards.show_to(context, leader, kept.code, "sign", at_once=True)
    return Done(
        words.say(
            "resolution_submitted",
            code=kept.code,
            name=words.name(leader.id if leader else None),
            due=words.due(due_at),
        )
    )


def _check(context: Context, words: Words, resolution: Resolution) -> None:
    """Raises RuleViolation `missing_fields`, `field_problems`, `resolution_rows_lacking`, `resolution_host` (R-66, R-68)."""
    form_filling.require_complete(context, words, RESOLUTION_FORM, resolution.content)
    lacking = [row for row in (*solution_rows(resolution.content), *step_rows(resolution.content)) if row.lacking]
    if lacking:
        raise RuleViolation(
            "resolution_rows_lacking", {"rows": words.listing(f"“{inert(r.text, limit=20)}”" for r in lacking)}
        )
    host = resolution.content.get("host", "")
    department = context.world.posts.department_of(PersonId(str(host)))
    if department is not None and department != resolution.lead:
        raise RuleViolation("resolution_host")


# ---------------------------------------------------------------- amendments


def on_amend(deed: Deed, resolution: Resolution) -> Done:
    """A signed resolution never changes: an amendment is a new one that refers to it (3.11)."""
    context, words = deed.context, deed.words
    grant = _draft_right(context, resolution)
    if resolution.state is not ResolutionState.SIGNED:
        raise RuleViolation("resolution_not_signed", {"code": resolution.code})
    auto = {"signature", "signed_at", "text_hash", "resolution_no"}
    draft = Resolution(
        code=new_code(context, CodeKind.RESOLUTION),
        meeting=resolution.meeting,
        item=resolution.item,
        title=words_for(context, None).say("resolution_amendment_title", title=resolution.title),
        lead=resolution.lead,
        state=ResolutionState.DRAFTING,
        content={key: value for key, value in resolution.content.items() if key not in auto},
        amends=resolution.code,
        since=context.now,
        secrecy=resolution.secrecy,
        access=resolution.access,
    )
    draft = replace(draft, due_at=resolution_store.draft_limit(context, draft).due_at)
    kept = resolution_store.save(context, None, draft, "drafted", grant=grant)
    complaint = ""
    if deed.fields:
        kept, complaint = _write(deed, kept, grant)
    said = words.say("resolution_amendment", code=kept.code, amends=resolution.code)
    parts = (said, _saved(words, context, kept), complaint)
    return Done("\n".join(part for part in parts if part), is_private=True)
