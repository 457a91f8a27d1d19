"""What is kept no longer than it may be (domain.md 2.5, R-113, EC-77): excerpts and begun forms 180 days, ledger rows three years.

Runs at night, a few days of history at a time, and comes back soon while there is more to do, so that no transaction grows
with the age of the program.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from bot.domain.records import Setting
from bot.domain.reply_clock import OPEN, FactKind
from bot.domain.timers import Timer, TimerKind
from bot.routing import Context, Router
from handlers.deadlines import recurring
from handlers.ledgers import old_matters
from handlers.scores import feedback_keeping

#: forgets what lies in `(start, end]`
Forget = Callable[[Context, datetime, datetime], None]

DAILY = "retention"
#: local time of the nightly run
HOUR = time(3)
#: history is gone through in steps of this length, so many a run
STEP = timedelta(days=2)
STEPS = 5
#: the next run comes so soon while there is more to do
SOON = timedelta(minutes=1)
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
#: questions and undo records are worthless after this
SHORT_LIVED = timedelta(days=1)
#: stands where a line of answer was: that there was one still counts (5.5)
GONE = "…"
_DONE = "retention"


def register(router: Router) -> None:
    """Put the nightly timer on the table."""
    router.timer(TimerKind.RETENTION, on_timer)


def arm(context: Context) -> None:
    """See to it that the nightly run has its timer."""
    recurring.arm(context, TimerKind.RETENTION, DAILY, _next_night(context))


def _next_night(context: Context) -> datetime:
    calendars = context.world.calendars
    local = calendars.local(context.now)
    day = local.date() + timedelta(days=local.time() >= HOUR)
    return datetime.combine(day, HOUR, calendars.zone)


def on_timer(context: Context, _timer: Timer) -> None:
    """Forget what is old enough; come back soon if that was not all."""
    _forget_short_lived(context)
    has_more = _forget_history(context)
    due = context.now + SOON if has_more else _next_night(context)
    context.uow.timers.arm(Timer(kind=TimerKind.RETENTION, ref=DAILY, due_at=due))


def _forget_short_lived(context: Context) -> None:
    before = context.now - SHORT_LIVED
    for question in context.uow.questions.between("expires_at", BEGINNING, before):
        context.uow.questions.remove(question.key)
    for undoable in context.uow.undoables.between("done_at", BEGINNING, before):
        context.uow.undoables.remove(undoable.key)
    for keepsake in context.uow.keepsakes.between("until", BEGINNING, before):
        context.uow.keepsakes.remove(keepsake.key)


# ---------------------------------------------------------------- history


def _forget_history(context: Context) -> bool:
    """Excerpts, then whole rows; True when there is more to do."""
    parameters = context.world.company.parameters
    excerpts = context.now - timedelta(days=parameters.privacy_excerpt_days)
    ledgers = context.now - timedelta(days=parameters.privacy_ledger_years * 366)
    more_excerpts = _walk(context, "excerpts", excerpts, _forget_excerpts)
    more_rows = _walk(context, "ledgers", ledgers, _forget_rows)
    more_matters = old_matters.forget(context, ledgers)
    return more_excerpts or more_rows or more_matters


def _walk(context: Context, name: str, until: datetime, forget: Forget) -> bool:
    """Go on from where the last run ended; True when `until` was not reached. The first run of a store does all at once."""
    start = _reached(context, name)
    if start is None:
        forget(context, BEGINNING, until)
        start = until
    for _ in range(STEPS):
        if start >= until:
            break
        end = min(start + STEP, until)
        forget(context, start, end)
        start = end
    _keep(context, name, start)
    return start < until


def _reached(context: Context, name: str) -> datetime | None:
    setting = context.uow.settings.get(f"{_DONE}:{name}")
    return datetime.fromisoformat(setting.body) if setting is not None else None


def _keep(context: Context, name: str, reached: datetime) -> None:
    key, body = f"{_DONE}:{name}", reached.isoformat()
    known = context.uow.settings.get(key)
    if known is None:
        context.uow.settings.add(Setting(name=key, body=body))
    elif known.body != body:
        context.uow.settings.put(replace(known, body=body))


def _forget_excerpts(context: Context, start: datetime, end: datetime) -> None:
    """Messages, feedback and begun forms go altogether; of clocks only the words, and the words of answers among their facts."""
    for fact in context.uow.facts.between("at", start, end, kind=feedback_keeping.KINDS):
        context.uow.facts.remove(fact.key)
    for draft in context.uow.form_drafts.between("at", start, end):
        context.uow.form_drafts.remove(draft.key)
    for seen in context.uow.seen_messages.between("sent_at", start, end):
        context.uow.seen_messages.remove(str(seen.message))
    for clock in context.uow.clocks.between("started_at", start, end):
        facts = tuple(replace(f, text=GONE) if f.text and f.kind is FactKind.ACKNOWLEDGED else f for f in clock.facts)
        if clock.excerpt or facts != clock.facts:
            context.uow.clocks.put(replace(clock, excerpt="", facts=facts))


def _forget_rows(context: Context, start: datetime, end: datetime) -> None:
    """Finished clocks, facts and digests. The audit trail stays: it has no words in it (P10)."""
    for clock in context.uow.clocks.between("started_at", start, end):
        if clock.state not in OPEN or clock.closed_for_counting:
            old_matters.forget_traces(context.uow, clock.code)
            context.uow.clocks.remove(clock.code)
    for fact in context.uow.facts.between("at", start, end):
        context.uow.facts.remove(fact.key)
    for digest in context.uow.digests.between("issued_at", start, end):
        context.uow.digests.remove(digest.date)
