"""Tables of the charter's objects. All have the same searched columns; what they mean for a kind stands in `storage.mapping`."""

from __future__ import annotations

from sqlmodel import Field

from storage.tables.base import EntityRow
from storage.types import KeyText, Number


class MatterRow(EntityRow):
    """State, the item or object it belongs to, the responsible department and person, and one instant."""

    state: str = Field(sa_type=KeyText, index=True)
    item: str = Field(sa_type=KeyText, index=True)
    department: str | None = Field(sa_type=KeyText, nullable=True, index=True)
    person: str | None = Field(sa_type=KeyText, nullable=True, index=True)
    at: int | None = Field(sa_type=Number, nullable=True, index=True)


class RequestRow(MatterRow, table=True):
    """A collaboration request."""

    __tablename__ = "request"


class PlanRow(MatterRow, table=True):
    """One version of an implementation plan."""

    __tablename__ = "plan"


class TaskRow(MatterRow, table=True):
    """A task."""

    __tablename__ = "task"


class ProgressReportRow(MatterRow, table=True):
    """A weekly progress report."""

    __tablename__ = "progress_report"


class AcceptanceRow(MatterRow, table=True):
    """An acceptance."""

    __tablename__ = "acceptance"


class IssueRow(MatterRow, table=True):
    """An issue."""

    __tablename__ = "issue"


class ConflictRow(MatterRow, table=True):
    """A conflict."""

    __tablename__ = "conflict"


class MeetingRow(MatterRow, table=True):
    """A meeting."""

    __tablename__ = "meeting"


class MinutesRow(MatterRow, table=True):
    """Minutes or a liaison sync record."""

    __tablename__ = "minutes"


class ResolutionRow(MatterRow, table=True):
    """A milestone resolution."""

    __tablename__ = "resolution"


class LiaisonChangeRow(MatterRow, table=True):
    """A liaison change."""

    __tablename__ = "liaison_change"


class DocumentRow(MatterRow, table=True):
    """A registered document."""

    __tablename__ = "document"


class ProposalRow(MatterRow, table=True):
    """An award or criticism proposal."""

    __tablename__ = "proposal"


class KudosRow(MatterRow, table=True):
    """Thanks from one department to another."""

    __tablename__ = "kudos"


class RatingRow(MatterRow, table=True):
    """A peer rating."""

    __tablename__ = "rating"


class TrainingRow(MatterRow, table=True):
    """A training."""

    __tablename__ = "training"


class HoldingRow(MatterRow, table=True):
    """A stretch during which somebody held an object."""

    __tablename__ = "holding"


class FormDraftRow(MatterRow, table=True):
    """A begun form."""

    __tablename__ = "form_draft"
