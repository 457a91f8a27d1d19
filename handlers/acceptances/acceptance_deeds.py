"""How an acceptance is applied for, shown and taken back (domain.md 3.6; P-22); the verbs of all that people do to one."""

from __future__ import annotations

from bot.domain import acceptance_course as course
from bot.domain.acceptance import MACHINE, Acceptance, AcceptanceAct, AcceptanceState
from bot.domain.acceptance_form import FORM, criteria_of, criteria_of_plan, unchecked
from bot.domain.action import Action
from bot.domain.confidentiality import Secrecy
from bot.domain.directory import Person
from bot.domain.form import Content
from bot.domain.form_reading import Reading, missing
from bot.domain.ids import CodeKind
from bot.domain.issue import Grade
from bot.domain.item import ITEM, Item, ItemAct, ItemState, Level
from bot.domain.meeting import Node
from bot.domain.permissions import Grant
from bot.domain.plan import PlanState
from bot.domain.relation import of_item as relation_of_item
from bot.domain.resolution import ResolutionState
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import effects, matter_cards
from handlers.acceptances import acceptance_cards, acceptance_remedies, acceptance_voting
from handlers.acceptances.acceptance_keeping import of_item, relation_of, save, tell
from handlers.access import allows, require
from handlers.deadlines.deadlines import limit_workdays
from handlers.deeds import Deed, Done
from handlers.forms import form_drafts, form_filling, form_offers
from handlers.forms.form_filling import Filling
from handlers.items import item_cards
from handlers.numbering import new_code
from handlers.possible import require_possible
from handlers.post_holders import is_at_work
from handlers.tables import Tables
from handlers.words import Words


def register(tables: Tables) -> None:
    """Put the verbs on the table."""
    tables.deeds.on("acceptance", CodeKind.ITEM, on_apply)
    tables.deeds.on("acceptance", CodeKind.ACCEPTANCE, on_show)
    for verb, handler in (
        ("vote", acceptance_voting.on_vote),
        ("conclude", acceptance_voting.on_conclude),
        ("rectify", acceptance_remedies.on_rectify),
        ("propose", acceptance_remedies.on_propose),
        ("withdraw", on_withdraw),
    ):
        tables.deeds.on(verb, CodeKind.ACCEPTANCE, handler)


# ---------------------------------------------------------------- applying


def on_apply(deed: Deed, item: Item) -> Done:
    """`验收 SX-8` with the lines of F8: applied for as soon as the form is whole; again after a rectification."""
    context, words = deed.context, deed.words
    _right_to_apply(context, item, is_private=deed.is_private)
    require_possible(deed, item, ITEM, ItemAct.APPLY)
    _check_ready(context, item)
    base = {**_loaded(context, item), **form_drafts.kept(context, deed.person.id, FORM, item.code)}
    if not deed.fields:
        if missing(FORM, base):
            head = words.say("acceptance_offer", code=item.code)
            return Done(form_offers.offer(deed, FORM, item.code, said=head), is_private=True)
        reading = Reading(content=base)
    else:
        reading = form_filling.read(context, FORM, deed.fields, base=base)
        complained = form_filling.complaint(words, reading, FORM)
        if complained:
            form_drafts.keep(context, deed.person.id, FORM, reading.content, item.code)
            return Done(form_offers.offer_rest(deed, FORM, item.code, said=complained, in_text=complained))
    said = _take(context, deed.person, words, item, reading, verb=deed.verb)
    return Done(form_offers.offer_rest(deed, FORM, item.code, said="", in_text=said))


def load(context: Context, code: str, _: Person) -> Content:
    """What the application holds now: that of the round before, which was sent back."""
    item = context.uow.items.get(code)
    return _loaded(context, item) if item is not None else {}


def keep(filling: Filling) -> str:
    """Answers of the dialogue: applied for as soon as it is whole."""
    item = filling.context.uow.items.get(filling.code)
    if item is None:
        raise RuleViolation("not_found_or_no_right")
    _right_to_apply(filling.context, item, is_private=True)
    if not ITEM.allows(item.state, ItemAct.APPLY):
        raise RuleViolation("stale_card", {"state": item_cards.state_key(item)})
    _check_ready(filling.context, item)
    return _take(filling.context, filling.person, filling.words, item, filling.reading, verb="acceptance")


def _loaded(context: Context, item: Item) -> Content:
    sent_back = _sent_back(context, item)
    return sent_back.content if sent_back is not None else {}


def _sent_back(context: Context, item: Item) -> Acceptance | None:
    """The acceptance that this item is put right for."""
    if item.state is not ItemState.RECTIFYING:
        return None
    return of_item(context, item, AcceptanceState.RECTIFY, AcceptanceState.FAILED)


def _right_to_apply(context: Context, item: Item, *, is_private: bool) -> Grant:
    grant = require(context, Action.APPLY_ACCEPTANCE, relation_of_item(item))
    if not is_private and item.secrecy >= Secrecy.CONFIDENTIAL:
        raise RuleViolation("confidential_refused")
    return grant


