"""Collaboration requests (domain.md 3.1, 4.1): `/需求 …`, `/评估`, and the decisions on them by button and text.

The rules stand in `bot.domain.request*`; what a command does stands in the files this one brings together.
"""

from __future__ import annotations

from bot.domain.assessment_form import F5
from bot.domain.confidentiality import Secrecy
from bot.domain.folding import folded
from bot.domain.form import text_of
from bot.domain.form_text import FormField
from bot.domain.happened import DeadlinePassed, ItemCreated, MeetingChanged, PostsChanged
from bot.domain.ids import CodeKind, PersonId
from bot.domain.request import FINISHED, MACHINE, Request, RequestAct, copied
from bot.domain.request_form import F1, copied_content
from bot.domain.request_review import submitted
from bot.domain.timers import TimerKind
from bot.errors import RuleViolation
from bot.routing import Context
from handlers import effects, refusing
from handlers.calls import Call
from handlers.deeds import Deed, Done, Kind
from handlers.forms import form_filling, form_offers
from handlers.forms.form_talk import joined
from handlers.lookups import find
from handlers.numbering import new_code
from handlers.possible import require_possible
from handlers.requests import assessments, request_course, request_review, request_secrecy
from handlers.requests import request_cards as cards
from handlers.requests import request_filling as filling
from handlers.requests import request_rights as rights
from handlers.requests.request_commits import Step, commit
from handlers.requests.request_notices import named
from handlers.tables import Tables
from handlers.words import Words

#: lines of a list
MOST = 10


def register(tables: Tables) -> None:
    """Put commands, buttons, forms, timers and cards of requests on the tables."""
    router, kind = tables.router, CodeKind.REQUEST
    tables.deeds.kind(
        Kind(
            kind=kind,
            get=lambda context, code: context.uow.requests.get(code),
            step=cards.step,
            state=lambda request: MACHINE.state_key(request.state),
        )
    )
    for verb, handler in (
        ("approve", request_review.approve),
        ("send_back", request_review.send_back),
        ("reject", request_review.reject),
        ("withdraw", request_review.withdraw),
        ("request_withdraw", request_review.withdraw),
        ("raise_level", request_review.raise_level),
        ("lower_level", request_review.lower_level),
        ("request_submit", submit),
        ("request_copy", copy),
        ("assess", assessments.assess),
        ("secrecy", request_secrecy.on_secrecy),
        ("access", request_secrecy.on_access),
    ):
        tables.deeds.on(verb, kind, handler)
    tables.commands.on("request", on_request)
    tables.commands.on("request_new", on_new)
    tables.commands.on("request_list", on_list)
    tables.forms.on(
        F1, load=filling.load, save=filling.save, needs=filling.needs, is_stored=True, submit="request_submit"
    )
    tables.forms.on(F5, load=assessments.load, save=assessments.save, needs=assessments.needs)
    router.card(kind, cards.make)
    router.timer(TimerKind.REQUEST_IDLE, request_course.on_idle)
    router.when(MeetingChanged, assessments.on_meeting)
    router.when(ItemCreated, request_course.on_item)
    router.when(PostsChanged, request_course.on_posts)
    router.when(DeadlinePassed, request_course.on_deadline_passed)


# ---------------------------------------------------------------- beginning


