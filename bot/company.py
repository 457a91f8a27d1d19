"""Reads a company file: directory, roles, calendar, parameters, groups and seed objects (schema of data/sample/company.toml).

Every problem is reported at once, with its place and the nearest known name, before anything is taken over.
"""

from __future__ import annotations

import difflib
import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib import resources
from pathlib import Path
from typing import Any

from bot.calendars import calendar_data_from_company
from bot.domain.calendar import CalendarData
from bot.domain.company import PARAMETER_KEYS, Company, Parameters, Plan, check_parameters, dotted
from bot.domain.directory import Department, DepartmentKind, Person, Role
from bot.domain.group import Group, GroupPurpose, GroupState
from bot.domain.ids import AccountKey, ChatKey, Code, CodeKind, DepartmentId, PersonId
from bot.domain.item import Item, ItemState, Level
from bot.errors import ConfigError, Problem

SCHEMA = 1
_SECTIONS = frozenset(
    "schema company plan calendar sla weekly reports score liaison naming timers issue conflict meeting training docs"
    " platforms department person group key_project sequence seed".split()
)
_PARAMETER_SECTIONS = (
    "sla",
    "weekly",
    "reports",
    "score",
    "liaison",
    "naming",
    "timers",
    "issue",
    "conflict",
    "meeting",
    "training",
    "docs",
)
_DEPARTMENT_KEYS = frozenset(
    {"id", "name", "short", "kind", "head", "acting_head", "windows", "timezone", "calendar", "former_names"}
)
_PERSON_KEYS = frozenset(
    {"id", "name", "dept", "title", "roles", "phone", "accounts", "prefer", "windows", "is_active"}
)
_GROUP_KEYS = frozenset({"id", "platform", "name", "item", "members", "chat"})
_COMPANY_KEYS = frozenset({"id", "name", "short_name", "name_en", "timezone"})
_PLAN_KEYS = frozenset({"title", "version", "issuing_unit", "effective_date", "scope", "review_months"})


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
class CompanyFile:
    """A company file that has been read and checked."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between what is stored and what a file says. `after` empty: gone, kept as inactive."""

    what: str
    key: str
    field: str
    before: str
    after: str

    def __str__(self) -> str:
        if not self.field:
            return f"{'+' if self.after else '-'} {self.what} {self.key} {self.after or self.before}"
        return f"~ {self.what} {self.key} {self.field}: {self.before or '∅'} → {self.after or '∅'}"


def sample_text() -> str:
    """The sample company, as `huiyin init` and the playground use it."""
    return resources.files("bot").joinpath("data/sample/company.toml").read_text(encoding="utf-8")


def skeleton_text() -> str:
    """The smallest company file that works, to be filled in."""
    return resources.files("bot").joinpath("data/sample/skeleton.toml").read_text(encoding="utf-8")


def read_company_file(path: Path) -> CompanyFile:
    """Read a file. Raises ConfigError with every problem in it."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise ConfigError(
            [Problem(str(path), type(problem).__name__, "a readable UTF-8 TOML file", "check the path")]
        ) from None
    return read_company(text, name=path.name)


def read_company(text: str, *, name: str = "company.toml") -> CompanyFile:
    """Read the text of a company file. Raises ConfigError with every problem in it."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise ConfigError([Problem(name, str(problem), "valid TOML", "mend the line named")]) from None
    return _Reader(raw, hashlib.sha256(text.encode()).hexdigest()).read()


