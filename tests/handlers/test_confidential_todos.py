"""`/涉密待办`: whoever may know reads it in private; everybody else reads what somebody reads for whom there is nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.ids import Code, PersonId
from bot.domain.item import ItemState
from bot.ports import UnitOfWork
from tests.handlers.bench import Bench

NOTHING = "没有您可以查看的涉密事项。"


@pytest.fixture
def secret(bench: Bench) -> Bench:
    """Nine o'clock; the item of the pilot run is confidential, and so is one of its tasks."""

    def raise_level(uow: UnitOfWork) -> None:
        item = uow.items.get("SX-2026-0007")
        assert item is not None
        uow.items.put(replace(item, secrecy=2, access=(PersonId("E013"), PersonId("E012"), PersonId("E018"))))
        uow.items.add(replace(item, code=Code("SX-2026-0006"), state=ItemState.ARCHIVED, secrecy=2, version=0))
        [task] = uow.obligations.find(code="RW-2026-0032")
        uow.obligations.put(replace(task, secrecy=2))

    bench.transact(raise_level)
    bench.until("09:00")
    return bench


@pytest.mark.parametrize("text", ["涉密待办", "／涉密事项", "confidential"])
def test_whoever_is_on_the_list_reads_number_title_and_limit(secret: Bench, text: str) -> None:
    secret.says("温晓棠", text)
    shown = secret.expects_message(
        to="温晓棠",
        contains=[
            "涉密事项（2），请勿转发或截屏",
            "· RW-2026-0032《检测夹具到位》任务，9月18日（周五）18:00 前（还剩 4 天 9 小时）",
            "· SX-2026-0007《新品X1试产》研发牵头，10月30日（周五）结束",
        ],
        lacks="SX-2026-0006",
    )
    assert "X1" not in shown.words.splitlines()[0]


def test_who_holds_a_limit_reads_it_and_no_more(secret: Bench) -> None:
    secret.says("袁知行", "涉密待办")
    secret.expects_message(to="袁知行", contains=["涉密事项（1）", "RW-2026-0032"], lacks="SX-2026-0007")


def test_the_leader_reads_everything_and_the_alternate_only_while_the_leader_is_away(secret: Bench) -> None:
    secret.says("顾明远", "涉密待办")
    secret.expects_message(to="顾明远", contains=["RW-2026-0032", "SX-2026-0007"])
    secret.says("沈若川", "涉密待办")
    secret.expects_message(to="沈若川", contains=NOTHING)
    secret.says("顾明远", "请假 今天")
    secret.forget()
    secret.says("沈若川", "涉密待办")
    secret.expects_message(to="沈若川", contains="SX-2026-0007")


def test_others_read_what_they_would_read_if_there_were_none(secret: Bench) -> None:
    secret.says("何沐晴", "涉密待办")
    with_secrets = secret.expects_message(to="何沐晴").words

    def lower(uow: UnitOfWork) -> None:
        for item in uow.items.find():
            uow.items.put(replace(item, secrecy=0))
        for one in uow.obligations.find():
            uow.obligations.put(replace(one, secrecy=0))

    secret.transact(lower)
    secret.says("何沐晴", "涉密待办")
    assert secret.expects_message(to="何沐晴").words == with_secrets == NOTHING


def test_in_a_group_it_is_refused_even_to_the_leader(secret: Bench) -> None:
    secret.says("陆怀谷", "@回音 涉密待办", where="X1")
    secret.expects_message(to="陆怀谷", contains="涉密内容不得在群内发送，请在与机器人的单聊中操作。")
    secret.expects_message(in_chat="X1", contains="已私信您。")
    secret.expects_nothing_more()


def test_it_has_help_and_an_example(secret: Bench) -> None:
    secret.says("何沐晴", "帮助 涉密待办")
    secret.expects_message(to="何沐晴", contains=["涉密待办　只在单聊", "例如：涉密待办"])
