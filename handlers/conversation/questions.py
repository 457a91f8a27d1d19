"""Questions of the bot that wait for one answer: same person, same chat, five minutes (ux.md A4 13, 23, 24)."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from bot.command import Pending
from bot.domain.ids import ChatKey, PersonId
from bot.domain.records import Question
from bot.routing import Context

PATIENCE = timedelta(minutes=5)


def ask(
    context: Context,
    person: PersonId,
    chat: ChatKey,
    pending: Pending,
    *,
    command: str = "",
    choices: tuple[str, ...] = (),
) -> None:
    """Wait for an answer; an earlier question of the same person in the same chat is given up."""
    key = _key(person, chat)
    context.uow.questions.remove(key)
    context.uow.questions.add(
        Question(
            key=key,
            person=person,
            chat=chat,
            command=command,
            given=pending.to_json(),
            asked_for=pending.need.value if pending.need is not None else "",
            expires_at=context.now + PATIENCE,
            choices=choices,
        )
    )


def waiting(context: Context, person: PersonId, chat: ChatKey) -> tuple[Pending, tuple[str, ...]] | None:
    """The question that waits for this person here, with its numbered choices; None when there is none any more."""
    question = context.uow.questions.get(_key(person, chat))
    if question is None or context.now >= question.expires_at:
        return None
    try:
        return Pending.from_json(question.given), question.choices
    except (msgspec.ValidationError, msgspec.DecodeError):
        # written by another version of the program; the question is not worth more than its five minutes
        return None


def forget(context: Context, person: PersonId, chat: ChatKey) -> None:
    """The question was answered or given up."""
    context.uow.questions.remove(_key(person, chat))


def _key(person: PersonId, chat: ChatKey) -> str:
    return f"{person}@{chat}"
