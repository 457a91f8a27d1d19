"""`/冲突 上报`: by liaison or head of a party, or by the secretary (3.8; P-34; R-86..R-91, R-115)."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.action import Action
from bot.domain.confidentiality import LEVEL_WORDS, Secrecy, inherit, word_of
from bot.domain.conflict import Conflict, ConflictKind, ConflictState
from bot.domain.conflict_form import CONFLICT
from bot.domain.conflict_mediation import check_parties
from bot.domain.digest import Happening
from bot.domain.directory import Person
from bot.domain.form import NONE, Content, text_of, texts_of
from bot.domain.form_reading import missing
from bot.domain.form_text import FormField
from bot.domain.ids import CodeKind, DepartmentId
from bot.domain.issue import Issue
from bot.domain.item import Item
from bot.domain.permissions import Column, Grant
from bot.domain.relation import Relation, of_item
from bot.errors import RuleViolation
from bot.routing import Context
from handlers import happenings, matter_notices
from handlers.access import allows, require
from handlers.calls import Call
from handlers.conflicts import conflict_keeping as keeping
from handlers.conflicts import conflict_people as people
from handlers.forms import form_drafts, form_filling, form_offers
from handlers.forms.form_filling import Filling
from handlers.forms.form_sheet_cards import noted
from handlers.forms.form_talk import joined
from handlers.issues import issue_keeping
from handlers.lookups import named_in
from handlers.numbering import new_code
from handlers.words import Words

MEDIATE, STATE, VERIFY = "mediate", "state", "verify"


def load(_: Context, __: str, ___: Person) -> Content:
    """What is in the form before anything is typed."""
    return {"confidentiality": word_of(Secrecy.NORMAL)}


def on_file(call: Call) -> None:
    """`冲突 上报 [类型] 标题` with lines; what is missing is asked for."""
    context, person = call.context, call.person
    require(context, Action.FILE_CONFLICT, Relation(department=person.department))
    written = _written(call)
    if not written and call.is_private and form_offers.on_card(call, CONFLICT, ""):
        return
    base = {**load(context, "", person), **form_drafts.kept(context, person.id, CONFLICT)}
    reading = form_filling.read(context, CONFLICT, written, base=base)
    secrecy = _level_of(context, reading.content)
    if not call.is_private and secrecy is Secrecy.CONFIDENTIAL:
        raise RuleViolation("confidential_refused")
    filling = Filling(context=context, person=person, words=call.words, form=CONFLICT, code="", reading=reading)
    complained = form_filling.complaint(call.words, reading, CONFLICT)
    text = joined(save(filling), complained)
    if missing(CONFLICT, reading.content) and call.is_private:
        received = noted(call.words, CONFLICT, reading.content, reading.understood)
        text = form_offers.offer(call, CONFLICT, "", said=joined(received, complained), in_text=text)
    if not text:
        return
    if secrecy is Secrecy.NORMAL:
        call.answer(text)
    else:
        call.answer_privately(text)


def _written(call: Call) -> list[FormField]:
    """What stands before the first field is the title; the kind may stand before it, numbers are item and issue."""
    fields = list(call.command.fields)
    year = call.context.world.calendars.local(call.context.now).year
    for ref in call.command.codes:
        key = {CodeKind.ITEM: "item", CodeKind.ISSUE: "issue"}.get(ref.kind) if ref.kind is not None else None
        if key is not None:
            fields.insert(0, FormField(CONFLICT.spec(key).zh, ref.code(year) or ""))
    words = call.command.words.split()
    if words and words[0].removesuffix("冲突") in {kind.value for kind in ConflictKind}:
        fields.insert(0, FormField(CONFLICT.spec("kind").zh, words.pop(0).removesuffix("冲突")))
    if words:
        fields.insert(0, FormField(CONFLICT.spec("title").zh, " ".join(words)))
    return fields


def _level_of(context: Context, content: Content) -> Secrecy:
    item, issue = _item_of(context, content), _issue_of(context, content)
    own = LEVEL_WORDS.get(text_of(content, "confidentiality"), Secrecy.NORMAL)
    return inherit(own, item.secrecy if item is not None else 0, issue.secrecy if issue is not None else 0)


def _item_of(context: Context, content: Content) -> Item | None:
    return named_in(context, content, "item", CodeKind.ITEM, context.uow.items.get)


def _issue_of(context: Context, content: Content) -> Issue | None:
    return named_in(context, content, "issue", CodeKind.ISSUE, context.uow.issues.get)


# ---------------------------------------------------------------- becoming a conflict


def save_answer(filling: Filling) -> str:
    """One more answer of the dialogue: kept, and filed with the last one; what is still missing is asked for anyway."""
    if missing(CONFLICT, filling.reading.content):
        form_drafts.keep(filling.context, filling.person.id, CONFLICT, filling.reading.content, filling.code)
        return ""
    return save(filling)


def save(filling: Filling) -> str:
    """The form is a conflict once it is whole; until then it is kept, and what it lacks is said."""
    context, person, content = filling.context, filling.person, filling.reading.content
    grant = require(context, Action.FILE_CONFLICT, Relation(department=person.department))
    lacking = form_filling.unfinished(filling, content)
    if lacking:
        return lacking
    parties = _parties(person, grant, content)
    check_parties(parties)
    _require_visible(context, content)
    form_drafts.drop(context, person.id, CONFLICT)
    conflict = _file(context, person, content, parties, grant)
    return receipt(context, filling.words, conflict)


def _parties(person: Person, grant: Grant, content: Content) -> tuple[DepartmentId, ...]:
    """Whoever files for the own department is a party, named or not; the secretary files for others."""
    named = tuple(DepartmentId(d) for d in texts_of(content, "parties"))
    own = () if grant.column is Column.SEC else (grant.department or person.department,)
    return tuple(dict.fromkeys((*own, *named)))


def _require_visible(context: Context, content: Content) -> None:
    """Raises RuleViolation `not_found_or_no_right` for an item or issue that may not be seen."""
    item, issue = _item_of(context, content), _issue_of(context, content)
    written = {key: text_of(content, key) for key in ("item", "issue")}
    is_item_missing = written["item"] not in {"", NONE} and (
        item is None or not allows(context, Action.SEE_PROGRESS_LEDGER, of_item(item))
    )
    is_issue_missing = written["issue"] not in {"", NONE} and issue is None
    if is_item_missing or is_issue_missing:
        raise RuleViolation("not_found_or_no_right")
    if issue is not None:
        issue_keeping.require_sight(context, issue)


def _file(
    context: Context, person: Person, content: Content, parties: tuple[DepartmentId, ...], grant: Grant
) -> Conflict:
    code = new_code(context, CodeKind.CONFLICT)
    item, issue = _item_of(context, content), _issue_of(context, content)
    conflict = Conflict(
        code=code,
        state=ConflictState.MEDIATING,
        kind=ConflictKind(text_of(content, "kind")),
        title=" ".join(text_of(content, "title").split()),
        filed_by=person.id,
        filed_for=parties[0],
        parties=parties,
        filed_at=context.now,
        item=item.code if item is not None else None,
        issue=issue.code if issue is not None else None,
        content=content,
        since=context.now,
        secrecy=_level_of(context, content),
    )
    readers = keeping.with_readers(context, conflict)
    kept = keeping.save(context, None, readers, act="filed", grant=grant, verb="conflict_file")
    if issue is not None:
        context.uow.issues.put(replace(issue, conflict=code))
    happenings.note(context, kept, Happening.CONFLICT_NEW, {"kind": kept.kind.value})
    _announce(context, kept)
    return kept


def _announce(context: Context, conflict: Conflict) -> None:
    """Secretary and heads of the parties hear of it; the other side is asked for its view, an information conflict's lead
    for the document that is right."""
    matter_notices.show(context, context.world.posts.secretary(), conflict, MEDIATE)
    for party in conflict.parties:
        head = people.acting_head(context, party)
        if head is not None and head != conflict.filed_by:
            matter_notices.show(context, head, conflict, STATE)
    if conflict.kind is ConflictKind.INFORMATION:
        matter_notices.show(context, context.world.posts.recipient(people.lead_of(context, conflict)), conflict, VERIFY)


def receipt(context: Context, words: Words, conflict: Conflict) -> str:
    """The number, what comes next, by when."""
    due = words.due(conflict.due_at) if conflict.due_at is not None else ""
    name = words.name(context.world.posts.secretary())
    return words.say("conflict_filed", what=matter_notices.what(conflict), name=name, due=due)
