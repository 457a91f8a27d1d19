"""Plays the acceptance week on a stage, step by step, and says at which step something is not as expected.

Who plays is a Protocol: the page plays it on the emulated platform, tests play it there and over the memory store as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol, TypeVar

from bot.playground import observing
from bot.playground.shortfall import Gap, Impossible, Shortfall
from bot.playground.tour import LEADER, SECRETARY
from bot.playground.week import Act, ClockRow, ClosingRow, Expectation, Step, Week
from bot.ports import UnitOfWork

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Something of the bot that a person or a group sees, as it reads now. `at` is when it was posted."""

    id: str
    at: datetime
    words: str


class Actors(Protocol):
    """People of the sample company, by their ids, and what they do and see."""

    @property
    def sees_little(self) -> bool:
        """The bot is shown only what is addressed to it; acts are done in their other way (`Act.little`)."""
        ...

    async def goes_to(self, at: datetime) -> None:
        """Time passes until that instant; what is due on the way happens in its order."""
        ...

    async def says(self, who: str, text: str, *, group: str, quoting: str) -> str:
        """Somebody writes; `@姓名` are real mentions. Returns the id of the message."""
        ...

    async def reacts(self, who: str, message: str, emoji: str) -> None:
        """Somebody puts an emoji under a message."""
        ...

    async def recalls(self, who: str, message: str) -> None:
        """Somebody takes a message back."""
        ...

    async def presses(self, who: str, code: str, button: str, *, old: int, form: dict[str, str], group: str) -> str:
        """Somebody presses a button of the newest card of that object that he or she sees; returns the toast.

        Raises LookupError when there is no such card or button; `Impossible` says it in the reader's language.
        """
        ...

    async def forges(self, who: str, code: str, verb: str, slot: str) -> str:
        """A press arrives that was never on a card; returns the toast."""
        ...

    async def changes_members(self, who: str, group: str, *, adds: Sequence[str], removes: Sequence[str]) -> None:
        """Somebody lets people into a group, or puts them out."""
        ...

    def told(self, who: str) -> Sequence[Seen]:
        """What stands of the bot in the person's private chat, oldest first."""
        ...

    def shown(self, group: str) -> Sequence[Seen]:
        """What stands of the bot in the group, oldest first."""
        ...

    def standing(self) -> set[str]:
        """Ids of all messages that anybody's private chat, or a group, has at present."""
        ...

    def everybody(self) -> Sequence[str]:
        """Ids of all people."""
        ...

    def groups(self) -> Sequence[str]:
        """Ids of all groups."""
        ...

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        """Look into the store."""
        ...


@dataclass(frozen=True, slots=True)
class Played:
    """What became of one act of a step."""

    step: Step
    act: Act
    shortfalls: tuple[Shortfall, ...]


def place_of(act: Act) -> tuple[str, str]:
    """Whose eyes to look through at an act, and in which group: those who act, else those who are told; ids, or empty."""
    if act.by:
        return act.by, act.into
    for wanted in act.expect:
        if wanted.digest:
            return LEADER, ""
        if wanted.told or wanted.group:
            return wanted.told, wanted.group
    return "", ""


