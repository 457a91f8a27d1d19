"""What the digest counts, written down at the moment that 6.1 of domain.md names."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.digest import Happening
from bot.domain.records import Fact
from bot.routing import Context
from handlers.matter_notices import Matter


def note(context: Context, matter: Matter, kind: Happening, detail: Mapping[str, str], *, mark: str = "") -> None:
    """It happened to the object now; `mark` tells apart what may happen to the same object again."""
    context.uow.facts.add(
        Fact(
            key="/".join(part for part in (matter.code, kind, mark) if part),
            kind=kind,
            code=matter.code,
            at=context.now,
            title=matter.title,
            secrecy=matter.secrecy,
            detail=dict(detail),
        )
    )
