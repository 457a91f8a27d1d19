"""Forms filled in on cards, from the command to the object, with nothing but inputs and buttons (ux.md A4 24, 27-34; R-72, R-92)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.form import Content
from bot.domain.form_page import LONGEST_INPUT, MOST_BYTES, MOST_INPUTS, fillable, missing_page, whole_pages
from bot.domain.issue import IssueState
from bot.domain.issue_form import F2
from bot.domain.request_form import F1
from bot.messages import ButtonStyle, Field, FieldKind
from bot.ports import Answer
from bot.routing import Router
from bot.updates import CardClicked
from handlers.front import Handlers
from tests.handlers.bench import EVERYTHING, Bench
from tests.handlers.meeting_support import SYNC, open_week
from tests.handlers.shown import Shown
from tests.handlers.test_minutes_stories import hold

ISSUE = "WT-2026-0012"
REQUEST = "XQ-2026-0015"
FOUND = {
    "title": "首件尺寸超差",
    "description": "首件长度超出图纸公差 0.3 毫米",
    "occurred_at": "今天 9:30",
    "depts": "研发部、生产部",
    "impact_scope": "部分环节",
    "severity": "中",
    "kind": "质量问题",
}
ASKED = {
    "goal": "9 月 22 日前备齐校招宣讲会全部物料",
    "background": "秋季校招宣讲会需要行政部准备展架与礼品",
    "coop_depts": "行政部",
    "duties": "人力资源部 | 宣讲内容与场地 | 钟晚晴\n行政部 | 宣讲物料制作 | 卢雨桐",
    "resources": "无",
    "milestones": "物料到位 | 9月22日 | 展架与礼品",
    "start_on": "2026-09-16",
    "end_on": "2026-09-22",
}
REST = {"scenario": "日常事务对接", "serves": "日常工作"}


def card(bench: Bench, who: str) -> Shown:
    """The newest state of the card in the private chat."""
    shown = [s for s in bench.forget() if s.reader == who and hasattr(s.sent.outbound, "card")]
    assert shown, f"no card for {who}"
    return shown[-1]


def presses(bench: Bench, who: str, button: str, on: Shown, **typed: str) -> Answer:
    """Somebody presses a button; every input comes along as clients send it, with what stood there or was typed over it."""
    click = bench.click(who, button, card=on)
    pressed = next(b for b in on.card.buttons if b.text == button)
    inputs = {f.name: typed.get(f.name, f.value) for f in on.card.fields} if pressed.submits_form else {}
    update = CardClicked(
        source=click.source,
        operator=click.operator,
        chat=click.chat,
        message=click.message,
        action=click.action,
        params=click.params,
        form=inputs,
    )
    answer = bench.presses(update)[0]
    assert answer is not None
    return answer


def inputs(on: Shown) -> dict[str, Field]:
    """The inputs of a card by name."""
    return {field.name: field for field in on.card.fields}


def buttons(on: Shown) -> list[str]:
    return [button.text for button in on.card.buttons]


def begun(bench: Bench, who: str, command: str) -> Shown:
    """The one card that answers a command."""
    bench.says(who, command)
    found = bench.expects_card(to=who)
    bench.expects_nothing_more()
    return found


def issues(bench: Bench) -> list[str]:
    return bench.read(lambda uow: [i.code for i in uow.issues.find() if i.code >= ISSUE])


# ---------------------------------------------------------------- an issue by card only


def test_an_issue_is_filed_with_one_card(bench: Bench) -> None:
    """R-92, F2, A-14: every employee; the fields that are missing, what was understood, then the question."""
    bench.until("10:00")
    first = begun(bench, "程一帆", "/问题 上报")
    assert first.card.title == "跨部门协作问题反馈单"
    assert buttons(first) == ["保存", "逐项问我", "预览"]
    fields = inputs(first)
    assert list(fields)[:7] == list(FOUND)
    assert len(fields) <= MOST_INPUTS
    assert fields["severity"].choices == (("低", "低"), ("中", "中"), ("高", "高"))
    assert fields["description"].kind is FieldKind.LONG_TEXT
    assert fields["cause"].label == "原因初步分析（选填）"
    assert not any(field.required for field in fields.values()), "a card is saved bit by bit"
    answer = presses(bench, "程一帆", "保存", first, **FOUND)
    assert answer == Answer(toast="已保存，填好了，可以提交。")
    ready = card(bench, "程一帆")
    assert ready.is_update
    assert ready.card.state == "待提交"
    assert "发生时间：9月14日（周一）09:30" in ready.words
    assert "填好了，提交？" in ready.words
    assert buttons(ready) == ["提交", "预览", "修改", "清空"]
    assert [b.style for b in ready.card.buttons].count(ButtonStyle.PRIMARY) == 1
    assert issues(bench) == []
    presses(bench, "程一帆", "预览", ready)
    preview = card(bench, "程一帆")
    assert "严重程度：中" in preview.words
    answer = presses(bench, "程一帆", "提交", preview)
    assert "已登记 WT-2026-0012《首件尺寸超差》" in answer.toast
    over = bench.expects_card_update(to="程一帆", state="已提交")
    assert buttons(over) == []
    issue = bench.read(lambda uow: uow.issues.get(ISSUE))
    assert issue is not None
    assert (issue.state, issue.departments, issue.severity) == (IssueState.PENDING_GRADING, ("RD", "PROD"), "中")
    assert bench.read(lambda uow: uow.form_drafts.find(person="E016")) == []


def test_what_is_wrong_stands_beside_its_input_with_what_was_typed(bench: Bench) -> None:
    """A toast, the sentence below the input, and nothing typed is lost."""
    bench.until("10:00")
    first = begun(bench, "程一帆", "/问题 上报 首件尺寸超差")
    answer = presses(bench, "程一帆", "保存", first, **{**FOUND, "occurred_at": "2月30日", "depts": "研发部、航天部"})
    assert answer.is_error
    assert answer.toast.startswith("有 2 处要改，已填内容保留：发生时间：“2月30日”不是有效时间。")
    again = card(bench, "程一帆")
    fields = inputs(again)
    assert (fields["occurred_at"].value, fields["depts"].value) == ("2月30日", "研发部、航天部")
    assert "没有部门“航天部”" in fields["depts"].note
    assert "例：发生时间：" in fields["occurred_at"].note
    assert not fields["impact_scope"].note
    assert "有 2 处要改" in again.words
    answer = presses(bench, "程一帆", "保存", again, occurred_at="今天 9:30")
    assert answer.is_error
    once_more = card(bench, "程一帆")
    assert inputs(once_more)["depts"].value == "研发部、航天部"
    assert "occurred_at" not in {name for name, field in inputs(once_more).items() if field.note}
    answer = presses(bench, "程一帆", "保存", once_more, depts="研发部、生产部")
    assert answer.toast == "已保存，填好了，可以提交。"


def test_a_second_press_saves_and_submits_nothing_twice(bench: Bench) -> None:
    """A4 33: the card of a form that was submitted takes no presses; a second save changes nothing."""
    bench.until("10:00")
    first = begun(bench, "程一帆", "/问题 上报")
    presses(bench, "程一帆", "保存", first, **FOUND)
    ready = card(bench, "程一帆")
    assert presses(bench, "程一帆", "保存", first, **FOUND).toast == "已保存，填好了，可以提交。"
    assert card(bench, "程一帆").card.state == "待提交"
    presses(bench, "程一帆", "提交", ready)
    bench.forget()
    for button, on in (("提交", ready), ("保存", first)):
        answer = presses(bench, "程一帆", button, on, **FOUND)
        assert answer.is_error
        assert "已停用，没有改动" in answer.toast
    assert issues(bench) == [ISSUE]
    assert bench.read(lambda uow: uow.form_drafts.find(person="E016")) == []
    bench.expects_nothing_more()


def test_two_presses_at_once_file_one_issue(bench: Bench) -> None:
    bench.until("10:00")
    first = begun(bench, "程一帆", "/问题 上报")
    presses(bench, "程一帆", "保存", first, **FOUND)
    ready = card(bench, "程一帆")
    bench.click_together(("程一帆", "提交"), ("程一帆", "提交"), card=ready)
    assert issues(bench) == [ISSUE]


def test_a_restart_in_between_changes_nothing(bench: Bench) -> None:
    """Drafts survive restarts: what was typed, what was wrong, and which card it stands on."""
    bench.until("10:00")
    first = begun(bench, "程一帆", "/问题 上报")
    presses(bench, "程一帆", "保存", first, **{**FOUND, "depts": "航天部"})
    again = card(bench, "程一帆")
    bench.restarts()
    answer = presses(bench, "程一帆", "保存", again, depts="研发部")
    assert answer.toast == "已保存，填好了，可以提交。"
    ready = card(bench, "程一帆")
    bench.restarts()
    assert "已登记" in presses(bench, "程一帆", "提交", ready).toast
    assert bench.read(lambda uow: uow.issues.get(ISSUE)).departments == ("RD",)  # type: ignore[union-attr]


def test_the_newest_card_of_a_form_is_the_one_that_counts(bench: Bench) -> None:
    bench.until("10:00")
    old = begun(bench, "程一帆", "/问题 上报")
    bench.says("程一帆", "/问题 上报 首件尺寸超差")
    assert "已有新的表单卡" in bench.expects_card_update(to="程一帆", state="已停用").words
    bench.expects_card(to="程一帆", contains="问题名称：首件尺寸超差")
    assert presses(bench, "程一帆", "保存", old, **FOUND).is_error
    assert bench.read(lambda uow: uow.form_drafts.find(person="E016", state="F2"))[0].content.keys() == {
        "found_by_dept",
        "reporter",
        "confidentiality",
        "title",
    }


def test_nobody_else_fills_in_ones_card(bench: Bench) -> None:
    """A card that got into other hands is another one's (T8)."""
    bench.until("10:00")
    first = begun(bench, "程一帆", "/问题 上报")
    answer = presses(bench, "何沐晴", "保存", first, **FOUND)
    assert answer.is_error
    assert bench.read(lambda uow: uow.form_drafts.find(person="E011")) == []


