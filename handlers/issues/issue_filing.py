"""`/问题 上报`: form F2 by text, by card or by dialogue; every employee, at any hour (R-37, R-92; A-14, P-26; EC-85)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.action import Action
from bot.domain.confidentiality import LEVEL_WORDS, Secrecy, inherit, level, word_of
from bot.domain.digest import Happening
from bot.domain.directory import Person
from bot.domain.form import NONE, Content, text_of, texts_of
from bot.domain.form_reading import missing
from bot.domain.form_text import FormField
from bot.domain.ids import CodeKind, DepartmentId, PersonId
from bot.domain.issue import MACHINE, Issue, IssueAct, IssueState
from bot.domain.issue_form import DISPUTES, F2
from bot.domain.issue_grading import refiled, report_gap
from bot.domain.item import Item
from bot.domain.relation import of_item
from bot.errors import RuleViolation
from bot.routing import Context
from bot.updates import ChatType, MessageReceived
from handlers import happenings, matter_notices
from handlers.access import allows, require
from handlers.calls import Call
from handlers.deeds import Deed, Done, too_late
from handlers.forms import form_drafts, form_filling, form_offers
from handlers.forms.form_filling import Filling
from handlers.forms.form_sheet_cards import noted
from handlers.forms.form_talk import joined
from handlers.issues import issue_keeping as keeping
from handlers.issues import issue_limits as limits
from handlers.issues import issue_people as people
from handlers.lookups import find, named_in
from handlers.numbering import new_code
from handlers.words import Words

#: more of one person in an hour than this bring a hint (EC-85)
MANY_AN_HOUR = 5
#: the card on which the finder sees how it goes on
FILED, GRADE, INFORM = "filed", "grade", "inform"


@dataclass(frozen=True, slots=True)
class _Filed:
    """What becomes an issue, checked."""

    item: Item | None
    secrecy: Secrecy
    occurred_at: datetime


def load(context: Context, code: str, person: Person) -> Content:
    """What is in the form before anything is typed: who reports, for which department; or what was filed before."""
    issue = context.uow.issues.get(code) if code else None
    if issue is not None and issue.reporter == person.id:
        return issue.content
    return {"found_by_dept": person.department, "reporter": person.id, "confidentiality": word_of(Secrecy.NORMAL)}


def on_file(call: Call) -> None:
    """`问题 上报 标题` with lines; what is missing is asked for. With the number of a refused one it is filed again."""
    context, command = call.context, call.command
    refs = [ref for ref in command.codes if ref.kind is CodeKind.ISSUE]
    again = find(context, refs[0], CodeKind.ISSUE, context.uow.issues.get) if refs else None
    if refs and (again is None or again.reporter != call.person.id):
        raise RuleViolation("not_found_or_no_right")
    code = again.code if again is not None else ""
    require(context, Action.FILE_ISSUE)
    written = _written(call)
    if not written and call.is_private and form_offers.on_card(call, F2, code):
        return
    base = {**load(context, code, call.person), **form_drafts.kept(context, call.person.id, F2, code)}
    reading = form_filling.read(context, F2, written, base=base)
    if not call.is_private and _level_of(context, reading.content) is Secrecy.CONFIDENTIAL:
        raise RuleViolation("confidential_refused")
    filling = Filling(context=context, person=call.person, words=call.words, form=F2, code=code, reading=reading)
    complained = form_filling.complaint(call.words, reading, F2)
    said = save(filling)
    if complained:
        said = f"{said}\n{complained}"
    is_asked = bool(missing(F2, reading.content))
    if is_asked:
        received = noted(call.words, F2, reading.content, reading.understood)
        said = form_offers.offer(call, F2, code, said=joined(received, complained), in_text=said)
    if not said:
        return
    if _level_of(context, reading.content) is Secrecy.NORMAL and not is_asked:
        call.answer(said)
    else:
        call.answer_privately(said)


def _written(call: Call) -> list[FormField]:
    """What stands before the first field is the title, a number among it the item."""
    fields = list(call.command.fields)
    items = [ref for ref in call.command.codes if ref.kind is CodeKind.ITEM]
    if items:
        year = call.context.world.calendars.local(call.context.now).year
        fields.insert(0, FormField(F2.spec("item").zh, items[0].code(year) or ""))
    if call.command.words:
        fields.insert(0, FormField(F2.spec("title").zh, " ".join(call.command.words.split())))
    return fields


def _level_of(context: Context, content: Content) -> Secrecy:
    item = _item_of(context, content)
    own = LEVEL_WORDS.get(text_of(content, "confidentiality"), Secrecy.NORMAL)
    return inherit(own, item.secrecy if item is not None else 0)


def _item_of(context: Context, content: Content) -> Item | None:
    return named_in(context, content, "item", CodeKind.ITEM, context.uow.items.get)


# ---------------------------------------------------------------- becoming an issue


def save_answer(filling: Filling) -> str:
    """One more answer of the dialogue: kept, and filed with the last one; what is still missing is asked for anyway."""
    if missing(F2, filling.reading.content):
        form_drafts.keep(filling.context, filling.person.id, F2, filling.reading.content, filling.code)
        return ""
    return save(filling)


def save(filling: Filling) -> str:
    """The form is an issue once it is whole; until then it is kept, and what it lacks is said (A4 24)."""
    context, content = filling.context, filling.reading.content
    require(context, Action.FILE_ISSUE)
    lacking = form_filling.unfinished(filling, content)
    if lacking:
        return lacking
    checked = _checked(context, content)
    if filling.code:
        return _refile(context, filling.words, filling.code, content)
    form_drafts.drop(context, filling.person.id, F2)
    issue = _file(context, filling.person, content, checked)
    return receipt(context, filling.words, issue)


def _checked(context: Context, content: Content) -> _Filed:
    """Raises RuleViolation `not_found_or_no_right` for an item that the finder may not see."""
    written = text_of(content, "item")
    item = _item_of(context, content)
    if written and written != NONE and (item is None or not _may_see(context, item)):
        raise RuleViolation("not_found_or_no_right")
    calendars = context.world.calendars
    occurred_at = datetime.fromisoformat(text_of(content, "occurred_at"))
    if occurred_at.tzinfo is None:
        occurred_at = occurred_at.replace(tzinfo=calendars.zone)
    return _Filed(item=item, secrecy=_level_of(context, content), occurred_at=occurred_at)


def _may_see(context: Context, item: Item) -> bool:
    return allows(context, Action.SEE_PROGRESS_LEDGER, of_item(item))


def _file(context: Context, person: Person, content: Content, checked: _Filed) -> Issue:
    code = new_code(context, CodeKind.ISSUE)
    grant = require(context, Action.FILE_ISSUE)
    issue = Issue(
        code=code,
        state=IssueState.PENDING_GRADING,
        title=" ".join(text_of(content, "title").split()),
        found_by=DepartmentId(text_of(content, "found_by_dept")),
        reporter=PersonId(text_of(content, "reporter")),
        filed_at=context.now,
        occurred_at=checked.occurred_at,
        item=checked.item.code if checked.item is not None else None,
        departments=tuple(DepartmentId(d) for d in texts_of(content, "depts")),
        content=content,
        impact=text_of(content, "impact_scope"),
        severity=text_of(content, "severity"),
        step_due_at=limits.grading_limit(context, context.now),
        gap_days=report_gap(context.world.calendars, occurred_at=checked.occurred_at, filed_at=context.now),
        secrecy=checked.secrecy,
    )
    if checked.secrecy is Secrecy.CONFIDENTIAL:
        issue = keeping.with_first_readers(context, replace(issue, access=(person.id,)))
    kept = keeping.save(context, None, issue, act="filed", grant=grant, verb="issue_file")
    happenings.note(context, kept, Happening.ISSUE_NEW, {"grade": ""})
    _announce(context, kept)
    return kept


def _announce(context: Context, issue: Issue) -> None:
    """Whoever grades it gets the card; of a confidential one the leader is told as well (L-21)."""
    matter_notices.show(context, people.grader(context, issue), issue, GRADE)
    if _is_in_private(context):
        matter_notices.show(context, issue.reporter, issue, FILED, at_once=True)
    if level(issue.secrecy) is Secrecy.CONFIDENTIAL:
        matter_notices.show(context, context.world.posts.leader(), issue, INFORM)


def _is_in_private(context: Context) -> bool:
    """In a group the receipt is the answer there; in private it is the card, which goes on telling how it stands."""
    update = context.update
    return not isinstance(update, MessageReceived) or update.chat_type is ChatType.DIRECT


def receipt(context: Context, words: Words, issue: Issue) -> str:
    """The number, who does what by when, and hints (件件有回音); nothing where a card says it that is shown at the same time."""
    is_on_card = isinstance(context.update, MessageReceived) and _is_in_private(context) and not issue.secrecy
    return "" if is_on_card else "\n".join(receipt_lines(context, words, issue))


def receipt_lines(context: Context, words: Words, issue: Issue) -> list[str]:
    """What whoever filed it reads first."""
    due = words.due(issue.step_due_at) if issue.step_due_at is not None else ""
    lines = [
        words.say(
            "issue_filed", what=matter_notices.what(issue), name=words.name(people.grader(context, issue)), due=due
        )
    ]
    if issue.gap_days > context.world.company.parameters.issue_report_gap_warn_wd:
        lines.append(words.say("issue_gap", days=issue.gap_days))
    if text_of(issue.content, "kind") in DISPUTES:
        lines.append(words.say("issue_may_be_conflict"))
    hour = context.uow.issues.between("at", context.now - timedelta(hours=1), context.now, person=issue.reporter)
    if len(hour) > MANY_AN_HOUR:
        lines.append(words.say("issue_many", count=len(hour)))
    return lines


# ---------------------------------------------------------------- once more


def _refile(context: Context, words: Words, code: str, content: Content) -> str:
    """More facts about an issue that was not accepted: it waits for its grade again."""
    issue = context.uow.issues.get(code)
    if issue is None or context.person is None or issue.reporter != context.person.id:
        raise RuleViolation("not_found_or_no_right")
    if not MACHINE.allows(issue.state, IssueAct.REFILE):
        raise too_late(context, code, "issue_file", state=MACHINE.state_key(issue.state))
    due_at = limits.grading_limit(context, context.now)
    after = replace(refiled(issue, content, step_due_at=due_at), clock_from=context.now)
    kept = keeping.save(context, issue, after, act="refiled", verb="issue_file")
    form_drafts.drop(context, context.person.id, F2, code)
    matter_notices.show(context, people.grader(context, kept), kept, GRADE)
    return words.say("issue_refiled", what=matter_notices.what(kept), due=words.due(due_at))


def refile(deed: Deed, issue: Issue) -> Done | str:
    """`重开 WT-12 补充情况` on an issue that was not accepted: the words are the further facts."""
    require(deed.context, Action.CONFIRM_RESULT, people.relation(deed.context, issue))
    more = deed.reason()
    content = {**issue.content, "description": f"{text_of(issue.content, 'description')}\n{more}".strip()}
    return _refile(deed.context, deed.words, issue.code, content)
