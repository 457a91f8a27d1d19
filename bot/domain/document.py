"""The registered document WD (domain.md 3.13, R-46..R-51; A-17): a link and a name that follows the rule, or does not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.machine import Line, Machine
from bot.domain.naming import Verdict
from bot.errors import RuleViolation


class DocumentState(StrEnum):
    """States of 3.13."""

    COMPLIANT = "compliant"
    NONCOMPLIANT = "noncompliant"
    WAIVED = "waived"
    ARCHIVED = "archived"
    MISSING = "missing"


class DocumentAct(StrEnum):
    """What can be done to a document."""

    RENAME = "rename"
    WAIVE = "waive"
    ARCHIVE = "archive"
    LOSE = "lose"
    RESTORE = "restore"
    #: rights, category, a note that its content was brought up to date
    KEEP_UP = "keep_up"


_C, _N, _W, _A, _M = DocumentState
MACHINE: Machine[DocumentState, DocumentAct] = Machine(
    "document",
    (
        Line((_C, _N, _W, _M), DocumentAct.RENAME, (_C, _N)),
        # a missing one is waived where nothing can replace it (EC-69)
        Line((_N, _M), DocumentAct.WAIVE, (_W,)),
        Line((_C, _W), DocumentAct.ARCHIVE, (_A,)),
        Line((_C, _N, _W, _A), DocumentAct.LOSE, (_M,)),
        Line((_M,), DocumentAct.RESTORE, (_C, _N, _A)),
        Line((_C,), DocumentAct.KEEP_UP, (_C,)),
        Line((_N,), DocumentAct.KEEP_UP, (_N,)),
        Line((_W,), DocumentAct.KEEP_UP, (_W,)),
    ),
)


class Category(StrEnum):
    """Categories of R-49."""

    REQUEST = "需求"
    PLAN = "方案"
    PROGRESS = "进度"
    MEETING = "会议"
    ISSUE = "问题"
    ACCEPTANCE = "验收"
    OTHER = "其他"


#: rights that a department may have on a document (R-48)
EDIT, VIEW = "编辑", "查看"
RIGHTS = (EDIT, VIEW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document of an item. `rights` is 编辑 or 查看 by department (R-48)."""

    code: Code
    item: Code
    name: str
    state: DocumentState
    registered_by: PersonId
    registered_at: datetime
    department: DepartmentId | None = None
    link: str = ""
    category: Category = Category.OTHER
    rights: Mapping[str, str] = field(default_factory=dict)
    suggestion: str = ""
    #: the flaw of its name, empty where it has none
    problem: str = ""
    due_at: datetime | None = None
    was_noncompliant: bool = False
    #: the name was put right before its limit (K6)
    fixed_in_time: bool | None = None
    updated_at: datetime | None = None
    reason: str = ""
    #: it does not count in K6 any more, also when it is archived later
    is_waived: bool = False
    archived_at: datetime | None = None
    secrecy: int = 0
    access: tuple[PersonId, ...] = ()
    version: int = 0

    @property
    def is_active(self) -> bool:
        """Is it still worked with?"""
        return self.state not in {DocumentState.ARCHIVED, DocumentState.MISSING}


# ---------------------------------------------------------------- acts


def judged(document: Document, verdict: Verdict, *, due_at: datetime) -> Document:
    """A document with the verdict on its name; `due_at` is the limit T-23 for a name that is wrong."""
    if verdict.is_compliant:
        return replace(document, state=DocumentState.COMPLIANT, problem="", suggestion=verdict.suggestion, due_at=None)
    return replace(
        document,
        state=DocumentState.NONCOMPLIANT,
        problem=verdict.flaw.value if verdict.flaw is not None else "",
        suggestion=verdict.suggestion,
        due_at=due_at,
        was_noncompliant=True,
        fixed_in_time=None,
    )


def renamed(document: Document, name: str, verdict: Verdict, *, due_at: datetime, now: datetime) -> Document:
    """Another name. One that is still wrong keeps its first limit; one that is right says whether it came in time."""
    MACHINE.require(document.state, DocumentAct.RENAME)
    limit = document.due_at if document.state is DocumentState.NONCOMPLIANT and document.due_at is not None else due_at
    after = judged(replace(document, name=name, updated_at=now, is_waived=False), verdict, due_at=limit)
    if verdict.is_compliant and document.state is DocumentState.NONCOMPLIANT and document.due_at is not None:
        return replace(after, fixed_in_time=now <= document.due_at)
    return after


