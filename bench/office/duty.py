"""Something owed, in the hands of whoever acts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bench.office.doing import Doing
from bench.office.scene import Scene
from bot.domain.ids import PersonId
from bot.domain.obligation import Obligation


@dataclass(frozen=True, slots=True)
class Duty:
    """What is owed, and who does something about it."""

    scene: Scene
    one: Obligation
    #: the object it is about
    thing: Any
    who: PersonId

    @property
    def code(self) -> str:
        """Its number."""
        return self.one.code

    def say(self, sentence: str) -> str:
        """A sentence about the object."""
        return self.scene.wording.say(sentence, self.one.secrecy)

    def writes(self, text: str, *, by: PersonId | None = None) -> Doing:
        """Whoever acts writes it."""
        return Doing(by or self.who, text, code=self.code, is_own=by is None and self.who == self.one.holder)
