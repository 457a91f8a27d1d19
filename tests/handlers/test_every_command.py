"""Every command of the vocabulary, written as its example says, by people of every post in both languages (domain.md 2.7)."""

from __future__ import annotations

import pytest

from bot.command import Where
from bot.vocabulary import SPECS
from handlers.texts import say
from tests.handlers.bench import Bench

#: people of the sample company in the place of those whom examples name
NAMES = {"@张三": "@秦书禾", "@李四": "@温晓棠", "@zhang": "@秦书禾"}
EVERYBODY = ("顾明远", "许安然", "尹若谷", "袁知行", "何沐晴", "冯思齐")


@pytest.mark.slow
@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_example_of_every_command_is_answered_and_nothing_fails(bench: Bench, name: str, language: str) -> None:
    """The bench fails where an update could not be handled; silence would be the other way to leave somebody alone."""
    bench.until("09:30")
    bench.says(name, f"设置 语言 {language}")
    bench.forget()
    unanswered = []
    for spec in SPECS:
        if spec.is_hidden:
            continue
        bench.advance(seconds=3)
        where = "X1" if spec.where is Where.GROUP else None
        bench.says(name, f"{'@回音 ' if where else ''}{example(spec.example_key, language)}", where=where)
        if not bench.forget():
            unanswered.append(spec.verb)
    assert unanswered == []


def example(key: str, language: str) -> str:
    """The example with people who exist."""
    text = say(key, language)
    for written, real in NAMES.items():
        text = text.replace(written, real)
    return text
