"""`/待办`: what waits for me, for those I stand in for, and what I wait for; `/部门待办`: what waits in the departments I head.

Confidential matters are counted here and listed by `/涉密待办` only (EC-71). Every line is about one open deadline or question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.confidentiality import Secrecy, level
from bot.domain.directory import Person
from bot.domain.ids import CodeKind, DepartmentId, PersonId
from bot.domain.issue import Issue, IssueState
from bot.domain.obligation import Obligation
from bot.domain.reply_clock import ReplyClock
from bot.domain.request import Request, RequestState
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import matter_access, numbered
from handlers.access import actor
from handlers.calls import Call, Commands
from handlers.clocks import clock_access, clock_cards
from handlers.deadlines import holdings, routing_table
from handlers.lookups import find
from handlers.words import Words

#: what does not fit on a phone screen is counted
MOST = 8
MOST_ASKED = 5
MOST_OF_TEAM = 15
LONGEST_TITLE = 30
#: minutes are objected to within two working days; an answer that took longer than this is lost
OBJECTED_LATELY = timedelta(days=60)
#: of several who have to act this many are named
MOST_NAMES = 3
_OPEN_REQUESTS = tuple(
    state.value
    for state in (RequestState.IN_REVIEW, RequestState.REVIEWED, RequestState.ASSESSING, RequestState.PENDING_LEADER)
)
_OPEN_ISSUES = tuple(
    state.value for state in IssueState if state not in {IssueState.CLOSED, IssueState.MERGED, IssueState.NOT_ACCEPTED}
)


def answer_commands(commands: Commands) -> None:
    """Put the commands on the table."""
    commands.on("todo", on_todo)
    commands.on("team_todo", on_team)
    commands.on("in_hand", on_in_hand)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the list: a number, when it is due, and the words for it."""

    code: str
    line: str


# ---------------------------------------------------------------- my own


def on_todo(call: Call) -> None:
    """The list is nobody else's business: in a group it goes to the private chat (ux.md A4 18)."""
    waiting = waiting_for(call.context, call.person, call.words)
    lines = [call.words.say("todo_head", count=len(waiting)) if waiting else call.words.say("todo_none")]
    lines.extend(one.line for one in waiting[:MOST])
    if len(waiting) > MOST:
        lines.append(call.words.say("todo_more", count=len(waiting)))
    hidden = len([held for held, _ in _held(call.context, call.person) if _is_confidential(held)])
    if hidden:
        lines.append(call.words.say("todo_confidential", count=hidden))
    asked = list(_asked_for(call))
    if asked:
        lines.extend((call.words.say("todo_asked"), *asked[:MOST_ASKED]))
    call.answer_privately("\n".join(lines))


def waiting_for(context: Context, person: Person, words: Words) -> list[Waiting]:
    """Everything that waits for this person that may be named, the earliest limit first."""
    due: list[tuple[datetime, Waiting]] = [
        (clock.due_at, Waiting(clock.code, _clock(clock, words)))
        for clock in clock_access.waiting_for(context, person.id)
        if clock_cards.UNSENT not in clock.flags
    ]
    due.extend(
        (clock.due_at, Waiting(clock.code, _escalated(clock, words)))
        for clock in clock_access.escalated_to(context, person.id)
    )
    due.extend(
        (held.due_at, Waiting(held.code, _obligation(held, behalf, words)))
        for held, behalf in _held(context, person)
        if not _is_confidential(held)
    )
    waiting = [one for _, one in sorted(due, key=lambda found: (found[0], found[1].code))]
    return [*waiting, *_sent_back(context, person, words), *_objections(context, person, words)]


def _sent_back(context: Context, person: Person, words: Words) -> Iterator[Waiting]:
    """Requests that came back to whoever submitted them; no limit drives them on, so nothing else would show them."""
    for request in context.uow.requests.find(person=person.id, state=RequestState.RETURNED.value):
        if level(request.secrecy) is not Secrecy.CONFIDENTIAL:
            title = inert(request.title, limit=LONGEST_TITLE)
            yield Waiting(request.code, words.say("todo_sent_back", code=request.code, title=title))


def _objections(context: Context, person: Person, words: Words) -> Iterator[Waiting]:
    """Objections to minutes that the secretary has not answered (3.10)."""
    if context.world.posts.secretary() != person.id:
        return
    recently = context.uow.minutes.between("at", context.now - OBJECTED_LATELY, context.now + OBJECTED_LATELY)
    for minutes in recently:
        count = len(minutes.open_objections)
        if count and level(minutes.secrecy) is not Secrecy.CONFIDENTIAL:
            yield Waiting(minutes.code, words.say("todo_objections", code=minutes.code, count=count))


def _held(context: Context, person: Person) -> Iterator[tuple[Obligation, PersonId | None]]:
    """Own limits, and those of absent people in whose place this person acts today (2.6), with whose they are."""
    for one in context.uow.obligations.find(holder=person.id):
        yield one, None
    posts = context.world.posts
    for absent in context.world.directory.people:
        if absent.id == person.id or not absent.is_active or not posts.is_away(absent.id):
            continue
        for one in context.uow.obligations.find(holder=absent.id):
            standing = routing_table.acting_for(context, one)
            if standing is not None and standing.acting == person.id:
                yield one, absent.id


def _is_confidential(one: Obligation) -> bool:
    return level(one.secrecy) is Secrecy.CONFIDENTIAL


def _clock(clock: ReplyClock, words: Words) -> str:
    return words.say("todo_clock", code=clock.code, asker=words.name(clock.asker), due=words.reply_due(clock.due_at))


def _escalated(clock: ReplyClock, words: Words) -> str:
    assignee, asker = words.name(clock.acting), words.name(clock.asker)
    return words.say(
        "todo_escalated", code=clock.code, assignee=assignee, asker=asker, due=words.reply_due(clock.due_at)
    )


