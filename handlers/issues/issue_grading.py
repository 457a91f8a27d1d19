"""What the secretary decides about an issue: grade, grade again, merge, not accept (R-93, R-94; P-27, SoD-4; EC-85, EC-86)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.action import Action
from bot.domain.codes import read_codes
from bot.domain.digest import Happening
from bot.domain.directory import Person
from bot.domain.form import NONE, Content, rows, text_of, texts_of
from bot.domain.form_reading import Reading
from bot.domain.form_text import FormField
from bot.domain.ids import CodeKind, DepartmentId
from bot.domain.issue import Grade, Issue, IssueAct
from bot.domain.issue_form import GRADING
from bot.domain.issue_grading import Verdict, graded, higher, merged, not_accepted, with_readers
from bot.domain.permissions import Grant
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import matter_notices
from handlers.access import allows, require
from handlers.deadlines.deadlines import limit_workdays
from handlers.deeds import Deed, Done
from handlers.forms import step_forms
from handlers.issues import issue_keeping as keeping
from handlers.issues import issue_people as people
from handlers.lookups import find
from handlers.words import Words

HANDLE, INFORM, ACKNOWLEDGE, ARRANGE = "handle", "inform", "acknowledge", "arrange"
#: grades as people write them
_SPOKEN = {
    "一般": Grade.GENERAL,
    "重要": Grade.IMPORTANT,
    "重大": Grade.MAJOR,
    "general": Grade.GENERAL,
    "important": Grade.IMPORTANT,
    "major": Grade.MAJOR,
}
#: a regrade after this many is told to the leader (EC-86)
TELL_LEADER_FROM = 2


# ---------------------------------------------------------------- grading


def grade(deed: Deed, issue: Issue) -> Done | str:
    """`分级 WT-12 重要` with basis, lead and cooperating departments; on a graded issue it is a regrade with its reason."""
    is_button = deed.is_click and bool(deed.form)
    act = IssueAct.GRADE if is_button or not issue.gradings else IssueAct.REGRADE
    reading = _read(deed, issue)
    grant = _require_right(deed, issue, text_of(reading.content, "lead"))
    keeping.require_possible(deed, issue, act)
    lacking = step_forms.lacking(deed, GRADING, issue.code, reading)
    return lacking or _grade(deed, issue, reading.content, act, grant)


def load(context: Context, code: str, _: Person) -> Content:
    """What is known before the secretary decides; nothing for people who may not grade it."""
    issue = context.uow.issues.get(code)
    is_grader = issue is not None and allows(context, Action.GRADE_ISSUE, people.relation(context, issue))
    return known(context, issue) if issue is not None and is_grader else {}


def _require_right(deed: Deed, issue: Issue, lead: str) -> Grant:
    """The secretary's, unless he or she filed it or belongs to the department that answers for it (SoD-4)."""
    stands = replace(people.relation(deed.context, issue), responsible=DepartmentId(lead) if lead else None)
    return require(deed.context, Action.GRADE_ISSUE, stands)


def _read(deed: Deed, issue: Issue) -> Reading:
    """What was given, over what is known already."""
    return step_forms.read(deed, GRADING, issue.code, _written(deed), base=known(deed.context, issue))


def _written(deed: Deed) -> list[FormField]:
    """The word behind the number is the grade."""
    fields = list(deed.fields)
    head = deed.text.split()
    for word in head:
        spoken = word.strip("，,。：:").removesuffix("问题").casefold()
        if spoken in _SPOKEN:
            fields.insert(0, FormField(GRADING.spec("grade").zh, _SPOKEN[spoken].value))
            break
    return [_whole_grade(field) for field in fields]


def _whole_grade(field: FormField) -> FormField:
    spec = GRADING.spec("grade")
    spoken = field.value.removesuffix("问题").strip().casefold()
    is_grade = field.label in {spec.zh, spec.en, *spec.aliases} and spoken in _SPOKEN
    return replace(field, value=_SPOKEN[spoken].value) if is_grade else field


def known(context: Context, issue: Issue) -> Content:
    """What the finder and the item say before the secretary decides (F2-11, 12, 22)."""
    item = context.uow.items.get(issue.item) if issue.item is not None else None
    lead = issue.lead or (item.lead if item is not None else None)
    coop = issue.coop or tuple(item.coop if item is not None else ())
    content: dict[str, str | tuple[tuple[str, ...], ...]] = {
        "impact_scope": issue.impact,
        "severity": issue.severity,
    }
    if lead is not None:
        content["lead"] = lead
    if coop:
        content["coop"] = rows(d for d in coop if d != lead)
    return content


