"""The milestone resolution JD (domain.md 3.11, R-69, R-70): drafted by the lead, signed by the leader over its exact text."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.form import Content
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.machine import Line, Machine
from bot.domain.resolution_form import hash_of, solution_rows, step_rows
from bot.errors import RuleViolation


class ResolutionState(StrEnum):
    """States of 3.11."""

    DRAFTING = "drafting"
    PENDING_SIGNATURE = "pending_signature"
    SIGNED = "signed"


class ResolutionAct(StrEnum):
    """What people do with a resolution."""

    SAVE = "save"
    SUBMIT = "submit"
    SIGN = "sign"
    RETURN = "return"


_DRAFTING, _PENDING = ResolutionState.DRAFTING, ResolutionState.PENDING_SIGNATURE
MACHINE: Machine[ResolutionState, ResolutionAct] = Machine(
    "resolution",
    (
        Line((_DRAFTING,), ResolutionAct.SAVE, (_DRAFTING,)),
        Line((_DRAFTING,), ResolutionAct.SUBMIT, (_PENDING,)),
        Line((_PENDING,), ResolutionAct.SIGN, (ResolutionState.SIGNED,)),
        Line((_PENDING,), ResolutionAct.RETURN, (_DRAFTING,)),
    ),
)
#: so much of the text's fingerprint is shown and compared with the card
SHOWN_HASH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """One resolution. `content` is form F12; `text_hash` is what the leader's card showed."""

    code: Code
    meeting: Code
    item: Code
    title: str
    lead: DepartmentId
    state: ResolutionState
    content: Content = field(default_factory=dict)
    amends: Code | None = None
    submitted_by: PersonId | None = None
    submitted_at: datetime | None = None
    text_hash: str = ""
    signed_by: PersonId | None = None
    signed_for: PersonId | None = None
    signed_at: datetime | None = None
    since: datetime | None = None
    due_at: datetime | None = None
    reason: str = ""
    secrecy: int = 0
    access: tuple[PersonId, ...] = ()
    version: int = 0

    @property
    def shown_hash(self) -> str:
        """The beginning of the fingerprint, as it stands on the card."""
        return self.text_hash[:SHOWN_HASH]


def save(resolution: Resolution, content: Content) -> Resolution:
    """Go on with the draft. Raises RuleViolation `resolution_locked` once it waits for the signature, `resolution_signed`."""
    if resolution.state is ResolutionState.PENDING_SIGNATURE:
        raise RuleViolation("resolution_locked", {"code": resolution.code})
    if resolution.state is ResolutionState.SIGNED:
        raise RuleViolation("resolution_signed", {"code": resolution.code})
    return replace(resolution, content=content)


def submit(resolution: Resolution, *, by: PersonId, due_at: datetime, now: datetime) -> Resolution:
    """To the leader, over exactly this text (R-70). Raises RuleViolation `resolution_rows_incomplete`, `stale_card`."""
    state = MACHINE.after(resolution.state, ResolutionAct.SUBMIT, ResolutionState.PENDING_SIGNATURE)
    rows = (*solution_rows(resolution.content), *step_rows(resolution.content))
    lacking = [str(row.number) for row in rows if row.lacking]
    if lacking:
        raise RuleViolation("resolution_rows_incomplete", {"rows": "、".join(lacking)})
    return replace(
        resolution,
        state=state,
        submitted_by=by,
        submitted_at=now,
        since=now,
        due_at=due_at,
        reason="",
        text_hash=hash_of(resolution.code, resolution.content),
    )


def sign(resolution: Resolution, *, shown: str, by: PersonId, behalf: PersonId | None, now: datetime) -> Resolution:
    """In force from now on, if the text is the one that was shown; `shown` is its fingerprint (R-70).

    Raises RuleViolation `resolution_text_changed` where it is not.
    """
    state = MACHINE.after(resolution.state, ResolutionAct.SIGN, ResolutionState.SIGNED)
    present = hash_of(resolution.code, resolution.content)
    if present != resolution.text_hash or shown != resolution.text_hash:
        raise RuleViolation("resolution_text_changed")
    return replace(resolution, state=state, signed_by=by, signed_for=behalf, signed_at=now, since=now, due_at=None)


def send_back(resolution: Resolution, *, reason: str, due_at: datetime, now: datetime) -> Resolution:
    """Back to the lead department, which may edit it again; T-20a runs anew."""
    state = MACHINE.after(resolution.state, ResolutionAct.RETURN, ResolutionState.DRAFTING)
    return replace(resolution, state=state, reason=reason, since=now, due_at=due_at, text_hash="")