def on_new(call: Call) -> None:
    """`需求 新建 [日常|专项] [标题]`, with lines of form F1 or without: a draft with a number (P-01)."""
    context = call.context
    level, title = _head(call.command.words)
    reading = form_filling.read(context, F1, _lines(level, title), base=filling.prefilled(context, call.person))
    request = filling.begin(context, call.person, reading.content)
    faults = form_filling.complaint(call.words, reading, F1)
    by = ""
    if not filling.may_submit(context, request):
        by = call.words.say("request_by_liaison", names=filling.submitters(context, call.words, request))
    if call.command.fields:
        reading = form_filling.read(context, F1, call.command.fields, base=request.content)
        kept = filling.keep(context, call.words, request, reading)
        _keep_secrets(call, kept.request)
        # only now its level is known, and with it whether the title may stand in a preview (EC-74)
        begun = joined(_begun(call.words, kept.request), faults)
        card, text = joined(begun, kept.said, by), joined(begun, kept.text, by)
        said = form_offers.offer_rest(call, F1, request.code, said=card, in_text=text)
    else:
        begun = joined(_begun(call.words, request), faults)
        ways = call.words.say("request_ways", code=request.code)
        card, text = joined(begun, by), joined(begun, ways, by)
        said = form_offers.offer(call, F1, request.code, said=card, in_text=text)
    if said:
        call.answer_privately(said)


def _lines(level: str, title: str) -> tuple[FormField, ...]:
    """What stands behind the command, as lines of the form: it is judged like every other field."""
    given = (("level", level), ("title", title))
    return tuple(FormField(F1.spec(key).zh, value) for key, value in given if value)


def _head(words: str) -> tuple[str, str]:
    """Level and title of what stands behind the command."""
    first, _, rest = words.strip().partition(" ")
    level = filling.LEVEL_WORDS.get(folded(first).strip(" :：，,"), "")
    if level:
        return level, rest.strip()
    # without the space it may be part of the title as well (专项检查), which then stays as it was written
    glued = (known for word, known in filling.LEVEL_WORDS.items() if not word.isascii() and first.startswith(word))
    return next(glued, ""), words.strip()


def _begun(words: Words, request: Request) -> str:
    return words.say(
        "request_drafted",
        what=named(words, request),
        department=words.department(request.lead),
        liaison=words.name(PersonId(text_of(request.content, "liaison"))),
        level=words.option(text_of(request.content, "level")) or words.say("request_level_open"),
    )


def _keep_secrets(call: Call, request: Request) -> None:
    """What is confidential is not written in groups (2.5). Raises RuleViolation `confidential_refused`; nothing is kept."""
    if request.secrecy >= Secrecy.CONFIDENTIAL and not call.is_private:
        raise RuleViolation("confidential_refused")


# ---------------------------------------------------------------- one request


def on_request(call: Call) -> None:
    """`需求 XQ-15` shows it in private; with lines of form F1 it is edited. Without a number the list is shown."""
    if not call.command.codes:
        on_list(call)
        return
    context = call.context
    request = find(context, call.command.codes[0], CodeKind.REQUEST, context.uow.requests.get)
    if request is None:
        raise RuleViolation("not_found_or_no_right")
    rights.require_sight(context, request)
    if request.secrecy >= Secrecy.CONFIDENTIAL and not call.is_private:
        # in a group it is as if it were not there, also for those who may read it (EC-70)
        raise RuleViolation("not_found_or_no_right")
    if call.command.fields:
        call.answer_privately(_edit(call, request))
    else:
        call.answer_privately(filling.shown(context, call.words, request, call.person))


def _edit(call: Call, request: Request) -> str:
    rights.require_editor(call.context, request)
    if not MACHINE.allows(request.state, RequestAct.SAVE):
        raise RuleViolation("stale_card", {"state": MACHINE.state_key(request.state)})
    reading = form_filling.read(call.context, F1, call.command.fields, base=request.content)
    kept = filling.keep(call.context, call.words, request, reading)
    _keep_secrets(call, kept.request)
    return kept.text


