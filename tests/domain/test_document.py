"""The registered document as a table: what is possible when, names in time, links that are none (domain.md 3.13)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.document import (
    MACHINE,
    Category,
    Document,
    DocumentAct,
    DocumentState,
    archived,
    brought_up_to_date,
    category_of,
    judged,
    lost,
    name_in_link,
    read_link,
    renamed,
    restored,
    waived,
    with_category,
    with_rights,
)
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.naming import Flaw, Verdict
from bot.errors import RuleViolation

NOW = datetime(2026, 9, 17, 3, 0, tzinfo=UTC)
DUE = NOW + timedelta(days=1)
RIGHT = Verdict()
WRONG = Verdict(flaw=Flaw.DATE, suggestion="X1试产_研发部_20260917.docx")
DOCUMENT = Document(
    code=Code("WD-2026-0101"),
    item=Code("SX-2026-0007"),
    name="X1试产方案.docx",
    state=DocumentState.NONCOMPLIANT,
    registered_by=PersonId("E014"),
    registered_at=NOW,
    department=DepartmentId("RD"),
    due_at=DUE,
    was_noncompliant=True,
)

DOES: dict[DocumentAct, Callable[[Document], Document]] = {
    DocumentAct.RENAME: lambda d: renamed(d, "neu", RIGHT, due_at=DUE, now=NOW),
    DocumentAct.WAIVE: lambda d: waived(d, "合同名称由客户指定"),
    DocumentAct.ARCHIVE: lambda d: archived(d, now=NOW),
    DocumentAct.LOSE: lambda d: lost(d, "链接失效"),
    DocumentAct.RESTORE: lambda d: restored(d, RIGHT, due_at=DUE, now=NOW),
    DocumentAct.KEEP_UP: lambda d: brought_up_to_date(d, now=NOW),
}


@pytest.mark.parametrize("act", list(DocumentAct))
@pytest.mark.parametrize("state", list(DocumentState))
def test_what_is_not_in_the_table_is_refused_and_changes_nothing(state: DocumentState, act: DocumentAct) -> None:
    document = replace(DOCUMENT, state=state)
    if MACHINE.allows(state, act):
        assert DOES[act](document).state in MACHINE.table[state, act]
        return
    with pytest.raises(RuleViolation) as refusal:
        DOES[act](document)
    assert (refusal.value.code, refusal.value.facts) == ("stale_card", {"state": f"document_state_{state.value}"})


def test_a_name_that_is_put_right_says_whether_it_came_in_time() -> None:
    """T-23; what K6 counts."""
    assert renamed(DOCUMENT, "x", RIGHT, due_at=DUE, now=DUE).fixed_in_time is True
    assert renamed(DOCUMENT, "x", RIGHT, due_at=DUE, now=DUE + timedelta(seconds=1)).fixed_in_time is False
    again = renamed(DOCUMENT, "x", WRONG, due_at=DUE + timedelta(days=3), now=NOW)
    assert (again.state, again.due_at) == (DocumentState.NONCOMPLIANT, DUE), "a second wrong name wins no time"
    assert judged(replace(DOCUMENT, was_noncompliant=False), RIGHT, due_at=DUE).fixed_in_time is None


def test_a_waived_name_stays_out_of_the_count_when_the_item_is_archived() -> None:
    """P-46: 豁免 is not counted in K6."""
    assert archived(waived(DOCUMENT, "合同名称由客户指定"), now=NOW).is_waived
    assert not renamed(waived(DOCUMENT, "合同名称由客户指定"), "x", RIGHT, due_at=DUE, now=NOW).is_waived


def test_what_was_archived_and_lost_is_archived_again_when_it_is_found() -> None:
    kept = archived(replace(DOCUMENT, state=DocumentState.COMPLIANT), now=NOW)
    assert restored(lost(kept, "链接失效"), WRONG, due_at=DUE, now=NOW).state is DocumentState.ARCHIVED
    back = restored(lost(DOCUMENT, "链接失效"), WRONG, due_at=DUE, now=NOW, link="https://a.example/x")
    assert (back.state, back.link) == (DocumentState.NONCOMPLIANT, "https://a.example/x")


def test_rights_of_departments_that_are_not_named_stay() -> None:
    """R-48."""
    first = with_rights(DOCUMENT, {"RD": "编辑"})
    assert with_rights(first, {"PROD": "查看"}).rights == {"RD": "编辑", "PROD": "查看"}
    assert with_category(first, Category.PLAN).category is Category.PLAN


@pytest.mark.parametrize(
    ("text", "link", "rest"),
    [
        ("https://pan.example.com/a/X1.docx", "https://pan.example.com/a/X1.docx", ""),
        ("http://pan.example.com:8080/a X1.docx", "http://pan.example.com:8080/a", "X1.docx"),
        ("X1试产：研发.docx", "", "X1试产：研发.docx"),
        ("C:\\x.docx", "", "C:\\x.docx"),
        ("X1:研发部:20260917.docx", "", "X1:研发部:20260917.docx"),
    ],
)
def test_a_link_is_found_in_what_was_written(text: str, link: str, rest: str) -> None:
    assert read_link(text) == (link, rest)


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1) X1.docx",
        "data:text/html;base64,xx",
        "ftp://pan.example.com/x.docx",
        "file:///etc/passwd",
        "https://pan.example.com@evil.example/x.docx",
        "https://user:word@pan.example.com/x.docx",
        "https://раn.example.com/x.docx",
        "https://xn--n-7sbab.example.com/x.docx",
        "https://[::1/x.docx",
    ],
)
def test_ec_64_only_plain_http_links_are_registered(text: str) -> None:
    """EC-64: no other schemes, no accounts in the address, no host that looks like another."""
    with pytest.raises(RuleViolation) as refusal:
        read_link(text)
    assert refusal.value.code == "document_link"


def test_the_name_in_a_link_and_the_category_in_a_name() -> None:
    """R-49: every document has a category."""
    assert name_in_link("https://pan.example.com/a/X1%E8%AF%95%E4%BA%A7.docx?v=1") == "X1试产.docx"
    assert name_in_link("https://pan.example.com/docx/AbCd") == ""
    assert category_of("X1量产导入方案.docx") is Category.PLAN
    assert category_of("X1_研发部_20260917.docx") is Category.OTHER
