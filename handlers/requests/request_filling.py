"""Form F1 at work: a draft begins, is filled in field by field, shown, and submitted (3.1, 4.1; R-72, R-73, EC-16..EC-18)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.domain.action import Action
from bot.domain.confidentiality import Secrecy, word_of
from bot.domain.directory import Person, Role
from bot.domain.folding import folded
from bot.domain.form import Content, FieldProblem, FieldSpec, text_of
from bot.domain.form_reading import Reading, missing
from bot.domain.ids import CodeKind, DepartmentId, PersonId
from bot.domain.item import Level
from bot.domain.request import EDITABLE, LEVELS, MACHINE, Request, RequestAct, drafted, saved
from bot.domain.request_form import F1, disagreements, is_vague
from bot.domain.request_level import KEY_PROJECT, looks_special
from bot.errors import RuleViolation
from bot.routing import Context
from handlers import refusing
from handlers.access import allows
from handlers.forms import form_drafts, form_filling
from handlers.forms.form_filling import Filling, Needed
from handlers.forms.form_names import label_of
from handlers.numbering import new_code
from handlers.requests import request_cards as cards
from handlers.requests import request_rights as rights
from handlers.requests.request_commits import Step, commit
from handlers.requests.request_notices import named
from handlers.words import Words

LEVEL_WORDS = {
    "日常": "日常协作",
    "日常协作": "日常协作",
    "routine": "日常协作",
    "专项": "专项协作",
    "专项协作": "专项协作",
    "special": "专项协作",
}


# ---------------------------------------------------------------- beginning


def begin(context: Context, person: Person, content: Content) -> Request:
    """A new draft of the person's department (P-01); `content` is `prefilled`, and more. Raises RuleViolation `no_right`."""
    grant = rights.require_creation(context, person.department)
    code = new_code(context, CodeKind.REQUEST)
    filled = {**content, "request_no": code}
    request = drafted(code=code, lead=person.department, content=filled, by=person.id, now=context.now)
    return commit(context, None, request, Step(action="request_drafted", verb="request_new", grant=grant))


def prefilled(context: Context, person: Person) -> dict[str, str]:
    """What is known beforehand: date, department, liaison with telephone, plan version, and the usual answers (F1-2..5)."""
    liaison = _liaison(context, person)
    return {
        "filled_on": context.world.calendars.local(context.now).date().isoformat(),
        "lead_dept": person.department,
        "liaison": liaison.id if liaison is not None else "",
        "phone": liaison.phone if liaison is not None else "",
        "urgency": "一般",
        "confidentiality": word_of(Secrecy.NORMAL),
        "plan_version": context.world.company.plan.version,
    }


def _liaison(context: Context, person: Person) -> Person | None:
    """The person, where he or she is one; else the first liaison of the department."""
    known = liaisons(context, person.department)
    chosen = person.id if person.id in known else next(iter(known), None)
    return context.world.directory.person(chosen) if chosen is not None else None


def liaisons(context: Context, department: DepartmentId) -> tuple[PersonId, ...]:
    """Who may stand as liaison of a department: liaison and backups; the head where there is none (F1-4, EC-52)."""
    posts = context.world.posts
    found = (*posts.liaisons(department), *posts.backups(department))
    head = posts.head_post(department)
    return found or ((head,) if head is not None else ())


# ---------------------------------------------------------------- filling in


@dataclass(frozen=True, slots=True)
class Kept:
    """The request with what was written in it, and what is to be said about it."""

    request: Request
    text: str
    #: the same without what is next
    said: str


def load(context: Context, code: str, _: Person) -> Content:
    """What the form holds now; nothing before there is a request, nor for people who may not see it."""
    request = context.uow.requests.get(code)
    return request.content if request is not None and rights.may_see(context, request) else {}


def needs(_: Context, __: str, content: Content) -> Needed:
    """A special request needs one more field (F1-19)."""
    return Needed(is_special=LEVELS.get(text_of(content, "level")) is Level.SPECIAL)


