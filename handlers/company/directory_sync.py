"""The platforms' address books, read in the background (domain.md EC-38, EC-49, EC-50, EC-53 to EC-55; P-66).

Reading happens outside any transaction, taking over in one. What cannot be believed changes nothing: the last good copy
stays, and the administrators hear of it once a day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol
from zlib import crc32

import msgspec
import structlog

from bot.clock import Clock
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.reconcile import Change, Clash, Conflict, Doubt, Reconciliation, Stated, reconcile, unmatched
from bot.domain.records import Setting
from bot.domain.timers import Timer, TimerKind
from bot.errors import PlatformError
from bot.ports import Capabilities, DirectorySnapshot, PlatformAdapter, Store, UnitOfWork, Wake
from bot.routing import Context, Router
from bot.updates import DirectoryChanged
from handlers import effects, notices
from handlers.clocks import clocks
from handlers.company import former_names, leavers
from handlers.company.company import STATED_HEADS
from handlers.deadlines import recurring
from handlers.groups import group_checks
from handlers.people import former_liaisons
from handlers.words import Words, words_for
from handlers.world import DIRECTORY

log = structlog.get_logger(__name__)

REF = "directory"
#: how often the address books are read without anybody asking for it
EVERY = timedelta(hours=6)
#: a change that the platform reports is read this long after it, once for a wave of changes
SETTLE = timedelta(seconds=30)
#: a reading that failed is tried again after this long
RETRY = timedelta(minutes=15)
#: names and accounts listed in one notice
LISTED = 10


class _Desk(Protocol):
    """What is needed of `handlers.front.Handlers`."""

    def context(
        self, uow: UnitOfWork, now: datetime, *, capabilities: dict[str, Capabilities] | None = None
    ) -> Context: ...


class SyncState(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the last reading of one platform's address book."""

    at: datetime
    people: int = 0
    joined: int = 0
    changed: int = 0
    left: int = 0
    unmatched: tuple[str, ...] = ()
    differing: int = 0
    #: code of the error, or `refused`; empty when it was taken over
    failure: str = ""
    hint: str = ""


# ---------------------------------------------------------------- when


def register(router: Router) -> None:
    """A change in the address book brings the next reading nearer."""
    router.on(DirectoryChanged, on_changed)


def on_wanted(router: Router, wake: Wake) -> None:
    """When the timer is due, `wake` whoever reads the address books; the next reading is armed with it."""

    def on_timer(context: Context, _timer: Timer) -> None:
        context.uow.timers.arm(Timer(kind=TimerKind.DIRECTORY_SYNC, ref=REF, due_at=context.now + EVERY))
        wake()

    router.timer(TimerKind.DIRECTORY_SYNC, on_timer)


def arm(context: Context) -> None:
    """The first reading comes soon after the start; later ones at their own time."""
    recurring.arm(context, TimerKind.DIRECTORY_SYNC, REF, context.now + SETTLE)


def on_changed(context: Context, _update: DirectoryChanged) -> None:
    """Read it soon, unless that is going to happen anyway."""
    _within(context, SETTLE)


def _within(context: Context, pause: timedelta) -> None:
    """The next reading comes no later than that."""
    due = context.now + pause
    armed = [t.due_at for t in context.uow.timers.of(REF) if t.kind is TimerKind.DIRECTORY_SYNC]
    if not armed or min(armed) > due:
        context.uow.timers.arm(Timer(kind=TimerKind.DIRECTORY_SYNC, ref=REF, due_at=due))


# ---------------------------------------------------------------- reading


async def read_and_take_over(desk: _Desk, store: Store, adapter: PlatformAdapter, clock: Clock) -> str:
    """Read one address book and take it over; a sentence on what became of it, in the company's language."""
    try:
        snapshot: DirectorySnapshot | None = await adapter.directory()
        problem: PlatformError | None = None
    except PlatformError as failed:
        log.warning("the address book could not be read", action="directory_failed", code=failed.code)
        snapshot, problem = None, failed

    def work(uow: UnitOfWork) -> str:
        now = clock.now()
        context = desk.context(uow, now, capabilities={adapter.platform: adapter.capabilities})
        if snapshot is None:
            return _failed(context, adapter.platform, problem)
        return take_over(context, snapshot)

    return await store.run(work)


