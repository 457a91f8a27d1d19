"""Groups, members and the address book (feishu.md 6, 7)."""

from __future__ import annotations

import pytest

from adapters._emulator.wire_json import Json, rows, table, text, texts
from adapters.feishu.emulator import FeishuEmulator, PersonStatus
from bot.clock import VirtualClock
from tests.adapters.feishu_emulator.rig import START, Api, advance, make_emulator

CHATS = "/open-apis/im/v1/chats"
CONTACT = "/open-apis/contact/v3"


class TestGroups:
    """Creation and membership."""

    async def make(self, api: Api, *, uuid: str = "", **body: object) -> tuple[object, str]:
        query = [("user_id_type", "open_id"), *([("uuid", uuid)] if uuid else [])]
        reply = await api.call("POST", CHATS, {"name": "[R-17]", **body}, query=query)
        return reply.code, text(reply.data, "chat_id")

    async def test_a_made_group_has_its_owner_and_members_and_the_bot(self, emulator: FeishuEmulator, api: Api) -> None:
        code, chat = await self.make(api, owner_id="ou_alice", user_id_list=["ou_bob", "ou_alice"])
        assert code == 0
        seen = emulator.chat_as_seen("ou_bob", chat)
        assert (seen.name, seen.owner, seen.members) == (
            "[R-17]",
            "ou_alice",
            (("ou_alice", "李四"), ("ou_bob", "张三")),
        )
        assert seen.has_bot
        members = await api.call("GET", f"{CHATS}/{chat}/members", query=[("page_size", "1")])
        assert (members.data["member_total"], members.data["has_more"]) == (2, True)

    async def test_one_key_and_owner_make_one_group_for_ten_hours(self, api: Api, clock: VirtualClock) -> None:
        first = await self.make(api, uuid="grp-1", owner_id="ou_alice")
        assert await self.make(api, uuid="grp-1", owner_id="ou_alice") == first
        assert await self.make(api, uuid="grp-1", owner_id="ou_bob") != first
        advance(clock, 36000)
        await api.log_in()
        assert await self.make(api, uuid="grp-1", owner_id="ou_alice") != first

    @pytest.mark.parametrize(("person", "code"), [("ou_none", 232043), ("ou_dave", 232022), ("ou_carol", 232024)])
    async def test_one_bad_id_spoils_the_creation(
        self, emulator: FeishuEmulator, api: Api, person: str, code: int
    ) -> None:
        emulator.remove_person("ou_dave")
        emulator.makes_unavailable("ou_carol")
        assert (await self.make(api, user_id_list=["ou_bob", person]))[0] == code
        assert not emulator.state.chats

    async def test_adding_with_succeed_type_one_takes_the_good_and_reports_the_bad(
        self, emulator: FeishuEmulator, api: Api
    ) -> None:
        emulator.remove_person("ou_dave")
        emulator.makes_unavailable("ou_carol")
        _, chat = await self.make(api, owner_id="ou_alice")
        ids: Json = {"id_list": ["ou_bob", "ou_carol", "ou_dave", "ou_none"]}
        strict = await api.call("POST", f"{CHATS}/{chat}/members", ids, query=[("succeed_type", "0")])
        assert strict.code == 232024
        reply = await api.call("POST", f"{CHATS}/{chat}/members", ids, query=[("succeed_type", "1")])
        assert reply.data == {
            "invalid_id_list": ["ou_carol", "ou_dave"],
            "not_existed_id_list": ["ou_none"],
            "pending_approval_id_list": [],
        }
        assert [one for one, _ in emulator.chat_as_seen("ou_bob", chat).members] == ["ou_alice", "ou_bob"]

    async def test_the_bot_leaves_by_its_app_id(self, emulator: FeishuEmulator, api: Api) -> None:
        chat = emulator.add_group("g", ["ou_alice"])
        body: Json = {"id_list": [emulator.app.app_id]}
        assert (
            await api.call("DELETE", f"{CHATS}/{chat}/members", body, query=[("member_id_type", "app_id")])
        ).code == 0
        inside = await api.call("GET", f"{CHATS}/{chat}/members/is_in_chat")
        assert inside.data == {"is_in_chat": False}
        assert (await api.call("GET", f"{CHATS}/{chat}/members")).code == 232011

    async def test_only_who_leads_a_group_may_remove_and_dissolve(self, emulator: FeishuEmulator, api: Api) -> None:
        theirs = emulator.add_group("g", ["ou_alice", "ou_bob"])
        body: Json = {"id_list": ["ou_bob"]}
        assert (await api.call("DELETE", f"{CHATS}/{theirs}/members", body)).code == 232016
        assert (await api.call("DELETE", f"{CHATS}/{theirs}")).code == 232017
        _, own = await self.make(api, owner_id="ou_alice", user_id_list=["ou_bob"])
        assert (await api.call("DELETE", f"{CHATS}/{own}/members", {"id_list": ["ou_alice"]})).code == 232076
        assert (await api.call("DELETE", f"{CHATS}/{own}/members", body)).code == 0
        assert (await api.call("DELETE", f"{CHATS}/{own}")).code == 0
        assert (await api.call("GET", f"{CHATS}/{own}")).data["chat_status"] == "dissolved"
        assert (await api.call("PUT", f"{CHATS}/{own}", {"name": "x"})).code == 232009

    async def test_a_group_is_renamed_and_handed_over(self, emulator: FeishuEmulator, api: Api) -> None:
        _, chat = await self.make(api, user_id_list=["ou_bob"])
        assert (await api.call("PUT", f"{CHATS}/{chat}", {"name": "[closed]", "owner_id": "ou_bob"})).code == 0
        shown = (await api.call("GET", f"{CHATS}/{chat}")).data
        assert (shown["name"], shown["owner_id"]) == ("[closed]", "ou_bob")
        assert (await api.call("PUT", f"{CHATS}/{chat}", {"owner_id": "ou_carol"})).code == 232012

    async def test_managers_are_added_and_taken_away(self, api: Api) -> None:
        _, chat = await self.make(api, user_id_list=["ou_bob"])
        path = f"{CHATS}/{chat}/managers"
        added = await api.call("POST", f"{path}/add_managers", {"manager_ids": ["ou_bob"]})
        assert added.data == {"chat_managers": ["ou_bob"], "chat_bot_managers": []}
        gone = await api.call("POST", f"{path}/delete_managers", {"manager_ids": ["ou_bob"]})
        assert gone.data["chat_managers"] == []


