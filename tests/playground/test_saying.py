"""What is typed becomes words and real mentions, as the platform's own picker would make them."""

from __future__ import annotations

import pytest

from bot.playground.saying import said
from bot.stage import BOT, EVERYBODY, Mentioned

PEOPLE = (
    ("ou_1", "袁知行"),
    ("ou_2", "秦书禾"),
    ("ou_3", "张伟"),
    ("ou_4", "张伟"),
    ("ou_5", "袁知"),
    ("ou_6", "Ann Lee"),
)
INSIDE = PEOPLE[:2]
YUAN, QIN, ANN = Mentioned("ou_1"), Mentioned("ou_2"), Mentioned("ou_6")


def parts_of(typed: str, **picks: str) -> list[str | Mentioned]:
    return said(typed, people=PEOPLE, inside=INSIDE, bot_name="回音", picks=picks)


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("你好", ["你好"]),
        ("", []),
        ("@袁知行 在吗", [YUAN, " 在吗"]),
        ("＠袁知行在吗", [YUAN, "在吗"]),
        ("请 @袁知行、@秦书禾 看看", ["请 ", YUAN, "、", QIN, " 看看"]),
        ("@袁知 看", [Mentioned("ou_5"), " 看"]),
        ("@回音 帮助", [Mentioned(BOT), " 帮助"]),
        ("@所有人 开会", [Mentioned(EVERYBODY), " 开会"]),
        ("@all go", [Mentioned(EVERYBODY), " go"]),
        ("@allow it", ["@allow it"]),
        ("@ann lee hello", [ANN, " hello"]),
        ("袁知行 你好", ["袁知行 你好"]),
        ("@谁知道", ["@谁知道"]),
        ("mail@袁知行", ["mail", YUAN]),
    ],
)
def test_a_full_name_after_an_at_sign_is_a_mention(typed: str, parts: list[str | Mentioned]) -> None:
    assert parts_of(typed) == parts


def test_a_name_that_two_members_share_is_a_mention_only_when_it_was_picked() -> None:
    assert parts_of("@张伟 看") == ["@张伟 看"]
    assert parts_of("@张伟 看", 张伟="ou_4") == [Mentioned("ou_4"), " 看"]


def test_who_is_in_the_chat_wins_over_somebody_elsewhere_of_the_same_name() -> None:
    inside = [("ou_4", "张伟"), *INSIDE]
    assert said("@张伟 看", people=PEOPLE, inside=inside, bot_name="回音", picks={}) == [Mentioned("ou_4"), " 看"]
