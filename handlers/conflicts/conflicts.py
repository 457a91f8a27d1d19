"""Conflicts CT (domain.md 3.8): filed (`conflict_filing`), mediated (`conflict_mediating`), ruled (`conflict_ruling`), carried
out (`conflict_concluding`), read (`conflict_showing`); how they are kept stands in `conflict_keeping`, how they look in
`conflict_cards`.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.codes import read_codes
from bot.domain.conflict import Conflict
from bot.domain.conflict_form import CONFLICT
from bot.domain.happened import DeadlinePassed, ItemChanged, PostsChanged
from bot.domain.ids import CodeKind
from bot.routing import Context
from handlers import levels, matter_cards
from handlers.conflicts import (
    conflict_cards,
    conflict_concluding,
    conflict_filing,
    conflict_keeping,
    conflict_mediating,
    conflict_people,
    conflict_ruling,
    conflict_showing,
)
from handlers.conflicts import conflict_limits as limits
from handlers.deeds import Deed, Deeds, Kind
from handlers.tables import Tables


def register(tables: Tables) -> None:
    """Put commands, deeds, timers and cards on the tables."""
    tables.deeds.kind(
        Kind(
            kind=CodeKind.CONFLICT,
            get=conflict_keeping.get,
            step=conflict_cards.step,
            state=conflict_cards.state_key,
        )
    )
    tables.commands.on("conflict", conflict_showing.on_conflict)
    tables.commands.on("conflict_file", conflict_filing.on_file)
    tables.forms.on(CONFLICT, load=conflict_filing.load, save=conflict_filing.save_answer)
    _deeds(tables.deeds)
    tables.router.card(CodeKind.CONFLICT, conflict_cards.make)
    tables.router.when(DeadlinePassed, on_passed)
    tables.router.when(PostsChanged, on_posts)
    tables.router.when(ItemChanged, on_item)


def _deeds(deeds: Deeds) -> None:
    kind = CodeKind.CONFLICT
    deeds.on("state_case", kind, conflict_mediating.state_view)
    deeds.on("verify", kind, conflict_mediating.verify)
    deeds.on("mediate", kind, conflict_mediating.mediate)
    deeds.on("approve", kind, conflict_mediating.accept)
    deeds.on("reject", kind, conflict_mediating.decline)
    deeds.on("withdraw", kind, conflict_mediating.withdraw)
    deeds.on("rule_conflict", kind, conflict_ruling.rule)
    deeds.on("office_decision", kind, conflict_ruling.record_decision)
    deeds.on("refer", kind, conflict_ruling.refer)
    deeds.on("take_note", kind, conflict_ruling.take_note)
    deeds.on("confirm", kind, conflict_ruling.execute)
    levels.register(deeds, LEVELS)


def _keep_level(deed: Deed, before: Conflict, after: Conflict, act: str, reason: str) -> Conflict:
    return conflict_keeping.save(deed.context, before, after, act=act, reason=reason, verb=deed.verb)


LEVELS: levels.Classified[Conflict] = levels.Classified(
    kind=CodeKind.CONFLICT,
    creator=lambda conflict: conflict.filed_by,
    lead=conflict_people.lead_of,
    listed=conflict_keeping.with_readers,
    save=_keep_level,
)


def on_passed(context: Context, event: DeadlinePassed) -> None:
    """A limit of a conflict passed."""
    refs, _ = read_codes(event.obligation.code)
    if not refs or refs[0].kind is not CodeKind.CONFLICT:
        return
    conflict_mediating.on_mediation_passed(context, event)
    conflict_concluding.on_agenda_due(context, event)
    matter_cards.refresh(context, event.obligation.code)


def on_posts(context: Context, _: PostsChanged) -> None:
    """Whoever holds a post now holds what is owed (EC-09, 2.6)."""
    for conflict in context.uow.conflicts.find():
        if conflict.is_open:
            limits.settle(context, conflict)


def on_item(context: Context, event: ItemChanged) -> None:
    """Conflicts about an item are at least as confidential as the item (2.5)."""
    if event.after.secrecy <= event.before.secrecy:
        return
    for conflict in context.uow.conflicts.find(item=event.after.code):
        if conflict.secrecy < event.after.secrecy:
            raised = conflict_keeping.with_readers(context, replace(conflict, secrecy=event.after.secrecy))
            conflict_keeping.save(context, conflict, raised, act="level_raised")
