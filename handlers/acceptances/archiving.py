"""The archive of an accepted item (domain.md 3.3, 4.8; R-49, R-85; P-25, T-10): the checklist, and what stands in its way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.acceptance import Acceptance, AcceptanceState
from bot.domain.action import Action
from bot.domain.document import DocumentState
from bot.domain.form import rows_of
from bot.domain.item import Item, ItemState, Level
from bot.domain.progress_report import ReportState
from bot.domain.relation import of_item as relation_of_item
from bot.errors import RuleViolation
from bot.routing import Context
from handlers import matter_notices
from handlers.acceptances.acceptance_keeping import item_of, of_item, settle
from handlers.access import require
from handlers.deeds import Deed
from handlers.items import items
from handlers.possible import require_privacy
from handlers.words import Words

#: documents in these states stand in the way (3.3)
_BLOCKING = frozenset({DocumentState.NONCOMPLIANT, DocumentState.MISSING})
#: how many numbers of blocking documents are named
NAMED = 6


class Entry(StrEnum):
    """The eight entries of the checklist (F8, archive_list)."""

    REQUEST = "request"
    OPINION = "opinion"
    PLAN = "plan"
    PROGRESS = "progress"
    RECORDS = "records"
    ISSUES = "issues"
    RESULTS = "results"
    ACCEPTANCE = "acceptance"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: what there is of it; `is_needed` is False where the flow of a routine item has none."""

    entry: Entry
    found: str
    is_needed: bool = True


def checklist(context: Context, item: Item, acceptance: Acceptance) -> tuple[Line, ...]:
    """What lies in the archive of the item, entry by entry."""
    uow = context.uow
    is_special = item.level is Level.SPECIAL
    issues = uow.issues.find(item=item.code)
    subjects = tuple(code for code in (item.code, item.request, acceptance.code, *(i.code for i in issues)) if code)
    meetings = [m for m in uow.meetings.find(item=subjects) if m.record]
    reports = [r for r in uow.reports.find(item=item.code) if r.state in {ReportState.SUBMITTED, ReportState.LATE}]
    tasks = [t for t in uow.tasks.find(item=item.code) if t.item == item.code]
    request = uow.requests.get(item.request) if item.request else None
    is_assessed = request is None or bool(request.assessment)
    return (
        Line(Entry.REQUEST, item.request),
        Line(Entry.OPINION, item.request if is_assessed else "", is_needed=is_special),
        Line(Entry.PLAN, f"{item.plan} v{item.plan_version}" if item.plan else "", is_needed=is_special),
        Line(Entry.PROGRESS, f"{len(reports)}/{len(tasks)}"),
        Line(Entry.RECORDS, "、".join(sorted({m.record for m in meetings})[:NAMED]), is_needed=False),
        Line(Entry.ISSUES, "、".join(issue.code for issue in issues[:NAMED]), is_needed=False),
        Line(Entry.RESULTS, str(len(rows_of(acceptance.content, "results")) or "")),
        Line(Entry.ACCEPTANCE, acceptance.code),
    )


def rows(context: Context, acceptance: Acceptance, words: Words) -> list[tuple[str, str]]:
    """The checklist on its card, two entries a row, and the documents that stand in the way."""
    item = item_of(context, acceptance)
    lines = checklist(context, item, acceptance)
    found = [
        (
            words.say("archive_row", number=n // 2 + 1),
            words.listing(_shown(line, words) for line in lines[n : n + 2]),
        )
        for n in range(0, len(lines), 2)
    ]
    blocking = blocking_documents(context, item)
    documents = words.listing(blocking[:NAMED]) if blocking else words.say("archive_documents_fine")
    return [*found, (words.say("archive_row_documents"), documents)]


def _shown(line: Line, words: Words) -> str:
    name = words.say(f"archive_{line.entry.value}")
    if line.found:
        return words.say("archive_there", name=name, found=line.found)
    return words.say("archive_missing" if line.is_needed else "archive_none", name=name)


def blocking_documents(context: Context, item: Item) -> list[str]:
    """Documents whose name was not put right or whose link is gone (3.13)."""
    return [document.code for document in context.uow.documents.find(item=item.code) if document.state in _BLOCKING]


# ---------------------------------------------------------------- confirming


def on_archive(deed: Deed, item: Item) -> str:
    """`归档 SX-8`: lead or secretary confirm that everything is there (P-25)."""
    context = deed.context
    grant = require(context, Action.CONFIRM_ARCHIVE, relation_of_item(item))
    require_privacy(deed, item)
    acceptance = of_item(context, item, AcceptanceState.PASSED)
    if item.state is ItemState.ACCEPTED and acceptance is not None:
        _check(context, item, acceptance, deed.words)
    items.archive(context, item, by=deed.person.id, grant=grant)
    return deed.words.say("archived_said", what=matter_notices.what(item))


def on_archive_card(deed: Deed, acceptance: Acceptance) -> str:
    """The same by the button of the checklist."""
    return on_archive(deed, item_of(deed.context, acceptance))


def _check(context: Context, item: Item, acceptance: Acceptance, words: Words) -> None:
    """Raises RuleViolation: `archive_documents` naming what is not compliant, `archive_incomplete` naming what is missing."""
    blocking = blocking_documents(context, item)
    if blocking:
        raise RuleViolation("archive_documents", {"codes": words.listing(blocking[:NAMED])})
    missing = [line.entry for line in checklist(context, item, acceptance) if line.is_needed and not line.found]
    if missing:
        raise RuleViolation(
            "archive_incomplete", {"entries": words.listing(words.say(f"archive_{entry.value}") for entry in missing)}
        )


def follow(context: Context, item: Item) -> None:
    """The item was archived or ended: nothing of its acceptance is owed any more."""
    acceptance = of_item(context, item)
    if acceptance is not None:
        settle(context, acceptance)
