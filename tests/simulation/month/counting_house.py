"""Those who may sign for money: refunds that nobody's rule decided, and refunds that the provider would not send."""

from typing import TYPE_CHECKING

from dingdan.areas import refunds, settlements
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.plumbing.doing import do
from tests.simulation.month.house import People
from tests.simulation.month.somebody import Somebody

if TYPE_CHECKING:
    from tests.simulation.month.life import Month

WAITING = """
SELECT r.id, r.merchant_id, r.order_id, r.state FROM refunds r JOIN orders o ON o.id = r.order_id
WHERE r.state IN ('requested', 'failed', 'offline') ORDER BY o.reference, r.id
"""


CLOSED = "SELECT count(*) AS closed FROM settlements WHERE state = 'closed'"
UNDER_WAY = "SELECT id, merchant_id FROM payouts WHERE state = 'approved' ORDER BY id"

ACCOUNT = refunds.Account(holder="王小明", bank="中国银行", number="6217 0000")
PREPARES, AGREES = Actor(ActorKind.STAFF, 801, "Finn"), Actor(ActorKind.STAFF, 802, "Faye")
TERMS = settlements.Terms(
    commission={"*": 5_00}, fixed_fee=50, payment_fee=60, given_back=tuple(settlements.FeeKind), period="month",
    hold_days=7, payee=settlements.Payee(name="杭州小店有限公司", bank="中国工商银行", account="6222 0000 1111 2222"),
)  # fmt: skip


class CountingHouse(Somebody):
    """Finance of every seller, and of the platform."""

    def __init__(self, month: "Month", people: People) -> None:
        super().__init__(month.db, month.done)
        self._people = people
        self._closed = self._runs = 0

    async def work(self) -> None:
        """Sign what waits for a signature; send again what did not go, and pay by hand what never will."""
        for row in await self.rows(WAITING):
            by = self._people[row["merchant_id"]]["finance"]
            if row["state"] == "requested":
                await self.attempt("refund signed", by, refunds.approve, row["id"])
            elif row["state"] == "failed":
                await self.attempt("refund sent again", by, refunds.retry, row["id"])
            else:
                await self._pay_by_hand(row["order_id"], by)

    async def _pay_by_hand(self, order_id: int, by: Actor) -> None:
        """The buyer says where to, one person pays, another finds the money gone."""
        if await self.attempt("buyer agreed to a transfer", SYSTEM, refunds.consent, order_id, account=ACCOUNT,
                              words="Please transfer it."):  # fmt: skip
            (payout,) = await self.rows(
                "SELECT id FROM hand_payouts WHERE order_id = $1 AND state = 'consented'", order_id
            )
            if await self.attempt("refund transferred", by, refunds.pay, payout["id"], receipt=f"R{payout['id']}"):
                await self.attempt("refund paid by hand", AGREES, refunds.confirm, payout["id"])

    async def agree(self) -> None:
        """The same terms with every seller."""
        for merchant_id in self._people:
            wanted = settlements.SaveAgreement(merchant_id=merchant_id, currency="CNY", terms=TERMS)
            await do(self.db, SYSTEM, settlements.agree, wanted)

    async def pay_sellers(self) -> None:
        """When a month was closed: what it owes is paid by two people; the bank refuses now and then."""
        (row,) = await self.rows(CLOSED)
        if row["closed"] == self._closed:
            return
        self._closed = row["closed"]
        if not await self.attempt("payouts prepared", PREPARES, settlements.prepare, "CNY"):
            return
        (run,) = await self.rows("SELECT id FROM payout_runs WHERE approved_at IS NULL AND dropped_at IS NULL")
        await self.attempt("payouts agreed to", AGREES, settlements.approve, run["id"])
        for payout in await self.rows(UNDER_WAY):
            self._runs += 1
            if self._runs % 5 == 0:
                await self.attempt("bank refused", PREPARES, settlements.fail, payout["id"], reason="closed")
            else:
                await self.attempt(
                    "seller paid", PREPARES, settlements.confirm, payout["id"], bank_ref=f"B{self._runs}"
                )
