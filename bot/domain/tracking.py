"""What a message starts, joins or stops (domain.md 5.4, 5.5, 5.8; L-01 to L-05; A-04, A-10).

Works on neutral facts about one message. `targets` names the departments that owe an answer; `answers` names the clocks
that a message stops, and how. Buttons, reactions and edits are in `bot.domain.answering`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.delegation import Scope
from bot.domain.ids import ChatKey, DepartmentId, MessageKey, PersonId
from bot.domain.posts import Posts, Standing
from bot.domain.reply_clock import ANSWERS, RECALL_GRACE, ClockFact, FactKind, ReplyClock

#: platform time is believed up to this far after the receive time, and not when older than the second (5.8)
AHEAD = timedelta(minutes=5)
STALE = timedelta(hours=48)
#: so many further messages within a minute are a flood (EC-30)
FLOOD = 5
FLOOD_WINDOW = timedelta(minutes=1)
#: more messages than these by one person within that minute, or one text so often within the second time (R-45)
CHATTER = 8
SAME_TEXTS = 3
SAME_WINDOW = timedelta(minutes=10)

_THANKS = frozenset(re.findall(r"\S+", "谢谢 谢了 多谢 感谢 辛苦了 辛苦 thanks thankyou thx"))
#: what a post holder may say to acknowledge (L-05)
ACKNOWLEDGEMENTS = frozenset(
    re.findall(
        r"\S+",
        "收到 收到了 收到啦 好的 好 ok okay 1 11 111 嗯 嗯嗯 哦 噢 知道了 明白 了解 行 可以 好滴 好嘞 好哒 赞 gotit noted received roger done",
    )
)
#: what is left of a courtesy after mentions and punctuation are gone (5.4 e)
COURTESIES = ACKNOWLEDGEMENTS | _THANKS
#: several of them in one breath are still no more than that: 收到，谢谢！
_POLITE = re.compile(f"(?:{'|'.join(sorted(COURTESIES, key=len, reverse=True))})+")
_GRATEFUL = re.compile(f"(?:{'|'.join(sorted(_THANKS, key=len, reverse=True))})+")
_THUMBS = ("👍", "👌")

_KEY_TAG = re.compile(r"^\s*重点\s*:")
_KEY_ANYWHERE = re.compile(r"【\s*重点\s*】|\[\s*重点\s*\]|#\s*重点")
_ASSISTANT = r"(?:自动回复|自动答复|auto(?:matic)?[ -]?reply|out of office)"
_AUTOMATIC = re.compile(rf"^(?:[【\[(]\s*{_ASSISTANT}\s*[】\])]|{_ASSISTANT}\s*:)", re.IGNORECASE)


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
    #: empty for somebody whom the directory does not know (EC-43)
    sender: PersonId
    words: str
    #: it carries a picture, a file or a voice; what that says is not judged (EC-40)
    has_attachment: bool = False
    mentioned: tuple[PersonId, ...] = ()
    mentions_everybody: bool = False
    #: the message it answers, and who wrote that
    reply_to: MessageKey | None = None
    quoted_author: PersonId | None = None
    is_inquiry: bool = False
    marked_key: bool = False
    #: written by a bot or by an out-of-office assistant (EC-36)
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

    @property
    def is_from_machine(self) -> bool:
        """A bot or an automatic text: it never starts and never stops a clock (5.4, 5.5)."""
        return self.is_automatic or is_out_of_office(self.words)

    @property
    def is_bare_courtesy(self) -> bool:
        """Politeness and nothing else, not even a picture (5.4 e)."""
        return not self.has_attachment and is_courtesy(self.words)


@dataclass(frozen=True, slots=True)
class Target:
    """A department that owes an answer, and the person of it who was asked."""

    department: DepartmentId
    mentioned: PersonId | None


# ---------------------------------------------------------------- words


def is_key(words: str) -> bool:
    """【重点】, [重点], #重点 anywhere; 重点： at the beginning; full-width forms included (R-44)."""
    plain = unicodedata.normalize("NFKC", words)
    return bool(_KEY_TAG.search(plain) or _KEY_ANYWHERE.search(plain))


def ends_with_question(words: str) -> bool:
    """True for a text that ends with ? or ？, closing quotes and spaces aside."""
    return words.rstrip().rstrip("”\"'」』)）】 ").endswith(("?", "？"))


def core(words: str) -> str:
    """The text without punctuation, spaces and symbols, folded; what courtesies are compared with."""
    folded = unicodedata.normalize("NFKC", words).casefold()
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LN")


def is_courtesy(words: str) -> bool:
    """Nothing but politeness: empty after punctuation, or made of words of the list (5.4 e, EC-39)."""
    left = core(words)
    return not left or _POLITE.fullmatch(left) is not None


def is_acknowledgement(words: str) -> bool:
    """A bare 收到, 好的, OK, thanked for or not, or a thumb (L-05); thanks alone acknowledge nothing."""
    left = core(words)
    if not left:
        return words.strip().startswith(_THUMBS)
    return _POLITE.fullmatch(left) is not None and _GRATEFUL.fullmatch(left) is None


