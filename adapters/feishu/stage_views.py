"""The emulated Feishu tenant as the page shows it: people, chats, messages. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from adapters._emulator.wire_json import Json, parse_table, text
from adapters.feishu.emulator import FeishuEmulator
from adapters.feishu.emulator_state import EmulatedChat, EmulatedMessage
from adapters.feishu.emulator_text import shown_post
from adapters.feishu.stage_cards import FeishuCards
from adapters.feishu.stage_words import text_words
from bot.domain.directory import Department, Person, Role
from bot.stage import Refused
from bot.stage_views import CardView, ChatView, MessageView, PersonView, Reaction, Span, Words

PLATFORM = "feishu"
#: emoji that the page offers and shows, by the platform's keys
EMOJI: tuple[tuple[str, str], ...] = (
    ("THUMBSUP", "👍"),
    ("OK", "👌"),
    ("Get", "收到"),
    ("DONE", "✅"),
    ("APPLAUSE", "👏"),
    ("HEART", "❤️"),
    ("SMILE", "😊"),
)
_GLYPHS = dict(EMOJI)
#: roles in the order in which they are shown; being an employee goes without saying
_ROLES = (
    Role.LEADER,
    Role.ALTERNATE,
    Role.HEAD,
    Role.SECRETARY,
    Role.DEPUTY_SECRETARY,
    Role.LIAISON,
    Role.BACKUP_LIAISON,
    Role.PERFORMANCE,
    Role.ADMINISTRATOR,
)
#: characters of the last message in the list of chats
_LAST_WORDS = 60
_QUOTE_WORDS = 80


class FeishuViews:
    """What stands on the screens. Remembers how far each person has read."""

    def __init__(self, emulator: FeishuEmulator, people: Sequence[Person], departments: Sequence[Department]) -> None:
        self._emulator = emulator
        self._people = tuple(people)
        self._departments = {department.id: department for department in departments}
        self._cards = FeishuCards(emulator.state.name_of)
        #: how many messages of a chat a person has seen
        self._read: dict[tuple[str, str], int] = {}

    # ------------------------------------------------------------------ people and chats

    def people(self) -> tuple[PersonView, ...]:
        """Everybody with an account, in the company's order."""
        order = list(self._departments)
        known = [person for person in self._people if person.accounts.get(PLATFORM, "") in self._emulator.state.people]
        unread = self._unread_by_person()
        return tuple(
            self._person(person, unread[person.accounts[PLATFORM]])
            for person in sorted(known, key=lambda person: order.index(person.department))
        )

    def chats(self, account: str) -> tuple[ChatView, ...]:
        """Those with the newest message first, then groups before the private chat with the bot."""
        posts = self._by_chat()
        state = self._emulator.state
        mine = [chat for chat in state.chats.values() if account in chat.members and not chat.is_dissolved]
        shown = [self._chat(chat, account, posts[chat.id]) for chat in mine]
        return tuple(
            sorted(
                shown,
                key=lambda chat: (
                    chat.last_at is None,
                    -(chat.last_at.timestamp() if chat.last_at else 0),
                    not chat.is_group,
                ),
            )
        )

    def mark_read(self, account: str, chat: str) -> None:
        """The person has seen everything that stands in the chat now."""
        self._read[account, chat] = len(self._by_chat()[chat])

    def _person(self, person: Person, unread: int) -> PersonView:
        department = self._departments[person.department].name
        roles = tuple(role.value for role in _ROLES if role in person.roles)
        sought = " ".join((person.title, *roles, person.id)).lower()
        return PersonView(
            account=person.accounts[PLATFORM],
            id=person.id,
            name=person.name,
            title=person.title,
            department=department,
            roles=roles,
            sought=sought,
            unread=unread,
        )

    def _chat(self, chat: EmulatedChat, account: str, posts: list[EmulatedMessage]) -> ChatView:
        state = self._emulator.state
        last = posts[-1] if posts else None
        return ChatView(
            id=chat.id,
            name=chat.name if chat.is_group else state.app.name,
            is_group=chat.is_group,
            members=tuple((member, state.name_of(member)) for member in chat.members),
            owner="" if chat.owner == state.app.app_id else chat.owner,
            has_bot=chat.has_bot,
            unread=self._unread(account, chat.id, posts),
            is_urgent=any(account in post.urgent_to for post in posts),
            last_sender=state.name_of(last.sender) if last is not None else "",
            last_words=self._plain(last, _LAST_WORDS) if last is not None else "",
            last_at=last.created_at if last is not None else None,
        )

    def _by_chat(self) -> defaultdict[str, list[EmulatedMessage]]:
        posts: defaultdict[str, list[EmulatedMessage]] = defaultdict(list)
        for message in self._emulator.state.messages.values():
            posts[message.chat].append(message)
        return posts

    def _unread(self, account: str, chat: str, posts: list[EmulatedMessage]) -> int:
        fresh = posts[self._read.get((account, chat), 0) :]
        return sum(post.sender != account and not post.is_recalled for post in fresh)

    def _unread_by_person(self) -> defaultdict[str, int]:
        counts: defaultdict[str, int] = defaultdict(int)
        posts = self._by_chat()
        for chat in self._emulator.state.chats.values():
            if chat.id in posts and not chat.is_dissolved:
                for member in chat.members:
                    counts[member] += self._unread(member, chat.id, posts[chat.id])
        return counts

    # ------------------------------------------------------------------ messages

    def messages(self, account: str, chat_id: str, *, limit: int) -> tuple[MessageView, ...]:
        """The newest ones. Raises Refused when the person does not see the chat."""
        return tuple(self._message(message, account) for message in self._seen(account, chat_id)[-limit:])

    def _seen(self, account: str, chat_id: str) -> list[EmulatedMessage]:
        state = self._emulator.state
        chat = state.chats.get(chat_id)
        if chat is None or chat.is_dissolved or account not in chat.members:
            raise Refused("not_in_chat")
        return list(state.messages_of(chat_id))

    def standing(self, account: str, chat_id: str) -> tuple[str, ...]:
        """The ids of all messages of a chat. Raises Refused when the person does not see it."""
        return tuple(message.id for message in self._seen(account, chat_id))

    def cards(self, account: str, chat_id: str) -> dict[str, int]:
        """The cards that stand in a chat, each with how often it has changed its looks."""
        posts = self._seen(account, chat_id)
        return {post.id: post.versions for post in posts if post.card is not None and not post.is_recalled}

    def _message(self, message: EmulatedMessage, account: str) -> MessageView:
        state = self._emulator.state
        named, names_all = self._emulator.named_in(message.id)
        content = parse_table(message.content) or {}
        return MessageView(
            id=message.id,
            at=message.created_at,
            sender=message.sender,
            sender_name=state.name_of(message.sender),
            is_mine=message.sender == account,
            is_from_bot=message.is_from_bot,
            words=() if message.is_recalled else self._words(message, content),
            card=self._card(message),
            picture="" if message.is_recalled else text(content, "image_key"),
            quote=self._quote(message),
            reactions=self._reactions(message, account),
            is_edited=message.is_edited,
            is_recalled=message.is_recalled,
            is_urgent=account in message.urgent_to,
            is_for_me=account in named or names_all,
        )

    def _card(self, message: EmulatedMessage) -> CardView | None:
        if message.card is None or message.is_recalled:
            return None
        return self._cards.read(message.card)

    def _words(self, message: EmulatedMessage, content: Json) -> Words:
        match message.kind:
            case "text":
                return text_words(text(content, "text"), message.mentions)
            case "post":
                return (Span(shown_post(content, message.mentions, name_of=self._emulator.state.name_of)),)
            case "interactive" | "image":
                return ()
            case "file" | "folder":
                return (Span(f"[文件] {text(content, 'file_name')}".rstrip()),)
            case kind:
                return (Span(f"[{kind}]"),)

    def _quote(self, message: EmulatedMessage) -> tuple[str, str] | None:
        parent = self._emulator.state.messages.get(message.parent)
        if parent is None:
            return None
        return self._emulator.state.name_of(parent.sender), self._plain(parent, _QUOTE_WORDS)

    def _plain(self, message: EmulatedMessage, length: int) -> str:
        seen = self._emulator.message_as_seen(message.id)
        card = seen.card
        words = " · ".join([f"[卡片] {card.title}", *card.tags]) if card is not None else seen.text
        line = " ".join(words.split())
        return line if len(line) <= length else line[: length - 1] + "…"

    def _reactions(self, message: EmulatedMessage, account: str) -> tuple[Reaction, ...]:
        state = self._emulator.state
        by_emoji: dict[str, list[str]] = {}
        for reaction in message.reactions:
            by_emoji.setdefault(reaction.emoji, []).append(reaction.account)
        return tuple(
            Reaction(
                key=emoji,
                emoji=_GLYPHS.get(emoji, emoji),
                names=tuple(state.name_of(one) if one else state.app.name for one in accounts),
                is_mine=account in accounts,
            )
            for emoji, accounts in by_emoji.items()
        )
