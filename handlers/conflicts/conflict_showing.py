"""`/冲突 CT-3` and `/冲突`: what may be read by whom and where (2.5, EC-70, EC-73)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.action import Action
from bot.domain.confidentiality import Secrecy, level, may_read
from bot.domain.conflict import MACHINE, Conflict
from bot.domain.form import text_of
from bot.domain.ids import CodeKind, DepartmentId, PersonId
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import effects, matter_notices
from handlers.access import actor, allows
from handlers.calls import Call
from handlers.conflicts import conflict_keeping as keeping
from handlers.conflicts import conflict_people as people
from handlers.lookups import find
from handlers.texts import Named
from handlers.words import Words

MOST = 10
LONG = 300
IN_GROUP = 6


def on_conflict(call: Call) -> None:
    """One conflict by its number; without one those that are open and may be seen."""
    if not call.command.codes:
        _list(call)
        return
    conflict = find(call.context, call.command.codes[0], CodeKind.CONFLICT, call.context.uow.conflicts.get)
    if conflict is None:
        raise RuleViolation("not_found_or_no_right")
    keeping.require_sight(call.context, conflict)
    if level(conflict.secrecy) is Secrecy.CONFIDENTIAL and not call.is_private:
        raise RuleViolation("not_found_or_no_right")
    words, who = call.words, actor(call.context)
    is_readable = who is not None and may_read(who, people.relation(call.context, conflict))
    is_open = is_readable and (call.is_private or not conflict.secrecy)
    lines = [_head(conflict, words, is_open=is_open)]
    if is_open:
        lines += _facts(conflict, words)
    if is_open and _is_concerned(call.context, conflict):
        lines += details(conflict, words)
    text = "\n".join(lines if call.is_private else lines[:IN_GROUP])
    call.answer(effects.discreet(conflict.code, text) if conflict.secrecy and call.is_private else text)


def _is_concerned(context: Context, conflict: Conflict) -> bool:
    """More than the summary that every employee of the party that filed it reads (P-54)?"""
    return allows(context, Action.SEE_ISSUE_LEDGER, replace(people.relation(context, conflict), department=None))


def _head(conflict: Conflict, words: Words, *, is_open: bool) -> str:
    title = Named("", inert(conflict.title, limit=matter_notices.TITLE)) if is_open else ""
    return words.say(
        "conflict_head", code=conflict.code, title=title, state=words.say(MACHINE.state_key(conflict.state))
    )


def _facts(conflict: Conflict, words: Words) -> Iterator[str]:
    yield words.say(
        "conflict_found",
        kind=words.option(conflict.kind.value),
        parties=words.listing(words.department(d) for d in conflict.parties),
        name=words.name(conflict.filed_by),
        time=words.time(conflict.filed_at),
    )
    if conflict.is_open and conflict.due_at is not None:
        yield words.say("issue_due", due=words.due(conflict.due_at))


def details(conflict: Conflict, words: Words) -> Iterator[str]:
    """Facts, statements, the proposal and what was decided, for those involved and for the leader's card."""
    yield words.say("conflict_facts", text=inert(text_of(conflict.content, "facts"), limit=LONG))
    for statement in conflict.statements:
        yield words.say(
            "conflict_statement_line",
            department=words.department(statement.department),
            text=inert(statement.text, limit=LONG),
        )
    if conflict.verified:
        yield words.say("conflict_verified_line", text=inert(conflict.verified, limit=LONG))
    if conflict.outcome:
        yield words.say(
            "conflict_outcome_line",
            text=inert(conflict.outcome, limit=LONG),
            basis=inert(conflict.basis, limit=100) or words.say("issue_none"),
        )
    for answer in conflict.answers:
        yield words.say(
            "conflict_yes_line" if answer.is_accepted else "conflict_no_line",
            department=words.department(answer.department),
            name=words.name(answer.by),
            reason=words.say("conflict_answer_reason", reason=inert(answer.reason, limit=LONG))
            if answer.reason
            else "",
        )
    if conflict.ruling:
        yield words.say(
            "conflict_ruling_line",
            text=inert(conflict.ruling, limit=LONG),
            name=words.name(conflict.ruled_by),
            basis=inert(conflict.basis, limit=100),
        )
    if conflict.shirking:
        named = words.listing(_who(words, one) for one in conflict.shirking)
        yield words.say("conflict_shirking_line", names=named)


def _who(words: Words, one: str) -> str:
    found = words.context.world.directory.person(PersonId(one))
    return found.name if found is not None else words.department(DepartmentId(one))


def _list(call: Call) -> None:
    context, words = call.context, call.words
    seen = [c for c in context.uow.conflicts.find() if c.is_open and _may_see(context, c)]
    named = [c for c in seen if level(c.secrecy) is not Secrecy.CONFIDENTIAL]
    if not seen:
        call.answer_privately(words.say("conflict_list_none"))
        return
    lines = [words.say("conflict_list_head", count=len(named))]
    for conflict in named[:MOST]:
        due = words.due(conflict.due_at) if conflict.due_at is not None else words.say("issue_none")
        state = words.say(MACHINE.state_key(conflict.state))
        lines.append(words.say("issue_list_line", what=matter_notices.what(conflict), state=state, due=due))
    if len(named) > MOST:
        lines.append(words.say("issue_list_more", count=len(named)))
    if len(seen) > len(named):
        lines.append(words.say("issue_list_confidential", count=len(seen) - len(named)))
    call.answer_privately("\n".join(lines))


def _may_see(context: Context, conflict: Conflict) -> bool:
    return allows(context, Action.SEE_ISSUE_LEDGER, people.relation(context, conflict))
