"""Running a whole SQL script in a migration (the driver's prepared statements take one statement each)."""

from alembic import op


def run_script(sql: str) -> None:
    """Execute a script of many statements inside the migration's transaction."""
    op.get_bind().connection.run_async(lambda driver: driver.execute(sql))


def wall_in(*tables: str) -> None:
    """Give tables the readers' wall (decision 0002): a reader sees the rows of the merchant it speaks for."""
    for table in tables:
        op.execute(f"GRANT SELECT ON {table} TO dingdan_read")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY own_rows ON {table} FOR SELECT TO dingdan_read"
            " USING (current_setting('dingdan.scope', true) IN ('*', merchant_id::text))"
        )
