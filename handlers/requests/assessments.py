"""The assessment of a special request: its meeting is fixed and held, the secretary records the opinion (3.1, 4.5; R-75..R-78)."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain import request_decision as decision
from bot.domain.assessment_form import F5, FOR_SUPPLEMENT, NOTE, gaps, is_supplement
from bot.domain.directory import Person
from bot.domain.form import Content, FieldProblem
from bot.domain.form_reading import Reading, missing
from bot.domain.happened import MeetingChanged
from bot.domain.ids import DepartmentId
from bot.domain.meeting import Meeting, MeetingKind, MeetingState, Presence
from bot.domain.permissions import Grant
from bot.domain.request import MACHINE, Request, RequestAct, RequestState
from bot.errors import RuleViolation
from bot.routing import Context
from handlers import refusing
from handlers.deeds import Deed, Done
from handlers.forms import form_drafts, form_filling, form_offers
from handlers.forms.form_filling import Filling, Needed
from handlers.forms.form_names import label_of
from handlers.possible import require_possible
from handlers.requests import request_cards as cards
from handlers.requests import request_notices as notices
from handlers.requests import request_rights as rights
from handlers.requests.request_commits import Step, commit
from handlers.requests.request_notices import doer, named, said
from handlers.words import Words

_OVER = (MeetingState.ENDED, MeetingState.CLOSED)


# ---------------------------------------------------------------- the meeting


def on_meeting(context: Context, event: MeetingChanged) -> None:
    """A meeting about a request was fixed: it is being assessed; the meeting ended: the opinion may be recorded (T-03)."""
    meeting = event.after
    if meeting.kind is not MeetingKind.ASSESSMENT or not meeting.subject:
        return
    request = context.uow.requests.get(meeting.subject)
    if request is None:
        return
    if meeting.state is MeetingState.SCHEDULED and _is_new(request, meeting):
        after = decision.scheduled(request, meeting.code, now=context.now)
        commit(context, request, after, Step(action="request_assessing", slot=meeting.code))
    elif meeting.state in _OVER and request.held_at is None:
        held = decision.held(request, meeting.code, ended_at=meeting.ended_at or context.now)
        if held != request:
            commit(context, request, held, Step(action="request_assessment_held", slot=meeting.code))


def _is_new(request: Request, meeting: Meeting) -> bool:
    return MACHINE.allows(request.state, RequestAct.SCHEDULE) and request.meeting != meeting.code


# ---------------------------------------------------------------- the opinion


def assess(deed: Deed, request: Request) -> Done:
    """`评估 XQ-15` with the lines of form F5. What is not whole yet is kept (R-76, R-77)."""
    rights.require_sight(deed.context, request)
    grant = rights.require_secretary(deed.context, request)
    require_possible(deed, request, MACHINE, RequestAct.CONCLUDE, verb="assess")
    base = {**request.assessment, **form_drafts.kept(deed.context, deed.person.id, F5, request.code)}
    reading = form_filling.read(deed.context, F5, deed.fields, base=base)
    if not deed.fields:
        head = deed.words.say("assessment_head", what=named(deed.words, request))
        in_text = _asked(deed.words, request)
        return Done(form_offers.offer(deed, F5, request.code, said=head, in_text=in_text), is_private=True)
    return Done(_taken(deed.context, deed.person, deed.words, request, reading, grant), is_private=True)


def load(context: Context, code: str, _: Person) -> Content:
    """What of the opinion is written so far."""
    request = context.uow.requests.get(code)
    return request.assessment if request is not None and rights.may_see(context, request) else {}


def needs(_: Context, __: str, content: Content) -> Needed:
    """What is to be added is needed where the opinion asks for more."""
    return Needed(extra=(NOTE,) if is_supplement(content) else ())


def save(filling: Filling) -> str:
    """The same from a card or from the dialogue."""
    request = filling.context.uow.requests.get(filling.code)
    if request is None:
        raise RuleViolation("not_found_or_no_right")
    rights.require_sight(filling.context, request)
    grant = rights.require_secretary(filling.context, request)
    MACHINE.require(request.state, RequestAct.CONCLUDE)
    return _taken(filling.context, filling.person, filling.words, request, filling.reading, grant)


def _taken(context: Context, person: Person, words: Words, request: Request, reading: Reading, grant: Grant) -> str:
    """Record the opinion if it is whole, else keep it and say what it lacks."""
    content = {**reading.content, **_automatic(context, request, person)}
    why = form_filling.complaint(words, reading, F5) or _lacks(context, words, request, content)
    if why:
        kept = decision.noted(request, reading.content)
        commit(context, request, kept, Step(action="assessment_noted", verb="assessment_note", grant=grant))
        return f"{why}\n{words.say('assessment_kept', code=request.code)}"
    after = decision.assessed(request, content, by=person.id, now=context.now)
    step = Step(action="request_assessed", verb="assess", grant=grant, reason=str(content["conclusion"]))
    stored = commit(context, request, after, step)
    form_drafts.drop(context, person.id, F5, request.code)
    return _recorded(context, person, words, stored, grant)


def _lacks(context: Context, words: Words, request: Request, content: Content) -> str:
    """What keeps the opinion from being recorded; empty where nothing does."""
    if is_supplement(content):
        required = [spec for spec in missing(F5, content, extra_required=FOR_SUPPLEMENT) if spec.key in FOR_SUPPLEMENT]
        fields = words.listing(label_of(words, spec) for spec in required)
        return words.say("missing_fields", fields=fields) if required else ""
    if request.held_at is None:
        return words.say("assessment_not_held", meeting=request.meeting or "")
    try:
        form_filling.require_complete(context, words, F5, content)
    except RuleViolation as refusal:
        return refusing.sentence(words, refusal)
    return "\n".join(_problem(words, problem) for problem in gaps(content, present=_present(context, request)))


def _problem(words: Words, problem: FieldProblem) -> str:
    departments = problem.facts.get("departments", "").split("、")
    names = words.listing(words.department(DepartmentId(department)) for department in departments if department)
    return words.say(problem.code, departments=names)


def _present(context: Context, request: Request) -> tuple[DepartmentId, ...]:
    """Departments of the request that were at its meeting, as far as attendance was taken."""
    meeting = context.uow.meetings.get(request.meeting) if request.meeting is not None else None
    there = {Presence.PRESENT, Presence.DELEGATE}
    found = {a.department for a in meeting.attendance if a.presence in there} if meeting is not None else set()
    return tuple(department for department in request.involved if department in found)


def _automatic(context: Context, request: Request, person: Person) -> dict[str, str]:
    """What the system fills in: meeting, time, departments, who recorded it and when."""
    meeting = context.uow.meetings.get(request.meeting) if request.meeting is not None else None
    at = meeting.started_at or meeting.start_at if meeting is not None else None
    return {
        "meeting": request.meeting or "",
        "at": at.isoformat() if at is not None else "",
        "depts": "、".join(_present(context, request) or request.involved),
        "by": person.id,
        "recorded_at": context.now.isoformat(),
    }


def _recorded(context: Context, person: Person, words: Words, request: Request, grant: Grant) -> str:
    what = named(words, request)
    name = doer(words, person.id, grant.behalf)
    if request.state is RequestState.RETURNED:
        readers: Iterable[Person] = notices.askers(context, request)
        notices.tell(
            context,
            readers,
            request,
            "request_told_returned",
            event="supplement",
            is_owed=True,
            name=name,
            reason=said(request.reason),
        )
        return words.say("assessment_supplement", what=what, reason=said(request.reason))
    readers = notices.askers(context, request)
    notices.tell(
        context, readers, request, "request_told_assessed", opinion=lambda words: cards.opinion(words, request)
    )
    due = words.deadline(request.due_at) if request.due_at is not None else ""
    return words.say("assessment_recorded", what=what, opinion=cards.opinion(words, request), due=due)


def _asked(words: Words, request: Request) -> str:
    """What is written so far, what is missing, and how it is written."""
    lines = [words.say("assessment_head", what=named(words, request))]
    written = form_filling.shown(words, F5, request.assessment)
    lines.extend([written] if written else [])
    lines.append(words.say("assessment_how", code=request.code))
    return "\n".join(lines)
