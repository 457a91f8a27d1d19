"""Messages of the emulated organisation: what people say and take back, and what the robot and webhooks send."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from adapters._emulator.said import Part
from adapters._emulator.wire_json import Json
from adapters.dingtalk import emulator_events as events
from adapters.dingtalk.emulator_people import Emit
from adapters.dingtalk.emulator_state import EmulatedChat, EmulatedMessage, State
from adapters.dingtalk.emulator_text import read_said

#: kinds of people's messages that reach the robot in a group (dingtalk.md 2.1)
GROUP_KINDS = frozenset({"text", "richText", "picture"})
_KINDS = GROUP_KINDS | {"audio", "video", "file"}
#: hands a robot message to the courier: whole, without content, lane
EmitMessage = Callable[..., None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the robot or a webhook puts into a chat, as it will be seen."""

    kind: str
    words: str
    title: str = ""
    links: tuple[tuple[str, str], ...] = ()
    mentions: tuple[str, ...] = ()
    mentions_all: bool = False
    card: str = ""
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """Where one sessionWebhook leads, and until when."""

    chat: str
    ends: datetime


class Posts:
    """All messages. In groups the robot gets what mentions it, and nothing else (dingtalk.md 0)."""

    def __init__(self, state: State, emit: Emit, emit_message: EmitMessage) -> None:
        self._state = state
        self._emit = emit
        self._emit_message = emit_message
        self.sessions: dict[str, Session] = {}
        self.base_url = ""

    # ------------------------------------------------------------------ people

    def say(self, account: str, parts: Sequence[Part], *, chat: EmulatedChat, reply_to: str = "") -> EmulatedMessage:
        """A text of a person. Raises KeyError for unknown accounts, ValueError when not in the chat."""
        app = self._state.app
        read = read_said(
            parts,
            bot=app.bot_id,
            bot_name=app.name,
            name_of=lambda one: self._state.people[one].name,
            keeps_others=self._state.options.keeps_other_mentions,
        )
        message = self._from_person(account, chat, "text", {"content": read.for_robot}, read.words, reply_to)
        message.mentions, message.mentions_all = read.mentions, read.mentions_all
        self._tell(message, mentions_bot=read.mentions_bot)
        return message

    def post(
        self,
        account: str,
        kind: str,
        content: Json,
        *,
        chat: EmulatedChat,
        mentions_bot: bool = False,
        reply_to: str = "",
    ) -> EmulatedMessage:
        """A message of another kind with its content as given."""
        if kind not in _KINDS:
            raise ValueError(f"people do not send {kind}")
        message = self._from_person(account, chat, kind, content, _WORDS.get(kind, f"[{kind}]"), reply_to)
        self._tell(message, mentions_bot=mentions_bot)
        return message

    def _from_person(
        self, account: str, chat: EmulatedChat, kind: str, content: Json, words: str, reply_to: str
    ) -> EmulatedMessage:
        self._state.people[account]
        if account not in chat.members or chat.is_dissolved:
            raise ValueError(f"{account} is not in this chat")
        if reply_to and self._state.messages[reply_to].chat != chat.id:
            raise ValueError("one answers within a chat")
        message = EmulatedMessage(
            id=self._state.new_id("msg"),
            chat=chat.id,
            sender=account,
            is_from_bot=False,
            kind=kind,
            created_at=self._state.now(),
            content=content,
            words=words,
            parent=reply_to,
        )
        self._state.messages[message.id] = message
        self._state.changes.touch()
        return message

    def _tell(self, message: EmulatedMessage, *, mentions_bot: bool) -> None:
        chat = self._state.chats[message.chat]
        if not chat.has_bot or (chat.is_group and (not mentions_bot or message.kind not in GROUP_KINDS)):
            return
        session = self.open_session(chat)
        ends = self.sessions[session].ends
        url = f"{self.base_url}/robot/sendBySession?session={session}"

        def payload(*, is_empty: bool) -> Json:
            return events.robot_message(
                self._state, message, session=url, session_ends=ends, mentions_bot=mentions_bot, is_empty=is_empty
            )

        self._emit_message(payload(is_empty=False), empty=payload(is_empty=True), lane=chat.id)

    def open_session(self, chat: EmulatedChat) -> str:
        """A new sessionWebhook for a chat."""
        session = self._state.new_id("")
        self.sessions[session] = Session(chat.id, self._state.now() + self._state.options.session_life)
        return session

    def recall(self, message: EmulatedMessage, *, account: str) -> None:
        """A message is taken back. Only that of a robot causes an event."""
        if message.is_recalled:
            return
        message.is_recalled = True
        if message.is_from_bot:
            data = events.robot_message_event(self._state, message, account)
            self._emit("robot_msg_recall", data, message.chat)
        self._state.changes.touch()

    def read(self, account: str, chat: EmulatedChat) -> list[str]:
        """Somebody opens a chat; returns the bot's messages that became read."""
        found = [
            message
            for message in self._state.messages_of(chat.id)
            if message.is_from_bot and account not in message.read_by and self.is_seen(message, account)
        ]
        for message in found:
            message.read_by[account] = self._state.now()
            if message.key and not message.card:
                data = events.robot_message_event(self._state, message, account)
                self._emit("robot_msg_read", data, chat.id)
        self._state.changes.touch()
        return [message.id for message in found]

    @staticmethod
    def is_seen(message: EmulatedMessage, account: str) -> bool:
        """Whether a message is on that person's screen."""
        return not message.recipients or account in message.recipients

    # ------------------------------------------------------------------ the robot

    def send(self, draft: Draft, chat: EmulatedChat, *, key: str) -> EmulatedMessage:
        """Put a message of the robot into a chat."""
        message = EmulatedMessage(
            id=self._state.new_id("msg"),
            chat=chat.id,
            sender=self._state.app.robot,
            is_from_bot=True,
            kind=draft.kind,
            created_at=self._state.now(),
            words=draft.words,
            title=draft.title,
            links=draft.links,
            mentions=tuple(one for one in draft.mentions if one in chat.members),
            mentions_all=draft.mentions_all,
            key=key,
            card=draft.card,
            recipients=draft.recipients,
        )
        self._state.messages[message.id] = message
        self._state.changes.touch()
        return message


_WORDS = {"richText": "[图文]", "picture": "[图片]", "audio": "[语音]", "video": "[视频]", "file": "[文件]"}
