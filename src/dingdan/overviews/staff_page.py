"""A member of staff by the name they sign in with."""

from dingdan.plumbing.tx import Tx


async def by_login(tx: Tx, login: str) -> int | None:
    """The id behind a login, of those that the reader may see."""
    found: int | None = await tx.fetchval("SELECT id FROM staff WHERE login = $1", login)
    return found
