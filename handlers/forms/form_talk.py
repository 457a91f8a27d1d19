"""One person's talk about one form: an answer is taken, a step is made, and the next question asked (ux.md A4 24)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.directory import Person
from bot.domain.form import Content, FieldSpec
from bot.domain.form_labels import Labels
from bot.domain.form_reading import Reading, read_fields
from bot.domain.form_text import FormField, read_form
from bot.domain.ids import ChatKey
from bot.messages import inert
from bot.routing import Context
from handlers.forms import form_drafts
from handlers.forms.form_complaints import complaint, problem_lines
from handlers.forms.form_dialogue import Needed, Step, following, preceding, question, step_of
from handlers.forms.form_names import CompanyNames, label_of
from handlers.forms.form_owner import Filling, Owner
from handlers.words import Words, words_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """Who fills in which form of which object, and where the answers come from."""

    context: Context
    person: Person
    owner: Owner
    code: str
    chat: ChatKey | None

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

    def answered(self, asking: str, field: FormField) -> str:
        """Take the message for the answer to the question `asking`, or for the step that it is; says what is next."""
        form = self.owner.form
        spec = next((s for s in form.fields if s.key == asking), None)
        if spec is None:
            return self._stop()
        match step_of(field.text):
            case Step.STOP:
                return self._stop()
            case Step.BACK:
                earlier = preceding(form, spec.key)
                said = "" if earlier is not None else self.words.say("form_no_earlier")
                return joined(said, self.ask(earlier or spec))
            case Step.SKIP if self.needed(self.content).has(spec):
                return self.words.say("form_cannot_skip", label=label_of(self.words, spec))
            case Step.SKIP:
                return self._go_on(spec.key)
            case Step.ANSWER:
                return self._take(spec, field)

    def fits(self, asking: str, field: FormField) -> bool:
        """Would the message be understood as the answer to that question?"""
        spec = next((s for s in self.owner.form.fields if s.key == asking), None)
        if spec is None:
            return False
        reading = self._read(spec, field)
        return bool(reading.understood) and not complaint(self.words, reading, self.owner.form)

    def ask(self, spec: FieldSpec, content: Content | None = None) -> str:
        """The question for that field; the next plain message answers it."""
        known = self.content if content is None else content
        form_drafts.remember(self.context, self.person.id, self.owner.form, self.code, spec.key, self.chat)
        return question(self.words, self.owner.form, known, spec, self.needed(known))

    def _stop(self) -> str:
        form_drafts.forget(self.context, self.person.id, self.owner.form.id, self.code)
        return self.words.say("form_stopped")

    def _take(self, spec: FieldSpec, field: FormField) -> str:
        """What was understood is kept in any case; what was not is asked for again."""
        reading = self._read(spec, field)
        filling = Filling(
            context=self.context,
            person=self.person,
            words=self.words,
            form=self.owner.form,
            code=self.code,
            reading=reading,
        )
        said = self.owner.save(filling) if reading.understood else ""
        complained = complaint(self.words, reading, self.owner.form)
        if complained:
            form_drafts.remember(self.context, self.person.id, self.owner.form, self.code, spec.key, self.chat)
            return self._wrong(field, reading) or complained
        is_over = not form_drafts.is_open(self.context, self.person.id, self.owner.form.id, self.code)
        noted = said or ("" if is_over else self.words.say("form_noted", label=label_of(self.words, spec)))
        return joined(noted, self._go_on(spec.key))

    def _wrong(self, field: FormField, reading: Reading) -> str:
        """One wrong answer to one question: what was written, what is wrong with it, and how to go on (A4 21)."""
        if len(reading.problems) != 1 or reading.unknown or reading.understood:
            return ""
        line = next(iter(problem_lines(self.words, self.owner.form, reading.problems)))
        return self.words.say("form_answer_wrong", typed=inert(" ".join(field.text.split()), limit=20), problem=line)

    def _read(self, spec: FieldSpec, field: FormField) -> Reading:
        now = self.context.world.calendars.local(self.context.now)
        fields = self._as_fields(spec, field)
        return read_fields(self.owner.form, fields, CompanyNames(self.context), now=now, base=self.content)

    def _as_fields(self, spec: FieldSpec, field: FormField) -> Sequence[FormField]:
        """The answer to the question, or several fields at once where it begins with the label of one."""
        head, fields = read_form("\n".join((field.value, *field.lines)))
        if fields and not head and Labels(self.owner.form).knows(fields[0].label):
            return fields
        return [FormField(spec.zh, field.value, field.lines)]

    def _go_on(self, after: str) -> str:
        """The next question; nothing once the form is whole, submitted or gone."""
        form = self.owner.form
        if not form_drafts.is_open(self.context, self.person.id, form.id, self.code):
            return ""
        content = self.content
        spec = following(form, content, after, self.needed(content))
        if spec is None:
            form_drafts.forget(self.context, self.person.id, form.id, self.code)
            return ""
        return self.ask(spec, content)


def joined(*parts: str) -> str:
    """What there is of them, one below the other."""
    return "\n".join(part for part in parts if part)
