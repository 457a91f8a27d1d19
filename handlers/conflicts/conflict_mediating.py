"""From statements to agreement (3.8; R-86..R-91; P-35, P-36; L-24, L-30): what parties say and the secretary proposes."""

from __future__ import annotations

import re

from bot.domain.action import Action
from bot.domain.codes import read_codes
from bot.domain.conflict import Acceptance, Conflict, ConflictAct, ConflictState, Statement
from bot.domain.conflict_form import MEDIATION
from bot.domain.conflict_mediation import (
    Outcome,
    answered,
    lapsed,
    offered,
    proposal,
    stated,
    verified,
    withdrawal_answered,
    withdrawal_asked,
)
from bot.domain.form import YES, Content, text_of
from bot.domain.form_text import FormField
from bot.domain.happened import DeadlinePassed
from bot.domain.ids import CodeKind, DepartmentId
from bot.domain.obligation import ObligationKind
from bot.domain.permissions import Column, Grant
from bot.domain.relation import Relation
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import matter_notices
from handlers.access import allows, require
from handlers.conflicts import conflict_keeping as keeping
from handlers.conflicts import conflict_people as people
from handlers.conflicts.conflict_concluding import conclude, measures_of, to_office_meeting
from handlers.deeds import Deed, Done, visible_length
from handlers.forms import step_forms
from handlers.words import Words
from handlers.written import behind_code

OFFER, RULE, WITHDRAW = "offer", "rule", "withdraw"
#: inputs of cards
STATEMENT, FINDING = "statement", "finding"
#: a statement or finding of fewer visible characters says nothing
SHORTEST = 5
LONGEST = 2000
_PLACES = re.compile(r"(?:登记处|涉及处|places?)\s*[:：]\s*", re.IGNORECASE)


# ---------------------------------------------------------------- statements, verification


def state_view(deed: Deed, conflict: Conflict) -> Done | str:
    """`陈述 CT-3 文字`: each party's head says how it sees the matter; asked for, never waited for."""
    context = deed.context
    grant = require(context, Action.ACCEPT_MEDIATION, people.relation(context, conflict))
    keeping.require_possible(deed, conflict, ConflictAct.STATE)
    text = _enough(deed, STATEMENT)
    statement = Statement(department=grant.department, by=deed.person.id, at=context.now, text=text)
    kept = keeping.save(context, conflict, stated(conflict, statement), act="stated", grant=grant, verb=deed.verb)
    return deed.words.say("conflict_stated", what=matter_notices.what(kept))


def verify(deed: Deed, conflict: Conflict) -> Done | str:
    """`核实 CT-3 以 JY-27 为准 登记处：…`: the lead department says which document is right (R-91, L-30)."""
    context = deed.context
    stands = people.relation(context, conflict)
    is_lead = allows(context, Action.CONFIRM_TASK, stands)
    grant = require(context, Action.CONFIRM_TASK if is_lead else Action.RECORD_MEDIATION, stands)
    keeping.require_possible(deed, conflict, ConflictAct.VERIFY)
    finding, *places = _PLACES.split(_enough(deed, FINDING), maxsplit=1)
    _require_known_source(context, finding)
    after = verified(
        conflict, finding.strip(), places=places[0].strip() if places else "", by=deed.person.id, now=context.now
    )
    kept = keeping.save(context, conflict, after, act="verified", grant=grant, verb=deed.verb)
    matter_notices.tell(
        context,
        context.world.posts.secretary(),
        kept,
        "conflict_verified_told",
        lambda _: {"finding": inert(kept.verified, limit=200) if not kept.secrecy else ""},
        key="verified",
    )
    return deed.words.say("conflict_verified", what=matter_notices.what(kept))


def _enough(deed: Deed, name: str) -> str:
    """Raises RuleViolation `conflict_say_more`."""
    text = inert(behind_code(deed, name), limit=LONGEST)
    if visible_length(text) < SHORTEST:
        raise RuleViolation("conflict_say_more")
    return text


def _require_known_source(context: Context, text: str) -> None:
    """What is named as the source is registered here. Raises RuleViolation `conflict_no_such_source`."""
    uow = context.uow
    known = {
        CodeKind.DOCUMENT: uow.documents.get,
        CodeKind.MINUTES: uow.minutes.get,
        CodeKind.SYNC_RECORD: uow.minutes.get,
        CodeKind.RESOLUTION: uow.resolutions.get,
    }
    year = context.world.calendars.local(context.now).year
    for ref in read_codes(text)[0]:
        look_up = known.get(ref.kind) if ref.kind is not None else None
        code = ref.code(year)
        if look_up is not None and code is not None and look_up(code) is None:
            raise RuleViolation("conflict_no_such_source", {"code": code})


# ---------------------------------------------------------------- the secretary's outcome


