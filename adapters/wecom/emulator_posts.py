"""Messages of the program and of people, and the cards that stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from adapters._emulator.wire_json import Json, text
from adapters.wecom.emulator_state import EmulatedChat, EmulatedMessage, State, Voice

_MENTION = re.compile(r"<@([^<>@\s]{1,64})>")


class Posts:
    """Everything that stands in chats."""

    def __init__(self, state: State) -> None:
        self._state = state

    def bot_chat_of(self, chat_id: str) -> str:
        """The id under which the bot hears a group."""
        return chat_id if self._state.options.one_chat_id else f"wr{self._state.new_id('')}"

    def write(self, chat: EmulatedChat, kind: str, content: Json, *, voice: Voice) -> EmulatedMessage:
        """The program writes."""
        said = text(content, "content")
        message = EmulatedMessage(
            id=self._state.new_id("msg"),
            chat=chat.id,
            sender="",
            kind=kind,
            text=said or text(content, "media_id"),
            at=self._state.now(),
            mentions=tuple(_MENTION.findall(said)) if voice is Voice.APP and chat.is_group else (),
            voice=voice,
        )
        if kind == "template_card":
            message.show(content)
            task = text(content, "task_id")
            self._state.tasks.setdefault((voice, task), []).append(message.id)
        return self._state.keep(message)

    def of_task(self, voice: Voice, task: str) -> Iterator[EmulatedMessage]:
        """The messages that show a card."""
        return (self._state.messages[one] for one in self._state.tasks.get((voice, task), []))
