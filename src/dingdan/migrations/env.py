"""How Alembic reaches the database: a connection handed in by `migrations.upgrade`."""

from alembic import context

from dingdan.migrations import models

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=models.metadata,
    compare_type=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
