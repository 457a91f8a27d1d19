"""Kudos from one department to another, and peer ratings after an item (domain.md 6.4, 6.5; R-09, R-35, L-23; EC-91)."""

from __future__ import annotations

from bot.domain.action import Action
from bot.domain.appreciation import kudos
from bot.domain.directory import Person
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import effects
from handlers.access import require
from handlers.calls import Call
from handlers.conversation.addressees import people_of
from handlers.deeds import SHORTEST_REASON, visible_length
from handlers.scores import ratings
from handlers.tables import Tables
from handlers.words import words_for

LONGEST_REASON = 200


def register(tables: Tables) -> None:
    """Put commands, deeds, timers and cards on the tables."""
    tables.commands.on("kudos", on_kudos)
    ratings.register(tables)


def on_kudos(call: Call) -> None:
    """`表扬 @人 事由`: said where it was given, told to the person and the person's head."""
    context = call.context
    grant = require(context, Action.GIVE_KUDOS)
    people = people_of(context, call.command.people)
    reason = inert(" ".join(call.command.words.split()), limit=LONGEST_REASON)
    if visible_length(reason) < SHORTEST_REASON:
        raise RuleViolation("reason_required")
    today = context.world.calendars.local(context.now).date()
    for person in people:
        one = kudos(call.person, person, reason, now=context.now, today=today)
        if context.uow.kudos.get(one.key) is not None:
            raise RuleViolation("kudos_known", {"name": person.name})
        context.uow.kudos.add(one)
        effects.record(context, "kudos_given", one.key, role=grant.column.value, facts={"to": person.id})
        _tell(context, call.person, person, reason)
    call.say("kudos_said", names=call.words.listing(p.name for p in people))


def _tell(context: Context, by: Person, person: Person, reason: str) -> None:
    """The person, and whoever heads the department."""
    head = context.world.posts.head_of(person.department)
    boss = context.world.directory.person(head.acting) if head is not None else None
    day = context.world.calendars.local(context.now).date()
    for reader in {p.id: p for p in (person, boss) if p is not None and p.id != by.id}.values():
        words = words_for(context, reader)
        key = "kudos_told" if reader.id == person.id else "kudos_told_head"
        text = words.say(key, by=by.name, department=words.department(by.department), name=person.name, reason=reason)
        effects.tell(context, reader, effects.text(text), key=f"kudos:{by.id}:{person.id}:{day}:{reader.id}")
