"""Messages of the emulated Feishu tenant as the page shows them: words, cards, reactions, events in a line. Reads only."""

from __future__ import annotations

from adapters._emulator.wire_json import Json, parse_table, rows, table, text
from adapters.feishu.emulator import FeishuEmulator
from adapters.feishu.emulator_state import EmulatedMessage
from adapters.feishu.emulator_text import shown_post
from adapters.feishu.stage_cards import FeishuCards
from adapters.feishu.stage_words import text_words
from bot.stage_views import CardView, MessageView, Reaction, Span, Words

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
#: characters of what was said, in a line of the inspector
_WORDS = 40


class FeishuMessages:
    """Messages and events of the emulated tenant in the page's terms."""

    def __init__(self, emulator: FeishuEmulator) -> None:
        self._emulator = emulator
        self._cards = FeishuCards(emulator.state.name_of)

    def view(self, message: EmulatedMessage, account: str, *, quote: tuple[str, str] | None) -> MessageView:
        """One message as a person sees it."""
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
            quote=quote,
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

    def facts_of(self, event: Json) -> list[tuple[str, str]]:
        """Who did it, and the beginning of what was said."""
        facts: list[tuple[str, str]] = []
        sender = table(table(event, "sender"), "sender_id") or table(event, "operator") or table(event, "user_id")
        account = text(sender, "open_id") or text(table(event, "operator_id"), "open_id")
        if account:
            facts.append(("fact_who", self._emulator.state.name_of(account)))
        message = table(event, "message")
        said = text(parse_table(text(message, "content")) or {}, "text")
        if said:
            for mention in reversed(rows(message, "mentions")):
                said = said.replace(text(mention, "key"), f"@{text(mention, 'name')}")
            facts.append(("fact_words", said if len(said) <= _WORDS else said[: _WORDS - 1] + "…"))
        action = table(event, "action")
        if action:
            facts.append(("fact_button", text(action, "name") or text(action, "tag")))
        return facts