class TestDirectory:
    """Departments and people."""

    async def test_the_tree_is_walked_level_by_level_or_at_once(self, api: Api) -> None:
        flat = await api.call("GET", f"{CONTACT}/departments/0/children", query=[("page_size", "50")])
        assert [one["name"] for one in rows(flat.data, "items")] == ["市场部", "研发部"]
        deep = await api.call(
            "GET", f"{CONTACT}/departments/0/children", query=[("fetch_child", "true"), ("page_size", "50")]
        )
        assert [one["open_department_id"] for one in rows(deep.data, "items")] == ["od-sales", "od-dev", "od-test"]
        assert rows(rows(deep.data, "items")[0], "leaders") == [{"leaderType": 1, "leaderID": "ou_alice"}]

    async def test_people_are_listed_by_their_own_department_in_pages_without_leavers(
        self, emulator: FeishuEmulator, api: Api
    ) -> None:
        path = f"{CONTACT}/users/find_by_department"
        query = [("department_id", "od-dev"), ("page_size", "1")]
        first = await api.call("GET", path, query=query)
        assert [one["open_id"] for one in rows(first.data, "items")] == ["ou_bob"]
        second = await api.call("GET", path, query=[*query, ("page_token", text(first.data, "page_token"))])
        assert ([one["open_id"] for one in rows(second.data, "items")], second.data["has_more"]) == (
            ["ou_carol"],
            False,
        )
        emulator.remove_person("ou_bob")
        assert [one["open_id"] for one in rows((await api.call("GET", path, query=query)).data, "items")] == [
            "ou_carol"
        ]
        status = table(table((await api.call("GET", f"{CONTACT}/users/ou_bob")).data, "user"), "status")
        assert status["is_resigned"] is True

    @pytest.mark.parametrize(
        ("path", "query", "code"),
        [
            ("/users/find_by_department", [("department_id", "od-dev"), ("page_size", "51")], 40011),
            ("/users/find_by_department", [("department_id", "od-dev"), ("page_token", "zz")], 40012),
            ("/users/find_by_department", [("department_id", "od-none")], 99992352),
            ("/users/ou_none", [], 99992351),
            ("/users/u_none", [("user_id_type", "user_id")], 99992359),
            ("/users/batch", [("user_ids", f"ou_{n}") for n in range(51)], 99992402),
        ],
    )
    async def test_wrong_questions_have_their_codes(
        self, api: Api, path: str, query: list[tuple[str, str]], code: int
    ) -> None:
        assert (await api.call("GET", CONTACT + path, query=query)).code == code

    async def test_missing_field_scopes_hide_fields(self, emulator: FeishuEmulator, api: Api) -> None:
        emulator.revokes("contact:user.employee:readonly")
        emulator.revokes("contact:user.employee_id:readonly")
        user = table((await api.call("GET", f"{CONTACT}/users/ou_alice")).data, "user")
        assert not {"job_title", "employee_no", "user_id"} & user.keys()
        assert user["department_ids"] == ["od-sales"]

    async def test_people_are_found_by_mail_and_by_every_kind_of_id(self, api: Api) -> None:
        found = await api.call("POST", f"{CONTACT}/users/batch_get_id", {"emails": ["alice@corp.example", "x@y.z"]})
        assert [one.get("user_id") for one in rows(found.data, "user_list")] == ["ou_alice", None]
        by_union = await api.call("GET", f"{CONTACT}/users/on_bob", query=[("user_id_type", "union_id")])
        user = table(by_union.data, "user")
        assert (user["open_id"], user["leader_user_id"]) == ("ou_bob", "on_carol")

    async def test_the_chain_of_parents_ends_at_the_top(self, api: Api) -> None:
        chain = await api.call("GET", f"{CONTACT}/departments/parent", query=[("department_id", "od-test")])
        assert [one["name"] for one in rows(chain.data, "items")] == ["研发部"]

    async def test_recursion_over_too_many_departments_is_refused(self, emulator: FeishuEmulator, api: Api) -> None:
        for number in range(501):
            emulator.add_department(f"od-{number}", str(number), parent="od-sales")
        path = f"{CONTACT}/departments/od-sales/children"
        assert (await api.call("GET", path, query=[("fetch_child", "true")])).code == 40162
        assert (await api.call("GET", path)).code == 0

    async def test_the_range_of_all_staff_is_the_top_departments_and_the_people_of_none(
        self, emulator: FeishuEmulator, api: Api
    ) -> None:
        emulator.add_person("ou_chair", "董事长", "")
        emulator.add_person("ou_gone", "前任", "", status=PersonStatus.RESIGNED)
        found = (await api.call("GET", f"{CONTACT}/scopes")).data
        assert (found["department_ids"], found["user_ids"]) == (["od-sales", "od-dev"], ["ou_chair"])

    async def test_the_range_comes_in_pages(self, emulator: FeishuEmulator, api: Api) -> None:
        for number in range(120):
            emulator.add_department(f"od-{number}", str(number))
        first = (await api.call("GET", f"{CONTACT}/scopes", query=[("page_size", "100")])).data
        query = [("page_size", "100"), ("page_token", text(first, "page_token"))]
        second = (await api.call("GET", f"{CONTACT}/scopes", query=query)).data
        assert (len(texts(first, "department_ids")), first["has_more"]) == (100, True)
        assert (len(texts(second, "department_ids")), second["has_more"]) == (22, False)

    @pytest.mark.parametrize(
        ("path", "query", "code"),
        [
            ("/departments/0/children", [], 40014),
            ("/departments/od-sales/children", [], 40004),
            ("/departments/od-sales", [], 40004),
            ("/users/find_by_department", [("department_id", "0")], 40004),
            ("/users/find_by_department", [("department_id", "od-sales")], 40004),
            ("/users/ou_alice", [], 41050),
            ("/users/ou_dave", [], 0),
            ("/departments/od-test", [], 0),
        ],
    )
    async def test_outside_the_range_nothing_can_be_read(
        self, emulator: FeishuEmulator, api: Api, path: str, query: list[tuple[str, str]], code: int
    ) -> None:
        emulator.limits_contacts(["od-dev"])
        assert (await api.call("GET", CONTACT + path, query=query)).code == code
        found = await api.call("POST", f"{CONTACT}/users/batch_get_id", {"emails": ["alice@corp.example"]})
        assert "user_id" not in rows(found.data, "user_list")[0]


async def test_an_account_can_be_given_once() -> None:
    with pytest.raises(ValueError, match="ou_bob"):
        make_emulator(VirtualClock(START)).add_person("ou_bob", "二", "od-dev")
