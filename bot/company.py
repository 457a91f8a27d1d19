"""Reads a company file: directory, roles, calendar, parameters, groups and seed objects (schema of data/sample/company.toml).

Every problem is reported at once, with its place and the nearest known name, before anything is taken over.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

from bot import company_change
from bot.calendars import calendar_data_from_company
from bot.company_change import Change
from bot.company_parameters import read_parameters
from bot.company_people import PLATFORMS, is_zone, read_department, read_person
from bot.domain.calendar import CalendarData
from bot.domain.company import Company, Parameters, Plan
from bot.domain.directory import Department, Directory, Person, Role
from bot.domain.group import Group, GroupPurpose, GroupState
from bot.domain.ids import AccountKey, ChatKey, Code, CodeKind, DepartmentId, PersonId
from bot.domain.item import Item
from bot.errors import ConfigError, Problem
from bot.seeds import Known, SeedIssue, SeedMeeting, Seeds, SeedTask, read_seeds
from bot.toml_table import Table, nearest

__all__ = [
    "Change",
    "CompanyFile",
    "SeedIssue",
    "SeedMeeting",
    "SeedTask",
    "difference",
    "read_company",
    "read_company_file",
    "sample_text",
    "skeleton_text",
]

SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyFile:
    """A company file that has been read and checked. `warnings` do not keep it from being taken over."""

    digest: str
    company: Company
    calendar: CalendarData
    departments: tuple[Department, ...]
    people: tuple[Person, ...]
    groups: tuple[Group, ...]
    items: tuple[Item, ...]
    tasks: tuple[SeedTask, ...]
    issues: tuple[SeedIssue, ...]
    meetings: tuple[SeedMeeting, ...]
    sequences: Mapping[CodeKind, int]
    warnings: tuple[Problem, ...] = ()

    @property
    def directory(self) -> Directory:
        """People and departments as the rules see them."""
        return Directory(people=self.people, departments=self.departments)


def sample_text() -> str:
    """The sample company, as `huiyin init` and the playground use it."""
    return resources.files("bot").joinpath("data/sample/company.toml").read_text(encoding="utf-8")


def skeleton_text() -> str:
    """The smallest company file that works, to be filled in."""
    return resources.files("bot").joinpath("data/sample/skeleton.toml").read_text(encoding="utf-8")


def read_company_file(path: Path) -> CompanyFile:
    """Read a file. Raises ConfigError with every problem in it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise ConfigError(
            [
                Problem(
                    str(path),
                    type(problem).__name__,
                    "a readable UTF-8 TOML file",
                    "检查路径和编码 check path and encoding",
                )
            ]
        ) from None
    return read_company(text, name=path.name)


