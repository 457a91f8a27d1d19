"""How a conflict is kept: its rows, deadlines, trail, readers, and who decides it (domain.md 2.3, 2.5, 3.8; SoD-5, L-20)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.action import Action
from bot.domain.codes import read_codes
from bot.domain.confidentiality import Secrecy, level
from bot.domain.conflict import MACHINE, Conflict, ConflictAct, ConflictKind, ConflictState
from bot.domain.directory import Role
from bot.domain.form import text_of
from bot.domain.happened import ConflictChanged
from bot.domain.ids import CodeKind, DepartmentId, PersonId
from bot.domain.item import Item
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.permissions import Grant, Refusal, may
from bot.domain.relation import Relation
from bot.domain.roles import actor_of
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import deadlines, deeds, effects, matter_cards
from handlers.access import require
from handlers.deadlines import Limit, limit_at, limit_workdays, owed
from handlers.deeds import Deed
from handlers.lookups import find
from handlers.post_holders import head_post, is_at_work, liaison_post, secretary_post
from handlers.words import Words, words_for

TITLE = 40
#: what the other party is asked for, what the lead verifies: one working day (3.8, R-91)
ASKED_WORKDAYS = 1
#: what was agreed or ruled is done within three (3.8)
EXECUTION_WORKDAYS = 3
#: an item on the agenda of the office meeting is remembered every week (3.8)
AGENDA = "agenda"
WEEK = timedelta(days=7)
Facts = Callable[[Words], Mapping[str, object]]


def get(context: Context, code: str) -> Conflict | None:
    """The conflict of that number."""
    return context.uow.conflicts.get(code)


def save(
    context: Context,
    before: Conflict | None,
    after: Conflict,
    *,
    act: str,
    grant: Grant | None = None,
    reason: str = "",
    verb: str = "",
    slot: str = "",
) -> Conflict:
    """Keep it with the limit of its state, and let deadlines, cards and everybody who cares follow."""
    if before is None or before.state is not after.state:
        after = replace(after, due_at=_limit(context, after).due_at)
    kept = context.uow.conflicts.add(after) if before is None else context.uow.conflicts.put(after)
    settle(context, kept)
    effects.record(
        context,
        f"conflict_{act}",
        kept.code,
        before=before.state.value if before is not None else "",
        after=kept.state.value,
        reason=reason,
        role=grant.column.value if grant is not None else "",
        on_behalf_of=(grant.behalf if grant is not None else None) or "",
        facts={deeds.VERB: verb, deeds.SLOT: slot},
    )
    matter_cards.refresh(context, kept.code)
    context.announce(ConflictChanged(before, kept))
    return kept


def require_possible(deed: Deed, conflict: Conflict, act: ConflictAct) -> None:
    """Raises RuleViolation: somebody did just that already, or the state is another one (2.8)."""
    if not MACHINE.allows(conflict.state, act):
        raise too_late(deed, conflict)


def too_late(deed: Deed, conflict: Conflict) -> RuleViolation:
    """Why it is not possible any more."""
    return deeds.too_late(
        deed.context, conflict.code, deed.verb, state=MACHINE.state_key(conflict.state), slot=deed.slot
    )


# ---------------------------------------------------------------- rights


def relation(context: Context, conflict: Conflict) -> Relation:
    """How the conflict stands to people."""
    item = context.uow.items.get(conflict.item) if conflict.item is not None else None
    return Relation(
        department=conflict.filed_for,
        lead=lead_of(context, conflict),
        coop=frozenset(conflict.parties),
        owners=frozenset({conflict.filed_by}),
        members=frozenset(item.members) if item is not None else frozenset(),
        parties=frozenset(conflict.parties),
        secrecy=conflict.secrecy,
        access=frozenset(conflict.access),
    )


def require_sight(context: Context, conflict: Conflict) -> Grant:
    """The right to read it. Raises RuleViolation `not_found_or_no_right`: hidden and missing read the same (EC-73)."""
    try:
        return require(context, Action.SEE_ISSUE_LEDGER, relation(context, conflict))
    except RuleViolation as refusal:
        raise RuleViolation("not_found_or_no_right") from refusal


def ruler(context: Context, conflict: Conflict) -> PersonId | None:
    """Who rules: the acting leader, ALT where the leader heads a party (SoD-5, L-20)."""
    posts, directory = context.world.posts, context.world.directory
    stands = relation(context, conflict)
    alternates = (p.id for p in directory.holders(Role.ALTERNATE))
    for person in (posts.leader(), *alternates):
        found = actor_of(person, directory=directory, posts=posts) if person is not None else None
        if found is not None and not isinstance(may(Action.RULE_CONFLICT, found, stands), Refusal):
            return found.person
    return posts.leader()


def lead_of(context: Context, conflict: Conflict) -> DepartmentId:
    """Who verifies and executes: the item's lead department, without an item the one that filed it."""
    item = context.uow.items.get(conflict.item) if conflict.item is not None else None
    return item.lead if item is not None else conflict.filed_for


