"""Texts that are no command but mean something to the bot: `。`, 取消, 谢谢, 你好 (ux.md A4 23, 24; domain.md 5.4 e)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.arguments import TOKEN
from bot.domain.folding import folded
from bot.updates import Mention

#: texts that take the first suggestion (A4 23), and that take a question back (A4 24)
ACCEPTING = frozenset({"。", ".", "。。", ".."})
CANCELLING = frozenset({"取消", "算了", "不用了", "cancel", "never mind", "nevermind", "0"})
#: words that ask for no answer; the same that start no clock (5.4 e)
COURTESIES = frozenset(
    {
        "收到", "好的", "好", "谢谢", "多谢", "感谢", "辛苦了", "嗯", "嗯嗯", "1", "知道了", "明白", "了解", "可以", "行",
        "ok", "okay", "thanks", "thank you", "thx", "got it",
    }
)  # fmt: skip
#: one of them or several in one breath: 收到，谢谢！
_COURTESY = re.compile(f"(?:{'|'.join(word.replace(' ', '') for word in sorted(COURTESIES, key=len, reverse=True))})+")
_AROUND_WORDS = re.compile(r"[\s,，.。!！~～、;]")
#: words that open a talk with the bot: a good moment for help, as the bot's name alone
GREETINGS = frozenset(
    {
        "你好", "您好", "你好啊", "您好啊", "哈喽", "嗨", "在吗", "在么", "在不在", "早", "早上好", "上午好", "中午好", "下午好",
        "晚上好", "你是谁", "您是谁", "你是什么", "你能做什么", "你会什么", "能做什么", "有什么用", "hi", "hello", "hey", "hi there",
        "good morning", "good afternoon", "who are you", "what can you do", "what are you",
    }
)  # fmt: skip


def strip_bot(text: str, mentions: Sequence[Mention]) -> str:
    """The text without mentions of the bot, which only say whom it is for."""

    def keep(token: re.Match[str]) -> str:
        index = int(token.group(1))
        return " " if index < len(mentions) and mentions[index].is_bot else token.group(0)

    return TOKEN.sub(keep, text)


def is_accepting(text: str, mentions: Sequence[Mention] = ()) -> bool:
    """Does the text take the first suggestion: a single full stop (A4 23)?"""
    return folded(strip_bot(text, mentions)) in ACCEPTING


def is_cancelling(text: str, mentions: Sequence[Mention] = ()) -> bool:
    """Does the text take the pending question back (A4 24)?"""
    return _polished(text, mentions) in CANCELLING


def is_courtesy(text: str, mentions: Sequence[Mention] = ()) -> bool:
    """Is it made of words that ask for no answer: 谢谢, 好的, OK?"""
    return _COURTESY.fullmatch(_AROUND_WORDS.sub("", _polished(text, mentions))) is not None


def is_greeting(text: str, mentions: Sequence[Mention] = ()) -> bool:
    """Is it nothing but a greeting, or the question what the bot is for?"""
    words = [part for part in re.split(r"[,，.。!！?？~～、]+", _polished(text, mentions)) if part.strip()]
    return bool(words) and all(word.strip() in GREETINGS for word in words)


def _polished(text: str, mentions: Sequence[Mention]) -> str:
    if len(text) > 200:
        return ""
    plain = TOKEN.sub(" ", strip_bot(text, mentions))
    return folded(plain).strip(" ,，.。!！~～、;:/")
