"""What the code says about tables and what the migrations made of the database are the same."""

import asyncpg
import pytest

from dingdan.migrations.running import differences

pytestmark = pytest.mark.requirement("issue 2: check")


async def test_the_tables_in_code_are_those_of_the_migrated_database(database_url: str) -> None:
    assert await differences(database_url) == []


async def test_every_table_with_a_merchant_has_its_wall(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    rows = await connection.fetch(
        """
        SELECT t.relname FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'merchant_id'
        WHERE t.relnamespace = 'public'::regnamespace AND t.relkind = 'r' AND NOT t.relrowsecurity
        """
    )
    await connection.close()

    assert [row["relname"] for row in rows] == []