def key_items(context: Context, conflict: Conflict) -> tuple[str, ...]:
    """Key projects among the items that want the same thing (R-88)."""
    refs, _ = read_codes(f"{text_of(conflict.content, 'competing')} {conflict.item or ''}")
    found: list[Item] = []
    for ref in refs:
        item = find(context, ref, CodeKind.ITEM, context.uow.items.get) if ref.kind is CodeKind.ITEM else None
        if item is not None:
            found.append(item)
    is_key = context.world.company.is_key_item
    return tuple(dict.fromkeys(str(i.code) for i in found if i.is_key_project or is_key(i.code)))


# ---------------------------------------------------------------- open deadlines


def settle(context: Context, conflict: Conflict) -> None:
    """Its deadlines are exactly those of its state."""
    deadlines.settle(context, conflict.code, list(_owed(context, conflict)))


def _owed(context: Context, conflict: Conflict) -> Iterator[Obligation]:
    match conflict.state:
        case ConflictState.MEDIATING:
            yield _one(context, conflict, ObligationKind.MEDIATION, secretary_post(context))
            yield from _from_parties(context, conflict)
        case ConflictState.PENDING_RULING:
            yield _one(context, conflict, ObligationKind.RULING, _ruling_post(context, conflict))
        case ConflictState.TO_GM_MEETING:
            yield _one(context, conflict, ObligationKind.EXECUTION, secretary_post(context), slot=AGENDA)
        case ConflictState.SETTLED | ConflictState.RULED:
            lead = lead_of(context, conflict)
            yield _one(context, conflict, ObligationKind.EXECUTION, liaison_post(context, lead), department=lead)
        case ConflictState.CLOSED | ConflictState.WITHDRAWN:
            pass


def _ruling_post(context: Context, conflict: Conflict) -> PersonId | None:
    """The leader's post; ALT's where the leader heads a party (SoD-5)."""
    leader = context.world.posts.leader_post()
    heads = {context.world.posts.head_post(d) for d in conflict.parties}
    return ruler(context, conflict) if leader is None or leader in heads else leader


def _from_parties(context: Context, conflict: Conflict) -> Iterator[Obligation]:
    """Statements until there is an outcome, then the answers to it; and for information the lead's verification."""
    asked = limit_workdays(context, ASKED_WORKDAYS, since=conflict.filed_at)
    if conflict.kind is ConflictKind.INFORMATION and conflict.verified_at is None:
        lead = lead_of(context, conflict)
        holder = liaison_post(context, lead)
        yield _one(context, conflict, ObligationKind.VERIFICATION, holder, department=lead, limit=asked)
    for party in conflict.parties:
        holder = head_post(context, party)
        if conflict.is_offered and conflict.answer_of(party) is None and conflict.due_at is not None:
            limit = limit_at(conflict.due_at)
            yield _one(context, conflict, ObligationKind.OFFER, holder, slot=party, department=party, limit=limit)
        elif not conflict.is_offered and party != conflict.filed_for and conflict.statement_of(party) is None:
            yield _one(context, conflict, ObligationKind.STATEMENT, holder, slot=party, department=party, limit=asked)


