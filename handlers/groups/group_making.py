"""Making the dedicated group of an item (domain.md 3.15, R-41): a saga whose every step is a row.

The group's row says which step it is at, each step's call stands in the outbox under a key made before the first try, and
its outcome takes the next step. A crash between two steps changes nothing but the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.domain.composition import check_creation, invitees
from bot.domain.directory import Person
from bot.domain.group import TABLE, Group, GroupMove, GroupPurpose, GroupState, InvitationResult, moved
from bot.domain.ids import AccountKey, ChatKey, PersonId
from bot.domain.item import Item, ItemState
from bot.errors import RuleViolation
from bot.messages import AddMembers, CreateGroup, SendText, Text, ToChat, inert
from bot.ports import SendState
from bot.routing import Context, Outcome, Router
from handlers import effects
from handlers.groups.group_checks import read_members, rule_of
from handlers.texts import keys
from handlers.words import Words, words_for

#: how many people one call may invite
BATCH = 50
FINISHED = (ItemState.ARCHIVED, ItemState.TERMINATED)
#: why somebody could not be added, as far as adapters tell; anything else is shown as unknown
REASONS = frozenset(key for key in keys() if key.startswith("reason_")) - {"reason_required"}
#: steps of the saga
CREATE, INVITE, DONE = "create", "invite", "done"


def register(router: Router) -> None:
    """Put the outcomes of the saga's calls on the table."""
    router.outcome(CreateGroup, on_created)
    router.outcome(AddMembers, on_invited)


# ---------------------------------------------------------------- beginning


def create(context: Context, item: Item, requester: Person, platform: str) -> Group:
    """Begin the saga.

    Raises RuleViolation: `confidential_no_group`, `group_exists`, `group_item_closed`, `group_no_platform`.
    """
    group, people = _opened(context, item, requester, platform)
    if not effects.can(context, platform).create_group:
        raise RuleViolation("group_no_platform", {"code": item.code})
    reachable, absent = _reachable(context, people, platform)
    group = context.uow.groups.add(
        replace(group, pending=tuple(p.id for p in reachable[BATCH:]), invitations=absent, step=CREATE)
    )
    effects.record(context, "group_requested", group.id, after=group.state.value)
    effects.send(
        context,
        CreateGroup(
            platform=platform,
            name=inert(group.name, limit=60),
            description=words_for(context, None).say(
                "group_description", code=item.code, title=_title(item), bot=context.around.name
            ),
            owner=requester.account_on(platform),
            members=_accounts(reachable[:BATCH], platform),
        ),
        key=f"group:{group.id}:create",
        ref=group.id,
        priority=effects.ANSWER,
    )
    return group


def adopt(context: Context, item: Item, requester: Person, chat: ChatKey, name: str) -> Group:
    """Take a group that people made by hand as the item's dedicated group, where the platform lets no bot make one.

    Raises RuleViolation like `create`.
    """
    group, _ = _opened(context, item, requester, chat.platform)
    group = context.uow.groups.add(replace(group, name=name or group.name, chat=chat, state=GroupState.CHECKING))
    effects.record(context, "group_adopted", group.id, after=group.state.value)
    read_members(context, group, asked_by=requester.id, key=f"group:{group.id}:read:first")
    return group


def _opened(context: Context, item: Item, requester: Person, platform: str) -> tuple[Group, tuple[PersonId, ...]]:
    """A new group of the item as it begins, and whom it is made with."""
    if item.state in FINISHED:
        raise RuleViolation("group_item_closed", {"code": item.code})
    existing = context.uow.groups.find(item=item.code)
    check_creation(item, platform, existing)
    people = invitees(
        rule_of(context, item),
        secretary=context.world.posts.secretary(),
        requester=requester.id,
        team=item.members,
    )
    group = Group(
        id=f"{item.code}@{platform}#{len(existing) + 1}",
        purpose=GroupPurpose.DEDICATED,
        state=GroupState.CREATING,
        name=name_for(context, item),
        platform=platform,
        item=item.code,
        requested_by=requester.id,
    )
    return group, people


def name_for(context: Context, item: Item) -> str:
    """What the group is called; a sensitive item is named by its number, which is all a group may show (2.5)."""
    short = item.code if item.secrecy else item.short or item.title
    return context.world.company.parameters.group_name.replace("{short}", short)


def _title(item: Item) -> str:
    return "" if item.secrecy else inert(item.title, limit=50)


def _reachable(
    context: Context, people: Iterable[PersonId], platform: str
) -> tuple[list[Person], tuple[InvitationResult, ...]]:
    """Who has an account there, and a result for everybody who has none."""
    reachable: list[Person] = []
    absent: list[InvitationResult] = []
    for key in people:
        person = context.world.directory.person(key)
        if person is None or person.account_on(platform) is None:
            absent.append(InvitationResult(person=key, joined=False, reason="reason_no_account"))
        else:
            reachable.append(person)
    return reachable, tuple(absent)


def _accounts(people: Iterable[Person], platform: str) -> tuple[AccountKey, ...]:
    return tuple(account for account in (p.account_on(platform) for p in people) if account is not None)


# ---------------------------------------------------------------- going on


def on_created(context: Context, outcome: Outcome) -> None:
    """The platform made the group, or did not."""
    group = context.uow.groups.get(outcome.envelope.ref)
    if group is None or group.step != CREATE or not isinstance(outcome.outbound, CreateGroup):
        return
    if outcome.state is not SendState.SENT or outcome.receipt is None or outcome.receipt.chat is None:
        _failed(context, group, outcome)
        return
    results = _results(context, outcome.outbound.members, outcome.receipt.refused)
    group = replace(group, wants_bot=outcome.receipt.wants_bot)
    made(context, group, outcome.receipt.chat, results)


