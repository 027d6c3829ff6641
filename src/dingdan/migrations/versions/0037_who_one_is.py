"""Who one is: secrets of staff, their sessions and invitations, and the links of guests. No reader sees these tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    """Go forward. Nobody has a password yet: an administrator invites."""
    op.create_table(
        "staff_secrets",
        sa.Column("staff_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("totp", sa.LargeBinary(), nullable=True),
        sa.Column("totp_is_confirmed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("counter", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("failed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(totp IS NULL) <= NOT totp_is_confirmed", name=op.f("ck_staff_secrets_only_what_is_there_is_confirmed")
        ),
        sa.CheckConstraint("totp IS NULL OR wrapped IS NOT NULL", name=op.f("ck_staff_secrets_sealed_under_a_key")),
        sa.CheckConstraint("failed >= 0", name=op.f("ck_staff_secrets_failed_counts")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_secrets")),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > begun_at", name=op.f("ck_sessions_lasts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_sessions_secret_hash")),
    )
    op.create_index("ix_sessions_staff_id", "sessions", ["staff_id"], postgresql_where=sa.text("ended_at IS NULL"))
    op.create_table(
        "invitations",
        sa.Column("staff_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_invitations_secret_hash")),
    )
    op.create_table(
        "guest_links",
        sa.Column("order_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("renewed", sa.Integer(), nullable=False),
        sa.CheckConstraint("renewed > 0", name=op.f("ck_guest_links_renewed_counts")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_guest_links")),
    )
    op.create_table(
        "kept_views",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", JSONB(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 40 AND path LIKE '/%'", name=op.f("ck_kept_views_named")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_views")),
    )
    op.create_index("uq_kept_views_name", "kept_views", ["staff_id", "path", "name"], unique=True)
    op.create_index("ix_kept_views_shared", "kept_views", ["path"], postgresql_where=sa.text("is_shared"))
    op.execute("GRANT SELECT ON kept_views TO dingdan_read")
    op.execute("ALTER TABLE kept_views ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY own_rows ON kept_views FOR SELECT TO dingdan_read"
        " USING (current_setting('dingdan.scope', true) IN ('*', merchant_id::text))"
    )
    # Readers are given every new table to read, and this is nothing for them.
    op.execute("REVOKE ALL ON staff_secrets, sessions, invitations, guest_links FROM dingdan_read")
    for column in ("phone_tail_hash", "name_hash"):
        op.create_index(
            f"ix_contacts_{column}", "contacts", ["merchant_id", column], postgresql_where=sa.text(f"{column} <> ''")
        )
