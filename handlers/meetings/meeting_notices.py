"""What is told about a meeting: the invitation, notices to everybody, and the facts their sentences need (domain.md 3.9, 2.5)."""

from __future__ import annotations

from bot.domain.confidentiality import Secrecy
from bot.domain.directory import Person
from bot.domain.ids import PersonId
from bot.domain.meeting import Meeting
from bot.domain.meeting_kind import warn_minutes
from bot.messages import inert
from bot.routing import Context
from handlers import effects, matter_cards
from handlers.meetings import meeting_store
from handlers.words import Words, words_for


def invite(context: Context, meeting: Meeting, *, besides: PersonId | None) -> None:
    """The invitation, at once: somebody at work asks for an answer (L-09). Whoever called the meeting knows of it."""
    for person in meeting.everybody:
        acting = meeting_store.acting(context, person)
        reader = context.world.directory.person(acting)
        if reader is None or acting == besides or not may_be_told(meeting, acting):
            continue
        # whoever hosts has one card, and that one starts and ends the meeting (ux.md A4 34)
        purpose = "run" if person == meeting.host else "invite"
        matter_cards.show_to(context, reader, meeting.code, purpose, at_once=True)


def show_run(context: Context, meeting: Meeting, reader: Person) -> bool:
    """The card with start and end, unless another one of this meeting stands with that person. Is it a new one?"""
    account = effects.account_of(context, reader)
    own = (matter_cards.card_id(meeting.code, purpose) for purpose in ("invite", "run"))
    standing = [c for named in own for c in context.uow.cards.find(card_id=named, is_live=True)]
    if any(card.target_account == account for card in standing) or not may_be_told(meeting, reader.id):
        return False
    return matter_cards.show_to(context, reader, meeting.code, "run", at_once=True)


def may_be_told(meeting: Meeting, person: PersonId) -> bool:
    """Of a confidential meeting only people on its access list hear (2.5)."""
    return meeting.secrecy < Secrecy.CONFIDENTIAL or person in meeting.access


def tell(
    context: Context, meeting: Meeting, key: str, *, name: str, besides: PersonId | None = None, at_once: bool = False
) -> None:
    """One notice to everybody who was asked to come; `key` is its sentence, `name` makes it unique."""
    for person in meeting.everybody:
        acting = meeting_store.acting(context, person)
        reader = context.world.directory.person(acting)
        if reader is None or acting == besides or not may_be_told(meeting, acting):
            continue
        tell_one(context, meeting, reader, key, name=name, at_once=at_once)


def tell_one(context: Context, meeting: Meeting, reader: Person, key: str, *, name: str, at_once: bool = False) -> None:
    """One notice to one person."""
    words = words_for(context, reader)
    text = words.say(key, **facts(words, meeting))
    effects.tell(
        context,
        reader,
        effects.text(text),
        key=f"meeting:{meeting.code}:{name}:{reader.id}",
        ref=meeting.code,
        at_once=at_once,
        is_owed=True,
    )


def facts(words: Words, meeting: Meeting) -> dict[str, object]:
    """What sentences about a meeting need; nothing but the number of a sensitive one."""
    return {
        "code": meeting.code,
        "title": titled(words, meeting.title, secrecy=meeting.secrecy),
        "start": words.deadline(meeting.start_at),
        "end": words.time(meeting.planned_end_at),
        "place": words.say("meeting_place", place=meeting.place) if meeting.place and not meeting.secrecy else "",
        "agenda": (
            words.say("meeting_agenda", agenda=words.listing(meeting.agenda))
            if meeting.agenda and not meeting.secrecy
            else ""
        ),
        "reason": words.say("meeting_reason", reason=inert(meeting.reason, limit=100)) if meeting.reason else "",
        "host": words.name(meeting.host),
        "moves": meeting.moves,
        "limit": meeting.limit_minutes,
        "minutes": warn_minutes(meeting.kind, words.context.world.company.parameters),
    }


def titled(words: Words, title: str, *, secrecy: int) -> str:
    """`《…》` behind a number; nothing for a sensitive object, nothing for one without a title."""
    return words.say("titled", title=inert(title, limit=40)) if title and not secrecy else ""
