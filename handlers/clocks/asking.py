"""`/询问` and `/重点`: a question that is timed wherever it is asked, and a message that nobody may overlook (R-40, R-44)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.domain.action import Action
from bot.domain.confidentiality import Secrecy
from bot.domain.decision import Decision
from bot.domain.directory import Person
from bot.domain.relation import Relation
from bot.domain.reply_clock import ReplyClock
from bot.errors import RuleViolation
from bot.messages import inert
from handlers import effects
from handlers.access import require
from handlers.calls import Call, Commands
from handlers.clocks import clock_cards, clock_notices, clocks
from handlers.clocks.untimed import nobody_to_ask
from handlers.conversation import listening, undo
from handlers.conversation.addressees import people_of
from handlers.conversation.places import group_of, secrecy_of


def answer_commands(commands: Commands) -> None:
    """Put the two commands on the table."""
    commands.on("ask", on_ask)
    commands.on("key", on_key)


def on_ask(call: Call) -> None:
    """Start a clock for every department that is asked; several people of one department make one."""
    _refuse_too_early(call)
    people = people_of(call.context, call.command.people)
    text = _text_of(call)
    _refuse_confidential(call)
    if call.is_private:
        _refuse_unreachable(call, people)
    taken = listening.on_message(
        call.context, call.message, words=text, mentioned=[p.id for p in people], is_inquiry=True
    )
    if taken.blind:
        call.say("no_working_time")
    if not taken.asked and not taken.blind:
        raise nobody_to_ask(call, people, text)
    for clock in taken.asked:
        if call.is_private:
            _asked_privately(call, clock, text)
        else:
            _asked_in_group(call, clock)


def on_key(call: Call) -> None:
    """Post with the tag 重点: whoever it names owes an answer in words."""
    require(call.context, Action.TAG_KEY, Relation(owners=frozenset({call.person.id})))
    people = people_of(call.context, call.command.people)
    text = _text_of(call)
    _refuse_confidential(call)
    taken = listening.on_message(
        call.context, call.message, words=text, mentioned=[p.id for p in people], marked_key=True
    )
    if taken.blind:
        call.say("no_working_time")
    for clock in taken.asked:
        _asked_in_group(call, clock)
    if not taken.asked:
        call.say("key_posted", name=call.person.name, text=inert(text, limit=500))


def _refuse_too_early(call: Call) -> None:
    """Nobody owes an answer before the plan takes effect (R-118)."""
    begins = clocks.effective_from(call.context)
    if begins is not None and call.context.now < begins:
        raise RuleViolation("plan_not_effective", {"date": call.words.day(begins.date())})


def _refuse_confidential(call: Call) -> None:
    """Nothing about a confidential item is put up in a group (2.5)."""
    if secrecy_of(call.context, group_of(call.context, call.message.chat)) >= Secrecy.CONFIDENTIAL:
        raise RuleViolation("confidential_refused")


def _text_of(call: Call) -> str:
    """What is asked: the words of the command, or those of the message that it quotes."""
    if call.command.words:
        return call.command.words
    quoted = call.message.reply_to
    seen = call.context.uow.seen_messages.get(str(quoted)) if quoted is not None else None
    words = seen.heard.spoken.words.strip() if seen is not None and seen.heard is not None else ""
    if not words:
        raise RuleViolation("nothing_quoted", {"example": call.words.say("example_ask")})
    return words


# ---------------------------------------------------------------- in a group


def _asked_in_group(call: Call, clock: ReplyClock) -> None:
    """The card is the answer; a question that joined a running clock brings its card to the end of the talk."""
    if _is_new(call, clock):
        clock_cards.show_in_group(call.context, clock)
        _remember(call, clock)
        return
    if clock.acting is not None:
        clock_cards.show_in_group(call.context, clock)
    call.say("clock_attached", code=clock.code, due=call.words.reply_due(clock.due_at))


def _is_new(call: Call, clock: ReplyClock) -> bool:
    return clock.message == call.message.message


def _remember(call: Call, clock: ReplyClock) -> None:
    undo.remember(call.context, call.person.id, action="ask", ref=clock.code, ref_version=clock.version)


# ---------------------------------------------------------------- in private


def _refuse_unreachable(call: Call, people: Iterable[Person]) -> None:
    """A question that cannot be delivered is not taken: its clock would never start."""
    posts, directory = call.context.world.posts, call.context.world.directory
    for asked in people:
        home = posts.department_of(asked.id)
        standing = posts.assignee(home, asked.id) if home is not None else None
        person = directory.person(standing.acting) if standing is not None else None
        if person is not None and effects.account_of(call.context, person) is None:
            raise RuleViolation("unreachable", {"name": person.name})


def _asked_privately(call: Call, clock: ReplyClock, text: str) -> None:
    """The clock waits for its message: what nobody could see yet cannot be late (L-07)."""
    if not _is_new(call, clock):
        clock_notices.tell_asked(
            call.context, clock, key="clock_asked_again", text=text, event=str(call.message.message)
        )
        call.say("clock_attached", code=clock.code, due=call.words.reply_due(clock.due_at))
        return
    hidden = replace(clock, flags=clock.flags | {clock_cards.DIRECT, clock_cards.UNSENT})
    clock = clocks.save(call.context, clock, Decision(hidden, ()))
    clock_cards.show_to_asked(call.context, clock)
    if len(clock.excerpt) < len(" ".join(text.split())):
        event = f"{call.message.message}:full"
        clock_notices.tell_asked(call.context, clock, key="clock_asked_in_full", text=text, event=event)
    clock_cards.show_to_asker(call.context, clock, call.message.chat)
    _remember(call, clock)
