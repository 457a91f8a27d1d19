"""Tasks RW (domain.md 3.4, R-33, R-34): what people do to them stands in `task_deeds`, what items, plans and leavers do in
`task_making`, how they are kept in `task_keeping`, how they look in `task_cards`, and `/任务` in `task_lists`.
"""

from __future__ import annotations

from bot.domain.happened import DeadlinePassed
from bot.domain.ids import CodeKind
from bot.domain.obligation import ObligationKind
from bot.routing import Context
from handlers import matter_cards
from handlers.deeds import Kind
from handlers.tables import Tables
from handlers.tasks import task_cards, task_deeds, task_lists, task_making
from handlers.tasks.task_keeping import current


def register(tables: Tables) -> None:
    """Put what this family answers on the tables."""
    tables.deeds.kind(Kind(kind=CodeKind.TASK, get=current, state=task_cards.state_key))
    tables.router.card(CodeKind.TASK, task_cards.make)
    tables.router.when(DeadlinePassed, on_passed)
    task_deeds.register(tables)
    task_lists.register(tables)
    task_making.register(tables)


def on_passed(context: Context, event: DeadlinePassed) -> None:
    """A task that is overdue looks so; who is told is a matter of the reminders (2.3)."""
    if event.obligation.kind is ObligationKind.TASK:
        matter_cards.refresh(context, event.obligation.code)
