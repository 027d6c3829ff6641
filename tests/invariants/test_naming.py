"""What the invariants know about tables is read from the tables, and nothing is left out."""

import pytest
from sqlalchemy import BigInteger

from dingdan.kernel.lifecycle import REGISTRY
from dingdan.overviews.invariants.naming import MACHINES, TABLES, parents

pytestmark = pytest.mark.requirement("issue 2: check")

# Point to different tables from row to row; X2_subjects_live, X2_keys_answered and others look after them.
MANY_FACED = {
    "abuse_measures.subject_id", "abuse_signals.subject_id", "calendars.actor_id", "case_entries.actor_id", "cases.subject_id",
    "channel_updates.subject_id", "deadline_pauses.subject_id", "deadlines.subject_id", "disputes.subject_id",
    "exchanges.sent_order_id", "extended_deadlines.subject_id", "extensions.actor_id", "facts.actor_id", "facts.subject_id",
    "idempotency_keys.subject_id", "open_sheets.sheet_id",
    "inspections.inspector_id", "line_services.source_id", "movements.cause_id", "objections.subject_id", "postings.source_id",
    "provider_notices.subject_id",
    "purse_movements.cause_id", "reaction_parked.subject_id", "refund_signatures.signer_id", "refunds.cause_id",
    "settlement_lines.subject_id",
    "subject_keys.subject_id",
}  # fmt: skip

# Reservations move with their order and leave movements, not facts.
WITHOUT_FACTS = {"reservation"}


def test_every_pointer_is_followed() -> None:
    pointers = {
        f"{table.name}.{column.name}"
        for table in TABLES.values()
        for column in table.columns
        if isinstance(column.type, BigInteger) and column.name.endswith("_id")
    }
    followed = {f"{table}.{column}" for table in TABLES for column in parents(table)}

    assert pointers - followed == MANY_FACED


def test_every_lifecycle_is_checked_against_its_facts() -> None:
    assert set(REGISTRY) - WITHOUT_FACTS == set(MACHINES)


def test_every_state_column_belongs_to_a_lifecycle() -> None:
    assert all(
        column in TABLES[table].columns and "version" in TABLES[table].columns for table, column in MACHINES.values()
    )
