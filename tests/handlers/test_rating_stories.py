"""Peer ratings after an item (domain.md 6.4 K7; R-35; week.md step 97)."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.happened import ItemChanged
from bot.domain.item import ItemState
from bot.domain.obligation import Obligation, ObligationKind
from bot.routing import Context
from bot.updates import CardClicked
from tests.handlers.bench import Bench
from tests.handlers.shown import Shown


def archive(context: Context) -> None:
    before = context.uow.items.get("SX-2026-0008")
    assert before is not None
    after = context.uow.items.put(replace(before, state=ItemState.ARCHIVED))
    context.announce(ItemChanged(before, after))


def opened(bench: Bench) -> None:
    """Monday, 21 September, 10:00: the item is archived."""
    bench.until("09-21 10:00")
    bench.forget()
    bench.within(archive)


def held(bench: Bench) -> dict[str, Obligation]:
    found = bench.read(lambda uow: uow.obligations.find(kind=ObligationKind.RATING.value))
    return {str(o.department): o for o in found}


def rated(bench: Bench, who: str, card: Shown, **form: str) -> CardClicked:
    click = bench.click(who, "提交互评", card=card)
    return type(click)(**{n: getattr(click, n) for n in click.__struct_fields__} | {"form": form})


def fives(**more: str) -> dict[str, str]:
    return dict.fromkeys(("initiative", "response", "solution", "feedback", "quality"), "5") | more


def test_an_archived_item_opens_the_rating_for_three_working_days(bench: Bench) -> None:
    """week.md step 97: every involved department has its limit; liaison and head get the card."""
    opened(bench)
    due = {d: f"{o.due_at.astimezone(bench.now.tzinfo):%m-%d %H:%M}" for d, o in held(bench).items()}
    assert due == dict.fromkeys(("SALES", "ADMIN", "FIN"), "09-24 18:00")
    assert {o.holder for o in held(bench).values()} == {"E009", "E019", "E022"}
    for name in ("苏念初", "方景行", "卢雨桐", "叶青禾", "夏知微", "宋清和"):
        card = bench.expects_card(to=name, state="待互评", buttons=["提交互评"])
        assert "互评" in card.words
    bench.expects_nothing_more()


def test_a_department_rates_the_others_by_card_and_by_text(bench: Bench) -> None:
    opened(bench)
    card = bench.expects_card(to="苏念初")
    [answer] = bench.presses(rated(bench, "苏念初", card, **fives(department="ADMIN", quality="4")))
    assert answer is not None
    assert answer.toast.startswith("✅ 已提交对 行政 的互评")
    update = bench.expects_card_update(to="苏念初", state="待互评")
    assert "财务" in update.words
    assert "行政" not in update.words
    bench.expects_card_update(to="方景行")
    bench.forget()
    bench.says("方景行", "互评 SX-8 财务 5 4 5 4 5")
    bench.expects_message(to="方景行", contains="已提交对 财务 的互评（SX-2026-0008）")
    bench.expects_card_update(to="苏念初", state="已互评", buttons=[])
    assert set(held(bench)) == {"ADMIN", "FIN"}
    kept = bench.read(lambda uow: {r.key: r.answers for r in uow.ratings.find()})
    assert kept == {
        "SX-2026-0008/SALES/ADMIN": (5, 5, 5, 5, 4),
        "SX-2026-0008/SALES/FIN": (5, 4, 5, 4, 5),
    }


def test_the_rated_learn_nothing_of_who_rated_how(bench: Bench) -> None:
    """K7: anonymous to the rated; the trail says that a department rated, not whom."""
    opened(bench)
    bench.forget()
    bench.says("苏念初", "互评 SX-8 行政 1 1 1 1 1")
    bench.expects_message(to="苏念初")
    assert not [s for s in bench.forget() if s.reader in {"卢雨桐", "叶青禾"}]
    [record] = [r for r in bench.audit("SX-2026-0008") if r.action == "rating_given"]
    assert "ADMIN" not in str(record.facts)


def test_what_does_not_fit_is_refused(bench: Bench) -> None:
    opened(bench)
    wrong = {
        "互评 SX-8 销售 5 5 5 5 5": "不能评价本部门",
        "互评 SX-8 研发 5 5 5 5 5": "未参与此事项",
        "互评 SX-8 行政 5 5 5": "请给出五个 1 到 5 的分数",
        "互评 SX-8 行政 5 5 5 5 9": "请给出五个 1 到 5 的分数",
        "互评 SX-8 火星 5 5 5 5 5": "没看懂部门",
        "互评 SX-7 生产 5 5 5 5 5": "SX-2026-0007 的互评未开放或已截止",
    }
    for text, said in wrong.items():
        bench.forget()
        bench.says("苏念初", text)
        bench.expects_message(to="苏念初", contains=said)
    bench.says("苏念初", "互评 SX-8 行政 5 5 5 5 5")
    bench.forget()
    bench.says("方景行", "互评 SX-8 行政 1 1 1 1 1")
    bench.expects_message(to="方景行", contains="已评价过 行政")
    bench.says("何沐晴", "互评 SX-8 财务 5 5 5 5 5")
    bench.expects_message(to="何沐晴", contains="没有执行此操作的权限")
    bench.says("温晓棠", "互评 SX-8 财务 5 5 5 5 5")
    bench.expects_message(to="温晓棠", contains="没有执行此操作的权限")


def test_after_three_working_days_nothing_more_is_rated(bench: Bench) -> None:
    opened(bench)
    card = bench.expects_card(to="卢雨桐")
    bench.says("卢雨桐", "互评")
    bench.expects_message(to="卢雨桐", contains=["SX-2026-0008", "销售、财务", "互评 SX-8 行政 5 4 5 4 5"])
    bench.until("09-24 18:00")
    assert held(bench) == {}
    bench.expects_card_update(to="卢雨桐", state="已截止", buttons=[])
    [answer] = bench.presses(rated(bench, "卢雨桐", card, **fives(department="SALES")))
    assert answer is not None
    assert "未开放或已截止" in answer.toast
    bench.forget()
    bench.says("卢雨桐", "互评")
    bench.expects_message(to="卢雨桐", contains="没有待您部门互评的事项")