def test_one_may_change_over_to_questions_and_back_with_everything_kept(bench: Bench) -> None:
    """A4 24."""
    bench.until("10:00")
    first = begun(bench, "程一帆", "/问题 上报")
    typed = {key: FOUND[key] for key in ("title", "description")}
    presses(bench, "程一帆", "逐项问我", first, **typed)
    assert "已改为逐项问答" in bench.expects_card_update(to="程一帆", state="已停用").words
    asked = bench.expects_message(to="程一帆", contains="请填“发生时间”（还有 5 项必填）")
    assert "已记下：\n问题名称：首件尺寸超差" in asked.words
    bench.says("程一帆", "今天 9:30")
    bench.expects_message(to="程一帆", contains="请填“涉及部门”")
    second = begun(bench, "程一帆", "/问题 上报")
    assert next(iter(inputs(second))) == "depts"
    bench.says("程一帆", "研发部")
    assert "涉及部门" not in bench.expects_message(to="程一帆").words, "the card asks now, not the dialogue"


def test_what_was_filled_in_can_be_changed_and_cleared(bench: Bench) -> None:
    bench.until("10:00")
    presses(bench, "程一帆", "保存", begun(bench, "程一帆", "/问题 上报"), **FOUND)
    presses(bench, "程一帆", "修改", card(bench, "程一帆"))
    first = card(bench, "程一帆")
    assert "第 1 页，共 3 页" in first.words
    assert inputs(first)["title"].value == "首件尺寸超差"
    assert inputs(first)["found_by_dept"].value == "RD"
    presses(bench, "程一帆", "保存", first, title="首件长度超差", phone="8302")
    second = card(bench, "程一帆")
    assert "第 2 页，共 3 页" in second.words
    presses(bench, "程一帆", "保存", second, severity="高")
    presses(bench, "程一帆", "保存", card(bench, "程一帆"))
    ready = card(bench, "程一帆")
    presses(bench, "程一帆", "预览", ready)
    preview = card(bench, "程一帆")
    assert all(part in preview.words for part in ("问题名称：首件长度超差", "联系电话：8302", "严重程度：高"))
    presses(bench, "程一帆", "修改", preview)
    presses(bench, "程一帆", "保存", card(bench, "程一帆"), phone="")
    assert "phone" not in bench.read(lambda uow: uow.form_drafts.find(person="E016", state="F2"))[0].content
    presses(bench, "程一帆", "保存", card(bench, "程一帆"))
    presses(bench, "程一帆", "保存", card(bench, "程一帆"))
    presses(bench, "程一帆", "清空", card(bench, "程一帆"))
    assert "已清空" in card(bench, "程一帆").words
    assert bench.read(lambda uow: uow.form_drafts.find(person="E016", state="F2")) == []


