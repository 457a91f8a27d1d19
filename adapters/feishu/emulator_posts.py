"""Messages of the emulated tenant: what people say, edit, recall and mark, and what the bot sends and changes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from adapters._emulator.said import Part
from adapters._emulator.wire_json import Json, compact, parse_table, table, text
from adapters.feishu import emulator_events as events
from adapters.feishu.emulator_cards import is_shared, is_v2, read_card
from adapters.feishu.emulator_codes import ApiError, card_error
from adapters.feishu.emulator_limits import TARGET_LIMITS
from adapters.feishu.emulator_people import Emit
from adapters.feishu.emulator_state import (
    GROUP_MESSAGES_SCOPE,
    EmulatedChat,
    EmulatedMessage,
    PersonStatus,
    ReactionRecord,
    State,
)
from adapters.feishu.emulator_text import (
    ReadContent,
    card_words,
    read_bot_post,
    read_bot_text,
    read_said,
)

#: how long a card can be updated or clicked
CARD_LIFE = timedelta(days=14)
#: how long people and bots may recall
RECALL_WINDOW = timedelta(days=1)
MAX_UUID = 50
MAX_EDITS = 20
MAX_URGED = 200
_EMOJI = re.compile(r"[A-Za-z0-9_]{1,40}")
_FILE_KINDS = {"image": "image_key", "file": "file_key", "audio": "file_key", "media": "file_key"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a bot asks to send."""

    kind: str
    content: str
    uuid: str = ""
    reply_to: str = ""
    in_thread: bool = False


