"""Keys have an end and say when they were used last, calls are kept a while, and a sandbox catches its own webhooks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    """Go forward. Keys of before have no end, and nothing is known of their use."""
    for name, kind in (
        ("expires_at", sa.DateTime(timezone=True)),
        ("last_used_at", sa.DateTime(timezone=True)),
        ("successor_id", sa.BigInteger()),
    ):
        op.add_column("api_keys", sa.Column(name, kind, nullable=True))
    op.create_foreign_key(op.f("fk_api_keys_successor_id_api_keys"), "api_keys", "api_keys", ["successor_id"], ["id"])
    op.create_check_constraint(op.f("ck_api_keys_works_for_a_while"), "api_keys", "expires_at > created_at")
    op.create_index(
        "ix_api_keys_expires_at", "api_keys", ["expires_at"], postgresql_where=sa.text("revoked_at IS NULL")
    )
    op.create_table(
        "request_log",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("codes", ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_log")),
    )
    op.create_index("ix_request_log_key_id", "request_log", ["key_id", "id"])
    op.create_index("ix_request_log_at", "request_log", ["at"])
    op.create_index("ix_request_log_request_id", "request_log", ["request_id"])
    op.add_column("webhook_endpoints", sa.Column("caught_with", sa.Integer(), nullable=True))
    op.create_check_constraint(
        op.f("ck_webhook_endpoints_catchers_have_no_address"), "webhook_endpoints",
        "(caught_with IS NOT NULL) = (url = 'dingdan:catcher')",
    )  # fmt: skip
    op.create_table(
        "caught_webhooks",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("endpoint_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("headers", JSONB(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("is_signed", sa.Boolean(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(body) <= 65536 AND length(body) <= size", name=op.f("ck_caught_webhooks_bounded")),
        sa.ForeignKeyConstraint(["endpoint_id"], ["webhook_endpoints.id"], name=op.f("fk_caught_webhooks_endpoint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caught_webhooks")),
    )
    op.create_index("ix_caught_webhooks_endpoint_id", "caught_webhooks", ["endpoint_id", "id"])
    for table in ("request_log", "caught_webhooks"):
        op.execute(f"GRANT SELECT ON {table} TO dingdan_read")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY own_rows ON {table} FOR SELECT TO dingdan_read"
            " USING (current_setting('dingdan.scope', true) IN ('*', merchant_id::text))"
        )
