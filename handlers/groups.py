"""Dedicated groups (domain.md 3.15, R-41, R-42): made, checked, lost and found again.

Creation is a saga: the group's row says which step it is at, each step's call stands in the outbox under a key made before
the first try, and its outcome takes the next step. A crash between two steps changes nothing but the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.domain.company import Extra
from bot.domain.composition import Membership, check_creation, compare, invitees, membership
from bot.domain.directory import Person
from bot.domain.group import Group, GroupMove, GroupPurpose, GroupState, InvitationResult, checked, moved
from bot.domain.ids import AccountKey, ChatKey, PersonId
from bot.domain.item import Item, ItemState
from bot.domain.reply_clock import ClockFact, FactKind
from bot.domain.sla import tell
from bot.domain.timers import Timer, TimerKind
from bot.errors import RuleViolation
from bot.messages import AddMembers, CreateGroup, LeaveChat, ReadMembers, SendText, Text, ToChat, inert
from bot.ports import SendState
from bot.routing import Context, Outcome, Router
from bot.updates import BotJoinedChat, BotLeftChat, ChatDissolved, ChatMembersChanged, ChatRenamed
from handlers import clocks, effects
from handlers.places import SEEN, group_of
from handlers.words import Words, words_for

#: how many people one call may invite
BATCH = 50
#: members are read again this long after a change, so that a wave of changes costs one reading
SETTLE = timedelta(seconds=5)
#: name of the recurring duty's timer
DAILY = "groups"
FINISHED = (ItemState.ARCHIVED, ItemState.TERMINATED)


def register(router: Router) -> None:
    """Put group events, the daily check and the saga's outcomes on the table."""
    router.on(ChatMembersChanged, on_members_changed)
    router.on(BotLeftChat, on_bot_left)
    router.on(BotJoinedChat, on_bot_joined)
    router.on(ChatDissolved, on_dissolved)
    router.on(ChatRenamed, on_renamed)
    router.timer(TimerKind.GROUP_CHECK, on_daily_check)
    router.outcome(CreateGroup, on_created)
    router.outcome(AddMembers, on_invited)
    router.outcome(ReadMembers, on_members_read)


# ---------------------------------------------------------------- making one


def create(context: Context, item: Item, requester: Person, platform: str) -> Group:
    """Begin the saga. Raises RuleViolation: `confidential_no_group`, `group_exists`, `group_item_closed`, `group_no_platform`."""
    if item.state in FINISHED:
        raise RuleViolation("group_item_closed", {"code": item.code})
    if not context.capabilities[platform].create_group:
        raise RuleViolation("group_no_platform")
    existing = context.uow.groups.find(item=item.code)
    check_creation(item, platform, existing)
    people = invitees(
        _rule(context, item),
        secretary=context.world.posts.secretary(),
        requester=requester.id,
        team=item.members,
    )
    group = context.uow.groups.add(
        Group(
            id=f"{item.code}@{platform}#{len(existing) + 1}",
            purpose=GroupPurpose.DEDICATED,
            state=GroupState.CREATING,
            name=context.world.company.parameters.group_name.replace("{short}", item.short or item.title),
            platform=platform,
            item=item.code,
            requested_by=requester.id,
            step="create",
            pending=people,
        )
    )
    reachable, absent = _reachable(context, people, platform)
    group = context.uow.groups.put(replace(group, pending=tuple(p.id for p in reachable[BATCH:]), invitations=absent))
    effects.record(context, "group_requested", group.id, after=group.state.value)
    effects.send(
        context,
        CreateGroup(
            platform=platform,
            name=inert(group.name, limit=60),
            description=words_for(context, None).say(
                "group_description", code=item.code, title=inert(item.title, limit=50), bot=context.around.name
            ),
            owner=requester.account_on(platform),
            members=tuple(_accounts(reachable[:BATCH], platform)),
        ),
        key=f"group:{group.id}:create",
        ref=group.id,
        priority=effects.ANSWER,
    )
    return group



def _rule(context: Context, item: Item) -> Membership:
    """Who must and who may be in the group of an item now."""
    parameters = context.world.company.parameters
    return membership(
        item,
        directory=context.world.directory,
        posts=context.world.posts,
        leaves=context.world.leaves,
        calendars=context.world.calendars,
        at=context.now,
        extras=tuple(Extra(name) for name in parameters.group_allowed_extra),
        former_stays_wd=parameters.liaison_former_stays_wd,
    )


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


def _accounts(people: Iterable[Person], platform: str) -> list[AccountKey]:
    return [account for account in (p.account_on(platform) for p in people) if account is not None]