def submit(deed: Deed, request: Request) -> Done:
    """`需求 提交 XQ-15`: the form is whole, the heads are asked (P-02, R-73, R-74). Lines behind it are kept first."""
    context, words = deed.context, deed.words
    rights.require_sight(context, request)
    grant = rights.require_submission(context, request)
    require_possible(deed, request, MACHINE, RequestAct.SUBMIT, verb="request_submit")
    said: list[str] = []
    if deed.fields:
        reading = form_filling.read(context, F1, deed.fields, base=request.content)
        request = filling.keep(context, words, request, reading).request
        said = [form_filling.complaint(words, reading, F1)]
    after, code, why = _judged(deed, request)
    if after is None or any(said):
        effects.record(context, "refused", request.code, reason=code or "form", facts={"command": "request_submit"})
        how = words.say("missing_fields_how", code=request.code)
        return Done("\n".join(part for part in (*said, why, how) if part), is_private=True)
    step = Step(action="request_submitted", verb="request_submit", grant=grant)
    return Done(_submitted_text(words, commit(context, request, after, step)), is_private=True)


def _judged(deed: Deed, request: Request) -> tuple[Request | None, str, str]:
    """The request in review, or why it cannot go there: what was typed stays, so that nothing is undone by a refusal."""
    code, why = filling.wrong(deed.context, deed.words, request)
    if why:
        return None, code, why
    try:
        return _submitted(deed, request), "", ""
    except RuleViolation as refusal:
        return None, refusal.code, refusing.sentence(deed.words, refusal)


def _submitted(deed: Deed, request: Request) -> Request:
    context, company = deed.context, deed.context.world.company
    return submitted(
        request,
        by=deed.person.id,
        heads={department: context.world.posts.head_post(department) for department in request.involved},
        mode=company.parameters.request_review_mode,
        today=context.world.calendars.local(context.now).date(),
        plan_version=company.plan.version,
        now=context.now,
    )


def _submitted_text(words: Words, request: Request) -> str:
    waiting = [slot.department for slot in request.slots if slot.state.value == "open"]
    due = words.deadline(request.due_at) if request.due_at is not None else ""
    return words.say(
        "request_submitted",
        what=named(words, request),
        round=request.round,
        departments=words.listing(words.department(department) for department in waiting),
        due=due,
    )


def copy(deed: Deed, request: Request) -> Done:
    """`需求 复制 XQ-15`: a rejected or withdrawn request begins anew, with a number of its own and a link to the old one."""
    context = deed.context
    rights.require_sight(context, request)
    require_possible(deed, request, MACHINE, RequestAct.COPY, verb="request_copy")
    grant = rights.require_creation(context, request.lead)
    code = new_code(context, CodeKind.REQUEST)
    today = context.world.calendars.local(context.now).date()
    content = copied_content(request.content, today=today, request_no=code)
    draft = copied(request, code=code, by=deed.person.id, content=content, now=context.now)
    step = Step(action="request_copied", verb="request_copy", grant=grant)
    stored = commit(context, None, draft, step)
    text = deed.words.say("request_copied", what=named(deed.words, stored), code=request.code)
    return Done(f"{text}\n{filling.next_step(deed.words, stored)}", is_private=True)


# ---------------------------------------------------------------- several


def on_list(call: Call) -> None:
    """`需求 列表`: what the person may see, open ones first, the newest on top."""
    context, words = call.context, call.words
    seen = [request for request in context.uow.requests.find() if rights.may_see(context, request)]
    seen.sort(key=lambda request: (request.state not in FINISHED, request.code), reverse=True)
    if not seen:
        call.answer_privately(words.say("request_none"))
        return
    open_now = sum(request.state not in FINISHED for request in seen)
    lines = [words.say("request_list_head", count=len(seen), open=open_now)]
    lines.extend(_line(context, words, request) for request in seen[:MOST])
    if len(seen) > MOST:
        lines.append(words.say("request_list_more", count=len(seen) - MOST))
    call.answer_privately("\n".join(lines))


def _line(context: Context, words: Words, request: Request) -> str:
    due = cards.due_at(context, request)
    state = words.say(MACHINE.state_key(request.state))
    what = named(words, request)
    if due is None:
        return words.say("request_line", what=what, state=state)
    return words.say("request_line_due", what=what, state=state, due=words.due(due))
