"""Promises: by when each line of an order leaves and arrives, and what that was computed from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Go forward; orders of before have no promise."""
    op.add_column("orders", sa.Column("promise", postgresql.JSONB(), nullable=True))
    op.add_column("order_lines", sa.Column("ship_by", sa.DateTime(timezone=True), nullable=True))
    op.add_column("order_lines", sa.Column("arrive_by", sa.DateTime(timezone=True), nullable=True))
