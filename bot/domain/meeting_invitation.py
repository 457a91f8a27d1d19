"""Who is asked to come to a meeting of each kind, and who hosts it (domain.md 3.9; R-53, R-58, R-60, R-65, R-66, A-16)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.directory import Directory, Role
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.meeting import Attendance, MeetingKind
from bot.domain.posts import Posts

_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """The departments and people that a meeting is about."""

    lead: DepartmentId | None = None
    coop: tuple[DepartmentId, ...] = ()
    #: the project team of the item (R-65)
    members: tuple[PersonId, ...] = ()
    #: whom the one who calls the meeting named
    named: tuple[PersonId, ...] = ()
    acceptors: tuple[PersonId, ...] = ()

    @property
    def departments(self) -> tuple[DepartmentId, ...]:
        """Lead first."""
        return (self.lead, *self.coop) if self.lead is not None else self.coop


def invited(kind: MeetingKind, circle: Circle, directory: Directory, posts: Posts) -> tuple[Attendance, ...]:
    """Everybody who is asked to come, required ones first, each once."""
    required = _required(kind, circle, directory, posts)
    optional = circle.named if kind not in {MeetingKind.SPECIAL, MeetingKind.ACCEPTANCE} else ()
    lines: dict[PersonId, Attendance] = {}
    for people, is_required in ((required, True), (optional, False)):
        for person in people:
            lines.setdefault(
                person,
                Attendance(person=person, department=posts.department_of(person), is_required=is_required),
            )
    return tuple(lines.values())


def _required(kind: MeetingKind, circle: Circle, directory: Directory, posts: Posts) -> Sequence[PersonId]:
    secretaries = [p.id for p in directory.holders(Role.SECRETARY)]
    normal = [d.id for d in directory.departments if posts.has_clocks(d.id)]
    match kind:
        case MeetingKind.WEEKLY:
            # the leader is welcome and not required
            return [*_heads(normal, posts), *_liaisons(normal, posts), *secretaries]
        case MeetingKind.SYNC:
            return _liaisons(normal, posts)
        case MeetingKind.MILESTONE:
            leaders = [p.id for p in directory.holders(Role.LEADER)]
            return [*_heads(circle.departments, posts), *circle.members, *leaders]
        case MeetingKind.ASSESSMENT:
            return [*secretaries, *_heads(circle.departments, posts), *_liaisons(circle.departments, posts)]
        case MeetingKind.COORDINATION:
            return [*secretaries, *_liaisons(circle.departments, posts)]
        case MeetingKind.SPECIAL:
            # those the leader names; where none are named, the heads of the departments concerned
            return [*(circle.named or _heads(circle.departments, posts)), *secretaries]
        case MeetingKind.ACCEPTANCE:
            lead = [circle.lead] if circle.lead is not None else []
            acceptors = circle.acceptors or circle.named or _heads(circle.coop, posts)
            return [*secretaries, *acceptors, *_heads(lead, posts), *_liaisons(lead, posts)]


def _heads(departments: Iterable[DepartmentId], posts: Posts) -> list[PersonId]:
    return [head for d in departments if (head := posts.head_post(d)) is not None]


def _liaisons(departments: Iterable[DepartmentId], posts: Posts) -> list[PersonId]:
    """The first liaison of each department; of one without, the head."""
    found: list[PersonId] = []
    for department in departments:
        liaison = next(iter(posts.liaisons(department)), None) or posts.head_post(department)
        if liaison is not None:
            found.append(liaison)
    return found


def sync_host(monday: date, effective: date | None, directory: Directory, posts: Posts) -> PersonId | None:
    """The rotating host: one liaison of each department in the order of their numbers, from the plan's first week on."""
    turns = sorted(
        posts.liaisons(d.id)[0] for d in directory.departments if posts.has_clocks(d.id) and posts.liaisons(d.id)
    )
    if not turns:
        return None
    first = effective or date.fromisocalendar(monday.year, 1, 1)
    weeks = (monday.toordinal() - (first.toordinal() - first.isoweekday() + 1)) // _WEEK
    return turns[weeks % len(turns)]
