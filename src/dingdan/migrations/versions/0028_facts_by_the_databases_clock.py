"""When a fact was recorded is written by the database itself."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Go forward; facts of before keep their moments."""
    op.alter_column("facts", "recorded_at", server_default=sa.text("clock_timestamp()"))
