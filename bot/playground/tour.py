"""The tour for the first visit: six steps, each with the click that makes it happen. Names the main cast of the sample."""

from __future__ import annotations

from dataclasses import dataclass

from bot.playground.scene import Scene

#: ids of the sample company's people who carry the story: asker, asked, the asked one's head, leader, secretary
ASKER, ASKED, HEAD, LEADER, SECRETARY = "E009", "E029", "E028", "E002", "E018"
CAST = (ASKER, ASKED, HEAD, LEADER, SECRETARY)
#: chat in which the story plays
GROUP = "oc_sample_x1"
STEPS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """A way out of a step: an address to go to, or a move of the clock."""

    words: str
    href: str = ""
    jump: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step."""

    number: int
    title: str
    words: str
    clicks: tuple[Click, ...]


def tour(scene: Scene) -> tuple[Step, ...]:
    """The steps as links from this scene; empty for a company without the cast."""
    people = {person.id: person for person in scene.people}
    if not people.keys() >= {ASKER, ASKED, HEAD, LEADER}:
        return ()
    names = {
        "asker": people[ASKER].name,
        "asked": people[ASKED].name,
        "head": people[HEAD].name,
        "leader": people[LEADER].name,
    }

    def go(key: str, who: str, chat: str, draft: str = "") -> Click:
        words = scene.say(draft, **names) if draft else ""
        href = scene.href(me=people[who].account, chat=chat, tab="chats", draft=words)
        return Click(words=scene.say(key, **names), href=href)

    def jump(key: str, move: str) -> Click:
        return Click(words=scene.say(key, **names), jump=move)

    clicks = (
        (go("tour_1_go", ASKER, GROUP, "tour_ask_draft"),),
        (jump("tour_2_go", "due"), go("tour_2_look", ASKED, "private")),
        (jump("tour_3_go", "due"), go("tour_3_look", HEAD, "private")),
        (go("tour_4_go", ASKED, GROUP, "tour_answer_draft"),),
        (go("tour_5_go", ASKED, "private", "tour_why_draft"), go("tour_5_look", ASKER, "private", "tour_group_draft")),
        (jump("tour_6_go", "morning"), go("tour_6_look", LEADER, "private")),
    )
    return tuple(
        Step(number=n, title=scene.say(f"tour_{n}"), words=scene.say(f"tour_{n}_words", **names), clicks=clicks[n - 1])
        for n in range(1, STEPS + 1)
    )
