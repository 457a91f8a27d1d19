"""What all tables share: one metadata with a naming convention, and the shape of an entity's row."""

from __future__ import annotations

from typing import ClassVar, cast

from sqlalchemy import MetaData, Table, Text
from sqlmodel import Field, SQLModel

from storage.types import KeyText, Number

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(SQLModel):
    """Every table hangs on this metadata, which the migrations are compared with."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMING)


class EntityRow(Base):
    """An aggregate: its key, the columns that are searched, and the whole of it as JSON."""

    key: str = Field(primary_key=True, sa_type=KeyText)
    version: int = Field(sa_type=Number)
    #: CRC-32 of `body`: a flipped byte is an error, never a different truth (F5)
    crc: int = Field(sa_type=Number)
    body: str = Field(sa_type=Text)


def table_of(row: type[SQLModel]) -> Table:
    """The Core table behind a row class, for statements."""
    return cast(Table, vars(row)["__table__"])
