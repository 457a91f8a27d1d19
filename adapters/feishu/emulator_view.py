"""What a person sees on the screen: chats, messages with names for mentions, cards with their words and buttons."""

from __future__ import annotations

from collections import defaultdict

from adapters._emulator.seen import SeenButton, SeenCard, SeenChat, SeenField, SeenMessage
from adapters._emulator.wire_json import Json, compact, flag, parse_table, rows, table, text, texts
from adapters.feishu.emulator_cards import INTERACTIVE, children_of, elements_under, top_elements
from adapters.feishu.emulator_clicks import calls_back, option_at, submits, url_of
from adapters.feishu.emulator_state import EmulatedMessage, State
from adapters.feishu.emulator_text import mentioned_in_markdown, shown_markdown, shown_post, shown_text


def what_sees(state: State, account: str) -> list[SeenChat]:
    """The chats of a person, groups first as they were made. A dissolved group is gone from the list."""
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
            messages=tuple(seen_message(state, message, by=account) for message in state.messages_of(chat.id)),
        )
        for chat in sorted(mine, key=lambda chat: not chat.is_group)
    ]


def seen_message(state: State, message: EmulatedMessage, *, by: str) -> SeenMessage:
    """One message; a recalled one shows only that it was recalled."""
    card = seen_card(state, message.card) if message.card is not None and not message.is_recalled else None
    named, names_all = named_in(message)
    return SeenMessage(
        id=message.id,
        chat=message.chat,
        at=message.created_at,
        sender=message.sender,
        sender_name=message.other_bot or state.name_of(message.sender),
        is_from_bot=message.is_from_bot,
        kind=message.kind,
        text=_words(state, message, card),
        card=card,
        mentions=named,
        mentions_all=names_all,
        is_edited=message.is_edited,
        is_recalled=message.is_recalled,
        is_urgent=by in message.urgent_to,
        reactions=tuple((reaction.emoji, reaction.account) for reaction in message.reactions),
        reply_to=message.parent,
        thread=message.thread,
    )


def named_in(message: EmulatedMessage) -> tuple[tuple[str, ...], bool]:
    """Who is mentioned in a message, in its text or on its card, and whether everybody is."""
    card = message.card if not message.is_recalled else None
    in_card = _card_mentions(card) if card is not None else []
    named = dict.fromkeys([*(m.account for m in message.mentions), *(a for a in in_card if a != "all")])
    return tuple(named), message.mentions_all or "all" in in_card


def seen_card(state: State, card: Json) -> SeenCard:
    """A stored card as rendered."""
    header = table(card, "header")
    top = top_elements(card)
    inside = [child for form in top if text(form, "tag") == "form" for child in elements_under(children_of(form))]
    in_form = {id(element) for element in inside}
    whole = list(elements_under(top))
    return SeenCard(
        title=_text_of(state, table(header, "title")),
        subtitle=_text_of(state, table(header, "subtitle")),
        colour=text(header, "template"),
        tags=tuple(_text_of(state, table(tag, "text")) for tag in rows(header, "text_tag_list")),
        texts=tuple(words for element in whole for words in _texts(state, element) if words),
        rows=tuple(row for element in whole for row in _rows(state, element)),
        buttons=tuple(
            _button(state, element, is_in_form=id(element) in in_form)
            for element in whole
            if text(element, "tag") == "button"
        ),
        fields=tuple(
            _field(state, element) for element in whole if element.get("tag") in INTERACTIVE - {"button", "overflow"}
        ),
        raw=card,
    )


def visible_duplicates(state: State) -> list[tuple[str, ...]]:
    """Messages of the bot that stand in one chat more than once with the same content: groups of message ids."""
    same: defaultdict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for message in state.messages.values():
        if message.is_from_bot and not message.is_recalled:
            content = compact(message.card) if message.card is not None else message.content
            same[message.chat, message.parent, message.kind, content].append(message.id)
    return [tuple(ids) for ids in same.values() if len(ids) > 1]


