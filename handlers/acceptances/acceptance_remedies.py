"""What becomes of an acceptance that did not pass: things to put right, rework or the end (domain.md 3.6; T-09b)."""

from __future__ import annotations

from datetime import date

from bot.domain import acceptance_course as course
from bot.domain.acceptance import MACHINE, Acceptance, AcceptanceAct, Proposal
from bot.domain.acceptance_form import RECTIFICATION
from bot.domain.action import Action
from bot.domain.folding import folded
from bot.domain.form import Content, rows_of
from bot.domain.happened import NewTask, WorkAssigned
from bot.domain.ids import PersonId
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import effects
from handlers.acceptances.acceptance_keeping import relation_of, save, tell
from handlers.access import require
from handlers.deadlines.deadlines import limit_workdays
from handlers.deeds import SHORTEST_REASON, Deed, Done, visible_length
from handlers.forms import form_filling
from handlers.possible import require_possible, require_privacy
from handlers.post_holders import acting_head

_PROPOSALS = {
    "返工": Proposal.REWORK, "rework": Proposal.REWORK, "终止": Proposal.TERMINATE, "terminate": Proposal.TERMINATE,
}  # fmt: skip


def on_rectify(deed: Deed, acceptance: Acceptance) -> Done:
    """`整改 YS-6` with a row for each thing that has to be put right: by whom, until when; they become tasks (T-09b)."""
    context, words = deed.context, deed.words
    grant = require(context, Action.ORGANISE_ACCEPTANCE, relation_of(context, acceptance))
    require_privacy(deed, acceptance)
    require_possible(deed, acceptance, MACHINE, AcceptanceAct.RECTIFY)
    reading = form_filling.read(context, RECTIFICATION, deed.fields)
    complained = form_filling.complaint(words, reading, RECTIFICATION)
    if complained:
        return Done(complained)
    form_filling.require_complete(context, words, RECTIFICATION, reading.content)
    tasks = _rectifications(context, acceptance, reading.content)
    after = course.listed(acceptance)
    stored = save(context, acceptance, after, AcceptanceAct.RECTIFY, grant=grant, verb=deed.verb)
    context.announce(
        WorkAssigned(
            source=stored.code,
            tasks=tasks,
            item=stored.item,
            lead=stored.lead,
            secrecy=stored.secrecy,
            access=stored.access,
        )
    )
    return Done(words.say("acceptance_rectifications", code=stored.code, count=len(tasks), item=stored.item))


def _rectifications(context: Context, acceptance: Acceptance, content: Content) -> tuple[NewTask, ...]:
    """The rows as tasks; one without a date has five working days (T-09b). Raises RuleViolation `task_due_past`."""
    calendars = context.world.calendars
    days = context.world.company.parameters.timers_rectification_wd
    usual = limit_workdays(context, days, since=acceptance.decided_at).due_at
    found: list[NewTask] = []
    for row in rows_of(content, "rectifications"):
        what, owner, due = (*row, "", "", "")[:3]
        due_at = calendars.end_of_day(date.fromisoformat(due[:10])) if due else usual
        if due_at <= context.now:
            raise RuleViolation("task_due_past")
        department = context.world.posts.department_of(PersonId(owner)) or acceptance.lead
        found.append(NewTask(title=what, department=department, owner=PersonId(owner), due_at=due_at))
    return tuple(found)


def on_propose(deed: Deed, acceptance: Acceptance) -> str:
    """`处理建议 YS-6 返工 说明`: after a failure the lead head says what becomes of it; the leader reads it."""
    context = deed.context
    grant = require(context, Action.APPLY_ACCEPTANCE, relation_of(context, acceptance))
    if deed.person.id != _head(deed, acceptance):
        raise RuleViolation("no_right")
    require_privacy(deed, acceptance)
    require_possible(deed, acceptance, MACHINE, AcceptanceAct.PROPOSE)
    first, _, rest = deed.text.strip().partition(" ")
    proposal = _PROPOSALS.get(folded(first))
    if proposal is None:
        raise RuleViolation("proposal_not_understood", {"code": acceptance.code})
    reason = inert(deed.given("原因") or rest.strip(), limit=500)
    if visible_length(reason) < SHORTEST_REASON:
        raise RuleViolation("reason_required")
    after = course.proposed(acceptance, proposal, reason=reason, now=context.now)
    stored = save(context, acceptance, after, AcceptanceAct.PROPOSE, grant=grant, reason=reason, verb=deed.verb)
    word = f"proposal_{proposal.name.lower()}"
    tell(
        context,
        [effects.leader(context), effects.secretary(context)],
        stored,
        "acceptance_proposed_told",
        name=deed.person.name,
        proposal=deed.words.say(word),
        reason=reason,
    )
    return deed.words.say("acceptance_proposed", code=stored.code, proposal=deed.words.say(word))


def _head(deed: Deed, acceptance: Acceptance) -> PersonId | None:
    head = acting_head(deed.context, acceptance.lead)
    return head.id if head is not None else None
