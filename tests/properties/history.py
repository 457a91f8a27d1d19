"""A random history: people of the sample company do permitted and unpermitted things, and time passes.

A step is a kind and a number that decides everything about it, so that a history that fails can be shortened by leaving steps out.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from bench.office import Doing, Scene, Wording, beginnings, duties, glances, meetings
from bot.domain.confidentiality import Secrecy
from bot.domain.directory import Person, Role
from bot.domain.happened import DeadlinePassed
from bot.domain.ids import AccountKey, ChatKey, MessageKey
from bot.domain.timers import Timer
from bot.messages import Button, EditCard, SendCard
from bot.routing import Context, Router
from bot.updates import CardClicked
from bot.vocabulary import SPECS
from handlers import numbered
from tests.handlers.bench import Bench
from tests.handlers.deeds import PLATFORM
from tests.handlers.shown import Shown

T = TypeVar("T")

#: kinds of steps and how often they come, against each other
KINDS: dict[str, int] = {
    "duty": 40,
    "begin": 24,
    "meeting": 8,
    "glance": 6,
    "answer": 3,
    "press": 8,
    "meddle": 6,
    "wait": 10,
    "calendar": 1,
    "leaver": 1,
    "vacancy": 1,
}
_MINUTES = (1, 2, 5, 20, 60, 240, 600, 1500, 4000)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens; `seed` decides everything about it."""

    kind: str
    seed: int


@dataclass(frozen=True, slots=True)
class Happened:
    """What a step was, in words."""

    step: Step
    at: str
    doing: Doing | None
    said: str


class Watched(Router):
    """The real table of handlers; nothing in it may fire too early."""

    def fire(self, context: Context, timer: Timer) -> None:
        assert timer.due_at <= context.now, f"{timer} fires at {context.now}"
        super().fire(context, timer)


