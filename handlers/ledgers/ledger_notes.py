"""The secretary's notes: by command, and out of a ledger that was edited in a spreadsheet (P-18, R-22, R-82)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.action import Action
from bot.domain.folding import folded
from bot.domain.form_characters import as_lines, seen_length
from bot.domain.issue import Issue
from bot.domain.issue_ledger import issue_columns
from bot.domain.item import Item
from bot.domain.ledger import LONGEST_NOTE, LedgerColumn, What
from bot.domain.ledger_notes import NotesDiff, Returned, compare
from bot.domain.progress_ledger import progress_columns
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import effects
from handlers.access import require
from handlers.deeds import Deed, Done
from handlers.ledgers.ledger_rows import ledger_words, seen, sheets

_EMPTYING = frozenset({"-", "—", "清空", "删除", "clear"})
VERB = "annotate"


def annotate(deed: Deed, thing: Item | Issue) -> Done:
    """`备注 SX-7 已与生产部核对`; without words it is shown, `清空` empties it. Raises RuleViolation."""
    grant = require(deed.context, Action.ANNOTATE_LEDGER)
    words = deed.words
    if not deed.text.strip():
        key = "annotation_is" if thing.note else "annotation_none"
        return Done(words.say(key, code=thing.code, note=inert(thing.note)), is_private=True)
    note = "" if folded(deed.text) in _EMPTYING else as_lines(deed.text)
    if seen_length(note) > LONGEST_NOTE:
        raise RuleViolation("annotation_too_long", {"count": seen_length(note), "limit": LONGEST_NOTE})
    _keep(deed.context, thing, note, role=grant.column.value, on_behalf_of=grant.behalf or "")
    return Done(words.say("annotation_kept" if note else "annotation_emptied", code=thing.code), is_private=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What an import would do, and what it did."""

    what: What
    diff: NotesDiff
    taken: int = 0


def columns(context: Context) -> dict[What, tuple[LedgerColumn, ...]]:
    """The columns of both ledgers, to know a file by."""
    spoken = ledger_words(context)
    return {What.PROGRESS: progress_columns(spoken), What.ISSUES: issue_columns(spoken)}


def preview(context: Context, returned: Returned) -> Import:
    """What the file would change. Raises RuleViolation `no_right` for everybody but the secretary (P-18)."""
    require(context, Action.ANNOTATE_LEDGER)
    what = returned.what
    return Import(what=what, diff=compare(returned, sheets(context, what, seen(context, what))[0]))


def take_over(context: Context, returned: Returned) -> Import:
    """Take the notes of the file, and nothing else of it."""
    grant = require(context, Action.ANNOTATE_LEDGER)
    found = preview(context, returned)
    for change in found.diff.changes:
        thing = _thing(context, found.what, change.code)
        if thing is not None:
            _keep(context, thing, change.after, role=grant.column.value, on_behalf_of=grant.behalf or "")
    return replace(found, taken=len(found.diff.changes))


def _thing(context: Context, what: What, code: str) -> Item | Issue | None:
    return context.uow.items.get(code) if what is What.PROGRESS else context.uow.issues.get(code)


def _keep(context: Context, thing: Item | Issue, note: str, *, role: str, on_behalf_of: str) -> None:
    """Only the note changes; the row says who wrote last."""
    match thing:
        case Item():
            by = context.person.id if context.person is not None else None
            context.uow.items.put(replace(thing, note=note, updated_at=context.now, updated_by=by))
        case Issue():
            context.uow.issues.put(replace(thing, note=note))
    effects.record(
        context,
        "ledger_annotated",
        thing.code,
        before=inert(thing.note, limit=200),
        after=inert(note, limit=200),
        role=role,
        on_behalf_of=on_behalf_of,
        facts={"verb": VERB, "slot": ""},
    )
