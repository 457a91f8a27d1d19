"""Quiet words about messages to whoever should know, never in the group (EC-26, EC-30, EC-43; R-43, R-45)."""

from __future__ import annotations

from bot.domain.conversation import Ear
from bot.domain.group import Group
from bot.domain.ids import DepartmentId
from bot.domain.tracking import GroupKind, Spoken, is_flood, is_strangers_question
from bot.routing import Context
from bot.updates import MessageReceived, without_mentions
from handlers import effects
from handlers.words import words_for

#: a message of more characters than this is worth a hint (R-43)
LONG = 500
#: seconds between two hints about a flood (EC-30)
FLOOD_PAUSE = 600


def give(context: Context, update: MessageReceived, spoken: Spoken, group: Group | None, ear: Ear) -> None:
    """Quiet words to whoever should know, at most one of a kind in its period."""
    today = context.world.calendars.local(context.now).date().isoformat()
    if is_strangers_question(spoken, context.world.posts):
        secretary = effects.secretary(context)
        if secretary is not None:
            name = group.name if group is not None else ""
            words = words_for(context, secretary)
            effects.tell(
                context,
                secretary,
                effects.text(words.say("unknown_sender", group=name)),
                key=f"stranger:{update.chat}:{today}",
            )
    for department in dict.fromkeys(ear.blind):
        _report_blind(context, department, today)
    if context.person is None or spoken.where is not GroupKind.TRACKED:
        return
    joined = [c for c in ear.clocks if update.message in c.messages]
    if any(is_flood(c, at=spoken.at) for c in joined):
        _hint(context, "flood_hint", f"{int(context.now.timestamp()) // FLOOD_PAUSE}")
    if len(without_mentions(update.text)) > LONG:
        _hint(context, "long_hint", today)


def _hint(context: Context, key: str, period: str) -> None:
    person = context.person
    if person is not None:
        words = words_for(context, person)
        effects.tell(context, person, effects.text(words.say(key)), key=f"{key}:{person.id}:{period}")


def _report_blind(context: Context, department: DepartmentId, today: str) -> None:
    """A department without working hours in sight cannot be timed; whoever keeps the calendar hears of it (EC-26)."""
    secretary = effects.secretary(context)
    people = (*((secretary,) if secretary is not None else ()), *effects.administrators(context))
    for person in {person.id: person for person in people}.values():
        words = words_for(context, person)
        effects.tell(
            context,
            person,
            effects.text(words.say("sla_blind", department=words.department(department))),
            key=f"blind:{department}:{person.id}:{today}",
        )