def on_created(context: Context, outcome: Outcome) -> None:
    """The platform made the group, or did not."""
    group = context.uow.groups.get(outcome.envelope.ref)
    if group is None or group.step != "create" or not isinstance(outcome.outbound, CreateGroup):
        return
    if outcome.state is not SendState.SENT or outcome.receipt is None or outcome.receipt.chat is None:
        _failed(context, group, outcome)
        return
    decision = moved(group, GroupMove.CREATED, now=context.now)
    results = _results(context, outcome.outbound.members, outcome.receipt.refused)
    group = replace(
        decision.state,
        chat=outcome.receipt.chat,
        invitations=(*group.invitations, *results),
        step="invite",
    )
    _next_step(context, group)


def _failed(context: Context, group: Group, outcome: Outcome) -> None:
    if group.state is GroupState.CREATING:
        group = moved(group, GroupMove.REFUSED, now=context.now).state
    context.uow.groups.put(group)
    effects.record(context, "group_failed", group.id, after=group.state.value, reason=outcome.error)
    person = _requester(context, group)
    if person is not None:
        words = words_for(context, person)
        reason = words.say("reason_unknown") if outcome.state is SendState.UNKNOWN else words.say("reason_refused")
        text = words.say("group_failed", reason=f"{reason} {outcome.error}".strip())
        effects.tell(context, person, effects.text(text), key=f"group:{group.id}:failed", at_once=True)


def on_invited(context: Context, outcome: Outcome) -> None:
    """A further batch of invitations was answered."""
    group = context.uow.groups.get(outcome.envelope.ref)
    if group is None or group.step != "invite" or not isinstance(outcome.outbound, AddMembers):
        return
    if outcome.state is SendState.SENT and outcome.receipt is not None:
        results = _results(context, outcome.outbound.members, outcome.receipt.refused)
    else:
        refused = {a.account: "reason_unknown" for a in outcome.outbound.members}
        results = _results(context, outcome.outbound.members, refused)
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
    chat = group.chat
    if group.pending and chat is not None:
        reachable, absent = _reachable(context, group.pending[:BATCH], group.platform)
        group = replace(group, pending=group.pending[BATCH:], invitations=(*group.invitations, *absent))
        context.uow.groups.put(group)
        effects.send(
            context,
            AddMembers(chat=chat, members=tuple(_accounts(reachable, group.platform))),
            key=f"group:{group.id}:invite:{len(group.pending)}",
            ref=group.id,
            priority=effects.ANSWER,
        )
        return
    group = context.uow.groups.put(replace(group, step="done"))
    _announce(context, group)


def _announce(context: Context, group: Group) -> None:
    item = context.uow.items.get(group.item) if group.item is not None else None
    effects.record(context, "group_created", group.id, after=group.state.value)
    context.count("group_created")
    if group.chat is not None and item is not None:
        words = words_for(context, None)
        welcome = words.say(
            "group_welcome",
            title=inert(item.title, limit=60),
            code=item.code,
            lead=words.department(item.lead),
            coop=words.listing(words.department(d) for d in item.coop),
        )
        effects.send(
            context,
            SendText(target=ToChat(group.chat), body=(Text(welcome),)),
            key=f"group:{group.id}:welcome",
            ref=group.id,
            priority=effects.ANSWER,
        )
        read_members(context, group, asked_by=None, key=f"group:{group.id}:read:first")
    person = _requester(context, group)
    if person is not None:
        words = words_for(context, person)
        effects.tell(
            context,
            person,
            effects.text(creation_report(group, words)),
            key=f"group:{group.id}:made",
            at_once=True,
            priority=effects.ANSWER,
        )


def creation_report(group: Group, words: Words) -> str:
    """How the creation went, with everybody who could not be added and why."""
    joined = sum(r.joined for r in group.invitations)
    lines = [words.say("group_created", name=group.name, code=group.item or "", joined=joined)]
    refused = [
        words.say("group_person_reason", name=words.name(r.person), reason=words.say(r.reason))
        for r in group.invitations
        if not r.joined
    ]
    if refused:
        lines.append(words.say("group_not_joined", people=words.listing(refused)))
    return "\n".join(lines)


def _requester(context: Context, group: Group) -> Person | None:
    return context.world.directory.person(group.requested_by) if group.requested_by is not None else None


# ---------------------------------------------------------------- checking


def read_members(context: Context, group: Group, *, asked_by: PersonId | None, key: str) -> bool:
    """Ask the platform who is in the group; the outcome is compared with the rule."""
    if group.chat is None:
        return False
    ref = group.id if asked_by is None else f"{group.id}|{asked_by}"
    return effects.send(context, ReadMembers(chat=group.chat), key=key, ref=ref, priority=effects.NOTICE)


