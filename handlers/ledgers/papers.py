"""Request, issue form and minutes as documents to be printed (domain.md 4.1, 4.2, 4.4; R-120). Confidential ones leave the program in no file."""

from __future__ import annotations

from bot.domain.action import Action
from bot.domain.codes import read_codes
from bot.domain.confidentiality import Secrecy
from bot.domain.directory import Person
from bot.domain.form import text_of
from bot.domain.ids import CodeKind
from bot.domain.issue import Issue
from bot.domain.issue_form import F2
from bot.domain.minutes import Minutes
from bot.domain.minutes_form import MINUTES_FORM
from bot.domain.paper import Paper, paper_of
from bot.domain.request import Request
from bot.domain.request_form import F1
from bot.errors import RuleViolation
from bot.routing import Context
from handlers import matter_access
from handlers.access import allows
from handlers.forms.form_names import printed
from handlers.ledgers.ledger_rows import ledger_words

KINDS = (CodeKind.REQUEST, CodeKind.ISSUE, CodeKind.MINUTES)


def paper(context: Context, code: str, *, by: Person) -> Paper:
    """The document of an object as it is now. Raises RuleViolation for what may not be seen or leave the program."""
    thing = _thing(context, code)
    relation = matter_access.relation_of(context, code)
    if thing is None or relation is None or not allows(context, Action.EXPLAIN, relation):
        raise RuleViolation("not_found_or_no_right")
    if max(thing.secrecy, relation.secrecy) >= Secrecy.CONFIDENTIAL:
        raise RuleViolation("export_confidential")
    names = ledger_words(context)
    note = names.words.say("paper_note", name=by.name, time=names.instant(context.now))
    match thing:
        case Request():
            return _request(context, thing, note)
        case Issue():
            return _issue(context, thing, note)
        case Minutes():
            return _minutes(context, thing, note)


def _thing(context: Context, code: str) -> Request | Issue | Minutes | None:
    refs, _ = read_codes(code)
    kind = refs[0].kind if refs else None
    match kind:
        case CodeKind.REQUEST:
            return context.uow.requests.get(code)
        case CodeKind.ISSUE:
            return context.uow.issues.get(code)
        case CodeKind.MINUTES:
            return context.uow.minutes.get(code)
        case _:
            return None


def _stem(context: Context, title: str, code: str) -> str:
    """`协作需求单_XQ-2026-0015_20260918`: what, which, when."""
    return f"{title}_{code}_{context.world.calendars.local(context.now):%Y%m%d}"


def _request(context: Context, request: Request, note: str) -> Paper:
    names = ledger_words(context)
    say = names.words.say
    auto = {
        "request_no": request.code,
        "plan_version": request.plan_version,
        "dept_reviews": "\n".join(
            f"{names.department(slot.department)} {names.person(slot.by)} {say(f'request_slot_{slot.state.value}')}"
            for slot in request.slots
        ),
        "assessment": text_of(request.assessment, "conclusion"),
        "leader_decision": f"{names.person(request.decided_by)} {names.instant(request.decided_at)}"
        if request.decided_at is not None
        else "",
    }
    title = say("paper_request")
    return paper_of(
        F1, request.content, printed(names.words), template="request", stem=_stem(context, title, request.code),
        title=title, code=request.code, note=note, auto=auto,
    )  # fmt: skip


def _issue(context: Context, issue: Issue, note: str) -> Paper:
    names = ledger_words(context)
    auto = {
        "issue_no": issue.code,
        "filed_at": names.instant(issue.filed_at),
        "grade": issue.grade.value if issue.grade is not None else "",
        "grade_reason": issue.gradings[-1].reason if issue.gradings else "",
        "handlers": "、".join(names.department(d) for d in issue.handlers),
        "due_at": names.instant(issue.due_at) if issue.due_at is not None else "",
        "solution": "\n".join(
            f"{s.measure}（{names.person(s.owner)}，{names.instant(s.due_at)}）" for s in issue.solution
        ),
        "result": issue.result,
        "resolved_at": names.instant(issue.resolved_at) if issue.resolved_at is not None else "",
        "closed": f"{names.instant(issue.closed_at)} {names.person(issue.closed_by)}" if issue.closed_at else "",
    }
    title = names.words.say("paper_issue")
    return paper_of(
        F2, issue.content, printed(names.words), template="issue", stem=_stem(context, title, issue.code),
        title=title, code=issue.code, note=note, auto=auto,
    )  # fmt: skip


def _minutes(context: Context, minutes: Minutes, note: str) -> Paper:
    """The newest published edition; a draft is nobody's paper."""
    if not minutes.editions:
        raise RuleViolation("paper_not_published")
    edition = minutes.editions[-1]
    names = ledger_words(context)
    auto = {
        "minutes_no": f"{minutes.code} v{edition.number}",
        "published": f"{names.instant(edition.published_at)} {names.person(edition.published_by)}",
    }
    title = names.words.say("paper_minutes")
    return paper_of(
        MINUTES_FORM, edition.content, printed(names.words), template="minutes",
        stem=_stem(context, title, minutes.code), title=title, code=minutes.code, note=note, auto=auto,
    )  # fmt: skip
