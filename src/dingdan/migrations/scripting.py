"""Running a whole SQL script in a migration (the driver's prepared statements take one statement each)."""

from alembic import op


def run_script(sql: str) -> None:
    """Execute a script of many statements inside the migration's transaction."""
    op.get_bind().connection.run_async(lambda driver: driver.execute(sql))