def _failed(context: Context, platform: str, problem: PlatformError | None) -> str:
    _within(context, RETRY)
    before = state_of(context, platform)
    code, hint = (problem.code, problem.hint) if problem is not None else ("", "")
    state = replace_state(before, at=context.now, failure=code or "error", hint=hint)
    _keep_state(context, platform, state)
    line = notices.Line(key="directory_failed", platform=platform, facts={"code": state.failure, "hint": hint})
    _tell_administrators(context, [line], cause=f"{platform}:{code}")
    return line.shown(words_for(context, None))


def take_over(context: Context, snapshot: DirectorySnapshot) -> str:
    """Make the directory follow the address book, within one transaction; everything that hangs on people follows."""
    result = reconcile(snapshot, context.world.directory, _stated(context))
    if result.doubt is not None:
        return _refused(context, snapshot.platform, result.doubt)
    before = context.world
    for change in result.people:
        if change.person.version:
            context.uow.people.put(change.person)
        else:
            context.uow.people.add(change.person)
    for department in result.departments:
        context.uow.departments.put(department.department)
    if result.people or result.departments:
        context.uow.bump(DIRECTORY)
        context.refresh()
        _audit(context, snapshot.platform, result)
        former_liaisons.note(context, before.directory)
        former_names.note(context, before.directory)
        leavers.see_to(context, before.directory)
        clocks.follow_posts(context)
        group_checks.recheck_all(context)
    return _report(context, snapshot, result)


def _stated(context: Context) -> Stated:
    """People without an origin are the company file's; so are the heads that it named at its last import."""
    setting = context.uow.settings.get(STATED_HEADS)
    heads = msgspec.json.decode(setting.body, type=list[str]) if setting is not None else []
    return Stated(heads=frozenset(DepartmentId(name) for name in heads))


def _audit(context: Context, platform: str, result: Reconciliation) -> None:
    for change in result.people:
        effects.record(
            context,
            f"person_{change.change.value}",
            change.person.id,
            reason=platform,
            facts={"fields": ",".join(change.fields)} if change.fields else None,
        )
    for department in result.departments:
        effects.record(
            context,
            "department_head_changed",
            department.department.id,
            before=department.before or "",
            after=department.department.head or "",
            reason=platform,
        )


# ---------------------------------------------------------------- telling


def _report(context: Context, snapshot: DirectorySnapshot, result: Reconciliation) -> str:
    platform = snapshot.platform
    before = state_of(context, platform)
    strange = tuple(key.account for key in unmatched(result.conflicts, platform))
    state = SyncState(
        at=context.now,
        people=sum(p.is_active for p in snapshot.people),
        joined=result.count(Change.JOINED, Change.RETURNED),
        changed=result.count(Change.BOUND, Change.UPDATED),
        left=result.count(Change.LEFT),
        unmatched=strange,
        differing=len(result.conflicts) - len(strange),
    )
    _keep_state(context, platform, state)
    lines: list[notices.Line] = []
    new = set(strange) - set(before.unmatched if before is not None else ())
    if new:
        lines.append(_unmatched_line(platform, strange))
    lines.extend(_differences(context, platform, result.conflicts))
    _tell_administrators(context, lines, cause=f"{platform}:{crc32(repr(lines).encode()):08x}")
    counts = {"people": state.people, "added": state.joined, "changed": state.changed, "left": state.left}
    facts = {name: str(count) for name, count in counts.items()}
    return notices.Line(key="directory_synced", platform=platform, facts=facts).shown(words_for(context, None))


def _unmatched_line(platform: str, accounts: tuple[str, ...]) -> notices.Line:
    shown = "、".join(accounts[:LISTED]) + ("…" if len(accounts) > LISTED else "")
    return notices.Line(
        key="directory_unmatched", platform=platform, facts={"count": str(len(accounts)), "accounts": shown}
    )