@dataclass
class History:
    """Plays steps on a story bench and keeps what was said."""

    wording: Wording = field(default_factory=Wording)
    bench: Bench = field(default_factory=lambda: Bench(router=Watched()))
    done: list[Happened] = field(default_factory=list)
    #: numbers of confidential objects, and when they were first seen to be
    confidential: dict[str, datetime] = field(default_factory=dict)
    _files: int = 0

    def __post_init__(self) -> None:
        self.bench.within(self.bench.wired.arm_recurring)

    @classmethod
    def watched(
        cls, *heard: Callable[[Context, DeadlinePassed], None], levels: tuple[int, ...] = Wording.levels
    ) -> History:
        """A history whose sentences carry marks; `heard` is told of every limit that passes."""
        made = cls(wording=Wording(marks=True, levels=levels))
        for listener in heard:
            made.bench.router.when(DeadlinePassed, listener)
        return made

    def within(self, look: Callable[[Context], T]) -> T:
        """Look at everything as it is now."""
        engine, now = self.bench.engine, self.bench.clock.now()
        return self.bench.read(lambda uow: look(engine.context(uow, now)))

    def close(self) -> None:
        """Let go of the bench."""
        self.bench.close()

    def play(self, step: Step) -> Happened:
        """Let it happen, a little after the step before."""
        chance = random.Random(step.seed)
        self.bench.advance(minutes=chance.choice((0, 1, 3, 10)))
        self.bench.forget()
        doing = None
        match step.kind:
            case "wait":
                self.bench.advance(minutes=chance.choice(_MINUTES))
            case "press":
                self._press(chance)
            case "calendar":
                self._calendar(chance)
            case "leaver" | "vacancy":
                self._directory(chance, leaves=step.kind == "leaver")
            case _:
                doing = self._look(lambda scene: _MAKERS[step.kind](scene), chance)
                if doing is not None:
                    self.perform(doing)
        said = "\n".join(s.words for s in self.bench.forget() if s.sent.key.startswith("answer:"))
        self._note_levels()
        self.done.append(Happened(step, f"{self.bench.now:%m-%d %H:%M}", doing, said))
        return self.done[-1]

    def _note_levels(self) -> None:
        codes = self.within(lambda c: [o.code for o in c.uow.obligations.find() if o.secrecy >= Secrecy.CONFIDENTIAL])
        for code in codes:
            self.confidential.setdefault(code, self.bench.clock.now())

    def perform(self, doing: Doing) -> None:
        """Somebody writes it."""
        quoted = MessageKey(PLATFORM, doing.quotes) if doing.quotes else None
        self.bench.says(doing.who, doing.text, where=doing.chat or None, quotes=quoted)

    def _look(self, look: Callable[[Scene], Doing | None], chance: random.Random) -> Doing | None:
        return self.within(lambda context: look(Scene(context, chance, self.wording)))

    # ------------------------------------------------------------ cards

    def _press(self, chance: random.Random) -> None:
        """Somebody presses a button of some card as it was once, on the own card or, forged, on another one's."""
        cards = [s for s in self.bench.everything() if isinstance(s.sent.outbound, SendCard | EditCard) and s.message]
        shown = [s for s in cards[-60:] if s.card.buttons]
        if not shown:
            return
        card = chance.choice(shown)
        button = chance.choice(card.card.buttons)
        self.bench.presses(self._click(card, button, chance))

    def _click(self, card: Shown, button: Button, chance: random.Random) -> CardClicked:
        people = self.bench.file.people
        strangers = AccountKey(PLATFORM, chance.choice(people).accounts[PLATFORM])
        own = AccountKey(PLATFORM, card.chat.removeprefix("p2p_")) if card.chat.startswith("p2p_") else strangers
        assert card.message is not None
        return CardClicked(
            source=self.bench.source(),
            operator=own if chance.random() < 0.85 else strangers,
            chat=ChatKey(PLATFORM, card.chat),
            message=card.message,
            action=button.action,
            params=dict(button.params),
            form={f.name: "按会议要求调整后再报" for f in card.card.fields} if button.submits_form else {},
        )

    # ------------------------------------------------------------ the company changes

    def _calendar(self, chance: random.Random) -> None:
        day = (self.bench.now + timedelta(days=chance.randint(1, 6))).date()
        word = chance.choice(("停工", "上班"))
        self.bench.says("E018", f"日历 {word} {day} 设备检修")
        self.bench.says("E018", "日历 确认")

    def _directory(self, chance: random.Random, *, leaves: bool) -> None:
        """Somebody leaves the company, or gives up a post, by a new company file."""
        file = self.bench.file
        found = [p for p in file.people if _may_go(p, file.people)]
        if not found:
            return
        gone = chance.choice(found)
        post = {Role.HEAD, Role.LIAISON, Role.BACKUP_LIAISON}
        people = tuple(
            p if p.id != gone.id else replace(p, roles=frozenset(p.roles - post))
            for p in file.people
            if not (leaves and p.id == gone.id)
        )
        departments = tuple(replace(d, head=None) if d.head == gone.id else d for d in file.departments)
        self._files += 1
        self.bench.file = replace(file, people=people, departments=departments, digest=f"changed {self._files}")
        desk, now = self.bench.wired.desk, self.bench.clock.now()
        self.bench.does(desk.import_company(self.bench.store, self.bench.file, now=now))


def _may_go(person: Person, people: Sequence[Person]) -> bool:
    """Somebody must be left who decides and who keeps the group's business."""
    for posts in ({Role.LEADER, Role.ALTERNATE}, {Role.SECRETARY, Role.DEPUTY_SECRETARY}):
        if person.roles & posts and sum(1 for p in people if p.roles & posts) == 1:
            return False
    return True


# ---------------------------------------------------------------- what may be written


def _duty(scene: Scene) -> Doing | None:
    one = scene.pick(scene.uow.obligations.find())
    return duties.next_step(scene, one) if one is not None else None


def _meddle(scene: Scene) -> Doing | None:
    """Anybody tries any verb on anything."""
    person = scene.pick(scene.people)
    codes = [one.code for one in scene.uow.obligations.find()] + [i.code for i in scene.uow.items.find()]
    code = scene.pick(codes)
    spec = scene.one(SPECS)
    if person is None or code is None:
        return None
    thing = numbered.load(scene.context, code)
    text = scene.wording.say("与本部门安排冲突，请调整", int(getattr(thing, "secrecy", 0)))
    return Doing(person.id, f"{spec.chinese[0]} {code} {text}")


_MAKERS: dict[str, Callable[[Scene], Doing | None]] = {
    "duty": _duty,
    "begin": beginnings.begin,
    "meeting": meetings.due,
    "answer": meetings.answer,
    "glance": glances.glance,
    "meddle": _meddle,
}
