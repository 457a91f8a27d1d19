"""Forms as people fill them in: in the chat field by field, or as lines; over restarts, and nothing typed is lost (domain.md 4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.form import Column, Content, FieldSpec, FieldType, Form, Required
from bot.domain.form_labels import Labels, words_of
from bot.domain.form_reading import Reading
from bot.domain.form_text import FormField, read_form
from bot.domain.ids import Code
from bot.errors import RuleViolation
from bot.routing import Context, Router
from bot.updates import ContentKind
from handlers.deeds import Deed
from handlers.forms import form_drafts
from handlers.forms.form_filling import (
    Filling,
    ask_next,
    complaint,
    read,
    require_complete,
    shown,
    unfinished,
)
from handlers.forms.form_owner import Owner
from handlers.front import Handlers
from handlers.words import Words, words_for
from tests.handlers.bench import Bench
from tests.handlers.deeds import changed

WHO = "程一帆"

FORM = Form(
    id="T9",
    zh="样表",
    en="Sample form",
    fields=(
        FieldSpec(key="no", zh="编号", en="No", type=FieldType.AUTO),
        FieldSpec(key="title", zh="样品名称", en="Title", type=FieldType.TEXT, required=Required.ALWAYS, longest=40),
        FieldSpec(key="liaison", zh="对接人员", en="Liaison", type=FieldType.PERSON, required=Required.ALWAYS),
        FieldSpec(
            key="level",
            zh="级别",
            en="Level",
            type=FieldType.CHOICE,
            options=("普通件", "关键件"),
            required=Required.ALWAYS,
        ),
        FieldSpec(key="coop", zh="配合单位", en="Departments", type=FieldType.DEPARTMENTS),
        FieldSpec(key="end_on", zh="送样日期", en="Date", type=FieldType.DATE, required=Required.ALWAYS),
        FieldSpec(
            key="steps",
            zh="步骤",
            en="Steps",
            type=FieldType.LIST,
            takes_none=True,
            columns=(
                Column(key="what", zh="内容", en="What"),
                Column(key="who", zh="责任人", en="Who", type=FieldType.PERSON),
            ),
        ),
        FieldSpec(key="phone", zh="电话号码", en="Phone", type=FieldType.PHONE),
        FieldSpec(key="remark", zh="其他说明", en="Remark", type=FieldType.LONG),
    ),
)


class Family:
    """A family that keeps its form in a draft until it is whole, as issues do."""

    def __init__(self) -> None:
        self.filed: list[Content] = []

    def load(self, _: Context, __: str, ___: Any) -> Content:
        return {}

    def save(self, filling: Filling) -> str:
        content = filling.reading.content
        form_drafts.keep(filling.context, filling.person.id, filling.form, content, filling.code)
        said = unfinished(filling, content)
        if said or filling.reading.problems:
            return ""
        self.filed.append(content)
        form_drafts.drop(filling.context, filling.person.id, filling.form, filling.code)
        return "✅ 已提交样表。"


def owned(bench: Bench) -> Family:
    """The bench with the sample form in it."""
    family = Family()
    bench.wired.desk.forms.on(FORM, load=family.load, save=family.save)
    bench.router.form(FORM.id, family.load, Owner(FORM, family.load, family.save))
    return family


def asks(bench: Bench, who: str = WHO) -> str:
    """The dialogue begins."""
    person = bench.person(who)
    return bench.within(lambda context: ask_next(context, person, FORM, ""))


def kept(bench: Bench, who: str = WHO) -> Content:
    """What the person has typed so far."""
    person = bench.person(who)
    return bench.within(lambda context: form_drafts.kept(context, person.id, FORM))


def said(bench: Bench, text: str, who: str = WHO) -> str:
    """What is answered to a message in private."""
    bench.says(who, text)
    return bench.expects_message(to=who).words


def in_context(bench: Bench, work: Any, who: str = WHO) -> Any:
    """Something done for a person, with the words of that person."""

    person = bench.person(who)

    def act(context: Context) -> Any:
        context.person = person
        return work(context, words_for(context, context.person))

    return bench.within(act)


# ---------------------------------------------------------------- the guided dialogue


def test_a_form_is_asked_for_field_by_field_until_it_is_whole(bench: Bench) -> None:
    family = owned(bench)
    assert "样品名称" in asks(bench)
    assert "对接人员" in said(bench, "X1 首件")
    second = said(bench, "@何沐晴")
    assert "级别" in second
    assert "普通件 / 关键件" in second
    assert "送样日期" in said(bench, "关键")
    assert "已提交" in said(bench, "9月18日")
    assert family.filed == [{"title": "X1 首件", "liaison": "E011", "level": "关键件", "end_on": "2026-09-18"}]
    assert bench.read(lambda uow: uow.form_drafts.find()) == []


def test_a_wrong_answer_is_told_with_an_example_and_asked_again(bench: Bench) -> None:
    owned(bench)
    asks(bench)
    said(bench, "X1 首件")
    wrong = said(bench, "查无此人")
    assert "“查无此人”" in wrong
    assert "例：对接人员：" in wrong
    assert "级别" in said(bench, "何沐晴")


def test_skipping_going_back_and_stopping(bench: Bench) -> None:
    owned(bench)
    asks(bench)
    assert "必填项，不能跳过" in said(bench, "跳过")
    said(bench, "X1 首件")
    assert "请填“样品名称”" in said(bench, "上一项")
    said(bench, "X1 二件")
    assert "保留" in said(bench, "取消")
    assert kept(bench) == {"title": "X1 二件"}
    bench.says(WHO, "何沐晴")
    assert "对接人员" not in bench.expects_message(to=WHO).words


def test_a_command_stays_a_command_while_a_form_asks(bench: Bench) -> None:
    owned(bench)
    asks(bench)
    bench.says(WHO, "/待办")
    assert "样品名称" not in bench.expects_message(to=WHO).words
    assert "对接人员" in said(bench, "普通的一句话")
    assert kept(bench)["title"] == "普通的一句话"


def test_words_that_nobody_vouches_for_fill_in_nothing(bench: Bench) -> None:
    """T3: over a callback that leaves the words unsigned anybody could answer in anybody's name."""
    owned(bench)
    asks(bench)
    bench.happens(changed(bench.message(WHO, "X1 首件"), is_unsigned=True))
    bench.expects_message(to=WHO, contains="平台没有为内容签名")
    assert kept(bench) == {}
    assert "对接人员" in said(bench, "X1 首件")


