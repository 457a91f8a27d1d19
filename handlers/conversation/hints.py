"""Quiet words about messages to whoever should know, never in the group (EC-26, EC-30, EC-43; R-43, R-45)."""

from __future__ import annotations

from bot.domain.confidentiality import Secrecy
from bot.domain.conversation import Ear
from bot.domain.group import Group
from bot.domain.ids import DepartmentId
from bot.domain.tracking import (
    SAME_WINDOW,
    GroupKind,
    Spoken,
    is_acknowledgement,
    is_chatter,
    is_flood,
    is_strangers_question,
)
from bot.routing import Context
from bot.updates import MessageReceived, without_mentions
from handlers import effects
from handlers.clocks import clocks
from handlers.conversation.places import secrecy_of
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
    if any(is_flood(c, at=spoken.at) for c in joined) or _is_chatter(context, spoken, group):
        _hint_at_flood(context)
    if is_acknowledgement(spoken.words):
        _hint_at_key(context, update)
    if len(without_mentions(update.text)) > LONG:
        _hint(context, "long_hint", today)


def _hint_at_key(context: Context, update: MessageReceived) -> None:
    """A bare 收到 is no answer to a key question (L-05); whoever believes it was is told, once a question."""
    person = context.person
    for clock in clocks.open_clocks(context, chat=str(update.chat)):
        if person is None or not clock.is_key or clock.acting != person.id:
            continue
        text = words_for(context, person).say("key_needs_words", code=clock.code)
        effects.tell(context, person, effects.text(text), key=f"key_needs_words:{clock.code}:{person.id}", is_owed=True)


def _is_chatter(context: Context, spoken: Spoken, group: Group | None) -> bool:
    """Compared is what was kept of the messages; of confidential matters there are no words to compare."""
    if secrecy_of(context, group) >= Secrecy.CONFIDENTIAL:
        return False
    seen = context.uow.seen_messages.between(
        "sent_at", spoken.at - SAME_WINDOW, spoken.at, sender=spoken.sender, chat=str(spoken.chat)
    )
    written = [s.heard.spoken for s in seen if s.heard is not None]
    return is_chatter(next((w for w in written if w.message == spoken.message), spoken), written)


def _hint_at_flood(context: Context) -> None:
    """A private word, once in ten minutes; how often it was needed is for the secretary alone (R-45)."""
    person = context.person
    if person is not None and _hint(context, "flood_hint", f"{int(context.now.timestamp()) // FLOOD_PAUSE}"):
        effects.record(context, "flood_hint", person.id)


def _hint(context: Context, key: str, period: str) -> bool:
    """Say it once in the period; False when it was said before or cannot be."""
    person = context.person
    if person is None:
        return False
    words = words_for(context, person)
    return effects.tell(context, person, effects.text(words.say(key)), key=f"{key}:{person.id}:{period}")


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
