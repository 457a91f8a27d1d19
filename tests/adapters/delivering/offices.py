"""The whole way out on each platform: how its calls are named, what it refuses with, and what it recognises again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from adapters._emulator.faults import Fault, FaultKind
from adapters._http import HttpClient
from adapters.dingtalk.adapter import DingTalkAdapter
from adapters.dingtalk.client import DingTalkClient
from adapters.dingtalk.settings import from_section as dingtalk_settings
from adapters.feishu.adapter import FeishuAdapter
from adapters.feishu.client import FeishuClient
from adapters.feishu.emulator import EmulatorOptions as FeishuOptions
from adapters.wecom.adapter import WeComAdapter
from adapters.wecom.client import WeComClient
from adapters.wecom.emulator import WeComEmulator
from adapters.wecom.settings import from_section as wecom_settings
from bot.clock import VirtualClock
from bot.messages import Target
from bot.ports import Envelope, PlatformAdapter
from storage import open_store
from tests.adapters.delivering.sending import Emulated, Sending, closing
from tests.adapters.dingtalk.tenant import section as dingtalk_section
from tests.adapters.dingtalk_emulator import rig as dingtalk_rig
from tests.adapters.feishu.outgoing import settings_of as feishu_settings
from tests.adapters.feishu_emulator import rig as feishu_rig
from tests.adapters.wecom.company import START, populate
from tests.adapters.wecom.company import section as wecom_section
from tests.support.housing import housing

#: calls of a month that no test uses up
MANY = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What the platform says no with: a number, or a word where its codes are words."""

    code: int = 0
    word: str = ""

    def __str__(self) -> str:
        return self.word or str(self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """One platform's way of saying things."""

    platform: str
    #: calls: for a token, a text into a group, a card where cards go, another state of it
    token: str
    text: str
    card: str
    edit: str
    #: a card that it cannot make; one that cannot be changed any more; a place that is closed
    impossible: Refusal
    uneditable: Refusal
    closed: Refusal
    #: what passes by itself, and what takes an administrator
    passing: tuple[Refusal, ...]
    administrators: tuple[Refusal, ...]
    #: whether a text, a card, is recognised when it comes again under its key
    knows_texts: bool
    knows_cards: bool
    #: whole days in which a card can be changed, None without end
    editable_days: int | None


FEISHU = Manners(
    platform="feishu",
    token="auth.v3.tenant_access_token.internal",
    text="im.v1.message.create",
    card="im.v1.message.create",
    edit="im.v1.message.patch",
    impossible=Refusal(code=230099),
    uneditable=Refusal(code=99992354),
    closed=Refusal(code=230002),
    passing=tuple(Refusal(code=code) for code in (230049, 230020, 2200, 99991400, 11232)),
    administrators=tuple(Refusal(code=code) for code in (99991672, 99991403, 99991401, 230006)),
    knows_texts=True,
    knows_cards=True,
    editable_days=13,
)
DINGTALK = Manners(
    platform="dingtalk",
    token="oauth2.accessToken",
    text="robot.groupMessages.send",
    card="card.createAndDeliver",
    edit="card.update",
    impossible=Refusal(word="param.templateUnpublished"),
    uneditable=Refusal(word="param.cardNotExist"),
    closed=Refusal(word="invalid.openConversationId"),
    passing=(
        Refusal(word="system.busy"),
        Refusal(word="send.too.fast"),
        Refusal(word="Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"),
    ),
    administrators=(
        Refusal(word="Forbidden.AccessDenied.AccessTokenPermissionDenied"),
        Refusal(word="Forbidden.AccessDenied.IpNotInWhiteList"),
        Refusal(word="bot.stopped"),
    ),
    knows_texts=False,
    knows_cards=True,
    editable_days=None,
)
WECOM = Manners(
    platform="wecom",
    token="gettoken",
    text="appchat/send",
    card="message/send",
    edit="message/update_template_card",
    impossible=Refusal(code=42045),
    uneditable=Refusal(code=42081),
    closed=Refusal(code=86003),
    passing=(Refusal(code=-1), Refusal(code=45033), Refusal(code=45009)),
    administrators=(Refusal(code=60020), Refusal(code=48002), Refusal(code=50003)),
    knows_texts=False,
    knows_cards=False,
    editable_days=2,
)
PLATFORMS = (FEISHU, DINGTALK, WECOM)


#: the states that tests give to cards
STATES = ("等待", "已回复", "已关闭")


class Office(Sending[Emulated]):
    """One platform's way out, with places for texts and for cards."""

    manners: Manners
    #: makes one more group of that name, and returns its id
    new_group: Callable[[str], str]
    #: where cards go, None for the group, and the chat in which they are seen
    card_target: Target | None = None
    card_chat: str = ""
    #: the reader's private chat with the bot
    private_chat: str = ""

    def card_here(self, state: str, *, card_id: str = "c1") -> Envelope:
        """A card in a state, where this platform shows cards."""
        return self.card(state, card_id=card_id, to=self.card_target, has_button=True)

    def stands(self) -> list[str]:
        """What stands where cards go: of a card its state, of a text its words."""
        return [
            one.text if one.card is None else next(state for state in STATES if state in one.card.text)
            for one in self.seen(self.card_chat)
        ]

    def states(self) -> list[str]:
        """The states of the cards alone."""
        return [one for one in self.stands() if one in STATES]

    def refuses(self, operation: str, refusal: Refusal, *, times: int | None = None) -> Fault:
        """The platform says no, for ever unless told how often."""
        faults = self.emulator.faults
        return faults.add(operation, FaultKind.CODE, code=refusal.code, word=refusal.word, times=times)

    def calls(self, operation: str) -> int:
        """How often that was called."""
        return len(self.emulator.recorder.calls_of(operation))


@asynccontextmanager
async def office(manners: Manners, *, call_seconds: float = 2.0) -> AsyncIterator[Office]:
    """A company on that platform; a call that is not answered is given up after `call_seconds` of real time."""
    clock = VirtualClock(START)
    made = _MAKERS[manners.platform](clock)
    await made.emulator.start()
    adapter = made.connect(HttpClient(connect_seconds=1.0, total_seconds=call_seconds))
    here = Office(made.emulator, adapter, clock, await open_store("memory://"), reader=made.reader)
    here.manners, here.new_group = manners, made.new_group
    here.chat = made.new_group("物流部协同群")
    here.private_chat = made.private_chat
    here.card_chat = here.chat if made.groups_carry_cards else made.private_chat
    here.card_target = None if made.groups_carry_cards else here.person(made.reader)
    async with closing(here):
        yield here


@dataclass(frozen=True, slots=True, kw_only=True)
class _Company:
    """An emulated company that does not run yet, and how our side connects to it once it does."""

    emulator: Emulated
    connect: Callable[[HttpClient], PlatformAdapter]
    new_group: Callable[[str], str]
    reader: str
    private_chat: str
    groups_carry_cards: bool = True


def _feishu(clock: VirtualClock) -> _Company:
    emulator = feishu_rig.make_emulator(clock, options=FeishuOptions())

    def connect(http: HttpClient) -> PlatformAdapter:
        settings = feishu_settings(emulator)
        return FeishuAdapter(settings, FeishuClient(settings, clock=clock, http=http), housing(clock))

    def new_group(name: str) -> str:
        return emulator.add_group(name, ["ou_alice", "ou_bob"])

    private = emulator.direct_chat("ou_bob")
    return _Company(emulator=emulator, connect=connect, new_group=new_group, reader="ou_bob", private_chat=private)


def _dingtalk(clock: VirtualClock) -> _Company:
    emulator = dingtalk_rig.make_emulator(clock)

    def connect(http: HttpClient) -> PlatformAdapter:
        settings = dingtalk_settings(dingtalk_section(emulator, monthly_calls=MANY))
        home = housing(clock)
        return DingTalkAdapter(settings, DingTalkClient(settings, home, http=http), home)

    def new_group(name: str) -> str:
        return emulator.add_group(name, ["u1001", "u1002"])

    private = emulator.direct_chat("u1002")
    return _Company(emulator=emulator, connect=connect, new_group=new_group, reader="u1002", private_chat=private)


def _wecom(clock: VirtualClock) -> _Company:
    emulator = WeComEmulator(clock=clock)
    populate(emulator)

    def connect(http: HttpClient) -> PlatformAdapter:
        settings = wecom_settings(wecom_section(emulator))
        home = housing(clock)
        return WeComAdapter(settings, WeComClient(settings, home, http=http), home)

    def new_group(name: str) -> str:
        return emulator.add_group(name, ["lihua", "wangwu"], is_of_app=True)

    return _Company(
        emulator=emulator,
        connect=connect,
        new_group=new_group,
        reader="wangwu",
        private_chat=emulator.direct_chat("wangwu"),
        groups_carry_cards=False,
    )


_MAKERS = {"feishu": _feishu, "dingtalk": _dingtalk, "wecom": _wecom}
