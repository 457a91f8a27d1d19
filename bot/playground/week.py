"""The acceptance week as data: a hundred steps of people and clock, and what has to come of each (`data/sample/week.toml`).

Every step keeps its line of the written plan word for word, so that page and plan read the same; beside it stands what is done
and expected in a form that a program can carry out and check. Times are of the company's zone.
"""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from importlib import resources
from zoneinfo import ZoneInfo

import msgspec

from bot.company import sample_text

Scalar = str | int | float | bool
Wanted = Scalar | list[Scalar]


class Expectation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to look at after an act. Only what is filled in is looked at."""

    #: parts of what the bot answered to whoever acted: in that chat, in private, or as a toast
    answer: list[str] = []
    #: id of a person who was told something since the act before
    told: str = ""
    #: id of a group in which something was shown since the act before
    group: str = ""
    #: parts of one such message
    says: list[str] = []
    #: parts that no such message, or no answer, may have
    lacks: list[str] = []
    #: how many such messages; None for at least one
    times: int | None = None
    #: the instant of it, `12:00` of the day
    at: str = ""
    #: ids of people who were told nothing since the act before
    untold: list[str] = []
    #: nobody was told anything since the act before
    silent: bool = False
    #: words that stand in no group, whenever they were shown
    nowhere: list[str] = []
    #: code of an object, and fields of it
    code: str = ""
    has: dict[str, Wanted] = {}
    #: code of an object that does not exist
    missing: str = ""
    #: key of an open deadline, and fields of it
    owes: str = ""
    #: key of a deadline that is not open
    settled: str = ""
    #: the leader reads the digest of this step's day as its row says
    digest: bool = False
    #: a line of the audit trail about `code`, or about anything
    audit: dict[str, str] = {}


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing somebody does, or the moment at which to look. `by` is the id of a person, empty for the clock alone."""

    at: str
    by: str = ""
    #: what the act before brought about is looked at here as well
    follows: bool = False
    #: what is written: into the group `into`, else into the private chat
    says: str = ""
    into: str = ""
    #: name under which this message can be quoted, recalled or reacted to
    named: str = ""
    quotes: str = ""
    reacts: str = ""
    recalls: str = ""
    #: a message of that name, for `reacts`
    to: str = ""
    #: the button that is pressed on the newest card of `card`, or on an older one (`old` counts back)
    presses: str = ""
    card: str = ""
    old: int = 0
    form: dict[str, str] = {}
    #: a press that was never on a card: verb and slot
    forges: str = ""
    slot: str = ""
    #: people who are let into the group `into`, or put out of it; a group of the week goes by a part of its name
    adds: list[str] = []
    removes: list[str] = []
    #: how it is done where the bot sees only what is addressed to it
    little: str = ""
    expect: list[Expectation] = []


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the plan's table of events, word for word, with what it means."""

    number: int
    day: date
    time: str
    actor: str
    where: str
    action: str
    expected: str
    #: both in one Chinese sentence
    zh: str
    acts: list[Act] = []


class DigestRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the table of expected digests, and its numbers."""

    day: date
    cells: list[str]
    waiting: list[int]
    major: int
    overdue: dict[str, int]
    soon: dict[str, int]
    #: requests, approved, started, on time, late, closed, conflicts new, concluded, accepted
    progress: list[int]
    #: general, important, major
    issues: list[int]
    on_time: int
    late: int
    cancelled: int
    rate: str
    median: str
    meetings: list[int]
    compliance: list[int]
    confidential: int


class ClockRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the table of reply clocks, and what of it can be checked."""

    code: str
    cells: list[str]
    #: the cells in Chinese
    zh: list[str]
    has: dict[str, Wanted]


class ClosingRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One closing figure, word for word, and how it is read off."""

    subject: str
    expected: str
    #: both in Chinese
    zh: list[str]
    expect: list[Expectation] = []


class Week(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it."""

    start: datetime
    zone: str
    #: what the week's company has besides the sample's, as tables of a company file
    company: str
    steps: list[Step]
    digests: list[DigestRow]
    clocks: list[ClockRow]
    closing: list[ClosingRow]

    @property
    def timezone(self) -> ZoneInfo:
        """The company's zone."""
        return ZoneInfo(self.zone)

    def instant(self, day: date, clock: str) -> datetime:
        """`09:05` or `10:10:02` of that day."""
        return datetime.fromisoformat(f"{day.isoformat()}T{clock if clock.count(':') == 2 else clock + ':00'}").replace(
            tzinfo=self.timezone
        )


def week_company_text(week: Week) -> str:
    """The company file with which the week begins. Reads from disk: call it outside the event loop."""
    return f"{sample_text()}\n{week.company}"


def week_text() -> str:
    """The file. Reads from disk: call it outside the event loop."""
    return resources.files("bot").joinpath("data/sample/week.toml").read_text(encoding="utf-8")


def read_week(text: str) -> Week:
    """The week. Raises msgspec.ValidationError for a file that is none."""
    return msgspec.convert(tomllib.loads(text), Week)