@dataclass
class Play:
    """One performance of the week. Acts come in the order of their instants; steps of the plan overlap."""

    week: Week
    actors: Actors
    #: index of the next act
    position: int = 0
    _messages: dict[str, str] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)
    _instant: datetime | None = None

    def __post_init__(self) -> None:
        acts = [(self.week.instant(step.day, act.at), step, act) for step in self.week.steps for act in step.acts]
        self.acts = sorted(acts, key=lambda one: one[0])

    @property
    def is_over(self) -> bool:
        """Was the last act played?"""
        return self.position >= len(self.acts)

    async def next_act(self) -> Played:
        """Play one act; what is not as expected is returned, and the performance can go on.

        Raises StoreUnavailable while the bot is down; the act can be played again then.
        """
        _, step, act = self.acts[self.position]
        try:
            shortfalls = await self._act(step, act)
        except Impossible as problem:
            shortfalls = [problem.shortfall]
        except LookupError as problem:
            shortfalls = [Shortfall(gap=Gap.DEED, about=f"{act.by} {act.presses}{act.says[:20]}", found=str(problem))]
        self.position += 1
        return Played(step, act, tuple(replace(shortfall, at=act.at) for shortfall in shortfalls))

    async def closing(self) -> list[Shortfall]:
        """The closing figures and the clocks, after the last step."""
        rows: list[ClosingRow | ClockRow] = [*self.week.closing, *self.week.clocks]
        return [shortfall for row in rows for shortfall in await self.lacking_of(row)]

    async def lacking_of(self, row: ClosingRow | ClockRow) -> list[Shortfall]:
        """What is not as that line of the closing tables says."""
        expect = row.expect if isinstance(row, ClosingRow) else [Expectation(code=row.code, has=row.has)]
        found = [shortfall for wanted in expect for shortfall in await self._rows(wanted)]
        return [*found, *(shortfall for wanted in expect for shortfall in self._leaks(wanted))]

    # ------------------------------------------------------------ acts

    async def _act(self, step: Step, act: Act) -> list[Shortfall]:
        instant = self.week.instant(step.day, act.at)
        if instant != self._instant and not act.follows:
            # what several acts of one instant bring about is looked at together
            self._known, self._instant = self.actors.standing(), instant
        await self.actors.goes_to(instant)
        toast = await self._deed(act)
        found: list[Shortfall] = []
        for wanted in act.expect:
            found.extend(self._messages_of(step, act, wanted, toast))
            if wanted.digest:
                found.extend(self._digest(step))
            found.extend(await self._rows(wanted))
        return found

    async def _deed(self, act: Act) -> str:
        is_little = self.actors.sees_little and bool(act.little)
        if is_little:
            return await self._little(act)
        if act.says:
            quoted = self._messages.get(act.quotes, "")
            said = await self.actors.says(act.by, act.says, group=act.into, quoting=quoted)
            if act.named:
                self._messages[act.named] = said
        elif act.reacts:
            await self.actors.reacts(act.by, self._messages[act.to], act.reacts)
        elif act.recalls:
            await self.actors.recalls(act.by, self._messages[act.recalls])
        elif act.presses:
            return await self.actors.presses(act.by, act.card, act.presses, old=act.old, form=act.form, group=act.into)
        elif act.adds or act.removes:
            await self.actors.changes_members(act.by, act.into, adds=act.adds, removes=act.removes)
        elif act.forges:
            return await self.actors.forges(act.by, act.card, act.forges, act.slot)
        return ""

    async def _little(self, act: Act) -> str:
        """`nothing` does nothing; `press:BUTTON CODE` presses a card in the group; anything else is written there."""
        if act.little == "nothing":
            return ""
        if act.little.startswith("press:"):
            button, code = act.little.removeprefix("press:").split(" ")
            return await self.actors.presses(act.by, code, button, old=0, form=act.form, group=act.into)
        said = await self.actors.says(act.by, act.little, group=act.into, quoting="")
        if act.named:
            self._messages[act.named] = said
        return ""

    # ------------------------------------------------------------ looking

    def _new(self, seen: Sequence[Seen]) -> list[Seen]:
        return [one for one in seen if one.id not in self._known]

    def _messages_of(self, step: Step, act: Act, wanted: Expectation, toast: str) -> Iterator[Shortfall]:
        if wanted.answer:
            where = self._new(self.actors.told(act.by)) if act.by else []
            where += self._new(self.actors.shown(act.into)) if act.into else []
            texts = [toast, *(one.words for one in where)]
            if not any(all(part in text for part in wanted.answer) for text in texts):
                found = " / ".join(text for text in texts if text)
                yield Shortfall(gap=Gap.ANSWER, about=act.by, expected=_joined(wanted.answer), found=found)
            yield from _lacks(act.by, wanted, texts)
        if wanted.told:
            yield from self._heard(step, Gap.TOLD, wanted.told, self._new(self.actors.told(wanted.told)), wanted)
        if wanted.group:
            yield from self._heard(step, Gap.SHOWN, wanted.group, self._new(self.actors.shown(wanted.group)), wanted)
        for who in self.actors.everybody() if wanted.silent else wanted.untold:
            for one in self._new(self.actors.told(who)):
                yield Shortfall(gap=Gap.UNTOLD, about=who, found=one.words)
        for group in self.actors.groups() if wanted.silent else ():
            for one in self._new(self.actors.shown(group)):
                yield Shortfall(gap=Gap.UNSHOWN, about=group, found=one.words)

    def _leaks(self, wanted: Expectation) -> Iterator[Shortfall]:
        for group in self.actors.groups() if wanted.nowhere else ():
            for one in self.actors.shown(group):
                for part in wanted.nowhere:
                    if part in one.words:
                        yield Shortfall(gap=Gap.LACKS, about=group, expected=part, found=one.words)

    def _heard(
        self, step: Step, gap: Gap, about: str, seen: Sequence[Seen], wanted: Expectation
    ) -> Iterator[Shortfall]:
        fitting = [one for one in seen if all(part in one.words for part in wanted.says)]
        if wanted.at:
            at = self.week.instant(step.day, wanted.at)
            fitting = [one for one in fitting if abs((one.at - at).total_seconds()) < 60]
        is_right = len(fitting) == wanted.times if wanted.times is not None else bool(fitting)
        if not is_right:
            count = "" if wanted.times is None else f"{wanted.times} × "
            heard = " / ".join(f"{one.at.astimezone(self.week.timezone):%H:%M} {one.words}" for one in seen)
            expected = f"{count}{_joined(wanted.says)} {wanted.at}".strip()
            yield Shortfall(gap=gap, about=about, expected=expected, found=heard)
        yield from _lacks(about, wanted, [one.words for one in fitting])

    async def _rows(self, wanted: Expectation) -> list[Shortfall]:
        return await self.actors.read(lambda uow: list(observing.look(uow, wanted, self.week.timezone)))

    def _digest(self, step: Step) -> Iterator[Shortfall]:
        row = next(row for row in self.week.digests if row.day == step.day)
        head = f"【跨部门协作每日简报】{step.day.isoformat()}"
        text = next((one.words for one in self.actors.told(LEADER) if head in one.words), None)
        if text is None:
            yield Shortfall(gap=Gap.UNSENT, about=step.day.isoformat())
            return
        yield from observing.digest_shortfalls(text, row)
        if not any(head in one.words for one in self.actors.told(SECRETARY)):
            yield Shortfall(gap=Gap.NO_COPY, about=step.day.isoformat())


def _lacks(about: str, wanted: Expectation, texts: Sequence[str]) -> Iterator[Shortfall]:
    for part in wanted.lacks:
        if any(part in text for text in texts):
            yield Shortfall(gap=Gap.LACKS, about=about, expected=part, found=next(t for t in texts if part in t))


def _joined(parts: Sequence[str]) -> str:
    return " … ".join(parts)
