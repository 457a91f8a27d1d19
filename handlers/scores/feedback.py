"""`/反馈`: the secretary asks every department, its liaison answers, anybody may say something unasked (R-23, L-23)."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.arguments import shown
from bot.domain.action import Action
from bot.domain.directory import Person
from bot.domain.ids import AccountKey, DepartmentId, PersonId
from bot.domain.moments import read_moments
from bot.errors import RuleViolation
from bot.messages import Button, ButtonStyle, Card, CardColour, Field, FieldKind, Row, SendText, Text, ToPerson, inert
from bot.ports import Answer
from bot.routing import Context
from bot.updates import CardClicked
from handlers import effects, refusing
from handlers.access import allows, require
from handlers.calls import Call
from handlers.conversation.misread import misread
from handlers.deadlines.deadlines import limit_workdays
from handlers.scores import feedback_keeping as keeping
from handlers.scores.feedback_keeping import Round, Said
from handlers.tables import Tables
from handlers.words import Words, words_for

#: the action of the button on a liaison's card, and its parameters
FEEDBACK = "feedback"
ROUND, DEPARTMENT, TEXT = "round", "department", "feedback"
#: the check before the reminder at the end goes out
STILL_MISSING = "feedback_missing"
#: what a department has time for where the secretary names no end
WORKDAYS = 2
LONGEST, LONGEST_TOPIC = 1000, 60
#: what was said unasked is listed for so long, and so much of it
_RECENT, _MOST = timedelta(days=14), 5


def register(tables: Tables) -> None:
    """Put commands, button and check on the tables."""
    tables.commands.on("feedback_ask", on_ask)
    tables.commands.on("feedback", on_feedback)
    tables.router.action(FEEDBACK, on_press)
    tables.router.recheck(STILL_MISSING, is_missing)


# ---------------------------------------------------------------- asking


def on_ask(call: Call) -> None:
    """`反馈 征集 主题 [截止：…]`: a card for whoever answers for each department, and one reminder at the end."""
    context = call.context
    require(context, Action.COLLECT_FEEDBACK)
    topic = inert(" ".join(call.command.rest.split()), limit=LONGEST_TOPIC)
    if not topic:
        raise RuleViolation("feedback_topic", {"example": call.words.say("example_feedback_ask")})
    keeping.require_open_words(context, call.command.raw)
    asked = keeping.begin(context, topic, _until(call), _departments(context))
    reached = [d for d in asked.departments if _ask(context, asked, d)]
    effects.record(context, "feedback_asked", asked.key, facts={"departments": str(len(reached))})
    lines = [call.words.say("feedback_asked", topic=topic, count=len(reached), due=call.words.deadline(asked.until))]
    missed = [call.words.department(d) for d in asked.departments if d not in reached]
    if missed:
        lines.append(call.words.say("feedback_unreached", departments=call.words.listing(missed)))
    call.answer_privately("\n".join(lines))


def _until(call: Call) -> datetime:
    """The end that was named; two working days where none was. Raises RuleViolation for one that has passed."""
    context, command = call.context, call.command
    written = command.pairs.get("截止", "")
    found = read_moments(written, now=context.now, days=context.world.calendars)
    moments = found.moments if written else command.moments
    wrong = (*command.impossible, *found.impossible, *((written,) if written and not moments else ()))
    if wrong:
        raise misread(call.words, "date", wrong[0], verb="feedback_ask")
    until = moments[-1].at if moments else limit_workdays(context, WORKDAYS).due_at
    if until <= context.now:
        raise RuleViolation("feedback_past")
    return until


def _departments(context: Context) -> tuple[DepartmentId, ...]:
    """Those that take part."""
    return tuple(d.id for d in context.world.directory.departments if context.world.posts.has_clocks(d.id))


def _ask(context: Context, asked: Round, department: DepartmentId) -> bool:
    """Show the card, and let one reminder wait for the end; False where nobody can be reached."""
    person = _recipient(context, department)
    account = effects.account_of(context, person) if person is not None else None
    if person is None or account is None:
        return False
    _put(
        context, asked, department, account, not_before=effects.notice_time(context, person, context.now, is_owed=True)
    )
    words = words_for(context, person)
    text = words.say("feedback_reminder", topic=asked.topic, department=words.department(department))
    reminder = SendText(target=ToPerson(account), body=effects.text(text))
    effects.send(
        context,
        reminder,
        key=f"{asked.key}/{department}:reminder",
        ref=f"{asked.key}/{department}",
        recheck=STILL_MISSING,
        # told in the first working time behind the end (L-09)
        not_before=context.world.calendars.of_person(person).next_notice_time(asked.until),
    )
    return True


def _recipient(context: Context, department: DepartmentId) -> Person | None:
    return context.world.posts.person(context.world.posts.recipient(department))


def is_missing(context: Context, ref: str) -> bool:
    """Is it the round that runs, and has the department not answered?"""
    key, _, department = ref.rpartition("/")
    last = keeping.newest(context)
    return last is not None and last.key == key and DepartmentId(department) not in keeping.answers(context, last)


# ---------------------------------------------------------------- the card


def _put(
    context: Context, asked: Round, department: DepartmentId, account: AccountKey, *, not_before: datetime | None = None
) -> None:
    """Bring the department's card to its present state."""
    words = words_for(context, context.world.directory.by_account(account))
    said = keeping.answers(context, asked).get(department)
    effects.show(
        context,
        ToPerson(account),
        _card(words, asked, department, said),
        card_id=f"{asked.key}/{department}",
        revision=f"{said.at.isoformat()}:{len(said.text)}" if said is not None else "asked",
        ref="",
        not_before=not_before,
    )


