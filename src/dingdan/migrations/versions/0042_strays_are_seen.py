"""Pictures of parcels that nobody announced."""

import sqlalchemy as sa
from alembic import op

from dingdan.migrations.scripting import wall_in

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    """Go forward. No such picture was taken yet."""
    op.create_table(
        "stray_pictures",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("stray_id", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("taken_by_kind", sa.Text(), nullable=False),
        sa.Column("taken_by", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "sha256 ~ '^[0-9a-f]{64}$' AND size > 0 AND width > 0 AND height > 0",
            name=op.f("ck_stray_pictures_is_whole"),
        ),
        sa.ForeignKeyConstraint(["stray_id"], ["strays.id"], name=op.f("fk_stray_pictures_stray_id_strays")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stray_pictures")),
    )
    op.create_index("uq_stray_pictures_stray_id_sha256", "stray_pictures", ["stray_id", "sha256"], unique=True)
    wall_in("stray_pictures")
