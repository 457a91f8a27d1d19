"""What people do to an acceptance: apply, vote, conclude, decide, put right, withdraw (domain.md 3.6; P-22..P-24; SoD-3)."""

from __future__ import annotations

import re
from datetime import date

from bot.domain import acceptance_course as course
from bot.domain.acceptance import MACHINE, Acceptance, AcceptanceAct, AcceptanceState, Proposal, Verdict, Vote
from bot.domain.acceptance_form import FORM, RECTIFICATION, criteria_of, criteria_of_plan, unchecked
from bot.domain.action import Action
from bot.domain.confidentiality import Secrecy
from bot.domain.directory import Person
from bot.domain.folding import fold, folded
from bot.domain.form import Content, rows_of
from bot.domain.form_reading import Reading
from bot.domain.happened import NewTask, WorkAssigned
from bot.domain.ids import CodeKind, PersonId
from bot.domain.issue import Grade
from bot.domain.item import ITEM, Item, ItemAct, ItemState, Level
from bot.domain.meeting import Node
from bot.domain.permissions import Grant
from bot.domain.plan import PlanState
from bot.domain.relation import of_item as relation_of_item
from bot.domain.resolution import ResolutionState
from bot.domain.separation import acceptors as counted_departments
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import acceptance_cards, effects, form_drafts, form_filling, item_cards, matter_cards
from handlers.acceptance_keeping import of_item, relation_of, save, tell
from handlers.access import allows, require
from handlers.deadlines import limit_workdays
from handlers.deeds import SHORTEST_REASON, Deed, Done, too_late, visible_length
from handlers.form_filling import Filling
from handlers.numbering import new_code
from handlers.possible import require_possible
from handlers.post_holders import acting_head, handling, head_post, is_at_work
from handlers.tables import Tables
from handlers.words import Words

_WORDS = {
    "合格": Verdict.PASSED, "通过": Verdict.PASSED, "全部合格": Verdict.PASSED, "passed": Verdict.PASSED, "pass": Verdict.PASSED,
    "整改": Verdict.RECTIFY, "需整改": Verdict.RECTIFY, "整改后合格": Verdict.RECTIFY, "rectify": Verdict.RECTIFY,
    "不合格": Verdict.FAILED, "failed": Verdict.FAILED, "fail": Verdict.FAILED,
}  # fmt: skip
_PROPOSALS = {
    "返工": Proposal.REWORK, "rework": Proposal.REWORK, "终止": Proposal.TERMINATE, "terminate": Proposal.TERMINATE,
}  # fmt: skip
_TOKEN = re.compile(r"\s*(?:\d{1,2}\s*[.、:)]?\s*)?([^\s,，、;；:：]+)[\s,，、;；:：]*")


