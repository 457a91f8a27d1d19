"""What exists already when the program starts: the `[[seed.*]]` tables of a company file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.item import Item, ItemState, Level
from bot.toml_table import Table, nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedTask:
    """A task that exists when the program starts."""

    code: str
    item: str
    title: str
    department: DepartmentId
    owner: PersonId
    due_at: datetime
    progress: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedIssue:
    """An issue that exists when the program starts."""

    code: str
    item: str
    title: str
    lead: DepartmentId
    coop: tuple[DepartmentId, ...]
    reporter: PersonId
    filed_at: datetime
    graded_at: datetime | None
    grade: str
    state: str
    due_at: datetime | None
    found_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedMeeting:
    """A meeting that was held before the program started."""

    code: str
    kind: str
    start_at: datetime
    end_at: datetime
    minutes: str
    minutes_state: str
    minutes_due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeds:
    """All of them."""

    items: tuple[Item, ...] = ()
    tasks: tuple[SeedTask, ...] = ()
    issues: tuple[SeedIssue, ...] = ()
    meetings: tuple[SeedMeeting, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Names that a seed may refer to."""

    departments: Collection[str]
    people: Collection[str]
    key_items: Collection[str] = ()

    def department(self, table: Table, key: str) -> DepartmentId:
        """A department that exists."""
        name = table.text(key, required=True)
        if name and name not in self.departments:
            table.wrong(key, name, "the id of a department", nearest(name, self.departments))
        return DepartmentId(name)

    def person(self, table: Table, key: str) -> PersonId:
        """A person who exists."""
        name = table.text(key, required=True)
        if name and name not in self.people:
            table.wrong(key, name, "the id of a person", nearest(name, self.people))
        return PersonId(name)

    def coop(self, table: Table) -> tuple[DepartmentId, ...]:
        """The cooperating departments."""
        names = table.names("coop")
        for name in names:
            if name not in self.departments:
                table.wrong("coop", name, "the id of a department", nearest(name, self.departments))
        return tuple(DepartmentId(n) for n in names)

    def people_of(self, table: Table, key: str) -> tuple[PersonId, ...]:
        """People who exist."""
        names = table.names(key)
        for name in names:
            if name not in self.people:
                table.wrong(key, name, "the id of a person", nearest(name, self.people))
        return tuple(PersonId(n) for n in names)


def read_seeds(seed: Table, known: Known) -> Seeds:
    """Read the `[seed]` table; problems are collected in it."""
    items = tuple(_item(t, known) for t in seed.tables("item"))
    codes = {item.code for item in items}
    seeds = Seeds(
        items=items,
        tasks=tuple(t for t in (_task(t, known, codes) for t in seed.tables("task")) if t is not None),
        issues=tuple(i for i in (_issue(t, known, codes) for t in seed.tables("issue")) if i is not None),
        meetings=tuple(m for m in (_meeting(t) for t in seed.tables("meeting")) if m is not None),
    )
    seed.finish()
    return seeds


def _item(table: Table, known: Known) -> Item:
    title = table.text("title", required=True)
    code = Code(table.text("id", required=True))
    item = Item(
        code=code,
        title=title,
        short=table.text("short", title),
        level=table.choice("level", Level, Level.ROUTINE),
        lead=known.department(table, "lead"),
        coop=known.coop(table),
        state=table.choice("state", ItemState, ItemState.IN_PROGRESS),
        serves=table.text("serves"),
        request=table.text("request"),
        plan=table.text("plan"),
        plan_version=table.number("plan_version"),
        start_on=table.day("start_on"),
        end_on=table.day("end_on"),
        members=known.people_of(table, "project_members"),
        is_key_project=code in known.key_items,
        secrecy=_secrecy(table),
        access=known.people_of(table, "access"),
    )
    if item.lead in item.coop:
        table.wrong("coop", item.lead, "other departments than the lead", "牵头部门不列入配合部门 leave the lead out")
    table.finish()
    return item


def _secrecy(table: Table) -> int:
    value = table.number("secrecy")
    if value > 2:
        table.wrong("secrecy", value, "0, 1 or 2", "0 普通 1 内部敏感 2 涉密 (2.5)")
        return 2
    return value


def _item_code(table: Table, codes: Collection[str]) -> str:
    item = table.text("item")
    if item and item not in codes:
        table.wrong("item", item, "the code of a seed item", nearest(item, codes))
    return item


def _task(table: Table, known: Known, codes: Collection[str]) -> SeedTask | None:
    due_at = table.instant("due", required=True)
    facts = (table.text("id", required=True), _item_code(table, codes), table.text("title", required=True))
    department, owner = known.department(table, "dept"), known.person(table, "owner")
    progress = table.number("progress")
    if progress > 100:
        table.wrong("progress", progress, "0..100", "完成百分比 per cent")
    table.finish()
    if due_at is None:
        return None
    code, item, title = facts
    return SeedTask(
        code=code, item=item, title=title, department=department, owner=owner, due_at=due_at, progress=progress
    )


def _issue(table: Table, known: Known, codes: Collection[str]) -> SeedIssue | None:
    filed_at = table.instant("filed_at", required=True)
    facts = (table.text("id", required=True), _item_code(table, codes), table.text("title", required=True))
    lead, coop, reporter = known.department(table, "lead"), known.coop(table), known.person(table, "reporter")
    graded_at, due_at = table.instant("graded_at"), table.instant("due")
    grade, state, found_by = table.text("grade"), table.text("state"), table.text("found_by")
    table.finish()
    if filed_at is None:
        return None
    code, item, title = facts
    return SeedIssue(
        code=code,
        item=item,
        title=title,
        lead=lead,
        coop=coop,
        reporter=reporter,
        filed_at=filed_at,
        graded_at=graded_at,
        grade=grade,
        state=state,
        due_at=due_at,
        found_by=found_by,
    )


def _meeting(table: Table) -> SeedMeeting | None:
    start_at, end_at = table.instant("start", required=True), table.instant("end", required=True)
    code, kind = table.text("id", required=True), table.text("kind", required=True)
    minutes, state = table.text("minutes"), table.text("minutes_state")
    due_at = table.instant("minutes_due")
    table.finish()
    if start_at is None or end_at is None:
        return None
    if end_at < start_at:
        table.wrong("end", end_at, "an instant after the start", "结束早于开始 the end lies before the start")
    return SeedMeeting(
        code=code,
        kind=kind,
        start_at=start_at,
        end_at=end_at,
        minutes=minutes,
        minutes_state=state,
        minutes_due_at=due_at,
    )
