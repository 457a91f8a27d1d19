"""The address book over the legacy API, and its events (dingtalk.md 6)."""

from __future__ import annotations

import pytest

from adapters._emulator.wire_json import Json, as_rows, rows, text
from adapters.dingtalk.emulator import DingTalkEmulator, PersonStatus
from tests.adapters.dingtalk_emulator.rig import Api, Line


async def test_departments_are_listed_level_by_level(api: Api) -> None:
    top = await api.legacy("/topapi/v2/department/listsub", {"dept_id": 1})
    assert [(one["dept_id"], one["name"], one["parent_id"]) for one in as_rows(top.body["result"])] == [
        (10, "市场部", 1),
        (20, "研发部", 1),
    ]
    below = await api.legacy("/topapi/v2/department/listsubid", {"dept_id": 20})
    assert below.result["dept_id_list"] == [21]
    one = await api.legacy("/topapi/v2/department/get", {"dept_id": "20"})
    assert one.result["dept_manager_userid_list"] == ["u1003"]


async def test_people_of_a_department_come_in_pages(api: Api) -> None:
    first = await api.legacy("/topapi/v2/user/list", {"dept_id": 20, "cursor": 0, "size": 1})
    assert ([one["userid"] for one in rows(first.result, "list")], first.result["has_more"]) == (["u1002"], True)
    rest: Json = {"dept_id": 20, "cursor": first.result["next_cursor"], "size": 1}
    last = await api.legacy("/topapi/v2/user/list", rest)
    assert ([one["userid"] for one in rows(last.result, "list")], last.result["has_more"]) == (["u1003"], False)
    ids = await api.legacy("/topapi/user/listid", {"dept_id": 20})
    assert ids.result["userid_list"] == ["u1002", "u1003"]


async def test_a_person_is_found_by_each_id(api: Api) -> None:
    got = await api.legacy("/topapi/v2/user/get", {"userid": "u1001"})
    union = text(got.result, "unionid")
    assert (got.result["name"], got.result["dept_id_list"], got.result["leader"]) == ("李四", [10], True)
    assert (await api.legacy("/topapi/user/getbyunionid", {"unionid": union})).result["userid"] == "u1001"
    assert (await api.legacy("/topapi/v2/user/getbymobile", {"mobile": "13800000001"})).result["userid"] == "u1001"
    found = await api.call("GET", "/v1.0/contact/user/getByDingTalkId", query=[("dingtalkId", "$:LWCP_v1:$u1001")])
    assert found.body["userId"] == "u1001"


async def test_the_superior_is_named_where_there_is_one(api: Api) -> None:
    got = await api.legacy("/topapi/v2/user/get", {"userid": "u1002"})
    assert got.result["manager_userid"] == "u1003"
    assert "manager_userid" not in (await api.legacy("/topapi/v2/user/get", {"userid": "u1001"})).result


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/topapi/v2/user/get", {"userid": "nobody"}, 60121),
        ("/topapi/v2/user/get", {"userid": "x1"}, 60121),
        ("/topapi/v2/user/get", {"userid": "u1004"}, 50002),
        ("/topapi/v2/user/get", {}, 400002),
        ("/topapi/v2/department/get", {"dept_id": 99}, 60003),
        ("/topapi/v2/user/list", {"dept_id": 10, "cursor": 0, "size": 101}, 400002),
        ("/topapi/v2/user/list", {"dept_id": 10, "size": 10}, 400002),
        ("/topapi/v2/user/getbymobile", {"mobile": "1"}, 60121),
    ],
)
async def test_what_is_not_there_or_not_ours_to_see_is_refused(
    emulator: DingTalkEmulator, api: Api, path: str, body: Json, code: int
) -> None:
    emulator.makes_unavailable("u1004")
    assert (await api.legacy(path, body)).code == code


async def test_changes_are_told_in_events_that_cost_nothing(emulator: DingTalkEmulator, line: Line) -> None:
    emulator.change_options(monthly_pushes=0)
    emulator.add_person("u1005", "新人", "10")
    emulator.change_person("u1005", name="老人", status=PersonStatus.INACTIVE)
    emulator.change_person("u1005", name="老人")
    emulator.remove_person("u1005")
    emulator.add_department("30", "财务部")
    emulator.remove_department("30")
    await emulator.settled()
    assert [line.events(kind)[0]["userId"] for kind in ("user_add_org", "user_modify_org", "user_leave_org")] == [
        ["u1005"]
    ] * 3
    [changed] = line.events("user_modify_org")
    [difference] = rows(changed, "diffInfo")
    assert difference["prev"] == {"name": "新人", "status": "active"}
    assert [line.events(kind)[0]["deptId"] for kind in ("org_dept_create", "org_dept_remove")] == [[30]] * 2


async def test_departments_of_this_platform_are_numbers(emulator: DingTalkEmulator) -> None:
    with pytest.raises(ValueError, match="numbers"):
        emulator.add_department("od-sales", "市场部")
