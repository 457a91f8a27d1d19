"""The calls of the app: tokens, messages, cards, groups, the address book, uploads (wecom.md 1, 5, 6, 7).

Requests are read strictly, so that a mistake of the caller is found here and not on the real platform.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta

from aiohttp.typedefs import Handler

from adapters._emulator.faults import Fault, FaultKind, FaultPlan
from adapters._emulator.http_face import Answer, Call, HttpFace
from adapters._emulator.recorder import Recorder
from adapters._emulator.wire_json import Json, as_table, as_texts, table, text, texts, wire
from adapters.wecom.emulator_cards import check_card, is_changeable
from adapters.wecom.emulator_codes import ApiError
from adapters.wecom.emulator_posts import Posts
from adapters.wecom.emulator_state import ROOT, EmulatedChat, EmulatedPerson, State, Tokens, Voice

_PREFIX = "/cgi-bin/"
_CHAT_ID = re.compile(r"[0-9A-Za-z]{1,32}")
_TEXT_BYTES = 2048
_NAME = 50
_DAY = 86_400
#: (so many, in so many seconds): one call of the company; sending is not counted there
_API = ((10_000, 60), (150_000, 3600))
_UNCOUNTED = {"message/send", "appchat/send"}
#: to one member, from the app and from its groups; what is more is dropped without a word
_TO_PERSON = ((30, 60), (1000, 3600))
_IN_GROUPS = ((200, 60), (10_000, _DAY))
_NEW_GROUPS = ((1000, _DAY),)
_CHANGED_GROUPS = ((1000, 3600),)
#: for how long a message can be taken back
_RECALL = timedelta(hours=24)
Run = Callable[[Call], Json]


class Api(HttpFace):
    """The HTTP side."""

    def __init__(
        self,
        state: State,
        tokens: Tokens,
        posts: Posts,
        *,
        recorder: Recorder,
        faults: FaultPlan,
        extra: Sequence[tuple[str, Handler]],
    ) -> None:
        super().__init__(clock=state.clock, changes=state.changes, recorder=recorder, faults=faults, extra=extra)
        self._state = state
        self._tokens = tokens
        self._posts = posts
        self._calls: dict[tuple[str, str], Run] = {
            ("POST", "message/send"): self._message_send,
            ("POST", "message/update_template_card"): self._update_card,
            ("POST", "message/recall"): self._recall,
            ("POST", "appchat/create"): self._chat_create,
            ("POST", "appchat/update"): self._chat_update,
            ("GET", "appchat/get"): self._chat_get,
            ("POST", "appchat/send"): self._chat_send,
            ("GET", "department/simplelist"): self._departments_short,
            ("GET", "department/list"): self._departments,
            ("GET", "department/get"): self._department,
            ("GET", "user/list"): self._users,
            ("GET", "user/simplelist"): self._users_short,
            ("GET", "user/get"): self._user,
            ("POST", "media/upload"): self._upload,
            ("POST", "batch/openuserid_to_userid"): self._plain_ids,
            ("GET", "get_api_domain_ip"): lambda _: {"ip_list": ["127.0.0.1"]},
            ("GET", "getcallbackip"): lambda _: {"ip_list": ["127.0.0.1"]},
        }

    # ------------------------------------------------------------------ the face

    def operation_of(self, method: str, path: str) -> str:  # noqa: ARG002 - the path says it
        name = path.removeprefix(_PREFIX) if path.startswith(_PREFIX) else ""
        known = {"gettoken", "aibot/response", *(one for _, one in self._calls)}
        return name if name in known else ""

    def answer(self, method: str, path: str, call: Call) -> Answer:
        try:
            return self._done(self._run(method, self.operation_of(method, path), call))
        except ApiError as refused:
            return self._refused(refused)

    def refusal_of(self, method: str, path: str, fault: Fault) -> Answer:  # noqa: ARG002 - one language for all calls
        match fault.kind:
            case FaultKind.HTTP_429:
                return self._refused(ApiError(45009))
            case FaultKind.HTTP_500:
                return Answer(status=500, body=b"<html>busy</html>", code=None, content_type="text/html")
            case FaultKind.TOKEN_EXPIRED:
                self._tokens.live.clear()
                return self._refused(ApiError(42001))
            case _:
                return self._refused(ApiError(fault.code or -1))

    @staticmethod
    def _done(body: Json) -> Answer:
        return Answer(status=200, body=wire({"errcode": 0, "errmsg": "ok", **body}), code=0)

    @staticmethod
    def _refused(refused: ApiError) -> Answer:
        return Answer(status=200, body=wire({"errcode": refused.code, "errmsg": refused.sentence}), code=refused.code)

    def _run(self, method: str, name: str, call: Call) -> Json:
        options = self._state.options
        if options.trusted_ips is not None and "127.0.0.1" not in options.trusted_ips and name != "gettoken":
            raise ApiError(60020, "not allow to access from your ip, hint: [1700], from ip: 203.0.113.7")
        if name == "gettoken":
            return self._gettoken(call)
        if name == "aibot/response":
            return self._bot_response(call)
        run = self._calls.get((method, name))
        if run is None:
            raise ApiError(40035, "no such api")
        self._tokens.check(call.arg("access_token"))
        if not self._state.is_app_enabled:
            raise ApiError(50003, "app disabled")
        if not call.is_readable:
            raise ApiError(40035, "body is not json")
        if name not in _UNCOUNTED and self._state.too_many(name, _API):
            raise ApiError(45009)
        return run(call)

    def _gettoken(self, call: Call) -> Json:
        app = self._state.app
        if call.arg("corpid") != app.corp_id:
            raise ApiError(40013)
        if call.arg("corpsecret") != app.secret:
            raise ApiError(40001)
        token, life = self._tokens.give()
        return {"access_token": token, "expires_in": life}

    # ------------------------------------------------------------------ messages

    def _message_send(self, call: Call) -> Json:
        body = call.body
        self._is_ours(body)
        wanted = [one for one in text(body, "touser").split("|") if one]
        if not wanted or len(wanted) > 1000:
            raise ApiError(40058, "touser")
        if wanted == ["@all"]:
            wanted = [one.account for one in self._state.people.values() if self._visible(one.account)]
        people = [(one, self._visible(one)) for one in wanted]
        found = [person for _, person in people if person is not None]
        if not found:
            raise ApiError(81013)
        kind, content = self._content(body, {"text", "markdown", "image", "template_card"}, is_app=True)
        message = self._state.new_id("msg")
        for person in found:
            if self._state.too_many(f"to:{person.account}", _TO_PERSON):
                continue
            chat = self._state.private(person.account, Voice.APP)
            self._posts.write(chat, kind, content, voice=Voice.APP).sent_as = message
        answer: Json = {
            "invaliduser": "|".join(one.lower() for one, person in people if person is None),
            "invalidparty": "",
            "invalidtag": "",
            "unlicenseduser": "",
            "msgid": message,
        }
        if kind == "template_card" and is_changeable(content):
            answer["response_code"] = self._state.new_code(text(content, "task_id"))
        return answer

    def _is_ours(self, body: Json) -> None:
        if body.get("agentid") != self._state.app.agent_id:
            raise ApiError(40056)

    def _visible(self, account: str) -> EmulatedPerson | None:
        person = self._state.person(account)
        return person if person is not None and person.is_visible and person.status != 5 else None

    def _content(self, body: Json, kinds: set[str], *, is_app: bool) -> tuple[str, Json]:
        """Kind and content of a message, checked."""
        kind = text(body, "msgtype")
        if kind not in kinds:
            raise ApiError(40008)
        content = as_table(body.get(kind))
        if content is None:
            raise ApiError(40058, kind)
        if kind in {"text", "markdown"}:
            said = text(content, "content")
            if not said.strip():
                raise ApiError(44004)
            if len(said.encode()) > _TEXT_BYTES:
                raise ApiError(45002)
        if kind == "image" and not self._state.has_media(text(content, "media_id")):
            raise ApiError(40007, "invalid media_id")
        if kind == "template_card":
            check_card(content, is_app=is_app)
            task = text(content, "task_id")
            if task and (Voice.APP, task) in self._state.tasks:
                raise ApiError(42082)
        return kind, content

    def _update_card(self, call: Call) -> Json:
        body = call.body
        self._is_ours(body)
        code = self._state.codes.get(text(body, "response_code"))
        if code is None or code.is_spent or code.until <= self._state.now():
            raise ApiError(42081)
        users = texts(body, "userids")
        if not users and body.get("atall") != 1:
            raise ApiError(40058, "userids")
        button, card = table(body, "button"), as_table(body.get("template_card"))
        if not button and card is None:
            raise ApiError(40058, "template_card")
        if card is not None:
            check_card({**card, "task_id": code.task}, is_app=True, is_update=True)
        code.is_spent = True
        for message in self._posts.of_task(Voice.APP, code.task):
            owner = self._state.chats[message.chat].members[0]
            if owner.lower() in {one.lower() for one in users} or body.get("atall") == 1:
                shown = (
                    card if card is not None else {**(message.card or {}), "replace_text": text(button, "replace_name")}
                )
                message.show({**shown, "task_id": code.task})
        self._state.changes.touch()
        return {"response_code": self._state.new_code(code.task)} if self._state.options.update_brings_code else {}

    def _recall(self, call: Call) -> Json:
        """What one call sent goes from everybody who got it, within a day."""
        wanted, now = text(call.body, "msgid"), self._state.now()
        copies = [one for one in self._state.messages.values() if wanted and one.sent_as == wanted]
        if not copies or any(now - one.at > _RECALL for one in copies):
            raise ApiError(40035, "msgid")
        for one in copies:
            one.is_recalled = True
        self._state.changes.touch()
        return {}

    def _bot_response(self, call: Call) -> Json:
        """The address for one answer of the bot: an hour, once, no text and no update of a card."""
        chat, until = self._state.addresses.pop(call.arg("response_code"), ("", self._state.now()))
        if not chat or until <= self._state.now():
            raise ApiError(40035, "response_code")
        kind = text(call.body, "msgtype")
        if kind not in {"markdown", "template_card"}:
            raise ApiError(40008)
        content = table(call.body, kind)
        if kind == "template_card":
            check_card(content, is_app=False)
        self._posts.write(self._state.chats[chat], kind, content, voice=Voice.BOT)
        return {}

    # ------------------------------------------------------------------ groups

    def _chat_create(self, call: Call) -> Json:
        body = call.body
        if not self._sees_company():
            raise ApiError(60011)
        # a longer name is cut, not refused
        name, members = text(body, "name")[:_NAME], texts(body, "userlist")
        chat_id = text(body, "chatid") or self._state.new_id("wr")
        if not name:
            raise ApiError(86004)
        if not 2 <= len(set(members)) <= 2000:
            raise ApiError(86006)
        if not _CHAT_ID.fullmatch(chat_id) or chat_id in self._state.chats:
            raise ApiError(86003, "chatid is used")
        people = self._members(members)
        owner = text(body, "owner")
        if owner and owner not in members:
            raise ApiError(86216, "owner")
        if self._state.too_many("appchat/create", _NEW_GROUPS):
            raise ApiError(45009)
        self._state.chats[chat_id] = EmulatedChat(
            id=chat_id,
            name=name,
            members=people,
            is_group=True,
            owner=owner or people[0],
            is_of_app=True,
            bot_chat=self._posts.bot_chat_of(chat_id),
        )
        self._state.changes.touch()
        return {"chatid": chat_id}

    def _sees_company(self) -> bool:
        return all(person.is_visible for person in self._state.people.values())

    def _members(self, accounts: list[str]) -> list[str]:
        people = [self._visible(one) for one in accounts]
        if any(one is None for one in people):
            raise ApiError(86216)
        return list(dict.fromkeys(one.account for one in people if one is not None))

    def _chat_update(self, call: Call) -> Json:
        chat = self._state.of_app(text(call.body, "chatid"))
        added, removed = texts(call.body, "add_user_list"), texts(call.body, "del_user_list")
        members = list(dict.fromkeys([*chat.members, *self._members(added)]))
        members = [one for one in members if one not in removed]
        owner = text(call.body, "owner") or chat.owner
        if not 2 <= len(members) <= 2000:
            raise ApiError(86006)
        if text(call.body, "owner") and owner not in members:
            raise ApiError(86216, "owner")
        if self._state.too_many("appchat/update", _CHANGED_GROUPS):
            raise ApiError(45009)
        chat.members, chat.owner = members, owner if owner in members else members[0]
        chat.name = text(call.body, "name")[:_NAME] or chat.name
        self._state.changes.touch()
        return {}

    def _chat_get(self, call: Call) -> Json:
        chat = self._state.of_app(call.arg("chatid"))
        info: Json = {"chatid": chat.id, "name": chat.name, "owner": chat.owner, "userlist": list(chat.members)}
        return {"chat_info": {**info, "chat_type": 0}}

    def _chat_send(self, call: Call) -> Json:
        chat = self._state.of_app(text(call.body, "chatid"))
        kind, content = self._content(call.body, {"text", "markdown", "image"}, is_app=True)
        named = as_texts(content.get("mentioned_list"))
        if "mentioned_list" in content and not named:
            raise ApiError(40058, "mentioned_list")
        flooded = [one for one in chat.members if self._state.too_many(f"in groups:{one}", _IN_GROUPS)]
        if flooded != chat.members:
            message = self._posts.write(chat, kind, content, voice=Voice.APP)
            message.mentions = tuple(dict.fromkeys((*message.mentions, *(named or ()))))
        return {}

    # ------------------------------------------------------------------ the address book

    def _departments_short(self, _: Call) -> Json:
        return {
            "department_id": [
                {"id": one.id, "parentid": one.parent, "order": one.id} for one in self._state.departments.values()
            ]
        }

    def _departments(self, _: Call) -> Json:
        return {"department": [self._told(one.id) for one in self._state.departments.values()]}

    def _department(self, call: Call) -> Json:
        number = call.arg("id")
        if not number.isdigit() or int(number) not in self._state.departments:
            raise ApiError(40035, "id")
        return {"department": self._told(int(number))}

    def _told(self, number: int) -> Json:
        one = self._state.departments[number]
        return {
            "id": one.id,
            "name": one.name,
            "parentid": one.parent,
            "department_leader": [one.leader] if one.leader else [],
        }

    def _users(self, call: Call) -> Json:
        return {"userlist": [self._profile(person) for person in self._staff(call)]}

    def _users_short(self, call: Call) -> Json:
        return {
            "userlist": [
                {"userid": one.account, "name": one.name, "department": list(one.departments)}
                for one in self._staff(call)
            ]
        }

    def _staff(self, call: Call) -> list[EmulatedPerson]:
        number = call.arg("department_id")
        if not number.isdigit():
            raise ApiError(40035, "department_id")
        return [one for one in self._state.people.values() if int(number) in one.departments and one.is_visible]

    def _user(self, call: Call) -> Json:
        person = self._visible(call.arg("userid"))
        if person is None:
            raise ApiError(60111)
        return self._profile(person)

    @staticmethod
    def _profile(person: EmulatedPerson) -> Json:
        """What an app gets that was made after 2022: no phone, no address."""
        return {
            "userid": person.account,
            "name": person.name,
            "department": list(person.departments),
            "position": person.title,
            "status": person.status,
            "direct_leader": [person.leader] if person.leader else [],
            "main_department": person.departments[0] if person.departments else ROOT,
        }

    def _upload(self, call: Call) -> Json:
        if call.arg("type") not in {"image", "file", "voice", "video"} or "media" not in call.files:
            raise ApiError(40035, "media")
        key = self._state.new_id("media")
        self._state.resources[key], self._state.uploaded_at[key] = call.files["media"], self._state.now()
        return {"type": call.arg("type"), "media_id": key, "created_at": str(int(self._state.now().timestamp()))}

    def _plain_ids(self, call: Call) -> Json:
        wanted = texts(call.body, "open_userid_list")
        known = {person.encrypted: person.account for person in self._state.people.values() if person.is_visible}
        return {
            "userid_list": [{"open_userid": one, "userid": known[one]} for one in wanted if one in known],
            "invalid_open_userid_list": [one for one in wanted if one not in known],
        }
