"""What starts a reply clock, and what a message stops (domain.md 5.4, 5.5; L-01 to L-05; A-04, A-10).

Works on neutral facts about one message. `targets` names the departments that owe an answer; `answers` names the clocks
that a message stops, and how.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.ids import ChatKey, DepartmentId, MessageKey, PersonId
from bot.domain.posts import Posts, Standing
from bot.domain.sla import ClockFact, FactKind, ReplyClock

#: platform time is believed up to this far after the receive time, and not when older than the second (5.8)
AHEAD = timedelta(minutes=5)
STALE = timedelta(hours=48)

#: what is left of a courtesy after mentions and punctuation are gone (5.4 e)
COURTESIES = frozenset(
    ["收到", "好的", "好", "谢谢", "谢了", "多谢", "感谢", "ok", "okay", "1", "11", "111", "嗯", "嗯嗯", "哦", "噢", "知道了", "明白", "了解", "行", "可以", "辛苦了", "辛苦", "好滴", "好嘞", "thanks", "thankyou", "thx", "gotit", "noted", "received", "roger"]
)
#: of these, what a post holder may say to acknowledge (L-05)
ACKNOWLEDGEMENTS = COURTESIES - frozenset(["谢谢", "谢了", "多谢", "感谢", "辛苦了", "辛苦", "thanks", "thankyou", "thx"])

_KEY_TAG = re.compile(r"^\s*(?:【\s*重点\s*】|\[\s*重点\s*\]|#\s*重点(?:#|\s|$|[：:，,])?|重点\s*[：:])", re.IGNORECASE)
_KEY_ANYWHERE = re.compile(r"【\s*重点\s*】|\[\s*重点\s*\]|#重点")


class GroupKind(StrEnum):
    """Where a message was written, as far as clocks care (5.4 b)."""

    #: a dedicated or registered cross-department group
    TRACKED = "tracked"
    OTHER = "other"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One message in neutral facts. `words` is the text without mentions."""

    message: MessageKey
    chat: ChatKey
    thread: str = ""
    where: GroupKind
    sender: PersonId
    words: str
    has_content: bool = True
    mentioned: tuple[PersonId, ...] = ()
    mentions_everybody: bool = False
    #: the message it answers, and who wrote that
    reply_to: MessageKey | None = None
    quoted_author: PersonId | None = None
    is_inquiry: bool = False
    marked_key: bool = False
    is_automatic: bool = False
    at: datetime
    #: departments with people in the chat, for @所有人 with 重点
    present: tuple[DepartmentId, ...] = ()

    @property
    def is_key(self) -> bool:
        """Tagged 重点, or sent with `/重点` (R-44)."""
        return self.marked_key or is_key(self.words)

    @property
    def asks(self) -> bool:
        """Ends with a question mark."""
        return ends_with_question(self.words)


@dataclass(frozen=True, slots=True)
class Target:
    """A department that owes an answer, and the person of it who was asked."""

    department: DepartmentId
    mentioned: PersonId | None


def is_key(words: str) -> bool:
    """【重点】, [重点], #重点 anywhere; 重点： at the beginning; full-width forms included (R-44)."""
    plain = unicodedata.normalize("NFKC", words)
    return bool(
        _KEY_TAG.search(plain) or _KEY_TAG.search(words) or _KEY_ANYWHERE.search(words) or _KEY_ANYWHERE.search(plain)
    )


def ends_with_question(words: str) -> bool:
    """True for a text that ends with ? or ？, closing quotes and spaces aside."""
    return words.rstrip().rstrip("”\"'」』)）】 ").endswith(("?", "？"))


def core(words: str) -> str:
    """The text without punctuation, spaces and symbols, folded; what courtesies are compared with."""
    folded = unicodedata.normalize("NFKC", words).casefold()
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LN")


def is_courtesy(words: str) -> bool:
    """Nothing but politeness: empty after punctuation, or in the list (5.4 e, EC-39)."""
    left = core(words)
    return not left or left in COURTESIES


def is_acknowledgement(words: str) -> bool:
    """A bare 收到, 好的, OK (L-05)."""
    return core(words) in ACKNOWLEDGEMENTS


def believed_time(happened_at: datetime | None, received_at: datetime) -> tuple[datetime, str]:
    """The instant that counts, and the flag `source_received` when it is ours and not the platform's (5.8, EC-22)."""
    if happened_at is None or happened_at - received_at > AHEAD or received_at - happened_at > STALE:
        return received_at, "source_received"
    return happened_at, ""


