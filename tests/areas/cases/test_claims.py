"""Claims on carriers: ours to file and follow; what they owe stands in the books, and who bears the rest."""

from datetime import timedelta

import pytest
from tests import given
from tests.areas.cases import desk
from tests.areas.cases.desk import ANNA
from tests.areas.cases.test_owning import later

from dingdan.areas import cases, fulfilment, ledger
from dingdan.areas.notifications import rendering
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("O4.6")


async def lost(db: Database) -> cases.Claim:
    """The claim that was drafted when a parcel of 199.00 was lost."""
    order_id = await given.shipped_order(db, await given.shop(db))
    await desk.scan(db, order_id, "lost")
    async with db.reading(SYSTEM) as tx:
        (case,) = await cases.of_orders(tx, [order_id])
        (claim,) = (await cases.claims_of(tx, [case.id]))[case.id]
    return claim


async def books(db: Database, claim: cases.Claim) -> dict[str, int]:
    """What stands on the accounts of trouble."""
    async with db.reading(SYSTEM) as tx:
        found = await ledger.balances(tx, claim.merchant_id)
    wanted = ("carrier_receivable", "carrier_payouts", "borne_by_carrier", "borne_by_merchant", "remedies_given")
    return {one.account: one.amount for one in found if one.account in wanted and one.amount}


async def test_a_claim_is_drafted_with_the_loss_and_must_be_filed_in_time(db: Database) -> None:
    claim = await lost(db)
    async with db.reading(SYSTEM) as tx:
        parcel = (await fulfilment.parcels(tx, [claim.parcel_id]))[claim.parcel_id]
    assert (claim.state, claim.value, claim.carrier) == ("drafted", 199_00, parcel.carrier)
    assert claim.file_by == parcel.dispatched_at + timedelta(days=30)
    await do(db, ANNA, cases.update, claim.case_id, text="x", plan="refund")
    await later(db, days=28)
    async with db.reading(SYSTEM) as tx:
        said = await cases.log(tx, await cases.get_one(tx, claim.case_id), with_words=False)
    assert "claim_not_filed" in [s.entry.data.get("reason") for s in said]


async def test_a_parcel_is_claimed_for_once(db: Database) -> None:
    claim = await lost(db)
    again = cases.DraftClaim(case_id=claim.case_id, parcel_id=claim.parcel_id, value=1)
    with pytest.raises(cases.ClaimedAlready):
        await do(db, ANNA, cases.draft_claim, again)


async def test_a_carrier_that_does_not_answer_in_seven_days_is_asked_again(db: Database) -> None:
    claim = await lost(db)
    filed = await do(db, ANNA, cases.file_claim, claim.id, carrier_ref="C-1", evidence=["photo-1"])
    assert filed.answer_by is not None
    assert filed.filed_at is not None
    assert filed.answer_by - filed.filed_at == timedelta(days=7)
    await later(db, days=7, minutes=1)
    async with db.reading(SYSTEM) as tx:
        asked = await cases.get_claim(tx, claim.id)
        hours = await tx.fetchval("SELECT count(*) FROM facts WHERE wire = 'claim.chased'")
    assert (asked.state, asked.chased, hours) == ("filed", 1, 1)


async def test_what_the_carrier_pays_and_who_bears_the_rest_is_in_the_books(db: Database) -> None:
    claim = await lost(db)
    await do(db, desk.LEA, cases.propose, claim.case_id, cases.Propose(kind=cases.RemedyKind.REFUND))
    await do(db, ANNA, cases.close, claim.case_id, closure="paid_back", liable=cases.Liable.CARRIER)
    assert await books(db, claim) == {"borne_by_carrier": 199_00, "remedies_given": -199_00}
    with pytest.raises(cases.ClaimStateForbids):
        await do(db, ANNA, cases.answer_claim, claim.id, answered="accepted")
    await do(db, ANNA, cases.file_claim, claim.id, carrier_ref="C-1")
    for wrong in (0, 199_00, 200_00):
        with pytest.raises(cases.ClaimUnfit):
            await do(db, ANNA, cases.answer_claim, claim.id, answered="part", accepted=wrong)
    await do(db, ANNA, cases.answer_claim, claim.id, answered="part", accepted=150_00)
    assert (await books(db, claim))["carrier_receivable"] == 150_00
    await do(db, ANNA, cases.recover_claim, claim.id, amount=100_00)
    assert await books(db, claim) == {
        "borne_by_carrier": 49_00, "borne_by_merchant": 50_00, "carrier_payouts": 100_00, "remedies_given": -199_00,
    }  # fmt: skip


async def test_a_claim_in_vain_is_written_off(db: Database) -> None:
    claim = await lost(db)
    await do(db, ANNA, cases.file_claim, claim.id, carrier_ref="C-1")
    refused = await do(db, ANNA, cases.answer_claim, claim.id, answered="refused")
    assert (refused.accepted, refused.answer) == (0, "refused")
    with pytest.raises(cases.ClaimUnfit):
        await do(db, ANNA, cases.recover_claim, claim.id, amount=1)
    assert (await do(db, ANNA, cases.write_off_claim, claim.id, reason="in_vain")).state == "written_off"
    assert await books(db, claim) == {}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_message_sends_the_buyer_to_the_carrier(language: str) -> None:
    words = rendering.words_of(language)
    # Who sends something back chooses with whom; of what is on its way to the buyer we speak ourselves.
    occasions = [one for name, one in words["occasions"].items() if not name.startswith("return_")]
    said = " ".join(f"{one['subject']} {one['intro']}" for one in occasions)
    said += " ".join((*words["plans"].values(), *words["closures"].values()))
    assert not any(word in said.lower() for word in ("carrier", "courier", "承运", "物流公司", "快递公司", "联系快递"))


@pytest.mark.requirement("O4.7")
async def test_a_lost_parcels_order_is_done_once_it_was_made_good(db: Database) -> None:
    claim = await lost(db)
    await do(db, desk.LEA, cases.propose, claim.case_id, cases.Propose(kind=cases.RemedyKind.REFUND))
    await do(db, ANNA, cases.close, claim.case_id, closure="paid_back")
    async with db.reading(SYSTEM) as tx:
        state = await tx.fetchval("SELECT state FROM orders WHERE id = $1", claim.order_id)
    assert state == "completed"


@pytest.mark.requirement("O4.2")
async def test_a_claim_is_a_complaint_that_counts_for_the_carrier(db: Database) -> None:
    shop = await given.shop(db)
    await given.carrier(db, shop, "manual")
    order_id = await given.shipped_order(db, shop)
    await desk.scan(db, order_id, "lost")
    async with db.reading(SYSTEM) as tx:
        (case,) = await cases.of_orders(tx, [order_id])
        (claim,) = (await cases.claims_of(tx, [case.id]))[case.id]
    await do(db, ANNA, cases.file_claim, claim.id, carrier_ref="C-1")
    await do(db, ANNA, cases.answer_claim, claim.id, answered="refused")
    await given.settle(db)
    async with db.reading(SYSTEM) as tx:
        noted = await tx.fetch("SELECT answered_at IS NOT NULL AS answered FROM carrier_complaints")

    assert [row["answered"] for row in noted] == [True]