# ---------------------------------------------------------------- a request by card only


def test_a_request_is_written_and_submitted_with_one_card(bench: Bench) -> None:
    """R-72, R-73, P-01, P-02, F1: the draft keeps what is saved; the last card submits it."""
    bench.until("10:00")
    bench.says("钟晚晴", "/需求 新建 日常 校招宣讲物料")
    first = bench.expects_card(to="钟晚晴", contains=[REQUEST, "草稿已建", "还差 10 项必填"])
    bench.expects_nothing_more()
    assert list(inputs(first)) == list(ASKED)
    assert inputs(first)["start_on"].kind is FieldKind.DATE
    assert inputs(first)["duties"].placeholder.startswith("一行一条，例：")
    assert "校招" not in first.card.title, "the card's title says which form it is, never what it is about"
    assert presses(bench, "钟晚晴", "保存", first, **ASKED).toast == "已保存，还差 2 项必填。"
    second = card(bench, "钟晚晴")
    assert {"scenario", "serves", "urgency", "confidentiality"} <= set(inputs(second))
    assert inputs(second)["confidentiality"].value == "普通"
    request = bench.read(lambda uow: uow.requests.get(REQUEST))
    assert request is not None
    assert request.content["goal"] == ASKED["goal"]
    presses(bench, "钟晚晴", "保存", second, **REST)
    ready = card(bench, "钟晚晴")
    assert buttons(ready) == ["提交", "预览", "修改"]
    answer = presses(bench, "钟晚晴", "提交", ready)
    assert "已提交审核" in answer.toast
    request = bench.read(lambda uow: uow.requests.get(REQUEST))
    assert request is not None
    assert request.state == "in_review"
    assert presses(bench, "钟晚晴", "提交", ready).is_error