def targets(spoken: Spoken, posts: Posts, *, stops_for: frozenset[DepartmentId] = frozenset()) -> tuple[Target, ...]:
    """The departments for which this message starts (or joins) a clock, in the order of mention.

    `stops_for` are the asking departments whose clocks this very message stops: against those it starts none, unless it
    asks, is 重点 or is an inquiry (L-01).
    """
    home = posts.department_of(spoken.sender)
    if home is None or spoken.is_automatic:
        return ()
    if spoken.where is not GroupKind.TRACKED and not spoken.is_inquiry:
        return ()
    if is_courtesy(spoken.words) and spoken.has_content and not spoken.is_inquiry:
        return ()
    found: dict[DepartmentId, PersonId | None] = {}
    for person in spoken.mentioned:
        department = _asked_department(person, posts)
        if department is not None:
            found.setdefault(department, person)
    if spoken.quoted_author is not None and spoken.asks:
        department = _asked_department(spoken.quoted_author, posts)
        if department is not None:
            found.setdefault(department, spoken.quoted_author)
    if spoken.mentions_everybody and spoken.is_key:
        for department in spoken.present:
            found.setdefault(department, None)
    excused = frozenset[DepartmentId]() if spoken.asks or spoken.is_key or spoken.is_inquiry else stops_for
    return tuple(
        Target(department, person)
        for department, person in found.items()
        if department != home and posts.has_clocks(department) and department not in excused
    )


def _asked_department(person: PersonId, posts: Posts) -> DepartmentId | None:
    """The department a mention of this person addresses: as post holder there, or in an absent holder's place (L-02)."""
    home = posts.department_of(person)
    if home is not None and posts.post_in(person, home) is not None:
        return home
    return posts.post_elsewhere(person)


@dataclass(frozen=True, slots=True)
class Stopped:
    """A clock that a message stops, and the fact to tell it."""

    clock: ReplyClock
    fact: ClockFact


def answers(spoken: Spoken, clocks: Sequence[ReplyClock], posts: Posts) -> tuple[Stopped, ...]:
    """Which of these clocks of the chat the message stops (5.5; L-04, L-05). `clocks` may be open or answered already:
    a message that is older than the answer known so far counts too.

    A quote, thread reply or mention of the asker stops every clock of that asking side; a plain message of a liaison
    stops the oldest open one of the department.
    """
    if spoken.is_automatic:
        return ()
    mine = [c for c in clocks if c.chat == spoken.chat and (not c.thread or c.thread == spoken.thread)]
    stopped: list[Stopped] = []
    plain: list[ReplyClock] = []
    for clock in sorted(mine, key=lambda c: (c.started_at, c.code)):
        post = posts.post_in(spoken.sender, clock.department)
        member = post is None and posts.is_member(spoken.sender, clock.department)
        if post is None and not member:
            continue
        if _addresses(spoken, clock, posts):
            stopped.append(Stopped(clock, _answer_fact(spoken, post, is_plain=False)))
        elif post is not None and posts.is_liaison(post, clock.department) and spoken.at >= clock.started_at:
            plain.append(clock)
    if stopped or spoken.mentioned or spoken.reply_to is not None or spoken.mentions_everybody:
        return tuple(stopped)
    waiting = [c for c in plain if c.is_open or (c.answered_at is not None and spoken.at < c.answered_at)]
    if not waiting:
        return ()
    post = posts.post_in(spoken.sender, waiting[0].department)
    return (Stopped(waiting[0], _answer_fact(spoken, post, is_plain=True)),)


def _addresses(spoken: Spoken, clock: ReplyClock, posts: Posts) -> bool:
    """Does the message quote one of the asking messages, or speak to the asking side?"""
    if spoken.reply_to is not None and spoken.reply_to in clock.messages:
        return True
    side = {clock.asker}
    named = {*spoken.mentioned, *([spoken.quoted_author] if spoken.quoted_author is not None else [])}
    if side & named:
        return True
    return any(posts.department_of(p) == clock.asking_department for p in named)


def _answer_fact(spoken: Spoken, post: PersonId | None, *, is_plain: bool) -> ClockFact:
    if is_acknowledgement(spoken.words):
        kind = FactKind.ACKNOWLEDGED
    elif post is None:
        kind = FactKind.MEMBER_ANSWER
    else:
        kind = FactKind.PLAIN_ANSWER if is_plain else FactKind.ANSWER
    return ClockFact(
        kind=kind,
        at=spoken.at,
        by=spoken.sender,
        standing_for=post if post not in (None, spoken.sender) else None,
        message=spoken.message,
    )


def key_of(clock: ReplyClock) -> tuple[str, str, DepartmentId, DepartmentId]:
    """One clock per (chat, thread, target department, asking department)."""
    return (str(clock.chat), clock.thread, clock.department, clock.asking_department)


def attaches_to(
    clocks: Sequence[ReplyClock], spoken: Spoken, department: DepartmentId, asking: DepartmentId
) -> ReplyClock | None:
    """The open clock of the same key (L-03): running, or breached and unanswered."""
    for clock in clocks:
        same = key_of(clock) == (str(spoken.chat), spoken.thread, department, asking)
        if same and clock.is_open and not clock.closed_for_counting and spoken.at >= clock.started_at:
            return clock
    return None


def assigned(target: Target, posts: Posts) -> Standing | None:
    """Who owes the answer and who has to act now (L-02, 2.6)."""
    return posts.assignee(target.department, target.mentioned)
