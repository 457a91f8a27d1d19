"""On the first working day of a month: is a training (T-25, R-110) or a revision of the plan (T-24, R-106) due?"""

from __future__ import annotations

from datetime import date

from bot.domain.appreciation import Training, is_due
from bot.domain.directory import Person, Role
from bot.routing import Context
from handlers import effects
from handlers.words import words_for


def remind(context: Context, month: date) -> None:
    """Tell those who see to it; nothing where nothing is due."""
    if is_training_due(context) and not planned(context):
        last = last_held(context)
        for person in training_keepers(context):
            words = words_for(context, person)
            since = words.day(last) if last is not None else words.say("training_never")
            months = context.world.company.parameters.training_months
            text = words.say("training_due", since=since, months=months)
            effects.tell(context, person, effects.text(text), key=f"training:{month}:{person.id}", is_owed=True)
    if is_revision_due(context):
        plan = context.world.company.plan
        for person in plan_keepers(context):
            words = words_for(context, person)
            day = words.day(plan.effective_date) if plan.effective_date is not None else "-"
            months = context.world.company.parameters.plan_review_months
            text = words.say("plan_revision_due", title=plan.title, version=plan.version, date=day, months=months)
            effects.tell(context, person, effects.text(text), key=f"revision:{month}:{person.id}", is_owed=True)


# ---------------------------------------------------------------- what is due


def last_held(context: Context) -> date | None:
    """When the last training took place; the day on which the plan took effect counts for none."""
    days = [t.held_at for t in context.uow.trainings.find() if t.held_at is not None]
    return context.world.calendars.local(max(days)).date() if days else None


def planned(context: Context) -> list[Training]:
    """Trainings that are still to come, the next one first."""
    found = [t for t in context.uow.trainings.find() if t.held_at is None and t.planned_for is not None]
    return sorted(found, key=lambda t: (t.planned_for or context.now, t.key))


def is_training_due(context: Context) -> bool:
    """T-25: none in so many months; a plan that is younger than that is none behind yet."""
    today = context.world.calendars.local(context.now).date()
    last = last_held(context) or context.world.company.plan.effective_date
    return is_due(last, today=today, months=context.world.company.parameters.training_months)


def is_revision_due(context: Context) -> bool:
    """T-24: the plan in force is older than so many months."""
    today = context.world.calendars.local(context.now).date()
    effective = context.world.company.plan.effective_date
    months = context.world.company.parameters.plan_review_months
    return effective is not None and is_due(effective, today=today, months=months)


# ---------------------------------------------------------------- who sees to it


def training_keepers(context: Context) -> tuple[Person, ...]:
    """The secretary and the performance officers (R-110: secretary, HR)."""
    found = [effects.secretary(context), *context.world.directory.holders(Role.PERFORMANCE)]
    return tuple({p.id: p for p in found if p is not None}.values())


def plan_keepers(context: Context) -> tuple[Person, ...]:
    """The head of the department that keeps the plan, and the secretary (R-117)."""
    department = context.world.posts.secretary_department()
    head = context.world.posts.head_of(department) if department is not None else None
    boss = context.world.directory.person(head.acting) if head is not None else None
    found = [boss, effects.secretary(context)]
    return tuple({p.id: p for p in found if p is not None}.values())
