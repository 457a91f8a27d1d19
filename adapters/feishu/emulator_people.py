"""The address book of the emulated tenant: people come, change and leave, and the platform says so in events."""

from __future__ import annotations

from collections.abc import Callable

from adapters._emulator.wire_json import Json
from adapters.feishu import emulator_events as events
from adapters.feishu.emulator_state import EmulatedDepartment, EmulatedPerson, PersonStatus, State

#: hands an event to the courier: event type, payload, ordering lane
Emit = Callable[[str, Json, str], None]

#: lane of directory events
DIRECTORY = "directory"


class People:
    """Departments and persons. Departments are named by open_department_id (`od-…`)."""

    def __init__(self, state: State, emit: Emit) -> None:
        self._state = state
        self._emit = emit

    def add_department(self, department: EmulatedDepartment) -> None:
        """Add it, or change it when it exists."""
        known = department.id in self._state.departments
        self._state.departments[department.id] = department
        kind = "updated" if known else "created"
        if self._state.can_read_department(department.id):
            self._emit(f"contact.department.{kind}_v3", {"object": events.department_object(department)}, DIRECTORY)
        self._state.changes.touch()

    def remove_department(self, department_id: str) -> None:
        """Delete it; people in it stay where they are."""
        was_readable = self._state.can_read_department(department_id)
        department = self._state.departments.pop(department_id)
        gone: Json = {"object": events.department_object(department)}
        if was_readable:
            self._emit("contact.department.deleted_v3", gone, DIRECTORY)
        self._state.changes.touch()

    def add(self, person: EmulatedPerson) -> None:
        """Hire. Raises ValueError when the account is taken."""
        if person.account in self._state.people:
            raise ValueError(f"{person.account} is taken")
        self._state.people[person.account] = person
        self._tell("created", person, {"object": events.person_object(self._state, person)})
        self._state.changes.touch()

    def change(
        self,
        account: str,
        *,
        name: str | None = None,
        departments: list[str] | None = None,
        title: str | None = None,
        leader: str | None = None,
        status: PersonStatus | None = None,
    ) -> None:
        """Change what is given; the event carries the old values of what really changed, none when nothing did."""
        person = self._state.people[account]
        wanted: dict[str, object] = {
            "name": name,
            "departments": departments,
            "title": title,
            "leader": leader,
            "status": status,
        }
        changed = {key: value for key, value in wanted.items() if value is not None and value != getattr(person, key)}
        old: Json = {}
        for key, value in changed.items():
            old[_API_NAMES[key]] = events.status_of(person) if key == "status" else getattr(person, key)
            setattr(person, key, value)
        if changed:
            self._tell("updated", person, {"object": events.person_object(self._state, person), "old_object": old})
            self._state.changes.touch()

    def dismiss(self, account: str) -> None:
        """The person leaves the company: out of every group, no longer in the lists."""
        person = self._state.people[account]
        person.status = PersonStatus.RESIGNED
        old: Json = {"department_ids": list(person.departments)}
        for chat in self._state.chats.values():
            if chat.is_group and account in chat.members:
                chat.members.remove(account)
        self._tell("deleted", person, {"object": events.person_object(self._state, person), "old_object": old})
        self._state.changes.touch()

    def change_range(self, wanted: frozenset[str] | None) -> None:
        """Another contact data range, None for all staff."""
        before, self._state.contact_range = self._state.contact_range, wanted
        old, new = before or frozenset(), wanted or frozenset()
        self._emit("contact.scope.updated_v3", events.contact_range_changed(new - old, old - new), DIRECTORY)

    def _tell(self, what: str, person: EmulatedPerson, event: Json) -> None:
        """Nothing is said about people outside the contact data range."""
        if self._state.can_read_person(person):
            self._emit(f"contact.user.{what}_v3", event, DIRECTORY)


_API_NAMES = {
    "name": "name",
    "departments": "department_ids",
    "title": "job_title",
    "leader": "leader_user_id",
    "status": "status",
}
