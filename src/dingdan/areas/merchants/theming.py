"""How buyers' pages of a merchant look: its colour, whose contrast is checked, and a picture of its name."""

from dingdan.areas.merchants import refusals, rules, store
from dingdan.areas.merchants.events import ThemeSaved
from dingdan.areas.merchants.model import Merchant
from dingdan.plumbing.tx import Tx


async def set_accent(tx: Tx, merchant_id: int, accent: str | None) -> Merchant:
    """Give buyers' pages a colour, or take it away. Raises MerchantUnknown, AccentUnreadable or AccentUnusable."""
    wanted = accent.strip().lower() if accent is not None else None
    problem = rules.problem_of_accent(wanted) if wanted is not None else None
    if problem is not None:
        raise problem
    before = await _own(tx, merchant_id)
    return await _set(tx, before, accent=wanted, logo=before.logo)


async def set_logo(tx: Tx, merchant_id: int, logo: str | None) -> Merchant:
    """Show the name as a picture (a kept file's SHA-256), or in words again. Raises MerchantUnknown."""
    before = await _own(tx, merchant_id)
    return await _set(tx, before, accent=before.accent, logo=logo)


async def _own(tx: Tx, merchant_id: int) -> Merchant:
    found = await store.lock(tx, merchant_id) if tx.actor.reaches(merchant_id) else None
    if found is None:
        raise refusals.MerchantUnknown
    return found


async def _set(tx: Tx, before: Merchant, *, accent: str | None, logo: str | None) -> Merchant:
    after = await store.set_theme(tx, before.id, accent=accent, logo=logo)
    if after is None:
        return before
    tx.announce(ThemeSaved(subject_id=after.id, merchant_id=after.id, accent=accent, has_logo=logo is not None))
    return after
