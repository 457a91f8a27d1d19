"""What is done to a proposal: reviewed, heard, confirmed, published, appealed (domain.md 3.16; T-27; P-60..P-62, SoD-6)."""

from __future__ import annotations

from bot.domain.action import Action
from bot.domain.directory import Role
from bot.domain.folding import folded
from bot.domain.ids import CodeKind, PersonId
from bot.domain.permissions import Grant
from bot.domain.proposal import (
    MACHINE,
    Audience,
    Proposal,
    ProposalAct,
    ProposalState,
    appealed,
    confirmed,
    dropped,
    heard,
    published,
    put_forward,
    rejected,
    stated,
    voted,
)
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import effects, matter_cards
from handlers.access import require
from handlers.conversation.misread import misread
from handlers.deeds import SHORTEST_REASON, Deed, visible_length
from handlers.possible import require_possible
from handlers.scores import proposal_cards
from handlers.scores.proposal_keeping import (
    LONGEST,
    appeal_due,
    appeal_ends,
    concerned,
    confirm_due,
    decider,
    hearing_due,
    readers,
    relation_of,
    save,
    tell,
    voters,
    whom,
)
from handlers.scores.proposal_sight import require_sight
from handlers.tables import Tables
from handlers.words import words_for

_SCOPES = {
    "协调小组": Audience.GROUP,
    "小组": Audience.GROUP,
    "group": Audience.GROUP,
    "本部门": Audience.DEPARTMENT,
    "部门": Audience.DEPARTMENT,
    "department": Audience.DEPARTMENT,
    "全公司": Audience.COMPANY,
    "公司": Audience.COMPANY,
    "全员": Audience.COMPANY,
    "company": Audience.COMPANY,
}
_CHECKED = ("已核对", "已核实", "核对无误", "checked")
_CONFIRMED = ("确认", "发布", "confirm")


def register(tables: Tables) -> None:
    """Put the verbs on the table."""
    on, kind = tables.deeds.on, CodeKind.PROPOSAL
    on("put_forward", kind, on_put_forward)
    on("drop_candidate", kind, on_drop)
    on("state_case", kind, on_state)
    on("confirm_proposal", kind, on_confirm)
    on("reject", kind, on_reject)
    on("publish_notice", kind, on_publish)
    on("appeal", kind, on_appeal)
    on("uphold_appeal", kind, lambda deed, proposal: _vote(deed, proposal, withdraws=False))
    on("grant_appeal", kind, lambda deed, proposal: _vote(deed, proposal, withdraws=True))


def _allowed(deed: Deed, proposal: Proposal, action: Action, act: ProposalAct) -> Grant:
    """Sight first, then the right, then the table."""
    require_sight(deed.context, proposal)
    grant = require(deed.context, action, relation_of(deed.context, proposal))
    _possible(deed, proposal, act)
    return grant


def _possible(deed: Deed, proposal: Proposal, act: ProposalAct) -> None:
    require_possible(deed, proposal, MACHINE, act)


# ---------------------------------------------------------------- the secretary's review


def on_put_forward(deed: Deed, proposal: Proposal) -> str:
    """An award to the leader, a criticism to the hearing; the evidence of a criticism was checked (the card asks)."""
    grant = _allowed(deed, proposal, Action.PUBLISH_NOTICE, ProposalAct.PUT_FORWARD)
    context = deed.context
    checked = deed.is_click or any(word in folded(deed.text) for word in _CHECKED)
    after = put_forward(
        proposal,
        has_checked=checked,
        hearing_due=hearing_due(context),
        confirm_due=confirm_due(context),
        now=context.now,
    )
    after = save(context, proposal, after, act="put_forward", grant=grant, verb=deed.verb)
    if after.state is ProposalState.HEARING:
        for person in concerned(context, after):
            matter_cards.show_to(context, person, after.code, proposal_cards.HEARING)
        return deed.words.say("proposal_hearing_said", code=after.code, whom=whom(after, deed.words))
    _ask_leader(context, after)
    return deed.words.say("proposal_forwarded_said", code=after.code)


