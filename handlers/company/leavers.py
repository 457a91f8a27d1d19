"""People who left: what they held goes to whoever answers for it now, and is told (domain.md EC-09, EC-50, EC-53). Due dates stay."""

from __future__ import annotations

from bot.domain.directory import Directory, Person
from bot.routing import Context
from handlers import effects, notices
from handlers.deadlines import deadlines
from handlers.people import leaves

#: how many codes are listed in one notice
LISTED = 8


def see_to(context: Context, before: Directory) -> None:
    """Everybody who was active before and is not now. The world of the context is that after the change."""
    for person in before.people:
        now = context.world.directory.person(person.id)
        if person.is_active and (now is None or not now.is_active):
            _left(context, person)


def _left(context: Context, person: Person) -> None:
    held = context.uow.obligations.find(holder=person.id)
    leaves.delegate_gone(context, person.id)
    if not held:
        return
    # families that follow their posts by themselves have handed theirs over by now
    for obligation in context.uow.obligations.find(holder=person.id):
        deadlines.hand_over(context, obligation, deadlines.heir(context, obligation))
    codes = list(dict.fromkeys(o.code for o in held if not o.secrecy))
    hidden = len({o.code for o in held}) - len(codes)
    items = "、".join(codes[:LISTED]) + ("…" if len(codes) > LISTED else "")
    lines = [notices.Line(key="leaver_holds", facts={"name": person.name, "items": items or "-"})]
    if hidden:
        lines.append(notices.Line(key="leaver_holds_hidden", facts={"count": str(hidden)}))
    effects.record(context, "leaver_holdings_moved", person.id, facts={"count": str(len(held))})
    home = context.world.directory.successor(person.department)
    new_holder = context.world.directory.person(context.world.posts.recipient(home) or person.id)
    told = [p for p in (new_holder, effects.secretary(context)) if p is not None and p.id != person.id]
    notices.leave_for(context, told, lines, name=f"leaver:{person.id}:{context.now.isoformat()}")
