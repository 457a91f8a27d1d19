"""What happens to requests by themselves: limits pass, posts change hands, items come of them, drafts are left alone (3.1, EC-09)."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import request_review as review
from bot.domain.codes import read_codes
from bot.domain.happened import DeadlinePassed, ItemCreated, PostsChanged
from bot.domain.ids import CodeKind
from bot.domain.request import FINISHED, IDLE, Request, RequestState, idle_at
from bot.domain.timers import Timer, TimerKind
from bot.routing import Context
from handlers import effects, matter_cards
from handlers.deadlines import deadlines
from handlers.requests import request_notices as notices
from handlers.requests.request_commits import Step, ask_heads, ask_leader, commit
from handlers.requests.request_deadlines import AGAIN, obligations

_DECIDED_BY_POSTS = (
    RequestState.IN_REVIEW,
    RequestState.REVIEWED,
    RequestState.ASSESSING,
    RequestState.PENDING_LEADER,
)


#: states from which something may still come
_OPEN = tuple(state.value for state in RequestState if state not in FINISHED)


def on_deadline_passed(context: Context, event: DeadlinePassed) -> None:
    """T-02, T-03, T-04: the request is overdue and stays where it is; nothing passes by itself. Reminders go by the row."""
    refs, _ = read_codes(event.obligation.code)
    request = context.uow.requests.get(event.obligation.code) if refs and refs[0].kind is CodeKind.REQUEST else None
    if request is None or request.is_overdue:
        return
    context.uow.requests.put(replace(request, is_overdue=True))
    effects.record(context, "request_overdue", request.code, before=request.state.value, after=request.state.value)
    matter_cards.refresh(context, request.code)


def on_item(context: Context, event: ItemCreated) -> None:
    """The item that came of a request is written on it."""
    code = event.request.code if event.request is not None else event.item.request
    request = context.uow.requests.get(code) if code else None
    if request is not None and request.item is None:
        context.uow.requests.put(replace(request, item=event.item.code))


# ---------------------------------------------------------------- posts


def on_posts(context: Context, _: PostsChanged) -> None:
    """Open slots and decisions go to whoever holds the post now, with their deadlines and cards (EC-09, EC-10)."""
    for known in context.uow.requests.find(state=_OPEN):
        request = review.merged(known, context.world.directory.successor, now=context.now)
        if request != known:
            request = commit(context, known, request, Step(action="request_departments_merged"))
        if request.state in _DECIDED_BY_POSTS:
            follow(context, request)


def follow(context: Context, request: Request) -> None:
    """The same for one request; nothing is written where nobody else holds a post."""
    before = tuple(context.uow.obligations.find(code=request.code))
    wanted = tuple(obligations(context, request))
    if {(o.key, o.holder) for o in before} != {(o.key, o.holder) for o in wanted}:
        request = commit(context, request, request, Step(action="request_followed"))
    else:
        deadlines.settle(context, request.code, wanted)
    if not context.capabilities:
        # an import while no platform is connected: the cards are brought as soon as the engine runs
        context.uow.timers.arm(Timer(kind=TimerKind.REQUEST_IDLE, ref=request.code, due_at=context.now))
        return
    ask_again(context, request)


def ask_again(context: Context, request: Request) -> None:
    """Cards to whoever has to decide now; those that stand already are brought up to date, not sent twice."""
    match request.state:
        case RequestState.IN_REVIEW:
            ask_heads(context, request)
        case RequestState.PENDING_LEADER:
            ask_leader(context, request)
        case _:
            pass
    matter_cards.refresh(context, request.code)


# ---------------------------------------------------------------- left alone


def on_idle(context: Context, timer: Timer) -> None:
    """30 days without an edit: a draft is brought to mind, a returned request every week (3.1). Nothing is deleted."""
    request = context.uow.requests.get(timer.ref)
    if request is None:
        return
    match request.state:
        case RequestState.DRAFT | RequestState.RETURNED if context.now >= idle_at(request):
            _remind(context, request)
        case RequestState.DRAFT | RequestState.RETURNED:
            context.uow.timers.arm(replace(timer, due_at=idle_at(request)))
        case RequestState.IN_REVIEW | RequestState.PENDING_LEADER:
            ask_again(context, request)
        case _:
            pass


def _remind(context: Context, request: Request) -> None:
    again = IDLE if request.state is RequestState.DRAFT else AGAIN
    context.uow.timers.arm(Timer(kind=TimerKind.REQUEST_IDLE, ref=request.code, due_at=context.now + again))
    event = f"idle:{context.world.calendars.local(context.now).date()}"
    key = "request_idle_draft" if request.state is RequestState.DRAFT else "request_idle_returned"
    notices.tell(context, notices.askers(context, request), request, key, event=event)
    if request.state is RequestState.RETURNED:
        notices.tell_secretary(context, request, "request_idle_secretary", event=f"{event}:secretary")
