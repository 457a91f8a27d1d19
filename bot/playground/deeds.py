"""What a POST of the page does. Each deed takes the form and the scene, and returns what the person sees then."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Container, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from multidict import MultiMapping

from bot.playground.backstage import FURTHEST, Backstage
from bot.playground.director import Director
from bot.playground.programme import Pace
from bot.playground.saying import said
from bot.playground.scene import Scene
from bot.playground.showing import clock_words, next_morning, picture_type
from bot.stage import BOT, EVERYBODY, FormValues, Refused, Stage
from bot.stage_views import Toast

#: largest picture
PICTURE_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form as it was sent: texts by name, in order, and at most one picture."""

    texts: MultiMapping[str]
    picture: bytes = b""

    def text(self, name: str) -> str:
        """The first value, empty for none."""
        return self.texts.get(name, "")

    def texts_of(self, name: str) -> list[str]:
        """Every value that is not empty."""
        return [value for value in self.texts.getall(name, []) if value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the person sees after a deed: a toast, and another chat."""

    toast: Toast | None = None
    chat: str = ""
    #: another person's page, for browsers that do not follow the play by themselves
    me: str = ""


NOTHING = Outcome()


class Deeds:
    """Everything the page can do, by the last part of its address."""

    def __init__(self, *, stage: Stage, backstage: Backstage, zone: ZoneInfo, director: Director | None = None) -> None:
        self._director = director
        self._stage = stage
        self._backstage = backstage
        self._zone = zone
        self._deeds: Mapping[str, Callable[[Form, Scene], Awaitable[Outcome]]] = {
            "say": self._say,
            "act": self._act,
            "read": self._read,
            "click": self._click,
            "choose": self._choose,
            "group": self._group,
            "members": self._members,
            "rename": self._rename,
            "dissolve": self._dissolve,
            "clock": self._clock,
            "fault": self._fault,
            "wire": self._wire,
            "replay": self._replay,
            "week": self._week,
        }

    def __contains__(self, name: str) -> bool:
        return name in self._deeds

    async def do(self, name: str, form: Form, scene: Scene) -> Outcome:
        """Do it. What the platform's client does not allow becomes a toast."""
        try:
            return await self._deeds[name](form, scene)
        except Refused as refused:
            return Outcome(toast=Toast(words=scene.say(refused.key, **refused.facts), kind="error"))

    # ------------------------------------------------------------ messages

    async def _say(self, form: Form, scene: Scene) -> Outcome:
        chat = _chat(scene)
        if form.picture:
            if picture_type(form.picture) is None:
                raise Refused("picture_kind")
            await self._stage.sends_picture(scene.me.account, chat, form.picture)
        words = form.text("text").strip()
        if words or not form.picture:
            people = [(person.account, person.name) for person in scene.people]
            picks = _picks(form.text("picks"), {account for account, _ in people} | {BOT, EVERYBODY})
            inside = scene.chat.members if scene.chat is not None else ()
            parts = said(words, people=people, inside=inside, bot_name=self._stage.bot_name, picks=picks)
            await self._stage.says(scene.me.account, chat, parts, quoting=form.text("quoting"))
        await self._stage.reads(scene.me.account, chat)
        return NOTHING

    async def _act(self, form: Form, scene: Scene) -> Outcome:
        """A button names the message, then what to do with it."""
        if form.text("recall"):
            await self._stage.recalls(scene.me.account, form.text("recall"))
        else:
            message, _, emoji = form.text("emoji").partition(" ")
            await self._stage.reacts(scene.me.account, message, emoji)
        return NOTHING

    async def _read(self, form: Form, scene: Scene) -> Outcome:
        await self._stage.reads(scene.me.account, form.text("chat"))
        return NOTHING

    async def _click(self, form: Form, scene: Scene) -> Outcome:
        """A lone button names message and button; one that submits a form stands beside the message's id."""
        message, _, button = form.text("press").partition(" ")
        filled: FormValues = {}
        if form.text("submit"):
            message, button, filled = form.text("message"), form.text("submit"), _form_values(form)
        return Outcome(toast=await self._stage.presses(scene.me.account, message, button, filled))

    async def _choose(self, form: Form, scene: Scene) -> Outcome:
        toast = await self._stage.chooses(
            scene.me.account, form.text("message"), form.text("name"), form.text("value").replace("T", " ")
        )
        return Outcome(toast=toast)

    # ------------------------------------------------------------ groups

    async def _group(self, form: Form, scene: Scene) -> Outcome:
        members = form.texts_of("members")
        if not members:
            raise Refused("group_members")
        name = form.text("name")
        chat = self._stage.makes_group(scene.me.account, name, members, with_bot=form.text("with_bot") == "yes")
        return Outcome(toast=Toast(words=scene.say("group_made", name=name.strip()), kind="success"), chat=chat)

    async def _members(self, form: Form, scene: Scene) -> Outcome:
        chat = _chat(scene)
        if form.text("remove"):
            self._stage.removes(scene.me.account, chat, form.text("remove"))
        elif form.text("bot"):
            self._stage.moves_bot(scene.me.account, chat, inside=form.text("bot") == "in")
        else:
            added = form.texts_of("add")
            if not added:
                raise Refused("group_members")
            self._stage.adds(scene.me.account, chat, added)
        return NOTHING

    async def _rename(self, form: Form, scene: Scene) -> Outcome:
        self._stage.renames(scene.me.account, _chat(scene), form.text("name"))
        return NOTHING

    async def _dissolve(self, _: Form, scene: Scene) -> Outcome:
        self._stage.dissolves(scene.me.account, _chat(scene))
        return Outcome(toast=Toast(words=scene.say("group_dissolved")))

    # ------------------------------------------------------------ clock, faults, connection

    async def _clock(self, form: Form, scene: Scene) -> Outcome:
        move = form.text("move")
        if move in {"run", "stop"}:
            self._backstage.run_clock(move == "run")
            return NOTHING
        to = await self._target(move, form)
        if to is None:
            return Outcome(toast=Toast(words=scene.say("clock_nothing_due")))
        now = self._backstage.clock.now()
        if not now < to <= now + FURTHEST:
            raise Refused("clock_not_ahead", days=str(FURTHEST.days))
        await self._backstage.jump(to)
        now = self._backstage.clock.now()
        words = clock_words(now, self._zone, scene.language)
        return Outcome(toast=Toast(words=scene.say("clock_jumped", time=words)))

    async def _target(self, move: str, form: Form) -> datetime | None:
        now = self._backstage.clock.now()
        match move:
            case "1m":
                return now + timedelta(minutes=1)
            case "30m":
                return now + timedelta(minutes=30)
            case "morning":
                return next_morning(now, self._zone)
            case "due":
                return await self._backstage.next_timer()
            case _:
                return _written(form.text("at"), self._zone)

    async def _week(self, form: Form, scene: Scene) -> Outcome:
        """Begin the acceptance week anew, play one act, play on or up to a step, pause, change the pace."""
        director = self._director
        if director is None:
            raise Refused("week_not_begun")
        if form.text("to"):
            director.run(to_step=_number(form.text("to")))
        elif form.text("pace"):
            director.keep_pace(Pace.SLOW if form.text("pace") == Pace.SLOW else Pace.FAST)
        else:
            match form.text("move"):
                case "begin":
                    await director.begin()
                    return Outcome(toast=Toast(words=scene.say("week_begun"), kind="success"))
                case "next":
                    await director.next_act()
                case "run":
                    director.run()
                case _:
                    await director.pause()
        place = director.place
        return Outcome(me=place.me, chat=place.chat) if form.text("follow") else NOTHING

    async def _fault(self, form: Form, scene: Scene) -> Outcome:
        fault = form.text("fault")
        if not fault:
            self._stage.clears_faults()
            return Outcome(toast=Toast(words=scene.say("faults_cleared"), kind="success"))
        await self._stage.strikes(fault)
        return Outcome(toast=Toast(words=scene.say("fault_armed", fault=scene.word(fault)), kind="warning"))

    async def _wire(self, form: Form, scene: Scene) -> Outcome:
        before = self._stage.wire().delivery
        delivery = form.text("delivery")
        if delivery not in self._stage.deliveries:
            delivery = before
        is_reached = await self._backstage.restart(delivery)
        if not is_reached:
            raise Refused("wire_refused")
        if delivery == before:
            return Outcome(toast=Toast(words=scene.say("restarted"), kind="success"))
        words = scene.say("wire_switched", delivery=scene.word(f"wire_{delivery}"))
        return Outcome(toast=Toast(words=words, kind="success"))

    async def _replay(self, form: Form, scene: Scene) -> Outcome:
        outcome = await self._stage.replays(form.text("push"))
        known = {"acked": "replayed_acked", "refused": "replayed_refused"}
        return Outcome(toast=Toast(words=scene.say(known.get(outcome.words, "replayed_other")), kind=outcome.kind))


def _chat(scene: Scene) -> str:
    if scene.chat is None:
        raise Refused("not_in_chat")
    return scene.chat.id


def _number(raw: str) -> int:
    return int(raw) if raw.isdecimal() else 0


def _form_values(form: Form) -> FormValues:
    """The inputs of a card's form, by their names on the card."""
    values: dict[str, str | list[str]] = {}
    for key in dict.fromkeys(form.texts):
        if key.startswith("f."):
            several = [_as_client(value) for value in form.texts_of(key)]
            values[key.removeprefix("f.")] = several if len(several) > 1 else "".join(several)
    return values


def _as_client(value: str) -> str:
    """Dates with times as the platform's client sends them, everything else as typed."""
    is_moment = len(value) == 16 and value[10] == "T" and value[:4].isdigit()
    return value.replace("T", " ") if is_moment else value


def _picks(raw: str, offered: Container[str]) -> dict[str, str]:
    """Names that were picked, with their accounts; nothing that was not on offer."""
    try:
        picked = json.loads(raw) if raw else {}
    except ValueError:
        return {}
    if not isinstance(picked, dict):
        return {}
    return {
        name: account for name, account in picked.items() if name and isinstance(account, str) and account in offered
    }


def _written(raw: str, zone: ZoneInfo) -> datetime:
    try:
        return datetime.fromisoformat(raw).replace(tzinfo=zone)
    except ValueError:
        raise Refused("clock_unreadable") from None
