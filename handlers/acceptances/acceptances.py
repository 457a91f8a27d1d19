"""Acceptance YS and archive (domain.md 3.6, R-83..R-85; SoD-3): its meeting schedules it, its acceptors vote, its item follows."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import acceptance_course as course
from bot.domain.acceptance import MACHINE, Acceptance, AcceptanceAct, AcceptanceState
from bot.domain.acceptance_form import FORM
from bot.domain.confidentiality import Secrecy
from bot.domain.happened import DeadlinePassed, ItemChanged, LiaisonChanged, MeetingChanged, PostsChanged
from bot.domain.ids import CodeKind
from bot.domain.item import Item
from bot.domain.meeting import Meeting, MeetingKind, MeetingState
from bot.domain.obligation import ObligationKind
from bot.routing import Context
from handlers import matter_cards
from handlers.acceptances import acceptance_cards, acceptance_deeds, acceptance_voting, archiving
from handlers.acceptances.acceptance_keeping import item_of, save, settle
from handlers.deeds import Kind
from handlers.post_holders import acting
from handlers.tables import Tables

#: the meeting will not be held
_OFF = frozenset({MeetingState.CANCELLED, MeetingState.MISSED, MeetingState.SKIPPED})
_ENDED = frozenset({MeetingState.ENDED, MeetingState.CLOSED})


def register(tables: Tables) -> None:
    """Put what this family answers on the tables."""
    tables.deeds.kind(
        Kind(
            kind=CodeKind.ACCEPTANCE,
            get=lambda context, code: context.uow.acceptances.get(code),
            step=acceptance_cards.step_of,
            state=acceptance_cards.state_key,
        )
    )
    tables.router.card(CodeKind.ACCEPTANCE, acceptance_cards.make)
    tables.router.when(MeetingChanged, on_meeting)
    tables.router.when(ItemChanged, on_item)
    tables.router.when(DeadlinePassed, on_passed)
    tables.router.when(PostsChanged, lambda context, _: follow_posts(context))
    tables.router.when(LiaisonChanged, lambda context, _: follow_posts(context))
    tables.forms.on(FORM, load=acceptance_deeds.load, save=acceptance_deeds.keep)
    acceptance_deeds.register(tables)
    tables.deeds.on("archive", CodeKind.ITEM, archiving.on_archive)
    tables.deeds.on("archive", CodeKind.ACCEPTANCE, archiving.on_archive_card)


# ---------------------------------------------------------------- its meeting


def on_meeting(context: Context, event: MeetingChanged) -> None:
    """Called: scheduled with the heads who were named as acceptors. Ended: the vote opens. Called off: to be called again."""
    meeting = event.after
    if meeting.kind is not MeetingKind.ACCEPTANCE:
        return
    acceptance = context.uow.acceptances.get(meeting.subject)
    if acceptance is None or (acceptance.meeting is not None and acceptance.meeting != meeting.code):
        return
    if meeting.state is MeetingState.SCHEDULED and acceptance.meeting is None:
        _schedule(context, acceptance, meeting)
    elif acceptance.meeting == meeting.code and meeting.state in _OFF:
        if MACHINE.allows(acceptance.state, AcceptanceAct.UNSCHEDULE):
            save(context, acceptance, course.unscheduled(acceptance), AcceptanceAct.UNSCHEDULE)
    elif acceptance.meeting == meeting.code and meeting.state in _ENDED:
        _open_vote(context, acceptance)


def _schedule(context: Context, acceptance: Acceptance, meeting: Meeting) -> None:
    """Raises RuleViolation `acceptors_needed` where nobody comes whose vote counts (SoD-3)."""
    if not MACHINE.allows(acceptance.state, AcceptanceAct.SCHEDULE):
        return
    item = item_of(context, acceptance)
    acceptors = [p for p in meeting.participants if acceptance_voting.may_vote(context, item, p)]
    after = course.scheduled(acceptance, meeting=meeting.code, acceptors=acceptors)
    if after.secrecy >= Secrecy.CONFIDENTIAL:
        after = replace(after, access=tuple(dict.fromkeys((*after.access, *acceptors))))
    save(context, acceptance, after, AcceptanceAct.SCHEDULE, reason=meeting.code)


def _open_vote(context: Context, acceptance: Acceptance) -> None:
    if not MACHINE.allows(acceptance.state, AcceptanceAct.OPEN_VOTE):
        return
    stored = save(context, acceptance, course.vote_opened(acceptance, now=context.now), AcceptanceAct.OPEN_VOTE)
    for acceptor in stored.waiting:
        department = context.world.posts.department_of(acceptor) or stored.lead
        person = acting(context, acceptor, department)
        if person is not None:
            purpose = acceptance_cards.purpose_of(stored, acceptance_cards.VOTE)
            matter_cards.show_to(context, person, stored.code, purpose, at_once=True)


# ---------------------------------------------------------------- item, deadlines, posts


def on_item(context: Context, event: ItemChanged) -> None:
    """The archive or the end of the item ends what is owed; its level is the acceptance's too."""
    before, after = event.before, event.after
    if after.is_finished and not before.is_finished:
        for acceptance in context.uow.acceptances.find(item=after.code):
            settle(context, acceptance)
            matter_cards.refresh(context, acceptance.code)
    elif (before.secrecy, before.access, before.lead) != (after.secrecy, after.access, after.lead):
        _follow_item(context, after)


def _follow_item(context: Context, item: Item) -> None:
    for acceptance in context.uow.acceptances.find(item=item.code):
        acceptors = acceptance.acceptors if item.secrecy >= Secrecy.CONFIDENTIAL else ()
        access = tuple(dict.fromkeys((*item.access, *acceptors)))
        save(
            context,
            acceptance,
            replace(acceptance, secrecy=item.secrecy, access=access, lead=item.lead),
            "follow_item",
        )


def on_passed(context: Context, event: DeadlinePassed) -> None:
    """What is overdue looks so."""
    if event.obligation.kind in {ObligationKind.ACCEPTANCE, ObligationKind.ARCHIVE, ObligationKind.RECTIFICATION}:
        matter_cards.refresh(context, event.obligation.code)


def follow_posts(context: Context) -> None:
    """Whoever holds the posts now has what they owe; a merged department's go to the new one (EC-48)."""
    for state in AcceptanceState:
        if state is AcceptanceState.WITHDRAWN:
            continue
        for acceptance in context.uow.acceptances.find(state=state.value):
            lead = context.world.directory.successor(acceptance.lead)
            if lead != acceptance.lead:
                save(context, acceptance, replace(acceptance, lead=lead), "follow_department")
            else:
                settle(context, acceptance)
