"""The people who work the cases of the month: taken, the buyer told, a remedy found, the carrier claimed from, closed."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from dingdan.areas import cases
from dingdan.kernel.actor import SYSTEM, Actor
from tests.simulation.month.house import People
from tests.simulation.month.somebody import Somebody

if TYPE_CHECKING:
    from tests.simulation.month.life import Month

OPEN = """
SELECT c.id, c.kind, c.state, c.merchant_id, c.order_id, c.contacted_at, w.role, w.staff_id, o.delivered_at, o.shipped_at,
       p.state AS parcel, c.opened_at < dingdan_now() - interval '3 days' AS is_old,
       c.opened_at < dingdan_now() - interval '9 days' AS is_very_old,
       EXISTS (SELECT FROM cases x WHERE x.order_id = c.order_id AND x.kind <> c.kind AND x.state = 'closed'
               AND x.closure IN ('paid_back', 'sent_again')) AS made_good,
       r.kind AS remedy, r.state AS remedy_state, r.id AS remedy_id, v.outcome
FROM cases c JOIN case_owners w ON w.case_id = c.id AND w.until IS NULL
LEFT JOIN orders o ON o.id = c.order_id LEFT JOIN parcels p ON p.id = c.subject_id
LEFT JOIN LATERAL (SELECT * FROM remedies r WHERE r.case_id = c.id ORDER BY r.id DESC LIMIT 1) r ON true
LEFT JOIN returns v ON v.id = r.return_id
WHERE c.state IN ('open', 'investigating', 'remedied') ORDER BY o.reference, c.kind, c.id
"""

CLAIMS = """
SELECT c.id, c.state, c.merchant_id, c.order_id, c.chased, c.value, c.accepted, x.state AS case_state,
       c.filed_at < dingdan_now() - interval '2 days' AS is_read
