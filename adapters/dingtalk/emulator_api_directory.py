"""The address book over the legacy API: departments and people, inside the app's contact range (dingtalk.md 6)."""

from __future__ import annotations

from adapters._emulator.http_face import Call
from adapters._emulator.wire_json import Json
from adapters.dingtalk import emulator_codes as codes
from adapters.dingtalk.emulator_codes import ApiError, LegacyError
from adapters.dingtalk.emulator_fields import legacy_number, legacy_text
from adapters.dingtalk.emulator_limits import USER_PAGE
from adapters.dingtalk.emulator_server import Route
from adapters.dingtalk.emulator_state import (
    DEPARTMENTS_SCOPE,
    MEMBERS_SCOPE,
    MOBILE_SCOPE,
    PERSON_SCOPE,
    ROOT,
    EmulatedDepartment,
    EmulatedPerson,
    PersonStatus,
    State,
)


class DirectoryApi:
    """Departments and people. None of it uses up the calls of the month."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        """The calls of this file."""
        calls = (
            ("/topapi/v2/department/listsub", "department.listsub", self._below, DEPARTMENTS_SCOPE),
            ("/topapi/v2/department/listsubid", "department.listsubid", self._ids_below, DEPARTMENTS_SCOPE),
            ("/topapi/v2/department/get", "department.get", self._department, DEPARTMENTS_SCOPE),
            ("/topapi/v2/user/list", "user.list", self._people, MEMBERS_SCOPE),
            ("/topapi/user/listid", "user.listid", self._ids, MEMBERS_SCOPE),
            ("/topapi/v2/user/get", "user.get", self._person, PERSON_SCOPE),
            ("/topapi/v2/user/getbymobile", "user.getbymobile", self._by_mobile, MOBILE_SCOPE),
            ("/topapi/user/getbyunionid", "user.getbyunionid", self._by_union, PERSON_SCOPE),
        )
        found = [
            Route(method="POST", path=path, operation=operation, run=run, scopes=(scope,), is_paid=False)
            for path, operation, run, scope in calls
        ]
        found.append(
            Route(
                method="GET",
                path="/v1.0/contact/user/getByDingTalkId",
                operation="contact.user.getByDingTalkId",
                run=self._by_dingtalk_id,
                scopes=(PERSON_SCOPE,),
                is_paid=False,
            )
        )
        return found

    # ------------------------------------------------------------------ departments

    def _below(self, call: Call) -> Json:
        """POST /topapi/v2/department/listsub: one level."""
        return {"result": [self._shown_department(one) for one in self._children(call)]}

    def _ids_below(self, call: Call) -> Json:
        """POST /topapi/v2/department/listsubid."""
        return {"result": {"dept_id_list": [int(one.id) for one in self._children(call)]}}

    def _children(self, call: Call) -> list[EmulatedDepartment]:
        parent = self._department_id(call, default=int(ROOT))
        return [one for one in self._state.departments.values() if one.parent == parent]

    def _department(self, call: Call) -> Json:
        """POST /topapi/v2/department/get."""
        found = self._state.departments.get(self._department_id(call))
        if found is None:
            return {"result": {"dept_id": int(ROOT), "name": "公司", "dept_manager_userid_list": []}}
        leaders = [found.leader] if found.leader else []
        return {"result": self._shown_department(found) | {"dept_manager_userid_list": leaders}}

    def _department_id(self, call: Call, *, default: int | None = None) -> str:
        wanted = str(legacy_number(call.body, "dept_id", default=default))
        if wanted != ROOT and wanted not in self._state.departments:
            raise LegacyError(codes.LEGACY_NO_DEPARTMENT, "部门不存在")
        return wanted

    @staticmethod
    def _shown_department(one: EmulatedDepartment) -> Json:
        return {
            "dept_id": int(one.id),
            "name": one.name,
            "parent_id": int(one.parent),
            "create_dept_group": False,
            "auto_add_user": False,
        }

    # ------------------------------------------------------------------ people

    def _members(self, call: Call) -> list[EmulatedPerson]:
        department = self._department_id(call)
        return [
            one
            for one in self._state.people.values()
            if department in (one.departments or [ROOT]) and self._is_listed(one)
        ]

    def _people(self, call: Call) -> Json:
        """POST /topapi/v2/user/list."""
        everybody = self._members(call)
        start = legacy_number(call.body, "cursor")
        size = legacy_number(call.body, "size", most=USER_PAGE)
        if size < 1:
            raise LegacyError(codes.LEGACY_BAD_PARAMETER, "size")
        end = start + size
        result: Json = {
            "list": [self._shown(one) for one in everybody[start:end]],
            "has_more": end < len(everybody),
        }
        if end < len(everybody):
            result["next_cursor"] = end
        return {"result": result}

    def _ids(self, call: Call) -> Json:
        """POST /topapi/user/listid."""
        return {"result": {"userid_list": [one.account for one in self._members(call)]}}

    def _person(self, call: Call) -> Json:
        """POST /topapi/v2/user/get."""
        account = legacy_text(call.body, "userid")
        person = self._state.employee(account)
        if person is None:
            raise LegacyError(codes.LEGACY_NO_USER, "找不到该用户")
        if not person.is_available:
            raise LegacyError(codes.LEGACY_OUT_OF_RANGE, "员工不在应用可见范围")
        return {"result": self._shown(person)}

    def _by_mobile(self, call: Call) -> Json:
        """POST /topapi/v2/user/getbymobile."""
        mobile = legacy_text(call.body, "mobile")
        return self._found(next((one for one in self._state.people.values() if one.mobile == mobile), None))

    def _by_union(self, call: Call) -> Json:
        """POST /topapi/user/getbyunionid."""
        union = legacy_text(call.body, "unionid")
        return self._found(next((one for one in self._state.people.values() if one.union_id == union), None))

    def _found(self, person: EmulatedPerson | None) -> Json:
        if person is None or not self._is_listed(person):
            raise LegacyError(codes.LEGACY_NO_USER, "找不到该用户")
        return {"result": {"userid": person.account, "contact_type": 0}}

    def _by_dingtalk_id(self, call: Call) -> Json:
        """GET /v1.0/contact/user/getByDingTalkId, which no page describes."""
        if not self._state.options.finds_by_dingtalk_id:
            raise ApiError("InvalidAction.NotFound", status=404)
        wanted = call.arg("dingtalkId")
        for person in self._state.people.values():
            if person.dingtalk_id == wanted and self._is_listed(person):
                return {"userId": person.account, "unionId": person.union_id, "name": person.name}
        raise ApiError("user.notFound")

    def _is_listed(self, person: EmulatedPerson) -> bool:
        return self._state.employee(person.account) is not None and person.is_available

    def _shown(self, person: EmulatedPerson) -> Json:
        """A person as far as the permission for fields goes."""
        departments = [int(one) for one in person.departments] or [int(ROOT)]
        led = {int(one.id) for one in self._state.departments.values() if one.leader == person.account}
        shown: Json = {
            "userid": person.account,
            "unionid": person.union_id,
            "name": person.name,
            "title": person.title,
            "job_number": person.job_number,
            "dept_id_list": departments,
            "leader_in_dept": [{"dept_id": one, "leader": one in led} for one in departments],
            "leader": bool(led),
            "admin": False,
            "boss": False,
            "active": person.status is PersonStatus.ACTIVE,
        }
        if person.leader:
            shown["manager_userid"] = person.leader
        if MOBILE_SCOPE in self._state.scopes and person.mobile:
            shown["mobile"] = person.mobile
        if person.email:
            shown["email"] = person.email
        return shown
