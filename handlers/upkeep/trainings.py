"""Trainings in cross-department communication: planned, held, recorded (domain.md 3.18, R-110, T-25)."""

from __future__ import annotations

from bot.domain.action import Action
from bot.domain.appreciation import Training, held
from bot.domain.directory import Person, Role
from bot.domain.happened import LiaisonChanged
from bot.domain.permissions import Grant
from bot.domain.relation import Relation
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import effects
from handlers.access import require
from handlers.calls import Call
from handlers.conversation.addressees import people_of
from handlers.conversation.misread import misread
from handlers.tables import Tables
from handlers.upkeep import month_reminders
from handlers.words import words_for

LONGEST_TOPIC = 60
#: trainings on one screen
MOST = 4


def register(tables: Tables) -> None:
    """Put commands, deeds, timers and cards on the tables."""
    tables.commands.on("training_plan", on_plan)
    tables.commands.on("training_record", on_record)
    tables.commands.on("trainings", on_list)
    tables.router.when(LiaisonChanged, on_liaison_changed)


def _require_keeper(context: Context) -> Grant:
    """R-110 names HR and the secretary; the matrix has no line of its own, so rights that are theirs stand for it."""
    try:
        return require(context, Action.EDIT_PARAMETERS)
    except RuleViolation:
        return require(context, Action.EXPORT_LEDGER, Relation(is_scorecard=True))


# ---------------------------------------------------------------- planning and recording


def on_plan(call: Call) -> None:
    """`培训 安排 9-28 14:00 主题：…`: everybody who is liaison is invited."""
    context, command = call.context, call.command
    grant = _require_keeper(context)
    if command.impossible or not command.moments:
        raise misread(call.words, "date", (*command.impossible, command.words)[0], verb="training_plan")
    at = command.moments[0].at
    if at <= context.now:
        raise RuleViolation("training_past")
    training = context.uow.trainings.add(
        Training(key=_next_key(context), topic=_topic(call), planned_for=at, recorded_by=call.person.id)
    )
    effects.record(context, "training_planned", training.key, role=grant.column.value)
    for person in context.world.directory.holders(Role.LIAISON):
        _invite(context, person, training)
    call.say("training_planned", topic=training.topic, at=call.words.time(at))


def _topic(call: Call) -> str:
    topic = inert(" ".join((call.command.pairs.get("主题", "") or call.command.rest).split()), limit=LONGEST_TOPIC)
    return topic or call.words.say("training_topic")


def _next_key(context: Context) -> str:
    year = context.world.calendars.local(context.now).year
    number = sum(1 for t in context.uow.trainings.find() if t.key.startswith(f"{year}-")) + 1
    return f"{year}-{number:02d}"


def _invite(context: Context, person: Person, training: Training) -> None:
    words = words_for(context, person)
    at = words.time(training.planned_for) if training.planned_for is not None else "-"
    text = words.say("training_invited", topic=training.topic, at=at)
    effects.tell(context, person, effects.text(text), key=f"training:{training.key}:invited:{person.id}")


def on_record(call: Call) -> None:
    """`培训 登记 @人 …`: the one that was planned took place, or one that nobody had planned; who was there."""
    context = call.context
    grant = _require_keeper(context)
    attendees = [p.id for p in people_of(context, call.command.people)]
    at = call.command.moments[0].at if call.command.moments else context.now
    if call.command.impossible:
        raise misread(call.words, "date", call.command.impossible[0], verb="training_record")
    if at > context.now:
        at = context.world.calendars.start_of_day(context.world.calendars.local(at).date())
    if at > context.now:
        raise RuleViolation("training_future")
    due = [t for t in month_reminders.planned(context) if t.planned_for is not None and t.planned_for <= context.now]
    if due:
        training = context.uow.trainings.put(held(due[0], at=at, attendees=attendees, by=call.person.id))
    else:
        fresh = Training(key=_next_key(context), topic=_topic(call))
        training = context.uow.trainings.add(held(fresh, at=at, attendees=attendees, by=call.person.id))
    effects.record(
        context,
        "training_recorded",
        training.key,
        role=grant.column.value,
        facts={"attendees": str(len(training.attendees))},
    )
    call.say("training_recorded_said", topic=training.topic, day=call.words.time(at), count=len(training.attendees))


# ---------------------------------------------------------------- new liaisons


def on_liaison_changed(context: Context, event: LiaisonChanged) -> None:
    """A new liaison attends the next training (3.18)."""
    person = context.world.directory.person(event.change.new)
    if person is None:
        return
    coming = month_reminders.planned(context)
    words = words_for(context, person)
    if coming and coming[0].planned_for is not None:
        text = words.say("training_new_liaison", topic=coming[0].topic, at=words.time(coming[0].planned_for))
    else:
        text = words.say("training_new_liaison_later")
    effects.tell(context, person, effects.text(text), key=f"training:{event.change.code}:{person.id}")


# ---------------------------------------------------------------- looking


def on_list(call: Call) -> None:
    """The next one, the last ones, and whether one is due."""
    context, words = call.context, call.words
    lines = [
        words.say("training_line_planned", topic=t.topic, at=words.time(t.planned_for))
        for t in month_reminders.planned(context)
        if t.planned_for is not None
    ]
    done = sorted((t for t in context.uow.trainings.find() if t.held_at is not None), key=lambda t: t.key, reverse=True)
    lines.extend(
        words.say("training_line_held", topic=t.topic, at=words.time(t.held_at), count=len(t.attendees))
        for t in done[:MOST]
        if t.held_at is not None
    )
    if not lines:
        lines.append(words.say("training_none"))
    if month_reminders.is_training_due(context):
        lines.append(words.say("training_overdue", months=context.world.company.parameters.training_months))
    call.answer("\n".join(lines))
