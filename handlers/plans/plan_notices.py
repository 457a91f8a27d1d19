"""Who hears what about a plan at once (domain.md 2.3): the lead's liaison and head, the heads who sign, the leader, the group.

Reminders of what falls due are made from the open deadlines and have no place here.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.directory import Person
from bot.domain.ids import DepartmentId
from bot.domain.plan import Plan
from bot.domain.slots import open_slots
from bot.messages import inert
from bot.routing import Context
from handlers import effects, matter_cards
from handlers.items import item_groups
from handlers.matter_notices import may_be_told, numbered
from handlers.plans import plan_cards, plan_keeping
from handlers.post_holders import acting, acting_head, acting_liaison, is_at_work
from handlers.words import words_for


def ask_heads(context: Context, plan: Plan) -> None:
    """Every head whose signature is open gets the card; the secretary hears of departments where nobody can sign (2.1)."""
    for slot in open_slots(plan.slots):
        head = acting_head(context, slot.department)
        if head is None:
            _tell_headless(context, plan, slot.department)
        elif may_be_told(context, plan, head.id):
            step = plan_cards.purpose(plan_cards.COUNTERSIGN, plan)
            matter_cards.show_to(context, head, plan.code, step, at_once=is_at_work(context))


def ask_leader(context: Context, plan: Plan) -> None:
    """A change beyond A-03: the card goes to whoever decides now."""
    post = plan_keeping.approver_post(context, plan)
    posts = context.world.posts
    person = context.world.directory.person(post) if post is not None else None
    if post is not None and post == posts.leader_post():
        person = effects.leader(context)
    if person is not None:
        step = plan_cards.purpose(plan_cards.LEADER, plan)
        matter_cards.show_to(context, person, plan.code, step, at_once=is_at_work(context))


def tell_lead(context: Context, plan: Plan, sentence: str, *, besides: Iterable[str] = (), **more: object) -> None:
    """Liaison and head of the lead department, and whoever submitted it; each once."""
    people = [acting_liaison(context, plan.lead), acting_head(context, plan.lead)]
    if plan.submitted_by is not None:
        people.append(acting(context, plan.submitted_by, plan.lead))
    known = {*besides, context.person.id if context.person is not None else ""}
    for person in {p.id: p for p in people if p is not None and p.id not in known}.values():
        tell(context, person, plan, sentence, **more)


def tell_effective(context: Context, plan: Plan) -> None:
    """A plan or a change of it is in force: the leader is informed (A-03), the lead hears it, the group sees a change."""
    leader = effects.leader(context)
    if leader is not None:
        tell(context, leader, plan, "plan_told_effective")
    tell_lead(context, plan, "plan_told_effective", besides=(leader.id,) if leader is not None else ())
    if plan.number > 1:
        for chat in item_groups.chats(context, plan.item):
            matter_cards.show_in(context, chat, plan.code, plan_cards.purpose(plan_cards.CHANGE, plan))


def tell(context: Context, person: Person, plan: Plan, sentence: str, **more: object) -> None:
    """One notice; of a sensitive plan it begins with the number and has no title (EC-74)."""
    if not may_be_told(context, plan, person.id):
        return
    words = words_for(context, person)
    text = words.say(
        sentence,
        code=plan.code,
        number=plan.number,
        item=plan.item,
        title=inert(plan.title, limit=40) if not plan.secrecy else "",
        due=words.deadline(plan.due_at) if plan.due_at is not None else "",
        **more,
    )
    effects.tell(
        context,
        person,
        effects.text(numbered(plan, text)),
        key=f"{plan.key}:{sentence}:{plan.version}:{person.id}",
        is_owed=True,
        ref=plan.code,
    )


def _tell_headless(context: Context, plan: Plan, department: DepartmentId) -> None:
    secretary = effects.secretary(context)
    if secretary is not None:
        name = words_for(context, secretary).department(department)
        tell(context, secretary, plan, "plan_told_headless", department=name)
