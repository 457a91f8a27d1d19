"""The card of a reply clock: one obligation, one card, edited in place (ux.md A4 27-34, A6.2)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.directory import Person
from bot.domain.ids import PersonId
from bot.domain.reply_clock import ClockState, FactKind, ReplyClock
from bot.domain.sla import is_paused
from bot.messages import At, Button, ButtonStyle, Card, CardColour, Field, FieldKind, Rich, Row, Text, inert
from bot.routing import Context
from handlers.effects import account_of
from handlers.words import Words

#: less than this left makes a card orange (ux.md A4 28)
SOON = timedelta(minutes=10)
TITLE_LENGTH = 26
_MARK = re.compile(r"^\s*[【\[]重点[】\]]\s*")
_GAP = re.compile(r"([，。、；：！？])\s+")
ACKNOWLEDGE, CALL_OFF, STILL_WAITING = "clock_ack", "clock_call_off", "clock_still_waiting"
ANSWER_FIELD = "answer"


class Audience(StrEnum):
    """Who looks at the card; it decides which buttons make sense there."""

    GROUP = "group"
    ASKED = "asked"
    #: the asker's own copy of a private inquiry
    ASKER = "asker"


def clock_card(context: Context, clock: ReplyClock, words: Words, *, audience: Audience, body: Rich = ()) -> Card:
    """The card in the clock's present state. Of a sensitive matter it shows number and state and nothing else (EC-08)."""
    is_open = not clock.secrecy
    state = state_word(context, clock, words)
    title = _title(clock, words)
    rows = _rows(clock, title, words) if is_open else ()
    buttons = _buttons(clock, words, audience)
    said = body if is_open else ()
    return Card(
        kind="clock",
        title=title,
        state=state,
        colour=colour_of(context, clock),
        rows=rows,
        body=said,
        fields=_fields(words, buttons),
        buttons=buttons,
        footer=words.say("clock_footer", code=clock.code),
        fallback=_fallback(title, state, rows, said, buttons, clock, words),
    )


def _title(clock: ReplyClock, words: Words) -> str:
    """Kind and short subject: what was asked, or who asked where there are no words (ux.md A4 27)."""
    if clock.secrecy:
        return clock.code
    subject = _subject(clock) or words.name(clock.asker)
    title = words.say("clock_title_key" if clock.is_key else "clock_title", subject=subject)
    return title if len(title) <= TITLE_LENGTH else inert(title, limit=TITLE_LENGTH)


def _subject(clock: ReplyClock) -> str:
    """What was asked, without the mark that the title has already and the gap where somebody was mentioned."""
    said = _MARK.sub("", " ".join(clock.excerpt.split()), count=1) if clock.is_key else " ".join(clock.excerpt.split())
    return inert(_GAP.sub(r"\1", said), limit=200).strip()


def colour_of(context: Context, clock: ReplyClock) -> CardColour:
    """Colour by state only."""
    match clock.state:
        case ClockState.RUNNING:
            is_soon = clock.nudged_at is not None or clock.due_at - context.now < SOON
            return CardColour.SOON if is_soon else CardColour.WAITING
        case ClockState.BREACHED:
            return CardColour.OVERDUE
        case ClockState.ANSWERED_IN_TIME | ClockState.ANSWERED_LATE:
            return CardColour.DONE
        case ClockState.CANCELLED | ClockState.WAIVED:
            return CardColour.CLOSED


def state_word(context: Context, clock: ReplyClock, words: Words) -> str:
    """The state as a word; outside working hours a running clock says that it pauses (3.14)."""
    if clock.state is not ClockState.RUNNING:
        return words.say(f"clock_state_{clock.state.value}")
    if colour_of(context, clock) is CardColour.SOON:
        return words.say("clock_state_soon")
    hours = context.world.calendars.of_department(clock.department)
    is_resting = is_paused(clock, now=context.now, hours=hours)
    return words.say("clock_state_paused" if is_resting else "clock_state_running")


def mention(context: Context, person: PersonId | None) -> tuple[At, ...]:
    """A real mention of a person, nothing where he or she cannot be reached."""
    found: Person | None = context.world.directory.person(person) if person is not None else None
    account = account_of(context, found) if found is not None else None
    return (At(account=account, name=found.name),) if found is not None and account is not None else ()


def _rows(clock: ReplyClock, title: str, words: Words) -> tuple[Row, ...]:
    rows: list[Row] = []
    subject = _subject(clock)
    if subject and not title.endswith(subject):
        rows.append(Row(key=words.say("clock_row_message"), value=subject))
    asked = words.say(
        "clock_asker_value",
        asker=words.name(clock.asker),
        department=words.department(clock.asking_department),
        time=words.time(clock.started_at),
    )
    rows.append(Row(key=words.say("clock_row_asker"), value=asked))
    rows.append(Row(key=words.say("clock_row_target"), value=_target(clock, words)))
    rows.append(Row(key=words.say("clock_row_due"), value=_due(clock, words)))
    if clock.answered_at is not None:
        rows.append(Row(key=words.say("clock_row_answer"), value=_answer(clock, clock.answered_at, words)))
    return tuple(rows)


