"""Keys of one's own for the console's shortcuts, and who open_sheets at which sheet."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from dingdan.migrations.scripting import wall_in

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    """Go forward. Everybody has everybody's keys at first, and nobody open_sheets at anything."""
    op.create_table(
        "own_keys",
        sa.Column("staff_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("keys", JSONB(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "jsonb_typeof(keys) = 'object' AND keys <> '{}' AND length(keys::text) <= 1000",
            name=op.f("ck_own_keys_bounded"),
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_own_keys")),
    )
    op.create_table(
        "open_sheets",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sheet_id", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_sheets")),
    )
    op.create_index("ix_open_sheets_sheet", "open_sheets", ["kind", "sheet_id"])
    op.create_index("ix_open_sheets_seen_at", "open_sheets", ["seen_at"])
    wall_in("own_keys", "open_sheets")