def _words(state: State, message: EmulatedMessage, card: SeenCard | None) -> str:
    if message.is_recalled:
        return "[已撤回]"
    content = parse_table(message.content) or {}
    match message.kind:
        case "text":
            return shown_text(text(content, "text"), message.mentions)
        case "post":
            return shown_post(content, message.mentions, name_of=state.name_of)
        case "interactive":
            return card.text if card is not None else ""
        case "image":
            return "[图片]"
        case "file" | "folder":
            return f"[文件] {text(content, 'file_name')}".rstrip()
        case kind:
            return f"[{kind}]"


def _text_of(state: State, item: Json) -> str:
    content = text(item, "content")
    return shown_markdown(content, name_of=state.name_of) if item.get("tag") == "lark_md" else content


def _texts(state: State, element: Json) -> list[str]:
    match text(element, "tag"):
        case "markdown":
            return [shown_markdown(text(element, "content"), name_of=state.name_of)]
        case "div":
            fields = [_text_of(state, table(field, "text")) for field in rows(element, "fields")]
            return [_text_of(state, table(element, "text")), *fields]
        case "plain_text" | "lark_md":
            return [_text_of(state, element)]
        case "person":
            return [state.name_of(text(element, "user_id"))]
        case "collapsible_panel":
            return [_text_of(state, table(table(element, "header"), "title"))]
        case "table":
            return ["\t".join(row) for row in _rows(state, element)]
        case _:
            return []


def _rows(state: State, element: Json) -> list[tuple[str, ...]]:
    tag = text(element, "tag")
    if tag == "table":
        keys = [text(column, "name") for column in rows(element, "columns")]
        return [tuple(str(row.get(key, "")) for key in keys) for row in rows(element, "rows")]
    if tag != "column_set":
        return []
    cells = [
        "\n".join(
            words for inner in elements_under(rows(column, "elements")) for words in _texts(state, inner) if words
        )
        for column in rows(element, "columns")
    ]
    return [tuple(cells)] if any(cells) else []


def _button(state: State, element: Json, *, is_in_form: bool) -> SeenButton:
    confirm = table(element, "confirm")
    asked = [_text_of(state, table(confirm, key)) for key in ("title", "text")]
    return SeenButton(
        text=_text_of(state, table(element, "text")),
        name=text(element, "name"),
        element_id=text(element, "element_id"),
        style=text(element, "type", "default"),
        is_disabled=flag(element, "disabled"),
        is_in_form=is_in_form,
        submits_form=is_in_form and submits(element),
        calls_back=calls_back(element),
        url=url_of(element),
        confirm="\n".join(words for words in asked if words),
    )


def _field(state: State, element: Json) -> SeenField:
    longest = element.get("max_length")
    return SeenField(
        name=text(element, "name"),
        label=_text_of(state, table(element, "label")) or _text_of(state, table(element, "placeholder")),
        kind=text(element, "tag"),
        is_required=flag(element, "required"),
        is_multiline=text(element, "input_type") == "multiline_text",
        options=tuple(
            (text(option, "value"), _text_of(state, table(option, "text"))) for option in rows(element, "options")
        ),
        value=_preset_words(element),
        placeholder=_text_of(state, table(element, "placeholder")),
        max_length=longest if isinstance(longest, int) else 1000,
    )


def _preset_words(element: Json) -> str:
    """What stands in an input before anybody touched it; several choices joined by commas."""
    keys = ("default_value", "initial_option", "initial_date", "initial_time", "initial_datetime")
    found = next((text(element, key) for key in keys if text(element, key)), "")
    return found or option_at(element) or ",".join(texts(element, "selected_values"))


def _card_mentions(card: Json) -> list[str]:
    found: list[str] = []
    for element in elements_under(top_elements(card)):
        if text(element, "tag") == "markdown":
            found.extend(mentioned_in_markdown(text(element, "content")))
        inner = table(element, "text")
        if text(inner, "tag") == "lark_md":
            found.extend(mentioned_in_markdown(text(inner, "content")))
    return found
