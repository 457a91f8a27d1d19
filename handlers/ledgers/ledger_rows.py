"""The ledgers as one person may see them now: every row is asked for anew (P-53, P-54, P-63; domain.md 2.5; R-17).

Level-2 objects stand in no ledger; those that the person may read are counted (6.3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain import confidentiality
from bot.domain.action import Action
from bot.domain.confidentiality import Place, Secrecy, title_shown
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.issue import MACHINE, Issue, IssueState
from bot.domain.issue_ledger import IssueFacts, issue_sheet
from bot.domain.item import Item, ItemState
from bot.domain.item_light import Light, light, progress
from bot.domain.ledger import Sheet, What
from bot.domain.permissions import Grant, Limit, may
from bot.domain.progress_ledger import ItemFacts, progress_sheet, task_sheet
from bot.domain.progress_report import ProgressReport
from bot.domain.relation import Relation
from bot.domain.task import Task, TaskState
from bot.routing import Context
from handlers.access import actor
from handlers.items.item_sight import Sight, relation_of
from handlers.items.item_view import planned_days
from handlers.post_holders import liaison_post
from handlers.words import Words

_SEES = {What.PROGRESS: Action.SEE_PROGRESS_LEDGER, What.ISSUES: Action.SEE_ISSUE_LEDGER}


@dataclass(frozen=True, slots=True)
class Seen:
    """The rows that a person may see, and how many confidential ones a file leaves out."""

    items: list[ItemFacts] = field(default_factory=list)
    issues: list[IssueFacts] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    left_out: int = 0


def may_see_any(context: Context, what: What) -> bool:
    """Is there any row that the person could see?"""
    return _sight(context, _SEES[what], _anything(context)) is not Sight.NOTHING


def may_export(context: Context) -> bool:
    """Is there any row that the person may take out (P-63)?"""
    return _sight(context, Action.EXPORT_LEDGER, _anything(context)) is not Sight.NOTHING


def seen(context: Context, what: What, *, for_file: bool = False) -> Seen:
    """Everything the person may see of a ledger, by number; `for_file` keeps to what may be taken out."""
    return _progress(context, for_file=for_file) if what is What.PROGRESS else _issues(context, for_file=for_file)


def _progress(context: Context, *, for_file: bool) -> Seen:
    found = Seen()
    left_out = 0
    for item in context.uow.items.find():
        relation = relation_of(item)
        how = _allowed(context, What.PROGRESS, relation, for_file=for_file)
        if how is Sight.NOTHING:
            continue
        if item.secrecy >= Secrecy.CONFIDENTIAL:
            left_out += 1
            continue
        facts = item_facts(context, item, how)
        found.items.append(facts)
        if how is Sight.DETAIL:
            found.tasks.extend(task for task in facts.tasks if task.secrecy < Secrecy.CONFIDENTIAL)
    return replace(found, left_out=left_out)


def _issues(context: Context, *, for_file: bool) -> Seen:
    found = Seen()
    left_out = 0
    for issue in context.uow.issues.find():
        relation = of_issue(context, issue)
        how = _allowed(context, What.ISSUES, relation, for_file=for_file)
        if how is Sight.NOTHING:
            continue
        if issue.secrecy >= Secrecy.CONFIDENTIAL:
            left_out += 1
            continue
        found.issues.append(
            IssueFacts(issue=issue, shows_title=_may_read(context, relation), is_summary=how is not Sight.DETAIL)
        )
    return replace(found, left_out=left_out)


def item_facts(context: Context, item: Item, how: Sight) -> ItemFacts:
    """Everything that the row of an item is made of; of its issues those that are no secret."""
    tasks = tuple(context.uow.tasks.find(item=item.code))
    issues = tuple(i for i in context.uow.issues.find(item=item.code) if i.secrecy < Secrecy.CONFIDENTIAL)
    may_read = _may_read(context, relation_of(item))
    title = title_shown(item.title, secrecy=item.secrecy, place=Place.EXPORT, may_read=may_read)
    return ItemFacts(
        item=item,
        tasks=tasks,
        issues=issues,
        light=_light(context, item, tasks, issues),
        progress=progress(tasks, days=lambda task: planned_days(context, task)),
        report=_last_report(context, item),
        plan=f"{item.plan} v{item.plan_version}" if item.plan else "",
        accountable=context.world.posts.head_post(item.lead),
        liaison=liaison_post(context, item.lead),
        shows_title=bool(title),
        is_summary=how is not Sight.DETAIL,
    )


def _last_report(context: Context, item: Item) -> ProgressReport | None:
    given = [r for r in context.uow.reports.find(item=item.code) if r.submitted_at is not None]
    return max(given, key=lambda r: (r.submitted_at or context.now, r.code), default=None)


def _light(context: Context, item: Item, tasks: tuple[Task, ...], issues: tuple[Issue, ...]) -> Light:
    today = context.world.calendars.local(context.now).date()
    return light(item, tasks, issues, now=context.now, today=today)


# ---------------------------------------------------------------- rights


def of_issue(context: Context, issue: Issue) -> Relation:
    """How an issue stands to its readers: departments that the finder named are involved before it is graded (P-54)."""
    item = context.uow.items.get(issue.item) if issue.item is not None else None
    return Relation(
        department=issue.found_by,
        lead=issue.lead,
        coop=frozenset((*issue.coop, *issue.departments)),
        owners=frozenset({issue.reporter}),
        members=frozenset(item.members) if item is not None else frozenset(),
        secrecy=issue.secrecy,
        access=frozenset(issue.access),
    )


def _anything(context: Context) -> Relation:
    """Something of the person's own department."""
    person = context.person
    own = person.department if person is not None else None
    owners = frozenset({person.id}) if person is not None else frozenset[PersonId]()
    return Relation(department=own, lead=own, owners=owners)


