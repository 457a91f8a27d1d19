"""What people read whose message or press could not be handled at all: a number by which an administrator finds it.

In a group nobody else need know of it: the word goes to the private chat.
"""

from __future__ import annotations

from bot.domain.ids import ChatKey, MessageKey
from bot.routing import Context, Router
from bot.updates import AnyUpdate, CardClicked, ChatType, MessageReceived
from handlers import effects
from handlers.words import words_here


def register(router: Router) -> None:
    """Put the word about dead letters on the table."""
    router.buried(on_buried)


def on_buried(context: Context, update: AnyUpdate, number: int) -> None:
    """Tell whoever wrote or pressed. Other events are nobody's act that waits for an answer."""
    match update:
        case MessageReceived(sender_is_bot=False, sender_is_external=False) if update.chat_type is ChatType.DIRECT:
            _say(context, number, chat=update.chat, reply_to=update.message)
        case MessageReceived(sender_is_bot=False, sender_is_external=False) | CardClicked():
            _say(context, number)
        case _:
            pass


def _say(context: Context, number: int, *, chat: ChatKey | None = None, reply_to: MessageKey | None = None) -> None:
    source = context.update.source if context.update is not None else None
    words, key = words_here(context), f"buried:{number}"
    at = words.time(source.happened_at or source.received_at) if source is not None else ""
    text = effects.text(words.say("support_number", time=at, number=number))
    if chat is not None:
        effects.post(context, chat, text, key=key, reply_to=reply_to)
    elif context.person is not None:
        effects.tell(context, context.person, text, key=key, at_once=True, priority=effects.ANSWER)
