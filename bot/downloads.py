"""Files for people with a phone, made when the button of their page is pressed (domain.md 6.3; EC-75)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from bot.dispatch import Engine
from bot.domain.ledger import Ledger
from bot.errors import RuleViolation
from bot.papers import DOCX_TYPE, as_docx
from bot.ports import UnitOfWork
from bot.ports.downloads import File
from bot.spreadsheets import CSV_TYPE, XLSX_TYPE, as_csv, as_xlsx
from handlers.ledgers.ledger_export import Format, Taken, redeem


@dataclass(frozen=True, slots=True)
class Files:
    """Makes the file of a link. The rows are read in one transaction; writing the file takes its time elsewhere."""

    engine: Engine
    #: the company's own templates
    templates: Path | None = None

    async def fetch(self, token: str) -> File | None:
        """The file of the link, for this once; None where it does not count any more."""

        def work(uow: UnitOfWork) -> Taken:
            return redeem(self.engine.context(uow, self.engine.clock.now()), token)

        try:
            taken = await self.engine.store.run(work)
        except RuleViolation:
            return None
        return await asyncio.to_thread(written, taken, self.templates)


def written(taken: Taken, templates: Path | None = None) -> File:
    """What was taken out as a file."""
    content = taken.content
    if not isinstance(content, Ledger):
        return File(name=taken.name, content_type=DOCX_TYPE, content=as_docx(content, templates))
    if taken.format is Format.CSV:
        return File(name=taken.name, content_type=CSV_TYPE, content=as_csv(content))
    return File(name=taken.name, content_type=XLSX_TYPE, content=as_xlsx(content))