def _allowed(context: Context, what: What, relation: Relation, *, for_file: bool) -> Sight:
    if for_file and _sight(context, Action.EXPORT_LEDGER, relation) is Sight.NOTHING:
        return Sight.NOTHING
    return _sight(context, _SEES[what], relation)


def _may_read(context: Context, relation: Relation) -> bool:
    """May the person read the text, and not only that it exists (2.5)?"""
    who = actor(context)
    return not relation.secrecy or (who is not None and confidentiality.may_read(who, relation))


def _sight(context: Context, action: Action, relation: Relation) -> Sight:
    """The most that any post of the person allows."""
    who = actor(context)
    if who is None or not confidentiality.may_know(who, relation):
        return Sight.NOTHING
    answers = (may(action, replace(who, holdings=(holding,)), relation) for holding in who.holdings)
    granted = [answer for answer in answers if isinstance(answer, Grant)]
    if not granted:
        return Sight.NOTHING
    is_whole = any(grant.limit is Limit.NONE for grant in granted) and confidentiality.may_read(who, relation)
    return Sight.DETAIL if is_whole else Sight.SUMMARY


# ---------------------------------------------------------------- words


@dataclass(frozen=True, slots=True)
class LedgerWords:
    """How things are called in a ledger: its language is Chinese, its time the company's (6.3)."""

    words: Words

    def person(self, person: PersonId | None) -> str:
        """A name, empty for nobody."""
        return self.words.name(person) if person is not None else ""

    def department(self, department: DepartmentId | None) -> str:
        """A short name."""
        return self.words.department(department) if department is not None else ""

    def item_state(self, state: ItemState) -> str:
        """The stage of 3.3."""
        return self.words.say(f"item_state_{state.value}")

    def task_state(self, state: TaskState) -> str:
        """The state of 3.4."""
        return self.words.say(f"task_state_{state.value}")

    def issue_state(self, state: IssueState) -> str:
        """The state of 3.7."""
        return self.words.say(MACHINE.state_key(state))

    def instant(self, at: datetime) -> str:
        """An instant inside a text."""
        return f"{self.local(at):%Y-%m-%d %H:%M}"

    def local(self, at: datetime) -> datetime:
        """An instant in the company's zone."""
        return self.words.context.world.calendars.local(at)


def ledger_words(context: Context) -> LedgerWords:
    """The words of the ledgers."""
    zone = context.world.calendars.zone
    return LedgerWords(Words(context, "zh-CN", zone, zone))


def sheets(context: Context, what: What, found: Seen) -> tuple[Sheet, ...]:
    """The ledger, and behind the progress ledger the tasks."""
    spoken = ledger_words(context)
    name: Callable[[str], str] = spoken.words.say
    if what is What.PROGRESS:
        return (
            progress_sheet(found.items, spoken, name=name("ledger_progress")),
            task_sheet(found.tasks, spoken, name=name("ledger_tasks"), now=context.now),
        )
    return (issue_sheet(found.issues, spoken, name=name("ledger_issues"), now=context.now),)
