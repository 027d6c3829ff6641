"""Facts by time: what happened in a day or a month is found without reading all that ever happened."""

from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    """Go forward. Facts are written in the order of time, so ranges of pages are index enough, and cost nothing to keep."""
    op.create_index("ix_facts_at", "facts", ["at"], postgresql_using="brin", postgresql_with={"pages_per_range": 32})