def _obligation(held: Obligation, behalf: PersonId | None, words: Words) -> str:
    line = words.say(
        "todo_obligation", code=held.code, title=_title(held), kind=_kind(held, words), due=words.due(held.due_at)
    )
    return line + (words.say("todo_behalf", name=words.name(behalf)) if behalf is not None else "")


def _title(one: Obligation) -> str:
    return inert(one.title, limit=LONGEST_TITLE) if not _is_confidential(one) else ""


def _kind(one: Obligation, words: Words) -> str:
    return words.say(f"kind_{one.kind.name.lower()}")


# ---------------------------------------------------------------- what I wait for


def _asked_for(call: Call) -> Iterator[str]:
    """Questions, requests and issues of mine that somebody else has in hand, with who that is."""
    context, person, words = call.context, call.person, call.words
    for clock in clock_access.asked_by(context, person.id):
        yield words.say(
            "todo_asked_item",
            code=clock.code,
            department=words.department(clock.department),
            due=words.reply_due(clock.due_at),
        )
    mine: list[Request | Issue] = [
        *context.uow.requests.find(person=person.id, state=_OPEN_REQUESTS),
        *context.uow.issues.find(person=person.id, state=_OPEN_ISSUES),
    ]
    for thing in mine:
        if level(thing.secrecy) is Secrecy.CONFIDENTIAL:
            continue
        open_ones = context.uow.obligations.find(code=thing.code)
        with_others = sorted((o for o in open_ones if o.holder != person.id), key=lambda o: (o.due_at, o.key))
        if with_others:
            yield _in_others_hands(thing.code, thing.title, with_others, words)


def _in_others_hands(code: str, title: str, open_ones: list[Obligation], words: Words) -> str:
    first = open_ones[0]
    return words.say(
        "todo_asked_matter",
        code=code,
        title=inert(title, limit=LONGEST_TITLE),
        kind=_kind(first, words),
        people=_names((o.holder for o in open_ones if o.kind is first.kind), words),
        due=words.due(first.due_at),
    )


def _names(holders: Iterable[PersonId | None], words: Words) -> str:
    people = list(dict.fromkeys(holders))
    names = words.listing(words.name(person) for person in people[:MOST_NAMES])
    return names if len(people) <= MOST_NAMES else words.say("todo_people", names=names, count=len(people))


# ---------------------------------------------------------------- a department


def on_team(call: Call) -> None:
    """Everything that waits in the departments one heads, with who has it (R-17). Raises RuleViolation `no_right`."""
    who = actor(call.context)
    heads = sorted(who.heads) if who is not None else []
    if not heads:
        raise RuleViolation("no_right")
    found = [one for department in heads for one in _of_team(call.context, department)]
    found.sort(key=lambda one: (one.due_at, one.key))
    words = call.words
    names = words.listing(words.department(d) for d in heads)
    overdue = len([one for one in found if one.due_at < call.context.now])
    lines = [words.say("team_head", departments=names, count=len(found), overdue=overdue)]
    lines.extend(_of_somebody(call, one) for one in found[:MOST_OF_TEAM])
    if len(found) > MOST_OF_TEAM:
        lines.append(words.say("todo_more", count=len(found)))
    call.answer_privately("\n".join(lines))


def _of_team(context: Context, department: DepartmentId) -> list[Obligation]:
    """Limits of the department and of its people, confidential ones left out."""
    found = {one.key: one for one in context.uow.obligations.find(department=department)}
    for person in context.world.directory.people:
        if person.department == department:
            found |= {one.key: one for one in context.uow.obligations.find(holder=person.id)}
    return [one for one in found.values() if not _is_confidential(one)]


def _of_somebody(call: Call, one: Obligation) -> str:
    words = call.words
    is_read = not one.secrecy or routing_table.reads_title(call.context, one, call.person)
    return words.say(
        "team_item",
        code=one.code,
        title=_title(one) if is_read else "",
        kind=_kind(one, words),
        name=words.name(one.holder),
        due=words.due(one.due_at),
    )


# ---------------------------------------------------------------- one number


def on_in_hand(call: Call) -> None:
    """Who has it, since when in working time, and who had it before. Raises RuleViolation `not_found_or_no_right` (EC-73)."""
    ref = call.command.codes[0]
    context, words = call.context, call.words
    kinds = [ref.kind] if ref.kind is not None else list(_KINDS)
    found = [code for kind in kinds if (code := find(context, ref, kind, lambda c: _known(context, c))) is not None]
    if len(found) != 1 or not matter_access.may_see(context, found[0]):
        raise RuleViolation("not_found_or_no_right")
    code = found[0]
    open_ones = sorted(context.uow.obligations.find(code=code), key=lambda one: (one.due_at, one.key))
    lines = [_present(one, words) for one in open_ones[:MOST]] or [words.say("in_hand_nobody", code=code)]
    lines.extend(line for line in (holdings.line(context, code, words),) if line)
    relation = matter_access.relation_of(context, code)
    if relation is not None and relation.secrecy:
        call.answer_privately("\n".join(lines))
    else:
        call.answer("\n".join(lines))


_KINDS = tuple(kind for kind in CodeKind if kind not in {CodeKind.CLOCK, CodeKind.LEAVE})


def _known(context: Context, code: str) -> str | None:
    """The code, where there is anything of that number."""
    is_known = numbered.load(context, code) is not None or context.uow.obligations.find(code=code)
    return code if is_known else None


def _present(one: Obligation, words: Words) -> str:
    return words.say(
        "in_hand_item", code=one.code, kind=_kind(one, words), name=words.name(one.holder), due=words.due(one.due_at)
    )