def _differences(context: Context, platform: str, conflicts: Iterable[Conflict]) -> list[notices.Line]:
    """What the company file and the address book say differently; told once a day as long as it is so."""
    found = [c for c in conflicts if c.clash in {Clash.DIFFERS, Clash.ABSENT, Clash.INACTIVE, Clash.UNKNOWN_LEADER}]
    lines: list[notices.Line] = []
    for clash in found[:LISTED]:
        facts = {
            "name": _name(context, clash.people[0] if clash.people else clash.account),
            "known": _name(context, clash.known),
            "seen": _name(context, clash.seen),
        }
        field = clash.field.split(" ", 1)[0]
        named = {"field": f"field_{field}"} if field in _FIELDS else {}
        lines.append(notices.Line(key=f"directory_{clash.clash.value}", platform=platform, facts=facts, named=named))
    return lines


_FIELDS = frozenset({"name", "department", "head"})


def _name(context: Context, text: str) -> str:
    """The name behind an id of a person or department; any other text as it is."""
    person = context.world.directory.person(PersonId(text))
    department = context.world.directory.department(DepartmentId(text))
    return person.name if person is not None else department.name if department is not None else text


def _refused(context: Context, platform: str, doubt: Doubt) -> str:
    before = state_of(context, platform)
    _keep_state(context, platform, replace_state(before, at=context.now, failure="refused", hint=""))
    facts = {"before": str(doubt.before), "after": str(doubt.after)}
    line = notices.Line(key="directory_refused", platform=platform, facts=facts)
    _tell_administrators(context, [line], cause=f"{platform}:refused")
    effects.record(context, "directory_refused", platform, facts=facts)
    return line.shown(words_for(context, None))


def _tell_administrators(context: Context, lines: list[notices.Line], *, cause: str) -> None:
    """Never twice for the same cause within a day (ux.md A9)."""
    if not lines:
        return
    name = f"directory:{cause}"
    known = context.uow.settings.get(f"told:{name}")
    if known is not None and context.now - datetime.fromisoformat(known.body) < timedelta(days=1):
        return
    body = context.now.isoformat()
    if known is None:
        context.uow.settings.add(Setting(name=f"told:{name}", body=body))
    else:
        context.uow.settings.put(replace(known, body=body))
    notices.leave_for(context, effects.administrators(context), lines, name=f"{name}:{body}")


# ---------------------------------------------------------------- the last state


def state_of(context: Context, platform: str) -> SyncState | None:
    """What became of the last reading; None before the first."""
    setting = context.uow.settings.get(f"directory:{platform}")
    return msgspec.json.decode(setting.body, type=SyncState) if setting is not None else None


def replace_state(before: SyncState | None, *, at: datetime, failure: str, hint: str) -> SyncState:
    """The counts of the last good copy with what went wrong now."""
    return msgspec.structs.replace(before or SyncState(at=at), at=at, failure=failure, hint=hint)


def _keep_state(context: Context, platform: str, state: SyncState) -> None:
    name, body = f"directory:{platform}", msgspec.json.encode(state).decode()
    known = context.uow.settings.get(name)
    if known is None:
        context.uow.settings.add(Setting(name=name, body=body))
    else:
        context.uow.settings.put(replace(known, body=body))


def checks(context: Context, words: Words) -> list[tuple[str, str]]:
    """One check a platform for `/体检`: the last reading, and what is wrong with it."""
    found: list[tuple[str, str]] = []
    for platform in context.capabilities:
        state, name = state_of(context, platform), words.platform(platform)
        if state is None:
            found.append((words.say("checks_directory", platform=name), words.say("checks_directory_never")))
            continue
        hint = ""
        if state.failure == "refused":
            hint = words.say("checks_directory_refused")
        elif state.failure:
            hint = words.say("directory_failed", platform=name, code=state.failure, hint=state.hint)
        elif state.unmatched:
            hint = _unmatched_line(platform, state.unmatched).shown(words)
        found.append(
            (words.say("checks_directory_at", platform=name, at=words.time(state.at), people=state.people), hint)
        )
    return found