def _target(clock: ReplyClock, words: Words) -> str:
    department = words.department(clock.department)
    if clock.acting is not None and clock.assignee is not None and clock.acting != clock.assignee:
        return words.say(
            "clock_target_standing_in",
            department=department,
            acting=words.name(clock.acting),
            assignee=words.name(clock.assignee),
        )
    return words.say("clock_target_value", department=department, assignee=words.name(clock.assignee))


def _due(clock: ReplyClock, words: Words) -> str:
    """The limit, absolute; what is left of it only where it can be read off the clock on the wall."""
    due = words.time(clock.due_at)
    note = words.provisional(clock.due_at)
    if clock.state is ClockState.RUNNING and clock.due_at > words.context.now:
        return words.say("clock_due_before", due=due) + note
    return words.say("clock_due_passed", due=due) if clock.due_at <= words.context.now and clock.is_open else due


def _answer(clock: ReplyClock, at: datetime, words: Words) -> str:
    facts = {"name": answerer(clock, words), "time": words.time(at)}
    if clock.state is ClockState.ANSWERED_LATE:
        shown = words.say("clock_answer_late", **facts, late=words.span(at - clock.due_at))
    elif clock.breached_at is not None:
        shown = words.say("clock_answer_late_delivery", **facts)
    else:
        shown = words.say("clock_answer_in_time", **facts)
    line = answer_line(clock)
    return words.say("clock_answer_words", answer=shown, text=line) if line else shown


def answerer(clock: ReplyClock, words: Words) -> str:
    """Who answered, as “B 代 A” where it was in somebody else's place (2.6)."""
    if clock.answered_for is None or clock.answered_for == clock.answered_by:
        return words.name(clock.answered_by)
    return words.say("name_for", acting=words.name(clock.answered_by), absent=words.name(clock.answered_for))


def answer_line(clock: ReplyClock) -> str:
    """What was written into the card's field or behind the command; empty for a bare 已收到."""
    given = (f for f in clock.facts if f.kind is FactKind.ACKNOWLEDGED and f.message is None and f.text)
    return next((inert(f.text, limit=100) for f in given if f.by == clock.answered_by), "")


def _buttons(clock: ReplyClock, words: Words, audience: Audience) -> tuple[Button, ...]:
    params = {"code": str(clock.code)}
    received = Button(
        id=ACKNOWLEDGE,
        text=words.say("clock_button_ack"),
        action=ACKNOWLEDGE,
        params=params,
        style=ButtonStyle.PRIMARY,
        submits_form=clock.is_key,
    )
    off = Button(id=CALL_OFF, text=words.say("clock_button_call_off"), action=CALL_OFF, params=params)
    waiting = Button(
        id=STILL_WAITING, text=words.say("clock_button_still_waiting"), action=STILL_WAITING, params=params
    )
    match audience:
        case Audience.ASKED:
            return (received,) if clock.is_open else ()
        case Audience.ASKER:
            return (off,) if clock.state is ClockState.RUNNING else ()
        case Audience.GROUP if clock.state is ClockState.RUNNING:
            return (received, off)
        case Audience.GROUP if clock.state is ClockState.BREACHED:
            return (received,)
        case Audience.GROUP:
            return (waiting,) if _was_natural(clock) else ()


def _was_natural(clock: ReplyClock) -> bool:
    """Stopped by a plain message that may have been about something else (L-04)."""
    if clock.state not in {ClockState.ANSWERED_IN_TIME, ClockState.ANSWERED_LATE} or clock.answer is None:
        return False
    kinds = {f.kind for f in clock.facts if f.message == clock.answer}
    return FactKind.PLAIN_ANSWER in kinds and not any(f.kind is FactKind.STILL_WAITING for f in clock.facts)


def _fields(words: Words, buttons: tuple[Button, ...]) -> tuple[Field, ...]:
    """A 重点 message wants a line of answer (5.5)."""
    if not any(button.submits_form for button in buttons):
        return ()
    return (
        Field(
            name=ANSWER_FIELD,
            label=words.say("clock_field_answer"),
            kind=FieldKind.TEXT,
            required=True,
            max_length=500,
        ),
    )


def _fallback(
    title: str,
    state: str,
    rows: tuple[Row, ...],
    body: Rich,
    buttons: tuple[Button, ...],
    clock: ReplyClock,
    words: Words,
) -> Rich:
    lines = [words.say("card_fallback", title=title, state=state)]
    lines.extend(words.say("card_row", name=row.key, value=row.value) for row in rows)
    if buttons:
        commands = words.listing(f"“{_as_text(button, clock, words)}”" for button in buttons)
        lines.append(words.say("card_by_text", commands=commands))
    spacer = (Text("\n"),) if body else ()
    return (*body, *spacer, Text("\n".join(lines)))


def _as_text(button: Button, clock: ReplyClock, words: Words) -> str:
    """The words that do what the button does; a 重点 message wants the answer behind them."""
    command = f"{button.text} {clock.code}"
    return f"{command} {words.say('clock_your_answer')}" if button.submits_form else command
