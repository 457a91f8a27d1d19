"""Who belongs into the dedicated group of an item (domain.md 3.15, R-41, R-42; A-11, L-19, L-22; EC-47).

Required: heads and primary liaisons of the lead and cooperating departments. Allowed besides: backup liaisons of those
departments, registered delegates of required people, the secretaries, the item's team, a former liaison for five working
days, the bot. Everybody else is an outsider.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.calendar import Calendars
from bot.domain.company import Extra
from bot.domain.confidentiality import Secrecy, check_group, level
from bot.domain.delegation import OPEN, Leave
from bot.domain.directory import Directory, Role
from bot.domain.group import Group, GroupPurpose, GroupState
from bot.domain.ids import AccountKey, DepartmentId, PersonId
from bot.domain.item import Item
from bot.domain.posts import Posts
from bot.errors import RuleViolation

#: working days for which a former liaison may stay (L-22)
FORMER_STAYS_WD = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerLiaison:
    """Somebody who was liaison of a department until `until` (the effective date of the change)."""

    person: PersonId
    department: DepartmentId
    until: date

    def may_stay(self, calendars: Calendars, *, at: datetime, workdays: int = FORMER_STAYS_WD) -> bool:
        """Still an allowed extra? Counted in working days of the company after `until`."""
        return calendars.workdays_between(self.until, calendars.local(at).date()) <= workdays


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """The rule for one item: who must be in, in a fixed order, and who may."""

    required: tuple[PersonId, ...]
    allowed: frozenset[PersonId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """How a group compares with its rule."""

    missing: tuple[PersonId, ...] = ()
    outsiders: tuple[AccountKey, ...] = ()

    @property
    def is_compliant(self) -> bool:
        """合规: nobody missing, nobody strange."""
        return not self.missing and not self.outsiders


def membership(
    item: Item,
    *,
    directory: Directory,
    posts: Posts,
    leaves: Iterable[Leave] = (),
    former: Iterable[FormerLiaison] = (),
    calendars: Calendars,
    at: datetime,
    extras: Iterable[Extra] = tuple(Extra),
    former_stays_wd: int = FORMER_STAYS_WD,
) -> Membership:
    """Who must and who may be in the item's group at `at`."""
    required = required_people(item, posts)
    kinds = frozenset(extras)
    allowed: set[PersonId] = set(required)
    if Extra.BACKUP in kinds:
        allowed.update(b for d in item.involved for b in posts.backups(d))
    if Extra.DELEGATE in kinds:
        allowed.update(
            leave.delegate
            for leave in leaves
            if leave.delegate is not None and leave.person in required and leave.state in OPEN and at < leave.ends_at
        )
    if Extra.SECRETARY in kinds:
        allowed.update(p.id for p in directory.holders(Role.SECRETARY))
        acting = posts.secretary()
        if acting is not None:
            allowed.add(acting)
    if Extra.DEPUTY_SECRETARY in kinds:
        allowed.update(p.id for p in directory.holders(Role.DEPUTY_SECRETARY))
    if Extra.MEMBER in kinds:
        allowed.update(item.members)
    if Extra.FORMER_LIAISON in kinds:
        allowed.update(
            f.person
            for f in former
            if f.department in item.involved and f.may_stay(calendars, at=at, workdays=former_stays_wd)
        )
    return Membership(required=required, allowed=frozenset(allowed))


def required_people(item: Item, posts: Posts) -> tuple[PersonId, ...]:
    """Heads (or acting heads, L-19) and primary liaisons, department by department, lead first; leave does not excuse."""
    people: list[PersonId] = []
    for department in item.involved:
        head = posts.head_post(department)
        if head is not None:
            people.append(head)
        people.extend(posts.liaisons(department))
    return tuple(dict.fromkeys(people))


def compare(rule: Membership, members: Iterable[AccountKey], *, directory: Directory) -> Composition:
    """Missing people in the order of the rule, outsiders in the order of the group. The bot is no member here."""
    present: set[PersonId] = set()
    outsiders: list[AccountKey] = []
    for account in dict.fromkeys(members):
        person = directory.by_account(account)
        if person is None or person.id not in rule.allowed:
            outsiders.append(account)
        if person is not None:
            present.add(person.id)
    missing = tuple(p for p in rule.required if p not in present)
    return Composition(missing=missing, outsiders=tuple(outsiders))


def invitees(
    rule: Membership, *, secretary: PersonId | None, requester: PersonId, team: Iterable[PersonId] = ()
) -> tuple[PersonId, ...]:
    """Whom a new group is made with: the required, then the allowed among secretary, team and the person who asked."""
    more = (p for p in (secretary, *team, requester) if p is not None and p in rule.allowed)
    return tuple(dict.fromkeys((*rule.required, *more)))


def group_name(short_name: str) -> str:
    """The suggestion of 3.15."""
    return f"{short_name}协作专项群"


def check_creation(item: Item, platform: str, groups: Iterable[Group]) -> None:
    """Raises RuleViolation: `confidential_no_group`, or `group_exists` for a second active one on the platform."""
    check_group(item.secrecy)
    for group in groups:
        same = group.purpose is GroupPurpose.DEDICATED and group.item == item.code and group.platform == platform
        if same and group.state not in {GroupState.LOST, GroupState.RETIRED, GroupState.FAILED}:
            raise RuleViolation("group_exists", {"name": group.name, "code": item.code})


def may_post(secrecy: int, state: GroupState) -> bool:
    """May something of that level be posted in the group? Level 1 waits until the group is compliant (EC-47)."""
    match level(secrecy):
        case Secrecy.NORMAL:
            return True
        case Secrecy.SENSITIVE:
            return state is GroupState.COMPLIANT
        case Secrecy.CONFIDENTIAL:
            return False
