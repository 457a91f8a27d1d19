"""Objections to entries of a scorecard, and the secretary's answer (domain.md 6.4; SoD-6): the verdict changes, or it stays."""

from __future__ import annotations

import msgspec

from bot.domain.action import Action
from bot.domain.directory import Person
from bot.domain.folding import folded
from bot.domain.ids import CodeKind, DepartmentId
from bot.domain.permissions import Grant
from bot.domain.relation import Relation
from bot.domain.reply_clock import ClockFact, FactKind
from bot.domain.scorecard import Scorecard, month_before, month_of
from bot.domain.sla import command
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import effects
from handlers.access import require
from handlers.calls import Call
from handlers.clocks import clocks
from handlers.conversation.misread import misread
from handlers.deeds import SHORTEST_REASON, visible_length
from handlers.matter_cards import kind_of
from handlers.scores import scorecard_keeping
from handlers.scores.scorecard_keeping import Contest
from handlers.tables import Tables
from handlers.words import words_for

LONGEST_REASON = 500
_CORRECTED = frozenset({"更正", "更改", "改正", "成立", "correct", "corrected"})
_KEPT = frozenset({"维持", "不改", "不成立", "keep", "kept", "stands"})


def register(tables: Tables) -> None:
    """Put both commands on the table."""
    tables.commands.on("score_contest", on_contest)
    tables.commands.on("score_answer", on_answer)


def _code(call: Call) -> str:
    ref = call.command.codes[0]
    code = ref.code(call.context.world.calendars.local(call.context.now).year)
    if code is None:
        raise RuleViolation("not_found_or_no_right")
    return code


def _reason(call: Call) -> str:
    reason = inert(call.command.pairs.get("原因", "") or call.command.words, limit=LONGEST_REASON)
    if visible_length(reason) < SHORTEST_REASON:
        raise RuleViolation("reason_required")
    return reason


# ---------------------------------------------------------------- objecting


def on_contest(call: Call) -> None:
    """The head names an entry of the own department's card and says why it is wrong."""
    context, code = call.context, _code(call)
    department = _department(call)
    grant = require(context, Action.APPEAL, Relation(department=department))
    reason = _reason(call)
    card = _card_with(context, department, code, call.command.pairs.get("月份", ""))
    ends = scorecard_keeping.contest_ends(context, card)
    if ends is not None and context.now > ends:
        raise RuleViolation("contest_over", {"until": ends})
    contest = Contest(
        month=card.month, department=department, code=code, by=call.person.id, at=context.now, reason=reason
    )
    known = next((c for c in scorecard_keeping.contests(context, card.month, department) if c.code == code), None)
    if known is not None:
        raise RuleViolation("contest_known", {"code": code})
    scorecard_keeping.keep(context, contest)
    _record(context, contest, "score_contested", grant, reason)
    secretary = effects.secretary(context)
    if secretary is not None:
        _tell(context, secretary, contest, "contest_told", by=call.person.name, reason=reason)
    call.answer_privately(call.words.say("contest_said", code=code, month=card.month))


def _department(call: Call) -> DepartmentId:
    name = call.command.pairs.get("部门", "")
    if not name:
        return call.person.department
    found = call.context.world.directory.department_named(name)
    if found is None:
        raise misread(call.words, "department", name, verb="score_contest")
    return found.id


def _card_with(context: Context, department: DepartmentId, code: str, said: str) -> Scorecard:
    """The newest card that has the entry. Raises RuleViolation `contest_no_entry`."""
    present = month_of(context.world.calendars.local(context.now))
    months = [said] if said else [present, month_before(present)]
    for month in months:
        card = scorecard_keeping.present(context, department, month)
        if any(entry.code == code for figure in card.figures for entry in figure.entries):
            return card
    raise RuleViolation("contest_no_entry", {"code": code})


# ---------------------------------------------------------------- answering


def on_answer(call: Call) -> None:
    """The secretary corrects the verdict behind the entry, or says why it stays. The score follows by itself."""
    context, code = call.context, _code(call)
    grant = require(context, Action.CORRECT_VERDICT)
    contest = _open(context, code)
    if contest is None:
        raise RuleViolation("contest_none", {"code": code})
    is_corrected = _verdict(call)
    reason = _reason(call)
    if is_corrected:
        _correct(context, contest, grant, call.person, reason)
    answered = msgspec.structs.replace(
        contest, answered_at=context.now, answered_by=call.person.id, is_corrected=is_corrected, answer=reason
    )
    scorecard_keeping.keep(context, answered)
    _record(context, answered, "score_corrected" if is_corrected else "score_kept", grant, reason)
    head = context.world.directory.person(contest.by)
    key = "contest_told_corrected" if is_corrected else "contest_told_kept"
    if head is not None:
        _tell(context, head, answered, key, reason=reason)
    call.say("contest_corrected_said" if is_corrected else "contest_kept_said", code=code)


def _open(context: Context, code: str) -> Contest | None:
    month = month_of(context.world.calendars.local(context.now))
    for _ in range(3):
        found = [c for c in scorecard_keeping.contests(context, month) if c.code == code and c.answered_at is None]
        if found:
            return found[0]
        month = month_before(month)
    return None


def _verdict(call: Call) -> bool:
    said = folded(call.command.pairs.get("结论", "")).strip()
    if said in _CORRECTED:
        return True
    if said in _KEPT:
        return False
    raise misread(call.words, "verdict", call.command.pairs.get("结论", ""), verb="score_answer")


def _correct(context: Context, contest: Contest, grant: Grant, person: Person, reason: str) -> None:
    """A reply clock is waived like any other; other entries are left out of the count by the answer itself."""
    if kind_of(contest.code) is not CodeKind.CLOCK:
        return
    clock = context.uow.clocks.get(contest.code)
    if clock is None:
        return
    fact = ClockFact(kind=FactKind.WAIVED, at=context.now, by=person.id, text=reason)
    clocks.save(
        context, clock, command(clock, fact, hours=clocks.hours_of(context, clock), now=context.now), grant=grant
    )


def _record(context: Context, contest: Contest, action: str, grant: Grant, reason: str) -> None:
    effects.record(
        context,
        action,
        contest.code,
        reason=reason,
        role=grant.column.value,
        on_behalf_of=grant.behalf or "",
        facts={"month": contest.month, "department": contest.department},
    )


def _tell(context: Context, person: Person, contest: Contest, sentence: str, **more: object) -> None:
    words = words_for(context, person)
    department = words.department(contest.department)
    text = words.say(sentence, code=contest.code, month=contest.month, department=department, **more)
    effects.tell(
        context, person, effects.text(text), key=f"{contest.name}:{sentence}:{context.now.isoformat()}", is_owed=True
    )
