"""Objects by the code that somebody typed: `SX-7`, `sx-2026-0007`, `7` (ux.md A5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from bot.domain.codes import CodeRef, read_codes
from bot.domain.form import Content, text_of
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


def named_in(context: Context, content: Content, key: str, kind: CodeKind, get: Callable[[str], E | None]) -> E | None:
    """The object whose number stands in that field of a form; None without one, or without such an object."""
    refs, _ = read_codes(text_of(content, key))
    return find(context, refs[0], kind, get) if refs else None