class Posts:
    """All messages. People's actions push events; the bot's own never come back to it (feishu.md 3.1)."""

    def __init__(self, state: State, emit: Emit) -> None:
        self._state = state
        self._emit = emit
        #: bodies of the messages that events tell of
        self._told: dict[str, Json] = {}

    # ------------------------------------------------------------------ people

    def say(
        self,
        account: str,
        parts: Sequence[Part],
        *,
        chat: EmulatedChat,
        reply_to: str = "",
        thread: str = "",
    ) -> EmulatedMessage:
        """A text message of a person. Raises KeyError for unknown accounts, ValueError when not in the chat."""
        read = read_said(parts, bot=self._state.app.bot_open_id, find=self._find)
        return self._from_person(account, "text", read, chat=chat, reply_to=reply_to, thread=thread)

    def post(self, account: str, kind: str, content: str, *, chat: EmulatedChat, reply_to: str = "") -> EmulatedMessage:
        """A message of another kind (image, file, sticker, post …) with its content as given."""
        return self._from_person(account, kind, ReadContent(content=content), chat=chat, reply_to=reply_to, thread="")

    def edit(self, message: EmulatedMessage, parts: Sequence[Part]) -> None:
        """A person edits; the platform has no event for it, history shows `updated`."""
        read = read_said(parts, bot=self._state.app.bot_open_id, find=self._find)
        message.content, message.mentions, message.mentions_all = read.content, read.mentions, read.mentions_all
        message.is_edited, message.updated_at = True, self._state.now()
        self._state.changes.touch()

    def recall(self, message: EmulatedMessage, *, by_owner: bool = True) -> None:
        """A person takes a message back."""
        if message.is_recalled:
            return
        message.is_recalled = True
        told = self._told.pop(message.id, None)
        if told is not None:
            told["content"] = ""  # what is still to be delivered, or repeated, has nothing in it any more
        if self._state.chats[message.chat].has_bot:
            event = events.message_recalled(message, at=self._state.now(), by_owner=by_owner)
            self._emit("im.message.recalled_v1", event, message.chat)
        self._state.changes.touch()

    def react(self, message: EmulatedMessage, *, account: str, emoji: str) -> str:
        """An emoji under a message, by a person or, with an empty account, by the bot; returns its id."""
        if not _EMOJI.fullmatch(emoji):
            raise ApiError(231003, "reaction type is invalid", status=400)
        record = ReactionRecord(id=self._state.new_id(""), emoji=emoji, account=account, at=self._state.now())
        message.reactions.append(record)
        self._tell_reaction("created", message, record)
        return record.id

    def unreact(self, message: EmulatedMessage, reaction_id: str) -> ReactionRecord:
        """Take an emoji away. Raises ApiError 231003 when it is not there."""
        for record in message.reactions:
            if record.id == reaction_id:
                message.reactions.remove(record)
                self._tell_reaction("deleted", message, record)
                return record
        raise ApiError(231003, f"reaction {reaction_id}")

    def read(self, account: str, chat: EmulatedChat) -> list[str]:
        """A person opens a chat: the bot's messages become read, and urgent marks go away."""
        fresh = [
            message
            for message in self._state.messages_of(chat.id)
            if message.is_from_bot and account not in message.read_by
        ]
        for message in fresh:
            message.read_by[account] = self._state.now()
            if account in message.urgent_to:
                message.urgent_to.remove(account)
        ids = [message.id for message in fresh]
        if ids and not chat.is_group:
            event = events.messages_read(self._state, account=account, message_ids=ids, at=self._state.now())
            self._emit("im.message.message_read_v1", event, chat.id)
        self._state.changes.touch()
        return ids

    # ------------------------------------------------------------------ the bot

    def check_reachable(self, account: str) -> None:
        """Whether the bot may write to a person. Raises ApiError 230029, 230013, 230053."""
        person = self._state.people[account]
        if person.guest_of:
            raise ApiError(230038)
        if person.status is PersonStatus.RESIGNED:
            raise ApiError(230029)
        if not person.is_available:
            raise ApiError(230013)
        if person.has_stopped_bot:
            raise ApiError(230053)

    def send(self, chat: EmulatedChat, draft: Draft) -> EmulatedMessage:
        """A message of the bot into a chat it may use. Raises ApiError."""
        if chat.is_external and not self._state.options.shares_outside:
            raise ApiError(230027, "the app can not be used in external groups")
        parent = self.known(draft.reply_to) if draft.reply_to else None
        if parent is not None and parent.is_recalled:
            raise ApiError(230011)
        if chat.settings.get("moderation_setting") == "only_owner" and chat.owner != self._state.app.app_id:
            raise ApiError(230035)
        read = self._read_draft(draft, chat)
        if read.mentions_all and chat.settings.get("at_all_permission") == "only_owner":
            raise ApiError(230018)
        message = self._keep(
            chat, sender=self._state.app.app_id, is_from_bot=True, kind=draft.kind, read=read, parent=parent
        )
        if draft.kind == "interactive":
            message.show(parse_table(draft.content) or {}, at=message.updated_at)
        if draft.in_thread and not message.thread:
            message.thread = self._state.new_id("omt_")
            if parent is not None:
                parent.thread = message.thread
        message.uuid = draft.uuid
        self._state.changes.touch()
        return message

    def patch_card(self, message: EmulatedMessage, content: str) -> None:
        """Replace a card. Raises ApiError by the rules of feishu.md 4.4."""
        if not message.is_from_bot:
            raise ApiError(230012)
        if message.is_recalled:
            raise ApiError(230011)
        old = message.card
        if old is None:
            raise ApiError(230001, "this message is not a card")
        if self._state.now() - message.created_at > CARD_LIFE:
            raise ApiError(230031)
        self._state.live_chat(message.chat)
        new = read_card(content, is_person=self.is_person)
        if not (is_shared(old) and is_shared(new)):
            raise ApiError(230001, "update_multi must be true in both cards")
        if is_v2(old) != is_v2(new):
            raise card_error(200800, "the schema version of the card can not be changed")
        message.updates_under_click += bool(message.clicks_open)
        message.content = self._reduced(content)
        message.show(new, at=self._state.now())
        self._state.changes.touch()

    def edit_sent(self, message: EmulatedMessage, draft: Draft) -> None:
        """The bot edits its text or post. Raises ApiError 230072, 230054, 230075."""
        if not message.is_from_bot:
            raise ApiError(230072)
        if message.kind not in {"text", "post"} or draft.kind != message.kind:
            raise ApiError(230054)
        if message.edits >= MAX_EDITS or message.is_recalled:
            raise ApiError(230075)
        read = self._read_draft(draft, self._state.live_chat(message.chat))
        message.content, message.mentions, message.mentions_all = read.content, read.mentions, read.mentions_all
        message.edits, message.is_edited, message.updated_at = message.edits + 1, True, self._state.now()
        self._state.changes.touch()

    def take_back(self, message: EmulatedMessage) -> None:
        """The bot recalls. Raises ApiError 230026 for others' messages, 230009 when it is too late."""
        chat = self._state.live_chat(message.chat)
        may_all = chat.owner == self._state.app.app_id or self._state.app.app_id in chat.managers
        if not message.is_from_bot and not may_all:
            raise ApiError(230026)
        if message.is_from_bot and self._state.now() - message.created_at > RECALL_WINDOW:
            raise ApiError(230009)
        message.is_recalled = True
        self._state.changes.touch()

    def urge(self, message: EmulatedMessage, accounts: list[str]) -> list[str]:
        """Ring for a message of the bot; returns the accounts that could not be rung. Raises ApiError."""
        if not message.is_from_bot:
            raise ApiError(230012)
        if message.is_recalled:
            raise ApiError(230011)
        chat = self._state.live_chat(message.chat)
        if chat.settings.get("urgent_setting") == "only_owner" and chat.owner != self._state.app.app_id:
            raise ApiError(230052)
        good = [account for account in accounts if account in chat.members]
        for account in good:
            pending = sum(account in other.urgent_to for other in self._state.messages.values())
            if pending >= MAX_URGED:
                raise ApiError(230023)
        message.urgent_to.extend(account for account in good if account not in message.urgent_to)
        self._state.changes.touch()
        return [account for account in accounts if account not in good]

    def known(self, message_id: str) -> EmulatedMessage:
        """The message. Raises ApiError 99992354."""
        message = self._state.messages.get(message_id)
        if message is None:
            raise ApiError(99992354, message_id)
        return message

    def is_person(self, account: str) -> bool:
        """True for an employee who can be mentioned in a card."""
        found = self._find(account)
        if found is None:
            return False
        person = self._state.people.get(found[0])
        return person is None or person.status is not PersonStatus.RESIGNED

    # ------------------------------------------------------------------ inside

    def _from_person(
        self, account: str, kind: str, read: ReadContent, *, chat: EmulatedChat, reply_to: str, thread: str
    ) -> EmulatedMessage:
        if account not in self._state.people:
            raise KeyError(f"nobody has the account {account}")
        if account not in chat.members or chat.is_dissolved:
            raise ValueError(f"{account} is not in {chat.id}")
        parent = self._state.messages[reply_to] if reply_to else None
        message = self._keep(chat, sender=account, is_from_bot=False, kind=kind, read=read, parent=parent)
        if thread:
            message.thread = thread
            if parent is not None and not parent.thread:
                parent.thread = thread  # whoever is answered in a thread stands at its head from now on
        self._tell_message(chat, message)
        return message

    def say_as_bot(self, app_id: str, name: str, parts: Sequence[Part], *, chat: EmulatedChat) -> EmulatedMessage:
        """Another app's bot writes. It takes of the group's five messages a second, which all bots share."""
        read = read_said(parts, bot=self._state.app.bot_open_id, find=self._find)
        self._state.target_windows.take(chat.id, TARGET_LIMITS, now=self._state.now())
        message = self._keep(chat, sender=app_id, is_from_bot=False, kind="text", read=read, parent=None)
        message.other_bot = name
        self._tell_message(chat, message)
        return message

    def _tell_message(self, chat: EmulatedChat, message: EmulatedMessage) -> None:
        if chat.has_bot and self._is_delivered(chat, message):
            event = events.message_received(self._state, message)
            self._told[message.id] = table(event, "message")
            self._emit("im.message.receive_v1", event, chat.id)
        self._state.changes.touch()

    def _keep(
        self,
        chat: EmulatedChat,
        *,
        sender: str,
        is_from_bot: bool,
        kind: str,
        read: ReadContent,
        parent: EmulatedMessage | None,
    ) -> EmulatedMessage:
        now = self._state.now()
        message = EmulatedMessage(
            id=self._state.new_id("om_"),
            chat=chat.id,
            sender=sender,
            is_from_bot=is_from_bot,
            kind=kind,
            content=read.content,
            created_at=now,
            updated_at=now,
            mentions=read.mentions,
            mentions_all=read.mentions_all,
        )
        if parent is not None:
            message.parent, message.root = parent.id, parent.root or parent.id
            message.thread = parent.thread
        self._state.messages[message.id] = message
        return message

    def _is_delivered(self, chat: EmulatedChat, message: EmulatedMessage) -> bool:
        scopes = self._state.scopes
        names_us = any(mention.is_bot for mention in message.mentions)
        if message.other_bot:
            return names_us and "im:message.group_at_msg.include_bot:readonly" in scopes
        if not chat.is_group:
            return bool(scopes & {"im:message.p2p_msg:readonly", "im:message.p2p_msg"})
        if GROUP_MESSAGES_SCOPE in scopes:
            return True
        hears_mentions = bool(scopes & {"im:message.group_at_msg:readonly", "im:message.group_at_msg"})
        return hears_mentions and names_us

    def _read_draft(self, draft: Draft, chat: EmulatedChat) -> ReadContent:
        match draft.kind:
            case "text":
                return read_bot_text(draft.content, find=self._find)
            case "post":
                return read_bot_post(draft.content, find=self._find)
            case "interactive":
                read_card(draft.content, is_person=self.is_person)
                return ReadContent(content=self._reduced(draft.content))
            case "image" | "file" | "audio" | "media":
                key = text(parse_table(draft.content) or {}, _FILE_KINDS[draft.kind])
                if key not in self._state.resources:
                    raise ApiError(230001, f"unknown resource {key!r}")
                return ReadContent(content=draft.content)
            case "share_chat" | "share_user" if parse_table(draft.content):
                return ReadContent(content=draft.content)
            case "system" if not chat.is_group and parse_table(draft.content):
                return ReadContent(content=draft.content)
            case other:
                raise ApiError(230001, f"invalid msg_type {other!r} or its content")

    def _reduced(self, content: str) -> str:
        card = parse_table(content) or {}
        words = [[{"tag": "text", "text": word}] for word in card_words(card)]
        return compact({"title": words[0][0]["text"] if words else "", "elements": words[1:]})

    def _find(self, account: str) -> tuple[str, str, bool] | None:
        if account in {self._state.app.bot_open_id, self._state.app.app_id}:
            return self._state.app.bot_open_id, self._state.app.name, True
        for kind in ("open_id", "union_id", "user_id"):
            person = self._state.person_by(kind, account)
            if person is not None:
                return person.account, person.name, False
        return None

    def _tell_reaction(self, what: str, message: EmulatedMessage, record: ReactionRecord) -> None:
        if self._state.chats[message.chat].has_bot:
            event = events.reaction(
                self._state, message, account=record.account, emoji=record.emoji, at=self._state.now()
            )
            self._emit(f"im.message.reaction.{what}_v1", event, message.chat)
        self._state.changes.touch()
