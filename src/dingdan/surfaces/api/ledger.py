"""The books: what stands on each account."""

from dingdan.areas import ledger
from dingdan.kernel.money import Money
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get
from dingdan.surfaces.shared.wire import List, OfMerchant, View, ref_or_none


class BalanceView(View, frozen=True, kw_only=True):
    """What stands on one account; debits are positive. `side` says by which sign the account grows.

    Without a merchant it is the platform's own.
    """

    merchant: str | None
    account: str
    side: str
    balance: Money


@get("/v1/ledger/balances", permission="ledger.read")
async def balances(tx: Tx, query: OfMerchant) -> List[BalanceView]:
    """The balance of every account within reach; the sum over all accounts of a currency is zero."""
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    return List(
        items=[
            BalanceView(
                merchant=ref_or_none("merchant", one.merchant_id), account=one.account, side=str(ledger.CHART[one.account].side),
                balance=Money(one.amount, one.currency),
            )
            for one in await ledger.balances(tx, merchant_id)
        ]
    )  # fmt: skip


ROUTES = [balances]
