"""Writing movements of money down, each cause once."""

from collections.abc import Sequence

from dingdan.areas.ledger import rules, store
from dingdan.areas.ledger.model import Posting
from dingdan.plumbing.tx import Tx


async def post(tx: Tx, postings: Sequence[Posting]) -> set[tuple[str, int]]:
    """Write postings with their entries; says which causes (source, source_id) were new.

    A cause that was posted before is left as it is. PostgreSQL demands at commit that each posting sums to zero.
    """
    for posting in postings:
        fault = rules.fault(posting)
        assert not fault, f"{posting.source} {posting.source_id}: {fault}"
    if not postings:
        return set()
    accounts = await _accounts(tx, postings)
    written = await store.add_postings(tx, postings)
    await store.add_entries(tx, [
        (posting_id, n, accounts[posting.merchant_id, code, posting.currency], posting.merchant_id,
         posting.currency, amount)
        for posting_id, posting in written
        for n, (code, amount) in enumerate(posting.legs, start=1)
    ])  # fmt: skip
    return {(posting.source, posting.source_id) for _, posting in written}


async def _accounts(tx: Tx, postings: Sequence[Posting]) -> dict[store.AccountKey, int]:
    """The ids of all accounts the postings name; those nobody used before are opened now."""
    wanted = sorted({(p.merchant_id, code, p.currency) for p in postings for code, _ in p.legs},
                    key=lambda account: (account[0] or 0, *account[1:]))  # fmt: skip
    found = await store.accounts(tx, wanted)
    missing = [account for account in wanted if account not in found]
    if missing:
        await store.open_accounts(tx, missing)
        # Read again: what a neighbour opened in the meantime is theirs and ours.
        found = await store.accounts(tx, wanted)
    return found