class _Reader:
    """Goes through the file once, collecting problems."""

    def __init__(self, raw: Mapping[str, Any], digest: str) -> None:
        self._raw = raw
        self._digest = digest
        self._problems: list[Problem] = []

    def read(self) -> CompanyFile:
        self._unknown("", self._raw, _SECTIONS)
        if self._raw.get("schema") != SCHEMA:
            self._wrong("schema", self._raw.get("schema"), str(SCHEMA), "this program reads schema 1")
        departments = tuple(self._department(d, i) for i, d in enumerate(self._tables("department")))
        people = tuple(self._person(p, i) for i, p in enumerate(self._tables("person")))
        self._check_people(departments, people)
        company = self._company()
        calendar = self._calendar(departments, people)
        items = tuple(self._item(i, n) for n, i in enumerate(self._seeds("item")))
        result = CompanyFile(
            digest=self._digest,
            company=company,
            calendar=calendar,
            departments=departments,
            people=people,
            groups=tuple(self._group(g, n, people, items) for n, g in enumerate(self._tables("group"))),
            items=items,
            tasks=tuple(self._seed_task(t) for t in self._seeds("task")),
            issues=tuple(self._seed_issue(t) for t in self._seeds("issue")),
            meetings=tuple(self._seed_meeting(t) for t in self._seeds("meeting")),
            sequences=self._sequences(),
        )
        if self._problems:
            raise ConfigError(self._problems)
        return result

    # ------------------------------------------------------------ problems

    def _wrong(self, key: str, value: object, expected: str, fix: str) -> None:
        self._problems.append(Problem(key, str(value), expected, fix))

    def _unknown(self, place: str, table: Mapping[str, Any], known: Iterable[str]) -> None:
        names = sorted(known)
        for key in table:
            if key not in names:
                near = difflib.get_close_matches(key, names, n=1)
                self._wrong(
                    f"{place}{key}",
                    table[key],
                    "a known key",
                    f"did you mean {near[0]}?" if near else f"known: {', '.join(names)}",
                )

    def _tables(self, name: str) -> list[Mapping[str, Any]]:
        value = self._raw.get(name, [])
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            self._wrong(name, type(value).__name__, f"[[{name}]] tables", f"write [[{name}]]")
            return []
        return value

    def _seeds(self, name: str) -> list[Mapping[str, Any]]:
        seed = self._raw.get("seed", {})
        return list(seed.get(name, [])) if isinstance(seed, dict) else []

    # ------------------------------------------------------------ people

    def _department(self, raw: Mapping[str, Any], index: int) -> Department:
        place = f"department[{raw.get('id', index)}]."
        self._unknown(place, raw, _DEPARTMENT_KEYS)
        for key in ("id", "name"):
            if not raw.get(key):
                self._wrong(place + key, "", "a name", "fill it in")
        kind = str(raw.get("kind", DepartmentKind.NORMAL.value))
        if kind not in set(DepartmentKind):
            self._wrong(place + "kind", kind, "department or executive", "leave it out for an ordinary department")
            kind = DepartmentKind.NORMAL.value
        return Department(
            id=DepartmentId(str(raw.get("id", index))),
            name=str(raw.get("name", "")),
            short=str(raw.get("short", raw.get("name", ""))),
            kind=DepartmentKind(kind),
            head=PersonId(raw["head"]) if raw.get("head") else None,
            acting_head=PersonId(raw["acting_head"]) if raw.get("acting_head") else None,
            windows=tuple((str(a), str(b)) for a, b in raw.get("windows", [])),
            timezone=str(raw.get("timezone", "")),
            calendar=str(raw.get("calendar", "")),
            former_names=tuple(map(str, raw.get("former_names", []))),
        )

    def _person(self, raw: Mapping[str, Any], index: int) -> Person:
        place = f"person[{raw.get('id', index)}]."
        self._unknown(place, raw, _PERSON_KEYS)
        for key in ("id", "name", "dept"):
            if not raw.get(key):
                self._wrong(place + key, "", "a name", "fill it in")
        roles = set()
        for role in raw.get("roles", ["EMP"]):
            if role in set(Role):
                roles.add(Role(role))
            else:
                self._wrong(place + "roles", role, ", ".join(r.value for r in Role), "use one of these codes")
        return Person(
            id=PersonId(str(raw.get("id", index))),
            name=str(raw.get("name", "")),
            department=DepartmentId(str(raw.get("dept", ""))),
            title=str(raw.get("title", "")),
            roles=frozenset(roles | {Role.EMPLOYEE}),
            phone=str(raw.get("phone", "")),
            accounts={str(k): str(v) for k, v in dict(raw.get("accounts", {})).items()},
            prefer=str(raw.get("prefer", "")),
            windows=tuple((str(a), str(b)) for a, b in raw.get("windows", [])),
            is_active=bool(raw.get("is_active", True)),
        )

    def _check_people(self, departments: tuple[Department, ...], people: tuple[Person, ...]) -> None:
        known = {d.id for d in departments}
        by_id = {p.id: p for p in people}
        self._no_twice("department", [d.id for d in departments])
        self._no_twice("person", [p.id for p in people])
        self._no_twice("accounts", [f"{k}:{v}" for p in people for k, v in p.accounts.items()])
        for person in people:
            if person.department not in known:
                near = difflib.get_close_matches(person.department, known, n=1)
                self._wrong(
                    f"person[{person.id}].dept",
                    person.department,
                    "the id of a department",
                    f"did you mean {near[0]}?" if near else "add the department",
                )
        for department in departments:
            for key in ("head", "acting_head"):
                holder = getattr(department, key)
                if holder is not None and holder not in by_id:
                    self._wrong(
                        f"department[{department.id}].{key}",
                        holder,
                        "the id of a person",
                        "add the person or mend the id",
                    )
                elif key == "head" and holder is not None and by_id[holder].department != department.id:
                    self._wrong(
                        f"department[{department.id}].head",
                        holder,
                        "a person of this department",
                        f"{by_id[holder].name} belongs to {by_id[holder].department}",
                    )
        for role, sentence in ((Role.LEADER, "R-12"), (Role.SECRETARY, "R-20")):
            holders = [p.id for p in people if role in p.roles and p.is_active]
            if len(holders) != 1:
                self._wrong(
                    f"roles {role.value}",
                    ", ".join(holders) or "nobody",
                    "exactly one person",
                    f"{sentence}: give {role.value} to one person",
                )

    def _no_twice(self, what: str, names: list[str]) -> None:
        for name in sorted({n for n in names if names.count(n) > 1}):
            self._wrong(what, name, "no duplicates", "give each its own")

    # ------------------------------------------------------------ company

    def _company(self) -> Company:
        raw = dict(self._raw.get("company", {}))
        self._unknown("company.", raw, _COMPANY_KEYS)
        plan = dict(self._raw.get("plan", {}))
        self._unknown("plan.", plan, _PLAN_KEYS)
        effective = plan.get("effective_date")
        return Company(
            id=str(raw.get("id", "")),
            name=str(raw.get("name", "")),
            short_name=str(raw.get("short_name", raw.get("name", ""))),
            name_en=str(raw.get("name_en", "")),
            timezone=str(raw.get("timezone", "Asia/Shanghai")),
            plan=Plan(
                title=str(plan.get("title", Plan().title)),
                version=str(plan.get("version", "V1.0")),
                issuing_unit=str(plan.get("issuing_unit", "")),
                effective_date=effective if isinstance(effective, date) else None,
                scope=str(plan.get("scope", "")),
                review_months=int(plan.get("review_months", 6)),
            ),
            parameters=self._parameters(),
            key_projects={
                str(k["name"]): tuple(map(str, k.get("items", [])))
                for k in self._tables("key_project")
                if k.get("name")
            },
        )

    def _parameters(self) -> Parameters:
        given: dict[str, Any] = {}
        for section in _PARAMETER_SECTIONS:
            for key, value in dict(self._raw.get(section, {})).items():
                name = f"{section}_{key}"
                if name not in PARAMETER_KEYS:
                    near = difflib.get_close_matches(name, PARAMETER_KEYS, n=1)
                    self._wrong(
                        f"{section}.{key}",
                        value,
                        "a known parameter",
                        f"did you mean {dotted(near[0])}?" if near else "see docs",
                    )
                    continue
                default = getattr(Parameters(), name)
                value = tuple(value) if isinstance(default, tuple) and isinstance(value, list) else value
                if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
                    value = float(value)
                if type(value) is not type(default):
                    self._wrong(f"{section}.{key}", value, type(default).__name__, f"for example {default}")
                    continue
                given[name] = value
        parameters = Parameters(**given)
        if parameters.sla_reaction_ack not in {"normal_only", "none", "all"}:
            self._wrong("sla.reaction_ack", parameters.sla_reaction_ack, "normal_only, none or all", "A-10")
            parameters = Parameters(**{**given, "sla_reaction_ack": "normal_only"})
        for wrong in check_parameters(parameters):
            bound = wrong.bound
            word = (
                "the plan states this limit; it can be stricter, never looser"
                if bound.stated
                else "outside what is sensible"
            )
            self._wrong(dotted(wrong.key), wrong.value, f"{bound.low:g} to {bound.high:g}", f"{bound.rule}: {word}")
        return parameters

    def _calendar(self, departments: tuple[Department, ...], people: tuple[Person, ...]) -> CalendarData:
        company = dict(self._raw.get("company", {}))
        section = {"timezone": company.get("timezone", "Asia/Shanghai"), **dict(self._raw.get("calendar", {}))}
        try:
            return calendar_data_from_company(section, departments, people)
        except ConfigError as problem:
            self._problems.extend(problem.problems)
            return CalendarData()

    def _sequences(self) -> dict[CodeKind, int]:
        found: dict[CodeKind, int] = {}
        for key, value in dict(self._raw.get("sequence", {})).items():
            if key not in set(CodeKind):
                self._wrong(f"sequence.{key}", value, ", ".join(k.value for k in CodeKind), "use the code's letters")
            elif not isinstance(value, int) or value < 1:
                self._wrong(f"sequence.{key}", value, "a number from 1", "the next number to be issued")
            else:
                found[CodeKind(key)] = value
        return found

    # ------------------------------------------------------------ groups and seeds

    def _group(self, raw: Mapping[str, Any], index: int, people: tuple[Person, ...], items: tuple[Item, ...]) -> Group:
        place = f"group[{raw.get('id', index)}]."
        self._unknown(place, raw, _GROUP_KEYS)
        platform = str(raw.get("platform", ""))
        by_id = {p.id: p for p in people}
        members: list[AccountKey] = []
        for member in raw.get("members", []):
            person = by_id.get(PersonId(member))
            if person is None:
                self._wrong(place + "members", member, "the id of a person", "mend the id")
                continue
            account = person.account_on(platform)
            if account is not None:
                members.append(account)
        item = str(raw.get("item", ""))
        if item and item not in {i.code for i in items}:
            self._wrong(place + "item", item, "the code of a seed item", "add it under [[seed.item]] or leave it out")
        return Group(
            id=str(raw.get("id", index)),
            purpose=GroupPurpose.DEDICATED if item else GroupPurpose.CROSS_DEPARTMENT,
            state=GroupState.CHECKING,
            name=str(raw.get("name", "")),
            platform=platform,
            item=Code(item) if item else None,
            chat=ChatKey(platform, str(raw.get("chat") or raw.get("id", index))),
            members=tuple(members),
        )

    def _item(self, raw: Mapping[str, Any], index: int) -> Item:
        place = f"seed.item[{raw.get('id', index)}]."
        try:
            return Item(
                code=Code(str(raw["id"])),
                title=str(raw["title"]),
                short=str(raw.get("short", raw["title"])),
                level=Level(str(raw.get("level", "日常"))),
                lead=DepartmentId(str(raw["lead"])),
                coop=tuple(DepartmentId(str(c)) for c in raw.get("coop", [])),
                state=ItemState(str(raw.get("state", "in_progress"))),
                serves=str(raw.get("serves", "")),
                request=str(raw.get("request", "")),
                plan=str(raw.get("plan", "")),
                plan_version=int(raw.get("plan_version", 0)),
                start_on=raw.get("start_on"),
                end_on=raw.get("end_on"),
                members=tuple(PersonId(str(m)) for m in raw.get("project_members", [])),
                is_key_project=any(raw["id"] in k.get("items", []) for k in self._tables("key_project")),
                secrecy=int(raw.get("secrecy", 0)),
                access=tuple(PersonId(str(m)) for m in raw.get("access", [])),
            )
        except (KeyError, ValueError) as problem:
            self._wrong(place, problem, "id, title, lead, level 日常 or 专项, a state of 3.3", "mend the seed item")
            return Item(
                code=Code(f"?{index}"),
                title="",
                short="",
                level=Level.ROUTINE,
                lead=DepartmentId(""),
                coop=(),
                state=ItemState.PLANNING,
            )

    @staticmethod
    def _seed_task(raw: Mapping[str, Any]) -> SeedTask:
        return SeedTask(
            code=str(raw["id"]),
            item=str(raw.get("item", "")),
            title=str(raw["title"]),
            department=DepartmentId(str(raw["dept"])),
            owner=PersonId(str(raw["owner"])),
            due_at=raw["due"],
            progress=int(raw.get("progress", 0)),
        )

    @staticmethod
    def _seed_issue(raw: Mapping[str, Any]) -> SeedIssue:
        return SeedIssue(
            code=str(raw["id"]),
            item=str(raw.get("item", "")),
            title=str(raw["title"]),
            lead=DepartmentId(str(raw["lead"])),
            coop=tuple(DepartmentId(str(c)) for c in raw.get("coop", [])),
            reporter=PersonId(str(raw["reporter"])),
            filed_at=raw["filed_at"],
            graded_at=raw.get("graded_at"),
            grade=str(raw.get("grade", "")),
            state=str(raw.get("state", "")),
            due_at=raw.get("due"),
        )

    @staticmethod
    def _seed_meeting(raw: Mapping[str, Any]) -> SeedMeeting:
        return SeedMeeting(
            code=str(raw["id"]),
            kind=str(raw["kind"]),
            start_at=raw["start"],
            end_at=raw["end"],
            minutes=str(raw.get("minutes", "")),
            minutes_state=str(raw.get("minutes_state", "")),
            minutes_due_at=raw.get("minutes_due"),
        )


