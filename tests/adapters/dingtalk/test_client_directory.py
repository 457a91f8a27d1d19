"""The company as the platform tells it, read to its end, and what a probe finds out about the app (dingtalk.md 6, 9)."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import FailureKind, PlatformError
from bot.ports import Severity
from tests.adapters.dingtalk.organisation import Company, company

SUB, GET, LIST = "/topapi/v2/department/listsub", "/topapi/v2/department/get", "/topapi/v2/user/list"


def tells(here: Company) -> None:
    """Two departments, one below the other; four people, one of them in both, one at the top."""
    here.platform.says(
        SUB,
        {"errcode": 0, "result": [{"dept_id": 10, "name": "研发部", "parent_id": 1}]},
        {"errcode": 0, "result": {"dept_id": "11", "name": "测试组", "parent_id": "10"}},
        {"errcode": 0, "result": []},
    )
    here.platform.says(
        LIST,
        {"errcode": 0, "result": {"list": [{"userid": "u_boss", "name": "老板"}], "has_more": False}},
        {
            "errcode": 0,
            "result": {
                "list": [{"userid": "u_a", "name": "甲", "title": "工程师", "mobile": "138", "job_number": "7"}],
                "has_more": "true",
                "next_cursor": "1",
            },
        },
        {"errcode": 0, "result": {"list": [{"userid": "u_b", "name": "乙", "active": False}], "has_more": False}},
        {
            "errcode": 0,
            "result": {"list": [{"userid": "u_b", "name": "乙"}, {"userid": "u_c", "name": "丙"}, {"name": "无"}, 7]},
        },
    )
    here.platform.says(
        GET,
        {"errcode": 0, "result": {"dept_manager_userid_list": ["u_a"]}},
        {"errcode": 0, "result": {"dept_manager_userid_list": "u_c"}},
    )


async def test_everybody_and_everything_is_read_however_the_platform_writes_it() -> None:
    async with company() as here:
        tells(here)
        found = await here.client.directory()
        assert [(one.id, one.name, one.parent, one.leader_account) for one in found.departments] == [
            ("10", "研发部", "", "u_a"),
            ("11", "测试组", "10", "u_c"),
        ]
        people = {one.account: one for one in found.people}
        assert set(people) == {"u_boss", "u_a", "u_b", "u_c"}
        assert people["u_boss"].departments == ()
        assert people["u_a"].departments == ("10",)
        assert people["u_b"].departments == ("10", "11")
        assert (people["u_a"].title, people["u_a"].phone, people["u_a"].employee_no) == ("工程师", "138", "7")
        assert not people["u_b"].is_active
        # whoever leads a department is led by whoever leads the one above (dingtalk.md 6)
        assert (people["u_c"].leader_account, people["u_a"].leader_account) == ("u_a", "")


async def test_half_a_company_is_never_returned() -> None:
    async with company() as here:
        tells(here)
        here.platform.says(LIST, {"errcode": 0, "result": {"list": []}}, {"errcode": 50004})
        with pytest.raises(PlatformError) as refused:
            await here.client.directory()
        assert refused.value.kind is FailureKind.ADMINISTRATOR


async def test_a_circle_of_departments_ends() -> None:
    async with company() as here:
        circle: Any = {"errcode": 0, "result": [{"dept_id": 10, "name": "a"}, {"dept_id": 1, "name": "root"}]}
        here.platform.says(SUB, circle)
        here.platform.says(LIST, {"errcode": 0, "result": {"list": []}})
        here.platform.says(GET, {"errcode": 0, "result": {}})
        assert [one.id for one in (await here.client.directory()).departments] == ["10"]


async def test_a_list_whose_cursor_does_not_move_ends() -> None:
    async with company() as here:
        here.platform.says(SUB, {"errcode": 0, "result": []})
        page = {"errcode": 0, "result": {"list": [{"userid": "u", "name": "u"}], "has_more": True, "next_cursor": 0}}
        here.platform.says(LIST, page)
        assert len((await here.client.directory()).people) == 1


async def findings(here: Company) -> dict[str, Any]:
    return {one.id: one for one in (await here.client.probe()).findings}


async def test_a_probe_says_what_works_and_which_permissions_to_compare() -> None:
    async with company() as here:
        tells(here)
        found = await findings(here)
        assert {one.severity for one in found.values()} == {Severity.OK}
        assert "研发" not in str(found)
        for point in ("qyapi_robot_sendmsg", "Card.Instance.Write", "qyapi_chat_manage", "qyapi_get_member"):
            assert point in found["dingtalk.permissions"].message


async def test_wrong_credentials_stop_the_probe_with_the_next_step() -> None:
    async with company() as here:
        here.platform.says("/v1.0/oauth2/accessToken", (400, {"code": "invalidClientIdOrSecret"}))
        found = await findings(here)
        assert list(found) == ["dingtalk.credentials"]
        assert found["dingtalk.credentials"].severity is Severity.FAILURE
        assert "凭证与基础信息" in found["dingtalk.credentials"].hint


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"errcode": 88, "sub_code": "60011"}, "qyapi_get_department_list"),
        ({"errcode": 50004}, "可见范围"),
        ({"errcode": 60020}, "出口IP"),
        ({"errcode": 0, "result": []}, "可见范围"),
    ],
)
async def test_a_closed_address_book_names_the_step_that_opens_it(answer: Any, words: str) -> None:
    async with company() as here:
        here.platform.says(SUB, answer)
        found = await findings(here)
        assert found["dingtalk.contact_range"].severity is Severity.WARNING
        assert words in found["dingtalk.contact_range"].hint


async def test_without_templates_it_says_what_is_missing_for_them() -> None:
    from dataclasses import replace

    from tests.adapters.dingtalk.outgoing import SETTINGS

    async with company(replace(SETTINGS, card_template_id="")) as here:
        tells(here)
        found = await findings(here)
        assert found["dingtalk.card_template"].severity is Severity.WARNING
        assert "open-dev.dingtalk.com/fe/card" in found["dingtalk.card_template"].hint
        assert "普通群" in found["dingtalk.group_template"].message
