"""The `[[department]]` and `[[person]]` tables of a company file, each read by itself."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.domain.directory import Department, DepartmentKind, Person, Role
from bot.domain.ids import DepartmentId, PersonId
from bot.toml_table import Table, nearest

PLATFORMS = ("feishu", "dingtalk", "wecom")


def read_department(table: Table) -> Department:
    """One department; problems are noted in the table."""
    department = Department(
        id=DepartmentId(table.text("id", required=True)),
        name=table.text("name", required=True),
        short=table.text("short", table.text("name")),
        kind=table.choice("kind", DepartmentKind, DepartmentKind.NORMAL),
        head=PersonId(table.text("head")) or None,
        acting_head=PersonId(table.text("acting_head")) or None,
        windows=table.windows("windows"),
        timezone=table.text("timezone"),
        calendar=table.text("calendar"),
        former_names=table.names("former_names"),
        merged_into=DepartmentId(table.text("merged_into")) or None,
        is_active=not table.text("merged_into"),
    )
    if department.timezone and not is_zone(department.timezone):
        table.wrong("timezone", department.timezone, "a zone such as Asia/Shanghai", "IANA 时区名 an IANA zone name")
    table.finish()
    return department


def read_person(table: Table) -> Person:
    """One person; problems are noted in the table."""
    roles: set[Role] = {Role.EMPLOYEE}
    for word in table.names("roles"):
        try:
            roles.add(Role(word))
        except ValueError:
            table.wrong("roles", word, ", ".join(r.value for r in Role), nearest(word, [r.value for r in Role]))
    accounts = table.words("accounts")
    prefer = table.text("prefer")
    for platform in (*accounts, *([prefer] if prefer else [])):
        if platform not in PLATFORMS:
            table.wrong("accounts", platform, " | ".join(PLATFORMS), nearest(platform, PLATFORMS))
    person = Person(
        id=PersonId(table.text("id", required=True)),
        name=table.text("name", required=True),
        department=DepartmentId(table.text("dept", required=True)),
        title=table.text("title"),
        roles=frozenset(roles),
        phone=table.text("phone"),
        employee_no=table.text("employee_no"),
        accounts=accounts,
        prefer=prefer,
        windows=table.windows("windows"),
        is_active=table.flag("is_active", default=True),
    )
    table.finish()
    return person


def is_zone(name: str) -> bool:
    """Is this the name of a time zone?"""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