def test_a_refused_submission_says_why_on_the_card_and_keeps_everything(bench: Bench) -> None:
    """F1-10, R-73: rows that do not agree with the departments; the card goes on."""
    bench.until("10:00")
    first = begun(bench, "钟晚晴", "/需求 新建 日常 校招宣讲物料")
    presses(bench, "钟晚晴", "保存", first, **{**ASKED, "duties": "人力资源部 | 宣讲内容与场地 | 钟晚晴"})
    presses(bench, "钟晚晴", "保存", card(bench, "钟晚晴"), **REST)
    answer = presses(bench, "钟晚晴", "提交", card(bench, "钟晚晴"))
    assert answer.is_error
    assert "行政" in answer.toast
    still = card(bench, "钟晚晴")
    assert still.card.state == "待提交"
    presses(bench, "钟晚晴", "修改", still)
    while "duties" not in inputs(first := card(bench, "钟晚晴")):
        presses(bench, "钟晚晴", "保存", first)
    presses(bench, "钟晚晴", "保存", first, duties=ASKED["duties"])
    while "保存" in buttons(shown := card(bench, "钟晚晴")):
        presses(bench, "钟晚晴", "保存", shown)
    assert "已提交审核" in presses(bench, "钟晚晴", "提交", shown).toast


def test_whoever_may_not_submit_reads_who_may_and_the_card_stays(bench: Bench) -> None:
    """P-02."""
    bench.until("10:00")
    first = begun(bench, "程一帆", "/需求 新建 日常 夹具改造")
    duties = ASKED["duties"].replace("人力资源部 | 宣讲内容与场地 | 钟晚晴", "研发部 | 图纸 | 程一帆")
    presses(bench, "程一帆", "保存", first, **{**ASKED, "duties": duties})
    presses(bench, "程一帆", "保存", card(bench, "程一帆"), **REST)
    answer = presses(bench, "程一帆", "提交", card(bench, "程一帆"))
    assert answer.is_error
    assert "权限" in answer.toast
    assert card(bench, "程一帆").card.state == "待提交"


