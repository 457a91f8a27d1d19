"""Items SX (domain.md 3.3): made in `item_making`, moved in `item_course`, ended in `item_ending`, classified in `item_levels`,
read in `item_view`; kept by `item_keeping`.
"""

from __future__ import annotations

from bot.domain.happened import LiaisonChanged, PostsChanged
from bot.domain.ids import CodeKind, PersonId
from bot.domain.item import Item
from bot.domain.permissions import Grant
from bot.routing import Context
from handlers.deeds import Kind
from handlers.items import item_cards, item_course, item_ending, item_keeping, item_levels, item_making, item_view
from handlers.tables import Tables

__all__ = ["archive", "register"]


def register(tables: Tables) -> None:
    """Put what this family answers on the tables."""
    tables.deeds.kind(
        Kind(kind=CodeKind.ITEM, get=lambda context, code: context.uow.items.get(code), state=item_cards.state_key)
    )
    tables.router.card(CodeKind.ITEM, item_cards.make)
    tables.router.when(PostsChanged, lambda context, _: item_keeping.follow_posts(context))
    tables.router.when(LiaisonChanged, lambda context, _: item_keeping.follow_posts(context))
    item_making.register(tables)
    item_course.register(tables)
    item_ending.register(tables)
    item_levels.register(tables)
    item_view.register(tables)


def archive(context: Context, item: Item, *, by: PersonId | None = None, grant: Grant | None = None) -> Item:  # noqa: ARG001
    """The archive checklist is confirmed (3.3). Raises RuleViolation `stale_card` or `done_already`."""
    return item_course.archive(context, item, grant=grant)
