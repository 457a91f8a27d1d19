"""The company as the platform describes it: departments and people, read once and completely (wecom.md 7).

New apps get fewer fields than old ones, and some lists not at all: names of departments are then asked for one by one, and
people are known by what the short list says. A field that is missing is no error.
"""

from __future__ import annotations

from datetime import datetime

from adapters._hardened_json import JsonTable, JsonValue
from adapters._leaders import above
from adapters._members import tables, text, texts
from adapters.wecom.api import Api
from adapters.wecom.event import PLATFORM
from adapters.wecom.render import Call
from bot.errors import FailureKind, PlatformError
from bot.ports import DirectoryDepartment, DirectoryPerson, DirectorySnapshot

#: states of an account whose owner does not work here, or not any more
_DISABLED, _LEFT = 2, 5
_PASSING = frozenset({FailureKind.RETRY, FailureKind.UNKNOWN, FailureKind.REFRESH})


def departments_call() -> Call:
    """All departments that the app sees, with their names."""
    return Call(operation="department/list", method="GET")


def tree_call() -> Call:
    """Their ids alone, which every app may read."""
    return Call(operation="department/simplelist", method="GET")


def department_call(department: str) -> Call:
    """One department."""
    return Call(operation="department/get", method="GET", query=(("id", department),))


def staff_call(department: str) -> Call:
    """The people who belong to a department directly, with what the app may know of them."""
    return Call(operation="user/list", method="GET", query=(("department_id", department),))


def short_staff_call(department: str) -> Call:
    """The same people, by id and name."""
    return Call(operation="user/simplelist", method="GET", query=(("department_id", department),))


class People:
    """Reads the address book."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._is_short = False

    async def roots(self) -> list[str]:
        """The departments that the app sees, by id. Raises PlatformError."""
        answer = await self._api.read(tree_call())
        return [_number(one.get("id")) for one in tables(answer, "department_id")]

    async def snapshot(self, *, now: datetime) -> DirectorySnapshot:
        """Everybody and everything that is visible. Raises PlatformError; half a company is never returned."""
        departments = await self._departments()
        people: dict[str, JsonTable] = {}
        homes: dict[str, list[str]] = {}
        self._is_short = False
        for department in departments:
            for one in await self._staff(department):
                user = text(one, "userid")
                if user:
                    people.setdefault(user, one)
                    homes.setdefault(user, []).append(department)
        leaders = {id_: _leader(one) for id_, one in departments.items()}
        parents = {id_: _number(one.get("parentid")) for id_, one in departments.items()}
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
        """All departments by id; one by one where the list is refused or nameless."""
        try:
            listed = tables(await self._api.read(departments_call()), "department")
        except PlatformError as problem:
            if problem.kind in _PASSING or problem.code == "60020":
                raise
            listed = []
        found = {_number(one.get("id")): one for one in listed}
        if found and all(text(one, "name") for one in found.values()):
            return {key: one for key, one in found.items() if key}
        return {number: await self._department(number) for number in await self.roots() if number}

    async def _department(self, number: str) -> JsonTable:
        answer = await self._api.read(department_call(number))
        one = answer.get("department")
        return one if isinstance(one, dict) else {}

    async def _staff(self, department: str) -> list[JsonTable]:
        """The people of a department; once the long list was refused it is not asked for again."""
        if not self._is_short:
            try:
                return tables(await self._api.read(staff_call(department)), "userlist")
            except PlatformError as problem:
                if problem.code not in {"48002", "48009", "60011", "301002"}:
                    raise
                self._is_short = True
        return tables(await self._api.read(short_staff_call(department)), "userlist")


def _leader(department: JsonTable) -> str:
    return next(iter(texts(department, "department_leader")), "")


def _person(
    one: JsonTable, departments: tuple[str, ...], leaders: dict[str, str], parents: dict[str, str]
) -> DirectoryPerson:
    user, status = text(one, "userid"), one.get("status")
    leader = next(iter(texts(one, "direct_leader")), "")
    return DirectoryPerson(
        account=user,
        name=text(one, "name"),
        departments=departments,
        title=text(one, "position"),
        phone=text(one, "mobile"),
        employee_no="",
        is_active=status not in {_DISABLED, _LEFT},
        leader_account=leader or above(user, departments, leaders, parents),
    )


def _number(value: JsonValue) -> str:
    """A whole number, written as one or as a text; empty for anything else."""
    digits = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return digits if isinstance(digits, str) and digits.isascii() and digits.isdigit() and len(digits) < 19 else ""
