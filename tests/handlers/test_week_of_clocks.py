"""The reply clocks of the sample company's acceptance week, with a platform that shows everything and with one that shows little.

Ten questions between Monday and the working Sunday; asked, due, answered and judged as the plan's table says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from bot.domain.reply_clock import ClockState, ReplyClock
from bot.messages import ButtonStyle, EditCard, SendCard, plain
from bot.ports import Capabilities
from tests.handlers.bench import EVERYTHING, Bench
from tests.handlers.shown import BEIJING, Said, Shown

IN_TIME, LATE, CANCELLED = ClockState.ANSWERED_IN_TIME, ClockState.ANSWERED_LATE, ClockState.CANCELLED
#: department, asked, due, answered, by, working minutes, verdict
TABLE = (
    ("PROD", "09-14 09:05", "09-14 09:35", "09-14 09:22", "E004", 17, IN_TIME),
    ("QA", "09-14 11:40", "09-14 13:40", "09-14 13:25", "E029", 20, IN_TIME),
    ("RD", "09-14 17:50", "09-15 09:20", "09-15 09:18", "E013", 28, IN_TIME),
    ("RD", "09-16 14:10", "09-16 14:40", "09-16 14:35", "E014", 25, IN_TIME),
    ("QA", "09-16 15:00", "09-16 15:30", "09-16 15:25", "E030", 25, IN_TIME),
    ("FIN", "09-16 16:30", "09-16 17:00", "09-16 17:12", "E022", 42, LATE),
    ("PROD", "09-16 17:20", "09-17 08:30", "09-17 08:12", "E005", 12, IN_TIME),
    ("QA", "09-17 15:40", "09-17 16:10", "", None, None, CANCELLED),
    ("FIN", "09-18 17:50", "09-20 09:20", "09-20 09:19", "E023", 29, IN_TIME),
    ("QA", "09-19 10:00", "09-20 09:30", "09-20 10:05", "E028", 65, LATE),
)
LITTLE = replace(EVERYTHING, sees_all_group_messages=False, reaction_event=False, recall_event=False, edit_event=False)


@dataclass
class Week:
    """The week on one platform. Where the bot does not see the group, questions are sent with `/询问` and cards answer."""

    bench: Bench

    @property
    def sees(self) -> bool:
        return self.bench.capabilities.sees_all_group_messages

    def asks(self, at: str, who: str, text: str, where: str = "X1") -> Said:
        self.bench.until(at)
        return self.bench.says(who, text if self.sees else f"@回音 询问 {text}", where=where)

    def answers(self, at: str, who: str, text: str, to: str, asked: Said, where: str = "X1") -> None:
        self.bench.until(at)
        if self.sees:
            self.bench.says(who, text, where=where, quotes=asked)
        else:
            self.bench.says(who, f"@回音 @{to} {text}", where=where, quotes=asked)

    def card(self, where: str = "X1") -> Shown:
        chat = self.bench.chat(where, "").chat
        return [s for s in self.bench.everything() if s.chat == chat and isinstance(s.sent.outbound, SendCard)][-1]


@pytest.fixture(scope="module", params=[EVERYTHING, LITTLE], ids=["everything", "little"])
def week(request: pytest.FixtureRequest) -> Iterator[Week]:
    """The week, lived through; tests only look back."""
    capabilities: Capabilities = request.param
    lived = Week(Bench(capabilities=capabilities))
    live(lived)
    yield lived
    lived.bench.close()


def live(week: Week) -> None:
    bench = week.bench
    first = week.asks("09-14 09:05", "苏念初", "@秦书禾 X1试产首批数量请今天确认")
    week.answers("09-14 09:22", "秦书禾", "首批 60 台", "苏念初", first)
    second = week.asks("09-14 11:40", "方景行", "@袁知行 检测夹具什么时候到位？")
    week.answers("09-14 13:25", "袁知行", "今天下班前", "方景行", second)
    third = week.asks("09-14 17:50", "江亦舟", "@温晓棠 样机参数表请发我")
    week.answers("09-15 09:18", "温晓棠", "已发共享盘", "江亦舟", third)
    bench.until("09-16 11:30")
    bench.says("温晓棠", "请假 2026-09-16 13:30 2026-09-17 18:00 代理 @白司南")
    fourth = week.asks("09-16 14:10", "秦书禾", "@温晓棠 图纸以哪版为准？")
    week.answers("09-16 14:35", "白司南", "以 B 版为准", "秦书禾", fourth)
    fifth = week.asks("09-16 15:00", "秦书禾", "@袁知行 夹具？")
    week.asks("09-16 15:01", "秦书禾", "@袁知行 检具？")
    week.asks("09-16 15:02", "秦书禾", "@袁知行 图纸？")
    bench.until("09-16 15:25")
    if week.sees:
        bench.reacts("贺云深", fifth, "👍")
    else:
        bench.clicks("贺云深", "已收到", card=week.card())
    sixth = week.asks("09-16 16:30", "唐子衡", "【重点】X1铝件涨价 6%，@夏知微 请确认预算", where="ALL")
    bench.until("09-16 16:45")
    bench.reacts("夏知微", sixth, "👍")
    week.answers("09-16 17:12", "夏知微", "预算够，已登记", "唐子衡", sixth, where="ALL")
    seventh = week.asks("09-16 17:20", "苏念初", "@秦书禾 明早能先出 2 件样件吗？")
    week.answers("09-17 08:12", "唐子衡", "可以，10 点前", "苏念初", seventh)
    if week.sees:
        bench.until("09-17 15:30")
        bench.says("陆怀谷", "@所有人 明天请带样件", where="X1")
    eighth = week.asks("09-17 15:40", "秦书禾", "@袁知行 夹具图纸？")
    bench.until("09-17 15:45")
    if week.sees:
        bench.recalls(eighth)
    else:
        bench.clicks("秦书禾", "取消等待", card=week.card())
    ninth = week.asks("09-18 17:50", "苏念初", "@夏知微 展会尾款付了吗？", where="ALL")
    tenth = week.asks("09-19 10:00", "秦书禾", "@袁知行 夹具钥匙在哪？")
    week.answers("09-20 09:19", "邵言之", "昨天已付", "苏念初", ninth, where="ALL")
    week.answers("09-20 10:05", "尹若谷", "在我抽屉里", "秦书禾", tenth)
    bench.until("09-21 18:00")


def test_every_clock_of_the_week_is_as_the_table_says(week: Week) -> None:
    found = week.bench.clocks()
    assert len(found) == len(TABLE)
    for clock, row in zip(found, TABLE, strict=True):
        assert as_row(clock) == row


def shown(at: datetime) -> str:
    return f"{at.astimezone(BEIJING):%m-%d %H:%M}"


def as_row(clock: ReplyClock) -> tuple[object, ...]:
    minutes = None if clock.elapsed_seconds is None else -(-clock.elapsed_seconds // 60)
    return (
        clock.department,
        shown(clock.started_at),
        shown(clock.due_at),
        shown(clock.answered_at) if clock.answered_at is not None else "",
        clock.answered_by,
        minutes,
        clock.state,
    )


def test_nobody_is_disturbed_on_the_day_off_or_at_night(week: Week) -> None:
    for shown in week.bench.everything():
        at = shown.sent.at.astimezone(week.bench.now.tzinfo)
        if shown.reader and not any(word in shown.words for word in ("请假", "代理")):
            assert at.day != 19, shown
            assert 8 <= at.hour < 18 or (at.hour, at.minute) == (18, 0), shown


def test_who_was_nudged_told_of_a_breach_and_escalated_to(week: Week) -> None:
    def told(sign: str) -> list[tuple[str, str]]:
        said = (s for s in week.bench.everything() if sign in s.words and not s.is_update and s.reader)
        return [(f"{s.sent.at.astimezone(week.bench.now.tzinfo):%d %H:%M}", s.reader) for s in said]

    assert told("【响应提醒】") == [
        ("14 12:00", "袁知行"),
        ("15 09:10", "温晓棠"),
        ("16 14:30", "白司南"),
        ("16 15:20", "袁知行"),
        ("16 16:50", "夏知微"),
        ("20 09:10", "夏知微"),
        ("20 09:20", "袁知行"),
    ]
    assert told("【响应升级】") == [("20 10:00", "尹若谷")]


def test_every_card_is_laid_out_as_phones_need_it_and_says_the_same_as_text(week: Week) -> None:
    cards = [s.card for s in week.bench.everything() if isinstance(s.sent.outbound, SendCard | EditCard)]
    assert len(cards) >= 20
    for card in cards:
        assert len(card.title) <= 26
        assert len(card.rows) <= 6
        assert all(len(row.key) <= 5 for row in card.rows)
        assert len(card.buttons) <= 4
        assert all(len(button.text) <= 4 for button in card.buttons)
        assert sum(button.style is ButtonStyle.PRIMARY for button in card.buttons) <= 1
        text = plain(card.fallback)
        assert card.title in text
        assert card.state in text
        assert plain(card.body) in text
        assert all(row.key in text and row.value in text for row in card.rows)
        code = "WT-2026-0011" if card.title.startswith("问题") else "HF-2026-"
        assert all(f"{button.text} {code}" in text for button in card.buttons)
        assert len(text.splitlines()) <= 9


def test_a_group_reads_at_most_two_messages_about_one_question(week: Week) -> None:
    said = [s for s in week.bench.everything() if not s.reader and not s.is_update]
    for clock in week.bench.clocks():
        about = [s for s in said if clock.code in s.words or getattr(s.sent.outbound, "card_id", "") == clock.code]
        joined = [s for s in about if "已并入" in s.words]
        assert len(about) - len(joined) <= 2, about
