"""Wrong attempts to sign in are counted for whoever tries, whether the login is somebody's or not. No reader sees them."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    """Go forward. Attempts so far are forgotten; a pause was an hour at most."""
    op.create_table(
        "sign_in_tries",
        sa.Column("about", sa.LargeBinary(), nullable=False),
        sa.Column("failed", sa.Integer(), server_default=sa.text("0"), autoincrement=False, nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("failed >= 0", name=op.f("ck_sign_in_tries_failed_counts")),
        sa.PrimaryKeyConstraint("about", name=op.f("pk_sign_in_tries")),
    )
    op.create_index("ix_sign_in_tries_tried_at", "sign_in_tries", ["tried_at"])
    # Readers are given every new table to read, and this is nothing for them.
    op.execute("REVOKE ALL ON sign_in_tries FROM dingdan_read")
    op.drop_column("staff_secrets", "failed")
    op.drop_column("staff_secrets", "locked_until")