def _card(words: Words, asked: Round, department: DepartmentId, said: Said | None) -> Card:
    title, state = words.say("feedback_card_title"), words.say("feedback_card_done" if said else "feedback_card_open")
    rows = [Row(key=words.say("feedback_row_topic"), value=asked.topic)]
    if said is None:
        rows.append(Row(key=words.say("feedback_row_due"), value=words.deadline(asked.until)))
    else:
        by = words.say("feedback_by", name=words.name(said.by), time=words.time(said.at))
        rows.append(Row(key=words.say("feedback_row_by"), value=by))
    how = words.say("feedback_card_how")
    told = inert(said.text, limit=LONGEST) if said is not None else how
    field = Field(name=TEXT, label=words.say("feedback_field"), kind=FieldKind.LONG_TEXT, max_length=LONGEST)
    button = Button(
        id=FEEDBACK,
        text=words.say("feedback_button"),
        action=FEEDBACK,
        params={ROUND: asked.key, DEPARTMENT: department},
        style=ButtonStyle.PRIMARY,
        submits_form=True,
    )
    facts = "\n".join(words.say("card_row", name=row.key, value=row.value) for row in rows)
    return Card(
        kind="feedback",
        title=title,
        state=state,
        colour=CardColour.DONE if said is not None else CardColour.WAITING,
        rows=tuple(rows),
        body=(Text(told),),
        fields=(field,) if said is None else (),
        buttons=(button,) if said is None else (),
        footer=words.department(department),
        fallback=(Text("\n".join((words.say("card_fallback", title=title, state=state), facts, told))),),
    )


def on_press(context: Context, click: CardClicked) -> Answer:
    """The liaison's answer by card; another one of the department may give it as well."""
    person, words = context.person, words_for(context, context.person)
    asked = keeping.get(context, click.params.get(ROUND, ""))
    department = DepartmentId(click.params.get(DEPARTMENT, ""))
    if person is None or asked is None or department not in _answers_for(context, person):
        return Answer(toast=words.say("not_found_or_no_right"), is_error=True)
    last = keeping.newest(context)
    if last is None or last.key != asked.key or not asked.is_open(context.now):
        return Answer(toast=words.say("feedback_over"), is_error=True)
    try:
        with context.uow.savepoint():
            return Answer(toast=_answer(context, person, words, asked, department, click.form.get(TEXT, "")))
    except RuleViolation as refusal:
        return Answer(toast=" ".join(refusing.sentence(words, refusal).split()), is_error=True)


# ---------------------------------------------------------------- answering


def on_feedback(call: Call) -> None:
    """`反馈 内容` answers the round that runs, or goes to the secretary; alone it shows what there is."""
    text = shown(call.command.raw, call.message.mentions).strip()
    if not text:
        _show_state(call)
        return
    context, words = call.context, call.words
    asked = keeping.newest(context)
    mine = _answers_for(context, call.person)
    if asked is not None and asked.is_open(context.now) and (fitting := [d for d in asked.departments if d in mine]):
        call.answer_privately(_answer(context, call.person, words, asked, fitting[0], text))
    else:
        call.answer_privately(_tell_secretary(call, text))


