"""Liaison changes: announced a week ahead, handed over, switched at midnight (domain.md 3.12, R-107..R-109; A-09, L-22; P-50).

Here are the commands of the head; what the others do to a change stands in `liaison_deeds`.
"""

from __future__ import annotations

from bot.arguments import shown
from bot.domain.directory import Person
from bot.domain.folding import folded
from bot.domain.happened import PostsChanged
from bot.domain.ids import CodeKind
from bot.domain.liaison_change import TICKS, ChangeState, LiaisonChange
from bot.domain.timers import TimerKind
from bot.errors import RuleViolation
from bot.messages import inert
from handlers.calls import Call
from handlers.conversation.addressees import people_of
from handlers.conversation.misread import misread
from handlers.deeds import SHORTEST_REASON as SHORTEST
from handlers.deeds import Kind, visible_length
from handlers.people import liaison_cards, liaison_deeds, liaison_forms, liaison_keeping, liaison_office
from handlers.people.liaison_announcing import OPEN, Asked, announce
from handlers.people.liaison_keeping import facts
from handlers.tables import Tables

LONGEST_REASON = 200
#: how the three points are confirmed in a text
_ALL = frozenset({"全部", "全部确认", "三项", "三项全部", "是", "all", "yes"})
_TICK_WORDS = {
    "skills": ("沟通", "责任", "skill"),
    "business": ("业务", "流程", "business"),
    "handover": ("交接", "hand"),
}
_YES = frozenset({"是", "紧急", "yes", "y"})


def register(tables: Tables) -> None:
    """Put commands, deeds, timers and cards on the tables."""
    tables.deeds.kind(
        Kind(
            kind=CodeKind.LIAISON_CHANGE,
            get=lambda context, code: context.uow.liaison_changes.get(code),
            state=lambda change: f"liaison_state_{change.state.value}",
        )
    )
    tables.commands.on("liaison_change", on_change)
    tables.commands.on("liaison_urgent", on_change)
    tables.commands.on("liaison_changes", on_list)
    liaison_deeds.register(tables)
    liaison_forms.register(tables)
    tables.router.timer(TimerKind.LIAISON_EFFECTIVE, liaison_office.on_timer)
    tables.router.card(CodeKind.LIAISON_CHANGE, liaison_cards.card)
    tables.router.when(PostsChanged, lambda context, _: liaison_keeping.follow_posts(context))


# ---------------------------------------------------------------- announcing


def on_change(call: Call) -> None:
    """Announce a change of liaison, or name the first one; without anybody's name the form is asked for."""
    if _is_bare(call):
        liaison_forms.ask(call)
        return
    asked, ticks = _asked(call), _ticks(call)
    call.answer(announce(call.context, call.person, call.words, asked, ticks=ticks, verb=call.command.verb))


def _is_bare(call: Call) -> bool:
    command = call.command
    return not (command.people or command.typed_names or command.rest.strip() or command.pairs or command.moments)


# ---------------------------------------------------------------- reading


def _asked(call: Call) -> Asked:
    old, new = _people(call)
    command = call.command
    if command.impossible:
        raise misread(call.words, "date", command.impossible[0], verb="liaison_change")
    day = command.moments[0].day if command.moments else None
    is_emergency = command.verb == "liaison_urgent" or folded(command.pairs.get("紧急", "")) in _YES
    reason = inert(command.pairs.get("原因", ""), limit=LONGEST_REASON)
    if is_emergency and visible_length(reason) < SHORTEST:
        raise RuleViolation("reason_required")
    return Asked(old, new, day, is_emergency, reason)


def _people(call: Call) -> tuple[Person | None, Person]:
    """First the present liaison, then the new one. One name alone replaces the only liaison, or fills a vacant post."""
    people = _named(call)
    if len(people) == 2:
        return people[0], people[1]
    if len(people) != 1:
        raise RuleViolation("liaison_who", {"example": call.words.say("example_liaison_change")})
    new = people[0]
    holders = call.context.world.posts.liaisons(new.department)
    if len(holders) > 1 or new.id in holders:
        raise RuleViolation("liaison_who", {"example": call.words.say("example_liaison_change")})
    return (call.context.world.directory.person(holders[0]) if holders else None), new


def _named(call: Call) -> list[Person]:
    """Who was picked with @, or named in full where only one person is called so; in the order in which they stand."""
    command, directory = call.command, call.context.world.directory
    found = {p.id: p for p in people_of(call.context, command.people)}
    for name in (*command.typed_names, *(w.strip(",，、→>-@＠") for w in command.rest.split())):
        people = [p for p in directory.people if p.name == name]
        if len([p for p in people if p.is_active]) > 1:
            raise RuleViolation("several_of_one_name", {"name": inert(name, limit=20), "count": len(people)})
        if len(people) == 1:
            found.setdefault(people[0].id, people[0])
        elif name in command.typed_names:
            raise RuleViolation("no_such_person", {"name": inert(name, limit=20)})
    written = shown(command.raw, call.message.mentions)
    return sorted(found.values(), key=lambda person: written.find(person.name))


def _ticks(call: Call) -> tuple[str, ...]:
    """Which of the three points the text confirms."""
    said = folded(call.command.pairs.get("确认", "")).strip()
    if said in _ALL:
        return TICKS
    return tuple(tick for tick in TICKS if any(word in said for word in _TICK_WORDS[tick]))


# ---------------------------------------------------------------- looking


def on_list(call: Call) -> None:
    """Changes on their way; drafts only for the head who began them."""
    changes = [
        change
        for change in call.context.uow.liaison_changes.find(state=OPEN)
        if change.state is ChangeState.REGISTERED or change.announced_by == call.person.id
    ]
    if not changes:
        call.say("liaison_list_none")
        return
    lines = [call.words.say("liaison_list_head", count=len(changes))]
    lines.extend(_line(call, change) for change in changes[:5])
    call.answer("\n".join(lines))


def _line(call: Call, change: LiaisonChange) -> str:
    state = call.words.say(f"liaison_state_{change.state.value}")
    told = facts(change, call.words)
    return call.words.say("liaison_list_line", **{k: told[k] for k in ("code", "people", "date")}, state=state)
