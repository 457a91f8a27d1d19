"""Peer ratings: opened when an item is archived, for three working days, anonymous to the rated (domain.md 6.4 K7; R-35, EC-90).

What a department still has to rate is one open limit; when it is met or over, nothing more can be rated.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.action import Action
from bot.domain.appreciation import QUESTIONS, RATING_WD, Rating, rated, rating, rating_key
from bot.domain.confidentiality import Secrecy
from bot.domain.directory import Person
from bot.domain.folding import folded
from bot.domain.happened import DeadlinePassed, ItemChanged
from bot.domain.ids import CodeKind, DepartmentId
from bot.domain.item import Item, ItemState
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.permissions import Grant
from bot.domain.relation import of_item
from bot.errors import RuleViolation
from bot.messages import ToPerson
from bot.ports import Answer
from bot.routing import Context
from bot.updates import CardClicked
from handlers import effects, refusing
from handlers.access import require
from handlers.calls import Call
from handlers.conversation.misread import misread
from handlers.deadlines import deadlines
from handlers.deeds import keep_record
from handlers.lookups import find
from handlers.scores import rating_cards
from handlers.tables import Tables
from handlers.words import Words, words_for

_READ = re.compile(r"\A(.*?)([\d\s,，、/]*)\Z", re.DOTALL)


def register(tables: Tables) -> None:
    """Put command, button and events on the tables."""
    tables.commands.on("peer_rating", on_rate)
    tables.router.action(rating_cards.RATE, on_pressed)
    tables.router.when(ItemChanged, on_item_changed)
    tables.router.when(DeadlinePassed, on_deadline)


def ref_of(item: str) -> str:
    """The object behind these limits: the item's own limits are settled by the item."""
    return f"{item}/{ObligationKind.RATING.value}"


# ---------------------------------------------------------------- opening and closing


def on_item_changed(context: Context, event: ItemChanged) -> None:
    """An archived item is rated by every department that was involved."""
    item = event.after
    if item.state is not ItemState.ARCHIVED or event.before.state is ItemState.ARCHIVED or len(item.involved) < 2:
        return
    limit = deadlines.limit_workdays(context, RATING_WD)
    wanted = [_owed(context, item, department, limit) for department in dict.fromkeys(item.involved)]
    deadlines.settle(context, ref_of(item.code), wanted)
    effects.record(context, "rating_opened", item.code, facts={"due": limit.due_at.isoformat()})
    for department in dict.fromkeys(item.involved):
        for person in _raters(context, item, department):
            _show(context, item, department, person)


def _owed(context: Context, item: Item, department: DepartmentId, limit: deadlines.Limit) -> Obligation:
    liaisons = context.world.posts.liaisons(department)
    holder = liaisons[0] if liaisons else context.world.posts.head_post(department)
    return deadlines.owed(
        context,
        ref_of(item.code),
        ObligationKind.RATING,
        limit,
        title=words_for(context, None).say("rating_obligation", title=item.short or item.title),
        holder=holder,
        department=department,
        slot=department,
        item=item.code,
        secrecy=item.secrecy,
        access=item.access,
        lead=item.lead,
        coop=item.coop,
    )


def _raters(context: Context, item: Item, department: DepartmentId) -> list[Person]:
    """Liaison and head, whoever acts for them; of a confidential item only its readers."""
    posts = context.world.posts
    standing = (posts.assignee(department), posts.head_of(department))
    people = (context.world.directory.person(s.acting) for s in standing if s is not None)
    found = {p.id: p for p in people if p is not None}
    return [p for p in found.values() if item.secrecy < Secrecy.CONFIDENTIAL or p.id in item.access]


def on_deadline(context: Context, event: DeadlinePassed) -> None:
    """The time is over: what was not rated is not rated any more."""
    one = event.obligation
    if one.kind is not ObligationKind.RATING:
        return
    open_ones = context.uow.obligations.find(code=one.code)
    deadlines.settle(context, one.code, [o for o in open_ones if o.key != one.key])
    item = context.uow.items.get(one.item)
    if item is not None and one.department is not None:
        _refresh(context, item, one.department)


# ---------------------------------------------------------------- the card


def _show(context: Context, item: Item, department: DepartmentId, person: Person) -> None:
    account = effects.account_of(context, person)
    if account is None:
        return
    _send(context, item, department, person, ToPerson(account), is_new=True)


def _refresh(context: Context, item: Item, department: DepartmentId) -> None:
    for target in effects.standing(context, rating_cards.card_id(item.code, department)):
        if isinstance(target, ToPerson):
            reader = context.world.directory.by_account(target.account)
            if reader is not None:
                _send(context, item, department, reader, target, is_new=False)


def _send(
    context: Context, item: Item, department: DepartmentId, reader: Person, target: ToPerson, *, is_new: bool
) -> None:
    words = words_for(context, reader)
    limit = _limit_of(context, item, department)
    left = _left(context, item, department) if limit is not None else ()
    done = len(rated(department, item.involved)) - len(_left(context, item, department))
    card = rating_cards.rating_card(
        words, item, department, left=left, done=done, due=words.due(limit.due_at) if limit is not None else ""
    )
    effects.show(
        context,
        target,
        card,
        card_id=rating_cards.card_id(item.code, department),
        revision=f"{done}:{len(left)}",
        ref=item.code,
        priority=effects.NOTICE if is_new else effects.ANSWER,
        not_before=effects.notice_time(context, reader, context.now, is_owed=True) if is_new else None,
    )