def _check_ready(context: Context, item: Item) -> None:
    course.check_ready(
        open_tasks=[t.code for t in context.uow.tasks.find(item=item.code) if t.item == item.code and t.is_open],
        open_issues=[
            issue.code
            for issue in context.uow.issues.find(item=item.code)
            if issue.is_open and issue.grade in {Grade.IMPORTANT, Grade.MAJOR}
        ],
        lacks_resolution=_lacks_resolution(context, item),
        enforce=context.world.company.parameters.milestones_enforce,
    )


def _lacks_resolution(context: Context, item: Item) -> bool:
    """A special item wants the signed resolution of the meeting before acceptance (3.3)."""
    if item.level is not Level.SPECIAL:
        return False
    for resolution in context.uow.resolutions.find(item=item.code, state=ResolutionState.SIGNED.value):
        meeting = context.uow.meetings.get(resolution.meeting)
        if meeting is not None and meeting.node is Node.PRE_ACCEPTANCE:
            return False
    return True


def _take(context: Context, person: Person, words: Words, item: Item, reading: Reading, *, verb: str) -> str:
    grant = _right_to_apply(context, item, is_private=True)
    filling = Filling(context=context, person=person, words=words, form=FORM, code=item.code, reading=reading)
    unfinished = form_filling.unfinished(filling, reading.content)
    if unfinished:
        return unfinished
    planned = _criteria(context, item)
    left_out = unchecked(planned, reading.content)
    if left_out:
        form_drafts.keep(context, person.id, FORM, reading.content, item.code)
        return words.say("acceptance_unchecked", criteria=words.listing(inert(c, limit=40) for c in left_out))
    form_drafts.drop(context, person.id, FORM, item.code)
    stored = _apply(context, person, item, reading.content, planned or criteria_of(reading.content), grant, verb)
    secretary = effects.secretary(context)
    if secretary is not None:
        purpose = acceptance_cards.purpose_of(stored, acceptance_cards.ORGANISE)
        matter_cards.show_to(context, secretary, stored.code, purpose, at_once=is_at_work(context))
    said = words.say(
        "acceptance_applied",
        code=stored.code,
        item=item.code,
        name=secretary.name if secretary is not None else words.say("vacant"),
        due=words.deadline(stored.due_at) if stored.due_at is not None else "",
    )
    return f"{said}\n{words.say('acceptance_lacks_resolution')}" if stored.lacks_resolution else said


def _criteria(context: Context, item: Item) -> tuple[str, ...]:
    """The criteria of the plan in force (R-80)."""
    plans = context.uow.plans.find(item=item.code, state=PlanState.EFFECTIVE.value)
    newest = max(plans, key=lambda plan: plan.number, default=None)
    return criteria_of_plan(newest.content) if newest is not None else ()


def _apply(
    context: Context,
    person: Person,
    item: Item,
    content: Content,
    criteria: tuple[str, ...],
    grant: Grant,
    verb: str,
) -> Acceptance:
    due_at = limit_workdays(context, context.world.company.parameters.timers_acceptance_wd).due_at
    lacks = _lacks_resolution(context, item)
    before = _sent_back(context, item)
    if before is not None:
        after = course.reapplied(
            before,
            content=content,
            criteria=criteria,
            by=person.id,
            lacks_resolution=lacks,
            due_at=due_at,
            now=context.now,
        )
        return save(context, before, after, AcceptanceAct.REAPPLY, grant=grant, verb=verb)
    new = Acceptance(
        code=new_code(context, CodeKind.ACCEPTANCE),
        item=item.code,
        title=item.title,
        lead=item.lead,
        state=AcceptanceState.APPLIED,
        applied_by=person.id,
        applied_at=context.now,
        content=content,
        criteria=criteria,
        since=context.now,
        due_at=due_at,
        lacks_resolution=lacks,
        secrecy=item.secrecy,
        access=item.access,
    )
    return save(context, None, new, "apply", grant=grant, verb=verb)


def on_withdraw(deed: Deed, acceptance: Acceptance) -> str:
    """The lead takes it back; the item goes on."""
    context = deed.context
    grant = require(context, Action.APPLY_ACCEPTANCE, relation_of(context, acceptance))
    require_possible(deed, acceptance, MACHINE, AcceptanceAct.WITHDRAW)
    reason = deed.optional_reason()
    after = course.withdrawn(acceptance, reason=reason)
    stored = save(context, acceptance, after, AcceptanceAct.WITHDRAW, grant=grant, reason=reason, verb=deed.verb)
    tell(context, [effects.secretary(context)], stored, "acceptance_withdrawn_told", name=deed.person.name)
    return deed.words.say("acceptance_withdrawn", code=stored.code, item=stored.item)


def on_show(deed: Deed, acceptance: Acceptance) -> Done:
    """`验收 YS-6`: the application and what was said of it, in private, for everybody concerned."""
    context, words = deed.context, deed.words
    if not allows(context, Action.EXPLAIN, relation_of(context, acceptance)):
        raise RuleViolation("not_found_or_no_right")
    state = words.say(acceptance_cards.state_key(acceptance))
    head = words.say("acceptance_head", code=acceptance.code, title=inert(acceptance.title, limit=60), state=state)
    votes = [f"· {line}" for line in acceptance_cards.vote_lines(acceptance, words)]
    return Done("\n".join((head, form_filling.shown(words, FORM, acceptance.content), *votes)), is_private=True)
