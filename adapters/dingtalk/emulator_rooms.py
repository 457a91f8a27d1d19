"""Groups and private chats of the emulated organisation: made, joined, left, renamed, dissolved, with their events.

No event tells that the robot came into a group or was put out of it (dingtalk.md 2.6, 5.4).
"""

from __future__ import annotations

import base64

from adapters._emulator.clicked import ClickRefused
from adapters._emulator.wire_json import Json
from adapters.dingtalk import emulator_events as events
from adapters.dingtalk.emulator_limits import MEMBERS
from adapters.dingtalk.emulator_people import Emit
from adapters.dingtalk.emulator_state import EmulatedChat, State


class GroupIsFull(Exception):
    """More people than a group may have."""


class Rooms:
    """The chats. `operator` is the userid of who does it."""

    def __init__(self, state: State, emit: Emit) -> None:
        self._state = state
        self._emit = emit

    def make(
        self,
        *,
        name: str,
        members: list[str],
        owner: str,
        with_bot: bool,
        chat_id: str | None = None,
        is_made_by_app: bool = False,
        is_external: bool = False,
        template: str = "",
        settings: Json | None = None,
    ) -> EmulatedChat:
        """A new group. Raises GroupIsFull, ClickRefused for our robot in a group with other companies."""
        if is_external and with_bot:
            raise ClickRefused("an enterprise robot lives only in internal groups of its own organisation")
        people = list(dict.fromkeys([owner, *members]))
        if len(people) > MEMBERS:
            raise GroupIsFull
        chat = EmulatedChat(
            id=chat_id or self._conversation_id(),
            name=name,
            is_group=True,
            created_at=self._state.now(),
            chat_id=self._state.new_id("chat"),
            members=people,
            owner=owner,
            has_bot=with_bot,
            is_made_by_app=is_made_by_app,
            is_external=is_external,
            template=template,
            settings=dict(settings or {}),
        )
        self._state.chats[chat.id] = chat
        self._state.changes.touch()
        return chat

    def private(self, account: str) -> EmulatedChat:
        """The private chat of that person with the bot, made on first use."""
        for chat in self._state.chats.values():
            if not chat.is_group and chat.members == [account]:
                return chat
        chat = EmulatedChat(
            id=self._conversation_id(),
            name=self._state.name_of(account),
            is_group=False,
            created_at=self._state.now(),
            members=[account],
            has_bot=True,
        )
        self._state.chats[chat.id] = chat
        self._state.changes.touch()
        return chat

    def add_members(self, chat: EmulatedChat, accounts: list[str], *, operator: str) -> None:
        """Let people in; those inside already are not mentioned again. Raises GroupIsFull."""
        new = [account for account in dict.fromkeys(accounts) if account not in chat.members]
        if len(chat.members) + len(new) > MEMBERS:
            raise GroupIsFull
        if new:
            chat.members.extend(new)
            self._tell(chat, "chat_add_member", operator=operator, accounts=new)

    def remove_members(self, chat: EmulatedChat, accounts: list[str], *, operator: str) -> None:
        """Put people out, or let one leave by himself."""
        gone = [account for account in accounts if account in chat.members]
        if not gone:
            return
        for account in gone:
            chat.members.remove(account)
            if account in chat.managers:
                chat.managers.remove(account)
        kind = "chat_quit" if gone == [operator] else "chat_remove_member"
        self._tell(chat, kind, operator=operator, accounts=gone)
        if chat.owner in gone and chat.members:
            self.hand_over(chat, chat.members[0], operator=operator)

    def add_bot(self, chat: EmulatedChat) -> None:
        """Somebody adds the bot. Raises ClickRefused in a group with other companies."""
        if chat.is_external:
            raise ClickRefused("an enterprise robot lives only in internal groups of its own organisation")
        chat.has_bot = True
        self._state.changes.touch()

    def remove_bot(self, chat: EmulatedChat) -> None:
        """Somebody puts the bot out."""
        chat.has_bot = False
        self._state.changes.touch()

    def dissolve(self, chat: EmulatedChat, *, operator: str) -> None:
        """End the group."""
        if not chat.is_dissolved:
            chat.is_dissolved = True
            self._tell(chat, "chat_disband", operator=operator)

    def rename(self, chat: EmulatedChat, name: str, *, operator: str) -> None:
        """Give it another name."""
        if name != chat.name:
            chat.name = name
            self._tell(chat, "chat_update_title", operator=operator, title=name)

    def hand_over(self, chat: EmulatedChat, account: str, *, operator: str) -> None:
        """Somebody else owns the group from now on."""
        if account != chat.owner:
            chat.owner = account
            self._tell(chat, "chat_update_owner", operator=operator, owner=account)

    def _tell(
        self, chat: EmulatedChat, event_type: str, *, operator: str, accounts: list[str] | None = None, **more: str
    ) -> None:
        is_heard = self._state.options.tells_of_all_groups or chat.is_made_by_app
        if is_heard and not chat.is_external:
            data = events.chat_event(self._state, chat, operator=operator, accounts=accounts or [], **more)
            self._emit(event_type, data, chat.id)
        self._state.changes.touch()

    def _conversation_id(self) -> str:
        """Base64 with both cases, so that whoever changes case finds nobody."""
        return "cid" + base64.b64encode(self._state.dice.randbytes(16)).decode().replace("+", "A").replace("/", "b")
