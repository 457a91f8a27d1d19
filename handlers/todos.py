"""`/待办`: what waits for me, with deadlines, and what I wait for."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.confidentiality import Secrecy
from bot.domain.directory import Person
from bot.domain.obligation import Obligation
from bot.domain.reply_clock import ReplyClock
from bot.messages import inert
from bot.routing import Context
from handlers import clock_access, clock_cards
from handlers.calls import Call, Commands
from handlers.words import Words

#: what does not fit on a phone screen is counted
MOST = 8
MOST_ASKED = 5


def answer_commands(commands: Commands) -> None:
    """Put the command on the table."""
    commands.on("todo", on_todo)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the list: a number, when it is due, and the words for it."""

    code: str
    line: str


def on_todo(call: Call) -> None:
    """The list is nobody else's business: in a group it goes to the private chat (ux.md A4 18)."""
    waiting = waiting_for(call.context, call.person, call.words)
    lines = [call.words.say("todo_head", count=len(waiting)) if waiting else call.words.say("todo_none")]
    lines.extend(one.line for one in waiting[:MOST])
    if len(waiting) > MOST:
        lines.append(call.words.say("todo_more", count=len(waiting)))
    asked = clock_access.asked_by(call.context, call.person.id)
    if asked:
        lines.extend((call.words.say("todo_asked"), *(_asked(c, call.words) for c in asked[:MOST_ASKED])))
    call.answer_privately("\n".join(lines))


def waiting_for(context: Context, person: Person, words: Words) -> list[Waiting]:
    """Everything that waits for this person, the earliest limit first."""
    due = [
        (clock.due_at, Waiting(clock.code, _clock(clock, words)))
        for clock in clock_access.waiting_for(context, person.id)
        if clock_cards.UNSENT not in clock.flags
    ]
    due.extend(
        (clock.due_at, Waiting(clock.code, _escalated(clock, words)))
        for clock in clock_access.escalated_to(context, person.id)
    )
    due.extend(
        (held.due_at, Waiting(held.code, _obligation(held, words)))
        for held in context.uow.obligations.find(holder=person.id)
    )
    return [waiting for _, waiting in sorted(due, key=lambda found: (found[0], found[1].code))]


def _clock(clock: ReplyClock, words: Words) -> str:
    return words.say("todo_clock", code=clock.code, asker=words.name(clock.asker), due=words.reply_due(clock.due_at))


def _escalated(clock: ReplyClock, words: Words) -> str:
    assignee, asker = words.name(clock.acting), words.name(clock.asker)
    return words.say(
        "todo_escalated", code=clock.code, assignee=assignee, asker=asker, due=words.reply_due(clock.due_at)
    )


def _obligation(held: Obligation, words: Words) -> str:
    kind = words.say(f"kind_{held.kind.name.lower()}")
    title = inert(held.title, limit=30) if held.secrecy < Secrecy.CONFIDENTIAL else ""
    return words.say("todo_obligation", code=held.code, title=title, kind=kind, due=words.due(held.due_at))


def _asked(clock: ReplyClock, words: Words) -> str:
    return words.say(
        "todo_asked_item",
        code=clock.code,
        department=words.department(clock.department),
        due=words.reply_due(clock.due_at),
    )
