"""Kudos as people give them (R-09, L-23; EC-91)."""

from __future__ import annotations

from tests.handlers.bench import Bench


def test_a_colleague_of_another_department_is_praised_and_the_head_hears_of_it(bench: Bench) -> None:
    """R-09."""
    bench.until("10:00")
    bench.forget()
    bench.says("苏念初", "@回音 表扬 @秦书禾 连夜赶出样件，稳住了客户", where="X1")
    bench.expects_message(in_chat="X1", contains="已表扬 秦书禾")
    bench.expects_message(to="秦书禾", contains=["苏念初（销售）表扬了您", "连夜赶出样件，稳住了客户"])
    bench.expects_message(to="罗启安", contains="苏念初（销售）表扬了 秦书禾")
    bench.expects_nothing_more()
    [kept] = bench.read(lambda uow: uow.kudos.find())
    assert (kept.by, kept.person, kept.from_department, kept.department) == ("E009", "E004", "SALES", "PROD")


def test_ec_91_kudos_to_oneself_the_own_department_or_twice_a_day_are_refused(bench: Bench) -> None:
    bench.until("10:00")
    refused = {
        "表扬 @苏念初 我今天非常努力": "不能表扬自己",
        "表扬 @江亦舟 帮忙接待了客户": "与您同部门",
        "表扬 @秦书禾 好": "请填写原因",
    }
    for text, said in refused.items():
        bench.forget()
        bench.says("苏念初", text)
        bench.expects_message(to="苏念初", contains=said)
        bench.expects_nothing_more()
    assert bench.read(lambda uow: uow.kudos.find()) == []
    bench.says("苏念初", "表扬 @秦书禾 连夜赶出样件")
    bench.forget()
    bench.says("苏念初", "表扬 @秦书禾 连夜赶出样件")
    bench.expects_message(to="苏念初", contains="今天已表扬过 秦书禾")
