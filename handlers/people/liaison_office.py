"""A liaison takes office: roles, running clocks, open limits and groups follow (domain.md 3.12; L-22, EC-50, EC-57)."""

from __future__ import annotations

from bot.domain.directory import Directory, Person
from bot.domain.happened import LiaisonChanged
from bot.domain.ids import PersonId
from bot.domain.liaison_change import (
    ChangeState,
    LiaisonChange,
    cancelled,
    taken_effect,
    with_role,
    without_role,
)
from bot.domain.obligation import ObligationKind
from bot.domain.timers import Timer
from bot.messages import AddMembers
from bot.routing import Context
from handlers import effects
from handlers.clocks import clocks
from handlers.deadlines import deadlines
from handlers.groups import group_checks
from handlers.people import former_liaisons, liaison_memory
from handlers.people.liaison_keeping import everybody, save, tell
from handlers.words import words_for
from handlers.world import DIRECTORY

#: limits that the liaison holds by office; those of a person (tasks, statements, the hand-over itself) stay
BY_OFFICE = frozenset(
    {
        ObligationKind.PLAN,
        ObligationKind.WEEKLY_REPORT,
        ObligationKind.ISSUE,
        ObligationKind.RESOLUTION,
        ObligationKind.RECTIFICATION,
        ObligationKind.ARCHIVE,
        ObligationKind.PROGRESS_REPORT,
        ObligationKind.CONFIRM_TASK,
        ObligationKind.EXTENSION,
        ObligationKind.CONTACT,
        ObligationKind.VERIFICATION,
        ObligationKind.SYNC,
        ObligationKind.RATING,
    }
)


def on_timer(context: Context, timer: Timer) -> None:
    """00:00 of the day: the change takes effect, handed over or not."""
    change = context.uow.liaison_changes.get(timer.ref)
    if change is None or change.state is not ChangeState.REGISTERED:
        return
    take(context, change)


def take(context: Context, change: LiaisonChange) -> LiaisonChange:
    """The new liaison is in office now; one who left meanwhile is not, and the head hears of it."""
    new = context.world.directory.person(change.new)
    if new is None or not new.is_active or new.department != change.department:
        return _gone(context, change)
    before = context.world.directory
    _switch(context, change, new)
    change = save(context, change, taken_effect(change, now=context.now), act="effective")
    _follow(context, change, before)
    for person in everybody(context):
        words = words_for(context, person)
        department, name = words.department(change.department), words.name(change.new)
        tell(context, person, change, "liaison_told_effective", department=department, new=name)
    if not change.is_handed_over:
        _tell_head(context, change)
    context.announce(LiaisonChanged(change))
    return change


def step_down(context: Context, change: LiaisonChange) -> None:
    """Of an emergency: the former liaison is out at once, the backup acts until the new one is in office (EC-50)."""
    old = context.world.directory.person(change.old) if change.old is not None else None
    if old is None:
        return
    before = context.world.directory
    _put(context, old, without_role(old, is_backup=change.is_backup))
    context.uow.bump(DIRECTORY)
    context.refresh()
    former_liaisons.note(context, before)
    clocks.follow_posts(context)


def step_back(context: Context, change: LiaisonChange) -> None:
    """An emergency was taken back: the former liaison is in office again."""
    old = context.world.directory.person(change.old) if change.old is not None else None
    if not change.is_emergency or old is None or not old.is_active:
        return
    _put(context, old, with_role(old, is_backup=change.is_backup))
    context.uow.bump(DIRECTORY)
    context.refresh()
    clocks.follow_posts(context)


def _switch(context: Context, change: LiaisonChange, new: Person) -> None:
    old = context.world.directory.person(change.old) if change.old is not None else None
    if old is not None and without_role(old, is_backup=change.is_backup) != old:
        _put(context, old, without_role(old, is_backup=change.is_backup))
    _put(context, new, with_role(new, is_backup=change.is_backup))
    context.uow.bump(DIRECTORY)
    context.refresh()


def _put(context: Context, before: Person, after: Person) -> None:
    context.uow.people.put(after)
    liaison_memory.note(context.uow, before, after)


def _follow(context: Context, change: LiaisonChange, before: Directory) -> None:
    """Running clocks keep their due and go to the new person; limits held by office do, groups are looked at again."""
    former_liaisons.note(context, before)
    clocks.follow_posts(context)
    if change.old is not None and not change.is_backup:
        for one in context.uow.obligations.find(holder=change.old, department=change.department):
            if one.kind in BY_OFFICE:
                deadlines.hand_over(context, one, change.new)
    _invite(context, change)
    group_checks.recheck_all(context)


def _invite(context: Context, change: LiaisonChange) -> None:
    """Into every dedicated group of the department's items; who keeps each group hears when the old one has to go."""
    new = context.world.directory.person(change.new)
    offered: dict[PersonId, list[str]] = {}
    for group in group_checks.living(context):
        item = context.uow.items.get(group.item) if group.item is not None else None
        if item is None or change.department not in item.involved or group.chat is None or change.is_backup:
            continue
        account = new.account_on(group.platform) if new is not None else None
        if account is not None and account not in group.members and effects.can(context, group.platform).create_group:
            effects.send(
                context,
                AddMembers(chat=group.chat, members=(account,)),
                key=f"{change.code}:invite:{group.id}",
                ref=group.id,
            )
        keeper = context.world.posts.recipient(item.lead)
        old = context.world.directory.person(change.old) if change.old is not None else None
        if keeper is not None and old is not None and old.account_on(group.platform) in group.members:
            offered.setdefault(keeper, []).append(group.name)
    for person, names in offered.items():
        _offer_removal(context, change, person, names)


def _offer_removal(context: Context, change: LiaisonChange, keeper: PersonId, names: list[str]) -> None:
    person = context.world.directory.person(keeper)
    if person is None:
        return
    words = words_for(context, person)
    days = context.world.company.parameters.liaison_former_stays_wd
    tell(
        context,
        person,
        change,
        "liaison_told_groups",
        name=words.name(change.old),
        days=days,
        groups=words.listing(names),
    )


def _tell_head(context: Context, change: LiaisonChange) -> None:
    head = context.world.posts.head_of(change.department)
    person = context.world.directory.person(head.acting) if head is not None else None
    if person is not None:
        tell(context, person, change, "liaison_told_not_handed")


def _gone(context: Context, change: LiaisonChange) -> LiaisonChange:
    change = save(context, change, cancelled(change), act="gone", reason="new liaison is not active")
    head = context.world.posts.head_of(change.department)
    told = {head.acting if head is not None else None, context.world.posts.secretary()}
    for key in sorted(p for p in told if p is not None):
        person = context.world.directory.person(key)
        if person is not None:
            name = words_for(context, person).name(change.new)
            tell(context, person, change, "liaison_told_gone", name=name)
    return change
