"""Nodes of special items that pass without a milestone meeting: kick-off, mid-term, before acceptance (domain.md R-64)."""

from __future__ import annotations

from datetime import date

from bot.domain.confidentiality import Secrecy
from bot.domain.happened import AcceptanceChanged
from bot.domain.item import Item, ItemState, Level
from bot.domain.meeting import Node
from bot.routing import Context, Router
from handlers import effects
from handlers.meetings import meeting_notices, meeting_owed, meeting_scheduling, meeting_store
from handlers.words import words_for

#: working days after the start of an item in which its kick-off meeting is held
KICK_OFF_DAYS = 5


def register(router: Router) -> None:
    """An application for acceptance passes the last node."""
    router.when(AcceptanceChanged, on_acceptance)


def look(context: Context) -> None:
    """Once a week: every special item in progress whose kick-off or mid-term has passed without a meeting."""
    today = context.world.calendars.local(context.now).date()
    for item in context.uow.items.find(state=ItemState.IN_PROGRESS.value):
        if item.level is not Level.SPECIAL:
            continue
        had = meeting_scheduling.nodes_of(context, item.code)
        for node in _passed(context, item, today):
            if node not in had:
                _warn(context, item, node)


def _passed(context: Context, item: Item, today: date) -> list[Node]:
    """Nodes that lie behind; of an item that was in progress before the program knew it no kick-off is missed."""
    found: list[Node] = []
    calendars = context.world.calendars
    if item.started_at is not None:
        started = calendars.local(item.started_at).date()
        if calendars.workdays_between(started, today) > KICK_OFF_DAYS:
            found.append(Node.KICK_OFF)
    if (
        item.start_on is not None
        and item.end_on is not None
        and today > item.start_on + (item.end_on - item.start_on) / 2
    ):
        found.append(Node.MID_TERM)
    return found


def on_acceptance(context: Context, event: AcceptanceChanged) -> None:
    """Applied for, and no meeting before acceptance was held."""
    if event.before is not None:
        return
    item = context.uow.items.get(event.after.item)
    if item is None or item.level is not Level.SPECIAL:
        return
    if Node.PRE_ACCEPTANCE not in meeting_scheduling.nodes_of(context, item.code):
        _warn(context, item, Node.PRE_ACCEPTANCE)


def _warn(context: Context, item: Item, node: Node) -> None:
    """Lead liaison and secretary, once a node; nobody outside the access list of a confidential item."""
    secretary = effects.secretary(context)
    lead = meeting_owed.liaison(context, item.lead)
    told = (meeting_store.acting(context, lead) if lead is not None else None, secretary.id if secretary else None)
    for person in dict.fromkeys(p for p in told if p is not None):
        reader = context.world.directory.person(person)
        if reader is None or (item.secrecy >= Secrecy.CONFIDENTIAL and person not in item.access):
            continue
        words = words_for(context, reader)
        text = words.say(
            "milestone_missed",
            code=item.code,
            title=meeting_notices.titled(words, item.short, secrecy=item.secrecy),
            node=words.say(f"node_{node.name.lower()}"),
        )
        key = f"milestone:{item.code}:{node.name}:{person}"
        effects.tell(context, reader, effects.text(text), key=key, ref=item.code, is_owed=True)
