"""Objects by the code that somebody typed: `SX-7`, `sx-2026-0007`, `7` (ux.md A5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from bot.domain.codes import CodeRef
from bot.domain.ids import CodeKind
from bot.routing import Context

E = TypeVar("E")

#: how many years back a code without its year is looked for
YEARS_BACK = 5


def find(context: Context, ref: CodeRef, kind: CodeKind, get: Callable[[str], E | None]) -> E | None:
    """The object of a typed code; without a year the one of the newest year that has it. None for another kind or none."""
    if ref.kind not in (None, kind):
        return None
    present = context.world.calendars.local(context.now).year + 1
    years: Iterable[int] = (ref.year,) if ref.year else range(present, present - YEARS_BACK, -1)
    codes = (ref.code(year, kind) for year in years)
    return next((found for code in codes if code is not None and (found := get(code)) is not None), None)