def made(context: Context, group: Group, chat: ChatKey, results: Sequence[InvitationResult] = ()) -> None:
    """The chat exists: go on with the people who are still to be invited."""
    if (group.state, GroupMove.CREATED) not in TABLE:
        return
    group = moved(group, GroupMove.CREATED, now=context.now).state
    _next_step(context, replace(group, chat=chat, invitations=(*group.invitations, *results), step=INVITE))


def _failed(context: Context, group: Group, outcome: Outcome) -> None:
    """Say so to whoever asked. What became of an unknown outcome is seen when the bot finds itself in the group."""
    if group.state is GroupState.CREATING:
        group = context.uow.groups.put(moved(group, GroupMove.REFUSED, now=context.now).state)
    effects.record(context, "group_failed", group.id, after=group.state.value, reason=outcome.error)
    person = requester_of(context, group)
    if person is None:
        return
    words = words_for(context, person)
    key = "group_unknown" if outcome.state is SendState.UNKNOWN else "group_failed"
    text = words.say(key, name=group.name, code=group.item or "", reason=inert(outcome.error, limit=80) or "-")
    effects.tell(context, person, effects.text(text), key=f"group:{group.id}:failed", at_once=True)


def on_invited(context: Context, outcome: Outcome) -> None:
    """A further batch of invitations was answered."""
    group = context.uow.groups.get(outcome.envelope.ref)
    if group is None or group.step != INVITE or not isinstance(outcome.outbound, AddMembers):
        return
    reasons: Mapping[str, str] = {a.account: "reason_unknown" for a in outcome.outbound.members}
    if outcome.state is SendState.SENT and outcome.receipt is not None:
        reasons = outcome.receipt.refused
    results = _results(context, outcome.outbound.members, reasons)
    _next_step(context, replace(group, invitations=(*group.invitations, *results)))


def _results(
    context: Context, accounts: Iterable[AccountKey], reasons: Mapping[str, str]
) -> tuple[InvitationResult, ...]:
    results: list[InvitationResult] = []
    for account in accounts:
        person = context.world.directory.by_account(account)
        if person is not None:
            reason = reasons.get(account.account, "")
            results.append(InvitationResult(person=person.id, joined=not reason, reason=reason))
    return tuple(results)


def _next_step(context: Context, group: Group) -> None:
    """Invite who is left, then announce the group."""
    reachable: list[Person] = []
    while group.pending and not reachable:
        reachable, absent = _reachable(context, group.pending[:BATCH], group.platform)
        group = replace(group, pending=group.pending[BATCH:], invitations=(*group.invitations, *absent))
    if group.chat is None or not reachable:
        _announce(context, context.uow.groups.put(replace(group, step=DONE)))
        return
    context.uow.groups.put(group)
    effects.send(
        context,
        AddMembers(chat=group.chat, members=_accounts(reachable, group.platform)),
        key=f"group:{group.id}:invite:{len(group.pending)}",
        ref=group.id,
        priority=effects.ANSWER,
    )


def _announce(context: Context, group: Group) -> None:
    item = context.uow.items.get(group.item) if group.item is not None else None
    effects.record(context, "group_created", group.id, after=group.state.value)
    context.count("group_created")
    if group.chat is not None and item is not None:
        _welcome(context, group.chat, group, item)
        read_members(context, group, asked_by=None, key=f"group:{group.id}:read:first")
    person = requester_of(context, group)
    if person is not None:
        words = words_for(context, person)
        effects.tell(
            context,
            person,
            effects.text(creation_report(group, words, bot_name=context.around.name)),
            key=f"group:{group.id}:made",
            at_once=True,
            priority=effects.ANSWER,
        )


def _welcome(context: Context, chat: ChatKey, group: Group, item: Item) -> None:
    words = words_for(context, None)
    text = words.say(
        "group_welcome_sensitive" if item.secrecy else "group_welcome",
        title=inert(item.title, limit=60),
        code=item.code,
        lead=words.department(item.lead),
        coop=words.listing(words.department(d) for d in item.coop),
        minutes=context.world.company.parameters.sla_reply_minutes,
    )
    effects.send(
        context,
        SendText(target=ToChat(chat), body=(Text(text),)),
        key=f"group:{group.id}:welcome",
        ref=group.id,
        priority=effects.ANSWER,
    )


def creation_report(group: Group, words: Words, *, bot_name: str) -> str:
    """How the creation went, with everybody who could not be added and why."""
    joined = sum(r.joined for r in group.invitations)
    lines = [words.say("group_created", name=group.name, code=group.item or "", joined=joined)]
    refused = [
        words.say(
            "group_person_reason",
            name=words.name(r.person),
            reason=words.say(r.reason if r.reason in REASONS else "reason_unknown"),
        )
        for r in group.invitations
        if not r.joined
    ]
    if refused:
        lines.append(words.say("group_not_joined", people=words.listing(refused)))
    if group.wants_bot:
        lines.append(words.say("group_wants_bot", name=group.name, bot=bot_name, code=group.item or group.name))
    return "\n".join(lines)


def requester_of(context: Context, group: Group) -> Person | None:
    """Who asked for the group."""
    return context.world.directory.person(group.requested_by) if group.requested_by is not None else None
