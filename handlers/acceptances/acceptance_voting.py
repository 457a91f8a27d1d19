"""How an acceptance is voted on and what comes of it: acceptors, verdicts, the leader where opinions differ (domain.md 3.6; P-23, P-24; SoD-3)."""

from __future__ import annotations

import re

from bot.domain import acceptance_course as course
from bot.domain.acceptance import MACHINE, Acceptance, AcceptanceAct, AcceptanceState, Verdict, Vote
from bot.domain.action import Action
from bot.domain.folding import fold, folded
from bot.domain.ids import PersonId
from bot.domain.item import Item
from bot.domain.permissions import Grant
from bot.domain.separation import acceptors as counted_departments
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import effects, matter_cards
from handlers.acceptances import acceptance_cards
from handlers.acceptances.acceptance_keeping import relation_of, save, tell
from handlers.access import require
from handlers.deeds import SHORTEST_REASON, Deed, Done, too_late, visible_length
from handlers.possible import require_possible, require_privacy
from handlers.post_holders import acting_head, handling, head_post, is_at_work
from handlers.words import Words

_WORDS = {
    "合格": Verdict.PASSED, "通过": Verdict.PASSED, "全部合格": Verdict.PASSED, "passed": Verdict.PASSED, "pass": Verdict.PASSED,
    "整改": Verdict.RECTIFY, "需整改": Verdict.RECTIFY, "整改后合格": Verdict.RECTIFY, "rectify": Verdict.RECTIFY,
    "不合格": Verdict.FAILED, "failed": Verdict.FAILED, "fail": Verdict.FAILED,
}  # fmt: skip
_TOKEN = re.compile(r"\s*(?:\d{1,2}\s*[.、:)]?\s*)?([^\s,，、;；:：]+)[\s,，、;；:：]*")


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


# ---------------------------------------------------------------- votes


def on_vote(deed: Deed, acceptance: Acceptance) -> Done:
    """`评议 YS-6 合格`, or a verdict on each criterion in their order; where opinions differ, the leader's word."""
    if acceptance.is_split:
        return Done(_decide(deed, acceptance))
    context = deed.context
    grant = require(context, Action.VOTE_ACCEPTANCE, relation_of(context, acceptance))
    require_privacy(deed, acceptance)
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
    require_privacy(deed, acceptance)
    require_possible(deed, acceptance, MACHINE, AcceptanceAct.CONCLUDE)
    after = course.concluded(acceptance, now=context.now)
    stored = save(context, acceptance, after, AcceptanceAct.CONCLUDE, grant=grant, verb=deed.verb)
    announce_result(context, stored)
    return _result_said(stored, deed.words)


def _decide(deed: Deed, acceptance: Acceptance) -> str:
    """Opinions differ: the leader, or ALT where the leader heads the lead department (SoD-5)."""
    context = deed.context
    grant = require(context, Action.RULE_CONFLICT, relation_of(context, acceptance))
    require_privacy(deed, acceptance)
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
