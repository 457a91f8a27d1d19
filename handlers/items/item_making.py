"""Items made of approved requests, and begun by their plans (domain.md 3.1 to 3.3; R-07, R-31, R-79; L-25)."""

from __future__ import annotations

from bot.domain.form import text_of
from bot.domain.happened import ItemCreated, PlanEffective, RequestApproved, WorkAssigned
from bot.domain.ids import CodeKind, DepartmentId
from bot.domain.item import ITEM, Item, ItemAct, Level
from bot.domain.item_course import replanned, started
from bot.domain.item_making import made, routine_tasks
from bot.domain.request import Request
from bot.routing import Context
from handlers import matter_cards
from handlers.items import item_groups, item_keeping
from handlers.items.item_cards import CONTACT, KICK_OFF
from handlers.matter_notices import may_be_told
from handlers.numbering import new_code
from handlers.plans import plan_writing
from handlers.post_holders import acting_head, acting_liaison, liaison_post
from handlers.requests.request_notices import doer
from handlers.tables import Tables
from handlers.words import words_for

#: the goal that an item serves when its project is on the company's list (R-03, R-88)
KEY_PROJECT = "重点项目"


def register(tables: Tables) -> None:
    """Put what makes and begins items on the table."""
    tables.router.when(RequestApproved, on_approved)
    tables.router.when(PlanEffective, on_plan)


def on_approved(context: Context, event: RequestApproved) -> None:
    """A special item is planned first, a routine one is in progress at once (A-02)."""
    request = event.request
    item = made(
        request,
        code=new_code(context, CodeKind.ITEM),
        plan=None,
        is_key_project=text_of(request.content, "serves") == KEY_PROJECT,
        now=context.now,
    )
    stored = item_keeping.add(context, item)
    if stored.level is Level.SPECIAL:
        _plan(context, stored, request)
    else:
        _begin_routine(context, stored, request)


def _plan(context: Context, item: Item, request: Request) -> None:
    """The lead hears that plan and group are next; the cooperating liaisons hear of the item."""
    plan = plan_writing.open_first(context, item)
    context.announce(ItemCreated(item, request))
    lead = [p for p in (acting_liaison(context, item.lead), acting_head(context, item.lead)) if p is not None]
    sentence = "item_told_lead_confidential" if item.secrecy > 1 else "item_told_lead"
    for person in {p.id: p for p in lead}.values():
        item_keeping.tell(
            context,
            (person,),
            item,
            sentence,
            is_owed=True,
            facts={
                "request": request.code,
                "name": doer(words_for(context, person), request.decided_by, request.decided_for),
                "plan": plan.code,
                "due": words_for(context, person).deadline(plan.due_at or context.now),
            },
        )
    item_keeping.tell(
        context,
        item_keeping.liaisons(context, item, item.coop),
        item,
        "item_told_coop",
        facts={"request": request.code},
    )


def _begin_routine(context: Context, item: Item, request: Request) -> None:
    """The duties of the cooperating departments are its tasks; the lead's own is the item's accountability (L-25)."""
    context.announce(ItemCreated(item, request))
    tasks = routine_tasks(
        request,
        end_of_day=context.world.calendars.end_of_day,
        liaison=lambda department: liaison_post(context, department),
    )
    if tasks:
        context.announce(
            WorkAssigned(
                source=request.code,
                tasks=tasks,
                item=item.code,
                lead=item.lead,
                secrecy=item.secrecy,
                access=item.access,
            )
        )
    # whoever gets the card of a task reads on it what has begun
    tasked = {task.department for task in tasks}
    silent = [d for d in item.involved if d == item.lead or d not in tasked]
    people = [*item_keeping.liaisons(context, item, silent), *item_keeping.heads(context, item, (item.lead,))]
    item_keeping.tell(context, people, item, "item_told_started", facts={"request": request.code})


# ---------------------------------------------------------------- the plan took effect


def on_plan(context: Context, event: PlanEffective) -> None:
    """The first version begins the work, with a card that asks for contact; a later one changes dates and departments."""
    plan = event.plan
    item = context.uow.items.get(plan.item)
    if item is None:
        return
    if ITEM.allows(item.state, ItemAct.START):
        after = started(item, plan, now=context.now)
        asks = tuple(d for d in after.coop if d not in after.informed)
        stored = item_keeping.save(context, item, after, ItemAct.START, reason=plan.name, asks_contact=asks)
        _kick_off(context, stored, asks)
    elif ITEM.allows(item.state, ItemAct.REPLAN):
        after = replanned(item, plan)
        asks = tuple(d for d in after.coop if d not in item.coop and d not in after.informed)
        stored = item_keeping.save(context, item, after, ItemAct.REPLAN, reason=plan.name, asks_contact=asks)
        _ask_contact(context, stored, asks)


def _kick_off(context: Context, item: Item, asks: tuple[DepartmentId, ...]) -> None:
    """启动卡: in the group, and for each cooperating liaison (R-31)."""
    for chat in item_groups.chats(context, item.code):
        matter_cards.show_in(context, chat, item.code, KICK_OFF)
    _ask_contact(context, item, asks)


def _ask_contact(context: Context, item: Item, asks: tuple[DepartmentId, ...]) -> None:
    for department in item.coop:
        person = acting_liaison(context, department) if department in asks else None
        if person is not None and may_be_told(context, item, person.id):
            matter_cards.show_to(context, person, item.code, f"{CONTACT}:{department}")