def _limit_of(context: Context, item: Item, department: DepartmentId) -> Obligation | None:
    key = Obligation.key_for(ref_of(item.code), ObligationKind.RATING, department)
    return context.uow.obligations.get(key)


def _left(context: Context, item: Item, department: DepartmentId) -> tuple[DepartmentId, ...]:
    """Departments that this one has not rated yet."""
    return tuple(
        d
        for d in rated(department, item.involved)
        if context.uow.ratings.get(rating_key(item.code, department, d)) is None
    )


# ---------------------------------------------------------------- rating


def on_pressed(context: Context, click: CardClicked) -> Answer:
    """Five answers for one department, from the card."""
    code = click.params.get("code", "")
    words = words_for(context, context.person)
    try:
        with context.uow.savepoint():
            item = _found(context.uow.items.get(code))
            whom = DepartmentId(click.form.get(rating_cards.DEPARTMENT, ""))
            answers = [int(a) if (a := click.form.get(q, "")).isdigit() else 0 for q in QUESTIONS]
            return Answer(toast=_rate(context, item, whom, answers, words))
    except RuleViolation as refusal:
        keep_record(context, code, "peer_rating", refusal)
        return Answer(toast=refusing.sentence(words, refusal).split("\n", 1)[0], is_error=True)


def on_rate(call: Call) -> None:
    """`互评 SX-8 行政 5 4 5 4 5`; alone, what is still to be rated. Nobody else's business: answered in private."""
    if not call.command.codes:
        call.answer_privately(_waiting(call))
        return
    context = call.context
    item = _found(find(context, call.command.codes[0], CodeKind.ITEM, context.uow.items.get))
    whom, answers = _read(call)
    call.answer_privately(_rate(context, item, whom, answers, call.words))


def _found(item: Item | None) -> Item:
    if item is None:
        raise RuleViolation("not_found_or_no_right")
    return item


def _read(call: Call) -> tuple[DepartmentId, list[int]]:
    found = _READ.match(call.command.words)
    name, numbers = (found.group(1).strip(" ,，:："), folded(found.group(2))) if found is not None else ("", "")
    department = call.context.world.directory.department_named(name)
    if department is None:
        raise misread(call.words, "department", name, verb="peer_rating")
    return department.id, [int(n) for n in re.findall(r"\d", numbers)]


def _rate(context: Context, item: Item, whom: DepartmentId, answers: Sequence[int], words: Words) -> str:
    """Keep one rating. Raises RuleViolation (see `rating`, and `rating_closed`, `rating_known`, `no_right`)."""
    grant = require(context, Action.RATE_PEERS, of_item(item))
    if context.person is None:
        raise RuleViolation("unknown_person")
    own = grant.department
    one = rating(
        item.code,
        by=context.person.id,
        from_department=own,
        department=whom,
        involved=item.involved,
        answers=answers,
        now=context.now,
    )
    if context.uow.ratings.get(one.key) is not None:
        raise RuleViolation("rating_known", {"department": words.department(whom)})
    if _limit_of(context, item, own) is None:
        raise RuleViolation("rating_closed", {"code": item.code})
    _keep(context, item, one, grant)
    left = _left(context, item, own)
    said = words.say("rating_said", code=item.code, department=words.department(whom))
    if not left:
        return said
    return f"{said}\n{words.say('rating_left', departments=words.listing(words.department(d) for d in left))}"


def _keep(context: Context, item: Item, one: Rating, grant: Grant) -> None:
    """Stored; the trail says that a department rated, not whom and how."""
    context.uow.ratings.add(one)
    effects.record(
        context,
        "rating_given",
        item.code,
        role=grant.column.value,
        on_behalf_of=grant.behalf or "",
        facts={"verb": "peer_rating", "slot": one.from_department},
    )
    if not _left(context, item, one.from_department):
        limit = _limit_of(context, item, one.from_department)
        open_ones = context.uow.obligations.find(code=ref_of(item.code))
        deadlines.settle(context, ref_of(item.code), [o for o in open_ones if limit is None or o.key != limit.key])
    _refresh(context, item, one.from_department)


def _waiting(call: Call) -> str:
    words, context = call.words, call.context
    open_ones = context.uow.obligations.find(kind=ObligationKind.RATING.value, department=call.person.department)
    lines: list[str] = []
    for one in open_ones:
        item = context.uow.items.get(one.item)
        if item is None or (item.secrecy >= Secrecy.CONFIDENTIAL and call.person.id not in item.access):
            continue
        names = words.listing(words.department(d) for d in _left(context, item, call.person.department))
        lines.append(words.say("rating_waiting_line", code=item.code, departments=names, due=words.due(one.due_at)))
    if not lines:
        return words.say("rating_none")
    return "\n".join(
        [words.say("rating_waiting_head"), *lines, words.say("help_example", example=words.say("example_peer_rating"))]
    )