def _one(
    context: Context,
    conflict: Conflict,
    kind: ObligationKind,
    holder: PersonId | None,
    *,
    slot: str = "",
    department: DepartmentId | None = None,
    limit: Limit | None = None,
) -> Obligation:
    home = context.world.posts.department_of(holder) if holder is not None else None
    counted = limit or _limit(context, conflict)
    if limit is None and conflict.due_at is not None:
        counted = replace(counted, due_at=conflict.due_at)
    return owed(
        context,
        conflict.code,
        kind,
        counted,
        title=conflict.title,
        holder=holder,
        department=department or home,
        slot=slot,
        item=conflict.item or "",
        secrecy=conflict.secrecy,
        access=conflict.access,
        detail=conflict.kind.value,
        lead=conflict.filed_for,
        coop=tuple(d for d in conflict.parties if d != conflict.filed_for),
    )


def _limit(context: Context, conflict: Conflict) -> Limit:
    """T-15, T-15b, the weekly look at the agenda, three days to execute."""
    parameters = context.world.company.parameters
    since = conflict.since or conflict.filed_at
    match conflict.state:
        case ConflictState.MEDIATING:
            return limit_workdays(context, parameters.conflict_mediation_wd, since=conflict.filed_at)
        case ConflictState.PENDING_RULING:
            return limit_workdays(context, parameters.conflict_ruling_wd, since=since)
        case ConflictState.TO_GM_MEETING:
            return limit_at(next_week(context))
        case _:
            return limit_workdays(context, EXECUTION_WORKDAYS, since=since)


def next_week(context: Context) -> datetime:
    """The opening of the working day a week from now."""
    calendars = context.world.calendars
    return calendars.start_of_day(calendars.workday_on_or_after(calendars.local(context.now + WEEK).date()))


# ---------------------------------------------------------------- readers, telling


def with_readers(context: Context, conflict: Conflict) -> Conflict:
    """Of a confidential conflict: who filed it, heads and liaisons of the parties, secretary and leader (2.5)."""
    if level(conflict.secrecy) is not Secrecy.CONFIDENTIAL:
        return conflict
    posts = context.world.posts
    people: list[PersonId | None] = [conflict.filed_by]
    for party in conflict.parties:
        people += [posts.head_post(party), liaison_post(context, party)]
    people += [secretary_post(context), posts.leader_post(), ruler(context, conflict)]
    return replace(conflict, access=tuple(dict.fromkeys((*conflict.access, *(p for p in people if p is not None)))))


def may_be_told(context: Context, conflict: Conflict, person: PersonId) -> bool:
    """Confidential ones are spoken of only to people on their list, and to whoever acts as leader (L-21)."""
    if level(conflict.secrecy) is not Secrecy.CONFIDENTIAL:
        return True
    return person in conflict.access or person == context.world.posts.leader()


def acting_head(context: Context, department: DepartmentId) -> PersonId | None:
    """Who acts as head of a party now."""
    standing = context.world.posts.head_of(department)
    return standing.acting if standing is not None else None


def what(conflict: Conflict) -> str:
    """Number and title, of a sensitive one the number only (EC-74)."""
    title = inert(conflict.title, limit=TITLE)
    return f"{conflict.code}《{title}》" if not conflict.secrecy else str(conflict.code)


def _nothing(_: Words) -> Mapping[str, object]:
    return {}


def tell(
    context: Context,
    person: PersonId | None,
    conflict: Conflict,
    sentence: str,
    facts: Facts = _nothing,
    *,
    key: str,
    is_owed: bool = False,
) -> bool:
    """A direct message about it; it begins with the number where the rest is nobody's business (EC-74)."""
    found = context.world.directory.person(person) if person is not None else None
    if found is None or not may_be_told(context, conflict, found.id):
        return False
    words = words_for(context, found)
    text = words.say(sentence, code=conflict.code, what=what(conflict), **facts(words))
    if conflict.secrecy:
        text = f"{conflict.code}\n{text}"
    return effects.tell(
        context,
        found,
        effects.text(text),
        key=f"conflict:{conflict.code}:{key}:{found.id}",
        ref=conflict.code,
        is_owed=is_owed,
    )


def show(context: Context, person: PersonId | None, conflict: Conflict, purpose: str) -> bool:
    """Its card for a purpose to somebody who may know of it; at once where it was asked for at work (L-09)."""
    found = context.world.directory.person(person) if person is not None else None
    if found is None or not may_be_told(context, conflict, found.id):
        return False
    return matter_cards.show_to(context, found, conflict.code, purpose, at_once=is_at_work(context))
