"""The month's scores are frozen, told, and candidates are drafted from them (domain.md 6.4, 6.5; L-33; EC-90)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.appreciation import only_praise
from bot.domain.directory import Person, Role
from bot.domain.scorecard import Scorecard
from bot.routing import Context
from handlers import effects
from handlers.scores import candidates, scorecard_keeping, scorecard_views
from handlers.scores.scorecard_data import bounds
from handlers.words import words_for


def close(context: Context, month: str) -> None:
    """Freeze the cards, tell heads theirs and the others the ranking, draft candidates."""
    cards = scorecard_keeping.freeze(context, month)
    for card in cards:
        _tell_head(context, card)
    _tell_others(context, cards, month)
    _list_pairs(context, month)
    candidates.draft(context, month, cards)


def _tell_head(context: Context, card: Scorecard) -> None:
    head = context.world.posts.head_of(card.department)
    person = context.world.directory.person(head.acting) if head is not None else None
    if person is not None:
        text = scorecard_views.card(context, card, words_for(context, person))
        effects.tell(context, person, effects.text(text), key=f"score:{card.month}:{card.department}:{person.id}")


def _tell_others(context: Context, cards: Sequence[Scorecard], month: str) -> None:
    directory = context.world.directory
    people: list[Person | None] = [effects.leader(context), effects.secretary(context)]
    people.extend(directory.holders(Role.PERFORMANCE))
    for person in {p.id: p for p in people if p is not None}.values():
        text = scorecard_views.ranking(cards, month, words_for(context, person))
        effects.tell(context, person, effects.text(text), key=f"score:{month}:ranking:{person.id}")


def _list_pairs(context: Context, month: str) -> None:
    """Departments that gave each other nothing but fives are named to the performance officers; nothing is corrected."""
    start, end = bounds(context, month)
    pairs = only_praise(context.uow.ratings.between("at", start, end))
    if not pairs:
        return
    for person in context.world.directory.holders(Role.PERFORMANCE):
        words = words_for(context, person)
        named = words.listing(
            words.say("score_pair", first=words.department(a), second=words.department(b)) for a, b in pairs
        )
        text = words.say("score_pairs", month=month, pairs=named)
        effects.tell(context, person, effects.text(text), key=f"score:{month}:pairs:{person.id}")
