"""Facts are attested: a chain of signed hashes over them, read again bit by bit, so that history that was changed is found."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"

HISTORY = """
CREATE TRIGGER attestations_are_history BEFORE UPDATE OR DELETE ON attestations FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    """Go forward. What was written before is attested by the worker, as it is found."""
    op.create_table(
        "attestations",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("after", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("last > after", name=op.f("ck_attestations_covers_something")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_attestations")),
    )
    op.create_index("uq_attestations_after", "attestations", ["after"], unique=True)
    op.create_index("uq_attestations_last", "attestations", ["last"], unique=True)
    op.create_table(
        "attestation_watch",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("verified", sa.BigInteger(), nullable=False),
        sa.Column("verified_to", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("again", sa.BigInteger(), nullable=False),
        sa.Column("whole_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("broken_at", sa.BigInteger(), nullable=True),
        sa.Column("broken_since", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_attestation_watch_one_row")),
        sa.CheckConstraint(
            "(broken_at IS NULL) = (broken_since IS NULL)", name=op.f("ck_attestation_watch_broken_is_whole")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attestation_watch")),
    )
    op.execute(HISTORY)
    op.execute(
        "INSERT INTO attestation_watch (id, verified, verified_to, hash, again)"
        " VALUES (1, 0, 0, decode(repeat('00', 32), 'hex'), 0)"
    )
