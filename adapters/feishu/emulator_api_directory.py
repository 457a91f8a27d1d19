"""Calls of the address book, contact v3 (feishu.md 7). Leavers are in no list; ids of every kind can be asked for."""

from __future__ import annotations

from adapters._emulator.http_face import Call
from adapters._emulator.wire_json import Json, as_rows, flag, texts
from adapters.feishu.emulator_codes import ApiError, invalid_field
from adapters.feishu.emulator_events import status_of
from adapters.feishu.emulator_server import Route, page_of
from adapters.feishu.emulator_state import EmulatedDepartment, EmulatedPerson, PersonStatus, State

#: the root of every tenant
ROOT = "0"
PAGE = 50
#: recursion is refused below a department with more sub-departments than that
RECURSION_LIMIT = 500
_DEPARTMENT_SCOPES = ("contact:contact.base:readonly", "contact:contact:readonly_as_app")
_ID_SCOPES = ("contact:user.id:readonly",)


class DirectoryApi:
    """Departments and users."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        """The calls of this file; fixed paths stand before those with a parameter."""
        base = "/open-apis/contact/v3"
        table = (
            ("GET", "/scopes", "contact.v3.scope.list", self._scope),
            ("GET", "/departments/batch", "contact.v3.department.batch", self._departments),
            ("GET", "/departments/parent", "contact.v3.department.parent", self._parents),
            ("GET", "/departments/:department_id/children", "contact.v3.department.children", self._children),
            ("GET", "/departments/:department_id", "contact.v3.department.get", self._department),
            ("GET", "/users/find_by_department", "contact.v3.user.find_by_department", self._members),
            ("GET", "/users/batch", "contact.v3.user.batch", self._users),
            ("POST", "/users/batch_get_id", "contact.v3.user.batch_get_id", self._find_ids),
            ("GET", "/users/:user_id", "contact.v3.user.get", self._user),
        )
        return [
            Route(
                method=method,
                path=base + path,
                operation=operation,
                run=run,
                scopes=_ID_SCOPES if path.endswith("batch_get_id") else _DEPARTMENT_SCOPES,
            )
            for method, path, operation, run in table
        ]

    def _scope(self, call: Call) -> Json:
        """For all staff the top departments and the people of none; else what the console names. Pages hold both."""
        allowed = self._state.contact_range
        if allowed is None:
            departments = [d.id for d in self._state.departments.values() if d.parent == ROOT]
            people = [p.account for p in self._listed() if not p.departments]
        else:
            departments = [one for one in self._state.departments if one in allowed]
            people = [p.account for p in self._listed() if p.account in allowed]
        kind = call.arg("user_id_type", "open_id")
        listed: list[Json] = [{"department": self._shown_id(call, one)} for one in departments]
        listed.extend({"person": self._state.id_of(one, kind)} for one in people)
        page = page_of(call, listed, most=100, code=40011)
        items = as_rows(page.pop("items"))
        return page | {
            "department_ids": [one["department"] for one in items if "department" in one],
            "user_ids": [one["person"] for one in items if "person" in one],
            "group_ids": [],
        }

    def _listed(self) -> list[EmulatedPerson]:
        """Everybody who works here."""
        people = self._state.people.values()
        return [p for p in people if p.status is not PersonStatus.RESIGNED and not p.guest_of]

    def _children(self, call: Call) -> Json:
        parent = self._department_id(call, call.path["department_id"])
        if parent == ROOT and self._state.contact_range is not None:
            raise ApiError(40014)
        below = self._below(parent, recursive=call.arg("fetch_child") == "true")
        if call.arg("fetch_child") == "true" and len(below) > RECURSION_LIMIT:
            raise ApiError(40162)
        return page_of(call, [self._shown_department(call, department) for department in below], most=PAGE, code=40011)

    def _below(self, parent: str, *, recursive: bool) -> list[EmulatedDepartment]:
        found: list[EmulatedDepartment] = []
        for department in self._state.departments.values():
            if department.parent == parent:
                found.append(department)
                if recursive:
                    found.extend(self._below(department.id, recursive=True))
        return found

    def _department(self, call: Call) -> Json:
        department = self._state.departments[self._department_id(call, call.path["department_id"], allow_root=False)]
        return {"department": self._shown_department(call, department)}

    def _departments(self, call: Call) -> Json:
        wanted = [self._department_id(call, given, allow_root=False) for given in call.args("department_ids")]
        _at_most(wanted, "department_ids")
        return {"items": [self._shown_department(call, self._state.departments[one]) for one in wanted]}

    def _parents(self, call: Call) -> Json:
        chain: list[Json] = []
        current = self._state.departments.get(self._department_id(call, call.arg("department_id")))
        while current is not None and current.parent in self._state.departments:
            if not self._state.can_read_department(current.parent):
                break  # the chain ends at the range
            current = self._state.departments[current.parent]
            chain.append(self._shown_department(call, current))
        return page_of(call, chain, most=PAGE, code=40011)

    def _members(self, call: Call) -> Json:
        department = self._department_id(call, call.arg("department_id"))
        if department == ROOT and self._state.contact_range is not None:
            raise ApiError(40004)
        direct = [
            person
            for person in self._listed()
            if department in person.departments or (department == ROOT and not person.departments)
        ]
        return page_of(call, [self._shown_person(call, person) for person in direct], most=PAGE, code=40011)

    def _user(self, call: Call) -> Json:
        person = self._state.person_by(call.arg("user_id_type", "open_id"), call.path["user_id"])
        if person is None:
            raise ApiError(_UNKNOWN.get(call.arg("user_id_type", "open_id"), 41012), call.path["user_id"])
        if not self._state.can_read_person(person):
            raise ApiError(41050)
        return {"user": self._shown_person(call, person)}

    def _users(self, call: Call) -> Json:
        wanted = call.args("user_ids")
        _at_most(wanted, "user_ids")
        found = [self._state.person_by(call.arg("user_id_type", "open_id"), one) for one in wanted]
        readable = [person for person in found if person is not None and self._state.can_read_person(person)]
        return {"items": [self._shown_person(call, person) for person in readable]}

    def _find_ids(self, call: Call) -> Json:
        with_leavers = flag(call.body, "include_resigned")
        listed: list[Json] = []
        for kind, key in (("email", "emails"), ("mobile", "mobiles")):
            wanted = texts(call.body, key)
            _at_most(wanted, key)
            for value in wanted:
                person = self._by_contact(kind, value, with_leavers=with_leavers)
                entry: Json = {kind: value}
                if person is not None:
                    entry["user_id"] = self._state.id_of(person.account, call.arg("user_id_type", "open_id"))
                    entry["status"] = status_of(person)
                listed.append(entry)
        return {"user_list": listed}

    def _by_contact(self, kind: str, value: str, *, with_leavers: bool) -> EmulatedPerson | None:
        for person in self._state.people.values():
            is_wanted = value in {person.email if kind == "email" else person.mobile}
            is_here = with_leavers or person.status is not PersonStatus.RESIGNED
            if is_wanted and is_here and self._state.can_read_person(person):
                return person
        return None

    def _department_id(self, call: Call, given: str, *, allow_root: bool = True) -> str:
        """The open_department_id of what was given under either id type. Raises ApiError 99992352."""
        if given == ROOT and allow_root:
            return ROOT
        wanted = given
        if call.arg("department_id_type", "open_department_id") == "department_id":
            wanted = given if given.startswith("od-") else f"od-{given}"
        if wanted not in self._state.departments:
            raise ApiError(99992352, given)
        if not self._state.can_read_department(wanted):
            raise ApiError(40004, given)
        return wanted

    def _shown_department(self, call: Call, department: EmulatedDepartment) -> Json:
        kind = call.arg("user_id_type", "open_id")
        leader = self._state.id_of(department.leader, kind) if department.leader else ""
        direct = sum(department.id in person.departments for person in self._state.people.values())
        return {
            "name": department.name,
            "parent_department_id": self._shown_id(call, department.parent),
            "department_id": department.id.removeprefix("od-"),
            "open_department_id": department.id,
            "leader_user_id": leader,
            "leaders": [{"leaderType": 1, "leaderID": leader}] if leader else [],
            "order": "100",
            "member_count": direct,
            "status": {"is_deleted": False},
        }

    def _shown_id(self, call: Call, department: str) -> str:
        if call.arg("department_id_type", "open_department_id") == "department_id":
            return department.removeprefix("od-")
        return department

    def _shown_person(self, call: Call, person: EmulatedPerson) -> Json:
        """A missing field means a missing scope, not an error."""
        kind = call.arg("user_id_type", "open_id")
        scopes = self._state.scopes
        shown: Json = {"open_id": person.account, "union_id": person.union_id, "status": status_of(person)}
        if "contact:user.base:readonly" in scopes:
            shown |= {"name": person.name, "en_name": person.name, "is_tenant_manager": False}
        if "contact:user.employee_id:readonly" in scopes:
            shown["user_id"] = person.user_id
        if "contact:user.department:readonly" in scopes:
            shown["department_ids"] = [self._shown_id(call, one) for one in person.departments or [ROOT]]
            shown["orders"] = [
                {
                    "department_id": self._shown_id(call, one),
                    "user_order": 0,
                    "department_order": place,
                    "is_primary_dept": place == 0,
                }
                for place, one in enumerate(person.departments)
            ]
            shown["leader_user_id"] = self._state.id_of(person.leader, kind) if person.leader else ""
        if "contact:user.employee:readonly" in scopes:
            shown |= {"job_title": person.title, "employee_no": person.employee_no}
        if "contact:user.email:readonly" in scopes and person.email:
            shown["email"] = person.email
        if "contact:user.phone:readonly" in scopes and person.mobile:
            shown["mobile"] = person.mobile
        return shown


#: the code for an id that belongs to nobody, by its kind
_UNKNOWN = {"open_id": 99992351, "user_id": 99992359, "union_id": 99992351}


def _at_most(wanted: list[str], name: str) -> None:
    if len(wanted) > PAGE:
        raise invalid_field(name, f"at most {PAGE}")
