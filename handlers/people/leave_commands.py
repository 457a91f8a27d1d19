"""`/请假`, `/销假`, `/拒绝代理` (domain.md 2.6, 3.17; P-51, P-52)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time

from bot.arguments import TOKEN
from bot.command import Command
from bot.domain.delegation import Leave, LeaveState, Scope
from bot.domain.directory import Person
from bot.domain.durations import parse_duration
from bot.domain.folding import folded
from bot.domain.ids import CodeKind
from bot.domain.moments import read_moments
from bot.errors import RuleViolation
from bot.messages import inert
from bot.updates import Mention
from handlers.calls import Call, Commands
from handlers.conversation import undo
from handlers.conversation.addressees import people_of
from handlers.conversation.misread import misread
from handlers.lookups import find
from handlers.people import leaves

_STANDS_IN = r"(?:代理人?|delegate)\s*[:：是]?\s*"
_DELEGATE = re.compile(rf"{_STANDS_IN}([^\s,，、;；@＠]{{1,20}})", re.IGNORECASE)
_TYPED_DELEGATE = re.compile(rf"{_STANDS_IN}[@＠]\s?([^\s,，、:：。;；!！?？@＠]{{1,20}})", re.IGNORECASE)
_BARE_WORD = re.compile(_STANDS_IN, re.IGNORECASE)
#: how much of a reason is kept
LONGEST_REASON = 100
SCOPE_WORDS = {
    "全部": Scope.ALL, "所有": Scope.ALL, "all": Scope.ALL, "everything": Scope.ALL,
    "审批": Scope.APPROVALS, "approvals": Scope.APPROVALS, "approval": Scope.APPROVALS,
    "对接": Scope.LIAISON, "liaison": Scope.LIAISON,
    "任务": Scope.TASKS, "tasks": Scope.TASKS, "task": Scope.TASKS,
}  # fmt: skip


def answer_commands(commands: Commands) -> None:
    """Put the commands about leaves on the table."""
    commands.on("leave", on_leave)
    commands.on("leave_end", on_leave_end)
    commands.on("leave_decline", on_leave_decline)


@dataclass(frozen=True, slots=True)
class _Period:
    starts_at: datetime
    ends_at: datetime


def on_leave(call: Call) -> None:
    """Register a leave, one's own or that of a person one may register it for."""
    who = _who(call)
    period = _period(call)
    leave = leaves.ask_for(
        call.context,
        person=who.absent,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        delegate=who.delegate,
        scope=_scope(call),
        reason=inert(call.command.pairs.get("原因", who.left), limit=LONGEST_REASON),
    )
    undo.remember(call.context, call.person.id, action="leave", ref=leave.code, ref_version=leave.version)
    key = "leave_registered" if who.absent.id == call.person.id else "leave_registered_for"
    call.say(key, **leaves.describe(leave, call.words))


# ---------------------------------------------------------------- who


@dataclass(frozen=True, slots=True)
class _Who:
    absent: Person
    delegate: Person | None
    #: words that name nobody
    left: str


def _who(call: Call) -> _Who:
    """Who is away, and who stands in. Without the word 代理 a person behind the dates stands in, one before them is away.

    Where nobody was picked with @, as in the private chat, a full name that only one person has will do.
    """
    command = call.command
    away = [_found(call, mention) for mention in command.people]
    named = [_found(call, mention) for mention in command.pair_people.get("代理", ())]
    typed = _typed(command)
    if typed.delegate and not named:
        named = [_called(call, typed.delegate)]
    if not named and away and (len(away) > 1 or _is_behind_dates(call, command, TOKEN.search(command.raw))):
        named = [away.pop()]
    for name in typed.others:
        (away if named or not _is_behind_dates(call, command, _place_of(name, command)) else named).append(
            _called(call, name)
        )
    rest = typed.rest
    if rest and not away and len(people := call.context.world.directory.named(rest)) == 1:
        (away if named or not _is_behind_dates(call, command, _place_of(rest, command)) else named).append(people[0])
        rest = ""
    if len(away) > 1 or len(named) > 1:
        raise misread(call.words, "person", "、".join(p.name for p in (*away, *named)), verb="leave")
    return _Who(away[0] if away else call.person, named[0] if named else None, rest)


@dataclass(frozen=True, slots=True)
class _Typed:
    """The names that were typed instead of picked, and what is left of the words without them."""

    #: the one behind 代理
    delegate: str
    #: those behind an @ anywhere else
    others: tuple[str, ...]
    rest: str