def save(filling: Filling) -> str:
    """Keep what came from a card or from the dialogue; what is next is said once everything is there."""
    context, words = filling.context, filling.words
    request = context.uow.requests.get(filling.code)
    if request is None:
        raise RuleViolation("not_found_or_no_right")
    rights.require_sight(context, request)
    kept, notes = stored(context, words, request, filling.reading)
    is_whole = not lacking(kept)
    return "\n".join([*notes, *([next_step(words, kept)] if is_whole else [])])


def keep(context: Context, words: Words, request: Request, reading: Reading) -> Kept:
    """Store the form as it reads now, and say all that is to be said. Raises RuleViolation as `stored`."""
    after, notes = stored(context, words, request, reading)
    if context.person is not None:
        # whoever writes lines has left the dialogue
        form_drafts.forget(context, context.person.id, F1.id, request.code)
    complaint = form_filling.complaint(words, reading, F1)
    lines = [words.say("request_saved", what=named(words, after), state=_state(words, after))]
    lines.extend([complaint] if complaint else [])
    said = "\n".join([*lines, *notes])
    return Kept(after, f"{said}\n{next_step(words, after)}", said)


def stored(context: Context, words: Words, request: Request, reading: Reading) -> tuple[Request, list[str]]:
    """What could be understood is kept, nothing that was there is lost; with what is worth a second look.

    Raises RuleViolation `no_right`, `stale_card`, `request_level_kept`, `request_secrecy_kept`.
    """
    grant = rights.require_editor(context, request)
    MACHINE.require(request.state, RequestAct.SAVE)
    content, refused = _settled(context, request, reading.content)
    after = saved(request, content, now=context.now)
    if after.content == request.content:
        return request, [_problem(words, problem) for problem in refused]
    step = Step(action="request_saved", verb="request_edit", grant=grant)
    after = commit(context, request, after, step)
    return after, [*(_problem(words, problem) for problem in refused), *hints(context, words, after)]


def _settled(context: Context, request: Request, content: Content) -> tuple[Content, tuple[FieldProblem, ...]]:
    """The content with the fields that follow others; only the leader names another lead department (F1-3)."""
    settled, problems = dict(content), list[FieldProblem]()
    settled["request_no"] = request.code
    lead = DepartmentId(text_of(content, "lead_dept")) or request.lead
    if lead != request.lead and not _may_lead(context, lead):
        problems.append(FieldProblem(key="lead_dept", code="request_lead_fixed"))
        settled["lead_dept"] = lead = request.lead
    liaison = PersonId(text_of(settled, "liaison"))
    if lead != request.lead and liaison not in liaisons(context, lead):
        settled["liaison"] = liaison = next(iter(liaisons(context, lead)), PersonId(""))
    if liaison != text_of(request.content, "liaison") and text_of(settled, "phone") == text_of(
        request.content, "phone"
    ):
        person = context.world.directory.person(liaison)
        settled["phone"] = person.phone if person is not None else ""
    return settled, tuple(problems)


def _may_lead(context: Context, lead: DepartmentId) -> bool:
    try:
        rights.require_creation(context, lead)
    except RuleViolation:
        return False
    return True


def _state(words: Words, request: Request) -> str:
    return words.say(MACHINE.state_key(request.state))


def _problem(words: Words, problem: FieldProblem) -> str:
    facts = dict(problem.facts)
    if "days" in facts:
        days = facts["days"].split("、")
        facts["days"] = words.listing(words.day(date.fromisoformat(day)) for day in days)
    if "departments" in facts:
        departments = facts["departments"].split("、")
        facts["departments"] = words.listing(words.department(DepartmentId(d)) for d in departments)
    return words.say(problem.code, **facts)


# ---------------------------------------------------------------- what is said about a form


def hints(context: Context, words: Words, request: Request) -> Iterator[str]:
    """What is worth a second look, and keeps nobody from submitting (F1-6, F1-7, F1-15, F1-17)."""
    if is_vague(text_of(request.content, "goal")):
        yield words.say("request_hint_vague")
    twin = _twin(context, request)
    if twin:
        yield words.say("request_hint_twin", code=twin)
    if request.lead in request.coop:
        yield words.say("request_lead_is_coop")
    if not request.is_special and looks_special(request, context.world.company.parameters):
        yield words.say("request_hint_special", signs=cards.thresholds(words, request))
    projects = [name for name in context.world.company.key_projects if name]
    if text_of(request.content, "serves") == KEY_PROJECT and projects and not _names_one(request, projects):
        yield words.say("request_hint_project", projects=words.listing(projects))


