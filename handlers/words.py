"""How one reader is spoken to: language, time zone and the present instant bound together (ux.md A4 35-38)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.directory import Person
from bot.domain.form_options import english
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.reader import Reader, language_of
from bot.routing import Context
from handlers.texts import keys, say
from handlers.texts.day_names import day_name


@dataclass(frozen=True, slots=True)
class Words:
    """Makes sentences for one reader. `zone` is the company's, `own_zone` the reader's."""

    context: Context
    language: str
    zone: ZoneInfo
    own_zone: ZoneInfo

    def say(self, key: str, /, **facts: object) -> str:
        """The sentence of that key in the reader's language."""
        return say(key, self.language, **facts)

    @property
    def _reader(self) -> Reader:
        return Reader(now=self.context.now, company=self.zone, zone=self.own_zone, language=language_of(self.language))

    def time(self, at: datetime) -> str:
        """An instant, in both zones where the reader lives in another one."""
        return self._reader.moment(at)

    def zone_name(self, name: str) -> str:
        """What people call a time zone."""
        return self._reader.zone_name(ZoneInfo(name))

    def platform(self, name: str) -> str:
        """What a platform is called: 飞书, 钉钉, 企业微信."""
        key = f"platform_{name}"
        return self.say(key) if key in keys() else name

    def deadline(self, at: datetime) -> str:
        """An instant in a list, with a mark where its year has no official calendar yet (L-16)."""
        is_provisional = self.context.world.calendars.is_provisional(at)
        return self.time(at) + (self.say("provisional_mark") if is_provisional else "")

    def clock_time(self, at: datetime) -> str:
        """An instant in the company's zone only, for places with little room."""
        return replace(self._reader, zone=None).moment(at)

    def day(self, day: date) -> str:
        """A date with its weekday."""
        return self._reader.day(day)

    def day_name(self, name: str) -> str:
        """What a day off or an extra working day is called."""
        return day_name(name, self.language)

    def stretch(self, start: datetime, end: datetime) -> tuple[str, str]:
        """Beginning and end of a stretch in company time: the date of the end only where it is another one."""
        first, last = start.astimezone(self.zone), end.astimezone(self.zone)
        if first.date() == last.date():
            return self.clock_time(start), f"{last:%H:%M}"
        return self.clock_time(start), replace(self._reader, zone=None).dated(end)

    def span(self, amount: timedelta) -> str:
        """A length of time, rounded up to the minute."""
        return self._reader.duration(amount)

    def due(self, due_at: datetime) -> str:
        """A limit with what is left of it, or by how much it passed (A4 36)."""
        return self._limit(due_at, over="due_over")

    def reply_due(self, due_at: datetime) -> str:
        """The limit of a reply clock: what passed it is 超时, not 超期."""
        return self._limit(due_at, over="clock_due_over")

    def _limit(self, due_at: datetime, *, over: str) -> str:
        left = due_at - self.context.now
        if left > timedelta(0):
            return self.say("due_left", due=self.time(due_at), left=self.span(left)) + self.provisional(due_at)
        return self.say(over, due=self.time(due_at), over=self.span(-left))

    def provisional(self, due_at: datetime) -> str:
        """The note on a date in a year whose notice is not imported, empty for all others (L-16)."""
        calendars = self.context.world.calendars
        year = calendars.local(due_at).year
        return self.say("provisional_note", year=year) if calendars.is_provisional(due_at) else ""

    def option(self, option: str) -> str:
        """What an option of a form is called."""
        return english(option) if self.language.startswith("en") else option

    def listing(self, items: Iterable[str]) -> str:
        """Several things in one line."""
        return self.say("list_separator").join(items)

    def name(self, person: PersonId | None) -> str:
        """A person's name, the word for nobody where there is none."""
        found = self.context.world.directory.person(person) if person is not None else None
        return found.name if found is not None else self.say("clock_nobody")

    def department(self, department: DepartmentId) -> str:
        """A department's short name."""
        found = self.context.world.directory.department(department)
        return found.short or found.name if found is not None else str(department)


def words_for(context: Context, person: Person | None) -> Words:
    """How to speak to that person; to a group or a stranger in the company's language."""
    company = context.world.calendars.zone
    if person is None:
        return Words(context, context.around.locale, company, company)
    preference = context.uow.preferences.get(person.id)
    language = preference.language if preference is not None and preference.language else context.around.locale
    if preference is not None and preference.timezone:
        return Words(context, language, company, ZoneInfo(preference.timezone))
    return Words(context, language, company, context.world.calendars.zone_of(person.department))


def words_here(context: Context) -> Words:
    """How to speak to whoever caused this transaction."""
    return words_for(context, context.person)