def on_members_read(context: Context, outcome: Outcome) -> None:
    """Compare who is in the group with who has to be; tell the lead liaison what is wrong (3.15)."""
    group_id, _, asker = outcome.envelope.ref.partition("|")
    group = context.uow.groups.get(group_id)
    if group is None or outcome.state is not SendState.SENT or outcome.receipt is None:
        return
    members = outcome.receipt.members
    if group.purpose is not GroupPurpose.DEDICATED or group.item is None:
        context.uow.groups.put(replace(group, members=members, checked_at=context.now))
        return
    item = context.uow.items.get(group.item)
    if item is None or group.state not in SEEN:
        return
    found = compare(_rule(context, item), members, directory=context.world.directory)
    decision = checked(group, members=members, missing=found.missing, outsiders=found.outsiders, now=context.now)
    group = context.uow.groups.put(decision.state)
    if decision.events:
        effects.record(context, "group_checked", group.id, after=group.state.value)
    told: set[PersonId] = set()
    for event in decision.events:
        if event.move is GroupMove.FOUND_NONCOMPLIANT:
            told.update(_report(context, group, item, _keepers(context, item), key=f"{context.now.isoformat()}"))
    person = context.world.directory.person(PersonId(asker)) if asker else None
    if person is not None and person.id not in told:
        _report(context, group, item, (person,), key=outcome.envelope.key)


def _report(context: Context, group: Group, item: Item, people: Sequence[Person], *, key: str) -> list[PersonId]:
    for person in people:
        words = words_for(context, person)
        effects.tell(
            context,
            person,
            effects.text(composition_report(context, group, item, words)),
            key=f"group:{group.id}:report:{person.id}:{key}",
            at_once=context.person is not None,
        )
    return [person.id for person in people]


def composition_report(context: Context, group: Group, item: Item, words: Words) -> str:
    """Compliant, or who is missing and who should not be there."""
    if not group.missing and not group.outsiders:
        return words.say("group_check_ok", name=group.name, count=len(group.members))
    lines = [words.say("group_check_bad", name=group.name)]
    if group.missing:
        people = (_required_as(context, item, p, words) for p in group.missing)
        lines.append(words.say("group_missing", people=words.listing(people)))
    if group.outsiders:
        lines.append(words.say("group_outsiders", people=words.listing(_outsiders(context, group, words))))
    return "\n".join(lines)


def _required_as(context: Context, item: Item, person: PersonId, words: Words) -> str:
    found = context.world.directory.person(person)
    headed = next((d for d in item.involved if context.world.posts.head_post(d) == person), None)
    department = headed or (found.department if found is not None else None)
    return words.say(
        "group_required_as",
        name=words.name(person),
        department=words.department(department) if department is not None else "",
        post=words.say("group_post_head" if headed is not None else "group_post_liaison"),
    )


def _outsiders(context: Context, group: Group, words: Words) -> list[str]:
    found = [context.world.directory.by_account(account) for account in group.outsiders]
    names = [p.name for p in found if p is not None]
    if any(p is None for p in found):
        names.append(words.say("group_unknown_outsider"))
    return names


def _keepers(context: Context, item: Item) -> tuple[Person, ...]:
    """Whoever acts as liaison of the lead department; the secretary where there is nobody."""
    standing = context.world.posts.assignee(item.lead)
    person = context.world.directory.person(standing.acting) if standing is not None else effects.secretary(context)
    return (person,) if person is not None else ()


def arm_daily(context: Context) -> None:
    """The next daily check: on the next working day, at the hour of `group.check_at`."""
    at = time.fromisoformat(context.world.company.parameters.group_check_at)
    due = next_time(context, at)
    context.uow.timers.arm(Timer(kind=TimerKind.GROUP_CHECK, ref=DAILY, due_at=due))


def next_time(context: Context, at: time) -> datetime:
    """The next instant strictly after now that is `at` on a working day of the company."""
    calendars = context.world.calendars
    local = calendars.local(context.now)
    day = local.date()
    if local.time() >= at or not calendars.is_workday(day):
        day = calendars.next_workday(day)
    return datetime.combine(day, at, calendars.zone)


def on_daily_check(context: Context, timer: Timer) -> None:
    """Read the members of every group that lives; the next check is armed in the same transaction."""
    day = context.world.calendars.local(timer.due_at).date().isoformat()
    for group in context.uow.groups.find(state=tuple(state.value for state in SEEN)):
        if group.platform in context.capabilities:
            read_members(context, group, asked_by=None, key=f"group:{group.id}:read:{day}")
    arm_daily(context)


