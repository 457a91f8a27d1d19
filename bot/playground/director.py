"""Plays the acceptance week on the page, one act or all of them, and stops where something is not as expected.

The week begins on a fresh house: another store, another platform, Monday 08:00. Whoever opened the page may go on afterwards
from wherever the play stands.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import structlog

from bot.company import CompanyFile
from bot.playground.backstage import Backstage
from bot.playground.playing import Play
from bot.playground.stage import Refused, Stage
from bot.playground.troupe import Troupe
from bot.playground.week import Step, Week

log = structlog.get_logger(__name__)

#: real seconds between two acts at speed, so that the eye can follow
PAUSE_SECONDS = 0.25


class Mark(StrEnum):
    """How a step of the week stands."""

    AHEAD = "ahead"
    PLAYING = "playing"
    DONE = "done"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step as the page shows it."""

    number: int
    at: datetime
    actor: str
    action: str
    expected: str
    mark: Mark
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """The week as the page shows it."""

    steps: tuple[StepView, ...]
    has_begun: bool
    is_running: bool
    is_over: bool
    wrong: int
    #: number of the step that is next, 0 after the end
    next_step: int


Opening = Callable[[datetime], Awaitable[tuple[Stage, Backstage]]]


class Director:
    """One play at a time."""

    def __init__(self, *, week: Week, company: CompanyFile, opens: Opening) -> None:
        self._week = week
        self._company = company
        self._opens = opens
        self._play: Play | None = None
        self._stage: Stage | None = None
        self._problems: dict[int, list[str]] = {}
        self._task: asyncio.Task[None] | None = None
        self._stops = asyncio.Event()
        self._lock = asyncio.Lock()

    @property
    def is_running(self) -> bool:
        """Does it play by itself?"""
        return self._task is not None and not self._task.done()

    async def begin(self) -> None:
        """A fresh house at the week's beginning; nothing of the one before stays."""
        await self.pause()
        async with self._lock:
            stage, backstage = await self._opens(self._week.start)
            self._stage = stage
            self._problems = {}
            self._play = Play(self._week, Troupe(stage, backstage, self._company))
            stage.touch()

    async def next_act(self) -> None:
        """Play one act. Nothing happens before the beginning or after the end."""
        await self.pause()
        await self._one()

    def run(self) -> None:
        """Play by itself until something is not as expected, or until the end."""
        if self._play is not None and not self.is_running:
            self._stops.clear()
            self._task = asyncio.create_task(self._run(), name="playground-week")

    async def pause(self) -> None:
        """Stop after the act that is being played."""
        task = self._task
        if task is not None:
            self._stops.set()
            await task

    async def _run(self) -> None:
        while await self._one():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stops.wait(), PAUSE_SECONDS)
            if self._stops.is_set():
                break
        self._task = None
        if self._stage is not None:
            self._stage.touch()

    async def _one(self) -> bool:
        """One act; False when the play should not go on by itself."""
        async with self._lock:
            play = self._play
            if play is None or play.is_over:
                return False
            try:
                played = await play.next_act()
            except Refused as refused:
                _, step, act = play.acts[play.position - 1]
                self._problems.setdefault(step.number, []).append(f"{act.at}: {refused.key}")
                return False
            if played.shortfalls:
                self._problems.setdefault(played.step.number, []).extend(str(s) for s in played.shortfalls)
            if self._stage is not None:
                self._stage.touch()
            return not played.shortfalls and not play.is_over

    @property
    def programme(self) -> Programme:
        """How the week stands."""
        play = self._play
        position = play.position if play is not None else 0
        following = play.acts[position][1].number if play is not None and not play.is_over else 0
        steps = tuple(self._view(step) for step in self._week.steps)
        return Programme(
            steps=steps,
            has_begun=play is not None,
            is_running=self.is_running,
            is_over=play is not None and play.is_over,
            wrong=sum(step.mark is Mark.WRONG for step in steps),
            next_step=following,
        )

    def _view(self, step: Step) -> StepView:
        problems = tuple(self._problems.get(step.number, ()))
        return StepView(
            number=step.number,
            at=self._week.instant(step.day, step.acts[0].at),
            actor=step.actor,
            action=step.action,
            expected=step.expected,
            mark=Mark.WRONG if problems else self._mark(step),
            problems=problems,
        )

    def _mark(self, step: Step) -> Mark:
        play = self._play
        if play is None:
            return Mark.AHEAD
        played = [act for _, own, act in play.acts[: play.position] if own.number == step.number]
        if len(played) == len(step.acts):
            return Mark.DONE
        return Mark.PLAYING if played else Mark.AHEAD