def _grade(deed: Deed, issue: Issue, content: Content, act: IssueAct, grant: Grant) -> Done | str:
    context = deed.context
    reason = ""
    if act is IssueAct.REGRADE:
        reason = inert(text_of(content, "regrade_reason") or text_of(content, "grade_reason"), limit=500)
    verdict = _verdict(context, issue, content)
    after = keeping.with_handlers_as_readers(context, graded(issue, verdict, by=deed.person.id, now=context.now))
    kept = keeping.save(
        context,
        issue,
        after,
        act="regraded" if act is IssueAct.REGRADE else "graded",
        grant=grant,
        reason=reason or verdict.reason,
        verb=deed.verb,
    )
    note_grade(context, kept)
    tell_graded(context, kept)
    if kept.regrades >= TELL_LEADER_FROM:
        _tell_leader_of_regrade(deed, issue, kept, reason)
    return told_to_grader(context, deed.words, kept)


def _verdict(context: Context, issue: Issue, content: Content) -> Verdict:
    grade_ = Grade(text_of(content, "grade"))
    lead = text_of(content, "lead")
    coop = () if text_of(content, "coop") == NONE else texts_of(content, "coop")
    if coop == texts_of(known(context, issue), "coop"):
        # filled in from the item before anybody said that one of them leads here
        coop = tuple(d for d in coop if d != lead)
    parameters = context.world.company.parameters
    since = issue.filed_at if parameters.issue_clock_start == "filed" and not issue.gradings else context.now
    return Verdict(
        grade=grade_,
        reason=text_of(content, "grade_reason"),
        impact=text_of(content, "impact_scope"),
        severity=text_of(content, "severity"),
        lead=DepartmentId(lead),
        coop=tuple(DepartmentId(d) for d in coop),
        clock_from=since if grade_ is not Grade.MAJOR else None,
        due_at=_handling_limit(context, grade_, since),
        step_due_at=_meeting_limit(context, grade_),
    )


def _handling_limit(context: Context, grade_: Grade, since: datetime) -> datetime | None:
    parameters = context.world.company.parameters
    match grade_:
        case Grade.GENERAL:
            return limit_workdays(context, parameters.issue_general_wd, since=since).due_at
        case Grade.IMPORTANT:
            return limit_workdays(context, parameters.issue_important_wd, since=since).due_at
        case Grade.MAJOR:
            return None


def _meeting_limit(context: Context, grade_: Grade) -> datetime | None:
    """T-13b and T-14b, both from grading (L-27)."""
    parameters = context.world.company.parameters
    match grade_:
        case Grade.GENERAL:
            return None
        case Grade.IMPORTANT:
            return limit_workdays(context, parameters.issue_coord_wd).due_at
        case Grade.MAJOR:
            return limit_workdays(context, parameters.issue_special_wd).due_at


def note_grade(context: Context, issue: Issue) -> None:
    """The digest counts a new issue under the grade that it has at the cut-off (6.1)."""
    fact = context.uow.facts.get(f"{issue.code}/{Happening.ISSUE_NEW}")
    if fact is not None and issue.grade is not None:
        context.uow.facts.put(replace(fact, detail={**fact.detail, "grade": issue.grade.value}))


# ---------------------------------------------------------------- who hears of it


def tell_graded(context: Context, issue: Issue) -> None:
    """Liaisons who handle it; of a major one leader, secretary and the heads concerned, at any hour (2.3, R-97)."""
    match issue.grade:
        case Grade.GENERAL | Grade.IMPORTANT:
            for person in people.acting_liaisons(context, issue):
                matter_notices.show(context, person, issue, HANDLE)
        case Grade.MAJOR:
            leader = context.world.posts.leader()
            matter_notices.show(context, leader, issue, ACKNOWLEDGE, at_once=True)
            secretary = context.world.posts.secretary()
            others = (*people.acting_heads(context, issue), secretary)
            known = {leader, context.person.id if context.person is not None else None, None}
            for other in dict.fromkeys(p for p in others if p not in known):
                matter_notices.show(context, other, issue, INFORM, at_once=True)
        case None:
            pass


def told_to_grader(context: Context, words: Words, issue: Issue) -> str:
    """What was decided, what is due when, and what the secretary has to do next."""
    if issue.grade is None:
        return ""
    facts = {
        "what": matter_notices.what(issue),
        "grade": words.say(f"issue_grade_{issue.grade.name.lower()}"),
        "lead": words.department(issue.lead) if issue.lead is not None else "",
        "coop": words.listing(words.department(d) for d in issue.coop) or words.say("issue_none"),
    }
    lines = [words.say("issue_graded", **facts)]
    if issue.due_at is not None:
        lines.append(words.say("issue_graded_due", due=words.due(issue.due_at)))
    if issue.step_due_at is not None and issue.grade is Grade.IMPORTANT:
        lines.append(words.say("issue_graded_meeting", due=words.due(issue.step_due_at), code=issue.code))
    if issue.step_due_at is not None and issue.grade is Grade.MAJOR:
        leader = words.name(context.world.posts.leader())
        lines.append(words.say("issue_graded_major", leader=leader, due=words.due(issue.step_due_at)))
    return "\n".join(lines)