def register(tables: Tables) -> None:
    """Put the verbs on the table."""
    tables.deeds.on("acceptance", CodeKind.ITEM, on_apply)
    tables.deeds.on("acceptance", CodeKind.ACCEPTANCE, on_show)
    for verb, handler in (
        ("vote", on_vote),
        ("conclude", on_conclude),
        ("rectify", on_rectify),
        ("propose", on_propose),
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
        asked = form_filling.ask_next(context, deed.person, FORM, item.code, content=base)
        if asked:
            return Done("\n".join((words.say("acceptance_offer", code=item.code), asked)), is_private=True)
        reading = Reading(content=base)
    else:
        reading = form_filling.read(context, FORM, deed.fields, base=base)
        complained = form_filling.complaint(words, reading, FORM)
        if complained:
            form_drafts.keep(context, deed.person.id, FORM, reading.content, item.code)
            return Done(complained)
    return Done(_take(context, deed.person, words, item, reading, verb=deed.verb))


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
    _possible(deed, acceptance, AcceptanceAct.WITHDRAW)
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


# ---------------------------------------------------------------- acceptors


def may_vote(context: Context, item: Item, person: PersonId) -> bool:
    """Does a vote of this person count: a head of another department than the lead, or the leader (P-24, SoD-3)?"""
    posts = context.world.posts
    if person == posts.leader_post():
        return item.lead not in {d.id for d in context.world.directory.departments if posts.head_post(d.id) == person}
    department = posts.department_of(person)
    own = next((d.id for d in context.world.directory.departments if posts.head_post(d.id) == person), department)
    using = (own,) if own is not None else ()
    counted = counted_departments(lead=item.lead, coop=item.coop, using=using).departments
    return own is not None and own in counted and posts.head_post(own) == person


# ---------------------------------------------------------------- voting


def on_vote(deed: Deed, acceptance: Acceptance) -> Done:
    """`评议 YS-6 合格`, or a verdict on each criterion in their order; where opinions differ, the leader's word."""
    if acceptance.is_split:
        return Done(_decide(deed, acceptance))
    context = deed.context
    grant = require(context, Action.VOTE_ACCEPTANCE, relation_of(context, acceptance))
    _in_private(deed, acceptance)
    seat = _seat(deed, acceptance, grant)
    if not MACHINE.allows(acceptance.state, AcceptanceAct.VOTE) or seat not in acceptance.waiting:
        state = acceptance_cards.state_key(acceptance)
        raise too_late(context, acceptance.code, deed.verb, state=state, slot=f"{acceptance.round}:{seat}")
    verdicts, reason = _verdicts(deed, acceptance)
    vote = Vote(
        by=deed.person.id,
        department=context.world.posts.department_of(seat) or grant.department,
        at=context.now,
        verdicts=verdicts,
        behalf=seat if seat != deed.person.id else None,
        reason=reason,
    )
    after = course.voted(acceptance, vote, now=context.now)
    stored = save(
        context,
        acceptance,
        after,
        AcceptanceAct.VOTE,
        grant=grant,
        reason=reason,
        verb=deed.verb,
        slot=f"{acceptance.round}:{seat}",
    )
    announce_result(context, stored)
    left = len(stored.waiting)
    if stored.state is AcceptanceState.VOTING and not stored.is_split:
        return Done(deed.words.say("acceptance_voted", code=stored.code, left=left))
    return Done(_result_said(stored, deed.words))


def _seat(deed: Deed, acceptance: Acceptance, grant: Grant) -> PersonId:
    """The acceptor in whose place this vote stands. Raises RuleViolation `no_right` for people who are none."""
    head = head_post(deed.context, grant.department)
    for person in (grant.behalf, deed.person.id, head):
        if person is not None and person in acceptance.acceptors:
            return person
    raise RuleViolation("no_right")


def _verdicts(deed: Deed, acceptance: Acceptance) -> tuple[tuple[Verdict, ...], str]:
    """What was said of each criterion, and why. Raises RuleViolation `vote_not_understood`, `reason_required`."""
    count = len(acceptance.criteria)
    if deed.slot == acceptance_cards.EACH:
        given = [deed.form.get(acceptance_cards.CRITERION.format(n=n), "") for n in range(1, count + 1)]
        said = tuple(_WORDS.get(folded(word)) for word in given)
        verdicts = tuple(verdict for verdict in said if verdict is not None)
        if len(verdicts) != count:
            raise RuleViolation("vote_not_understood", {"code": acceptance.code})
        return verdicts, _reason(deed.optional_reason(), verdicts)
    if deed.slot:
        verdict = Verdict[deed.slot.upper()]
        return (verdict,) * count, _reason(deed.optional_reason(), (verdict,))
    verdicts, rest = read_verdicts(deed.text)
    if not verdicts or (len(verdicts) != 1 and len(verdicts) != count):
        raise RuleViolation("vote_not_understood", {"code": acceptance.code})
    reason = inert(deed.given("原因") or rest, limit=500)
    return verdicts * count if len(verdicts) == 1 else verdicts, _reason(reason, verdicts)


def _reason(reason: str, verdicts: tuple[Verdict, ...]) -> str:
    """Everything but 合格 wants its reason."""
    is_fine = all(verdict is Verdict.PASSED for verdict in verdicts)
    if not is_fine and visible_length(reason) < SHORTEST_REASON:
        raise RuleViolation("reason_required")
    return reason


def read_verdicts(text: str) -> tuple[tuple[Verdict, ...], str]:
    """`合格 整改 2、合格 标识不清`: the verdicts at the beginning, and the words behind them."""
    plain = fold(text)
    found: list[Verdict] = []
    at = 0
    while (match := _TOKEN.match(plain.text, at)) is not None and (verdict := _WORDS.get(match.group(1))) is not None:
        found.append(verdict)
        at = match.end()
    return tuple(found), plain.cut(at).strip()


def on_conclude(deed: Deed, acceptance: Acceptance) -> str:
    """The secretary ends the vote with the opinions that came in (P-23)."""
    context = deed.context
    grant = require(context, Action.ORGANISE_ACCEPTANCE, relation_of(context, acceptance))
    _in_private(deed, acceptance)
    _possible(deed, acceptance, AcceptanceAct.CONCLUDE)
    after = course.concluded(acceptance, now=context.now)
    stored = save(context, acceptance, after, AcceptanceAct.CONCLUDE, grant=grant, verb=deed.verb)
    announce_result(context, stored)
    return _result_said(stored, deed.words)


def _decide(deed: Deed, acceptance: Acceptance) -> str:
    """Opinions differ: the leader, or ALT where the leader heads the lead department (SoD-5)."""
    context = deed.context
    grant = require(context, Action.RULE_CONFLICT, relation_of(context, acceptance))
    _in_private(deed, acceptance)
    if deed.slot and deed.slot != acceptance_cards.EACH:
        verdict, reason = Verdict[deed.slot.upper()], deed.optional_reason()
    else:
        verdicts, rest = read_verdicts(deed.text)
        if len(verdicts) != 1:
            raise RuleViolation("vote_not_understood", {"code": acceptance.code})
        verdict, reason = verdicts[0], inert(deed.given("原因") or rest, limit=500)
    reason = _reason(reason, (verdict,))
    after = course.decided(acceptance, verdict, by=deed.person.id, reason=reason, now=context.now)
    stored = save(context, acceptance, after, AcceptanceAct.DECIDE, grant=grant, reason=reason, verb=deed.verb)
    announce_result(context, stored)
    return _result_said(stored, deed.words)


# ---------------------------------------------------------------- the result


def announce_result(context: Context, acceptance: Acceptance) -> None:
    """Who has to do what now: the lead puts right or archives, the leader decides or is informed (3.6)."""
    liaison = handling(context, acceptance.lead, secrecy=acceptance.secrecy, access=acceptance.access)
    head = acting_head(context, acceptance.lead)
    leader, secretary = effects.leader(context), effects.secretary(context)
    if acceptance.is_split:
        if leader is not None:
            purpose = acceptance_cards.purpose_of(acceptance, acceptance_cards.DECIDE)
            matter_cards.show_to(context, leader, acceptance.code, purpose, at_once=is_at_work(context))
        return
    lead_card = acceptance_cards.purpose_of(acceptance, acceptance_cards.LEAD)
    match acceptance.state:
        case AcceptanceState.PASSED:
            if liaison is not None:
                matter_cards.show_to(context, liaison, acceptance.code, acceptance_cards.ARCHIVE)
            tell(context, [head, secretary], acceptance, "acceptance_passed_told")
        case AcceptanceState.RECTIFY:
            if liaison is not None:
                matter_cards.show_to(context, liaison, acceptance.code, lead_card)
            tell(context, [head, secretary], acceptance, "acceptance_rectify_told")
        case AcceptanceState.FAILED:
            if head is not None:
                matter_cards.show_to(context, head, acceptance.code, lead_card)
            tell(context, [leader, secretary, liaison], acceptance, "acceptance_failed_told")
        case _:
            pass


def _result_said(acceptance: Acceptance, words: Words) -> str:
    if acceptance.is_split:
        return words.say("acceptance_split", code=acceptance.code)
    return words.say(f"acceptance_result_{acceptance.state.value}", code=acceptance.code, item=acceptance.item)


def on_rectify(deed: Deed, acceptance: Acceptance) -> Done:
    """`整改 YS-6` with a row for each thing that has to be put right: by whom, until when; they become tasks (T-09b)."""
    context, words = deed.context, deed.words
    grant = require(context, Action.ORGANISE_ACCEPTANCE, relation_of(context, acceptance))
    _in_private(deed, acceptance)
    _possible(deed, acceptance, AcceptanceAct.RECTIFY)
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
    _in_private(deed, acceptance)
    _possible(deed, acceptance, AcceptanceAct.PROPOSE)
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


# ---------------------------------------------------------------- common


def _possible(deed: Deed, acceptance: Acceptance, act: AcceptanceAct) -> None:
    require_possible(deed, acceptance, MACHINE, act)


def _in_private(deed: Deed, acceptance: Acceptance) -> None:
    if not deed.is_private and acceptance.secrecy >= Secrecy.CONFIDENTIAL:
        raise RuleViolation("confidential_refused")
