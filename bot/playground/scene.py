"""Who somebody plays in a tab, where, and in which language: the state in the page's address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from bot.playground.wording import LANGUAGES, say, word
from bot.stage import Stage
from bot.stage_views import ChatView, PersonView

TABS = ("people", "chats", "inspector")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One look at the page."""

    language: str
    tab: str
    me: PersonView
    people: tuple[PersonView, ...]
    chats: tuple[ChatView, ...]
    chat: ChatView | None
    #: what stands in the composer already
    draft: str = ""
    #: whether the bot hears what is said in groups without naming it
    hears_all: bool = True

    def say(self, key: str, **facts: object) -> str:
        """A sentence of the page."""
        return say(self.language, key, **facts)

    def word(self, key: str) -> str:
        """A name of the engine or the platform, in words where there are any."""
        return word(self.language, key)

    def href(self, **changes: str) -> str:
        """The address of this scene with something changed; another person starts in a chat of his or her own."""
        state = {"me": self.me.account, "chat": self.chat.id if self.chat is not None else "", "lang": self.language}
        if "me" in changes:
            state["chat"] = ""
        state |= changes
        return "?" + urlencode({key: value for key, value in state.items() if value})

    def turned(self) -> Scene:
        """The same in the other language."""
        return replace(self, language=LANGUAGES[1 - LANGUAGES.index(self.language)])


def scene_of(stage: Stage, asked: Mapping[str, str], *, first: str) -> Scene:
    """The scene that an address or a form asks for; what does not exist falls back to something that does.

    `first` is the id of the person who is played to begin with.
    """
    people = stage.people()
    me = next((person for person in people if person.account == asked.get("me")), None)
    if me is None:
        me = next((person for person in people if person.id == first), people[0])
    chats = stage.chats(me.account)
    language = asked.get("lang", "")
    tab = asked.get("tab", "")
    return Scene(
        language=language if language in LANGUAGES else LANGUAGES[0],
        tab=tab if tab in TABS else "chats",
        me=me,
        people=people,
        chats=chats,
        chat=_chat(chats, asked.get("chat", "")),
        draft=asked.get("draft", "")[:500],
        hears_all=stage.hears_all,
    )


def _chat(chats: tuple[ChatView, ...], wanted: str) -> ChatView | None:
    """The one asked for (`private` for the one with the bot), else one with news, else the first."""
    for chat in chats:
        if chat.id == wanted or (wanted == "private" and not chat.is_group):
            return chat
    return next((chat for chat in chats if chat.unread), chats[0] if chats else None)