def _tell_leader_of_regrade(deed: Deed, before: Issue, after: Issue, reason: str) -> None:
    """EC-86: whoever stretches a limit by grading again is seen."""

    def facts(words: Words) -> dict[str, object]:
        old, new = (
            words.say(f"issue_grade_{g.name.lower()}") if g is not None else "" for g in (before.grade, after.grade)
        )
        return {
            "name": deed.person.name,
            "count": after.regrades,
            "old": old,
            "new": new,
            "reason": reason if not after.secrecy else "",
        }

    matter_notices.tell(
        deed.context,
        deed.context.world.posts.leader(),
        after,
        "issue_regraded_told",
        facts,
        key=f"regraded:{after.regrades}",
    )


# ---------------------------------------------------------------- raising


def raise_grade(deed: Deed, issue: Issue) -> Done | str:
    """`升级 WT-12 原因`: one grade higher with everything else as it is; offered when a limit has passed (T-12, T-13)."""
    grant = _require_right(deed, issue, issue.lead or "")
    keeping.require_possible(deed, issue, IssueAct.REGRADE)
    to = higher(issue.grade) if issue.grade is not None else None
    if to is None:
        raise RuleViolation("issue_highest_grade", {"code": issue.code})
    reason = deed.reason()
    content = {**known(deed.context, issue), "grade": to.value, "grade_reason": reason, "regrade_reason": reason}
    return _grade(deed, issue, content, IssueAct.REGRADE, grant)


# ---------------------------------------------------------------- merging, refusing


def merge(deed: Deed, issue: Issue) -> Done | str:
    """`并入 WT-13 WT-12`: the same problem was filed before. The finder is told and follows that one."""
    context = deed.context
    grant = require(context, Action.GRADE_ISSUE, people.relation(context, issue))
    keeping.require_possible(deed, issue, IssueAct.MERGE)
    target = _target(deed, issue)
    require(context, Action.GRADE_ISSUE, people.relation(context, target))
    reason = deed.optional_reason()
    kept = keeping.save(
        context, issue, merged(issue, target, reason=reason), act="merged", grant=grant, reason=reason, verb=deed.verb
    )
    if issue.secrecy:
        context.uow.issues.put(with_readers(target, (issue.reporter,)))
    matter_notices.tell(
        context, kept.reporter, kept, "issue_merged_told", lambda _: {"target": target.code}, key="merged", is_owed=True
    )
    return deed.words.say("issue_merged", what=matter_notices.what(kept), target=target.code)


def _target(deed: Deed, issue: Issue) -> Issue:
    """The second number. Raises RuleViolation `issue_merge_which`, `not_found_or_no_right`."""
    refs = deed.command.codes[1:] if deed.command is not None else read_codes(deed.given("target"))[0]
    if not refs:
        raise RuleViolation("issue_merge_which", {"code": issue.code})
    target = find(deed.context, refs[0], CodeKind.ISSUE, deed.context.uow.issues.get)
    if target is None:
        raise RuleViolation("not_found_or_no_right")
    return target


def refuse(deed: Deed, issue: Issue) -> Done | str:
    """`不予受理 WT-13 原因`: the finder gets the reason, and may file once more; a second refusal reaches the leader."""
    context = deed.context
    grant = require(context, Action.GRADE_ISSUE, people.relation(context, issue))
    keeping.require_possible(deed, issue, IssueAct.REFUSE)
    reason = deed.reason()
    kept = keeping.save(
        context,
        issue,
        not_accepted(issue, reason=reason),
        act="not_accepted",
        grant=grant,
        reason=reason,
        verb=deed.verb,
    )
    sentence = "issue_refused_told" if kept.refusals == 1 else "issue_refused_again_told"
    matter_notices.tell(
        context,
        kept.reporter,
        kept,
        sentence,
        lambda _: {"reason": reason},
        key=f"refused:{kept.refusals}",
        is_owed=True,
    )
    if kept.refusals > 1:
        leader = context.world.posts.leader()
        matter_notices.tell(
            context,
            leader,
            kept,
            "issue_refused_leader",
            lambda _: {"reason": reason},
            key=f"refused:{kept.refusals}:leader",
        )
    return deed.words.say("issue_refused", what=matter_notices.what(kept))