def difference(people: Iterable[Person], departments: Iterable[Department], file: CompanyFile) -> tuple[Change, ...]:
    """What taking the file over would change. People and departments that vanish are kept as inactive."""
    return (
        *_compare("department", {d.id: d for d in departments}, {d.id: d for d in file.departments}),
        *_compare("person", {p.id: p for p in people}, {p.id: p for p in file.people}),
    )


def _compare(what: str, before: Mapping[Any, Any], after: Mapping[Any, Any]) -> list[Change]:
    changes: list[Change] = []
    for key, new in after.items():
        old = before.get(key)
        if old is None:
            changes.append(Change(what=what, key=key, field="", before="", after=new.name))
            continue
        for name in new.__dataclass_fields__:
            if name != "version" and getattr(old, name) != getattr(new, name):
                changes.append(
                    Change(
                        what=what,
                        key=key,
                        field=name,
                        before=_shown(getattr(old, name)),
                        after=_shown(getattr(new, name)),
                    )
                )
    changes.extend(
        Change(what=what, key=key, field="", before=old.name, after="")
        for key, old in before.items()
        if key not in after and old.is_active
    )
    return changes


def _shown(value: object) -> str:
    match value:
        case frozenset():
            return ",".join(sorted(map(str, value)))
        case dict():
            return ",".join(f"{k}={v}" for k, v in sorted(value.items()))
        case None:
            return ""
        case _:
            return str(value)