def read_company(text: str, *, name: str = "company.toml") -> CompanyFile:
    """Read the text of a company file. Raises ConfigError with every problem in it."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise ConfigError([Problem(name, str(problem), "valid TOML", "改正该行 mend the line named")]) from None
    return _Reader(raw, hashlib.sha256(text.encode()).hexdigest()).read()


def difference(
    people: Iterable[Person],
    departments: Iterable[Department],
    file: CompanyFile,
    *,
    company: Company | None = None,
    holdings: Mapping[PersonId, tuple[str, ...]] | None = None,
) -> tuple[Change, ...]:
    """What taking the file over would change. People and departments that vanish are kept as inactive.

    With `company` changed parameters are listed too; with `holdings` what leavers still hold.
    """
    return company_change.difference(
        people,
        departments,
        new_people=file.people,
        new_departments=file.departments,
        company=company,
        new_company=file.company if company is not None else None,
        holdings=holdings,
    )


class _Reader:
    """Goes through the file once, collecting problems."""

    def __init__(self, raw: Mapping[str, object], digest: str) -> None:
        self._problems: list[Problem] = []
        self._warnings: list[Problem] = []
        self._file = Table(raw, "", self._problems)
        self._digest = digest

    def read(self) -> CompanyFile:
        if self._file.number("schema") != SCHEMA:
            self._file.wrong(
                "schema", self._file.value("schema"), str(SCHEMA), "本程序读取 this program reads schema 1"
            )
        departments = tuple(read_department(t) for t in self._file.tables("department"))
        people = tuple(read_person(t) for t in self._file.tables("person"))
        parameters = read_parameters(self._file, self._problems)
        people = self._with_deputy(people, parameters)
        self._check_people(departments, people)
        company = self._company(parameters, departments)
        self._check_posts(departments, people, company)
        calendar = self._calendar(departments, people)
        known = Known(
            departments=[d.id for d in departments],
            people=[p.id for p in people],
            key_items=[code for codes in company.key_projects.values() for code in codes],
        )
        seeds = read_seeds(self._file.table("seed"), known)
        groups = tuple(self._group(t, people, seeds) for t in self._file.tables("group"))
        sequences = self._sequences()
        self._no_twice("group", [g.id for g in groups])
        codes = [*(i.code for i in seeds.items), *(t.code for t in seeds.tasks), *(i.code for i in seeds.issues)]
        self._no_twice("seed", [*codes, *(m.code for m in seeds.meetings)])
        self._file.finish()
        if self._problems:
            raise ConfigError(self._problems)
        return CompanyFile(
            digest=self._digest,
            company=company,
            calendar=calendar,
            departments=departments,
            people=people,
            groups=groups,
            items=seeds.items,
            tasks=seeds.tasks,
            issues=seeds.issues,
            meetings=seeds.meetings,
            sequences=sequences,
            warnings=tuple(self._warnings),
        )

    # ------------------------------------------------------------ people

    def _with_deputy(self, people: tuple[Person, ...], parameters: Parameters) -> tuple[Person, ...]:
        """`roles.secretary_deputy` makes that person the deputy secretary (A-20)."""
        deputy = parameters.roles_secretary_deputy
        if deputy and deputy not in {p.id for p in people}:
            self._wrong("roles.secretary_deputy", deputy, "the id of a person", nearest(deputy, [p.id for p in people]))
        return tuple(
            replace(p, roles=p.roles | {Role.DEPUTY_SECRETARY}) if deputy and p.id == deputy else p for p in people
        )

    def _check_people(self, departments: tuple[Department, ...], people: tuple[Person, ...]) -> None:
        known = {d.id for d in departments}
        self._no_twice("department", [d.id for d in departments])
        self._no_twice("department name", [d.name for d in departments if d.name])
        self._no_twice("person", [p.id for p in people])
        self._no_twice("accounts", [f"{k}:{v}" for p in people for k, v in p.accounts.items()])
        for person in people:
            if person.department not in known:
                self._wrong(
                    f"person[{person.id}].dept",
                    person.department,
                    "the id of a department",
                    nearest(person.department, known),
                )
        for department in departments:
            self._check_head(department, people)
            if department.merged_into is not None:
                self._check_merger(department, departments, people)

    def _check_merger(
        self, department: Department, departments: tuple[Department, ...], people: tuple[Person, ...]
    ) -> None:
        """A department that was merged into another has nobody any more (EC-48)."""
        known = {d.id for d in departments if d.merged_into is None}
        if department.merged_into not in known:
            self._wrong(
                f"department[{department.id}].merged_into",
                department.merged_into or "",
                "the id of a department that still exists",
                nearest(department.merged_into or "", known),
            )
        for person in people:
            if person.is_active and person.department == department.id:
                self._wrong(
                    f"person[{person.id}].dept",
                    department.id,
                    f"{department.merged_into}",
                    f"EC-48: {department.name} 已并入 merged into {department.merged_into}",
                )

    def _check_head(self, department: Department, people: tuple[Person, ...]) -> None:
        by_id = {p.id: p for p in people}
        for key, holder in (("head", department.head), ("acting_head", department.acting_head)):
            place = f"department[{department.id}].{key}"
            if holder is None:
                continue
            person = by_id.get(holder)
            if person is None:
                self._wrong(place, holder, "the id of a person", nearest(holder, by_id))
            elif key == "head" and person.department != department.id:
                self._wrong(
                    place,
                    holder,
                    "a person of this department",
                    f"{person.name} 属于 belongs to {person.department}; 或用 or use acting_head",
                )
        heads = [p.id for p in people if p.is_active and p.department == department.id and Role.HEAD in p.roles]
        named = {*heads, *([department.head] if department.head is not None else [])}
        if len(named) > 1:
            self._wrong(
                f"department[{department.id}].head",
                ", ".join(sorted(named)),
                "one head",
                "R-16: 每部门一名 one per department",
            )

    def _check_posts(self, departments: tuple[Department, ...], people: tuple[Person, ...], company: Company) -> None:
        """Exactly one leader; a secretary, or somebody to stand in; at most one ALT and SED (2.1, R-11, EC-56)."""

        def holders(role: Role) -> list[str]:
            return [p.id for p in people if role in p.roles and p.is_active]

        leaders, secretaries = holders(Role.LEADER), holders(Role.SECRETARY)
        if len(leaders) != 1:
            self._wrong("roles LDR", ", ".join(leaders), "exactly one person", "R-12: 组长一名 give LDR to one person")
        if len(secretaries) > 1:
            self._wrong(
                "roles SEC", ", ".join(secretaries), "exactly one person", "R-20: 执行秘书一名 give SEC to one person"
            )
        for role, word in ((Role.ALTERNATE, "ALT"), (Role.DEPUTY_SECRETARY, "SED")):
            if len(holders(role)) > 1:
                self._wrong(
                    f"roles {word}", ", ".join(holders(role)), "at most one person", f"2.1: {word} 至多一名 one at most"
                )
        if not secretaries:
            keeper = next((d for d in departments if d.id == company.keeper), None)
            has_head = keeper is not None and (keeper.head is not None or keeper.acting_head is not None)
            if holders(Role.DEPUTY_SECRETARY) or has_head:
                self._warn(
                    "roles SEC",
                    "",
                    "one person",
                    "EC-56: 执行秘书空缺，由代理秘书或行政部负责人代 vacant; the stand-in acts",
                )
            else:
                self._wrong("roles SEC", "", "exactly one person", "R-11: 执行秘书一名 give SEC to one person")
        elsewhere = [p for p in people if p.id in secretaries and company.keeper not in {None, p.department}]
        for person in elsewhere:
            self._warn(
                f"person[{person.id}].dept",
                person.department,
                f"{company.keeper}",
                "R-20: 执行秘书宜属编制部门 of the issuing unit",
            )

    # ------------------------------------------------------------ company

    def _company(self, parameters: Parameters, departments: tuple[Department, ...]) -> Company:
        table, platforms = self._file.table("company"), self._file.table("platforms")
        plan = self._plan()
        enabled = platforms.names("enabled")
        primary = platforms.text("primary")
        for platform in (*enabled, *([primary] if primary else [])):
            if platform not in PLATFORMS:
                platforms.wrong("enabled", platform, " | ".join(PLATFORMS), nearest(platform, PLATFORMS))
        company = Company(
            id=table.text("id"),
            name=table.text("name", required=True),
            short_name=table.text("short_name", table.text("name")),
            name_en=table.text("name_en"),
            timezone=self._zone(table),
            plan=plan,
            parameters=replace(parameters, plan_review_months=plan.review_months),
            key_projects={
                t.text("name", required=True): t.names("items") for t in _finished(self._file.tables("key_project"))
            },
            primary_platform=primary,
            platforms=enabled or ((primary,) if primary else ()),
            keeper=self._keeper(parameters, plan, departments),
        )
        table.finish()
        platforms.finish()
        return company

    def _plan(self) -> Plan:
        table = self._file.table("plan")
        plan = Plan(
            title=table.text("title", Plan().title),
            version=table.text("version", Plan().version),
            issuing_unit=table.text("issuing_unit"),
            effective_date=table.day("effective_date"),
            scope=table.text("scope"),
            review_months=table.number("review_months", Plan().review_months),
        )
        if not 1 <= plan.review_months <= 12:
            table.wrong("review_months", plan.review_months, "1..12 (R-106)", "R-106 T-24")
        table.finish()
        return plan

    def _keeper(self, parameters: Parameters, plan: Plan, departments: tuple[Department, ...]) -> DepartmentId | None:
        """`roles.admin_department`, else the department that has the issuing unit's name (R-117)."""
        named = parameters.roles_admin_department
        if named:
            if named not in {d.id for d in departments}:
                self._wrong(
                    "roles.admin_department",
                    named,
                    "the id of a department",
                    nearest(named, [d.id for d in departments]),
                )
            return DepartmentId(named)
        return next((d.id for d in departments if plan.issuing_unit and plan.issuing_unit in {d.name, d.short}), None)

    def _zone(self, table: Table) -> str:
        name = table.text("timezone", "Asia/Shanghai")
        if not is_zone(name):
            table.wrong("timezone", name, "a zone such as Asia/Shanghai", "IANA 时区名 an IANA zone name")
            return "Asia/Shanghai"
        return name

    def _calendar(self, departments: tuple[Department, ...], people: tuple[Person, ...]) -> CalendarData:
        table = self._file.table("calendar")
        section = {key: table.value(key) for key in table.keys}
        table.text("source")
        self._check_holidays(table)
        zone = self._file.table("company").text("timezone", "Asia/Shanghai")
        try:
            return calendar_data_from_company(
                {"timezone": zone if is_zone(zone) else "Asia/Shanghai", **section}, departments, people
            )
        except ConfigError as problem:
            self._problems.extend(problem.problems)
            return CalendarData()

    def _check_holidays(self, calendar: Table) -> None:
        """Names and keys of `[[calendar.holiday]]`; dates are read with the calendar."""
        entries = calendar.value("holiday")
        if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
            return
        for holiday in calendar.tables("holiday"):
            holiday.text("name")
            for key in ("from", "to", "makeup"):
                holiday.value(key)
            holiday.finish()

    def _sequences(self) -> dict[CodeKind, int]:
        table = self._file.table("sequence")
        found = {kind: table.number(kind.value, 1, low=1) for kind in CodeKind if table.has(kind.value)}
        table.finish()
        return found

    # ------------------------------------------------------------ groups

    def _group(self, table: Table, people: tuple[Person, ...], seeds: Seeds) -> Group:
        identity = table.text("id", required=True)
        platform = table.text("platform", required=True)
        if platform and platform not in PLATFORMS:
            table.wrong("platform", platform, " | ".join(PLATFORMS), nearest(platform, PLATFORMS))
        by_id = {p.id: p for p in people}
        members: list[AccountKey] = []
        for name in table.names("members"):
            person = by_id.get(PersonId(name))
            if person is None:
                table.wrong("members", name, "the id of a person", nearest(name, by_id))
                continue
            account = person.account_on(platform)
            if account is not None:
                members.append(account)
        item = table.text("item")
        found = next((i for i in seeds.items if i.code == item), None)
        if item and found is None:
            table.wrong("item", item, "the code of a seed item", nearest(item, [i.code for i in seeds.items]))
        if found is not None and found.secrecy == 2:
            table.wrong("item", item, "an item below level 2", "3.15: 涉密事项不建群 no group for a confidential item")
        group = Group(
            id=identity,
            purpose=GroupPurpose.DEDICATED if item else GroupPurpose.CROSS_DEPARTMENT,
            state=GroupState.CHECKING,
            name=table.text("name", required=True),
            platform=platform,
            item=Code(item) if item else None,
            chat=ChatKey(platform, table.text("chat") or identity),
            members=tuple(members),
        )
        table.finish()
        return group

    # ------------------------------------------------------------ problems

    def _wrong(self, key: str, value: str, expected: str, fix: str) -> None:
        self._problems.append(Problem(key, value, expected, fix))

    def _warn(self, key: str, value: str, expected: str, fix: str) -> None:
        self._warnings.append(Problem(key, value, expected, fix))

    def _no_twice(self, what: str, names: list[str]) -> None:
        for name in sorted({n for n in names if names.count(n) > 1}):
            self._wrong(what, name, "no duplicates", "重复，请各不相同 give each its own")


def _finished(tables: Iterable[Table]) -> Iterable[Table]:
    """Each table, and after its use the check for keys that nobody asked for."""
    for table in tables:
        yield table
        table.finish()