def test_a_card_whose_form_was_submitted_by_text_is_closed_by_the_next_press(bench: Bench) -> None:
    bench.until("10:00")
    first = begun(bench, "钟晚晴", "/需求 新建 日常 校招宣讲物料")
    presses(bench, "钟晚晴", "保存", first, **ASKED)
    second = card(bench, "钟晚晴")
    bench.says("钟晚晴", f"需求 提交 {REQUEST}\n协作场景：日常事务对接\n服务目标：日常工作")
    bench.forget()
    assert presses(bench, "钟晚晴", "保存", second, **REST).is_error
    assert bench.expects_card_update(to="钟晚晴", state="已停用").card.buttons == ()


def test_a_confidential_request_is_filled_in_in_private_under_its_number_only(bench: Bench) -> None:
    """EC-08, EC-74: no title in the head of the card."""
    bench.until("10:00")
    first = begun(bench, "温晓棠", "/需求 新建 专项 X1成本核算\n密级：涉密")
    assert first.card.title == f"跨部门协作需求单 · {REQUEST}"
    assert first.chat.startswith("p2p_")


# ---------------------------------------------------------------- every form


@pytest.mark.parametrize(
    ("who", "command", "title"),
    [
        ("温晓棠", "/周进度 SX-2026-0007", "周进度汇报"),
        ("苏念初", "/方案编制 SX-2026-0008", "跨部门协作实施方案 · FA-2026-0010"),
        ("罗启安", "/冲突 上报", "协作冲突"),
        ("许安然", "/分级 WT-2026-0012", "问题分级 · WT-2026-0012"),
    ],
)
def test_a_command_without_lines_is_answered_with_the_card_of_its_form(
    bench: Bench, who: str, command: str, title: str
) -> None:
    bench.until("10:00")
    bench.within(bench.wired.arm_recurring)
    bench.says("程一帆", "/问题 上报 首件尺寸超差\n" + "\n".join(f"{k}：{v}" for k, v in LINES.items()))
    bench.forget()
    bench.says(who, command)
    shown = bench.expects_card(to=who)
    assert shown.card.title == title
    assert shown.card.fields
    assert "逐项问我" in buttons(shown)


LINES = {
    "问题描述": FOUND["description"],
    "发生时间": "2026-09-14 09:30",
    "涉及部门": "研发部、生产部",
    "影响范围": "部分环节",
    "严重程度": "中",
    "问题类型": "质量问题",
}


def test_grading_on_the_card_of_its_form(bench: Bench) -> None:
    """R-93, R-94: the same grade as by text, with what is known before the secretary decides."""
    bench.until("10:00")
    bench.says("程一帆", "/问题 上报 首件尺寸超差\n" + "\n".join(f"{k}：{v}" for k, v in LINES.items()))
    bench.forget()
    first = begun(bench, "许安然", f"/分级 {ISSUE} 重要")
    assert inputs(first)["impact_scope"].value == "部分环节"
    presses(bench, "许安然", "保存", first, grade_reason="首件尺寸影响试产装配环节", lead="RD", coop="生产部")
    ready = card(bench, "许安然")
    assert not presses(bench, "许安然", "提交", ready).is_error
    issue = bench.read(lambda uow: uow.issues.get(ISSUE))
    assert issue is not None
    assert (issue.state, issue.lead, issue.coop) == (IssueState.COORDINATING, "RD", ("PROD",))


def test_where_a_platform_has_no_forms_the_dialogue_begins(formless: Bench) -> None:
    formless.until("10:00")
    formless.says("程一帆", "/问题 上报 首件尺寸超差")
    formless.expects_message(to="程一帆", contains="请填“问题描述”")
    formless.expects_nothing_more()


