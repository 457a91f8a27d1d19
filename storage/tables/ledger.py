"""Tables that only grow: the audit trail and its chains, numbers, revisions."""

from __future__ import annotations

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field

from storage.tables.base import Base
from storage.types import AutoId, KeyText, Number


class AuditEntryRow(Base, table=True):
    """One record. UPDATE and DELETE are refused by triggers (migration 0002)."""

    __tablename__ = "audit"
    __table_args__ = (UniqueConstraint("chain", "position"), Index("ix_audit_ref", "ref", "number"))

    number: int | None = Field(default=None, primary_key=True, sa_type=AutoId)
    chain: int = Field(sa_type=Number)
    position: int = Field(sa_type=Number)
    ref: str = Field(sa_type=KeyText)
    #: canonical JSON of the record
    body: str = Field(sa_type=Text)
    hash: str = Field(sa_type=Text)


class AuditChainRow(Base, table=True):
    """The end of one chain. PostgreSQL writers take whichever chain is free, so that they do not wait for each other."""

    __tablename__ = "audit_chain"

    chain: int = Field(primary_key=True, sa_type=Number, sa_column_kwargs={"autoincrement": False})
    position: int = Field(sa_type=Number)
    hash: str = Field(sa_type=Text)


class SequenceRow(Base, table=True):
    """The last number given out per kind and year."""

    __tablename__ = "sequence"

    kind: str = Field(primary_key=True, sa_type=KeyText)
    year: int = Field(primary_key=True, sa_type=Number, sa_column_kwargs={"autoincrement": False})
    last: int = Field(sa_type=Number)


class RevisionRow(Base, table=True):
    """How often something that is cached has changed."""

    __tablename__ = "revision"

    name: str = Field(primary_key=True, sa_type=KeyText)
    value: int = Field(sa_type=Number)
