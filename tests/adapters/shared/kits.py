"""What the suites about forged callbacks need of a platform: a genuine request, how one is sealed and signed, and the gate.

One kit for each callback whose body is signed. Those that DingTalk signs over the time alone have tests of their own (T3).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from adapters.dingtalk.adapter import DingTalkAdapter
from adapters.dingtalk.client import DingTalkClient
from adapters.dingtalk.decode import decode as read_dingtalk
from adapters.dingtalk.envelope import Believed as DingTalkBelieved
from adapters.dingtalk.envelope import Gate as DingTalkGate
from adapters.dingtalk.event import Self as DingTalkSelf
from adapters.dingtalk.event import posted_event
from adapters.feishu.adapter import FeishuAdapter
from adapters.feishu.client import FeishuClient
from adapters.feishu.decode import decode as read_feishu
from adapters.feishu.envelope import Believed as FeishuBelieved
from adapters.feishu.envelope import Gate as FeishuGate
from adapters.feishu.event import Self as FeishuSelf
from adapters.wecom import create as create_wecom
from adapters.wecom.decode import decode as read_wecom
from adapters.wecom.decode import read_event, readable
from adapters.wecom.decode_bot import decode_push, read_push
from adapters.wecom.envelope import Believed as WeComBelieved
from adapters.wecom.envelope import Gate as WeComGate
from adapters.wecom.event import Self as WeComSelf
from adapters.wecom.settings import WebhookSecrets
from bot.clock import VirtualClock
from bot.ports import PlatformAdapter, RawRequest
from bot.updates import AnyUpdate
from tests.adapters.dingtalk import callbacks as dingtalk
from tests.adapters.feishu import callbacks as feishu
from tests.adapters.wecom import callbacks as wecom
from tests.support.housing import housing

#: opens requests as one process does, remembering nothing
Opens = Callable[[RawRequest], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """One callback of one platform."""

    name: str
    genuine: RawRequest
    #: where signature, timestamp and nonce stand, and under which names
    place: Literal["headers", "query"]
    parts: tuple[str, str, str]
    #: a gate with no memory
    gate: Callable[[], Opens]
    #: the body under a right signature, which only the platform can make
    signed: Callable[[bytes], RawRequest]
    #: the plain event sealed and signed with other secrets, or for somebody else
    foreign: tuple[RawRequest, ...]
    plain: bytes
    #: the update that was believed, None for what is none
    update: Callable[[object], AnyUpdate | None]
    #: the n-th of many genuine requests, n/50 seconds after the first
    numbered: Callable[[int], RawRequest]
    #: a process that takes them
    adapter: Callable[[VirtualClock], PlatformAdapter]
    now: datetime

    def with_part(self, name: str, value: str | None) -> RawRequest:
        """The genuine request with one part of its signature changed or, with None, missing."""
        old = dict(getattr(self.genuine, self.place))
        new = {key: one for key, one in old.items() if key != name}
        if value is not None:
            new[name] = value
        return self.with_parts(new)

    def with_parts(self, parts: Mapping[str, str]) -> RawRequest:
        """The genuine request with other headers, or another query."""
        if self.place == "headers":
            return replace(self.genuine, headers=parts)
        return replace(self.genuine, query=parts)

    @property
    def signature(self) -> Mapping[str, str]:
        """Where the parts of the signature stand."""
        return self.genuine.headers if self.place == "headers" else self.genuine.query


# ---------------------------------------------------------------- Feishu

_MESSAGE = feishu.event("message_text_with_mention")


def _feishu_gate() -> Opens:
    gate = FeishuGate(feishu.SETTINGS)
    return lambda request: gate.open(request, now=feishu.NOW)


def _feishu_update(opened: object) -> AnyUpdate | None:
    if not isinstance(opened, FeishuBelieved):
        return None
    return read_feishu(opened.envelope, me=FeishuSelf(app_id=feishu.APP_ID), received_at=feishu.NOW)


class _OfflineFeishu(FeishuClient):
    """The client of an app whose platform cannot be asked anything."""

    async def bot_open_id(self) -> str:
        return "ou_bot"


def _feishu_message(number: int) -> RawRequest:
    event = _MESSAGE["event"]
    message = {**event["message"], "message_id": f"om_{number}"}
    header = {**_MESSAGE["header"], "event_id": f"ev-{number}"}
    whole = {**_MESSAGE, "header": header, "event": {**event, "message": message}}
    return feishu.push(whole, at=_at(feishu.NOW, number), nonce=f"{number:08d}")


def _at(start: datetime, number: int) -> datetime:
    return start + timedelta(seconds=number // 50)


FEISHU = Kit(
    name="feishu",
    genuine=feishu.push(_MESSAGE),
    place="headers",
    parts=("x-lark-signature", "x-lark-request-timestamp", "x-lark-request-nonce"),
    gate=_feishu_gate,
    signed=lambda body: feishu.callback(body, feishu.sign(body)),
    foreign=(
        *(feishu.push(_MESSAGE, key=key) for key in ("", "x", feishu.KEY.upper(), feishu.KEY[:-1], feishu.TOKEN)),
        *(
            feishu.push({**_MESSAGE, "header": {**_MESSAGE["header"], name: value}})
            for name, value in (("token", "vt_other"), ("token", ""), ("app_id", "cli_other"))
        ),
    ),
    plain=json.dumps(_MESSAGE).encode(),
    update=_feishu_update,
    numbered=_feishu_message,
    adapter=lambda clock: FeishuAdapter(feishu.SETTINGS, _OfflineFeishu(feishu.SETTINGS, clock=clock), housing(clock)),
    now=feishu.NOW,
)

# ---------------------------------------------------------------- DingTalk

_TITLE = {"EventType": "chat_update_title", "eventId": "e-1", "openConversationId": "cidAbC==", "Title": "新名"}


def _dingtalk_gate() -> Opens:
    gate = DingTalkGate(dingtalk.SETTINGS)
    return lambda request: gate.open_event(request, now=dingtalk.NOW)


def _dingtalk_update(opened: object) -> AnyUpdate | None:
    if not isinstance(opened, DingTalkBelieved):
        return None
    me = DingTalkSelf(app=dingtalk.APP, robot="回音", corp_id=dingtalk.CORP)
    return read_dingtalk(posted_event(opened.body, me=me, received_at=dingtalk.NOW))


def _sealed_in(body: bytes) -> str:
    """The ciphertext of a body, as far as it still holds one."""
    found = re.search(rb'"encrypt"\s*:\s*"([^"]*)"|<Encrypt>(?:<!\[CDATA\[)?([^\]<]*)', body)
    return (found[1] or found[2] or b"").decode("utf-8", "replace") if found else ""


def _one_signature(request: RawRequest) -> RawRequest:
    """The platform says it under two names; a forgery of one must not be saved by the other."""
    return replace(request, query={key: value for key, value in request.query.items() if key != "signature"})


def _dingtalk_signed(body: bytes) -> RawRequest:
    return replace(dingtalk.sealed_event(_sealed_in(body)), body=body)


def _dingtalk_adapter(clock: VirtualClock) -> PlatformAdapter:
    house = housing(clock)
    return DingTalkAdapter(dingtalk.SETTINGS, DingTalkClient(dingtalk.SETTINGS, house), house)


DINGTALK = Kit(
    name="dingtalk",
    genuine=_one_signature(dingtalk.event(_TITLE)),
    place="query",
    parts=("msg_signature", "timestamp", "nonce"),
    gate=_dingtalk_gate,
    signed=_dingtalk_signed,
    foreign=(
        *(dingtalk.event(_TITLE, token=token) for token in ("", "an0thert0ken", dingtalk.TOKEN.upper(), dingtalk.KEY)),
        dingtalk.event(_TITLE, key=dingtalk.KEY[::-1]),
        *(dingtalk.event(_TITLE, owner=owner) for owner in ("", "dingsomebodyelse", dingtalk.APP + "x")),
        *(dingtalk.event(_TITLE, at=dingtalk.NOW + timedelta(seconds=s)) for s in (-301, 301, 86_400)),
    ),
    plain=json.dumps(_TITLE).encode(),
    update=_dingtalk_update,
    numbered=lambda number: dingtalk.event(
        {**_TITLE, "eventId": f"e-{number}"}, at=_at(dingtalk.NOW, number), nonce=f"{number:08d}"
    ),
    adapter=_dingtalk_adapter,
    now=dingtalk.NOW,
)


# ---------------------------------------------------------------- WeCom

_SECRETS = (WebhookSecrets(token=wecom.TOKEN, aes_key=wecom.KEY),)
_WINDOW = timedelta(seconds=300)


def _wecom_gate(*, receiver: str, is_json: bool) -> Opens:
    gate = WeComGate(receiver=receiver, window=_WINDOW, is_json=is_json)
    return lambda request: gate.open(request, _SECRETS, now=wecom.NOW)


def _app_update(opened: object) -> AnyUpdate | None:
    if not isinstance(opened, WeComBelieved):
        return None
    me = WeComSelf(app=f"{wecom.CORP}:{wecom.AGENT}", bot_name="回音")
    return read_wecom(read_event(opened.body, me=me, received_at=wecom.NOW))


def _bot_update(opened: object) -> AnyUpdate | None:
    if not isinstance(opened, WeComBelieved):
        return None
    me = WeComSelf(app="aibXYZ", bot_name="回音")
    return readable(read_push(opened.body, me=me, received_at=wecom.NOW), decode_push)


def _wecom_signed(body: bytes, *, path: str) -> RawRequest:
    return replace(wecom.sealed_push(_sealed_in(body), path=path), body=body)


def _wecom_adapter(clock: VirtualClock) -> PlatformAdapter:
    secrets = {"token": wecom.TOKEN, "aes_key": wecom.KEY}
    section: dict[str, object] = {
        "corp_id": wecom.CORP,
        "agent_id": wecom.AGENT,
        "secret": "emulated-app-secret-of-ours",
        **secrets,
        "bot": {"bot_id": "aibXYZ", "delivery": "webhook", **secrets},
    }
    return create_wecom(section, housing(clock))


WECOM_APP = Kit(
    name="wecom app",
    genuine=wecom.app_push(),
    place="query",
    parts=("msg_signature", "timestamp", "nonce"),
    gate=lambda: _wecom_gate(receiver=wecom.CORP, is_json=False),
    signed=lambda body: _wecom_signed(body, path=wecom.APP_PATH),
    foreign=(
        *(wecom.app_push(token=token) for token in ("", "an0thert0ken", wecom.TOKEN.lower(), wecom.KEY)),
        wecom.app_push(key=wecom.KEY[::-1]),
        *(
            wecom.sealed_push(wecom.seal(wecom.TEXT.encode(), receiver=receiver))
            for receiver in ("", "ww-other", wecom.CORP + "0")
        ),
        *(wecom.app_push(at=wecom.NOW + timedelta(seconds=s)) for s in (-301, 301, 86_400)),
    ),
    plain=wecom.TEXT.encode(),
    update=_app_update,
    numbered=lambda number: wecom.app_push(
        wecom.TEXT.replace("4561255354251345929", str(10**18 + number)),
        at=_at(wecom.NOW, number),
        nonce=f"{number:08d}",
    ),
    adapter=_wecom_adapter,
    now=wecom.NOW,
)
WECOM_BOT = Kit(
    name="wecom bot",
    genuine=wecom.bot_push(),
    place="query",
    parts=("msg_signature", "timestamp", "nonce"),
    gate=lambda: _wecom_gate(receiver="", is_json=True),
    signed=lambda body: _wecom_signed(body, path=wecom.BOT_PATH),
    foreign=(
        *(wecom.bot_push(token=token) for token in ("", "an0thert0ken", wecom.TOKEN.lower(), wecom.KEY)),
        wecom.bot_push(key=wecom.KEY[::-1]),
        wecom.sealed_push(wecom.seal(json.dumps(wecom.PUSH).encode()), path=wecom.BOT_PATH),
        *(wecom.bot_push(at=wecom.NOW + timedelta(seconds=s)) for s in (-301, 301, 86_400)),
    ),
    plain=json.dumps(wecom.PUSH).encode(),
    update=_bot_update,
    numbered=lambda number: wecom.bot_push(
        {**wecom.PUSH, "msgid": f"CAIQ{number}"}, at=_at(wecom.NOW, number), nonce=f"{number:08d}"
    ),
    adapter=_wecom_adapter,
    now=wecom.NOW,
)

KITS = (FEISHU, DINGTALK, WECOM_APP, WECOM_BOT)
