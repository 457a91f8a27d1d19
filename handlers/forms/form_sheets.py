"""A form that somebody fills in on a card: which card it is, and what was typed on it and not understood.

A row keeps both over restarts. What was understood is kept by the family, or in the draft of the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.domain.confidentiality import Secrecy, word_of
from bot.domain.directory import Person
from bot.domain.draft import FormDraft
from bot.domain.form import Content, Form, text_of
from bot.domain.form_page import fillable
from bot.domain.form_reading import checked
from bot.domain.form_reading import read_inputs as read_given
from bot.domain.ids import AccountKey
from bot.routing import Context
from handlers import matter_access
from handlers.forms.form_cards import shown_in
from handlers.forms.form_complaints import problem_note
from handlers.forms.form_dialogue import Needed
from handlers.forms.form_names import CompanyNames
from handlers.forms.form_owner import Owner
from handlers.words import Words, words_for

#: which rows these are, and what stands in them beside what was typed
ROW = "card"
#: the field that says how secret a form is
CONFIDENTIALITY = "confidentiality"
_CARD, _PLATFORM = "#card", "#platform"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Whose card of which form of which object it is. `typed` are inputs that were not understood, as they were typed."""

    context: Context
    person: Person
    owner: Owner
    code: str
    card_id: str
    account: AccountKey
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def form(self) -> Form:
        """The form on it."""
        return self.owner.form

    @property
    def words(self) -> Words:
        """How the person is spoken to."""
        return words_for(self.context, self.person)

    @property
    def content(self) -> Content:
        """What is filled in now."""
        return self.owner.content(self.context, self.code, self.person)

    def needed(self, content: Content) -> Needed:
        """What the form requires of that content."""
        return self.owner.needs(self.context, self.code, content)

    @property
    def texts(self) -> Mapping[str, str]:
        """What stands in each input."""
        content, words = self.content, self.words
        return {s.key: self.typed.get(s.key) or shown_in(words, s, content) for s in fillable(self.form)}

    @property
    def is_open(self) -> bool:
        """May what is filled in stand on a card outside its inputs? Not of what is sensitive or confidential (EC-08)."""
        relation = matter_access.relation_of(self.context, self.code) if self.code else None
        return is_open(self.content) and (relation is None or not relation.secrecy)

    @property
    def key(self) -> str:
        """Name of its row: a person has one card of a form."""
        return _key(self.person, self.form, self.code)


@dataclass(frozen=True, slots=True)
class Gaps:
    """What keeps a form from being submitted: required fields that are empty, and what is wrong with others, by field."""

    missing: tuple[str, ...]
    notes: Mapping[str, str]

    @property
    def wanted(self) -> frozenset[str]:
        """Fields that somebody has to look at."""
        return frozenset({*self.missing, *self.notes})


def is_open(content: Content) -> bool:
    """Does the form itself say nothing else (2.5)?"""
    return text_of(content, CONFIDENTIALITY) in {"", word_of(Secrecy.NORMAL)}


def gaps_of(sheet: Sheet) -> Gaps:
    """What is missing, and what is wrong: inputs that were not understood, and fields that do not agree."""
    content, words, form = sheet.content, sheet.words, sheet.form
    now = sheet.context.world.calendars.local(sheet.context.now)
    reading = read_given(form, sheet.typed, CompanyNames(sheet.context), now=now, base=content)
    notes: dict[str, list[str]] = {}
    for problem in (*reading.problems, *checked(form, content, now=now)):
        notes.setdefault(problem.key, []).append(problem_note(words, form, problem))
    missing = sheet.needed(content).missing(form, content)
    return Gaps(
        missing=tuple(spec.key for spec in missing if spec.key not in notes),
        notes={key: " ".join(lines) for key, lines in notes.items()},
    )


def opened(context: Context, person: Person, owner: Owner, code: str) -> Sheet | None:
    """The card of that form that takes presses; None where none does."""
    row = context.uow.form_drafts.get(_key(person, owner.form, code))
    account = person.account_on(str(row.content[_PLATFORM])) if row is not None else None
    if row is None or account is None:
        return None
    typed = {key: text for key, text in row.content.items() if isinstance(text, str) and not key.startswith("#")}
    return Sheet(
        context=context,
        person=person,
        owner=owner,
        code=code,
        card_id=str(row.content[_CARD]),
        account=account,
        typed=typed,
    )


def keep(sheet: Sheet) -> int:
    """Write its row; returns the number of this state of the card."""
    context, drafts = sheet.context, sheet.context.uow.form_drafts
    content: Content = {**sheet.typed, _CARD: sheet.card_id, _PLATFORM: sheet.account.platform}
    known = drafts.get(sheet.key)
    row = known or FormDraft(key=sheet.key, person=sheet.person.id, form=f"{sheet.form.id}:{ROW}", code=sheet.code)
    row = replace(row, content=content, updated_at=context.now)
    return (drafts.put(row) if known is not None else drafts.add(row)).version


def forget(sheet: Sheet) -> None:
    """The card takes no presses any more."""
    sheet.context.uow.form_drafts.remove(sheet.key)


def _key(person: Person, form: Form, code: str) -> str:
    return f"{person.id}/{form.id}/{code}/{ROW}"
