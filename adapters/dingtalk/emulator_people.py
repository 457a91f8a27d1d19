"""The address book of the emulated organisation: people come, change and leave, and the platform says so in events."""

from __future__ import annotations

from collections.abc import Callable

from adapters._emulator.wire_json import Json
from adapters.dingtalk import emulator_events as events
from adapters.dingtalk.emulator_state import EmulatedDepartment, EmulatedPerson, PersonStatus, State

#: hands an event to the courier: event type, data, ordering lane
Emit = Callable[[str, Json, str], None]

#: lane of contact events
DIRECTORY = "directory"
_NAMES = {"name": "name", "departments": "department", "title": "title", "leader": "manager", "status": "status"}


class People:
    """Departments and persons. Departments are named by their number, written as text."""

    def __init__(self, state: State, emit: Emit) -> None:
        self._state = state
        self._emit = emit

    def add_department(self, department: EmulatedDepartment) -> None:
        """Add it, or change it when it exists. Raises ValueError for an id that is no number."""
        if not department.id.isdigit() or not department.parent.isdigit():
            raise ValueError("departments of this platform are numbers")
        known = department.id in self._state.departments
        self._state.departments[department.id] = department
        kind = "modify" if known else "create"
        self._emit(f"org_dept_{kind}", events.departments_event([department.id]), DIRECTORY)
        self._state.changes.touch()

    def remove_department(self, department_id: str) -> None:
        """Delete it; people in it stay where they are."""
        del self._state.departments[department_id]
        self._emit("org_dept_remove", events.departments_event([department_id]), DIRECTORY)
        self._state.changes.touch()

    def add(self, person: EmulatedPerson) -> None:
        """Hire. Raises ValueError when the account is taken."""
        if person.account in self._state.people:
            raise ValueError(f"{person.account} is taken")
        self._state.people[person.account] = person
        self._tell("user_add_org", person)
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
        """Change what is given; the event carries old and new values, and does not come when nothing changed."""
        person = self._state.people[account]
        wanted: dict[str, object] = {
            "name": name,
            "departments": departments,
            "title": title,
            "leader": leader,
            "status": status,
        }
        changed = {key: value for key, value in wanted.items() if value is not None and value != getattr(person, key)}
        before: Json = {_NAMES[key]: getattr(person, key) for key in changed}
        for key, value in changed.items():
            setattr(person, key, value)
        if changed:
            after: Json = {_NAMES[key]: value for key, value in changed.items()}
            self._tell("user_modify_org", person, diffInfo=[{"prev": before, "curr": after}])
            self._state.changes.touch()

    def dismiss(self, account: str) -> None:
        """The person leaves the company: out of every group, no longer in the lists."""
        person = self._state.people[account]
        person.status = PersonStatus.RESIGNED
        for chat in self._state.chats.values():
            if chat.is_group and account in chat.members:
                chat.members.remove(account)
        self._tell("user_leave_org", person)
        self._state.changes.touch()

    def _tell(self, event_type: str, person: EmulatedPerson, **more: object) -> None:
        """Nothing is said about people of other companies and about those outside the visible range."""
        if not person.guest_of and person.is_available:
            self._emit(event_type, events.people_event([person], **more), DIRECTORY)
