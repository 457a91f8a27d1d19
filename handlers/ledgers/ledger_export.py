"""Taking a ledger or a form out: a link that counts once and for ten minutes; the right is asked again when it is used (P-63, EC-75).

The link stands in the audit trail only as its hash, and its use next to it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain.directory import Person
from bot.domain.ids import PersonId
from bot.domain.ledger import Ledger, What, marks_of
from bot.domain.paper import Paper
from bot.errors import RuleViolation
from bot.ports.downloads import DOWNLOAD_KEY, DOWNLOAD_PATH
from bot.routing import Context
from handlers import effects
from handlers.ledgers import papers
from handlers.ledgers.ledger_rows import ledger_words, may_export, seen, sheets

#: how long a link counts
PATIENCE = timedelta(minutes=10)
_OFFERED, _EXPORTED = "export_offered", "exported"


class Format(StrEnum):
    """What a ledger is written as; forms are always documents."""

    XLSX = "xlsx"
    CSV = "csv"
    DOCX = "docx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wants to take out: a ledger, or the object of that code."""

    what: str
    format: Format


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was taken out, ready to be written as a file."""

    content: Ledger | Paper
    format: Format

    @property
    def name(self) -> str:
        """The name of the file."""
        return f"{self.content.stem}.{self.format.value}"


def address(context: Context, wanted: Wanted) -> str:
    """The address at which the file waits for this person; empty where nobody outside reaches this program."""
    if not context.around.public_url:
        return ""
    token = secrets.token_urlsafe(32)
    effects.record(context, _OFFERED, _ref(token), facts={"what": wanted.what, "format": wanted.format.value})
    return f"{context.around.public_url.rstrip('/')}{DOWNLOAD_PATH}?{DOWNLOAD_KEY}={token}"


def redeem(context: Context, token: str) -> Taken:
    """What a link stands for, made anew with the rights of this minute (EC-75). Raises RuleViolation."""
    rows = [row.record for row in context.uow.audit.of(_ref(token))]
    offered = next((r for r in rows if r.action == _OFFERED), None)
    if offered is None or len(rows) > 1 or not context.now <= offered.at + PATIENCE:
        raise RuleViolation("not_found_or_no_right")
    person = context.world.directory.person(PersonId(offered.actor))
    if person is None or not person.is_active:
        raise RuleViolation("not_found_or_no_right")
    context.person = person
    wanted = Wanted(what=offered.facts["what"], format=Format(offered.facts["format"]))
    effects.record(context, "download_used", _ref(token), facts={"what": wanted.what})
    return take(context, person, wanted)


def take(context: Context, person: Person, wanted: Wanted) -> Taken:
    """The content for this person, now; leaves its line in the audit trail. Raises RuleViolation."""
    if wanted.what in set(What):
        taken = Taken(content=_ledger(context, person, What(wanted.what)), format=wanted.format)
    else:
        taken = Taken(content=papers.paper(context, wanted.what, by=person), format=Format.DOCX)
    facts = {"format": taken.format.value}
    if isinstance(taken.content, Ledger):
        facts["rows"] = str(len(taken.content.sheets[0].rows))
    effects.record(context, _EXPORTED, wanted.what, facts=facts)
    return taken


def require_export(context: Context) -> None:
    """Raises RuleViolation `no_right` for people who may take nothing out (P-63)."""
    if not may_export(context):
        raise RuleViolation("no_right")


def _ledger(context: Context, person: Person, what: What) -> Ledger:
    require_export(context)
    found = seen(context, what, for_file=True)
    pages = sheets(context, what, found)
    names = ledger_words(context)
    title = names.words.say(f"ledger_title_{what.value}")
    issuing = context.world.posts.secretary_department() or person.department
    department = context.world.directory.department(issuing)
    unit = department.name if department is not None else names.department(issuing)
    note = names.words.say(
        "ledger_note",
        name=person.name,
        time=names.instant(context.now),
        filter=names.words.say("ledger_filter"),
        count=found.left_out,
    )
    return Ledger(
        what=what,
        stem=f"{title}_{unit}_{names.local(context.now):%Y%m%d}",
        sheets=pages,
        note=note,
        marks=marks_of(pages[0], what),
    )


def _ref(token: str) -> str:
    return f"download:{hashlib.sha256(token.encode()).hexdigest()[:32]}"