def test_cards_that_cannot_be_brought_up_to_date_are_no_forms() -> None:
    for missing in ("card_forms", "card_callback", "card_update"):
        bench = Bench(capabilities=replace(EVERYTHING, **{missing: False}))
        bench.until("10:00")
        bench.says("程一帆", "/问题 上报 首件尺寸超差")
        bench.expects_message(to="程一帆", contains="请填“问题描述”")
        bench.close()


# ---------------------------------------------------------------- which fields stand on a card


def test_a_card_has_eight_inputs_at_most_in_the_order_of_the_form() -> None:
    order = [spec.key for spec in fillable(F1)]
    page = missing_page(F1, set(order), {})
    assert page.keys == tuple(order[:MOST_INPUTS])
    assert page.left == tuple(order[MOST_INPUTS:])
    few = missing_page(F1, {"scenario", "serves"}, {})
    assert few.keys == tuple(order[order.index("scenario") :][:MOST_INPUTS])


@pytest.mark.slow
def test_every_form_is_whole_on_its_cards_and_each_has_room() -> None:
    """feishu.md 4.2: 30 KB a card, 1000 characters an input."""
    desk = Handlers()
    desk.register(Router())
    for form in desk.forms.known:
        keys = [spec.key for spec in fillable(form)]
        texts = {key: "长" * (LONGEST_INPUT if number % 2 else 3) for number, key in enumerate(keys)}
        pages = whole_pages(form, texts)
        assert [key for page in pages for key in page.keys] == keys, form.id
        for page in pages:
            assert len(page.keys) <= MOST_INPUTS
            assert sum(len(texts[key].encode()) for key in page.keys) <= MOST_BYTES


def test_a_text_that_no_input_takes_is_left_to_be_changed_by_text() -> None:
    content: Content = {"description": "长" * 1500}
    page = whole_pages(F2, {key: str(value) for key, value in content.items()})[0]
    assert page.too_long == ("description",)
    assert "description" not in page.keys


# ---------------------------------------------------------------- appointments of liaisons


def test_a_liaison_is_changed_with_one_card(bench: Bench) -> None:
    """4.13, R-107..R-109, P-50: who, from when, why, and the three points of the head."""
    bench.until("10:00")
    first = begun(bench, "方景行", "/对接人 变更")
    assert first.card.title == "对接人任命、变更单"
    assert "原对接人：苏念初" in first.words
    assert [inputs(first)[name].choices for name in ("skills", "business", "handover")] == [
        (("是", "是"), ("否", "否"))
    ] * 3
    points = dict.fromkeys(("skills", "business", "handover"), "是")
    presses(bench, "方景行", "保存", first, new="江亦舟", effective_on="2026-09-15", reason="岗位调整需要", **points)
    answer = presses(bench, "方景行", "提交", card(bench, "方景行"))
    assert answer.is_error, "a week's notice (R-109)"
    presses(bench, "方景行", "修改", card(bench, "方景行"))
    presses(bench, "方景行", "保存", card(bench, "方景行"), effective_on="2026-09-24")
    while "保存" in buttons(shown := card(bench, "方景行")):
        presses(bench, "方景行", "保存", shown)
    answer = presses(bench, "方景行", "提交", shown)
    assert not answer.is_error, answer.toast
    (change,) = bench.read(lambda uow: uow.liaison_changes.find(department="SALES"))
    assert (change.old, change.new, change.state.value) == ("E009", "E010", "registered")


def test_only_a_head_gets_the_form_and_an_emergency_wants_its_reason(bench: Bench) -> None:
    bench.until("10:00")
    bench.says("程一帆", "/对接人 变更")
    bench.expects_message(to="程一帆", contains="权限")
    first = begun(bench, "方景行", "/对接人 紧急变更")
    presses(bench, "方景行", "保存", first, new="江亦舟")
    assert "还差 1 项必填：变更原因" in card(bench, "方景行").words


def test_the_form_of_a_liaison_is_asked_for_where_there_are_no_cards(formless: Bench) -> None:
    formless.until("10:00")
    formless.says("方景行", "/对接人 变更")
    formless.expects_message(to="方景行", contains="请填“新对接人”")
    formless.says("方景行", "江亦舟")
    formless.expects_message(to="方景行", contains="江亦舟")
    (change,) = formless.read(lambda uow: uow.liaison_changes.find(department="SALES"))
    assert change.state.value == "draft"