def is_out_of_office(words: str) -> bool:
    """An automatic answer, by the words with which the usual assistants begin it (5.5)."""
    return bool(_AUTOMATIC.match(unicodedata.normalize("NFKC", words).strip()))


def believed_time(happened_at: datetime | None, received_at: datetime) -> tuple[datetime, str]:
    """The instant that counts, and the flag `source_received` when it is ours and not the platform's (5.8, EC-22)."""
    if happened_at is None or happened_at - received_at > AHEAD or received_at - happened_at > STALE:
        return received_at, "source_received"
    return happened_at, ""


# ---------------------------------------------------------------- targets


def targets(spoken: Spoken, posts: Posts, *, stops_for: frozenset[DepartmentId] = frozenset()) -> tuple[Target, ...]:
    """The departments for which this message starts (or joins) a clock, in the order of mention.

    `stops_for` are the asking departments whose clocks this very message stops: against those it starts none, unless it
    asks, is 重点 or is an inquiry (L-01).
    """
    home = posts.department_of(spoken.sender)
    if home is None or spoken.is_from_machine or (spoken.is_bare_courtesy and not spoken.is_inquiry):
        return ()
    if spoken.where is not GroupKind.TRACKED and not spoken.is_inquiry:
        return ()
    excused = frozenset[DepartmentId]() if spoken.asks or spoken.is_key or spoken.is_inquiry else stops_for
    return tuple(t for t in addressed(spoken, posts) if t.department != home and t.department not in excused)


def addressed(spoken: Spoken, posts: Posts) -> tuple[Target, ...]:
    """The departments that the message speaks to, whoever wrote it and wherever (5.4 c, L-02)."""
    found: dict[DepartmentId, PersonId | None] = {}
    for person in spoken.mentioned:
        department = _asked_department(person, posts)
        if department is not None:
            found.setdefault(department, person)
    if spoken.quoted_author is not None and spoken.asks:
        department = _asked_department(spoken.quoted_author, posts)
        if department is not None and _speaks_as_liaison(spoken.quoted_author, department, posts):
            found.setdefault(department, spoken.quoted_author)
    if spoken.mentions_everybody and spoken.is_key:
        for department in spoken.present:
            found.setdefault(department, None)
    return tuple(Target(d, person) for d, person in found.items() if posts.has_clocks(d))


def is_strangers_question(spoken: Spoken, posts: Posts) -> bool:
    """Would this start a clock if the directory knew the sender? The secretary is told, once a day (EC-43)."""
    if posts.department_of(spoken.sender) is not None or spoken.is_from_machine or spoken.is_bare_courtesy:
        return False
    return spoken.where is GroupKind.TRACKED and bool(addressed(spoken, posts))


def _asked_department(person: PersonId, posts: Posts) -> DepartmentId | None:
    """The department a mention of this person addresses: as post holder there, or in an absent holder's place (L-02)."""
    home = posts.department_of(person)
    if home is not None and posts.post_in(person, home) is not None:
        return home
    return posts.post_elsewhere(person)


def _speaks_as_liaison(person: PersonId, department: DepartmentId, posts: Posts) -> bool:
    """Only a message of a liaison, or of whoever stands in for one, is asked back by a question (5.4 c)."""
    post = posts.post_in(person, department)
    return post is not None and posts.is_liaison(post, department)


def assigned(target: Target, posts: Posts) -> Standing | None:
    """Who owes the answer and who has to act now (L-02, 2.6)."""
    return posts.assignee(target.department, target.mentioned)


# ---------------------------------------------------------------- joining a clock


def key_of(clock: ReplyClock) -> tuple[str, str, DepartmentId, DepartmentId]:
    """One clock per (chat, thread, target department, asking department)."""
    return (str(clock.chat), clock.thread, clock.department, clock.asking_department)


def attaches_to(
    clocks: Sequence[ReplyClock], spoken: Spoken, department: DepartmentId, asking: DepartmentId
) -> ReplyClock | None:
    """The clock of the same key that was running, or breached and unanswered, when the message was written (L-03).

    None where the message starts a clock of its own.
    """
    key = (str(spoken.chat), spoken.thread, department, asking)
    return next((c for c in clocks if key_of(c) == key and c.covers(spoken.at)), None)


def is_flood(clock: ReplyClock, *, at: datetime) -> bool:
    """Did the asking side write more than a handful of messages within the last minute? (EC-30)"""
    recent = [f for f in clock.facts if f.kind is FactKind.ATTACHED and at - FLOOD_WINDOW <= f.at <= at]
    return len(recent) >= FLOOD


