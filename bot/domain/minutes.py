"""Minutes JY and liaison sync records GT (domain.md 3.10, R-62, R-63, R-55, R-56; SoD-10): drafts, versions, objections.

A published version never changes: a correction is a further one with a visible note.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.domain import minutes_form
from bot.domain.form import Content
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.machine import Line, Machine
from bot.domain.meeting import MeetingKind
from bot.errors import RuleViolation


class MinutesState(StrEnum):
    """States of 3.10."""

    DRAFTING = "drafting"
    PUBLISHED = "published"


class MinutesAct(StrEnum):
    """What people do with a record."""

    SAVE = "save"
    PUBLISH = "publish"
    CORRECT = "correct"
    OBJECT = "object"
    ANSWER = "answer"


MACHINE: Machine[MinutesState, MinutesAct] = Machine(
    "minutes",
    (
        Line((MinutesState.DRAFTING,), MinutesAct.SAVE, (MinutesState.DRAFTING,)),
        Line((MinutesState.DRAFTING,), MinutesAct.PUBLISH, (MinutesState.PUBLISHED,)),
        Line((MinutesState.PUBLISHED,), MinutesAct.CORRECT, (MinutesState.PUBLISHED,)),
        Line((MinutesState.PUBLISHED,), MinutesAct.OBJECT, (MinutesState.PUBLISHED,)),
        Line((MinutesState.PUBLISHED,), MinutesAct.ANSWER, (MinutesState.PUBLISHED,)),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One published version; it never changes (SoD-10)."""

    number: int
    content: Content
    published_by: PersonId
    published_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """What a participant objects to, and the secretary's answer."""

    by: PersonId
    at: datetime
    reason: str
    answer: str = ""
    answered_at: datetime | None = None
    is_corrected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """Minutes of one meeting, or the record of a liaison sync; `content` is the draft of form F4 or F11."""

    code: Code
    meeting: Code
    kind: MeetingKind
    state: MinutesState
    title: str = ""
    department: DepartmentId | None = None
    content: Content = field(default_factory=dict)
    editions: tuple[Edition, ...] = ()
    objections: tuple[Objection, ...] = ()
    created_at: datetime | None = None
    due_at: datetime | None = None
    published_at: datetime | None = None
    #: published after its limit; permanent (EC-58)
    is_late: bool = False
    secrecy: int = 0
    access: tuple[PersonId, ...] = ()
    version: int = 0

    @property
    def edition(self) -> Edition | None:
        """The version in force; None while it is a draft."""
        return self.editions[-1] if self.editions else None

    @property
    def open_objections(self) -> tuple[Objection, ...]:
        """Those that nobody answered yet."""
        return tuple(one for one in self.objections if one.answered_at is None)


def save(minutes: Minutes, content: Content) -> Minutes:
    """Go on with the draft. Raises RuleViolation `minutes_published` for a published record (SoD-10)."""
    if minutes.state is MinutesState.PUBLISHED:
        raise RuleViolation("minutes_published", {"code": minutes.code})
    MACHINE.require(minutes.state, MinutesAct.SAVE)
    return replace(minutes, content=content)


def publish(minutes: Minutes, *, by: PersonId, due_at: datetime | None, now: datetime) -> Minutes:
    """Version 1; late after its limit, for good (R-62, EC-58). `due_at` is the limit as it stands now.

    Raises RuleViolation `minutes_rows_incomplete` while a problem lacks solution, person or date (R-63, EC-59).
    """
    state = MACHINE.after(minutes.state, MinutesAct.PUBLISH, MinutesState.PUBLISHED)
    _require_rows(minutes.kind, minutes.content)
    limit = due_at or minutes.due_at
    edition = Edition(number=1, content=minutes.content, published_by=by, published_at=now)
    return replace(
        minutes,
        state=state,
        editions=(edition,),
        published_at=now,
        due_at=limit,
        is_late=limit is not None and now > limit,
    )


def correct(minutes: Minutes, content: Content, *, note: str, by: PersonId, now: datetime) -> Minutes:
    """The next version beside the old ones; open objections are answered by it. `is_late` stays what it was (SoD-10, EC-58)."""
    state = MACHINE.after(minutes.state, MinutesAct.CORRECT, MinutesState.PUBLISHED)
    _require_rows(minutes.kind, content)
    edition = Edition(number=len(minutes.editions) + 1, content=content, published_by=by, published_at=now, note=note)
    objections = tuple(
        one if one.answered_at is not None else replace(one, answer=note, answered_at=now, is_corrected=True)
        for one in minutes.objections
    )
    return replace(minutes, state=state, content=content, editions=(*minutes.editions, edition), objections=objections)


def _require_rows(kind: MeetingKind, content: Content) -> None:
    """R-63 is about F4; the rows of a sync record have other columns and no such duty."""
    if kind is MeetingKind.SYNC:
        return
    problems, actions = minutes_form.incomplete(content)
    if problems or actions:
        rows = "、".join(str(row.number) for row in (*problems, *actions))
        raise RuleViolation("minutes_rows_incomplete", {"rows": rows})


def raise_objection(minutes: Minutes, *, by: PersonId, reason: str, until: datetime, now: datetime) -> Minutes:
    """A participant objects within two working days (L-23). Raises RuleViolation `objection_too_late`, `objection_open`."""
    state = MACHINE.after(minutes.state, MinutesAct.OBJECT, MinutesState.PUBLISHED)
    if now > until:
        raise RuleViolation("objection_too_late")
    if any(one.by == by for one in minutes.open_objections):
        raise RuleViolation("objection_open")
    return replace(minutes, state=state, objections=(*minutes.objections, Objection(by=by, at=now, reason=reason)))


def answer_objections(minutes: Minutes, *, answer: str, now: datetime) -> Minutes:
    """The secretary keeps the text and says why. Raises RuleViolation `objection_none` where nothing is open."""
    state = MACHINE.after(minutes.state, MinutesAct.ANSWER, MinutesState.PUBLISHED)
    if not minutes.open_objections:
        raise RuleViolation("objection_none")
    objections = tuple(
        one if one.answered_at is not None else replace(one, answer=answer, answered_at=now)
        for one in minutes.objections
    )
    return replace(minutes, state=state, objections=objections)
