"""Turns a scene into HTML: the whole page once, then its parts for as long as it is open.

Every text on the page is foreign or from wording.py; Jinja escapes all of it. Templates are read and compiled once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from importlib import resources
from zoneinfo import ZoneInfo

import jinja2

from bot.playground import showing
from bot.playground.acting import act_views
from bot.playground.backstage import Backstage
from bot.playground.director import Director
from bot.playground.inspector import inspect
from bot.playground.scene import Scene, scene_of
from bot.playground.tour import CAST, tour, written
from bot.stage import Refused, Stage
from bot.stage_views import MessageView, PersonView
from handlers.texts import keys as text_keys
from handlers.texts import say as text_of

#: messages of a chat that are shown
SHOWN = 44
#: parts of the page that change by themselves; each is a template of that name
PARTS = ("me", "chats", "people", "clock", "faults", "wire", "head", "playbar", "composer", "week", "timers", "trace")
_STATIC = "static"


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Templates and static files, read once."""

    templates: Mapping[str, str]
    static: Mapping[str, bytes]


def read_files() -> Files:
    """Everything the page is made of. Reads from disk: call it outside the event loop."""
    here = resources.files("bot.playground")
    return Files(
        templates={file.name: file.read_text(encoding="utf-8") for file in here.joinpath("templates").iterdir()},
        static={file.name: file.read_bytes() for file in here.joinpath(_STATIC).iterdir() if file.is_file()},
    )