def is_chatter(spoken: Spoken, written: Iterable[Spoken]) -> bool:
    """Pointless flooding: too many messages by one person within a minute, or one text again and again (R-45).

    `written` are messages of the chat, this one may be among them. Courtesies may repeat: they answer different people.
    """
    own = [w for w in written if w.sender == spoken.sender and w.message != spoken.message and w.at <= spoken.at]
    if sum(spoken.at - w.at < FLOOD_WINDOW for w in own) >= CHATTER:
        return True
    if spoken.is_bare_courtesy or spoken.has_attachment:
        return False
    said = core(spoken.words)
    again = [w for w in own if spoken.at - w.at < SAME_WINDOW and not w.has_attachment and core(w.words) == said]
    return len(again) + 1 >= SAME_TEXTS


# ---------------------------------------------------------------- stopping clocks


@dataclass(frozen=True, slots=True)
class Stopped:
    """A clock that a message stops, and the fact to tell it."""

    clock: ReplyClock
    fact: ClockFact


def answers(spoken: Spoken, clocks: Sequence[ReplyClock], posts: Posts) -> tuple[Stopped, ...]:
    """Which of these clocks of the chat the message stops (5.5; L-04, L-05).

    `clocks` may be answered already: a message that is older than the known answer takes its place, and one that came
    shortly after it stands in for it when it is taken back. A quote, thread reply or mention of the asker stops every clock
    of that asking side; a plain message of a liaison stops the oldest open one of the department.
    """
    if not _says_something(spoken):
        return ()
    near = [c for c in clocks if c.chat == spoken.chat and (c.is_open or c.covers(spoken.at - RECALL_GRACE))]
    mine = [c for c in near if speaks_for(spoken.sender, c.department, posts)]
    mine.sort(key=lambda c: (c.started_at, c.code))
    sides = {(c.department, c.asking_department) for c in mine if _addresses(spoken, c)}
    if sides:
        reached = [c for c in mine if (c.department, c.asking_department) in sides]
        return tuple(Stopped(c, _answer_fact(spoken, c, posts, is_plain=False)) for c in reached)
    if spoken.mentioned or spoken.mentions_everybody or spoken.reply_to is not None:
        return ()
    if any(f.message == spoken.message for c in clocks for f in c.facts if f.kind in ANSWERS):
        # told again: the oldest open clock is another one by now, and one plain answer stops one clock (L-04)
        return ()
    for clock in mine:
        post = posts.post_in(spoken.sender, clock.department)
        is_liaison = post is not None and posts.is_liaison(post, clock.department)
        if is_liaison and clock.thread == spoken.thread and _could_take(clock, spoken.at):
            return (Stopped(clock, _answer_fact(spoken, clock, posts, is_plain=True)),)
    return ()


def _says_something(spoken: Spoken) -> bool:
    """Thanks, an empty mention and machine texts answer nothing; a bare 收到 does (L-05)."""
    if spoken.is_from_machine:
        return False
    return not spoken.is_bare_courtesy or is_acknowledgement(spoken.words)


def speaks_for(person: PersonId, department: DepartmentId, posts: Posts) -> bool:
    """A post holder, a delegate of one, or anybody else of the department (5.5)."""
    return posts.post_in(person, department) is not None or posts.is_member(person, department)


def represented(person: PersonId, clock: ReplyClock, posts: Posts) -> PersonId | None:
    """In whose place the person answers: the absent assignee who named him or her, or another absent post holder (2.6).

    None for somebody who answers in a post of his or her own, or in none.
    """
    absent = clock.assignee
    if absent is not None and absent != person and absent in posts.represents(person, Scope.LIAISON):
        return absent
    post = posts.post_in(person, clock.department)
    return post if post != person else None


def _addresses(spoken: Spoken, clock: ReplyClock) -> bool:
    """Does the message quote an asking message, answer in its thread, or speak to somebody who asked?"""
    if spoken.reply_to is not None and spoken.reply_to in clock.messages:
        return True
    if clock.thread and spoken.thread == clock.thread:
        return True
    named = {*spoken.mentioned, *([spoken.quoted_author] if spoken.quoted_author is not None else [])}
    return bool(clock.askers & named)


def _could_take(clock: ReplyClock, at: datetime) -> bool:
    """Was the clock open then? A breached one stays open after it was closed for counting."""
    return at >= clock.started_at and (clock.is_open or clock.covers(at))


def _answer_fact(spoken: Spoken, clock: ReplyClock, posts: Posts, *, is_plain: bool) -> ClockFact:
    post = posts.post_in(spoken.sender, clock.department)
    if not spoken.has_attachment and is_acknowledgement(spoken.words):
        kind = FactKind.ACKNOWLEDGED
    elif post is None:
        kind = FactKind.MEMBER_ANSWER
    else:
        kind = FactKind.PLAIN_ANSWER if is_plain else FactKind.ANSWER
    return ClockFact(
        kind=kind,
        at=spoken.at,
        by=spoken.sender,
        standing_for=represented(spoken.sender, clock, posts),
        message=spoken.message,
        is_plain=is_plain,
        by_member=post is None,
    )
