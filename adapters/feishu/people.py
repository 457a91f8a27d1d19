"""The company as the platform describes it: departments and people, read once and completely (feishu.md 7).

What the app may read is asked first; each root's tree is read with one recursive list, or level by level where the
platform refuses that. A field that is missing is a scope that is missing, never an error.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from adapters._hardened_json import JsonTable
from adapters.feishu.api import Api, table_of, tables_of, text_of, texts_of
from adapters.feishu.render import Call, Query
from bot.errors import FailureKind, PlatformError
from bot.ports import DirectoryDepartment, DirectoryPerson, DirectorySnapshot

_CONTACT = "/open-apis/contact/v3"
_IDS: Query = (("department_id_type", "open_department_id"), ("user_id_type", "open_id"))
_PAGE = ("page_size", "50")
_AT_ONCE = 50
#: departments whose people are read at the same time; the platform takes 50 calls a second
_PARALLEL = 4
_ROOT = "0"
#: the recursive list is refused for large departments
_TOO_LARGE = frozenset({"40162", "43010"})
#: ids that are asked about but are not there (any more)
_ABSENT = frozenset({"99992351", "99992352", "99992361", "41012"})
#: states of an account whose owner does not work here, or not any more
_GONE_FROM_WORK = ("is_resigned", "is_exited", "is_frozen")


def range_call() -> Call:
    """What the app may read of the address book."""
    query = (*_IDS, ("page_size", "100"))
    return Call(operation="contact.v3.scope.list", method="GET", path=f"{_CONTACT}/scopes", query=query)


def users_call(accounts: Sequence[str]) -> Call:
    """Up to 50 people by open_id."""
    query = (*_IDS, *(("user_ids", one) for one in accounts[:_AT_ONCE]))
    return Call(operation="contact.v3.user.batch", method="GET", path=f"{_CONTACT}/users/batch", query=query)


def departments_call(ids: Sequence[str]) -> Call:
    """Up to 50 departments."""
    query = (*_IDS, *(("department_ids", one) for one in ids[:_AT_ONCE]))
    return Call(
        operation="contact.v3.department.batch", method="GET", path=f"{_CONTACT}/departments/batch", query=query
    )


def children_call(department: str, *, is_recursive: bool) -> Call:
    """The departments below one, directly or at any depth."""
    query = (*_IDS, _PAGE, ("fetch_child", "true" if is_recursive else "false"))
    path = f"{_CONTACT}/departments/{department}/children"
    return Call(operation="contact.v3.department.children", method="GET", path=path, query=query)


def staff_call(department: str) -> Call:
    """The people who belong to a department directly."""
    query = (*_IDS, _PAGE, ("department_id", department))
    path = f"{_CONTACT}/users/find_by_department"
    return Call(operation="contact.v3.user.find_by_department", method="GET", path=path, query=query)


class People:
    """Reads the address book."""

    def __init__(self, api: Api, *, platform: str) -> None:
        self._api = api
        self._platform = platform

    async def range(self) -> tuple[list[str], list[str]]:
        """The top departments and the single people that the app may read. Raises PlatformError."""
        departments: list[str] = []
        people: list[str] = []
        async for data in self._api.pages(range_call()):
            departments.extend(texts_of(data, "department_ids"))
            people.extend(texts_of(data, "user_ids"))
        return list(dict.fromkeys(departments)), list(dict.fromkeys(people))

    async def snapshot(self, *, now: datetime) -> DirectorySnapshot:
        """Everybody and everything that is visible. Raises PlatformError; half a company is never returned."""
        roots, singles = await self.range()
        departments = await self._departments(roots)
        users = [*await self._top_level(), *await self._everybody_in(departments)]
        known = {text_of(user, "open_id") for user in users}
        users.extend(await self._singles([one for one in singles if one not in known]))
        people = {person.account: person for person in map(_person, users) if person.account}
        return DirectorySnapshot(
            platform=self._platform,
            people=tuple(people.values()),
            departments=tuple(_department(one, departments) for one in departments.values()),
            read_at=now,
        )

    async def _departments(self, roots: Iterable[str]) -> dict[str, JsonTable]:
        """All departments from the roots down, by id."""
        found: dict[str, JsonTable] = {}
        named = [one for one in roots if one != _ROOT]
        for start in range(0, len(named), _AT_ONCE):
            _keep(found, tables_of(await self._known(departments_call(named[start : start + _AT_ONCE])), "items"))
        for root in roots:
            await self._below(root, found, is_recursive=True)
        return found

    async def _below(self, department: str, found: dict[str, JsonTable], *, is_recursive: bool) -> None:
        try:
            children: list[JsonTable] = []
            async for data in self._api.pages(children_call(department, is_recursive=is_recursive)):
                children.extend(tables_of(data, "items"))
        except PlatformError as problem:
            if not is_recursive or problem.code not in _TOO_LARGE:
                raise
            await self._below(department, found, is_recursive=False)
            return
        fresh = _keep(found, children)
        if not is_recursive:
            for child in fresh:
                await self._below(child, found, is_recursive=False)

    async def _top_level(self) -> list[JsonTable]:
        """People who belong to no department; only an app that may read everybody is told."""
        try:
            return await self._staff(_ROOT, asyncio.Semaphore(1))
        except PlatformError as problem:
            if problem.kind in {FailureKind.ADMINISTRATOR, FailureKind.PERMANENT}:
                return []
            raise

    async def _everybody_in(self, departments: Iterable[str]) -> list[JsonTable]:
        gate = asyncio.Semaphore(_PARALLEL)
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._staff(one, gate)) for one in departments]
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None
        return [user for task in tasks for user in task.result()]

    async def _staff(self, department: str, gate: asyncio.Semaphore) -> list[JsonTable]:
        users: list[JsonTable] = []
        async with gate:
            async for data in self._api.pages(staff_call(department)):
                users.extend(tables_of(data, "items"))
        return users

    async def _singles(self, accounts: Sequence[str]) -> list[JsonTable]:
        """People who are visible on their own: of the top level, or named one by one in the range."""
        users: list[JsonTable] = []
        for start in range(0, len(accounts), _AT_ONCE):
            users.extend(tables_of(await self._known(users_call(accounts[start : start + _AT_ONCE])), "items"))
        return users

    async def _known(self, call: Call) -> JsonTable:
        """The answer, empty when nothing that was asked for is there any more."""
        try:
            return await self._api.read(call)
        except PlatformError as problem:
            if problem.code in _ABSENT:
                return {}
            raise


def _keep(found: dict[str, JsonTable], departments: Iterable[JsonTable]) -> list[str]:
    """Take in departments that exist; returns the ids that are new, so that a circle ends."""
    fresh: list[str] = []
    for one in departments:
        key = text_of(one, "open_department_id")
        if key and key not in found and table_of(one, "status").get("is_deleted") is not True:
            found[key] = one
            fresh.append(key)
    return fresh


def _department(one: JsonTable, known: Mapping[str, JsonTable]) -> DirectoryDepartment:
    parent = text_of(one, "parent_department_id")
    return DirectoryDepartment(
        id=text_of(one, "open_department_id"),
        name=text_of(one, "name"),
        parent=parent if parent in known else "",
        leader_account=text_of(one, "leader_user_id"),
    )


def _person(user: JsonTable) -> DirectoryPerson:
    return DirectoryPerson(
        account=text_of(user, "open_id"),
        name=text_of(user, "name"),
        departments=_memberships(user),
        title=text_of(user, "job_title"),
        phone=text_of(user, "mobile"),
        employee_no=text_of(user, "employee_no"),
        is_active=not any(table_of(user, "status").get(name) is True for name in _GONE_FROM_WORK),
        leader_account=text_of(user, "leader_user_id"),
    )


def _memberships(user: JsonTable) -> tuple[str, ...]:
    """Departments, the primary one first; the top of the company is none."""
    orders = tables_of(user, "orders")
    primary = [text_of(one, "department_id") for one in orders if one.get("is_primary_dept") is True]
    return tuple(dict.fromkeys(one for one in (*primary, *texts_of(user, "department_ids")) if one and one != _ROOT))