def on_drop(deed: Deed, proposal: Proposal) -> str:
    """Not followed up, with the reason."""
    grant = _allowed(deed, proposal, Action.PUBLISH_NOTICE, ProposalAct.DROP)
    reason = deed.reason()
    after = dropped(proposal, reason, now=deed.context.now)
    save(deed.context, proposal, after, act="dropped", grant=grant, verb=deed.verb, reason=reason)
    return deed.words.say("proposal_dropped_said", code=proposal.code)


def _ask_leader(context: Context, proposal: Proposal) -> None:
    """The leader, or whoever decides in the leader's place (SoD-6)."""
    post = decider(context, proposal)
    acting = context.world.posts.leader() if post == context.world.posts.leader_post() else post
    person = context.world.directory.person(acting) if acting is not None else None
    if person is not None and person.id in relation_of(context, proposal).beneficiaries:
        person = context.world.directory.person(post) if post is not None else None
    if person is not None:
        matter_cards.show_to(context, person, proposal.code, proposal_cards.CONFIRM)


# ---------------------------------------------------------------- the hearing


def on_state(deed: Deed, proposal: Proposal) -> str:
    """The person or the head states the case; it goes to the leader with the statement (P-60)."""
    grant = _allowed(deed, proposal, Action.STATE_CASE, ProposalAct.STATE)
    text = _written(deed, proposal_cards.STATEMENT)
    after = stated(proposal, text, deed.person.id, confirm_due=confirm_due(deed.context), now=deed.context.now)
    after = save(deed.context, proposal, after, act="stated", grant=grant, verb=deed.verb)
    _ask_leader(deed.context, after)
    return deed.words.say("proposal_stated_said", code=proposal.code)


def hearing_over(context: Context, proposal: Proposal) -> None:
    """Nobody stated anything in time."""
    after = save(
        context,
        proposal,
        heard(proposal, confirm_due=confirm_due(context), now=context.now),
        act="hearing_over",
    )
    _ask_leader(context, after)


def _written(deed: Deed, field: str) -> str:
    text = inert(" ".join((deed.form.get(field, "") or deed.optional_reason()).split()), limit=LONGEST)
    if visible_length(text) < SHORTEST_REASON:
        raise RuleViolation("reason_required")
    return text


# ---------------------------------------------------------------- the leader


def on_confirm(deed: Deed, proposal: Proposal) -> str:
    """Points and audience are chosen by the leader, within their bounds; nobody confirms what is about himself (SoD-6)."""
    grant = _allowed(deed, proposal, Action.CONFIRM_PROPOSAL, ProposalAct.CONFIRM)
    context = deed.context
    after = confirmed(
        proposal,
        points=_points(deed),
        audience=_audience(deed),
        by=deed.person.id,
        behalf=grant.behalf,
        publish_due=confirm_due(context),
        now=context.now,
    )
    after = save(context, proposal, after, act="confirmed", grant=grant, verb=deed.verb)
    secretary = effects.secretary(context)
    if secretary is not None:
        matter_cards.show_to(context, secretary, after.code, proposal_cards.PUBLISH)
    points = f"{after.points:+d}"
    for person in concerned(context, after):
        until = words_for(context, person).time(appeal_ends(context, after))
        tell(context, [person], after, "proposal_told_confirmed", points=points, until=until)
    officers = [p for p in context.world.directory.holders(Role.PERFORMANCE) if p.id != deed.person.id]
    tell(context, officers, after, "proposal_told_officer", points=points)
    return deed.words.say("proposal_confirmed_said", code=proposal.code, points=points, scope=after.scope)


def _points(deed: Deed) -> int:
    given = folded(deed.given(proposal_cards.POINTS) or deed.given("分值")).strip(" 分+-−")
    if not given.isdigit():
        raise misread(deed.words, "points", given, verb="confirm_proposal")
    return int(given)


def _audience(deed: Deed) -> str:
    given = deed.given(proposal_cards.SCOPE) or deed.given("范围")
    found = _SCOPES.get(folded(given).strip())
    if found is None:
        raise misread(deed.words, "audience", given, verb="confirm_proposal")
    return found.value


