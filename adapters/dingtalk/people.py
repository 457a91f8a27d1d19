"""The company as the platform describes it: departments and people, read once and completely (dingtalk.md 6).

The tree is walked level by level from its root; a page that says numbers as texts, or one thing where a list is expected,
is read all the same. A field that is missing is a permission that is missing, never an error.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime

from adapters._hardened_json import JsonTable, JsonValue
from adapters._leaders import above
from adapters._members import table, text
from adapters.dingtalk.api import Api
from adapters.dingtalk.event import PLATFORM
from adapters.dingtalk.render import Call
from bot.errors import FailureKind, PlatformError
from bot.ports import DirectoryDepartment, DirectoryPerson, DirectorySnapshot

_ROOT = "1"
_PAGE = 100
#: more of either is no company
_DEPARTMENTS, _PAGES = 5_000, 2_000


def children_call(department: str) -> Call:
    """The departments directly below one."""
    return _call("department.listsub", "/topapi/v2/department/listsub", {"dept_id": int(department)})


def department_call(department: str) -> Call:
    """One department, with who leads it."""
    return _call("department.get", "/topapi/v2/department/get", {"dept_id": int(department)})


def staff_call(department: str, cursor: int) -> Call:
    """One page of the people who belong to a department directly."""
    return _call("user.list", "/topapi/v2/user/list", {"dept_id": int(department), "cursor": cursor, "size": _PAGE})


def _call(operation: str, path: str, body: JsonTable) -> Call:
    return Call(operation=operation, method="POST", path=path, body=body, is_legacy=True)


class People:
    """Reads the address book."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def top(self) -> list[str]:
        """The departments below the root, to see whether anything is visible. Raises PlatformError."""
        return [
            _number(one.get("dept_id")) for one in _tables((await self._api.read(children_call(_ROOT))).get("result"))
        ]

    async def snapshot(self, *, now: datetime) -> DirectorySnapshot:
        """Everybody and everything that is visible. Raises PlatformError; half a company is never returned."""
        departments = await self._departments()
        people: dict[str, JsonTable] = {}
        homes: dict[str, list[str]] = {}
        for department in departments:
            async for one in self._staff(department):
                user = text(one, "userid")
                if user:
                    people.setdefault(user, one)
                    homes.setdefault(user, []).extend([department] if department != _ROOT else [])
        del departments[_ROOT]
        leaders = {id_: await self._leader(id_) for id_ in departments}
        above = {id_: _number(one.get("parent_id")) for id_, one in departments.items()}
        parents = {id_: parent if parent in departments else "" for id_, parent in above.items()}
        return DirectorySnapshot(
            platform=PLATFORM,
            people=tuple(_person(one, tuple(homes[user]), leaders, parents) for user, one in people.items()),
            departments=tuple(
                DirectoryDepartment(id=id_, name=text(one, "name"), parent=parents[id_], leader_account=leaders[id_])
                for id_, one in departments.items()
            ),
            read_at=now,
        )

    async def _departments(self) -> dict[str, JsonTable]:
        """All departments from the root down, by id; the root is the company itself."""
        found: dict[str, JsonTable] = {_ROOT: {"dept_id": 1, "name": "", "parent_id": 0}}
        waiting = [_ROOT]
        while waiting:
            answer = await self._api.read(children_call(waiting.pop(0)))
            for one in _tables(answer.get("result")):
                number = _number(one.get("dept_id"))
                if number and number not in found:
                    found[number] = one
                    waiting.append(number)
            if len(found) > _DEPARTMENTS:
                raise PlatformError(FailureKind.PERMANENT, code="endless_tree", operation="department.listsub")
        return found

    async def _staff(self, department: str) -> AsyncIterator[JsonTable]:
        cursor = 0
        for _ in range(_PAGES):
            result = table(await self._api.read(staff_call(department, cursor)), "result")
            for one in _tables(result.get("list")):
                yield one
            following = _number(result.get("next_cursor"))
            if not _is_true(result.get("has_more")) or not following or int(following) <= cursor:
                return
            cursor = int(following)
        raise PlatformError(FailureKind.PERMANENT, code="endless_list", operation="user.list")

    async def _leader(self, department: str) -> str:
        try:
            result = table(await self._api.read(department_call(department)), "result")
        except PlatformError as problem:
            if problem.kind in {FailureKind.RETRY, FailureKind.UNKNOWN}:
                raise
            return ""
        return next(iter(_texts(result.get("dept_manager_userid_list"))), "")


def _person(
    one: JsonTable, departments: tuple[str, ...], leaders: dict[str, str], parents: dict[str, str]
) -> DirectoryPerson:
    user = text(one, "userid")
    return DirectoryPerson(
        account=user,
        name=text(one, "name"),
        departments=departments,
        title=text(one, "title"),
        phone=text(one, "mobile"),
        employee_no=text(one, "job_number"),
        is_active=one.get("active") is not False,
        leader_account=text(one, "manager_userid") or above(user, departments, leaders, parents),
    )


# ------------------------------------------------------------------ lenient members


def _tables(value: JsonValue) -> Iterator[JsonTable]:
    """The tables of a list; one that stands alone is a list of one."""
    given = value if isinstance(value, list) else [value]
    return (one for one in given if isinstance(one, dict))


def _texts(value: JsonValue) -> Iterator[str]:
    given = value if isinstance(value, list) else [value]
    return (one for one in given if isinstance(one, str) and one)


def _number(value: JsonValue) -> str:
    """A whole number, written as one or as a text; empty for anything else."""
    digits = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return digits if isinstance(digits, str) and digits.isascii() and digits.isdigit() and len(digits) < 19 else ""


def _is_true(value: JsonValue) -> bool:
    return value is True or value == "true"