def mediate(deed: Deed, conflict: Conflict) -> Done | str:
    """`调解 CT-3` with lines: the outcome that is put to the parties, with what its kind demands (P-35)."""
    context = deed.context
    grant = require(context, Action.RECORD_MEDIATION, people.relation(context, conflict))
    keeping.require_possible(deed, conflict, ConflictAct.OFFER)
    keys = people.key_items(context, conflict)
    base = prefilled(conflict, keys, deed.words)
    reading = step_forms.read(deed, MEDIATION, conflict.code, _written(deed), base=base)
    lacking = step_forms.lacking(deed, MEDIATION, conflict.code, reading)
    if lacking:
        return lacking
    outcome = _outcome(context, reading.content)
    _require_known_source(context, f"{outcome.basis} {outcome.text}")
    after = offered(conflict, outcome, key_items=keys, now=context.now)
    kept = keeping.save(context, conflict, after, act="offered", grant=grant, verb=deed.verb)
    if kept.state is ConflictState.PENDING_RULING:
        to_leader(context, kept)
        return deed.words.say("conflict_to_leader_keys", what=matter_notices.what(kept))
    for party in kept.parties:
        matter_notices.show(context, people.acting_head(context, party), kept, OFFER)
    heads = deed.words.listing(deed.words.name(people.acting_head(context, p)) for p in kept.parties)
    due = deed.words.due(kept.due_at) if kept.due_at is not None else ""
    return deed.words.say("conflict_offered", what=matter_notices.what(kept), heads=heads, due=due)


def prefilled(conflict: Conflict, keys: tuple[str, ...], words: Words) -> Content:
    """What the kind of the conflict suggests before the secretary writes anything (3.8)."""
    text = conflict.outcome or proposal(conflict, keys)
    if not text and len(keys) > 1:
        text = words.say("conflict_leader_decides")
    given = {"outcome": text, "basis": conflict.basis, "outcome_type": conflict.outcome_type}
    return {key: value for key, value in given.items() if value}


def _written(deed: Deed) -> list[FormField]:
    """Words without a label are the outcome."""
    head = [FormField(MEDIATION.spec("outcome").zh, deed.text)] if deed.text else []
    return [*head, *deed.fields]


def _outcome(context: Context, content: Content) -> Outcome:
    return Outcome(
        text=text_of(content, "outcome"),
        basis=text_of(content, "basis"),
        type=text_of(content, "outcome_type"),
        schedule=text_of(content, "schedule"),
        measures=measures_of(context, content),
        changes_duties=text_of(content, "changes_duties") == YES,
    )


# ---------------------------------------------------------------- what the parties say to it


def accept(deed: Deed, conflict: Conflict) -> Done | str:
    """同意: to the outcome, or to taking the conflict back."""
    if _is_about_withdrawal(deed, conflict):
        return _answer_withdrawal(deed, conflict, agrees=True)
    kept = _answer(deed, conflict, is_accepted=True, reason=deed.optional_reason())
    if kept.state is ConflictState.SETTLED:
        conclude(deed.context, kept, by=deed.person)
        return deed.words.say("conflict_settled", what=matter_notices.what(kept))
    return deed.words.say("conflict_accepted", what=matter_notices.what(kept))


def decline(deed: Deed, conflict: Conflict) -> Done | str:
    """不同意: with a reason; then the leader rules, or the office meeting decides (L-24)."""
    if _is_about_withdrawal(deed, conflict):
        return _answer_withdrawal(deed, conflict, agrees=False)
    kept = _answer(deed, conflict, is_accepted=False, reason="")
    if kept.state is ConflictState.TO_GM_MEETING:
        to_office_meeting(deed.context, kept)
        return deed.words.say("conflict_to_office", what=matter_notices.what(kept))
    to_leader(deed.context, kept)
    return deed.words.say("conflict_to_leader", what=matter_notices.what(kept))


def _is_about_withdrawal(deed: Deed, conflict: Conflict) -> bool:
    if deed.is_click:
        return deed.slot == WITHDRAW
    return conflict.withdrawal_by is not None and conflict.state is ConflictState.MEDIATING


def _answer(deed: Deed, conflict: Conflict, *, is_accepted: bool, reason: str) -> Conflict:
    context = deed.context
    grant = _require_party(deed, conflict)
    keeping.require_possible(deed, conflict, ConflictAct.ACCEPT if is_accepted else ConflictAct.REFUSE)
    if conflict.answer_of(grant.department) is not None:
        raise keeping.too_late(deed, conflict)
    given = reason if is_accepted else deed.reason()
    answer = Acceptance(
        department=grant.department,
        by=deed.person.id,
        at=context.now,
        is_accepted=is_accepted,
        behalf=grant.behalf,
        reason=given,
    )
    act = "accepted" if is_accepted else "refused"
    return keeping.save(
        context,
        conflict,
        answered(conflict, answer),
        act=act,
        grant=grant,
        reason=given,
        verb=deed.verb,
        slot=deed.slot,
    )