def _answers_for(context: Context, person: Person) -> tuple[DepartmentId, ...]:
    """Departments for which the person speaks: as liaison, backup or head, or for one of them who is away."""
    posts = context.world.posts
    found: list[DepartmentId] = []
    for department in context.world.directory.departments:
        head = posts.head_of(department.id)
        speakers = {*posts.liaisons(department.id), *posts.backups(department.id), posts.recipient(department.id)}
        if person.id in speakers or (head is not None and person.id in {head.acting, posts.head_post(department.id)}):
            found.append(department.id)
    return tuple(found)


def _cleaned(context: Context, text: str) -> str:
    """Raises RuleViolation `feedback_empty`, `feedback_too_long`, `feedback_secret`."""
    kept = inert(text.strip(), limit=LONGEST + 1)
    if not kept:
        raise RuleViolation("feedback_empty")
    if len(kept) > LONGEST:
        raise RuleViolation("feedback_too_long", {"limit": LONGEST})
    keeping.require_open_words(context, kept)
    return kept


def _answer(context: Context, person: Person, words: Words, asked: Round, department: DepartmentId, text: str) -> str:
    before = keeping.answers(context, asked)
    keeping.answer(context, asked, person, department, _cleaned(context, text))
    effects.record(context, "feedback_given", asked.key, facts={"department": department})
    for target in effects.standing(context, f"{asked.key}/{department}"):
        if isinstance(target, ToPerson):
            _put(context, asked, department, target.account)
    if department not in before and len(before) + 1 == len(asked.departments):
        _tell_that_all_answered(context, asked)
    secretary = words.name(context.world.posts.secretary())
    key = "feedback_changed" if department in before else "feedback_taken"
    return words.say(key, topic=asked.topic, name=secretary)


def _tell_that_all_answered(context: Context, asked: Round) -> None:
    secretary = effects.secretary(context)
    if secretary is None:
        return
    words = words_for(context, secretary)
    text = words.say("feedback_all", topic=asked.topic, count=len(asked.departments))
    effects.tell(context, secretary, effects.text(text), key=f"{asked.key}:all")


def _tell_secretary(call: Call, text: str) -> str:
    context, secretary = call.context, effects.secretary(call.context)
    said = keeping.note(context, call.person, _cleaned(context, text), key=str(call.message.message))
    effects.record(context, "feedback_unasked", "")
    if secretary is not None:
        words = words_for(context, secretary)
        told = words.say(
            "feedback_told", name=call.person.name, department=words.department(said.department), text=said.text
        )
        effects.tell(context, secretary, effects.text(told), key=f"feedback:{call.message.message}")
    return call.words.say("feedback_passed_on", name=call.words.name(secretary.id if secretary is not None else None))


# ---------------------------------------------------------------- looking


def _show_state(call: Call) -> None:
    """The secretary reads who has answered what; everybody else how feedback is given."""
    context, words = call.context, call.words
    asked = keeping.newest(context)
    if not allows(context, Action.COLLECT_FEEDBACK):
        lines = [words.say("feedback_how")]
        if asked is not None and asked.is_open(context.now):
            lines.insert(0, words.say("feedback_runs", topic=asked.topic, due=words.deadline(asked.until)))
        call.answer_privately("\n".join(lines))
        return
    lines = [*_answered(words, context, asked)] if asked is not None else [words.say("feedback_none")]
    recent = keeping.unasked(context, context.now - _RECENT)
    if recent:
        lines.append(words.say("feedback_unasked_head", count=len(recent)))
        lines.extend(_line(words, said) for said in recent[:_MOST])
    call.answer_privately("\n".join(lines))


def _answered(words: Words, context: Context, asked: Round) -> list[str]:
    given = keeping.answers(context, asked)
    due = words.deadline(asked.until)
    head = words.say("feedback_head", topic=asked.topic, done=len(given), all=len(asked.departments), due=due)
    missing = [words.department(d) for d in asked.departments if d not in given]
    rest = [words.say("feedback_waiting", departments=words.listing(missing))] if missing else []
    return [head, *(_line(words, said) for said in given.values()), *rest]


def _line(words: Words, said: Said) -> str:
    return words.say(
        "feedback_line_late" if said.is_late else "feedback_line",
        department=words.department(said.department),
        name=words.name(PersonId(said.by)),
        time=words.time(said.at),
        text=" ".join(said.text.split()),
    )
