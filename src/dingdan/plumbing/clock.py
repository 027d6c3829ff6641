"""The sandbox's clock: how far it is ahead of the world's."""

from datetime import timedelta

from dingdan.plumbing.tx import Tx


async def advance(tx: Tx, by: timedelta) -> None:
    """Turn the clock forward for everybody on this database; it never goes back."""
    await tx.execute(
        """
        INSERT INTO sandbox_clock (id, ahead) VALUES (1, $1)
        ON CONFLICT (id) DO UPDATE SET ahead = sandbox_clock.ahead + excluded.ahead
        """,
        by,
    )


async def ahead(tx: Tx) -> timedelta:
    """How far the clock is ahead."""
    found: timedelta | None = await tx.fetchval("SELECT ahead FROM sandbox_clock WHERE id = 1")
    return found or timedelta()
