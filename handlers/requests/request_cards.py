"""The cards of a request: one for each head and round, one for the leader (3.1; EC-05, EC-06, EC-08, EC-09, EC-93).

What a card offers is decided from the present state and the present holder of the post, each time anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.domain.assessment_form import verdict
from bot.domain.confidentiality import Secrecy
from bot.domain.directory import Person
from bot.domain.form import rows_of, text_of
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.item import Level
from bot.domain.request import FINISHED, MACHINE, Request, RequestState, day_of
from bot.domain.request_level import Measured, Sign, looks_special, measured
from bot.domain.slots import Slot, SlotState
from bot.messages import ButtonStyle, CardColour
from bot.routing import Context, Shown
from handlers.cards.matter import Choice, matter_card
from handlers.requests.request_notices import doer, said
from handlers.requests.request_rights import may_decide, waiting_slot
from handlers.words import Words, words_for

REVIEW, LEADER = "review", "leader"
_GOAL = 200
#: records of a request that went back to whoever asked for it
_RETURNS = frozenset({"request_sent_back", "request_returned", "request_assessed"})
_COLOURS = {
    RequestState.APPROVED: CardColour.DONE,
    RequestState.RETURNED: CardColour.OVERDUE,
    RequestState.REJECTED: CardColour.OVERDUE,
    RequestState.WITHDRAWN: CardColour.CLOSED,
}


def purpose(kind: str, request: Request) -> str:
    """What a card of this round is for: `review:2`, `leader:2`."""
    return f"{kind}:{request.round}"


def make(context: Context, code: str, wanted: str, reader: Person | None) -> Shown | None:
    """The card as it is now. A confidential request has none in groups, and none for people outside its list."""
    request = context.uow.requests.get(code)
    if request is None or not _may_have(request, reader):
        return None
    words = words_for(context, reader)
    number = wanted.partition(":")[2]
    if number != step(request):
        return _earlier(context, words, request, number)
    choices = tuple(_choices(context, request, wanted, reader))
    card = matter_card(
        words,
        kind=words.say("request_kind"),
        code=request.code,
        title=request.title,
        state=words.say(MACHINE.state_key(request.state)),
        colour=_colour(context, request),
        rows=_rows(context, words, request),
        body=_body(words, request, wanted, choices),
        choices=choices,
        step=step(request),
        secrecy=request.secrecy,
        reads_with=words.say("request_reads_with"),
    )
    offered = ".".join(f"{choice.verb}{choice.slot}" for choice in choices)
    return Shown(card, f"{request.version}:{offered}")


def _earlier(context: Context, words: Words, request: Request, number: str) -> Shown:
    """A card of an earlier round keeps how that round ended: who sent the request back, when and why (A4 31, EC-05)."""
    returned = next(
        (
            row.record
            for row in context.uow.audit.of(request.code)
            if row.record.action in _RETURNS and row.record.facts.get("round") == number
        ),
        None,
    )
    rows = [(words.say("request_row_asker"), asker(words, request))]
    body = [words.say("request_next_round", round=step(request))]
    if returned is not None:
        who = doer(words, PersonId(returned.actor), PersonId(returned.on_behalf_of) if returned.on_behalf_of else None)
        key = "request_slot_returned"
        decided = words.say("request_decided", name=who, time=words.time(returned.at), state=words.say(key))
        rows.append((words.say("request_row_result"), decided))
        if returned.reason:
            body.insert(0, words.say("request_reason_line", reason=said(returned.reason)))
    card = matter_card(
        words,
        kind=words.say("request_kind"),
        code=request.code,
        title=request.title,
        state=words.say("request_state_earlier", round=number),
        colour=CardColour.CLOSED,
        rows=rows,
        body="\n".join(body),
        secrecy=request.secrecy,
        reads_with=words.say("request_reads_with"),
    )
    return Shown(card, f"round {number} is over")


def step(request: Request) -> str:
    """The round: buttons of an earlier one are stale (EC-05)."""
    return str(request.round)


def _may_have(request: Request, reader: Person | None) -> bool:
    return request.secrecy < Secrecy.CONFIDENTIAL or (reader is not None and reader.id in request.access)


def _colour(context: Context, request: Request) -> CardColour:
    due = due_at(context, request)
    if due is not None and due <= context.now:
        return CardColour.OVERDUE
    return _COLOURS.get(request.state, CardColour.WAITING)


# ---------------------------------------------------------------- what can be done


def _choices(context: Context, request: Request, wanted: str, reader: Person | None) -> Iterator[Choice]:
    """Decisions that this reader can take now; nobody gets the buttons of the own request (EC-06)."""
    kind, _, number = wanted.partition(":")
    if reader is None or number != step(request):
        return
    if kind == REVIEW and request.state is RequestState.IN_REVIEW:
        slot = waiting_slot(context, request, reader.id)
        if slot is not None:
            yield Choice(verb="approve", label="request_button_pass", style=ButtonStyle.PRIMARY, slot=slot.department)
            yield Choice(verb="send_back", label="request_button_back", slot=slot.department, wants_reason=True)
    if kind == LEADER and request.state is RequestState.PENDING_LEADER and may_decide(context, request, reader.id):
        yield Choice(verb="approve", label="request_button_approve", style=ButtonStyle.PRIMARY)
        yield Choice(verb="reject", label="request_button_reject", style=ButtonStyle.DANGER, wants_reason=True)
        yield Choice(verb="send_back", label="request_button_return", wants_reason=True)


# ---------------------------------------------------------------- what it says


def due_at(context: Context, request: Request) -> datetime | None:
    """The earliest open limit."""
    return min((one.due_at for one in context.uow.obligations.find(code=request.code)), default=None)


def _rows(context: Context, words: Words, request: Request) -> Iterator[tuple[str, str]]:
    yield words.say("request_row_asker"), asker(words, request)
    yield words.say("request_row_level"), level(words, request, is_hinted=True)
    yield words.say("request_row_coop"), words.listing(words.department(d) for d in request.coop)
    yield words.say("request_row_dates"), dates(words, request)
    due = due_at(context, request)
    if due is not None:
        key = "request_overdue_since" if due <= context.now else "request_due_at"
        yield words.say("request_row_due"), words.say(key, due=words.deadline(due))
    elif request.state in {RequestState.RETURNED, *FINISHED}:
        yield words.say("request_row_result"), outcome(words, request)
    if request.state in {RequestState.PENDING_LEADER, RequestState.REJECTED}:
        yield words.say("request_row_opinion"), opinion(words, request)
    elif request.slots:
        yield words.say("request_row_slots"), progress(words, request)


def _body(words: Words, request: Request, wanted: str, choices: Sequence[Choice]) -> str:
    slot = next((choice.slot for choice in choices if choice.slot), "")
    lines = [_why(words, DepartmentId(slot))] if slot else []
    if request.reason and request.state in {RequestState.RETURNED, *FINISHED}:
        lines.append(words.say("request_reason_line", reason=said(request.reason)))
    goal = " ".join(text_of(request.content, "goal").split())
    if goal:
        lines.append(words.say("request_goal_line", goal=goal if len(goal) <= _GOAL else f"{goal[:_GOAL]}…"))
    if wanted.startswith(LEADER):
        risks = [row[0] for row in rows_of(request.assessment, "risks") if row]
        if risks:
            lines.append(words.say("request_risks_line", risks=words.listing(risks)))
    elif request.state is RequestState.IN_REVIEW:
        lines.append(thresholds(words, request))
    lines.append(words.say("request_read_line", code=request.code))
    return "\n".join(lines)


def _why(words: Words, department: DepartmentId) -> str:
    """For which department this reader is asked, and in whose place."""
    standing = words.context.world.posts.head_of(department)
    facts = {"department": words.department(department)}
    if standing is not None and standing.stands_in:
        return words.say("request_review_for", name=words.name(standing.represented), **facts)
    return words.say("request_review_own", **facts)


def asker(words: Words, request: Request) -> str:
    """Who submitted it, or began it, with the lead department."""
    person = request.submitted_by or request.created_by
    return words.say("request_asker", name=words.name(person), department=words.department(request.lead))


def level(words: Words, request: Request, *, is_hinted: bool = False) -> str:
    """Its level, with a word where A-02 suggests the other one."""
    name = words.say("request_level_special" if request.is_special else "request_level_routine")
    if is_hinted and request.level is Level.ROUTINE and looks_special(request, words.context.world.company.parameters):
        return words.say("request_level_hint", level=name)
    return name


def thresholds(words: Words, request: Request) -> str:
    """What counts as special, and what this request has (A-02, EC-93)."""
    signs = measured(request, words.context.world.company.parameters)
    return words.say("request_thresholds", signs=words.listing(_sign(words, one) for one in signs))


def _sign(words: Words, one: Measured) -> str:
    text = {
        Sign.COOP: words.say("request_sign_coop", value=one.value, limit=one.limit),
        Sign.DAYS: words.say("request_sign_days", value=one.value, limit=one.limit),
        Sign.BUDGET: words.say("request_sign_budget", value=one.value, limit=one.limit),
        Sign.KEY_PROJECT: words.say("request_sign_key" if one.value else "request_sign_no_key"),
    }[one.sign]
    return words.say("request_sign_reached", sign=text) if one.is_special else text


def dates(words: Words, request: Request) -> str:
    """From when to when."""
    start, end = day_of(request.content, "start_on"), day_of(request.content, "end_on")
    if start is None or end is None:
        return ""
    return words.say("request_dates", start=words.day(start), end=words.day(end))


def progress(words: Words, request: Request) -> str:
    """`2/5，待 质量、财务`."""
    filled = [slot for slot in request.slots if slot.state in {SlotState.PASSED, SlotState.SELF_SUBMITTED}]
    waiting = [slot for slot in request.slots if slot.state is SlotState.OPEN]
    count = f"{len(filled)}/{len(request.slots)}"
    if not waiting:
        return count
    names = words.listing(words.department(slot.department) for slot in waiting)
    return words.say("request_progress", count=count, waiting=names)


def slot_line(words: Words, slot: Slot) -> str:
    """One department's word, who said it, when and why (F1-25)."""
    state = words.say(f"request_slot_{slot.state.value}")
    line = words.say("request_slot_line", department=words.department(slot.department), state=state)
    if slot.by is not None and slot.at is not None:
        line += words.say("request_slot_by", name=doer(words, slot.by, slot.behalf), time=words.time(slot.at))
    return line + (words.say("request_slot_reason", reason=said(slot.reason)) if slot.reason else "")


def opinion(words: Words, request: Request) -> str:
    """Conclusion of the assessment with feasibility and resources (F1-26)."""
    parts = (
        text_of(request.assessment, "conclusion"),
        verdict(request.assessment, "feasibility")[0],
        verdict(request.assessment, "resources")[0],
    )
    return " · ".join(words.option(part) for part in parts if part)


def outcome(words: Words, request: Request) -> str:
    """Who ended it or sent it back, and when."""
    if request.decided_at is not None:
        return words.say(
            "request_decided",
            name=doer(words, request.decided_by, request.decided_for),
            time=words.time(request.decided_at),
            state=words.say(MACHINE.state_key(request.state)),
        )
    returned = next((slot for slot in request.slots if slot.state is SlotState.RETURNED), None)
    if returned is not None and returned.at is not None:
        return words.say(
            "request_decided",
            name=doer(words, returned.by, returned.behalf),
            time=words.time(returned.at),
            state=words.say("request_slot_returned"),
        )
    return words.say(MACHINE.state_key(request.state))
