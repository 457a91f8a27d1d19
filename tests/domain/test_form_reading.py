"""Forms as people write them: labels, values of every type, rows, and everything that is wrong at once (domain.md 4)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.calendar import CalendarData, Calendars
from bot.domain.form import NONE, Column, Content, FieldSpec, FieldType, Form, Required
from bot.domain.form_characters import mention
from bot.domain.form_reading import Reading, checked, missing, read_fields, read_inputs
from bot.domain.form_text import read_form
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.moments import read_moments

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 9, 14, 10, tzinfo=ZONE)
CALENDARS = Calendars(CalendarData())

PEOPLE = {"何沐晴": ("E011",), "E011": ("E011",), "温晓棠": ("E013",), "张伟": ("E040", "E041"), "E040": ("E040",)}
DEPARTMENTS = {"研发部": "RD", "研发": "RD", "生产部": "PROD", "RD": "RD", "销售部": "SALES"}


class Company:
    """The names of a small company."""

    def people(self, name: str) -> tuple[PersonId, ...]:
        word = mention("feishu:ou_he", "何沐晴")
        found = ("E011",) if name == word else PEOPLE.get(name.removeprefix("@").strip(), ())
        return tuple(PersonId(p) for p in found)

    def department(self, name: str) -> DepartmentId | None:
        found = DEPARTMENTS.get(name.strip())
        return DepartmentId(found) if found is not None else None

    def instant(self, text: str) -> datetime | None:
        moments = read_moments(text, now=NOW, days=CALENDARS).moments
        return CALENDARS.local(moments[0].at) if len(moments) == 1 else None

    def day(self, text: str) -> date | None:
        moments = read_moments(text, now=NOW, days=CALENDARS).moments
        return moments[0].day if len(moments) == 1 else None


FORM = Form(
    id="T1",
    zh="样表",
    en="Sample form",
    fields=(
        FieldSpec(key="no", zh="编号", en="No", type=FieldType.AUTO),
        FieldSpec(
            key="title", zh="协作事项名称", en="Title", type=FieldType.TEXT, required=Required.ALWAYS, longest=50
        ),
        FieldSpec(
            key="goal",
            zh="协作目标",
            en="Goal",
            type=FieldType.LONG,
            required=Required.ALWAYS,
            shortest=10,
            aliases=("目的",),
        ),
        FieldSpec(key="description", zh="问题描述", en="Description", type=FieldType.LONG),
        FieldSpec(key="start_on", zh="计划开始日期", en="Start date", type=FieldType.DATE),
        FieldSpec(key="end_on", zh="计划完成日期", en="End date", type=FieldType.DATE),
        FieldSpec(key="occurred_at", zh="发生时间", en="Occurred at", type=FieldType.DATETIME),
        FieldSpec(
            key="level",
            zh="协作级别",
            en="Level",
            type=FieldType.CHOICE,
            options=("日常协作", "专项协作"),
            required=Required.ALWAYS,
        ),
        FieldSpec(key="kinds", zh="类型", en="Kinds", type=FieldType.CHOICES, options=("质量问题", "资源不足", "其他")),
        FieldSpec(key="liaison", zh="对接人", en="Liaison", type=FieldType.PERSON),
        FieldSpec(key="team", zh="参会人员", en="Team", type=FieldType.PEOPLE),
        FieldSpec(key="lead", zh="牵头部门", en="Lead department", type=FieldType.DEPARTMENT),
        FieldSpec(key="coop", zh="涉及部门", en="Departments", type=FieldType.DEPARTMENTS),
        FieldSpec(key="phone", zh="联系电话", en="Phone", type=FieldType.PHONE),
        FieldSpec(key="people", zh="人数", en="Headcount", type=FieldType.NUMBER),
        FieldSpec(key="budget", zh="预算估计", en="Budget", type=FieldType.MONEY),
        FieldSpec(key="percent", zh="总体进度", en="Progress", type=FieldType.PERCENT),
        FieldSpec(
            key="milestones",
            zh="时间节点",
            en="Milestones",
            type=FieldType.LIST,
            required=Required.ALWAYS,
            takes_none=True,
            columns=(
                Column(key="name", zh="节点名称", en="Name"),
                Column(key="on", zh="日期", en="Date", type=FieldType.DATE),
                Column(key="result", zh="交付物", en="Result", required=False),
            ),
        ),
        FieldSpec(key="agenda", zh="会议议程", en="Agenda", type=FieldType.LIST),
        FieldSpec(key="files", zh="附件", en="Files", type=FieldType.LINKS),
        FieldSpec(key="plan_change", zh="是否调整方案", en="Plan change", type=FieldType.BOOL),
        FieldSpec(key="item", zh="关联协作事项", en="Item", type=FieldType.CODE, options=("SX",), takes_none=True),
        FieldSpec(key="expected", zh="预期成果", en="Expected result", type=FieldType.LONG, required=Required.SPECIAL),
        FieldSpec(key="remark", zh="备注", en="Remark", type=FieldType.LONG),
    ),
)


def filled(text: str, base: Content | None = None) -> Reading:
    """The form as somebody wrote it."""
    _, fields = read_form(text)
    return read_fields(FORM, fields, Company(), now=NOW, base=base)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("协作目标：把首件合格率提到九成五", "goal"),
        ("协作目标:把首件合格率提到九成五", "goal"),
        ("ＧＯＡＬ：把首件合格率提到九成五", "goal"),
        ("Goal: 把首件合格率提到九成五", "goal"),
        ("目的：把首件合格率提到九成五", "goal"),
        ("* 协作目标：把首件合格率提到九成五", "goal"),
        ("2. 协作目标：把首件合格率提到九成五", "goal"),
        ("（2）协作目标：把首件合格率提到九成五", "goal"),
        ("目标：把首件合格率提到九成五", "goal"),
        ("描述：外径超差", "description"),
        ("lead department：研发部", "lead"),
    ],
)
def test_a_label_is_known_by_its_words_in_both_languages_its_key_and_its_other_names(line: str, key: str) -> None:
    reading = filled(line)
    assert reading.unknown == ()
    assert reading.problems == ()
    assert key in reading.content


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("计划完成日期：2026-09-18", "2026-09-18"),
        ("计划完成日期：2026年9月18日（周五）", "2026-09-18"),
        ("计划完成日期：9月18日", "2026-09-18"),
        ("计划完成日期：明天", "2026-09-15"),
        ("计划完成日期：２０２６／９／１８", "2026-09-18"),
        ("发生时间：9月14日 9:30", "2026-09-14T09:30:00+08:00"),
        ("发生时间：2026-09-11", "2026-09-11T18:00:00+08:00"),
        ("协作级别：专项", "专项协作"),
        ("协作级别：2", "专项协作"),
        ("类型：质量问题、资源", (("质量问题",), ("资源不足",))),
        ("对接人：@何沐晴", "E011"),
        ("对接人：e011", None),
        ("参会人员：何沐晴、温晓棠", (("E011",), ("E013",))),
        ("参会人员：何沐晴 温晓棠", (("E011",), ("E013",))),
        ("牵头部门：研发", "RD"),
        ("涉及部门：研发部，生产部", (("RD",), ("PROD",))),
        ("联系电话：138 0013 8000", "13800138000"),
        ("联系电话：+86 13800138000", "13800138000"),
        ("联系电话：0571-88112233", "0571-88112233"),
        ("联系电话：８１２３", "8123"),
        ("人数：3", "3"),
        ("预算估计：12.5万元", "125000"),
        ("预算估计：￥3,000.50", "3000.5"),
        ("预算估计：３０００元", "3000"),
        ("总体进度：60%", "60"),
        ("总体进度：６０％", "60"),
        ("总体进度：百分之60", "60"),
        ("是否调整方案：是的", "是"),
        ("是否调整方案：no", "否"),
        ("关联协作事项：sx7", "SX-2026-0007"),
        ("关联协作事项：7", "SX-2026-0007"),
        ("关联协作事项：无", NONE),
        ("附件：https://docs.example.com/a https://docs.example.com/b", (("https://docs.example.com/a",), ("https://docs.example.com/b",))),
    ],
)  # fmt: skip
def test_a_value_is_understood_as_people_write_it(line: str, value: object) -> None:
    reading = filled(line)
    if value is None:
        assert reading.problems
    else:
        assert reading.problems == ()
        assert list(reading.content.values()) == [value]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("计划完成日期：2月30日", "form_no_date"),
        ("计划完成日期：2026-02-30", "form_no_date"),
        ("计划完成日期：2999-01-05", "form_date_range"),
        ("计划完成日期：2019-12-31", "form_date_range"),
        ("计划完成日期：9月18日至9月20日", "form_no_date"),
        ("发生时间：很久以前", "form_no_time"),
        ("协作级别：特别", "form_no_choice"),
        ("协作级别：协", "form_no_choice"),
        ("对接人：王五", "form_no_person"),
        ("对接人：张伟", "form_several_people"),
        ("牵头部门：火箭部", "form_no_department"),
        ("联系电话：12", "form_no_phone"),
        ("预算估计：很多", "form_no_money"),
        ("预算估计：-3", "form_money_range"),
        ("预算估计：3.001", "form_money_range"),
        ("总体进度：101%", "form_percent_range"),
        ("是否调整方案：也许", "form_no_bool"),
        ("关联协作事项：WT-2026-0003", "form_no_code"),
        ("协作目标：尽快", "form_too_short"),
        ("附件：\n见附件", "form_no_link"),
        ("编号：XQ-2026-0001", "form_auto"),
        ("时间节点：启动 | 2月30日", "form_no_date"),
        ("时间节点：启动", "form_cell_empty"),
        ("时间节点：a | 9月18日 | b | c", "form_row_columns"),
    ],
)
def test_ec_17_what_is_wrong_is_named_and_nothing_of_it_is_kept(line: str, code: str) -> None:
    """EC-17: dates that do not exist or lie far off, and every other wrong value."""
    reading = filled(line)
    assert [p.code for p in reading.problems] == [code]
    assert reading.content == {}


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "https://ex\u0430mple.com/x",
        "https://docs.example.com@evil.example/x",
        "ftp://x/y",
    ],
)
def test_ec_64_only_addresses_of_plain_hosts_are_links(link: str) -> None:
    """EC-64: no script, no look-alike letters, no user before the host."""
    reading = read_inputs(FORM, {"files": link}, Company(), now=NOW)
    assert {p.code for p in reading.problems} == {"form_no_link"}


def test_everything_that_is_wrong_is_told_at_once_and_what_was_right_is_kept() -> None:
    reading = filled(
        "协作级别：特别\n对接人：张伟\n牵头部门：研发部\n协作目地：提高效率提高效率\n颜色：红", {"title": "旧名"}
    )
    assert [p.code for p in reading.problems] == ["form_no_choice", "form_several_people"]
    assert reading.problems[1].facts["people"] == "E040 E041"
    assert reading.unknown == (("协作目地", "goal"), ("颜色", ""))
    assert reading.content == {"title": "旧名", "lead": "RD"}
    assert reading.understood == ("lead",)


def test_a_whole_form_may_be_one_line() -> None:
    head, fields = read_form(
        "首件尺寸超差 描述：外径超差 0.3，请看 10:30 的记录 涉及部门：生产部、研发部 发生时间：今天9:30"
    )
    reading = read_fields(FORM, fields, Company(), now=NOW)
    assert head == "首件尺寸超差"
    assert reading.problems == ()
    assert reading.content["description"] == "外径超差 0.3，请看 10:30 的记录"
    assert reading.content["coop"] == (("PROD",), ("RD",))
    assert reading.content["occurred_at"] == "2026-09-14T09:30:00+08:00"


def test_words_that_only_look_like_a_field_stay_in_the_text() -> None:
    reading = filled(
        "问题描述：现场情况 如下：外径超差\n现象：停机两次\n影响：交付推迟\n| 备注：这是正文\n备注：真的备注"
    )
    assert reading.unknown == ()
    assert reading.content == {
        "description": "现场情况 如下：外径超差\n现象：停机两次\n影响：交付推迟\n备注：这是正文",
        "remark": "真的备注",
    }


def test_rows_stand_on_lines_or_behind_semicolons_with_columns_by_bar_or_comma() -> None:
    expected = (("启动", "2026-09-18", "方案"), ("量产", "2026-09-25", ""))
    for text in (
        "时间节点：\n1. 启动 | 9月18日 | 方案\n2. 量产 | 9月25日",
        "时间节点：启动|9月18日|方案；量产|9月25日|",
        "时间节点：\n启动，9月18日，方案\n量产，9月25日",
        "时间节点：\n- 启动 ｜ 2026-09-18 ｜ 方案\n- 量产 ｜ 2026-09-25 ｜ -",
    ):
        reading = filled(text)
        assert reading.problems == ()
        assert reading.content["milestones"] == expected


def test_a_numbered_row_with_a_colon_is_a_row_and_no_field() -> None:
    reading = filled("会议议程：\n1. 首件：尺寸复核\n2. 备注：也是议题\n备注：散会")
    assert reading.content == {"agenda": (("首件：尺寸复核",), ("备注：也是议题",)), "remark": "散会"}


def test_where_a_row_is_wrong_is_told() -> None:
    (problem,) = filled("时间节点：启动 | 9月18日；量产 | 2月30日").problems
    assert (problem.facts["row"], problem.facts["column"]) == ("2", "on")


def test_ec_65_too_many_rows_and_too_long_texts_are_refused_with_the_count() -> None:
    """EC-65: refused over the field limit with the count."""
    reading = filled("时间节点：" + "；".join("启动|9月18日" for _ in range(51)) + "\n协作目标：" + "长" * 2001)
    assert [(p.code, p.facts["count"]) for p in reading.problems] == [
        ("form_too_many_rows", "51"),
        ("form_too_long", "2001"),
    ]
    assert reading.content == {}


def test_ec_66_characters_are_counted_as_people_see_them_and_kept_as_they_are() -> None:
    """EC-66: emoji, rare characters and combining marks stay; NUL goes."""
    family, flag, accented, rare = "👨‍👩‍👧", "🇨🇳", "e\u0301", "𠮷"
    name = f"{family}{flag}{accented}{rare}" * 12
    reading = filled(f"协作事项名称：{name}a\x00b")
    assert reading.problems == ()
    assert reading.content["title"] == f"{name}ab"
    assert [p.facts["count"] for p in filled(f"协作事项名称：{name}abc").problems] == ["51"]


@pytest.mark.parametrize("nothing", ["   ", "\u200b\u200d", "😀", "\u3000\u3000", "——"])
def test_ec_16_blanks_and_emoji_are_nothing(nothing: str) -> None:
    """EC-16."""
    content = filled(f"协作事项名称：{nothing}").content
    assert "title" in {spec.key for spec in missing(FORM, content)}


def test_required_fields_depend_on_what_it_is_for() -> None:
    base = {"title": "量产", "goal": "合格率提到九成五以上", "level": "专项协作", "milestones": NONE}
    assert missing(FORM, base) == ()
    assert [s.key for s in missing(FORM, base, is_special=True)] == ["expected"]
    assert [s.key for s in missing(FORM, base, extra_required={"phone"})] == ["phone"]


def test_ec_17_an_end_before_the_start_and_a_time_to_come_are_refused() -> None:
    """EC-17: end date before start date."""
    content = {"start_on": "2026-09-20", "end_on": "2026-09-18", "occurred_at": "2026-09-14T10:01:00+08:00"}
    found = [(p.key, p.code) for p in checked(FORM, content, now=NOW)]
    assert found == [("end_on", "form_end_before_start"), ("occurred_at", "form_in_future")]


def test_an_empty_field_changes_nothing_and_a_dash_empties_it() -> None:
    assert filled("备注：\n联系电话：-", {"remark": "旧", "phone": "8123"}).content == {"remark": "旧"}


def test_a_field_may_be_written_in_parts() -> None:
    reading = filled("附件：https://docs.example.com/a\n附件：https://docs.example.com/b\n备注：一\n备注：二")
    assert reading.content["files"] == (("https://docs.example.com/a",), ("https://docs.example.com/b",))
    assert reading.content["remark"] == "一\n二"


def test_a_mentioned_person_is_meant_whoever_else_has_the_name() -> None:
    word = mention("feishu:ou_he", "何沐晴")
    reading = filled(f"对接人：{word}\n备注：请找{word}对接\n参会人员：{word}、温晓棠")
    assert reading.problems == ()
    assert reading.content["liaison"] == "E011"
    assert reading.content["team"] == (("E011",), ("E013",))
    assert reading.content["remark"] == "请找@何沐晴对接"


def test_inputs_of_a_card_are_read_alike_and_emptied_ones_empty_what_may_be_empty() -> None:
    base = {"title": "旧名", "remark": "旧"}
    given = {
        "title": "",
        "remark": " ",
        "end_on": "2026-09-18",
        "milestones": "启动|9月18日\n量产|9月25日",
        "none": "x",
    }
    reading = read_inputs(FORM, given, Company(), now=NOW, base=base)
    assert reading.problems == ()
    assert reading.content == {
        "title": "旧名",
        "end_on": "2026-09-18",
        "milestones": (("启动", "2026-09-18", ""), ("量产", "2026-09-25", "")),
    }


def test_a_form_whose_fields_are_numbered_is_a_form() -> None:
    reading = filled("1. 时间节点：启动 | 9月18日\n2. 备注：先做样件\n3. 会议议程：\n1. 首件：复核\n4. 协作级别：专项")
    assert reading.content["remark"] == "先做样件"
    assert reading.content["agenda"] == (("首件：复核",),)
    assert reading.content["level"] == "专项协作"
