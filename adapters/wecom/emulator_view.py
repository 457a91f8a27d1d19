"""What a person sees on the screen: chats, messages with names for mentions, cards as rendered. Changes nothing."""

from __future__ import annotations

import re
from collections import defaultdict

from adapters._emulator.seen import SeenChat, SeenMessage
from adapters._emulator.wire_json import compact
from adapters.wecom.emulator_cards import seen_card
from adapters.wecom.emulator_state import EmulatedChat, EmulatedMessage, State, Voice

_MENTION = re.compile(r"<@([^<>@\s]{1,64})>")
_LINK = re.compile(r'<a href="([^"<>]*)">(.*?)</a>', re.DOTALL)
_MARKED = re.compile(r"\[([^\]]*)\]\(([^)]*)\)|\*\*(.+?)\*\*")


def what_sees(state: State, account: str) -> list[SeenChat]:
    """The chats of a person, groups first; private ones with the app and with the bot where anything was said."""
    mine = [chat for chat in state.chats.values() if account in chat.members and not chat.is_dissolved]
    return [_chat(state, chat, account) for chat in sorted(mine, key=lambda chat: not chat.is_group)]


def _chat(state: State, chat: EmulatedChat, account: str) -> SeenChat:
    return SeenChat(
        id=chat.id,
        name=chat.name if chat.is_group or chat.voice is Voice.APP else f"{chat.name}（智能机器人）",
        is_group=chat.is_group,
        members=tuple((one, state.name_of(one)) for one in chat.members),
        owner=chat.owner,
        has_bot=chat.has_bot or chat.is_of_app or not chat.is_group,
        is_dissolved=chat.is_dissolved,
        messages=tuple(seen_message(state, message, by=account) for message in state.messages_of(chat.id)),
    )


def seen_message(state: State, message: EmulatedMessage, *, by: str = "") -> SeenMessage:  # noqa: ARG001 - everybody sees the same
    """One message; a recalled one shows only that it was recalled."""
    card = seen_card(message.card) if message.card is not None and not message.is_recalled else None
    return SeenMessage(
        id=message.id,
        chat=message.chat,
        at=message.at,
        sender=message.sender,
        sender_name=state.name_of(message.sender),
        is_from_bot=message.is_from_bot,
        kind=message.kind,
        text="[已撤回]" if message.is_recalled else card.text if card is not None else words_of(state, message),
        card=card,
        mentions=message.mentions,
        mentions_all=False,
        is_edited=False,
        is_recalled=message.is_recalled,
        is_urgent=False,
        reactions=(),
        reply_to=message.parent,
        thread="",
    )


def words_of(state: State, message: EmulatedMessage) -> str:
    """The words of a text as they are read: names for ids, no brackets around links."""
    if message.kind == "image":
        return "[图片]"
    if not message.is_from_bot:
        return message.text
    if message.kind == "markdown":
        return _MARKED.sub(lambda found: found[1] or found[3] or "", message.text)
    named = _MENTION.sub(lambda found: f"@{state.name_of(found[1])}", message.text)
    return _LINK.sub(lambda found: found[2], named)


def visible_duplicates(state: State) -> list[tuple[str, ...]]:
    """Messages of the program that stand in one chat more than once with the same content: groups of message ids."""
    same: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for message in state.messages.values():
        if message.is_from_bot and not message.is_recalled:
            content = compact(message.card) if message.card is not None else message.text
            same[message.chat, message.kind, content].append(message.id)
    return [tuple(ids) for ids in same.values() if len(ids) > 1]