def _require_party(deed: Deed, conflict: Conflict) -> Grant:
    """The head of a party; of one that has not answered yet where the person heads several (P-36)."""
    stands = people.relation(deed.context, conflict)
    grant = require(deed.context, Action.ACCEPT_MEDIATION, stands)
    silent = frozenset(p for p in conflict.parties if conflict.answer_of(p) is None)
    if grant.department in silent or not silent:
        return grant
    still = _with_parties(stands, silent)
    allowed = allows(deed.context, Action.ACCEPT_MEDIATION, still)
    return require(deed.context, Action.ACCEPT_MEDIATION, still) if allowed else grant


def _with_parties(stands: Relation, parties: frozenset[DepartmentId]) -> Relation:
    return Relation(parties=parties, secrecy=stands.secrecy, access=stands.access)


# ---------------------------------------------------------------- it fails


def to_leader(context: Context, conflict: Conflict) -> None:
    """The leader decides: the card shows both statements, the secretary's proposal and its basis (R-87)."""
    matter_notices.show(context, people.ruler(context, conflict), conflict, RULE)
    for party in conflict.parties:
        head = people.acting_head(context, party)
        if head is not None:
            matter_notices.tell(context, head, conflict, "conflict_to_leader_told", key="to_leader")


def on_mediation_passed(context: Context, event: DeadlinePassed) -> None:
    """T-15: what is not settled by then goes on, dated with the limit (3)."""
    one = event.obligation
    if one.kind is not ObligationKind.MEDIATION:
        return
    conflict = context.uow.conflicts.get(one.code)
    if conflict is None or conflict.state is not ConflictState.MEDIATING:
        return
    kept = keeping.save(context, conflict, lapsed(conflict, at=one.due_at), act="lapsed")
    if kept.state is ConflictState.TO_GM_MEETING:
        to_office_meeting(context, kept)
    else:
        to_leader(context, kept)


# ---------------------------------------------------------------- taking it back


def withdraw(deed: Deed, conflict: Conflict) -> Done | str:
    """撤回: by the party that filed it, once the other side agrees."""
    context = deed.context
    grant = require(
        context,
        Action.FILE_CONFLICT,
        Relation(department=conflict.filed_for, secrecy=conflict.secrecy, access=frozenset(conflict.access)),
    )
    if grant.column is Column.SEC and conflict.filed_by != deed.person.id:
        raise RuleViolation("no_right")
    keeping.require_possible(deed, conflict, ConflictAct.ASK_WITHDRAWAL)
    if conflict.withdrawal_by is not None:
        raise keeping.too_late(deed, conflict)
    reason = deed.optional_reason()
    after = withdrawal_asked(conflict, department=conflict.filed_for, by=deed.person.id, reason=reason)
    kept = keeping.save(context, conflict, after, act="withdrawal_asked", grant=grant, reason=reason, verb=deed.verb)
    others = [p for p in kept.parties if p != kept.withdrawal_for]
    for party in others:
        matter_notices.show(context, people.acting_head(context, party), kept, WITHDRAW)
    names = deed.words.listing(deed.words.name(people.acting_head(context, p)) for p in others)
    return deed.words.say("conflict_withdrawal_asked", what=matter_notices.what(kept), heads=names)


def _answer_withdrawal(deed: Deed, conflict: Conflict, *, agrees: bool) -> str:
    context = deed.context
    others = frozenset(p for p in conflict.parties if p != conflict.withdrawal_for)
    grant = require(context, Action.ACCEPT_MEDIATION, _with_parties(people.relation(context, conflict), others))
    keeping.require_possible(deed, conflict, ConflictAct.ANSWER_WITHDRAWAL)
    if conflict.withdrawal_by is None or grant.department in conflict.withdrawal_agreed:
        raise keeping.too_late(deed, conflict)
    after = withdrawal_answered(conflict, department=grant.department, agrees=agrees, now=context.now)
    act = "withdrawal_agreed" if agrees else "withdrawal_refused"
    kept = keeping.save(context, conflict, after, act=act, grant=grant, verb=deed.verb, slot=deed.slot)
    sentence = "conflict_withdrawal_refused"
    if agrees:
        sentence = "conflict_withdrawn" if kept.state is ConflictState.WITHDRAWN else "conflict_withdrawal_agreed"
    if kept.state is ConflictState.WITHDRAWN or not agrees:
        matter_notices.tell(context, kept.filed_by, kept, sentence, key=f"withdrawal:{act}:{grant.department}")
    return deed.words.say(sentence, what=matter_notices.what(kept))