def test_several_fields_may_be_answered_at_once_and_thanks_is_no_answer(bench: Bench) -> None:
    owned(bench)
    asks(bench)
    bench.says(WHO, "好的")
    bench.expects_nothing_more()
    assert "对接人员" in said(bench, "样品名称：X1\n级别：关键件\n送样日期：9月18日")
    assert kept(bench) == {"title": "X1", "level": "关键件", "end_on": "2026-09-18"}
    bench.says(WHO, "", content=ContentKind.IMAGE)
    bench.forget()
    assert "liaison" not in kept(bench)


def test_ec_65_a_huge_paste_is_refused_with_its_count_and_not_kept(bench: Bench) -> None:
    """EC-65: 100 000 characters, 5 000 rows; the bot answers the next message as before."""
    owned(bench)
    asks(bench)
    for text in ("长" * 100_000, "\n".join(["复核 | 何沐晴"] * 5_000)):
        assert str(len(text)) in said(bench, text)
    assert kept(bench) == {}
    assert "对接人员" in said(bench, "X1")
    bench.says(WHO, "/问题 上报 首件超差\n问题描述：" + "长" * 2_500)
    assert "2500 字，最多 2000 字" in "".join(str(s) for s in bench.forget())


@pytest.mark.parametrize("given", ["", "    ", "\u200b" * 9, "四个字呀", "😀" * 9, "。，！？；："])
def test_ec_14_a_reason_of_fewer_than_five_characters_is_none(bench: Bench, given: str) -> None:
    """EC-14, EC-16: blanks, four characters and emoji are no reason, on a card as in a text."""
    person = bench.person(WHO)

    def deed(context: Context, **how: Any) -> Deed:
        words = words_for(context, person)
        return Deed(
            context=context,
            verb="reject",
            code=Code("XQ-1"),
            person=person,
            words=words,
            at=context.now,
            chat=None,
            **how,
        )

    def work(context: Context) -> str:
        for how in ({"form": {"reason": given}}, {"text": given}):
            with pytest.raises(RuleViolation) as refused:
                deed(context, **how).reason()
            assert refused.value.code == "reason_required"
        return deed(context, text="职责分工不清").reason()

    assert bench.within(work) == "职责分工不清"


def test_only_that_person_in_private_answers(bench: Bench) -> None:
    owned(bench)
    asks(bench)
    bench.says("何沐晴", "X1 首件")
    bench.forget()
    bench.says(WHO, "@回音 X1 首件", where="ALL")
    bench.forget()
    assert kept(bench) == {}


def test_drafts_survive_restarts_and_a_question_is_quietly_forgotten_after_a_day(bench: Bench) -> None:
    """Everything that waits stands in rows: nothing of it is in the memory of the program."""
    owned(bench)
    asks(bench)
    said(bench, "X1 首件")
    bench.advance(hours=23)
    bench.forget()
    assert "级别" in said(bench, "何沐晴")
    bench.advance(hours=25)
    bench.forget()
    bench.says(WHO, "关键件")
    assert "送样日期" not in bench.expects_message(to=WHO).words
    assert kept(bench) == {"title": "X1 首件", "liaison": "E011"}
    assert "级别" in asks(bench)


