"""Plays the acceptance week on the page, one act, up to a step, or all of it, and stops where something is not as expected.

The week begins on a fresh house: another store, another platform, Monday 08:00. Whoever opened the page may go on afterwards
from wherever the play stands. Before each act the page is told where to look, so that it can be there when things happen.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from bot.company import CompanyFile
from bot.errors import StoreUnavailable
from bot.playground.backstage import Backstage
from bot.playground.playing import Play, place_of
from bot.playground.programme import Mark, Pace, Place, Programme, RowView, StepView
from bot.playground.shortfall import Shortfall
from bot.playground.troupe import Troupe
from bot.playground.week import ClockRow, ClosingRow, Step, Week
from bot.stage import Refused, Stage

#: real seconds between the change of the view and the act, and between two acts, so that the eye can follow
LOOK_SECONDS: Mapping[Pace, float] = {Pace.FAST: 0.15, Pace.SLOW: 0.5}
PAUSE_SECONDS: Mapping[Pace, float] = {Pace.FAST: 0.25, Pace.SLOW: 1.5}

#: somebody in the plan, with or without the name
_ID = re.compile(r"(E\d{3})(?: [\u4e00-\u9fff]+)?")

Opening = Callable[[datetime], Awaitable[tuple[Stage, Backstage]]]


class Director:
    """One play at a time. `haste` multiplies the pauses: 0 for none at all."""

    def __init__(self, *, week: Week, company: CompanyFile, opens: Opening, haste: float = 1.0) -> None:
        self._week = week
        self._company = company
        self._opens = opens
        self._haste = haste
        self._play: Play | None = None
        self._troupe: Troupe | None = None
        self._stage: Stage | None = None
        self._place = Place()
        #: the step whose act is played, or was played last
        self._current: Step | None = None
        #: index of the act at which to stop, None for the end
        self._goal: int | None = None
        self._shortfalls: dict[int, list[Shortfall]] = {}
        self._closing: tuple[RowView, ...] = ()
        self._clocks: tuple[RowView, ...] = ()
        self._task: asyncio.Task[None] | None = None
        self._stops = asyncio.Event()
        self._lock = asyncio.Lock()
        self.pace = Pace.FAST
        #: of people and groups, by their ids
        self.names = {str(person.id): person.name for person in company.people}
        self.names |= {group.id: group.name for group in company.groups}

    @property
    def week(self) -> Week:
        """What is played."""
        return self._week

    @property
    def is_running(self) -> bool:
        """Does it play by itself?"""
        return self._task is not None and not self._task.done()

    @property
    def place(self) -> Place:
        """Where to look."""
        return self._place

    def named(self, words: str) -> str:
        """A sentence of the plan with names in the place of people's ids."""
        return _ID.sub(lambda found: self.names.get(found[1], found[0]), words)

    async def begin(self) -> None:
        """A fresh house at the week's beginning; nothing of the one before stays."""
        await self.pause()
        async with self._lock:
            stage, backstage = await self._opens(self._week.start)
            self._stage = stage
            self._troupe = Troupe(stage, backstage, self._company)
            self._play = Play(self._week, self._troupe)
            self._shortfalls, self._closing, self._clocks = {}, (), ()
            self._place, self._current = Place(number=self._place.number + 1), None
            stage.touch()

    async def next_act(self) -> None:
        """Play one act. Raises Refused before the beginning; nothing happens after the end."""
        self._begun()
        await self.pause()
        await self._one()

    def run(self, *, to_step: int | None = None) -> None:
        """Play by itself until something is not as expected, or through that step, or until the end. Raises Refused."""
        play = self._begun()
        goal = None if to_step is None else _after(play, to_step)
        if goal is not None and goal <= play.position:
            raise Refused("week_step_played")
        self._goal = goal
        if not self.is_running and not play.is_over:
            self._stops.clear()
            self._task = asyncio.create_task(self._run(), name="playground-week")
            self._touch()

    async def pause(self) -> None:
        """Stop after the act that is being played."""
        task = self._task
        if task is not None:
            self._stops.set()
            await task

    def keep_pace(self, pace: Pace) -> None:
        """How fast it plays by itself."""
        self.pace = pace
        self._touch()

    # ------------------------------------------------------------ playing

    def _begun(self) -> Play:
        if self._play is None:
            raise Refused("week_not_begun")
        return self._play

    def _touch(self) -> None:
        if self._stage is not None:
            self._stage.touch()

    async def _run(self) -> None:
        with contextlib.suppress(Refused):
            while await self._one() and not self._is_at_goal():
                await self._wait(PAUSE_SECONDS[self.pace])
                if self._stops.is_set():
                    break
        self._task = None
        self._touch()

    def _is_at_goal(self) -> bool:
        return self._play is None or (self._goal is not None and self._play.position >= self._goal)

    async def _wait(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stops.wait(), seconds * self._haste)

    async def _one(self) -> bool:
        """One act; False when the play should not go on by itself. Raises Refused while the bot is down."""
        async with self._lock:
            play = self._play
            if play is None or play.is_over:
                return False
            await self._look_at(play)
            _, step, _ = play.acts[play.position]
            try:
                shortfalls = list((await play.next_act()).shortfalls)
                if play.is_over:
                    await self._close(play)
            except StoreUnavailable:
                raise Refused("bot_is_away") from None
            if shortfalls:
                self._shortfalls.setdefault(step.number, []).extend(shortfalls)
            self._touch()
            return not shortfalls and not play.is_over

    async def _look_at(self, play: Play) -> None:
        """Tell the page where the next act happens, a moment before it does."""
        if self._troupe is None:
            return
        _, self._current, act = play.acts[play.position]
        me, chat = self._troupe.place(*place_of(act))
        is_elsewhere = bool(me) and (me, chat) != (self._place.me, self._place.chat)
        if me:
            self._place = Place(number=self._place.number + 1, me=me, chat=chat, card=act.card)
        if is_elsewhere or act.card:
            self._touch()
            await asyncio.sleep(LOOK_SECONDS[self.pace] * self._haste)

    async def _close(self, play: Play) -> None:
        """Check the closing tables."""
        self._closing = tuple([await self._checked(play, row) for row in self._week.closing])
        self._clocks = tuple([await self._checked(play, row) for row in self._week.clocks])

    async def _checked(self, play: Play, row: ClosingRow | ClockRow) -> RowView:
        lacking = await play.lacking_of(row)
        return _row(row, Mark.WRONG if lacking else Mark.DONE, tuple(lacking))

    # ------------------------------------------------------------ looking

    @property
    def programme(self) -> Programme:
        """How the week stands."""
        play = self._play
        position = play.position if play is not None else 0
        following = play.acts[position][1].number if play is not None and not play.is_over else 0
        current = self._current.number if self._current is not None else 0
        steps = tuple(self._view(step) for step in self._week.steps)
        return Programme(
            steps=steps,
            has_begun=play is not None,
            is_running=self.is_running,
            is_over=play is not None and play.is_over,
            wrong=sum(step.mark is Mark.WRONG for step in steps),
            next_step=following,
            now=next((step for step in steps if step.number == current), None),
            played=position,
            acts=sum(len(step.acts) for step in self._week.steps),
            pace=self.pace,
            digests=tuple(self._digest_rows(steps)),
            clocks=self._clocks or tuple(_row(row, Mark.AHEAD) for row in self._week.clocks),
            closing=self._closing or tuple(_row(row, Mark.AHEAD) for row in self._week.closing),
        )

    def _view(self, step: Step) -> StepView:
        shortfalls = tuple(self._shortfalls.get(step.number, ()))
        return StepView(
            number=step.number,
            at=self._week.instant(step.day, step.acts[0].at) if step.acts else self._week.start,
            actor=self.named(step.actor),
            action=self.named(step.action),
            zh=step.zh,
            mark=Mark.WRONG if shortfalls else self._mark(step),
            shortfalls=shortfalls,
        )

    def _mark(self, step: Step) -> Mark:
        play = self._play
        if play is None:
            return Mark.AHEAD
        played = [act for _, own, act in play.acts[: play.position] if own.number == step.number]
        if len(played) == len(step.acts):
            return Mark.DONE
        return Mark.PLAYING if played else Mark.AHEAD

    def _digest_rows(self, steps: tuple[StepView, ...]) -> list[RowView]:
        """A digest stands as the step does in which it is read."""
        marks = {
            step.day: view.mark
            for step, view in zip(self._week.steps, steps, strict=True)
            if any(wanted.digest for act in step.acts for wanted in act.expect)
        }
        rows: list[RowView] = []
        for row in self._week.digests:
            cells = (f"{row.day:%m-%d}", *row.cells)
            rows.append(RowView(cells=cells, zh=cells, mark=marks.get(row.day, Mark.AHEAD)))
        return rows


def _after(play: Play, number: int) -> int:
    """Index behind the last act of a step. Raises Refused for a step that does not exist."""
    found = [index for index, (_, step, _) in enumerate(play.acts, start=1) if step.number == number]
    if not found:
        raise Refused("week_no_step")
    return found[-1]


def _row(row: ClosingRow | ClockRow, mark: Mark, shortfalls: tuple[Shortfall, ...] = ()) -> RowView:
    cells = (row.subject, row.expected) if isinstance(row, ClosingRow) else tuple(row.cells)
    return RowView(cells=cells, zh=tuple(row.zh), mark=mark, shortfalls=shortfalls)
