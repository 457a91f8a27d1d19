"""How an object stands to people and departments: all that rights, separation of duties and secrecy ask about it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import DepartmentId, PersonId
from bot.domain.item import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Facts about one object, the same for everybody who asks. What does not apply stays empty."""

    #: whose record, slot or score it is
    department: DepartmentId | None = None
    lead: DepartmentId | None = None
    coop: frozenset[DepartmentId] = frozenset()
    #: who made, filed, sent or asked for it, or whom it is about where the matrix says `self`
    owners: frozenset[PersonId] = frozenset()
    assigned: frozenset[PersonId] = frozenset()
    #: the project team of the item (MEM)
    members: frozenset[PersonId] = frozenset()
    participants: frozenset[PersonId] = frozenset()
    host: PersonId | None = None
    host_department: DepartmentId | None = None
    #: departments that are parties of a conflict
    parties: frozenset[DepartmentId] = frozenset()
    #: department held responsible for an issue (SoD-4)
    responsible: DepartmentId | None = None
    #: who submitted what waits for a decision (SoD-1, SoD-2)
    submitter: PersonId | None = None
    #: people a proposal is about, or who gain by a decision (SoD-6, SoD-7)
    beneficiaries: frozenset[PersonId] = frozenset()
    is_award: bool = False
    is_scorecard: bool = False
    #: working days of an extension that is asked for
    workdays: int = 0
    #: level of 2.5: 0 normal, 1 sensitive, 2 confidential
    secrecy: int = 0
    #: who may know of it when it is confidential (知悉范围)
    access: frozenset[PersonId] = frozenset()

    @property
    def involved(self) -> frozenset[DepartmentId]:
        """Lead and cooperating departments."""
        return self.coop if self.lead is None else self.coop | {self.lead}


def of_item(item: Item) -> Relation:
    """The relation of a collaboration item."""
    return Relation(
        department=item.lead,
        lead=item.lead,
        coop=frozenset(item.coop),
        members=frozenset(item.members),
        secrecy=item.secrecy,
        access=frozenset(item.access),
    )