def test_the_newest_form_asks(bench: Bench) -> None:
    owned(bench)
    asks(bench)
    person = bench.person(WHO)
    bench.within(lambda context: ask_next(context, person, FORM, "XQ-2026-0001"))
    drafts = bench.read(lambda uow: uow.form_drafts.find())
    assert [d.code for d in drafts if d.asking] == ["XQ-2026-0001"]


# ---------------------------------------------------------------- lines, complaints, refusals


def test_a_complaint_quotes_what_was_not_understood_and_says_how_it_is_right(bench: Bench) -> None:
    text = "样品名称：X1\n级别：特急\n配合单位：火箭部\n步骤：复核|查无此人\n送样日子：9月18日\n颜色：红"

    def work(context: Context, words: Words) -> tuple[Reading, str]:
        reading = read(context, FORM, read_form(text)[1])
        return reading, complaint(words, reading, FORM)

    reading, told = in_context(bench, work)
    assert reading.content == {"title": "X1"}
    lines = told.split("\n")
    assert lines[0] == "有 5 处没看懂："
    assert lines[1] == "· 级别：“特急”不在选项中，可选：普通件 / 关键件。"
    assert lines[2].startswith("· 配合单位：没有部门“火箭部”，现有：")
    assert lines[3].startswith("· 步骤第 1 行“责任人”：没有找到在职人员“查无此人”。例：步骤：")
    assert "是不是“送样日期”？" in lines[4]
    assert "可填：样品名称、" in lines[5]
    assert lines[-1] == "其余内容已保留，只需按示例改好这几处再发一次。"


def test_a_refused_submission_names_the_missing_fields_and_keeps_what_was_typed(bench: Bench) -> None:
    """R-73 for every form: 以下必填项未填写."""

    def work(context: Context, words: Words) -> str:
        reading = read(context, FORM, read_form("样品名称：X1\n级别：关键件")[1])
        person = context.person
        assert person is not None
        return unfinished(
            Filling(context=context, person=person, words=words, form=FORM, code="", reading=reading), reading.content
        )

    told = in_context(bench, work)
    assert told.split("\n")[0] == "以下必填项未填写：对接人员、送样日期"
    assert kept(bench) == {"title": "X1", "level": "关键件"}


def test_a_whole_form_with_a_wrong_date_is_refused_by_name(bench: Bench) -> None:
    content = {"title": "X1", "liaison": "E011", "level": "关键件", "end_on": "2101-01-01"}
    with pytest.raises(RuleViolation) as refused:
        in_context(bench, lambda context, words: require_complete(context, words, FORM, content))
    assert refused.value.code == "field_problems"
    assert "送样日期：“2101-01-01”超出 2020 年至 2099 年。" in refused.value.facts["problems"]


def test_two_people_of_one_name_are_both_named_with_their_numbers(bench: Bench) -> None:
    first, second = bench.person("何沐晴"), bench.person("温晓棠")
    bench.transact(lambda uow: (uow.people.put(replace(second, name=first.name)), uow.bump("directory")))

    def work(context: Context, words: Words) -> str:
        return complaint(words, read(context, FORM, [FormField("对接人员", first.name)]), FORM)

    told = in_context(bench, work)
    assert first.id in told
    assert second.id in told

    def by_department(context: Context, _: Words) -> Content:
        return read(context, FORM, [FormField("对接人员", f"{first.name}（研发部）")]).content

    assert in_context(bench, by_department) == {"liaison": second.id}


def test_what_is_shown_can_be_sent_back(bench: Bench) -> None:
    content: Content = {
        "title": "X1 **首件** <at id=all>",
        "liaison": "E011",
        "level": "关键件",
        "coop": (("PROD",), ("RD",)),
        "end_on": "2026-09-18",
        "steps": (("复核；再复核 | 存档", "E013"),),
        "phone": "13800138000",
        "remark": "第一行\n级别：普通件",
    }

    def work(context: Context, words: Words) -> tuple[str, Content, str]:
        text = shown(words, FORM, content)
        reading = read(context, FORM, read_form(text)[1])
        return text, reading.content, shown(words, FORM, content, keys=("phone",), masks_phone=True)

    text, again, phone = in_context(bench, work)
    assert "送样日期：9月18日（周五）" in text
    assert "对接人员：何沐晴" in text
    assert again == content
    assert phone == "电话号码：138****8000"


# ---------------------------------------------------------------- every form of the charter


@pytest.mark.slow
def test_every_label_of_every_form_can_be_written_as_it_is_printed() -> None:
    desk = Handlers()
    desk.register(Router())
    assert {"F1", "F2", "F4", "F5", "F6", "F7", "F8", "F10", "F11", "F12"} <= {f.id for f in desk.forms.known}
    for form in desk.forms.known:
        labels = Labels(form)
        for spec in form.fields:
            for word in words_of(spec):
                _, fields = read_form(f"{word}：值")
                assert fields, (form.id, word)
                assert labels.of(fields[0].label) is spec, (form.id, word)


def test_patience_is_a_day() -> None:
    assert timedelta(days=1) == form_drafts.PATIENCE
