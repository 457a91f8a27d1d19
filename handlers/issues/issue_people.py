"""Who stands how to an issue: rights, posts and who acts for them (domain.md 2.2, 2.6, 3.7; SoD-4, L-20)."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.action import Action
from bot.domain.confidentiality import Secrecy, level
from bot.domain.directory import Role
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.issue import Issue
from bot.domain.permissions import Refusal, may
from bot.domain.relation import Relation
from bot.domain.roles import actor_of
from bot.routing import Context
from handlers.post_holders import secretary_post


def relation(context: Context, issue: Issue) -> Relation:
    """How the issue stands to people, for acting on it."""
    item = context.uow.items.get(issue.item) if issue.item is not None else None
    return Relation(
        department=issue.found_by,
        lead=issue.lead,
        coop=frozenset(issue.coop),
        owners=frozenset({issue.reporter}),
        members=frozenset(item.members) if item is not None else frozenset(),
        responsible=issue.lead,
        secrecy=issue.secrecy,
        access=frozenset(issue.access),
    )


def sight(context: Context, issue: Issue) -> Relation:
    """The same for reading it: departments that the finder named are involved before it is graded."""
    known = relation(context, issue)
    return replace(known, coop=known.coop | frozenset(issue.departments))


def finders(context: Context, issue: Issue) -> frozenset[PersonId]:
    """Who may say that it is solved: the finder, and liaison and head of the department that found it (3.7, EC-50)."""
    posts = context.world.posts
    others = (posts.head_post(issue.found_by), finder(context, issue))
    return frozenset({issue.reporter, *posts.liaisons(issue.found_by), *(p for p in others if p is not None)})


def finder(context: Context, issue: Issue) -> PersonId | None:
    """Who is asked whether it is solved: the finder, of somebody who left the department's liaison (EC-53)."""
    posts = context.world.posts
    return issue.reporter if posts.department_of(issue.reporter) is not None else liaison_of(context, issue.found_by)


def grader(context: Context, issue: Issue) -> PersonId | None:
    """Who grades it: the secretary, SED or the leader where separation of duties says so (SoD-4, L-20)."""
    posts, directory = context.world.posts, context.world.directory
    known = relation(context, issue)
    deputies = (p.id for p in directory.holders(Role.DEPUTY_SECRETARY))
    for person in (posts.secretary(), *deputies, posts.leader()):
        found = actor_of(person, directory=directory, posts=posts) if person is not None else None
        if found is not None and not isinstance(may(Action.GRADE_ISSUE, found, known), Refusal):
            return found.person
    return posts.secretary()


def leader_post(context: Context) -> PersonId | None:
    """Who holds the post of leader, present or not; who acts where it is vacant."""
    return context.world.posts.leader_post() or context.world.posts.leader()


def lead_liaison(context: Context, issue: Issue) -> PersonId | None:
    """Who answers for the lead department."""
    return liaison_of(context, issue.lead) if issue.lead is not None else secretary_post(context)


def liaison_of(context: Context, department: DepartmentId) -> PersonId | None:
    """The liaison's post, that of the head where there is none, at last the secretary."""
    posts = context.world.posts
    named = next(iter((*posts.liaisons(department), *posts.backups(department))), None)
    return named or posts.head_post(department) or secretary_post(context)


def acting_liaisons(context: Context, issue: Issue) -> tuple[PersonId, ...]:
    """Who answers for lead and cooperating departments now; of a confidential issue the liaisons that are on its list."""
    if level(issue.secrecy) is Secrecy.CONFIDENTIAL:
        found = (liaison_of(context, d) for d in issue.handlers)
    else:
        found = (context.world.posts.recipient(d) for d in issue.handlers)
    return tuple(dict.fromkeys(p for p in found if p is not None))


def acting_heads(context: Context, issue: Issue) -> tuple[PersonId, ...]:
    """The acting heads of lead and cooperating departments."""
    standings = (context.world.posts.head_of(d) for d in issue.handlers)
    return tuple(dict.fromkeys(s.acting for s in standings if s is not None))