def waived(document: Document, reason: str) -> Document:
    """A name that cannot be changed, such as one that the customer fixed; not counted in K6."""
    state = MACHINE.after(document.state, DocumentAct.WAIVE, DocumentState.WAIVED)
    return replace(document, state=state, reason=reason, due_at=None, is_waived=True)


def archived(document: Document, *, now: datetime) -> Document:
    """Its item is archived: read-only."""
    state = MACHINE.after(document.state, DocumentAct.ARCHIVE, DocumentState.ARCHIVED)
    return replace(document, state=state, archived_at=now)


def lost(document: Document, reason: str) -> Document:
    """It cannot be reached any more, or was deleted (EC-69)."""
    state = MACHINE.after(document.state, DocumentAct.LOSE, DocumentState.MISSING)
    return replace(document, state=state, reason=reason, due_at=None)


def restored(document: Document, verdict: Verdict, *, due_at: datetime, now: datetime, link: str = "") -> Document:
    """It is there again, perhaps under another link."""
    MACHINE.require(document.state, DocumentAct.RESTORE)
    found = replace(document, link=link or document.link, reason="", updated_at=now)
    if document.archived_at is not None:
        return replace(found, state=DocumentState.ARCHIVED)
    return judged(found, verdict, due_at=due_at)


def with_rights(document: Document, rights: Mapping[str, str]) -> Document:
    """Edit and view rights of departments; those that are not named stay (R-48)."""
    MACHINE.require(document.state, DocumentAct.KEEP_UP)
    return replace(document, rights={**document.rights, **rights})


def with_category(document: Document, category: Category) -> Document:
    """Another category (R-49)."""
    MACHINE.require(document.state, DocumentAct.KEEP_UP)
    return replace(document, category=category)


def brought_up_to_date(document: Document, *, now: datetime) -> Document:
    """Its content is as of now (R-51)."""
    MACHINE.require(document.state, DocumentAct.KEEP_UP)
    return replace(document, updated_at=now)


# ---------------------------------------------------------------- links and categories

_LINK = re.compile(
    r"(?<![\w.])(?:[A-Za-z][A-Za-z0-9+.\-]{1,15}://\S+|(?:javascript|vbscript|data|blob|mailto):\S+)", re.IGNORECASE
)


def read_link(text: str) -> tuple[str, str]:
    """The link in a text and what is left of the text. Raises RuleViolation `document_link` for anything but plain http(s).

    Also refused: names and passwords in the address, and hosts that are not written in plain letters, because such a host
    can look like another one (EC-64).
    """
    found = _LINK.search(text)
    if found is None:
        return "", text.strip()
    link = found.group()
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError as wrong:
        raise RuleViolation("document_link") from wrong
    is_plain = re.fullmatch(r"[a-z0-9.\-]+|\[[0-9a-f:.]+\]|[0-9a-f:.]+", host) is not None
    is_foreign = any(label.startswith("xn--") for label in host.split("."))
    if parts.scheme not in {"http", "https"} or not is_plain or is_foreign or parts.username or parts.password:
        raise RuleViolation("document_link")
    return link, f"{text[: found.start()]} {text[found.end() :]}".strip()


def name_in_link(link: str) -> str:
    """The last part of an address where it looks like the name of a file."""
    last = unquote(urlsplit(link).path).rsplit("/", 1)[-1]
    return last if re.search(r"\.[A-Za-z0-9]{1,8}\Z", last) else ""


#: words in a name that tell its category where nobody named one
_SIGNS = {
    Category.REQUEST: ("需求",),
    Category.PLAN: ("方案", "计划"),
    Category.MEETING: ("会议", "纪要", "议程"),
    Category.PROGRESS: ("进度", "周报", "台账"),
    Category.ISSUE: ("问题", "异常", "整改"),
    Category.ACCEPTANCE: ("验收",),
}


def category_of(name: str) -> Category:
    """The category that a name suggests (R-49); 其他 where it suggests none."""
    return next((c for c, signs in _SIGNS.items() if any(sign in name for sign in signs)), Category.OTHER)
