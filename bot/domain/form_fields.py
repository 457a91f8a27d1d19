"""Fields and columns that several forms of section 4 have, with the words under which people know them.

A form's own fields stand in the form; here stands only what must read the same everywhere.
"""

from __future__ import annotations

from bot.domain.confidentiality import LEVEL_WORDS
from bot.domain.form import Column, FieldSpec, FieldType, Required

#: characters of one cell of a meeting's list
LONGEST_CELL = 1000


def auto(key: str, zh: str, en: str, *, required: Required = Required.NEVER, mark: str = "I") -> FieldSpec:
    """What the system fills in."""
    return FieldSpec(key=key, zh=zh, en=en, type=FieldType.AUTO, required=required, mark=mark)


def confidentiality(
    *, options: tuple[str, ...] = tuple(LEVEL_WORDS), aliases: tuple[str, ...] = (), mark: str = "S*"
) -> FieldSpec:
    """密级 (2.5)."""
    return FieldSpec(
        key="confidentiality",
        zh="密级",
        en="confidentiality",
        type=FieldType.CHOICE,
        required=Required.ALWAYS,
        aliases=aliases,
        options=options,
        mark=mark,
    )


def files(*, longest: int = 100) -> FieldSpec:
    """附件: links only."""
    return FieldSpec(key="files", zh="附件", en="files", type=FieldType.LINKS, longest=longest)


def related_item() -> FieldSpec:
    """The item that something is about; there may be none."""
    return FieldSpec(
        key="item",
        zh="关联协作事项",
        en="item",
        type=FieldType.CODE,
        aliases=("关联事项", "协作事项", "事项"),
        takes_none=True,
    )


def listed(
    key: str,
    zh: str,
    en: str,
    *columns: Column,
    required: Required = Required.NEVER,
    aliases: tuple[str, ...] = (),
    takes_none: bool = True,
    longest: int = LONGEST_CELL,
    mark: str = "I",
) -> FieldSpec:
    """A list of what was said in a meeting."""
    return FieldSpec(
        key=key,
        zh=zh,
        en=en,
        type=FieldType.LIST,
        required=required,
        aliases=aliases,
        columns=columns,
        longest=longest,
        takes_none=takes_none,
        mark=mark,
    )


def department_column(*, required: bool) -> Column:
    """责任部门 of a row."""
    return Column(key="department", zh="责任部门", en="department", type=FieldType.DEPARTMENT, required=required)


def owner_column(*, required: bool) -> Column:
    """责任人 of a row."""
    return Column(key="owner", zh="责任人", en="owner", type=FieldType.PERSON, required=required)


def due_column(*, required: bool, zh: str = "完成时限") -> Column:
    """The limit of a row."""
    return Column(key="due", zh=zh, en="due", type=FieldType.DATETIME, required=required)


def measure_columns(*, required: bool) -> tuple[Column, ...]:
    """What is done, and who does it by when; `required` says whether the latter must stand there at once."""
    return (
        Column(key="measure", zh="措施", en="measure"),
        department_column(required=required),
        owner_column(required=required),
        due_column(required=required),
    )
