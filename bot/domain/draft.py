"""A form that a person has begun: what was typed is kept, over restarts, until it is submitted or thrown away."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.form import Content
from bot.domain.ids import ChatKey, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class FormDraft:
    """One begun form. `key` is person, form and object; `asking` is the field that the dialogue asked for last."""

    key: str
    person: PersonId
    form: str
    #: the object it is for (`XQ-2026-0015`), empty before there is one
    code: str = ""
    chat: ChatKey | None = None
    content: Content = field(default_factory=dict)
    asking: str = ""
    asked_until: datetime | None = None
    updated_at: datetime | None = None
    version: int = 0
