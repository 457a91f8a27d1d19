"""Where the documents of an item are: one folder that the lead names, shown with the item and its documents (domain.md R-47)."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.action import Action
from bot.domain.document import read_link
from bot.domain.item import Item
from bot.domain.relation import of_item
from bot.errors import RuleViolation
from bot.messages import inert
from handlers import effects
from handlers.access import require
from handlers.deeds import Deed, Done
from handlers.words import Words

#: no address that people use is longer; a longer one would have to be cut, and a cut one leads nowhere
_LONGEST = 500


def on_folder(deed: Deed, item: Item) -> Done:
    """`文档 目录 SX-7 链接`. Raises RuleViolation `folder_needs_link`, `document_link`."""
    context, words = deed.context, deed.words
    grant = require(context, Action.REGISTER_DOCUMENT, of_item(item))
    link, _ = read_link(deed.command.raw if deed.command is not None else deed.text)
    if not link or len(link) > _LONGEST:
        raise RuleViolation("folder_needs_link", {"code": item.code})
    kept = context.uow.items.put(replace(item, folder=link))
    effects.record_act(context, "item_folder", item, kept, grant=grant)
    return Done(
        words.say("folder_kept", code=item.code, link=inert(link, limit=_LONGEST)), is_private=bool(item.secrecy)
    )


def line(words: Words, item: Item) -> str:
    """The folder of the item; empty where none was named."""
    return words.say("folder_line", link=inert(item.folder, limit=_LONGEST)) if item.folder else ""