FROM claims c JOIN cases x ON x.id = c.case_id LEFT JOIN orders o ON o.id = c.order_id
WHERE c.state IN ('drafted', 'filed', 'answered') ORDER BY o.reference, c.id
"""

# What a case is closed with of which nothing comes any more, where "solved" is no word for it.
LET_GO = {
    "duplicate_payment": "not_double", "confirmation_undeliverable": "reached", "inspection_disputed": "sent_back",
    "refund_recovery": "written_off",
}  # fmt: skip

Step = Callable[[Any], Awaitable[None]]


class Desk(Somebody):
    """Agents, leads and managers of every seller."""

    def __init__(self, month: "Month", people: People) -> None:
        super().__init__(month.db, month.done)
        self._month, self._people = month, people

    async def work(self) -> None:
        """Look at every open case and every claim once."""
        found = await self.rows(OPEN)
        for case in found:
            if case["contacted_at"] is None and case["kind"] not in ("payment_failed", "duplicate_payment"):
                await self._begin(case)
            else:
                await self._go_on(case)
        for claim in await self.rows(CLAIMS):
            await self._follow(claim)

    async def report(self, order_id: int, kind: str) -> None:
        """A buyer says what is wrong."""
        wanted = cases.OpenCase(kind=kind, order_id=order_id, text="收到时有问题")
        await self.attempt("reported", SYSTEM, cases.open_by_hand, wanted, source="buyer")

    # ---- cases

    async def _begin(self, case: Any) -> None:
        """Whoever of the role is free takes it and speaks to the buyer, with a plan."""
        by = self._one(case, case["role"])
        if case["staff_id"] != by.id:
            await self.attempt("taken", by, cases.take, case["id"])
        await self.attempt("told", by, cases.update, case["id"], text="我们正在处理", plan="look_into_it")

    async def _go_on(self, case: Any) -> None:
        if case["remedy_state"] in ("proposed", "approved"):
            await self._grant(case)
            return
        steps: dict[str, Step] = {
            "delay": self._delay, "loss": self._loss, "damage": self._loss, "turned_away": self._turned_away,
            "missing_item": self._missing, "disputed_receipt": self._disputed,
        }  # fmt: skip
        await steps.get(case["kind"], self._other)(case)

    async def _grant(self, case: Any) -> None:
        """A lead says yes where the agent's word does not reach so far, else a manager; then a buyer their own."""
        if case["remedy_state"] == "approved":
            await self.attempt("accepted", SYSTEM, cases.accept, case["remedy_id"])
        elif not await self.attempt("granted by a lead", self._one(case, "lead"), cases.approve, case["remedy_id"]):
            await self.attempt("granted by a manager", self._one(case, "manager"), cases.approve, case["remedy_id"])

    async def _delay(self, case: Any) -> None:
        """Something on top for who waits long; over when it is there, or was made good as lost."""
        if case["delivered_at"] is not None:
            await self._close(case, "arrived")
        elif case["made_good"]:
            await self._close(case, "solved")
        elif case["is_old"] and case["state"] != "remedied":
            await self._propose(case, cases.Propose(kind=cases.RemedyKind.COMPENSATION, amount=500, form="balance"))

    async def _loss(self, case: Any) -> None:
        """Sent again or paid back, as the buyer likes; the carrier bears it."""
        if case["state"] == "remedied":
            closure = "sent_again" if case["remedy"] == "reship" else "paid_back"
            await self._close(case, closure, liable=cases.Liable.CARRIER)
        elif case["delivered_at"] is not None:
            await self._close(case, "solved" if case["kind"] == "damage" else "arrived")
        elif self._dice(case, 2, "sent again"):
            await self._propose(case, cases.Propose(kind=cases.RemedyKind.RESHIP, lines=await self._units(case)))
        else:
            await self._propose(case, cases.Propose(kind=cases.RemedyKind.REFUND, lines=await self._units(case)))

    async def _turned_away(self, case: Any) -> None:
        """Every other one is taken back by its case; the others come back all the same, and the case ends with that."""
        if case["state"] == "remedied" and case["outcome"] == "settled":
            await self._close(case, "paid_back")
        elif case["state"] != "remedied" and self._dice(case, 2, "asked back"):
            await self._propose(case, cases.Propose(kind=cases.RemedyKind.TAKE_BACK, reason=self._month.reason(case),
                                                    lines=await self._units(case)))  # fmt: skip

    async def _missing(self, case: Any) -> None:
        """One unit of the first line back in money."""
        if case["state"] == "remedied":
            await self._close(case, "paid_back", liable=cases.Liable.MERCHANT)
        else:
            await self._propose(case, cases.Propose(kind=cases.RemedyKind.REFUND, lines=(cases.RemedyLine(1, 1),)))

    async def _disputed(self, case: Any) -> None:
        await self._close(case, "receipt_proven")

    async def _other(self, case: Any) -> None:
        """What the house cures by itself is let go of when nothing comes of it any more."""
        if case["is_very_old"]:
            await self._close(case, LET_GO.get(case["kind"], "solved"))

    async def _propose(self, case: Any, wanted: cases.Propose) -> None:
        await self.attempt(
            f"proposed {wanted.kind}", self._one(case, "customer_service"), cases.propose, case["id"], wanted
        )

    async def _close(self, case: Any, closure: str, **more: Any) -> None:
        by = self._one(case, case["role"])
        if await self.attempt(f"closed {case['kind']}: {closure}", by, cases.close, case["id"], closure=closure,
                           text="谢谢您的耐心", **more) and self._dice(case, 3, "rates") == 0:  # fmt: skip
            await self.attempt("rated", SYSTEM, cases.rate, case["id"], rating=1 + self._dice(case, 5, "rating"))

    async def _units(self, case: Any) -> tuple[cases.RemedyLine, ...]:
        """What lies in the parcel that the case is about."""
        rows = await self.rows(
            """
            SELECT l.line_no, l.quantity FROM cases c JOIN parcel_lines l ON l.parcel_id = c.subject_id
            AND l.order_id = c.order_id WHERE c.id = $1 ORDER BY l.line_no
            """,
            case["id"],
        )
        return tuple(cases.RemedyLine(row["line_no"], row["quantity"]) for row in rows)

    # ---- claims

    async def _follow(self, claim: Any) -> None:
        """Filed, answered and paid; what the carrier lets pass twice is given up."""
        by = self._one(claim, "logistics")
        luck = self._dice(claim, 10, "claim")
        if claim["state"] == "drafted":
            if claim["case_state"] == "closed":
                await self.attempt("claim filed", by, cases.file_claim, claim["id"], carrier_ref=f"C{claim['id']}")
        elif claim["state"] == "answered":
            await self._recover(claim, by)
        elif luck < 2 and claim["chased"] > 1:
            await self.attempt("claim given up", by, cases.write_off_claim, claim["id"], reason="no_answer")
        elif luck >= 2 and claim["is_read"]:
            answered: cases.Answered = (
                "refused" if luck == 2 else "part" if luck < 5 and claim["value"] > 1 else "accepted"
            )
            part = claim["value"] // 2 if answered == "part" else 0
            await self.attempt("claim answered", by, cases.answer_claim, claim["id"], answered=answered, accepted=part)

    async def _recover(self, claim: Any, by: Actor) -> None:
        if claim["accepted"]:
            await self.attempt("claim recovered", by, cases.recover_claim, claim["id"], amount=claim["accepted"])
        else:
            await self.attempt("claim given up", by, cases.write_off_claim, claim["id"], reason="refused")

    def _one(self, row: Any, role: str) -> Actor:
        return self._people[row["merchant_id"]][role]

    def _dice(self, row: Any, limit: int, what: str) -> int:
        return self._month.fate(row["order_id"]).number(limit, what)
