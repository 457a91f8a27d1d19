"""What a person sees on the screen: chats, messages with names for mentions, cards as our template draws them."""

from __future__ import annotations

from collections import defaultdict

from adapters._emulator.seen import SeenButton, SeenCard, SeenChat, SeenField, SeenMessage
from adapters._emulator.wire_json import Json, compact
from adapters.dingtalk.emulator_posts import Posts
from adapters.dingtalk.emulator_state import EmulatedCard, EmulatedMessage, State
from adapters.dingtalk.emulator_template import CardBroken, DrawnButton, DrawnCard, DrawnField, draw
from adapters.dingtalk.emulator_text import shown_markdown

#: what a client shows for a card whose variables the template can not draw
BROKEN = "卡片内容加载失败"
_LONGEST = 1000


def what_sees(state: State, account: str) -> list[SeenChat]:
    """The chats of a person, as they were made. A dissolved group is gone from the list."""
    mine = [chat for chat in state.chats.values() if account in chat.members and not chat.is_dissolved]
    return [
        SeenChat(
            id=chat.id,
            name=chat.name if chat.is_group else state.app.name,
            is_group=chat.is_group,
            members=tuple((member, state.name_of(member)) for member in chat.members),
            owner=chat.owner,
            has_bot=chat.has_bot,
            is_dissolved=chat.is_dissolved,
            messages=tuple(
                seen_message(state, message, by=account)
                for message in state.messages_of(chat.id)
                if Posts.is_seen(message, account)
            ),
        )
        for chat in mine
    ]


def seen_message(state: State, message: EmulatedMessage, *, by: str) -> SeenMessage:
    """One message on one person's screen."""
    card = None if message.is_recalled else _card_of(state, message, by=by)
    return SeenMessage(
        id=message.id,
        chat=message.chat,
        at=message.created_at,
        sender=message.sender,
        sender_name=state.name_of(message.sender),
        is_from_bot=message.is_from_bot,
        kind=message.kind,
        text="[已撤回]" if message.is_recalled else card.text if card is not None else message.words,
        card=card,
        mentions=message.mentions,
        mentions_all=message.mentions_all,
        is_edited=False,
        is_recalled=message.is_recalled,
        is_urgent=by in message.urgent_to,
        reactions=tuple(message.reactions),
        reply_to=message.parent,
        thread="",
    )


def _card_of(state: State, message: EmulatedMessage, *, by: str) -> SeenCard | None:
    if message.card:
        return seen_card(state, state.cards[message.card], by=by)
    if message.kind in {"actionCard", "feedCard", "link"}:
        return _action_card(message)
    return None


def seen_card(state: State, card: EmulatedCard, *, by: str) -> SeenCard:
    """A card on one person's screen; `by` empty for what everybody has in common."""
    variables = card.seen_by(by)
    raw: Json = dict(variables)
    try:
        drawn = None if card.is_torn else draw(variables)
    except CardBroken:
        drawn = None
    if drawn is None:
        return SeenCard(
            title="", subtitle="", colour="", tags=(), texts=(BROKEN,), rows=(), buttons=(), fields=(), raw=raw
        )
    return SeenCard(
        title=drawn.title,
        subtitle="",
        colour="",
        tags=(drawn.state,) if drawn.state else (),
        texts=tuple(_texts(state, drawn)),
        rows=drawn.rows,
        buttons=tuple(_button(one, has_form=bool(drawn.fields)) for one in drawn.buttons),
        fields=tuple(_field(one) for one in drawn.fields),
        raw=raw,
    )


def _texts(state: State, drawn: DrawnCard) -> list[str]:
    body = shown_markdown(drawn.body, name_of=state.name_of)
    cells = [cell for row in drawn.rows for cell in row]
    return [words for words in (body, *cells, drawn.footer, drawn.hint) if words]


def _button(one: DrawnButton, *, has_form: bool) -> SeenButton:
    submits = has_form and not one.url and one.style == "primary"
    return SeenButton(
        text=one.words,
        name=one.id,
        element_id=one.id,
        style=one.style,
        is_disabled=False,
        is_in_form=submits,
        submits_form=submits,
        calls_back=not one.url,
        url=one.url,
        confirm=one.confirm,
    )


def _field(one: DrawnField) -> SeenField:
    return SeenField(
        name=one.name,
        label=one.label,
        kind=one.kind,
        is_required=one.is_required,
        is_multiline=one.kind == "TEXT_AREA",
        options=one.options,
        value=one.preset,
        placeholder=one.placeholder,
        max_length=_LONGEST,
    )


def _action_card(message: EmulatedMessage) -> SeenCard:
    return SeenCard(
        title=message.title,
        subtitle="",
        colour="",
        tags=(),
        texts=(message.words,),
        rows=(),
        buttons=tuple(
            SeenButton(
                text=words,
                name="",
                element_id="",
                style="default",
                is_disabled=False,
                is_in_form=False,
                submits_form=False,
                calls_back=False,
                url=url,
                confirm="",
            )
            for words, url in message.links
        ),
        fields=(),
        raw={},
    )


def visible_duplicates(state: State) -> list[tuple[str, ...]]:
    """Messages of the bot that stand in one chat more than once with the same content: groups of message ids."""
    same: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for message in state.messages.values():
        if message.is_from_bot and not message.is_recalled:
            shown = compact(state.cards[message.card].shared) if message.card else message.words
            same[message.chat, message.kind, f"{message.title}\n{shown}"].append(message.id)
    return [tuple(ids) for ids in same.values() if len(ids) > 1]
