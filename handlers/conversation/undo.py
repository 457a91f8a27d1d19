"""`/撤销`: an own action is taken back within two minutes, while nobody has acted on it (ux.md A5.2).

Whoever offers that remembers the action here, in the transaction that does it; taking it back is the work of the one
function that the table names for the kind of action.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.confidentiality import Secrecy, level
from bot.domain.ids import PersonId
from bot.domain.records import Undoable
from bot.domain.reply_clock import ClockFact, FactKind
from bot.domain.sla import command
from bot.errors import RuleViolation
from bot.ports import AuditRecord
from bot.routing import Context
from handlers import effects, numbered
from handlers.clocks import clocks
from handlers.company import calendar_changes
from handlers.people import leaves
from handlers.words import Words

WINDOW = timedelta(minutes=2)
#: so many records of the trail are looked at for what was done last
_LOOKED_AT = 200
#: records of what did not happen
_NOT_DONE = frozenset({"refused", "repeated"})

#: takes the action back and says what it was; raises RuleViolation `undo_too_late` when somebody acted on it
Undoer = Callable[[Context, Undoable, Words], str]


def remember(
    context: Context,
    person: PersonId,
    *,
    action: str,
    ref: str,
    ref_version: int,
    facts: Mapping[str, str] | None = None,
) -> None:
    """Keep an action that its doer may take back; `ref_version` is the version of the object right after it."""
    if action not in UNDOERS:
        raise ValueError(f"nobody takes back {action!r}")
    key = f"{person}:{action}:{ref}:{ref_version}"
    undoable = Undoable(
        key=key,
        person=person,
        action=action,
        ref=ref,
        ref_version=ref_version,
        done_at=context.now,
        facts=dict(facts or {}),
    )
    known = context.uow.undoables.get(key)
    if known is None:
        context.uow.undoables.add(undoable)
    else:
        context.uow.undoables.put(replace(undoable, version=known.version))


def take_back(context: Context, person: PersonId, words: Words) -> str:
    """Take the person's last action back; returns what it was.

    Raises RuleViolation `undo_nothing`, `undo_too_late`, `undo_not_this` where the last thing done stands for good.
    """
    found = [u for u in context.uow.undoables.find(person=person) if context.now - u.done_at <= WINDOW]
    last = max(found, key=lambda u: (u.done_at, u.key), default=None)
    deed = _last_deed(context, person)
    if deed is not None and (last is None or deed.at > last.done_at):
        if level(getattr(numbered.load(context, deed.ref), "secrecy", 0)) is Secrecy.CONFIDENTIAL:
            raise RuleViolation("undo_nothing")
        raise RuleViolation("undo_not_this", {"code": deed.ref})
    if last is None:
        raise RuleViolation("undo_nothing")
    what = UNDOERS[last.action](context, last, words)
    context.uow.undoables.remove(last.key)
    effects.record(context, "undone", last.ref, facts={"action": last.action})
    return what


def _last_deed(context: Context, person: PersonId) -> AuditRecord | None:
    """What the person decided about a numbered object just now: others were told of it, and their limits run by it."""
    for row in context.uow.audit.tail(limit=_LOOKED_AT):
        record = row.record
        if context.now - record.at > WINDOW:
            return None
        if record.actor == person and record.action not in _NOT_DONE and record.facts.get("verb"):
            return record
    return None


def _untouched(version: int, undoable: Undoable) -> None:
    if version != undoable.ref_version:
        raise RuleViolation("undo_too_late")


def _ask(context: Context, undoable: Undoable, words: Words) -> str:
    """A question that nobody answered yet is called off; it does not count."""
    clock = context.uow.clocks.get(undoable.ref)
    if clock is None:
        raise RuleViolation("undo_too_late")
    _untouched(clock.version, undoable)
    fact = ClockFact(kind=FactKind.CALLED_OFF, at=context.now, by=undoable.person)
    clocks.save(context, clock, command(clock, fact, hours=clocks.hours_of(context, clock), now=context.now))
    return words.say("undo_ask", code=clock.code)


def _leave(context: Context, undoable: Undoable, words: Words) -> str:
    """A leave is taken back as long as nobody answered in the person's place."""
    leave = context.uow.leaves.get(undoable.ref)
    person = context.world.directory.person(undoable.person)
    if leave is None or person is None or leave.state.value not in leaves.OPEN or leaves.done_for(context, leave):
        raise RuleViolation("undo_too_late")
    leaves.finish(context, leave, person)
    return words.say("undo_leave", code=leave.code)


def _preference(context: Context, undoable: Undoable, words: Words) -> str:
    """Settings and quiet time go back to what they were."""
    preference = context.uow.preferences.get(undoable.ref)
    if preference is None:
        raise RuleViolation("undo_too_late")
    _untouched(preference.version, undoable)
    facts = undoable.facts
    until = facts.get("muted_until", "")
    context.uow.preferences.put(
        replace(
            preference,
            language=facts.get("language", ""),
            timezone=facts.get("timezone", ""),
            muted_until=datetime.fromisoformat(until) if until else None,
        )
    )
    return words.say("undo_mute" if undoable.action == "mute" else "undo_settings")


def _calendar(context: Context, undoable: Undoable, words: Words) -> str:
    """The overrides are what they were before; deadlines follow."""
    setting = context.uow.settings.get("calendar")
    if setting is None:
        raise RuleViolation("undo_too_late")
    _untouched(setting.version, undoable)
    calendar_changes.restore(context, undoable.facts["overrides"])
    return words.say("undo_calendar")


UNDOERS: Mapping[str, Undoer] = {
    "ask": _ask,
    "leave": _leave,
    "mute": _preference,
    "settings": _preference,
    "calendar": _calendar,
}
