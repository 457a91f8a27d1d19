"""The company as one transaction sees it: people, posts, calendars, plan and parameters. Immutable."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.calendar import Calendars
from bot.domain.company import Company
from bot.domain.delegation import Leave
from bot.domain.directory import Directory
from bot.domain.posts import Posts


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything about the company that rules ask for and that changes rarely."""

    directory: Directory
    company: Company
    calendars: Calendars
    leaves: tuple[Leave, ...]
    posts: Posts
