"""`/事项`: the items that I may see, and how one of them stands (domain.md 3.3, 4.3; P-53, R-10, R-17, R-30). Nothing changes here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.confidentiality import Place, Secrecy, may_read, title_shown
from bot.domain.ids import CodeKind
from bot.domain.issue import Issue
from bot.domain.item import Item
from bot.domain.item_light import Colour, Light, counted, light, progress
from bot.domain.obligation import Obligation
from bot.domain.relation import Relation
from bot.domain.task import Task
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import effects
from handlers.access import actor
from handlers.calls import Call
from handlers.conversation.places import SEEN
from handlers.documents import document_folder
from handlers.items import item_cards, item_groups
from handlers.items.item_sight import Sight, relation_of, sight
from handlers.lookups import find
from handlers.plans import plan_keeping
from handlers.post_holders import liaison_post
from handlers.tables import Tables
from handlers.words import Words

#: what does not fit on a phone screen is counted
MOST, MOST_WAITING = 15, 4
_LIGHTS = {Colour.GREEN: "light_green", Colour.YELLOW: "light_yellow", Colour.RED: "light_red"}


def register(tables: Tables) -> None:
    """Put the command on the table."""
    tables.commands.on("item", on_item)


def on_item(call: Call) -> None:
    """`事项` lists, `事项 SX-7` shows one. Raises RuleViolation `not_found_or_no_right`."""
    if not call.command.codes:
        call.answer_privately(_list(call))
        return
    item = find(call.context, call.command.codes[0], CodeKind.ITEM, call.context.uow.items.get)
    if item is None:
        raise RuleViolation("not_found_or_no_right")
    seen = sight(call.context, relation_of(item))
    is_hidden_here = item.secrecy >= Secrecy.CONFIDENTIAL and not call.is_private
    if seen is Sight.NOTHING or is_hidden_here:
        raise RuleViolation("not_found_or_no_right")
    text = "\n".join(_lines(call, item, seen))
    if seen is Sight.SUMMARY or call.is_private:
        call.answer_about(item.code, text, secrecy=item.secrecy)
    else:
        call.answer_privately(effects.discreet(item.code, text) if item.secrecy else text)


# ---------------------------------------------------------------- the list


def _list(call: Call) -> str:
    """By number; finished ones last. Confidential ones only for their readers, in private."""
    context, words = call.context, call.words
    seen = [(item, sight(context, relation_of(item))) for item in context.uow.items.find()]
    mine = [(item, how) for item, how in seen if how is not Sight.NOTHING]
    mine.sort(key=lambda pair: (pair[0].is_finished, pair[0].code))
    if not mine:
        return words.say("items_none")
    lines = [words.say("items_head", count=len(mine))]
    lines.extend(_short(context, words, item, how) for item, how in mine[:MOST])
    if len(mine) > MOST:
        lines.append(words.say("items_more", count=len(mine) - MOST))
    return "\n".join(lines)


def _short(context: Context, words: Words, item: Item, how: Sight) -> str:
    tasks, issues = _tasks(context, item), _issues(context, item)
    return words.say(
        "items_line",
        code=item.code,
        title=_title(item, how),
        state=words.say(item_cards.state_key(item)),
        light=words.say(_LIGHTS[_light(context, item, tasks, issues).colour]),
        percent=_percent(context, tasks),
    )


def _title(item: Item, how: Sight) -> str:
    shown = title_shown(item.title, secrecy=item.secrecy, place=Place.DIRECT, may_read=how is Sight.DETAIL)
    return inert(shown, limit=30)


# ---------------------------------------------------------------- one of them


def _lines(call: Call, item: Item, how: Sight) -> Iterator[str]:
    """The summary columns for everybody who may see it; the rest for those involved (P-53)."""
    context, words = call.context, call.words
    tasks, issues = _tasks(context, item), _issues(context, item)
    found = _light(context, item, tasks, issues)
    done, every = counted(tasks)
    # of a sensitive or confidential item the first line is its number, readable on a locked phone (EC-74)
    head = "item_head_hidden" if item.secrecy else "item_head"
    yield words.say(
        head,
        code=item.code,
        title=_title(item, how),
        state=words.say(item_cards.state_key(item)),
        level=words.option(item.level),
    )
    if item.secrecy and how is Sight.DETAIL:
        yield words.say(
            "item_secret_title", title=_title(item, how), level=words.say(item_cards.LEVEL_KEYS[item.secrecy])
        )
    yield words.say(
        "item_who",
        lead=words.department(item.lead),
        head=item_cards.accountable(context, item, words),
        liaison=words.name(liaison_post(context, item.lead)),
        coop=words.listing(words.department(d) for d in item.coop),
    )
    yield words.say("item_when", dates=item_cards.dates_line(item, words))
    yield words.say(
        "item_how_far",
        percent=_percent(context, tasks),
        done=done,
        all=every,
        light=words.say(_LIGHTS[found.colour]),
        why=_why(found, words),
    )
    if how is Sight.DETAIL:
        yield from _details(call, item, issues)


def _details(call: Call, item: Item, issues: Sequence[Issue]) -> Iterator[str]:
    context, words = call.context, call.words
    if item.resume_on is not None:
        yield words.say("item_resumes", day=words.day(item.resume_on), reason=inert(item.reason, limit=60))
    still_open = [issue for issue in issues if issue.is_open]
    if still_open:
        yield words.say("item_issues", issues=words.listing(_issue(issue, words) for issue in still_open))
    plan = plan_keeping.in_making(context, item.code) or plan_keeping.in_force(context, item.code)
    sources = [code for code in (item.request, plan.name if plan is not None else item_cards.plan_line(item)) if code]
    if sources:
        yield words.say("item_sources", codes=words.listing(sources))
    documents = [d.code for d in context.uow.documents.find(item=item.code)]
    if documents:
        yield words.say("item_documents", codes=words.listing(documents))
    if item.folder:
        yield document_folder.line(words, item)
    groups = [g.name for g in item_groups.groups_of(context, item.code) if g.state in SEEN]
    if groups:
        yield words.say("item_groups", names=words.listing(inert(name, limit=30) for name in groups))
    if item.secrecy >= Secrecy.CONFIDENTIAL:
        yield words.say("item_readers", people=words.listing(words.name(p) for p in item.access))
    yield from _waiting(call, item)


def _issue(issue: Issue, words: Words) -> str:
    grade = words.option(issue.grade) if issue.grade is not None else words.say("item_issue_ungraded")
    return words.say("item_issue", code=issue.code, grade=grade)


def _waiting(call: Call, item: Item) -> Iterator[str]:
    """Whom it waits for, the earliest limit first."""
    context, words = call.context, call.words
    who = actor(context)
    obligations = context.uow.obligations
    held = {one.key: one for one in (*obligations.find(item=item.code), *obligations.find(code=item.code))}
    seen = [one for one in held.values() if who is not None and may_read(who, _relation(item, one))]
    seen.sort(key=lambda one: (one.due_at, one.key))
    if not seen:
        return
    yield words.say("item_waits")
    for one in seen[:MOST_WAITING]:
        yield words.say(
            "item_waits_line",
            code=one.code,
            kind=words.say(f"kind_{one.kind.name.lower()}"),
            name=words.name(one.holder),
            due=words.due(one.due_at),
        )
    if len(seen) > MOST_WAITING:
        yield words.say("items_more", count=len(seen) - MOST_WAITING)


def _relation(item: Item, one: Obligation) -> Relation:
    """A limit of something that is more secret than its item is seen by fewer people."""
    return replace(relation_of(item), secrecy=one.secrecy, access=frozenset(one.access))


# ---------------------------------------------------------------- figures


def _tasks(context: Context, item: Item) -> list[Task]:
    return context.uow.tasks.find(item=item.code)


def _issues(context: Context, item: Item) -> list[Issue]:
    """Issues that this person may know of; a hidden one colours no light either (EC-71)."""
    who = actor(context)
    found = context.uow.issues.find(item=item.code)
    return [i for i in found if i.secrecy < Secrecy.CONFIDENTIAL or (who is not None and who.person in i.access)]


def _light(context: Context, item: Item, tasks: Sequence[Task], issues: Sequence[Issue]) -> Light:
    today = context.world.calendars.local(context.now).date()
    return light(item, tasks, issues, now=context.now, today=today)


def _percent(context: Context, tasks: Sequence[Task]) -> int:
    return progress(tasks, days=lambda task: planned_days(context, task))


def planned_days(context: Context, task: Task) -> int:
    """Working days from the planned start, else from its making, to its date."""
    calendars = context.world.calendars
    start = task.start_on or calendars.local(task.created_at).date()
    return calendars.workdays_between(start, calendars.local(task.due_at).date()) + calendars.is_workday(start)


def _why(found: Light, words: Words) -> str:
    parts: list[str] = []
    if found.major:
        parts.append(words.say("light_major", codes=words.listing(found.major)))
    if found.important:
        parts.append(words.say("light_important", codes=words.listing(found.important)))
    if found.late_tasks:
        parts.append(words.say("light_late", codes=words.listing(found.late_tasks)))
    if found.is_overdue:
        parts.append(words.say("light_overdue"))
    return words.say("light_why", reasons=words.listing(parts)) if parts else ""