# ---------------------------------------------------------------- records of meetings

MILESTONE, RESOLUTION = "HY-2026-0043", "JD-2026-0012"


def test_report_and_resolution_of_a_milestone_meeting_are_written_on_cards(bench: Bench) -> None:
    """4.10, 4.12, R-67, R-69: the first saved lines give the resolution its number (0.4), the card submits it under that."""
    open_week(bench)
    bench.until("09-15 10:20")
    bench.says("温晓棠", "/会议 安排 推进会 SX-2026-0007 9-17 14:00 节点:中期")
    bench.forget()
    bench.says("白司南", f"/进度报告 {MILESTONE}")
    first = bench.expects_card(to="白司南")
    assert first.card.title.endswith(MILESTONE)
    typed = dict.fromkeys(inputs(first), "夹具专人跟催，其余按计划")
    presses(
        bench,
        "白司南",
        "保存",
        first,
        **{k: v for k, v in typed.items() if inputs(first)[k].kind is FieldKind.LONG_TEXT},
    )
    assert "已分发" in presses(bench, "白司南", "提交", card(bench, "白司南")).toast
    hold(bench, MILESTONE, "陆怀谷", "09-17 14:00", "09-17 15:20")
    bench.forget()
    bench.says("白司南", f"/决议 {MILESTONE}")
    first = bench.expects_card(to="白司南")
    assert bench.read(lambda uow: uow.resolutions.find()) == []
    written = {
        "difficulties": "检测夹具到位晚",
        "solutions": "夹具专人跟催 | 袁知行 | 2026-09-23",
        "next_steps": "夹具验证报告 | 质量部 | 袁知行 | 2026-09-23",
        "resolved": "中期目标达成，按计划进入下一阶段",
    }
    assert set(written) <= set(inputs(first))
    presses(bench, "白司南", "保存", first, difficulties=written["difficulties"])
    assert bench.read(lambda uow: uow.resolutions.get(RESOLUTION)) is not None
    presses(bench, "白司南", "保存", card(bench, "白司南"), **written)
    answer = presses(bench, "白司南", "提交", card(bench, "白司南"))
    assert not answer.is_error, answer.toast
    bench.expects_card(to="顾明远", contains=RESOLUTION, buttons=["签字确认", "退回"])


def test_the_record_of_a_liaison_sync_is_written_and_forwarded_on_a_card(bench: Bench) -> None:
    """4.11, R-52, R-55, R-56."""
    open_week(bench)
    hold(bench, SYNC, "卢雨桐", "09-16 10:00", "09-16 10:48")
    bench.forget()
    bench.says("卢雨桐", "/沟通纪要")
    first = bench.expects_card(to="卢雨桐")
    assert "progress" in inputs(first)
    mode = inputs(first)["mode"].choices[0][0] if "mode" in inputs(first) else ""
    presses(bench, "卢雨桐", "保存", first, progress="新品X1试产 | 首件试制进行中", demands="无", mode=mode)
    while "保存" in buttons(shown := card(bench, "卢雨桐")):
        presses(bench, "卢雨桐", "保存", shown)
    answer = presses(bench, "卢雨桐", "提交", shown)
    assert not answer.is_error, answer.toast
    bench.expects_message(to="罗启安", contains=["GT-2026-0036", "首件试制进行中"])


def test_what_is_filled_in_of_a_secret_matter_stands_in_inputs_and_messages_only(bench: Bench) -> None:
    """EC-08: the card names the fields; the whole form comes as a message."""
    bench.until("10:00")
    first = begun(bench, "程一帆", "/问题 上报 首件尺寸超差\n密级：内部敏感")
    assert "已记下：\n问题名称、密级" in first.words
    presses(bench, "程一帆", "保存", first, **FOUND)
    shown = card(bench, "程一帆")
    assert "已记下：\n问题描述、发生时间" in shown.words
    presses(bench, "程一帆", "预览", shown)
    assert "问题名称：首件尺寸超差" in bench.expects_message(to="程一帆").words
    assert not [part for part in ("首件", "公差") if part in first.words + shown.words]
