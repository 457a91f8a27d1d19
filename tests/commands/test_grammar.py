"""What a text is to the bot: a command, half a command, talk, or something mistyped (ux.md A4 1-24, A5)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

import pytest

from bot.command import (
    Command,
    CommandSpec,
    Missing,
    Need,
    NotACommand,
    Pending,
    Quoted,
    Silence,
    Unknown,
    Where,
    WrongPlace,
)
from bot.domain.codes import CodeRef, read_codes
from bot.domain.folding import folded
from bot.domain.form_text import read_form
from bot.domain.ids import Code, CodeKind
from bot.grammar import Grammar
from bot.updates import ChatType
from bot.vocabulary import LATER, SPECS, grammar
from tests.commands.reading import answered, command, facts, read, verb_of

GROUP, DIRECT = ChatType.GROUP, ChatType.DIRECT


def missing(text: str) -> Missing:
    parsed = read(text)
    assert isinstance(parsed, Missing), parsed
    return parsed


# ---------------------------------------------------------------- whom a text is for


@pytest.mark.parametrize("text", ["待办", "/待办", "询问 @张三 图纸", "@所有人 待办", "@张三 待办"])
def test_a_group_message_that_does_not_name_the_bot_is_never_a_command(text: str) -> None:
    assert read(text, where=GROUP) == NotACommand(Silence.NOT_ADDRESSED)


def test_quoting_a_message_of_the_bot_speaks_to_it() -> None:
    assert command("待办", where=GROUP, quoted=Quoted.BOT).verb == "todo"
    assert read("待办", where=GROUP, quoted=Quoted.SOMEBODY) == NotACommand(Silence.NOT_ADDRESSED)


def test_the_bot_alone_is_a_call_for_help_and_the_bot_with_somebody_else_is_talk() -> None:
    assert read("@回音") == NotACommand(Silence.EMPTY)
    assert read("@回音 @张三") == NotACommand(Silence.TALK)


@pytest.mark.parametrize("text", ["谢谢", "好的。", "收到！", "ＯＫ", "嗯嗯", "@回音 辛苦了"])
def test_a_courtesy_asks_for_no_answer(text: str) -> None:
    assert read(text) == NotACommand(Silence.COURTESY)


@pytest.mark.parametrize(
    "text",
    [
        "组织大家开个会",
        "方案我看过了",
        "状态不错",
        "日报我晚点写",
        "已收到货，一共三箱",
        "撤销那个订单吧",
        "重点是周五的评审",
    ],
)
def test_ordinary_talk_that_begins_with_a_command_word_runs_nothing(text: str) -> None:
    assert not isinstance(read(text), Command | Missing)


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.verb)
def test_a_prefix_makes_a_command_of_a_word_whatever_follows(spec: CommandSpec) -> None:
    parsed = read(f"@回音 /{spec.chinese[0]} 大家看看", where=GROUP)
    assert isinstance(parsed, Command | Missing | WrongPlace)


# ---------------------------------------------------------------- places


def test_a_private_command_in_a_group_and_a_group_command_in_private_are_in_the_wrong_place() -> None:
    in_group, in_private = read("@回音 我的数据"), read("/重点 明天停电")
    assert isinstance(in_group, WrongPlace)
    assert in_group.where is Where.DIRECT
    assert isinstance(in_private, WrongPlace)
    assert in_private.where is Where.GROUP


# ---------------------------------------------------------------- spellings


def test_no_two_commands_share_a_spelling_in_either_language() -> None:
    spellings = {
        spec.verb: {folded(word).replace(" ", "") for word in (*spec.chinese, *spec.english)} for spec in SPECS
    }
    shared = [(a, b, spellings[a] & spellings[b]) for a, b in combinations(spellings, 2) if spellings[a] & spellings[b]]
    assert shared == []


def test_a_shared_spelling_is_refused_when_the_vocabulary_is_built() -> None:
    first = CommandSpec(verb="one", chinese=("新建 单子",), english=("one",), topic="self")
    second = CommandSpec(verb="two", chinese=("单子新建",), english=("two",), topic="self")
    with pytest.raises(ValueError, match="both one and two"):
        Grammar((first, second))


def test_the_longest_spelling_wins() -> None:
    assert command("取消等待 HF-31").verb == "call_off"
    assert command("取消").verb == "cancel"
    assert command("我的数据").verb == "my_data"
    assert command("我的").verb == "todo"


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.verb)
def test_every_spelling_of_every_command_is_found_again_by_help(spec: CommandSpec) -> None:
    found = [grammar().spec_of_word(word) for word in (*spec.chinese, *spec.english)]
    assert [f.verb for f in found if f is not None] == [spec.verb] * len(found)


def test_a_latin_word_does_not_end_in_the_middle_of_another() -> None:
    assert not isinstance(read("asking @张三 about it"), Command | Missing)
    assert command("why hf31").verb == "why"
    assert command("whyhf31").verb == "why"


@pytest.mark.parametrize("text", ["审批 新建 预算", "申请 预算 8000 物料", "登录", "login", "link 123456"])
def test_l_35_words_of_what_there_is_not_are_unknown_and_known_as_such(text: str) -> None:
    parsed = read(text)
    assert isinstance(parsed, Unknown)
    assert folded(parsed.typed) in LATER


def test_no_word_of_what_there_is_not_is_a_command() -> None:
    assert [word for word in LATER if grammar().spec_of_word(word) is not None] == []


def test_l_35_the_shortcuts_of_those_that_exist_are_their_aliases() -> None:
    assert [command(word).verb for word in ("日报", "我的", "mine", "?")] == ["digest", "todo", "todo", "help"]
    assert command("请回复 @张三 接口文档").verb == "ask"
    assert command("拉群 SX-7").verb == "group_create"


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("报障 首页白屏", "issue_file"),
        ("问题 新建 首页白屏", "issue_file"),
        ("解决 WT-7 已更换电源", "result"),
        ("重开 WT-7 又黑屏了", "reopen"),
        ("问题 列表", "issue"),
        ("认领 RW-31", "accept"),
        ("claim RW-31", "accept"),
        ("指派 RW-31 @张三", "hand_over"),
        ("assign RW-31 @张三", "hand_over"),
        ("转交 RW-31 @张三", "hand_over"),
        ("pass RW-31 @张三", "hand_over"),
        ("延期 RW-31 9-25 等待来料", "extend"),
        ("升级 WT-7 影响交付", "raise_level"),
        ("escalate WT-7 it delays us", "raise_level"),
        ("约会议 协调会 WT-7 周五15:00", "meeting_plan"),
        ("meet new coordination WT-7 Fri 15:00", "meeting_plan"),
        ("会议 改期 HY-3 周五16:00", "meeting_move"),
        ("会议 取消 HY-3 全员外出", "meeting_cancel"),
        ("会议 纪要 HY-3", "minutes"),
        ("meet notes HY-3", "minutes"),
        ("协作 新建 SX-7", "group_create"),
        ("协作 状态 SX-7", "item"),
        ("collab status SX-7", "item"),
        ("日报", "digest"),
        ("yes XQ-15", "approve"),
        ("no XQ-15 no budget", "reject"),
    ],
)
def test_l_35_the_words_of_other_bots_are_aliases_of_what_means_the_same_here(text: str, verb: str) -> None:
    assert verb_of(read(text)) == verb


#: domain.md 2.7, without what there is not yet (`/登录`, `/绑定 码`)
VOCABULARY = """
/帮助 = help; /方案 = plan; /规则 R-40 = rule; /组织 = organisation; /待办 = todo; /需求 新建 专项 展会搭建 = request_new
/需求 提交 XQ-15 = request_submit; /需求 撤回 XQ-15 = request_withdraw; /需求 XQ-15 = request; /方案编制 SX-7 = plan_write
/会签 FA-10 = countersign; /事项 SX-7 = item; /暂停 SX-7 9-28 等客户 = suspend; /恢复 SX-7 = resume; /终止 SX-7 客户取消 = terminate
/任务 = tasks; /进度 RW-31 60% 已到料 = progress; /完成 RW-31 = task_done; /延期 RW-31 9-25 等待来料 = extend
/周进度 SX-7 = weekly_progress; /验收 SX-7 = acceptance; /归档 SX-7 = archive; /问题 上报 首件超差 = issue_file
/问题 WT-12 = issue; /分级 WT-12 = grade; /结果 WT-12 已更换货架 = result; /确认 WT-12 = confirm; /闭环 WT-12 = close
/冲突 上报 返工由谁负责 = conflict_file; /调解 CT-3 = mediate; /裁定 CT-3 = rule_conflict; /会议 安排 周五15:00 评审 = meeting_plan
/会议 开始 HY-42 = meeting_start; /会议 结束 HY-42 = meeting_end; /纪要 HY-42 = minutes; /决议 JD-12 = resolution; /签字 JD-12 = sign
/沟通纪要 = sync_record; /询问 @张三 图纸呢？ = ask; /重点 铝件涨价 = key; /建群 SX-7 = group_create; /查群 SX-7 = group_check
/文档 登记 SX-7 a.docx = document_register; /文档 检查 SX-7 = document_check; /文档 权限 WD-1 生产:查看 = document_rights
/台账 进度 = ledger; /台账 问题 = ledger; /导出 进度 = export; /对接人 变更 @张三 @李四 9-24 = liaison_change
/请假 9-16 9-18 代理 @张三 = leave; /简报 = digest; /周报 = weekly_report; /评分 = score; /表扬 @张三 连夜赶出样件 = kudos
/互评 SX-8 行政 5 4 5 4 5 = peer_rating; /奖惩 = proposals; /涉密待办 = confidential; /日历 2026-10-10 = calendar
/为什么 HF-31 = why; /静音 2小时 = mute; /设置 语言 en = settings; /撤销 = undo; /状态 = status; /体检 = doctor
"""


@pytest.mark.parametrize("line", re.split(r"[;\n]+\s*", VOCABULARY.strip()))
def test_every_command_of_the_vocabulary_is_understood_in_private_and_in_a_group_without_its_slash(line: str) -> None:
    text, _, verb = line.partition(" = ")
    assert [verb_of(read(text)), verb_of(read(f"@回音 {text.removeprefix('/')}"))] == [verb, verb]


# ---------------------------------------------------------------- what is missing


def test_a_missing_argument_is_asked_for_and_the_answer_completes_the_command() -> None:
    question = missing("询问 夹具几号到？")
    assert question.need is Need.PEOPLE
    whole = answered(question.pending, "@张三")
    assert facts(whole, ("people", "words")) == (("people", "张三"), ("words", "夹具几号到？"))


def test_everything_missing_is_asked_for_one_after_the_other() -> None:
    first = missing("询问")
    second = answered(first.pending, "@张三、@李四")
    assert isinstance(second, Missing)
    assert second.need is Need.TEXT
    assert not second.is_repeat
    whole = answered(second.pending, "夹具几号到？")
    assert facts(whole, ("people", "words")) == (("people", "张三,李四"), ("words", "夹具几号到？"))


@pytest.mark.parametrize(
    ("text", "answer", "wanted"),
    [
        ("免计 HF-31", "当天系统停机", (("codes", "HF-31"), ("words", "当天系统停机"))),
        ("免计", "HF-31 当天系统停机", (("codes", "HF-31"), ("words", "当天系统停机"))),
        ("为什么", "31", (("codes", "31"),)),
        ("为什么", "HF-31", (("codes", "HF-31"),)),
        ("规则", "R-40", (("rule", "40"),)),
        ("静音", "半小时", (("minutes", "30"),)),
        ("请假", "9-16 9-18", (("days", "2026-09-16,2026-09-18"),)),
        ("请假 代理 @张三", "明天", (("days", "2026-09-15"), ("代理", "张三"))),
    ],
)
def test_the_answer_goes_where_the_argument_belongs(text: str, answer: str, wanted: Sequence[tuple[str, str]]) -> None:
    whole = answered(missing(text).pending, answer)
    assert isinstance(whole, Command), whole
    assert facts(whole, [key for key, _ in wanted]) == wanted


def test_an_answer_that_does_not_help_is_said_to_be_one_and_nothing_is_asked_again() -> None:
    again = answered(missing("询问 夹具？").pending, "就是那谁")
    assert isinstance(again, Missing)
    assert again.is_repeat


@pytest.mark.parametrize("text", ["取消", "算了", "0", "Cancel", "取消。"])
def test_a_question_is_taken_back(text: str) -> None:
    given_up = answered(missing("询问 夹具？").pending, text)
    assert isinstance(given_up, Command)
    assert given_up.verb == "cancel"


@pytest.mark.parametrize("text", ["待办", "/简报", "帮助"])
def test_another_command_goes_before_the_question(text: str) -> None:
    other = answered(missing("询问 夹具？").pending, text)
    assert isinstance(other, Command)
    assert other.verb != "ask"


def test_a_sentence_that_begins_like_a_command_is_still_the_answer() -> None:
    question = answered(missing("询问").pending, "@张三")
    assert isinstance(question, Missing)
    whole = answered(question.pending, "方案我看过了，什么时候会签？")
    assert isinstance(whole, Command)
    assert (whole.verb, whole.words) == ("ask", "方案我看过了，什么时候会签？")


def test_what_waits_survives_being_stored() -> None:
    pending = missing("询问 夹具几号到？").pending
    assert Pending.from_json(pending.to_json()) == pending


# ---------------------------------------------------------------- mistyped


def test_a_full_stop_takes_the_first_suggestion_with_everything_that_was_written() -> None:
    unknown = read("讯问 @张三 夹具几号到？")
    assert isinstance(unknown, Unknown)
    assert unknown.pending is not None
    whole = answered(unknown.pending, "。")
    assert facts(whole, ("people", "words")) == (("people", "张三"), ("words", "夹具几号到？"))


def test_anything_but_a_full_stop_leaves_the_suggestion_alone() -> None:
    unknown = read("讯问 @张三 夹具？")
    assert isinstance(unknown, Unknown)
    assert unknown.pending is not None
    assert answered(unknown.pending, "好的") == NotACommand(Silence.COURTESY)


def test_in_a_group_talk_with_people_is_not_taken_for_a_mistyped_command() -> None:
    assert read("@回音 @张三 夹具什么时候到") == NotACommand(Silence.TALK)
    assert isinstance(read("@回音 讯问 @张三 夹具什么时候到"), Unknown)


# ---------------------------------------------------------------- people


def test_somebody_named_inside_the_question_stays_in_its_words() -> None:
    """Found by the corpus of phrases: the name in the middle of a question was cut out of it."""
    asked = command("询问 @张三 合同里@李四 的签字页在哪？")
    assert asked.words == "合同里@李四 的签字页在哪？"
    assert [m.name for m in asked.people] == ["张三", "李四"]


def test_a_name_that_was_only_typed_is_no_mention() -> None:
    parsed = read("询问 ＠袁知行 夹具？")
    assert isinstance(parsed, Missing)
    assert parsed.command.typed_names == ("袁知行",)
    assert parsed.command.people == ()


def test_everybody_and_the_bot_are_nobody_to_ask() -> None:
    parsed = read("@回音 询问 @所有人 夹具？")
    assert isinstance(parsed, Missing)
    assert parsed.command.mentions_everybody
    assert parsed.need is Need.PEOPLE


def test_the_person_of_a_pair_is_not_somebody_who_is_asked() -> None:
    leave = command("请假 明天 代理：@张三 原因：家里有事")
    assert leave.people == ()
    assert facts(leave, ("代理", "原因")) == (("代理", "张三"), ("原因", "家里有事"))


@pytest.mark.parametrize("text", ["询问 @张三 “图纸 第二版”", "询问 @张三 「图纸 第二版」", '询问 @张三 "图纸 第二版"'])
def test_quotes_around_a_text_only_hold_it_together(text: str) -> None:
    assert command(text).words == "图纸 第二版"


def test_what_people_wrote_keeps_its_original_form() -> None:
    assert command("询问 @张三 ＡＢＣ　第２版，ＯＫ？").words.replace("\u3000", " ") == "ＡＢＣ 第２版，ＯＫ？"


# ---------------------------------------------------------------- codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("HF-31", "HF-2026-0031"),
        ("hf31", "HF-2026-0031"),
        ("ＨＦ－２０２６－００３１", "HF-2026-0031"),
        ("HF—31号", "HF-2026-0031"),
        ("HF-2025-0031", "HF-2025-0031"),
        ("JB-2026-W38-SX-2026-0007", "JB-2026-W38-SX-2026-0007"),
        ("JC-2026-09-01", "JC-2026-09-01"),
        ("31", "HF-2026-0031"),
        ("#31", "HF-2026-0031"),
        ("第31号", "HF-2026-0031"),
    ],
)
def test_a_code_is_understood_in_full_without_its_year_and_as_a_number(text: str, code: str) -> None:
    (found,), rest = read_codes(text, takes_number=True)
    assert found.code(2026, CodeKind.CLOCK) == Code(code)
    assert rest == ""


@pytest.mark.parametrize("text", ["图纸 31 张", "HF-31-2", "AHF-31", "WD-40防锈油很多12345678"])
def test_other_numbers_are_no_codes(text: str) -> None:
    found, _ = read_codes(text)
    assert [c for c in found if c.kind is CodeKind.CLOCK] == []


def test_a_number_alone_belongs_to_no_kind_until_the_command_says_so() -> None:
    (found,), _ = read_codes("31", takes_number=True)
    assert found == CodeRef(kind=None, year=None, number=31)
    assert found.code(2026) is None
    assert read_codes("31") == ((), "31")


# ---------------------------------------------------------------- forms


def test_a_form_is_one_field_a_line_with_lists_by_line_or_semicolon() -> None:
    head, fields = read_form(
        "专项\n协作目标：提高 http://良率\n所需资源：\n1. 人力|2人；设备|1台\n- 场地|一间\n目标时间: 18:00\nhttps://例子"
    )
    assert head == "专项"
    assert [(f.label, f.value) for f in fields] == [
        ("协作目标", "提高 http://良率"),
        ("所需资源", ""),
        ("目标时间", "18:00"),
    ]
    assert fields[1].rows == (("人力", "2人"), ("设备", "1台"), ("场地", "一间"))
    assert fields[2].lines == ("https://例子",)
