"""The tour for the first visit: ask, reply, breach, approve, issue, digest, each with the clicks that make it happen.

Names the main cast of the sample; the numbers are those of a playground in which nothing was done yet.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.playground.scene import Scene
from bot.playground.wording import WORDS

#: ids of the sample company's people who carry the story: asker, asked, the asked one's head, leader, secretary
ASKER, ASKED, HEAD, LEADER, SECRETARY = "E009", "E029", "E028", "E002", "E018"
#: the asker's head, who reviews what the asker wants
REVIEWER = "E008"
CAST = (ASKER, ASKED, HEAD, LEADER, SECRETARY)
#: chat in which the story plays, as the sample is written and as it is cast on another platform
GROUP, CAST_GROUP = "oc_sample_x1", "ocsamplex1"
STEPS = 6
#: steps that are told otherwise where only what names the bot is heard
_NAMED = frozenset({1, 2})


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """A way out of a step: an address to go to, a move of the clock, or the week's panel."""

    words: str
    href: str = ""
    jump: str = ""
    opens_week: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step."""

    number: int
    title: str
    words: str
    clicks: tuple[Click, ...]


def _names(scene: Scene) -> dict[str, str]:
    """Of the people in the story; empty for a company without them."""
    people = {person.id: person.name for person in scene.people}
    if not people.keys() >= {*CAST, REVIEWER}:
        return {}
    return {
        "asker": people[ASKER],
        "asked": people[ASKED],
        "head": people[HEAD],
        "leader": people[LEADER],
        "secretary": people[SECRETARY],
        "reviewer": people[REVIEWER],
    }


def written(scene: Scene) -> str:
    """What stands in the composer: addresses name the tour's drafts by their keys."""
    names = _names(scene)
    is_known = scene.draft.startswith("tour_") and scene.draft.endswith("_draft") and scene.draft in WORDS
    return scene.say(scene.draft, **names) if names and is_known else scene.draft


def tour(scene: Scene) -> tuple[Step, ...]:
    """The steps as links from this scene; empty for a company without the cast."""
    names = _names(scene)
    if not names:
        return ()
    accounts = {person.id: person.account for person in scene.people}

    def go(key: str, who: str, chat: str, draft: str = "") -> Click:
        href = scene.href(me=accounts[who], chat=chat, tab="chats", draft=draft)
        return Click(words=scene.say(key, **names), href=href)

    def jump(key: str, move: str) -> Click:
        return Click(words=scene.say(key, **names), jump=move)

    named = "" if scene.hears_all else "_named"
    group = GROUP if GROUP in {chat.id for chat in scene.chats} or scene.hears_all else CAST_GROUP
    # where only what names the bot is heard, an answer is a press or a word in private
    answered_in = group if scene.hears_all else "private"
    clicks = (
        (go("tour_1_go", ASKER, group, f"tour_ask{named}_draft"),),
        (go("tour_2_go", ASKED, answered_in, f"tour_answer{named}_draft"),),
        (
            go("tour_3_go", ASKER, group, f"tour_ask_again{named}_draft"),
            jump("tour_3_jump", "30m"),
            go("tour_3_look", ASKED, "private"),
            go("tour_3_why", HEAD, "private", "tour_why_draft"),
        ),
        (
            go("tour_4_go", ASKER, "private", "tour_request_draft"),
            go("tour_4_submit", ASKER, "private", "tour_submit_draft"),
            go("tour_4_look", HEAD, "private"),
            go("tour_4_look_too", REVIEWER, "private"),
        ),
        (go("tour_5_go", ASKED, "private", "tour_issue_draft"), go("tour_5_look", SECRETARY, "private")),
        (
            jump("tour_6_go", "morning"),
            go("tour_6_look", LEADER, "private"),
            Click(words=scene.say("tour_6_week"), opens_week=True),
        ),
    )
    return tuple(
        Step(
            number=n,
            title=scene.say(f"tour_{n}"),
            words=scene.say(f"tour_{n}{named if n in _NAMED else ''}_words", **names),
            clicks=clicks[n - 1],
        )
        for n in range(1, STEPS + 1)
    )
