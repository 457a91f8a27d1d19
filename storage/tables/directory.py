"""Tables of people and departments: who is here, who is away, who wants what."""

from __future__ import annotations

from sqlalchemy import Boolean, Index
from sqlmodel import Field

from storage.tables.base import EntityRow
from storage.types import KeyText, Number


class PersonRow(EntityRow, table=True):
    """A person."""

    __tablename__ = "person"

    department: str = Field(sa_type=KeyText, index=True)
    is_active: bool = Field(sa_type=Boolean)


class DepartmentRow(EntityRow, table=True):
    """A department."""

    __tablename__ = "department"

    is_active: bool = Field(sa_type=Boolean)


class LeaveRow(EntityRow, table=True):
    """An absence."""

    __tablename__ = "leave"
    __table_args__ = (Index(None, "state", "ends_at"), Index(None, "person", "state"))

    person: str = Field(sa_type=KeyText)
    delegate: str | None = Field(sa_type=KeyText, nullable=True)
    state: str = Field(sa_type=KeyText)
    starts_at: int = Field(sa_type=Number)
    ends_at: int = Field(sa_type=Number)


class PreferenceRow(EntityRow, table=True):
    """What a person set for himself or herself; the key is the person."""

    __tablename__ = "preference"