# ---------------------------------------------------------------- what happens to groups


def on_members_changed(context: Context, update: ChatMembersChanged) -> None:
    """People came or went: look again, once for a wave of changes."""
    group = group_of(context, update.chat)
    if group is None or group.chat is None or group.state not in SEEN:
        return
    effects.send(
        context,
        ReadMembers(chat=group.chat),
        key=f"group:{group.id}:read:{update.source.business_id}",
        ref=group.id,
        not_before=context.now + SETTLE,
        coalesce=f"group:{group.id}:read",
    )


def recheck_all(context: Context) -> None:
    """Roles or leaves changed: who has to be in which group may have changed with them."""
    for group in context.uow.groups.find(state=tuple(state.value for state in SEEN)):
        if group.purpose is GroupPurpose.DEDICATED and group.platform in context.capabilities and group.chat:
            effects.send(
                context,
                ReadMembers(chat=group.chat),
                key=f"group:{group.id}:read:{context.now.isoformat()}",
                ref=group.id,
                not_before=context.now + SETTLE,
                coalesce=f"group:{group.id}:read",
            )


def on_dissolved(context: Context, update: ChatDissolved) -> None:
    """The group does not exist any more; its history stays, its clocks wait one working day (3.14)."""
    _lost(context, update.chat, GroupMove.DISSOLVED, "group_lost", update.source.business_id)


def on_bot_left(context: Context, update: BotLeftChat) -> None:
    """The bot was taken out."""
    _lost(context, update.chat, GroupMove.BOT_REMOVED, "group_bot_removed", update.source.business_id)


def _lost(context: Context, chat: ChatKey, move: GroupMove, sentence: str, event: str) -> None:
    group = group_of(context, chat)
    if group is None:
        _sight(context, chat, FactKind.INVISIBLE)
        return
    try:
        decision = moved(group, move, now=context.now)
    except RuleViolation:
        return
    group = context.uow.groups.put(decision.state)
    effects.record(context, f"group_{move.value}", group.id, after=group.state.value)
    _sight(context, chat, FactKind.INVISIBLE)
    item = context.uow.items.get(group.item) if group.item is not None else None
    secretary = effects.secretary(context)
    people = [*(_keepers(context, item) if item is not None else ()), *([secretary] if secretary else [])]
    for person in dict.fromkeys(p.id for p in people):
        found = context.world.directory.person(person)
        if found is not None:
            words = words_for(context, found)
            text = words.say(sentence, name=group.name, code=group.item or group.id)
            effects.tell(context, found, effects.text(text), key=f"group:{group.id}:{event}:{person}")


def _sight(context: Context, chat: ChatKey, kind: FactKind) -> None:
    """Tell the clocks of a chat that it went out of sight, or came back."""
    for clock in clocks.open_clocks(context, chat=str(chat)):
        fact = ClockFact(kind=kind, at=context.now)
        decision = tell(clock, fact, hours=clocks.hours_of(context, clock), now=context.now)
        if decision.state != clock:
            clocks.save(context, clock, decision)


def on_bot_joined(context: Context, update: BotJoinedChat) -> None:
    """The bot came into a group: one it knew, a new one, or one of other companies' people, which it leaves (EC-84)."""
    if update.is_external:
        words = words_for(context, None)
        effects.post(
            context,
            update.chat,
            effects.text(words.say("external_group")),
            key=f"external:{update.source.business_id}",
        )
        effects.send(context, LeaveChat(chat=update.chat), key=f"leave:{update.source.business_id}")
        return
    group = group_of(context, update.chat)
    if group is not None and group.state is GroupState.BOT_REMOVED:
        group = context.uow.groups.put(moved(group, GroupMove.BOT_RETURNED, now=context.now).state)
        effects.record(context, "group_bot_returned", group.id, after=group.state.value)
        _sight(context, update.chat, FactKind.VISIBLE)
        words = words_for(context, None)
        text = words.say("group_bot_back", name=group.name)
        effects.post(context, update.chat, effects.text(text), key=f"back:{update.source.business_id}")
        read_members(context, group, asked_by=None, key=f"group:{group.id}:read:{update.source.business_id}")
        return
    if group is None and not context.uow.groups.find(chat=str(update.chat)):
        text = words_for(context, None).say("group_hello", name=context.around.name)
        effects.post(context, update.chat, effects.text(text), key=f"hello:{update.chat}")


def on_renamed(context: Context, update: ChatRenamed) -> None:
    """A group has another name."""
    group = group_of(context, update.chat)
    if group is not None and group.name != update.name:
        context.uow.groups.put(replace(group, name=update.name))