def on_reject(deed: Deed, proposal: Proposal) -> str:
    """Not confirmed: only the secretary and whoever proposed it hear of that."""
    grant = _allowed(deed, proposal, Action.CONFIRM_PROPOSAL, ProposalAct.REJECT)
    context, reason = deed.context, deed.reason()
    after = rejected(proposal, reason, now=context.now)
    after = save(context, proposal, after, act="rejected", grant=grant, verb=deed.verb, reason=reason)
    proposer = context.world.directory.person(proposal.proposed_by) if proposal.proposed_by is not None else None
    told = [p for p in (effects.secretary(context), proposer) if p is not None and p.id != deed.person.id]
    tell(context, told, after, "proposal_told_rejected", reason=reason)
    return deed.words.say("proposal_rejected_said", code=proposal.code)


# ---------------------------------------------------------------- publishing


def on_publish(deed: Deed, proposal: Proposal) -> str:
    """The secretary's press after the preview; by text the preview comes first. Never by a timer."""
    grant = _allowed(deed, proposal, Action.PUBLISH_NOTICE, ProposalAct.PUBLISH)
    context = deed.context
    if not deed.is_click and not any(word in folded(deed.text) for word in _CONFIRMED):
        preview = proposal_cards.notice(proposal, deed.words)
        return deed.words.say("proposal_preview_said", code=proposal.code, scope=proposal.scope, text=preview)
    after = save(context, proposal, published(proposal, now=context.now), act="published", grant=grant, verb=deed.verb)
    people = readers(context, after)
    for person in people:
        text = proposal_cards.notice(after, words_for(context, person))
        effects.tell(context, person, effects.text(text), key=f"{after.code}:notice:{person.id}", ref=after.code)
    return deed.words.say("proposal_published_said", code=after.code, scope=after.scope, count=len(people))


# ---------------------------------------------------------------- appeals


def on_appeal(deed: Deed, proposal: Proposal) -> str:
    """The person or the head, within the limit; leader and alternate decide together."""
    grant = _allowed(deed, proposal, Action.APPEAL, ProposalAct.APPEAL)
    context = deed.context
    text = _written(deed, "appeal")
    after = appealed(
        proposal,
        text,
        deed.person.id,
        ends_at=appeal_ends(context, proposal),
        due_at=appeal_due(context),
        now=context.now,
    )
    after = save(context, proposal, after, act="appealed", grant=grant, verb=deed.verb, reason=text)
    for key in voters(context, after):
        person = context.world.directory.person(key)
        if person is not None:
            matter_cards.show_to(context, person, after.code, proposal_cards.APPEAL)
    secretary = effects.secretary(context)
    if secretary is not None:
        tell(context, [secretary], after, "proposal_told_appeal")
    return deed.words.say("proposal_appealed_said", code=proposal.code)


def _vote(deed: Deed, proposal: Proposal, *, withdraws: bool) -> str:
    context = deed.context
    require_sight(context, proposal)
    _possible(deed, proposal, ProposalAct.VOTE)
    who: PersonId = deed.person.id
    after = voted(proposal, who, withdraws, voters=voters(context, proposal), now=context.now)
    act = "appeal_granted" if withdraws else "appeal_dismissed"
    after = save(context, proposal, after, act=act, verb=deed.verb, slot=who)
    if after.state is ProposalState.APPEAL:
        return deed.words.say("proposal_voted_said", code=proposal.code)
    told = list(concerned(context, after))
    secretary = effects.secretary(context)
    if secretary is not None:
        told.append(secretary)
    if after.state is ProposalState.WITHDRAWN:
        told.extend(context.world.directory.holders(Role.PERFORMANCE))
        if after.published_at is not None:
            told.extend(readers(context, after))
        tell(context, told, after, "proposal_told_withdrawn")
        return deed.words.say("proposal_withdrawn_said", code=proposal.code)
    tell(context, told, after, "proposal_told_stands")
    return deed.words.say("proposal_stands_said", code=proposal.code)
