"""Who holds the posts that obligations name, and who acts for them now (domain.md 2.3, 2.6; SoD-8).

An obligation is held by the post's holder, present or not; cards and notices go to whoever acts.
"""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.confidentiality import Secrecy
from bot.domain.delegation import Scope
from bot.domain.directory import Person, Role
from bot.domain.ids import DepartmentId, PersonId
from bot.routing import Context


def liaison_post(context: Context, department: DepartmentId) -> PersonId | None:
    """The first liaison of the department; its head where there is none (2.1)."""
    posts = context.world.posts
    return next(iter(posts.liaisons(department)), None) or posts.head_post(department)


def head_post(context: Context, department: DepartmentId) -> PersonId | None:
    """The head, or the acting head while the post is vacant."""
    return context.world.posts.head_post(department)


def secretary_post(context: Context) -> PersonId | None:
    """The executive secretary, or whoever acts where the post is vacant."""
    holders = context.world.directory.holders(Role.SECRETARY)
    return next((p.id for p in holders), None) or context.world.posts.secretary()


def acting(context: Context, post: PersonId | None, department: DepartmentId) -> Person | None:
    """The holder of a post of that department, or whoever stands in by 2.6; None where nobody does."""
    posts = context.world.posts
    if post is None:
        return None
    if posts.is_available(post):
        return context.world.directory.person(post)
    standing = (
        posts.head_of(department) if post == posts.head_post(department) else posts.assignee(department, mentioned=post)
    )
    return context.world.directory.person(standing.acting) if standing is not None else None


def acting_liaison(context: Context, department: DepartmentId) -> Person | None:
    """Who answers for the department now."""
    standing = context.world.posts.assignee(department)
    return context.world.directory.person(standing.acting) if standing is not None else None


def acting_head(context: Context, department: DepartmentId) -> Person | None:
    """Who acts as its head now."""
    standing = context.world.posts.head_of(department)
    return context.world.directory.person(standing.acting) if standing is not None else None


def handling_post(
    context: Context, department: DepartmentId, *, secrecy: int = 0, access: Collection[PersonId] = ()
) -> PersonId | None:
    """The liaison; of a confidential object the liaison or the head who stands on its list (2.5)."""
    liaison = liaison_post(context, department)
    if secrecy < Secrecy.CONFIDENTIAL:
        return liaison
    return next((p for p in (liaison, head_post(context, department)) if p in access), liaison)


def handling(
    context: Context, department: DepartmentId, *, secrecy: int = 0, access: Collection[PersonId] = ()
) -> Person | None:
    """Who acts for that post now; nobody outside the list of a confidential object."""
    liaison = acting_liaison(context, department)
    if secrecy < Secrecy.CONFIDENTIAL:
        return liaison
    return next((p for p in (liaison, acting_head(context, department)) if p is not None and p.id in access), None)


def acting_owner(context: Context, owner: PersonId, department: DepartmentId) -> Person | None:
    """Whoever works on a task now: its owner, the delegate named in a leave, the liaison (2.6)."""
    posts = context.world.posts
    if posts.is_available(owner):
        return context.world.directory.person(owner)
    delegate = next(iter(posts.delegates_of(owner, Scope.TASKS)), None)
    return context.world.directory.person(delegate) if delegate is not None else acting_liaison(context, department)


def is_at_work(context: Context) -> bool:
    """Is it working time for the person behind this transaction? Then a decision that is asked for may go out at once (L-09)."""
    if context.person is None:
        return False
    return context.world.calendars.of_person(context.person).is_notice_time(context.now)