class Pages:
    """Renders. Reads from stage and backstage, changes nothing."""

    def __init__(
        self,
        *,
        files: Files,
        stage: Stage,
        backstage: Backstage,
        company: str,
        zone: ZoneInfo,
        first: str = CAST[0],
        director: Director | None = None,
    ) -> None:
        self._stage = stage
        self._backstage = backstage
        self._company = company
        self._first = first
        self._director = director
        self.zone = zone
        self._jinja = jinja2.Environment(
            loader=jinja2.DictLoader(files.templates),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        departments = list(_by_department(stage.people()))
        self._jinja.globals |= {
            "face": showing.face,
            "face_colour": lambda seed: showing.face_colour(seed, departments),
            "joined": showing.joined,
        }

    def scene(self, asked: Mapping[str, str]) -> Scene:
        """The scene of an address or a form."""
        scene = scene_of(self._stage, asked, first=self._first)
        return replace(scene, draft=written(scene))

    def page(self, scene: Scene) -> str:
        """The whole page."""
        facts = self._facts(scene)
        parts = {name: self._part(name, facts) for name in PARTS}
        return self._jinja.get_template("page.html").render(
            facts | {"parts": parts, "messages": self._messages(scene, facts), "steps": tour(scene)}
        )

    def step(self, number: int, scene: Scene) -> str:
        """What is done and expected in a step of the week; empty when there is no such step."""
        director = self._director
        step = next((one for one in director.week.steps if one.number == number), None) if director else None
        if director is None or step is None:
            return ""
        acts = act_views(step, names=director.names, language=scene.language)
        facts = {"scene": scene, "t": scene.say, "step": step, "acts": acts, "expected": director.named(step.expected)}
        return self._jinja.get_template("step.html").render(facts)

    def news(self, scene: Scene) -> dict[str, object]:
        """What an open page needs to show the present state."""
        facts = self._facts(scene)
        return {
            "parts": {name: self._part(name, facts) for name in PARTS},
            "messages": self._messages(scene, facts),
            "me": scene.me.account,
            "chat": scene.chat.id if scene.chat is not None else "",
            "unread": scene.chat.unread if scene.chat is not None else 0,
            "title": self._title(scene),
            "now": int(self._backstage.clock.now().timestamp() * 1000),
            "running": self._backstage.clock.is_running,
            "place": asdict(self._director.place) if self._director is not None else None,
        }

    # ------------------------------------------------------------ inside

    def _part(self, name: str, facts: Mapping[str, object]) -> str:
        if name in {"week", "playbar"} and self._director is None:
            return ""
        return self._jinja.get_template(f"{name}.html").render(facts)

    def _messages(self, scene: Scene, facts: Mapping[str, object]) -> list[tuple[str, str]]:
        if scene.chat is None:
            return []
        template = self._jinja.get_template("message.html")
        people = {person.account: person for person in scene.people}
        rendered: list[tuple[str, str]] = []
        before: MessageView | None = None
        for message in self._seen(scene):
            more = {"m": message, "person": people.get(message.sender), "follows": _follows(before, message)}
            rendered.append((message.id, template.render({**facts, **more})))
            before = message
        return rendered

    def _seen(self, scene: Scene) -> tuple[MessageView, ...]:
        if scene.chat is None:
            return ()
        try:
            return self._stage.messages(scene.me.account, scene.chat.id, limit=SHOWN)
        except Refused:
            return ()

    def _facts(self, scene: Scene) -> dict[str, object]:
        """What every template may use."""
        now = self._backstage.clock.now()
        zone, language = self.zone, scene.language
        return {
            "scene": scene,
            "t": scene.say,
            "word": scene.word,
            "company": self._company,
            "stage": self._stage,
            "bot_name": self._stage.bot_name,
            "platform": scene.word(f"platform_{self._stage.platform}"),
            "title": self._title(scene),
            "now": now,
            "now_ms": int(now.timestamp() * 1000),
            "zone": zone.key,
            "is_running": self._backstage.clock.is_running,
            "is_up": self._backstage.is_running,
            "is_jumping": self._backstage.is_jumping,
            "clock_words": showing.clock_words(now, zone, language),
            "local_input": f"{now.astimezone(zone):%Y-%m-%dT%H:%M}",
            "time_of": lambda at: showing.time_words(at, zone, language, now=now),
            "second_of": lambda at: f"{at.astimezone(zone):%H:%M:%S}",
            "day_time_of": lambda at: f"{at.astimezone(zone):%m-%d %H:%M}",
            "plain": _plain,
            "gap": lambda shortfall: shortfall.words(scene.language, self._director.names if self._director else {}),
            "programme": self._director.programme if self._director is not None else None,
            "left": lambda at: self._left(scene, at, now),
            "fact": lambda value, title="": showing.fact_words(
                _state_words(language, title, value) or scene.word(value), zone, language, now=now
            ),
            "cast": self._cast(scene),
            "departments": _by_department(scene.people),
            "department_of": {person.account: person.department for person in scene.people},
            "away": self._backstage.look.away,
            "inspection": inspect(self._stage, self._backstage.look, now=now),
            "faults": self._stage.faults,
        }

    def _title(self, scene: Scene) -> str:
        waiting = f"({scene.me.unread}) " if scene.me.unread else ""
        return f"{waiting}{scene.me.name} · {scene.say('page_title')}"

    def _left(self, scene: Scene, at: datetime, now: datetime) -> str:
        if at <= now:
            return scene.say("overdue")
        return scene.say("in_time", duration=showing.duration_words(at - now, scene.language))

    def _cast(self, scene: Scene) -> tuple[PersonView, ...]:
        people = {person.id: person for person in scene.people}
        return tuple(people[one] for one in CAST if one in people)


def _plain(words: str) -> str:
    return words.replace("`", "")


def _state_words(language: str, action: str, value: str) -> str:
    """A state of the object that an action is about (`issue_graded`, `coordinating`), empty for anything else."""
    key = f"{action.partition('_')[0]}_state_{value}"
    return text_of(key, language) if key in text_keys() else ""


def _follows(before: MessageView | None, message: MessageView) -> bool:
    """True when it needs no face of its own: same sender, within the same minutes."""
    if before is None or before.sender != message.sender or before.is_recalled or message.is_recalled:
        return False
    return (message.at - before.at).total_seconds() < 180


def _by_department(people: tuple[PersonView, ...]) -> dict[str, list[PersonView]]:
    found: dict[str, list[PersonView]] = {}
    for person in people:
        found.setdefault(person.department, []).append(person)
    return found
