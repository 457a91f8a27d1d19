"""Who is in a group, compared with who has to be (domain.md 3.15, R-42; A-11, EC-47).

Looked at after creation, after every change of members or roles, daily, and when somebody asks. What is wrong is told
privately to whoever acts as liaison of the lead department; the group itself is never told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta

from bot.domain.company import Extra
from bot.domain.composition import Membership, compare, membership
from bot.domain.directory import Person
from bot.domain.group import Group, GroupMove, GroupPurpose, GroupState, checked, moved
from bot.domain.ids import ChatKey, PersonId
from bot.domain.item import Item
from bot.domain.reply_clock import ClockFact, FactKind
from bot.domain.sla import tell
from bot.domain.timers import Timer, TimerKind
from bot.errors import FailureKind
from bot.messages import ReadMembers
from bot.ports import SendState
from bot.routing import Context, Outcome, Router
from bot.updates import ChatMembersChanged
from handlers import effects
from handlers.clocks import clocks
from handlers.conversation.places import SEEN, group_of
from handlers.deadlines import recurring
from handlers.groups import group_joining
from handlers.people import former_liaisons
from handlers.words import Words, words_for

#: members are read again this long after a change, so that a wave of changes costs one reading
SETTLE = timedelta(seconds=5)
#: name of the recurring duty's timer
DAILY = "groups"


def register(router: Router) -> None:
    """Put changes of members, the daily check and its outcome on the table."""
    router.on(ChatMembersChanged, on_members_changed)
    router.timer(TimerKind.GROUP_CHECK, on_daily_check)
    router.outcome(ReadMembers, on_members_read)


def rule_of(context: Context, item: Item) -> Membership:
    """Who must and who may be in the group of an item now."""
    parameters = context.world.company.parameters
    return membership(
        item,
        directory=context.world.directory,
        posts=context.world.posts,
        leaves=context.world.leaves,
        former=former_liaisons.known(context),
        calendars=context.world.calendars,
        at=context.now,
        extras=tuple(Extra(name) for name in parameters.group_allowed_extra),
        former_stays_wd=parameters.liaison_former_stays_wd,
    )


# ---------------------------------------------------------------- looking


def read_members(context: Context, group: Group, *, asked_by: PersonId | None, key: str) -> bool:
    """Ask the platform who is in the group; the outcome is compared with the rule and told to whoever asked."""
    if group.chat is None:
        return False
    ref = group.id if asked_by is None else f"{group.id}|{asked_by}"
    return effects.send(context, ReadMembers(chat=group.chat), key=key, ref=ref, priority=effects.NOTICE)


def look_again_soon(context: Context, group: Group, *, key: str) -> None:
    """Read the members in a moment, once for a whole wave of changes."""
    if group.chat is not None:
        effects.send(
            context,
            ReadMembers(chat=group.chat),
            key=f"group:{group.id}:read:{key}",
            ref=group.id,
            not_before=context.now + SETTLE,
            coalesce=f"group:{group.id}:read",
        )


def living(context: Context) -> list[Group]:
    """Groups that the bot can see, on platforms that are on."""
    found = context.uow.groups.find(state=tuple(state.value for state in SEEN))
    return [g for g in found if g.platform in context.capabilities and g.chat is not None]


def on_members_changed(context: Context, update: ChatMembersChanged) -> None:
    """People came or went."""
    group = group_of(context, update.chat)
    if group is not None and group.state in SEEN:
        look_again_soon(context, group, key=update.source.business_id)


def recheck_all(context: Context) -> None:
    """Roles or leaves changed: who has to be in which group may have changed with them."""
    for group in living(context):
        if group.purpose is GroupPurpose.DEDICATED:
            look_again_soon(context, group, key=context.now.isoformat())


# ---------------------------------------------------------------- daily


def arm_daily(context: Context) -> None:
    """See to it that the daily check has its timer."""
    recurring.arm(context, TimerKind.GROUP_CHECK, DAILY, recurring.next_working_time(context, _hour(context)))


def move_daily(context: Context) -> None:
    """The hour or the calendar changed."""
    recurring.move(context, TimerKind.GROUP_CHECK, DAILY, recurring.next_working_time(context, _hour(context)))


def check_now(context: Context) -> None:
    """Roles changed while no platform may be connected: look as soon as the engine runs."""
    context.uow.timers.arm(Timer(kind=TimerKind.GROUP_CHECK, ref=DAILY, due_at=context.now))


def _hour(context: Context) -> time:
    return time.fromisoformat(context.world.company.parameters.group_check_at)


def on_daily_check(context: Context, timer: Timer) -> None:
    """Read the members of every group that lives; the next check is armed in the same transaction."""
    for group in living(context):
        read_members(context, group, asked_by=None, key=f"group:{group.id}:read:{timer.due_at.isoformat()}")
    group_joining.remind(context, day=context.world.calendars.local(timer.due_at).date().isoformat())
    arm_daily(context)


# ---------------------------------------------------------------- comparing


def on_members_read(context: Context, outcome: Outcome) -> None:
    """Compare who is in the group with who has to be; tell the lead liaison what is wrong."""
    group_id, _, asker = outcome.envelope.ref.partition("|")
    group = context.uow.groups.get(group_id)
    if group is None or group.state not in SEEN:
        return
    person = context.world.directory.person(PersonId(asker)) if asker else None
    if outcome.state is not SendState.SENT or outcome.receipt is None:
        _unreadable(context, group, outcome, person)
        return
    if outcome.receipt.members_untold:
        _unreadable(context, group, outcome, person)
        return
    members = outcome.receipt.members
    item = context.uow.items.get(group.item) if group.item is not None else None
    if group.purpose is not GroupPurpose.DEDICATED or item is None:
        group = context.uow.groups.put(replace(group, members=members, checked_at=context.now))
        if person is not None:
            _tell(context, person, group, headcount(group, words_for(context, person)), key=outcome.envelope.key)
        return
    found = compare(rule_of(context, item), members, directory=context.world.directory)
    decision = checked(group, members=members, missing=found.missing, outsiders=found.outsiders, now=context.now)
    group = context.uow.groups.put(decision.state)
    told: set[PersonId] = set()
    for event in decision.events:
        effects.record(context, "group_checked", group.id, before=event.before.value, after=event.after.value)
        if event.move is GroupMove.FOUND_NONCOMPLIANT:
            told.update(_report(context, group, item, keepers(context, item), key=context.now.isoformat()))
    if person is not None and person.id not in told:
        _report(context, group, item, (person,), key=outcome.envelope.key, at_once=True)


def _unreadable(context: Context, group: Group, outcome: Outcome, asker: Person | None) -> None:
    """A group that is closed to the bot was lost in an hour in which no event could reach it (EC-45, EC-46)."""
    if outcome.failure is FailureKind.GONE:
        mark_removed(context, group, key=outcome.envelope.key)
    if asker is not None:
        words = words_for(context, asker)
        _tell(context, asker, group, words.say("group_unreadable", name=group.name), key=outcome.envelope.key)


def mark_removed(context: Context, group: Group, *, key: str) -> Group:
    """The bot is not in the group any more; the lead liaison and the secretary hear of it."""
    group = context.uow.groups.put(moved(group, GroupMove.BOT_REMOVED, now=context.now).state)
    effects.record(context, "group_bot_removed", group.id, after=group.state.value)
    if group.chat is not None:
        sight(context, group.chat, FactKind.INVISIBLE)
    tell_lost(context, group, "group_bot_removed", key=key)
    return group


def sight(context: Context, chat: ChatKey, kind: FactKind) -> None:
    """Tell the clocks of a chat that it went out of sight, or came back."""
    for clock in clocks.open_clocks(context, chat=str(chat)):
        fact = ClockFact(kind=kind, at=context.now)
        decision = tell(clock, fact, hours=clocks.hours_of(context, clock), now=context.now)
        if decision.state != clock:
            clocks.save(context, clock, decision)


def tell_lost(context: Context, group: Group, sentence: str, *, key: str) -> None:
    """Tell the lead liaison and the secretary, privately, unless it has come back by then."""
    item = context.uow.items.get(group.item) if group.item is not None else None
    secretary = effects.secretary(context)
    people = [*(keepers(context, item) if item is not None else ()), *([secretary] if secretary is not None else [])]
    for person in {p.id: p for p in people}.values():
        words = words_for(context, person)
        effects.tell(
            context,
            person,
            effects.text(words.say(sentence, name=group.name, code=group.item or group.id)),
            key=f"group:{group.id}:{key}:{person.id}",
            recheck="group_lost",
            ref=group.id,
        )


def is_lost(context: Context, ref: str) -> bool:
    """Is the group still out of sight?"""
    group = context.uow.groups.get(ref)
    return group is not None and group.state in {GroupState.LOST, GroupState.BOT_REMOVED}


# ---------------------------------------------------------------- telling


def _report(
    context: Context, group: Group, item: Item, people: Sequence[Person], *, key: str, at_once: bool = False
) -> list[PersonId]:
    for person in people:
        text = composition_report(context, group, item, words_for(context, person))
        _tell(context, person, group, text, key=key, at_once=at_once)
    return [person.id for person in people]


def _tell(context: Context, person: Person, group: Group, text: str, *, key: str, at_once: bool = True) -> None:
    effects.tell(context, person, effects.text(text), key=f"group:{group.id}:report:{person.id}:{key}", at_once=at_once)


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


def headcount(group: Group, words: Words) -> str:
    """What can be said of a registered cross-department group, which has no rule of its own."""
    return words.say("group_headcount", name=group.name, count=len(group.members))


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
    """Names of those the directory knows, and one count of those it does not."""
    found = [context.world.directory.by_account(account) for account in group.outsiders]
    names = [
        words.say("group_outsider", name=p.name, department=words.department(p.department))
        for p in found
        if p is not None
    ]
    strangers = sum(p is None for p in found)
    if strangers:
        names.append(words.say("group_unknown_outsiders", count=strangers))
    return names


def keepers(context: Context, item: Item) -> tuple[Person, ...]:
    """Whoever acts as liaison of the lead department; the secretary where there is nobody (EC-52)."""
    acting = context.world.posts.recipient(item.lead)
    person = context.world.directory.person(acting) if acting is not None else None
    return (person,) if person is not None else ()
