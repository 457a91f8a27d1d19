"""Items as they are kept (domain.md 3.3): saved with their deadlines, records and cards; who hears of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.domain.digest import Happening
from bot.domain.directory import Person
from bot.domain.happened import ItemChanged
from bot.domain.ids import DepartmentId
from bot.domain.item import Item, ItemAct, ItemState
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.permissions import Grant
from bot.domain.timers import Timer, TimerKind
from bot.messages import inert
from bot.routing import Context
from handlers import effects, happenings, matter_cards
from handlers.deadlines import deadlines
from handlers.deadlines.deadlines import Limit, limit_workdays, owed
from handlers.deeds import SLOT, VERB
from handlers.matter_notices import may_be_told, numbered
from handlers.post_holders import acting_head, acting_liaison, liaison_post
from handlers.words import words_for

#: working days in which a cooperating liaison confirms contact (R-31)
CONTACT_WD = 1
#: while work goes on, contact is still to be confirmed
_AT_WORK = (ItemState.IN_PROGRESS, ItemState.SUSPENDED, ItemState.RECTIFYING)


def add(context: Context, item: Item) -> Item:
    """A new item with its record; who is told is said by whoever makes it."""
    stored = context.uow.items.add(item)
    effects.record(context, "item_created", stored.code, after=stored.state.value, facts={"request": stored.request})
    if stored.state is ItemState.IN_PROGRESS:
        note_start(context, stored)
    return stored


def save(
    context: Context,
    before: Item,
    after: Item,
    act: ItemAct,
    *,
    grant: Grant | None = None,
    reason: str = "",
    verb: str = "",
    slot: str = "",
    asks_contact: Iterable[DepartmentId] = (),
) -> Item:
    """Keep the item with everything that follows from its state, and tell the others."""
    person = context.person.id if context.person is not None else before.updated_by
    stored = context.uow.items.put(replace(after, updated_at=context.now, updated_by=person))
    deadlines.settle(context, stored.code, _obligations(context, stored, tuple(asks_contact)))
    _time(context, stored)
    effects.record_act(
        context, f"item_{act}", before, stored, grant=grant, reason=reason, facts={VERB: verb, SLOT: slot}
    )
    if before.started_at is None and stored.started_at is not None:
        note_start(context, stored)
    matter_cards.refresh(context, stored.code)
    context.announce(ItemChanged(before, stored))
    return stored


def note_start(context: Context, item: Item) -> None:
    """启动事项 counts when an item is in progress for the first time (6.1)."""
    happenings.note(context, item, Happening.ITEM_STARTED, {"department": item.lead})


def _time(context: Context, item: Item) -> None:
    """On the day on which it is expected to go on, somebody is reminded (3.3)."""
    if item.state is ItemState.SUSPENDED and item.resume_on is not None:
        due_at = context.world.calendars.start_of_day(context.world.calendars.workday_on_or_after(item.resume_on))
        context.uow.timers.arm(Timer(kind=TimerKind.ITEM_RESUME, ref=item.code, due_at=due_at))
    else:
        context.uow.timers.cancel(TimerKind.ITEM_RESUME, item.code)


# ---------------------------------------------------------------- who owes what


def _obligations(context: Context, item: Item, asks: tuple[DepartmentId, ...]) -> list[Obligation]:
    """Confirmations of contact; what others hang on the item's number (archive) is theirs and stays."""
    known = context.uow.obligations.find(code=item.code)
    others = [one for one in known if one.kind is not ObligationKind.CONTACT]
    if item.state not in _AT_WORK:
        return others
    running = {one.department: one for one in known if one.kind is ObligationKind.CONTACT}
    wanted = [d for d in item.coop if (d in running or d in asks) and d not in item.contacted]
    return [*others, *(_contact(context, item, d, running.get(d)) for d in wanted)]


def _contact(context: Context, item: Item, department: DepartmentId, running: Obligation | None) -> Obligation:
    limit = limit_workdays(context, CONTACT_WD)
    if running is not None:
        limit = Limit(due_at=running.due_at, counted_from=running.counted_from, workdays=running.workdays)
    return owed(
        context,
        item.code,
        ObligationKind.CONTACT,
        limit,
        title=item.title,
        holder=liaison_post(context, department),
        department=department,
        slot=department,
        item=item.code,
        secrecy=item.secrecy,
        access=item.access,
        lead=item.lead,
        coop=item.coop,
    )


def follow_posts(context: Context) -> None:
    """Confirmations of contact are owed by whoever is liaison now."""
    for code in {one.code for one in context.uow.obligations.find(kind=ObligationKind.CONTACT.value)}:
        item = context.uow.items.get(code)
        if item is not None:
            deadlines.settle(context, item.code, _obligations(context, item, ()))


# ---------------------------------------------------------------- who hears of it


def liaisons(context: Context, item: Item, departments: Iterable[DepartmentId] | None = None) -> tuple[Person, ...]:
    """Whoever answers for the departments involved, or for these, each once."""
    wanted = item.involved if departments is None else tuple(departments)
    found = (acting_liaison(context, d) for d in wanted)
    return tuple({p.id: p for p in found if p is not None}.values())


def heads(context: Context, item: Item, departments: Iterable[DepartmentId] | None = None) -> tuple[Person, ...]:
    """Whoever acts as head of the departments involved, or of these, each once."""
    wanted = item.involved if departments is None else tuple(departments)
    found = (acting_head(context, d) for d in wanted)
    return tuple({p.id: p for p in found if p is not None}.values())


def tell(
    context: Context,
    people: Iterable[Person],
    item: Item,
    sentence: str,
    *,
    mark: str = "",
    is_owed: bool = False,
    facts: Mapping[str, object] | None = None,
) -> None:
    """One notice to each of them but whoever caused it; of a sensitive item it begins with the number (EC-74)."""
    own = context.person.id if context.person is not None else None
    for person in {p.id: p for p in people}.values():
        if person.id == own or not may_be_told(context, item, person.id):
            continue
        words = words_for(context, person)
        text = words.say(
            sentence, code=item.code, title=inert(item.title, limit=40) if not item.secrecy else "", **(facts or {})
        )
        effects.tell(
            context,
            person,
            effects.text(numbered(item, text)),
            key=f"{item.code}:{sentence}:{mark or item.version}:{person.id}",
            is_owed=is_owed,
            ref=item.code,
        )
