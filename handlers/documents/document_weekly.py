"""The weekly look at documents: not updated (T-26, R-51), rights still empty (R-48); one message to each lead liaison."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.domain.document import Document
from bot.domain.ids import PersonId
from bot.domain.item import Item, ItemState
from bot.domain.timers import Timer, TimerKind
from bot.routing import Context
from handlers import effects
from handlers.deadlines import recurring
from handlers.documents.document_keeping import item_title
from handlers.documents.document_lists import is_stale
from handlers.words import words_for

WEEKLY = "weekly"
#: the first working day of the week at this hour
AT = time(9, 30)
ACTIVE = frozenset({ItemState.PLANNING, ItemState.IN_PROGRESS, ItemState.ACCEPTANCE, ItemState.RECTIFYING})


def arm(context: Context) -> None:
    """See to it that the weekly look has its timer."""
    recurring.arm(context, TimerKind.DOCUMENTS, WEEKLY, _next(context))


def _next(context: Context) -> datetime:
    calendars = context.world.calendars
    local = calendars.local(context.now)
    monday = local.date() - timedelta(days=local.weekday())
    weeks = (monday + timedelta(days=7 * n) for n in range(4))
    times = (datetime.combine(calendars.workday_on_or_after(day), AT, calendars.zone) for day in weeks)
    return next(at for at in times if at > context.now)


def on_timer(context: Context, timer: Timer) -> None:
    """Tell each lead liaison what is to be looked after."""
    if timer.ref != WEEKLY:
        return
    arm(context)
    told: dict[PersonId, list[tuple[Item, Document]]] = {}
    for item in context.uow.items.find(state=tuple(s.value for s in ACTIVE)):
        keeper = context.world.posts.recipient(item.lead)
        found = [d for d in context.uow.documents.find(item=item.code) if d.is_active]
        wrong = [(item, d) for d in found if is_stale(context, d) or not d.rights]
        if keeper is not None and wrong and (item.secrecy < 2 or keeper in item.access):
            told.setdefault(keeper, []).extend(wrong)
    for keeper, wrong in told.items():
        _tell(context, keeper, wrong)


def _tell(context: Context, keeper: PersonId, wrong: list[tuple[Item, Document]]) -> None:
    person = context.world.directory.person(keeper)
    if person is None:
        return
    words = words_for(context, person)
    days = context.world.company.parameters.docs_stale_days
    lines = [words.say("document_weekly_head")]
    for item, document in wrong:
        if is_stale(context, document):
            lines.append(words.say("document_weekly_stale", code=document.code, item=item_title(item), days=days))
        if not document.rights:
            lines.append(words.say("document_weekly_rights", code=document.code, item=item_title(item)))
    day = context.world.calendars.local(context.now).date()
    effects.tell(context, person, effects.text("\n".join(lines)), key=f"documents:{day}:{keeper}", is_owed=True)
