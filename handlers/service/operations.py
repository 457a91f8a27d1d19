"""How the bot itself is doing: `/状态`, `/体检`, `/确认放行`, `/重放` (domain.md R-111, R-112; EC-76).

Technical facts only: numbers, names of kinds, error words. No text that somebody wrote is ever shown here.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.action import Action
from bot.domain.directory import Role
from bot.domain.reply_clock import ClockState
from bot.domain.roles import RoleFinding, check_roles
from bot.errors import RuleViolation
from bot.messages import inert
from bot.ports import ConnectionState, SendReport, SendState, Severity
from handlers import effects
from handlers.access import actor, require
from handlers.calls import Call, Commands
from handlers.company import directory_sync
from handlers.service import outages
from handlers.words import Words

#: how many of each are listed
LISTED = 3
#: outages of so long are named
LATELY = timedelta(days=7)


def answer_commands(commands: Commands) -> None:
    """Put the commands on the table."""
    commands.on("status", on_status)
    commands.on("doctor", on_doctor)
    commands.on("release", on_release)
    commands.on("revive", on_revive)


# ---------------------------------------------------------------- what it is doing


def on_status(call: Call) -> None:
    """The state in a few lines for everybody; what went wrong in detail for administrators."""
    context, words = call.context, call.words
    trouble = _trouble(call)
    head = "status_degraded" if trouble or _is_cut_off(call) else "status_head"
    lines = [words.say(head, name=context.around.name)]
    if context.around.started_at is not None:
        lines.append(words.say("status_since", since=words.time(context.around.started_at)))
    for platform, connection in context.around.connections.items():
        lines.append(connection_line(words, platform, connection, call.context.now))
    lines.extend(_outages(call))
    lines.append(
        words.say(
            "status_clocks",
            running=len(context.uow.clocks.find(state=ClockState.RUNNING.value)),
            breached=len(context.uow.clocks.find(state=ClockState.BREACHED.value, closed_for_counting=False)),
        )
    )
    lines.extend(_queues(call))
    lines.append(
        words.say("status_plan", version=context.world.company.plan.version, calendar=context.world.calendars.version)
    )
    lines.extend(trouble)
    if trouble and _is_administrator(call):
        call.answer_privately("\n".join(lines))
    else:
        call.answer("\n".join(lines))


def _outages(call: Call) -> list[str]:
    """How often nothing could be heard lately, and when that was last (R-111)."""
    now, words = call.context.now, call.words
    found = outages.between(call.context, now - LATELY, now)
    if not found:
        return []
    last = found[-1]
    who = words.platform(last.platform) if last.platform else call.context.around.name
    return [
        words.say(
            "status_outages",
            count=len(found),
            days=LATELY.days,
            who=who,
            start=words.time(last.start),
            end=words.time(last.end),
        )
    ]


def _queues(call: Call) -> list[str]:
    uow, words = call.context.uow, call.words
    inbox, oldest_in = uow.inbox.pending()
    outbox, oldest_out = uow.outbox.pending()
    # the message that asks is itself being handled
    lines = [words.say("status_queue", inbox=max(0, inbox - 1), outbox=outbox)]
    oldest = min((at for at in (oldest_in, oldest_out) if at is not None), default=None)
    if oldest is not None and call.context.now > oldest:
        lines[0] += words.say("status_oldest", age=words.span(call.context.now - oldest))
    due = uow.timers.next_due()
    if due is not None:
        lines.append(words.say("status_next", when=words.time(due)))
    return lines


def _trouble(call: Call) -> list[str]:
    """Unknown outcomes, failed calls, dead letters, what is held back; with their numbers for administrators."""
    uow, words = call.context.uow, call.words
    is_administrator = _is_administrator(call)
    lines: list[str] = []
    for state, key in ((SendState.UNKNOWN, "status_unknown"), (SendState.FAILED, "status_failed")):
        reports = uow.outbox.reports(state)
        if reports:
            lines.append(words.say(key, count=len(reports)))
            lines.extend(_report_line(words, report) for report in reports[: LISTED if is_administrator else 0])
    dead = uow.inbox.dead()
    if dead:
        lines.append(words.say("status_dead", count=len(dead)))
        if is_administrator:
            lines.extend(
                words.say(
                    "status_dead_line", number=d.id, error=inert(d.error, limit=60), time=words.time(d.received_at)
                )
                for d in dead[:LISTED]
            )
    held = uow.outbox.held()
    if held:
        lines.append(words.say("status_held", count=held))
    return lines


def _report_line(words: Words, report: SendReport) -> str:
    """One call that did not go well: what kind, why, when. Never what it said."""
    error = inert(report.error, limit=60) or "-"
    return words.say("status_failed_line", kind=report.kind, error=error, time=words.time(report.created_at))


def connection_line(words: Words, platform: str, connection: ConnectionState, now: datetime) -> str:
    """Connected since when, heard when last; or not connected, and since when nothing came in."""
    name = words.platform(platform)
    last = connection.last_frame_at
    heard = words.say("status_last_frame", ago=words.span(now - last)) if last is not None and now > last else ""
    key = "status_connected" if connection.is_connected else "status_disconnected"
    since = words.clock_time(connection.since) if connection.since is not None else "-"
    line = words.say(key, platform=name, since=since) + heard
    if connection.gaps:
        start, end = connection.gaps[-1]
        line += words.say(
            "status_gaps",
            count=len(connection.gaps),
            start=words.clock_time(start),
            end=words.clock_time(end),
        )
    return line


def _is_cut_off(call: Call) -> bool:
    return any(not c.is_connected for c in call.context.around.connections.values())


def _is_administrator(call: Call) -> bool:
    found = actor(call.context)
    return found is not None and found.has(Role.ADMINISTRATOR)


# ---------------------------------------------------------------- what is wrong


def on_doctor(call: Call) -> None:
    """Every check with its result, and what to do about what is wrong (P-66)."""
    require(call.context, Action.EDIT_DIRECTORY)
    good, bad = checks(call)
    lines = [call.words.say("checks_head", bad=len(bad), good=len(good)), *bad, *good]
    call.answer_privately("\n".join(lines))


def checks(call: Call) -> tuple[list[str], list[str]]:
    """Lines of what is in order, and of what is not."""
    good: list[str] = []
    bad: list[str] = []
    for name, hint in (*_probes(call), *_people(call), *_calendar(call), *_audit(call), *_engine(call)):
        if hint:
            bad.append(call.words.say("checks_bad", name=name, hint=hint))
        else:
            good.append(call.words.say("checks_ok", name=name))
    return good, bad


#: a check: its name, and what to do when it is not in order
Check = tuple[str, str]


def _probes(call: Call) -> list[Check]:
    return [
        (inert(f.message, limit=120), "" if f.severity is Severity.OK else inert(f.hint, limit=200) or "-")
        for f in call.context.around.findings
    ]


def _people(call: Call) -> list[Check]:
    context, words = call.context, call.words
    directory, posts = context.world.directory, context.world.posts
    active = [p for p in directory.people if p.is_active]
    departments = [d for d in directory.departments if d.is_active]
    found = [(words.say("checks_people", people=len(active), departments=len(departments)), "")]
    gaps = [gap_text(words, gap) for gap in check_roles(directory, posts, keeper=context.world.company.keeper)]
    found.append((words.say("checks_posts"), words.say("checks_separator").join(gaps)))
    strangers = [p.name for p in active if effects.account_of(context, p) is None]
    names = words.listing(strangers[:10]) + ("…" if len(strangers) > 10 else "")
    found.append((words.say("checks_unreachable", count=len(strangers)), names))
    found.extend(directory_sync.checks(context, words))
    return found


def gap_text(words: Words, finding: RoleFinding) -> str:
    """A gap in the register of posts (R-11, EC-56)."""
    department = words.department(finding.department) if finding.department is not None else ""
    people = words.listing(words.name(p) for p in finding.people)
    return words.say(f"gap_{finding.gap.value}", department=department, people=people)


def _calendar(call: Call) -> list[Check]:
    calendars = call.context.world.calendars
    years = "、".join(str(year) for year in calendars.data.imported_years) or "-"
    missing = calendars.missing_year(calendars.local(call.context.now).date())
    hint = call.words.say("calendar_missing", year=missing) if missing is not None else ""
    return [(call.words.say("checks_calendar", years=years), hint)]


def _audit(call: Call) -> list[Check]:
    broken = call.context.uow.audit.verify()
    name = call.words.say("checks_audit")
    return [(name, call.words.say("checks_audit_broken", number=broken) if broken is not None else "")]


def _engine(call: Call) -> list[Check]:
    uow, words = call.context.uow, call.words
    dead, unknown = len(uow.inbox.dead()), len(uow.outbox.reports(SendState.UNKNOWN))
    return [
        (words.say("checks_dead"), words.say("status_dead", count=dead) if dead else ""),
        (words.say("checks_sends"), words.say("status_unknown", count=unknown) if unknown else ""),
    ]


# ---------------------------------------------------------------- putting right


def on_release(call: Call) -> None:
    """Let go what a restore held back, after a person looked (F24)."""
    require(call.context, Action.EDIT_DIRECTORY)
    count = call.context.uow.outbox.release()
    effects.record(call.context, "held_released", "outbox", facts={"count": str(count)})
    call.say("released" if count else "released_none", count=count)


def on_revive(call: Call) -> None:
    """Try a dead letter again."""
    require(call.context, Action.EDIT_DIRECTORY)
    number = call.command.codes[0].number
    if not call.context.uow.inbox.revive(number, now=call.context.now):
        raise RuleViolation("revive_none", {"number": number})
    effects.record(call.context, "dead_letter_revived", f"inbox:{number}")
    call.say("revived", number=number)