def _typed(command: Command) -> _Typed:
    pair = command.pairs.get("代理", "") if "代理" not in command.pair_people else ""
    behind_at = _TYPED_DELEGATE.search(command.raw)
    if behind_at is not None:
        others = tuple(name for name in command.typed_names if name != behind_at.group(1))
        rest = _BARE_WORD.sub(" ", command.rest, count=1).strip()
        return _Typed(behind_at.group(1), others, rest)
    match = _DELEGATE.search(command.rest)
    if match is None:
        return _Typed(pair, command.typed_names, command.rest.strip())
    rest = f"{command.rest[: match.start()]} {command.rest[match.end() :]}".strip()
    return _Typed(pair or match.group(1), command.typed_names, rest)


def _called(call: Call, name: str) -> Person:
    """The one person of that name. Raises RuleViolation for nobody or several: it is never guessed (ux.md A4 13)."""
    plain = inert(name.strip("@＠ ,，。"), limit=20)
    people = call.context.world.directory.named(plain)
    if not people:
        raise RuleViolation("no_such_person", {"name": plain})
    if len(people) > 1:
        raise RuleViolation("several_of_one_name", {"name": plain, "count": len(people)})
    return people[0]


def _place_of(name: str, command: Command) -> re.Match[str] | None:
    return re.search(re.escape(name), command.raw)


def _is_behind_dates(call: Call, command: Command, place: re.Match[str] | None) -> bool:
    before = command.raw[: place.start()] if place is not None else ""
    days = call.context.world.calendars
    return bool(read_moments(before, now=call.context.now, days=days).moments)


def _found(call: Call, mention: Mention) -> Person:
    return people_of(call.context, (mention,))[0]


# ---------------------------------------------------------------- when


def _period(call: Call) -> _Period:
    """From the beginning of the first day to the end of the last, or the very times that were given (L-12)."""
    command, calendars = call.command, call.context.world.calendars
    if command.impossible:
        raise misread(call.words, "date", command.impossible[0], verb="leave")
    if not 1 <= len(command.moments) <= 2 or parse_duration(command.rest) is not None:
        raise misread(call.words, "date", command.words or command.raw, verb="leave")
    first, last = command.moments[0], command.moments[-1]
    midnight = datetime.combine(first.day, time(0), calendars.zone)
    starts_at = first.at if first.has_time else midnight
    ends_at = last.at if last is not first else calendars.end_of_day(last.day)
    is_today = first.day == calendars.local(call.context.now).date()
    return _Period(max(starts_at, call.context.now) if is_today and ends_at > call.context.now else starts_at, ends_at)


def _scope(call: Call) -> Scope:
    said = call.command.pairs.get("范围", "")
    scope = SCOPE_WORDS.get(folded(said).strip()) if said else Scope.ALL
    if scope is None:
        raise misread(call.words, "scope", said, verb="leave")
    return scope


# ---------------------------------------------------------------- ending, declining


def on_leave_end(call: Call) -> None:
    """Back early, or a planned leave taken back; of another person with the right to it."""
    person = _found(call, call.command.people[0]) if call.command.people else call.person
    leave = _one_of(call, leaves.own_open(call.context, person), none="leave_none", verb="leave_end")
    absent = call.context.world.directory.person(leave.person)
    if absent is not None:
        leaves.require_right(call.context, absent)
    ended = leaves.finish(call.context, leave, call.person)
    call.say("leave_cancelled" if ended.state is LeaveState.CANCELLED else "leave_returned", code=ended.code)


def on_leave_decline(call: Call) -> None:
    """The delegate says no, within four working hours."""
    leave = _one_of(call, leaves.stood_in_for(call.context, call.person), none="decline_none", verb="leave_decline")
    declined = leaves.turn_down(call.context, leave, call.person)
    call.say("leave_declined", code=declined.code)


def _one_of(call: Call, found: list[Leave], *, none: str, verb: str) -> Leave:
    """The leave that is meant: the one of the code, the running one, the only one."""
    if call.command.codes:
        leave = find(call.context, call.command.codes[0], CodeKind.LEAVE, call.context.uow.leaves.get)
        if leave is None or (leave not in found and not leaves.may_see(call.context, leave, call.person)):
            raise RuleViolation("not_found_or_no_right")
        return leave
    active = [leave for leave in found if leave.covers(call.context.now)]
    candidates = active or found
    if not candidates:
        raise RuleViolation(none)
    if len(candidates) > 1:
        codes = call.words.listing(leave.code for leave in candidates)
        raise RuleViolation("leave_which", {"codes": codes, "example": call.words.say(f"example_{verb}")})
    return candidates[0]
