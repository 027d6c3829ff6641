"""How things look: a product has a picture, and the pages of a merchant's buyers have its colour and its name as a picture."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"

NEW = (
    ("products", "picture", "picture_is_file", "picture ~ '^[0-9a-f]{64}$'"),
    ("merchants", "accent", "accent_is_colour", "accent ~ '^#[0-9a-f]{6}$'"),
    ("merchants", "logo", "logo_is_file", "logo ~ '^[0-9a-f]{64}$'"),
)


def upgrade() -> None:
    """Go forward. What there is has neither; pages show a quiet place and the name in words."""
    for table, column, name, condition in NEW:
        op.add_column(table, sa.Column(column, sa.Text(), nullable=True))
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