def _twin(context: Context, request: Request) -> str:
    """The code of an open item of the same name that the reader may know of."""
    name = folded(request.title).replace(" ", "")
    found = (i for i in context.uow.items.find() if not i.secrecy and folded(i.title).replace(" ", "") == name)
    return next((i.code for i in found if i.state.value not in {"archived", "terminated"}), "") if name else ""


def _names_one(request: Request, projects: list[str]) -> bool:
    text = folded("".join(text_of(request.content, key) for key in ("title", "goal", "background")))
    return any(folded(name) in text for name in projects)


def lacking(request: Request) -> tuple[FieldSpec, ...]:
    """Required fields that are not filled in."""
    return missing(F1, request.content, is_special=request.is_special)


def next_step(words: Words, request: Request) -> str:
    """What is still missing, else how it is submitted."""
    empty = lacking(request)
    if empty:
        labels = [label_of(words, spec) for spec in empty]
        return words.say("request_lacks", fields=words.listing(labels), code=request.code, example=labels[0])
    return words.say("request_complete", code=request.code)


# ---------------------------------------------------------------- submitting


def wrong(context: Context, words: Words, request: Request) -> tuple[str, str]:
    """Why the form cannot be submitted, as a refusal's code and its sentence; two empty texts where it can (R-73)."""
    today = context.world.calendars.local(context.now).date()
    try:
        form_filling.require_complete(context, words, F1, request.content, is_special=request.is_special)
    except RuleViolation as refusal:
        return refusal.code, refusing.sentence(words, refusal)
    if text_of(request.content, "serves") == KEY_PROJECT and not context.world.company.key_projects:
        return "request_no_key_projects", words.say("request_no_key_projects")
    known = liaisons(context, request.lead)
    found = tuple(disagreements(request.content, today=today, liaisons=known))
    if found:
        return found[0].code, "\n".join(_problem(words, problem) for problem in found)
    return "", ""


def submitters(context: Context, words: Words, request: Request) -> str:
    """Who may submit it, by name: liaisons and head of the lead department (P-02)."""
    posts = context.world.posts
    head = posts.head_post(request.lead)
    found = (*posts.liaisons(request.lead), *((head,) if head is not None else ()))
    return words.listing(words.name(person) for person in dict.fromkeys(found))


def may_submit(context: Context, request: Request) -> bool:
    """May whoever is behind this transaction submit it (P-02)?"""
    return allows(context, Action.SUBMIT_REQUEST, rights.relation_of(request))


# ---------------------------------------------------------------- reading it


def shown(context: Context, words: Words, request: Request, reader: Person) -> str:
    """The whole request for reading in private: the form, then what the flow filled in (F1-25..27)."""
    lines = [words.say("request_head", what=named(words, request), state=_state(words, request))]
    is_concerned = reader.department in request.involved or Role.SECRETARY in reader.roles
    lines.append(form_filling.shown(words, F1, request.content, masks_phone=not is_concerned))
    lines.extend(cards.slot_line(words, slot) for slot in request.slots)
    if request.assessed_at is not None:
        lines.append(words.say("request_opinion_line", opinion=cards.opinion(words, request)))
    if request.decided_at is not None:
        lines.append(words.say("request_decision_line", outcome=cards.outcome(words, request)))
    if request.reason:
        lines.append(words.say("request_reason_line", reason=" ".join(request.reason.split())))
    if request.copied_from is not None:
        lines.append(words.say("request_copied_line", code=request.copied_from))
    if request.item is not None:
        lines.append(words.say("request_item_line", code=request.item))
    due = cards.due_at(context, request)
    if due is not None:
        lines.append(words.say("request_due_line", due=words.due(due)))
    if request.state in EDITABLE and rights.is_editor(context, request):
        lines.append(next_step(words, request))
    return "\n".join(line for line in lines if line)
