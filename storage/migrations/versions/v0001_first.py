"""The first schema: the engine's queues, the ledgers and the aggregates of the reply clock."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import AutoId, KeyText

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "audit",
        sa.Column("number", AutoId, nullable=False),
        sa.Column("chain", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("ref", KeyText, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
        sa.UniqueConstraint("chain", "position", name="uq_audit_chain_position"),
    )
    op.create_index("ix_audit_ref", "audit", ["ref", "number"])
    op.create_table(
        "audit_chain",
        sa.Column("chain", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name="pk_audit_chain"),
    )
    op.create_table(
        "budget",
        sa.Column("name", KeyText, nullable=False),
        sa.Column("arrival_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_budget"),
    )
    op.create_table(
        "card",
        sa.Column("key", KeyText, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("crc", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("card_id", KeyText, nullable=False),
        sa.Column("code", KeyText, nullable=False),
        sa.Column("message", KeyText, nullable=True),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_card"),
    )
    op.create_index("ix_card_card_id", "card", ["card_id"])
    op.create_index("ix_card_code", "card", ["code"])
    op.create_index("ix_card_message", "card", ["message"])
    op.create_table(
        "chat_group",
        sa.Column("key", KeyText, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("crc", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("chat", KeyText, nullable=True),
        sa.Column("item", KeyText, nullable=True),
        sa.Column("state", KeyText, nullable=False),
        sa.Column("platform", KeyText, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_chat_group"),
    )
    op.create_index("ix_chat_group_chat", "chat_group", ["chat"])
    op.create_index("ix_chat_group_item", "chat_group", ["item"])
    op.create_table(
        "clock",
        sa.Column("key", KeyText, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("crc", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", KeyText, nullable=False),
        sa.Column("chat", KeyText, nullable=False),
        sa.Column("thread", KeyText, nullable=False),
        sa.Column("department", KeyText, nullable=False),
        sa.Column("asking_department", KeyText, nullable=False),
        sa.Column("asker", KeyText, nullable=False),
        sa.Column("message", KeyText, nullable=False),
        sa.Column("answer", KeyText, nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("verdict_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_for_counting", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_clock"),
    )
    op.create_index("ix_clock_answer", "clock", ["answer"])
    op.create_index("ix_clock_chat_ended_at", "clock", ["chat", "ended_at"])
    op.create_index("ix_clock_chat_state", "clock", ["chat", "state"])
    op.create_index("ix_clock_message", "clock", ["message"])
    op.create_index("ix_clock_started_at", "clock", ["started_at"])
    op.create_index("ix_clock_state_due_at", "clock", ["state", "due_at"])
    op.create_index("ix_clock_verdict_at", "clock", ["verdict_at"])
    op.create_table(
        "department",
        sa.Column("key", KeyText, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("crc", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_department"),
    )
    op.create_table(
        "digest",
        sa.Column("key", KeyText, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("crc", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_digest"),
    )
    op.create_index("ix_digest_issued_at", "digest", ["issued_at"])
    op.create_table(
        "epoch",
        sa.Column("epoch", KeyText, nullable=False),
        sa.Column("before", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("epoch", name="pk_epoch"),
    )
    op.create_table(
        "fact",
        sa.Column("key", KeyText, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("crc", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("kind", KeyText, nullable=False),
        sa.Column("code", KeyText, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_fact"),
    )
    op.create_index("ix_fact_at", "fact", ["at"])
    op.create_index("ix_fact_code", "fact", ["code"])
    op.create_index("ix_fact_kind_at", "fact", ["kind", "at"])
    op.create_table(
        "inbox",
        sa.Column("id", AutoId, nullable=False),
        sa.Column("platform", KeyText, nullable=False),
        sa.Column("app", KeyText, nullable=False),
        sa.Column("business_id", KeyText, nullable=False),
        sa.Column("lane", KeyText, nullable=False),
        sa.Column("state", KeyText, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("leased_until", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("platform", "app", "business_id", name="uq_inbox_platform_app_business_id"),
    )
    op.create_index(
        "ix_inbox_lane",
        "inbox",
        ["lane", "id"],
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_inbox_pending",
        "inbox",
        ["id"],
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index("ix_inbox_state", "inbox", ["state", "received_at"])
    op.create_table(
        "item",
        sa.Column("key", KeyText, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("crc", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", KeyText, nullable=False),
        sa.Column("lead", KeyText, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_item"),
    )
    op.create_index("ix_item_state", "item", ["state"])
    op.create_table(
        "lane",
        sa.Column("lane", KeyText, nullable=False),
        sa.Column("platform", KeyText, nullable=False),
        sa.Column("head_id", sa.BigInteger(), nullable=True),
        sa.Column("priority", sa.BigInteger(), nullable=False),
        sa.Column("head_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("free_at", sa.BigInteger(), nullable=False),
        sa.Column("claimed_id", sa.BigInteger(), nullable=True),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("lane", name="pk_lane"),
    )
    op.create_index(
        "ix_lane_due",
        "lane",
        ["platform", "due_at"],
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_lane_order",
        "lane",
        ["platform", "priority", "head_at"],
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "lease",
        sa.Column("name", KeyText, nullable=False),
        sa.Column("holder", KeyText, nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lease"),
    )
    op.create_table(
        "leave",
        sa.Column("key", KeyText, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("crc", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("person", KeyText, nullable=False),
        sa.Column("delegate", KeyText, nullable=True),
        sa.Column("state", KeyText, nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_leave"),
    )
    op.create_index("ix_leave_person_state", "leave", ["person", "state"])
    op.create_index("ix_leave_state_ends_at", "leave", ["state", "ends_at"])
    op.create_table(
        "obligation",
        sa.Column("key", KeyText, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("crc", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("code", KeyText, nullable=False),
        sa.Column("kind", KeyText, nullable=False),
        sa.Column("holder", KeyText, nullable=True),
        sa.Column("department", KeyText, nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("item", KeyText, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_obligation"),
    )
    op.create_index("ix_obligation_code", "obligation", ["code"])
    op.create_index("ix_obligation_department", "obligation", ["department"])
    op.create_index("ix_obligation_due_at", "obligation", ["due_at"])
    op.create_index("ix_obligation_holder", "obligation", ["holder"])
    op.create_table(
        "outbox",
        sa.Column("id", AutoId, nullable=False),
        sa.Column("key", KeyText, nullable=False),
        sa.Column("lane", KeyText, nullable=False),
        sa.Column("platform", KeyText, nullable=False),
        sa.Column("kind", KeyText, nullable=False),
        sa.Column("state", KeyText, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("priority", sa.BigInteger(), nullable=False),
        sa.Column("coalesce", KeyText, nullable=False),
        sa.Column("recheck", KeyText, nullable=False),
        sa.Column("ref", KeyText, nullable=False),
        sa.Column("repeat_unknown", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("tried_token", sa.BigInteger(), nullable=False),
        sa.Column("first_tried_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("held", KeyText, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    op.create_index(
        "ix_outbox_coalesce",
        "outbox",
        ["coalesce", "id"],
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_outbox_lane",
        "outbox",
        ["lane", "id"],
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index("ix_outbox_state", "outbox", ["state", "created_at"])
    op.create_table(
        "person",
        sa.Column("key", KeyText, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("crc", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("department", KeyText, nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_person"),
    )
    op.create_index("ix_person_department", "person", ["department"])
    op.create_table(
        "preference",
        sa.Column("key", KeyText, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("crc", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_preference"),
    )
    op.create_table(
        "question",
        sa.Column("key", KeyText, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("crc", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("person", KeyText, nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_question"),
    )
    op.create_index("ix_question_expires_at", "question", ["expires_at"])
    op.create_index("ix_question_person", "question", ["person"])
    op.create_table(
        "revision",
        sa.Column("name", KeyText, nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_revision"),
    )
    op.create_table(
        "seen_message",
        sa.Column("key", KeyText, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("crc", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("chat", KeyText, nullable=False),
        sa.Column("sender", KeyText, nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_seen_message"),
    )
    op.create_index("ix_seen_message_chat_sent_at", "seen_message", ["chat", "sent_at"])
    op.create_index("ix_seen_message_sender_sent_at", "seen_message", ["sender", "sent_at"])
    op.create_index("ix_seen_message_sent_at", "seen_message", ["sent_at"])
    op.create_table(
        "sequence",
        sa.Column("kind", KeyText, nullable=False),
        sa.Column("year", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "year", name="pk_sequence"),
    )
    op.create_table(
        "setting",
        sa.Column("key", KeyText, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("crc", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_setting"),
    )
    op.create_table(
        "timer",
        sa.Column("id", AutoId, nullable=False),
        sa.Column("kind", KeyText, nullable=False),
        sa.Column("ref", KeyText, nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_timer"),
        sa.UniqueConstraint("kind", "ref", name="uq_timer_kind_ref"),
    )
    op.create_index("ix_timer_due", "timer", ["due_at", "id"])
    op.create_index("ix_timer_ref", "timer", ["ref"])
    op.create_table(
        "undoable",
        sa.Column("key", KeyText, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("crc", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("person", KeyText, nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_undoable"),
    )
    op.create_index("ix_undoable_done_at", "undoable", ["done_at"])
    op.create_index("ix_undoable_person", "undoable", ["person"])


def downgrade() -> None:
    """There is nothing before the first schema."""
    raise NotImplementedError("going back is restoring a backup")
