"""Numbers of new objects: counted by kind and by the company's year, and never given twice (domain.md 0.4)."""

from __future__ import annotations

from datetime import datetime

from bot.domain.ids import Code, CodeKind, make_code
from bot.routing import Context


def new_code(context: Context, kind: CodeKind, *, at: datetime | None = None) -> Code:
    """The next number of that kind in the year of `at`, now if not given; it is burned even if nothing comes of it."""
    year = context.world.calendars.local(at or context.now).year
    return make_code(kind, year, context.uow.sequences.next(kind, year))
