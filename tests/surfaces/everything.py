"""A shop in which everything that a route can name exists once."""

import hashlib
from datetime import UTC, datetime, timedelta

import msgspec

from dingdan.areas import (
    abuse,
    archive,
    carriers,
    cases,
    clocks,
    credit,
    customs,
    disposition,
    disputes,
    evidence,
    exchanges,
    fulfilment,
    identity,
    inspection,
    inventory,
    invoices,
    merchants,
    orders,
    packing,
    payments,
    policies,
    policy_desk,
    pricing,
    reconciliation,
    refunds,
    repairs,
    returns,
    review,
    settlements,
    talks,
    way_back,
    webhooks,
)
from dingdan.areas.identity.permissions import ROLES
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.lifecycle import REGISTRY
from dingdan.overviews import bundles, order_page
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx
from tests import given
from tests.areas.abuse import suspects
from tests.areas.cases import desk as in_trouble
from tests.areas.channel_orders import there
from tests.areas.settlements import desk as money_desk

SKU = "ONLY-HERE"
PICTURE = b"a picture"

_WISHES = [{"line_no": 1, "quantity": 1, "outcome": "reject"}]

# Requests with a body that the form allows, so that what is asked is whether the thing may be reached.
BODIES: dict[str, object] = {
    "POST /v1/abuse/flags/{abuse_flag_id}/confirm": {"parts": 1},
    "POST /v1/abuse/flags/{abuse_flag_id}/lift": {"parts": 1, "reason": "honest"},
    "POST /v1/abuse/flags/{abuse_flag_id}/hand_over": {"reason": "fraud", "authority": "PSB 2026-1"},
    "POST /v1/notices/{abuse_flag_id}/ask_review": {"buyer": "buyer-1"},
    "POST /v1/notices/{abuse_flag_id}/appeal": {"buyer": "buyer-1"},
    "POST /v1/orders/{order_id}/hold": {"reason": "look"},
    "POST /v1/orders/{order_id}/object": {"reason": "damaged"},
    "POST /v1/orders/{order_id}/feedback": {"rating": 5},
    "POST /v1/orders/{order_id}/feedback/hide": {"reason": "insult"},
    "PUT /v1/orders/{order_id}/customs-release": {"declaration": "D-1", "released_on": "2026-06-01"},
    "POST /v1/orders/{order_id}/customs-returns": {
        "lines": [{"line_no": 1, "quantity": 1}],
        "applied_on": "2026-06-02",
    },
    "POST /v1/customs-returns/{customs_return_id}/back": {"back_on": "2026-06-03"},
    "POST /v1/archive/{order_id}/hold": {"reason": "court"},
    "POST /v1/archive/{order_id}/lift-hold": {"reason": "closed"},
    "POST /v1/orders/{order_id}/change-address": {"ship_to": {"country": "CN"}},
    "POST /v1/orders/{order_id}/change-quantities": {"lines": [{"line_no": 1, "quantity": 1}]},
    "POST /v1/orders/{order_id}/split": {"lines": [{"line_no": 1, "quantity": 1}], "warehouse": "SH"},
    "POST /v1/channels/{code}/orders/{channel_order_id}/resolve": {"reason": "agreed"},
    "POST /v1/reviews/{review_id}/reject": {"reason": "no"},
    "POST /v1/reviews/{review_id}/mend-address": {"ship_to": {"country": "CN"}},
    "POST /v1/orders/{order_id}/notes": {"text": "seen"},
    "POST /v1/orders/tags": {"orders": [ids.encode("order", 1)], "add": ["seen"]},
    "POST /v1/orders/assign": {"orders": [ids.encode("order", 1)], "to": None},
    "POST /v1/orders/{order_id}/assign": {"to": None},
    "POST /v1/carriers/{code}/notes": {"text": "late again"},
    "POST /v1/reviews/{review_id}/ask": {"questions": ["id"]},
    "POST /v1/reviews/{review_id}/answer": {"text": "yes"},
    "PUT /v1/promotions/{promotion_id}": {
        "name": {"en": "Sale"},
        "benefit": {"kind": "percent", "off": 1000},
        "starts_at": "2026-01-01T00:00:00Z",
    },
    "POST /v1/promotions/{promotion_id}/stop": {"reason": "mistake"},
    "POST /v1/promotions/{promotion_id}/preview": {},
    "POST /v1/coupons/{promotion_id}/grants": {"codes": 1},
    "POST /v1/reminders": {"kind": "in_stock", "sku": SKU, "buyer": {"ref": "buyer-1"}},
    "POST /v1/work/{work_id}/pack": {"lines": [{"sku": SKU, "quantity": 1}]},
    "POST /v1/work/{work_id}/short": {"lines": [{"line_no": 1, "missing": 1}]},
    "POST /v1/work/{work_id}/ship": {"parcels": [{"carrier": "manual", "tracking_number": "A1234567"}]},
    "POST /v1/parcels/{parcel_id}/receive": {},
    "POST /v1/parcels/{parcel_id}/scans": {"code": "in_transit"},
    "POST /v1/sandbox/parcels/{parcel_id}/plan": {"script": "L"},
    "POST /v1/returns/{return_id}/refuse": {"reason": "x", "rule": "y", "alternatives": []},
    "POST /v1/returns/{return_id}/change": {"buyer": "buyer-1", "lines": [{"sku": SKU, "quantity": 1}]},
    "POST /v1/returns/{return_id}/remarks": {"text": "see the crack"},
    "POST /v1/returns/{return_id}/ask": {"text": "show the label"},
    "POST /v1/returns/{return_id}/answer": {"text": "here it is"},
    "POST /v1/returns/{return_id}/offers": {"kind": "keep", "amount": 1},
    "POST /v1/offers/{offer_id}/counter": {"kind": "keep", "amount": 1},
    "POST /v1/exchanges/{exchange_id}/change": {"lines": [{"line_no": 1, "sku": SKU}]},
    "POST /v1/repairs/{repair_id}/send-back": {"carrier": "sf", "tracking_number": "SF1"},
    "POST /v1/repairs/{repair_id}/choose": {"instead": "refund"},
    "POST /v1/orders/{order_id}/withdrawals": {"name": "Anna", "contact": "anna@example.org"},
    "POST /v1/returns/{return_id}/send": {"carrier": "manual", "tracking_number": "B1234567"},
    "POST /v1/returns/{return_id}/inspect": {
        "lines": [
            {"line_no": 1, "quantity": 1, "is_original": True, "intact": True, "grade": "A", "disposition": "restock"}
        ]
    },
    "POST /v1/returns/{return_id}/address": {
        "name": "n",
        "phone": "1",
        "country": "CN",
        "province": "p",
        "city": "c",
        "detail": "d",
    },
    "POST /v1/returns/{return_id}/address/answer": {"agrees": True},
    "POST /v1/returns/{return_id}/labels": {"carrier": "sandbox"},
    "POST /v1/strays/{stray_id}/match": {"return_id": ids.encode("return", 1)},
    "POST /v1/strays/{stray_id}/ask": {"order_id": ids.encode("order", 1)},
    "POST /v1/strays/{stray_id}/close": {"because": "empty"},
    "POST /v1/returned-goods/{goods_id}/dispose": {"kind": "restock", "quantity": 1},
    "POST /v1/returned-goods/{goods_id}/offer": {"amount": 1},
    "POST /v1/returned-goods/{goods_id}/choose": {"choice": "dispute"},
    "POST /v1/purses/{purse_id}/take_back": {"amount": 1, "reason": "mistake"},
    "POST /v1/purses/{purse_id}/block": {"reason": "stolen"},
    "POST /v1/purses/{purse_id}/extend": {"expires_at": "2099-01-01T00:00:00Z"},
    "POST /v1/differences/{difference_id}/resolve": {"resolution": "explained"},
    "POST /v1/refunds/{refund_id}/refuse": {"reason": "no"},
    "POST /v1/stocktakes/{stocktake_id}/refuse": {"reason": "no"},
    "PATCH /v1/webhook-endpoints/{webhook_endpoint_id}": {"description": "new"},
    "POST /v1/sandbox/catchers/{webhook_endpoint_id}/answer": {"status": 200},
    "POST /v1/webhook-endpoints/{webhook_endpoint_id}/replay": {"since": "2026-01-01T00:00:00Z"},
    "POST /v1/orders/{order_id}/hand-payouts": {
        "consent": "Pay me by transfer.",
        "account": {"holder": "a", "bank": "b", "number": "1"},
    },
    "POST /v1/hand-payouts/{hand_payout_id}/pay": {"receipt": "1"},
    "POST /v1/hand-payouts/{hand_payout_id}/not-found": {"reason": "no"},
    "POST /v1/orders/{order_id}/cases": {"kind": "missing_item"},
    "POST /v1/cases/{case_id}/hand_over": {"staff": ids.encode("staff", 1), "reason": "holiday"},
    "POST /v1/cases/{case_id}/escalate": {"reason": "unsure"},
    "POST /v1/cases/{case_id}/attach": {"order": ids.encode("order", 1)},
    "POST /v1/cases/{case_id}/note": {"text": "seen"},
    "POST /v1/cases/{case_id}/update": {"text": "looking"},
    "POST /v1/cases/{case_id}/ask": {"text": "which one?"},
    "POST /v1/cases/{case_id}/answer": {"text": "the red one"},
    "POST /v1/cases/{case_id}/correct_address": {"ship_to": {"country": "CN"}},
    "POST /v1/cases/{case_id}/close": {"closure": "solved"},
    "POST /v1/cases/{case_id}/withdraw": {"reason": "mistake"},
    "POST /v1/cases/{case_id}/rate": {"rating": 5},
    "POST /v1/cases/{case_id}/remedies": {"kind": "compensation", "amount": 1, "form": "money"},
    "POST /v1/cases/{case_id}/claims": {"parcel": ids.encode("parcel", 1), "value": 1},
    "POST /v1/remedies/{remedy_id}/refuse": {"reason": "no"},
    "POST /v1/remedies/{remedy_id}/pay": {"receipt": "T-1"},
    "POST /v1/claims/{claim_id}/file": {"carrier_ref": "C-1"},
    "POST /v1/claims/{claim_id}/answer": {"answer": "refused"},
    "POST /v1/claims/{claim_id}/recover": {"amount": 1},
    "POST /v1/claims/{claim_id}/write_off": {"reason": "in_vain"},
    "POST /v1/returns/{return_id}/disputes": {"issue": "other", "text": "no", "lines": _WISHES},
    "POST /v1/cases/{case_id}/disputes": {"issue": "other", "text": "no", "lines": _WISHES},
    "POST /v1/orders/{order_id}/disputes": {"issue": "other", "text": "no", "lines": _WISHES},
    "POST /v1/disputes/{dispute_id}/show": {"text": "look"},
    "POST /v1/disputes/{dispute_id}/suspend": {"reason": "police"},
    "POST /v1/disputes/{dispute_id}/elsewhere": {"evidence": [ids.encode("evidence", 1)]},
    "POST /v1/disputes/{dispute_id}/resume": {"outcome": "decided"},
    "POST /v1/disputes/{dispute_id}/appeal": {"text": "no"},
    "POST /v1/disputes/{dispute_id}/rule": {
        "lines": _WISHES,
        "fault": "buyer",
        "freight": "buyer",
        "rules": ["PLATFORM_PROVED"],
        "reason": "nothing was proved",
    },
    "POST /v1/policies/{policy_id}/try": {"made_up": {"category": "clothing"}},
    "POST /v1/policies/{policy_id}/backtests": {"days": 30},
    "PUT /v1/orders/{order_id}/late-notice": {"told_at": None},
    "PUT /v1/case-skills/{staff_id}": {"kinds": ["damage"]},
    "POST /v1/payouts/{payout_id}/confirm": {"bank_ref": "B-1"},
    "POST /v1/payouts/{payout_id}/fail": {"reason": "account_closed"},
    "POST /v1/orders/{order_id}/invoice-requests": {"title": {"kind": "personal", "name": "王小明"}},
    "POST /v1/invoices/{invoice_id}/correct": {"title": {"kind": "personal", "name": "王大明"}},
}


async def _by_hand(db: Database, shop: given.Shop) -> int:
    """Money that the channel does not take back, with the buyer's word where it goes."""
    order_id = await given.paid_order(db, shop, {SKU: 1})
    await payments.sandbox.allow(db, payments.Limits(max_refunds=0))
    await do(db, SYSTEM, orders.cancel, order_id, reason="test")
    await given.settle(db)
    await payments.sandbox.allow(db, payments.Limits())
    account = refunds.Account(holder="a", bank="b", number="1")
    return (await do(db, SYSTEM, refunds.consent, order_id, account=account, words="Pay me by transfer.")).id


async def _to_be_mended(db: Database, shop: given.Shop) -> int:
    """A repair whose goods are not here yet."""
    broken = await given.delivered_order(db, shop, {SKU: 1})
    line = returns.ApplyLine(order_id=broken, line_no=1, quantity=1, reason="FUNCTION_FAULT")
    wish = returns.Apply(shop.merchant_id, "buyer-1", (line,), resolution=returns.Resolution.REPAIR)
    (held,) = (await do(db, SYSTEM, returns.apply, wish)).returns
    await do(db, SYSTEM, returns.approve, held.id)
    await do(db, SYSTEM, repairs.follow_returns, [held.id])
    async with db.reading(SYSTEM) as tx:
        return (await repairs.of_returns(tx, [held.id]))[held.id].id


async def everything(db: Database, shop: given.Shop) -> dict[str, str]:
    """What fills the braces of a path: ids of things of this shop, as they are written."""
    delivered = await given.delivered_order(db, shop, {SKU: 2})
    # Before a rule of review holds every order.
    case, remedy, claim = await _in_trouble(db, shop)
    dispute, ruled = await _disputed(db, case)
    broken = await _to_be_mended(db, shop)
    settled = await _settled(db, shop)
    offer, withdrawal, picture = await _talked(db, shop)
    async with db.transaction(SYSTEM) as tx:
        around = await order_page.around(tx, delivered)
        order = await orders.get_one(tx, delivered)
        line = returns.ApplyLine(order_id=delivered, line_no=1, quantity=1)
        applied = await returns.apply(tx, returns.Apply(shop.merchant_id, "buyer-1", (line,)))
        wish = returns.Apply(shop.merchant_id, "buyer-1", (line,), resolution=returns.Resolution.EXCHANGE)
        _, (swapped,) = await exchanges.ask(tx, exchanges.Ask(wish))
    goods, stray, label, shot, of_stray = await _came_back(db, shop)
    cancelled = await given.paid_order(db, shop, {SKU: 1})
    await do(db, SYSTEM, orders.cancel, cancelled, reason="test")
    await given.settle(db)
    wave_id, picture_id, consent_id = await _at_the_packing_table(db, shop, delivered, cancelled)
    await do(db, SYSTEM, archive.keep, [cancelled], collect=bundles.collect, leaving=bundles.LEAVING)
    queued = await given.paid_order(db, shop, {SKU: 1})
    async with db.transaction(SYSTEM) as tx:
        refund_id = await tx.fetchval("SELECT id FROM refunds WHERE order_id = $1", cancelled)
        work_id = await tx.fetchval("SELECT id FROM work_orders WHERE order_id = $1", queued)
        message_id = await tx.fetchval("SELECT min(id) FROM messages WHERE order_id = $1", delivered)
        code = await tx.fetchval("SELECT code FROM merchants WHERE id = $1", shop.merchant_id)
    new = credit.NewCard(merchant_id=shop.merchant_id, currency="CNY", amount=1)
    (card,) = await do(db, SYSTEM, credit.issue_cards, [new])
    async with db.transaction(SYSTEM) as tx:
        checkout_id = (await orders.get_one(tx, delivered)).checkout_id
    statement_id, difference_id = await _compared(db, around.payments[0].id)
    review_id = await _looked_at(db, shop)
    login, key, policy = await _people_and_papers(db, shop)
    transfer, stocktake = await _goods_moved(db, shop)
    endpoint, delivery = await do(db, SYSTEM, _webhook, shop.merchant_id)
    flag = await suspects.flagged(db, delivered, abuse.SignalKind.SWAPPED_ITEM)
    await do(db, suspects.ANNA, abuse.confirm, flag.id, parts=flag.parts)
    handover = await do(db, suspects.ANNA, abuse.hand_over, flag.id, reason="fraud", authority="PSB")
    numbers = {
        "abuse_flag": flag.id,
        "abuse_handover": handover.id,
        "exchange": swapped.id,
        "repair": broken,
        "offer": offer,
        "withdrawal": withdrawal,
        "evidence": picture,
        "order": delivered,
        "case": case,
        "remedy": remedy,
        "claim": claim,
        "customs_return": await _at_customs(db, delivered, shop),
        "dispute": dispute,
        "ruling": ruled,
        "staff": await _somebody(db, login),
        "channel_order": await _made_elsewhere(db, shop),
        "payment": around.payments[0].id,
        "parcel": around.parcels[0].id,
        "work": work_id,
        "wave": wave_id,
        "picture": picture_id,
        "consent": consent_id,
        "return": applied.returns[0].id,
        "refund": refund_id,
        "hand_payout": await _by_hand(db, shop),
        "buyer": order.buyer_id,
        "key": key,
        "policy": policy,
        "backtest": (await do(db, SYSTEM, _backtest, shop.merchant_id, policy)).id,
        "review": review_id,
        "message": message_id,
        "promotion": await _promotion(db, shop),
        "purse": card.purse_id,
        "checkout": checkout_id,
        "statement": statement_id,
        "difference": difference_id,
        "transfer": transfer,
        "stocktake": stocktake,
        "extension": await _extension(db, shop),
        "goods": goods,
        "stray": stray,
        "stray_picture": of_stray,
        "return_label": label,
        "inspection_picture": shot,
        "webhook_endpoint": endpoint,
        "webhook_delivery": delivery,
        **settled,
    }
    words = {"code": code, "sku": SKU, "warehouse": "HZ", "login": login, "version": "1", "merchant": code}
    words["kept"] = ids.encode("order", cancelled)
    return {f"{kind}_id": ids.encode(kind, number) for kind, number in numbers.items()} | words


async def _settled(db: Database, shop: given.Shop) -> dict[str, int]:
    """A period that was closed and is to be paid out, of an order that has an invoice."""
    await money_desk.agree(db, shop)
    seller = invoices.Seller(legal_name="小店", tax_number="91110000600037341L")
    await do(db, SYSTEM, invoices.save_seller, shop.merchant_id, seller)
    order_id = await given.delivered_order(db, shop, {SKU: 1})
    title = invoices.Title(kind=invoices.TitleKind.PERSONAL, name="王小明")
    request = await do(db, SYSTEM, invoices.ask, order_id, title)
    await do(db, SYSTEM, orders.receive, order_id)
    await given.settle(db)
    (account,) = await money_desk.accounts(db, shop)
    await do_at(db, SYSTEM, account.ends_at, settlements.close, account.id)
    run = await do_at(db, money_desk.FINN, account.ends_at, settlements.prepare, "CNY", merchant_ids=[shop.merchant_id])
    async with db.reading(SYSTEM) as tx:
        (payout,) = await settlements.payouts_of_run(tx, run.id)
        _, (invoice,) = await invoices.of_order(tx, order_id)
    return {"settlement": account.id, "payout_run": run.id, "payout": payout.id, "invoice": invoice.id,
            "invoice_request": request.id}  # fmt: skip


async def _talked(db: Database, shop: given.Shop) -> tuple[int, int, int]:
    """Something that is offered, a withdrawal that was stated, and a picture that was shown."""
    order_id = await given.delivered_order(db, shop, {SKU: 1})
    look = {"sha256": hashlib.sha256(PICTURE).hexdigest(), "size": len(PICTURE), "width": 1, "height": 1}
    async with db.transaction(SYSTEM) as tx:
        line = returns.ApplyLine(1, "QUALITY_DEFECT", order_id, 1)
        (held,) = (await returns.apply(tx, returns.Apply(shop.merchant_id, "buyer-1", (line,)))).returns
        offered = talks.Propose(talks.OfferKind.KEEP, 1)
        offer = await talks.offer(tx, held.id, offered, side=talks.Side.SELLER)
        picture = await evidence.bring(tx, evidence.NewEvidence(
            order_id=order_id, sort="photo", shot="fault", likeness=None, **look
        ))  # fmt: skip
        withdrawal = tx.mint()
        # No policy of this shop offers it.
        await tx.execute(
            "INSERT INTO withdrawals (id, order_id, merchant_id, buyer_id, lines, stated_at) VALUES ($1, $2, $3, $4, $5, $6)",
            withdrawal, order_id, shop.merchant_id, picture.buyer_id, [], tx.now,
        )  # fmt: skip
        step = born(REGISTRY["withdrawal"], withdrawal)
        stated = talks.WithdrawalStated(
            subject_id=withdrawal, merchant_id=shop.merchant_id, order_id=order_id, move=step
        )
        tx.announce(stated)
    return offer.id, withdrawal, picture.id


async def _at_customs(db: Database, order_id: int, shop: given.Shop) -> int:
    """Goods that go back through customs, of a shop that sells nothing from abroad."""
    async with db.transaction(SYSTEM) as tx:
        number = tx.mint()
        await tx.execute(
            """
            INSERT INTO customs_returns (id, merchant_id, order_id, units, currency, applied_on, noted_at, noted_by_kind)
            VALUES ($1, $2, $3, '{"1": 1}', 'CNY', '2026-06-02', $4, 'system')
            """,
            number, shop.merchant_id, order_id, tx.now,
        )  # fmt: skip
        due = deadlines.Due(number, shop.merchant_id, tx.now + timedelta(days=44), order_id)
        await deadlines.schedule(tx, customs.BACK_BY, [due])
        tx.announce(customs.CustomsReturnApplied(
            subject_id=number, merchant_id=shop.merchant_id, order_id=order_id, units=1, is_in_time=True,
            move=born(REGISTRY["customs_return"], number),
        ))  # fmt: skip
    return number


async def _somebody(db: Database, login: str) -> int:
    """The id of somebody of the staff."""
    async with db.connection() as connection:
        return int(await connection.fetchval("SELECT id FROM staff WHERE login = $1", login))


async def _came_back(db: Database, shop: given.Shop) -> tuple[int, int, int, int, int]:
    """Goods that wait to be disposed of, a parcel that nobody announced, a label, and a picture of either."""
    await do(db, SYSTEM, _lane, shop.merchant_id, "sandbox")
    held = []
    for _ in range(2):
        order_id = await given.delivered_order(db, shop, {SKU: 1})
        line = returns.ApplyLine(order_id=order_id, line_no=1, quantity=1)
        held += (await do(db, SYSTEM, returns.apply, returns.Apply(shop.merchant_id, "buyer-1", (line,)))).returns
    label = await do(db, SYSTEM, way_back.book, way_back.Book(return_ids=(held[0].id,), carrier="sandbox"))
    await do(db, SYSTEM, returns.receive, [returns.Receive(held[1].id)])
    file = inspection.Drawn(hashlib.sha256(PICTURE).hexdigest(), len(PICTURE), 1, 1)
    shot = await do(db, SYSTEM, returns.take_picture, held[1].id, line_no=0, shows="unpacking", drawn=file)
    found = returns.InspectedLine(1, 1, True, True, "A", "quarantine")
    await do(db, SYSTEM, returns.inspect, [returns.Inspect(held[1].id, (found,))])
    await given.settle(db)
    async with db.transaction(SYSTEM) as tx:
        (goods,) = (await disposition.of_returns(tx, [held[1].id]))[held[1].id]
    stray, _ = await do(db, SYSTEM, way_back.register,
                        way_back.NewStray(merchant_id=shop.merchant_id, warehouse_id=shop.warehouse_id))  # fmt: skip
    seen = way_back.NewStrayPicture(sha256=file.sha256, size=file.size, width=1, height=1)
    of_stray = await do(db, SYSTEM, way_back.take_picture, stray.id, seen)
    return goods.id, stray.id, label.id, shot.id, of_stray.id


async def _in_trouble(db: Database, shop: given.Shop) -> tuple[int, int, int]:
    """A parcel that was lost: its case, something that was proposed, and the claim on the carrier."""
    order_id = await given.shipped_order(db, shop, {SKU: 1})
    await in_trouble.scan(db, order_id, "lost")
    async with db.transaction(SYSTEM) as tx:
        (case,) = await cases.of_orders(tx, [order_id])
        (claim,) = (await cases.claims_of(tx, [case.id]))[case.id]
        remedy = await cases.propose(tx, case.id, in_trouble.compensation(1, "money"))
    return case.id, remedy.id, claim.id


async def _disputed(db: Database, case_id: int) -> tuple[int, int]:
    """A dispute about a case, and what was ruled about it."""
    wish = disputes.Wish(1, 1, disputes.Outcome.REJECT)
    async with db.reading(SYSTEM) as tx:
        day_later = (await cases.get_one(tx, case_id)).opened_at + disputes.NEGOTIATION
    one = await do_at(db, SYSTEM, day_later, disputes.open_dispute, disputes.OpenDispute(
        subject="case", subject_id=case_id, issue=disputes.Issue.OTHER, side=talks.Side.BUYER, lines=(wish,), text="no",
    ))  # fmt: skip
    await do(db, SYSTEM, disputes.show, one.id, side=talks.Side.SELLER, text="no")
    judge = Actor(ActorKind.STAFF, 1, "judge", None, ROLES["arbitrator"])
    ruled = await do(db, judge, disputes.rule, one.id, disputes.Rule(
        lines=(wish,), fault=disputes.AtFault.BUYER, freight=talks.Side.BUYER, rules=("PLATFORM_PROVED",),
        text="nothing was proved",
    ))  # fmt: skip
    return one.id, ruled.id


async def _at_the_packing_table(db: Database, shop: given.Shop, *together: int) -> tuple[int, int, int]:
    """A wave with a picture of what is in it, and a consent about two orders."""
    await given.paid_order(db, shop, {SKU: 1})
    made = await do(db, SYSTEM, fulfilment.claim_wave, shop.warehouse_id, size=1, claimed_by=None)
    assert made is not None
    look = {"sha256": hashlib.sha256(PICTURE).hexdigest(), "size": len(PICTURE), "width": 1, "height": 1}
    picture = await do(db, SYSTEM, fulfilment.take_picture, made[1][0].id, **look)
    async with db.transaction(SYSTEM) as tx:
        consent = await packing.consent(tx, packing.NewConsent(
            order_ids=together, given_by=packing.GivenBy.BUYER, given_at=tx.now, text_version="2026-11"
        ))  # fmt: skip
    return made[0].id, picture.id, consent.id


async def _made_elsewhere(db: Database, shop: given.Shop) -> int:
    """An order of a channel whose sums differ."""
    (made,) = await there.tell(db, shop, there.told(sku=SKU, total=1))
    return made.id


async def _extension(db: Database, shop: given.Shop) -> int:
    """Deadlines of this shop that shall be later."""
    wanted = clocks.Extend(
        merchant_id=shop.merchant_id, kinds=("order.pay_by",), due_from=datetime(2099, 1, 1, tzinfo=UTC),
        due_before=datetime(2099, 2, 1, tzinfo=UTC), by_span=timedelta(hours=1), reason="holiday",
    )  # fmt: skip
    return (await do(db, SYSTEM, clocks.extend, wanted)).id


async def _compared(db: Database, payment_id: int) -> tuple[int, int]:
    """A provider's statement that says another amount of a payment."""
    async with db.transaction(SYSTEM) as tx:
        payment = await payments.get_one(tx, payment_id)
        statement = await reconciliation.open_statement(tx, payment.provider, bytes(str(payment_id), "ascii"))
        line = reconciliation.Line(
            line=2, kind=reconciliation.LineKind.CHARGE, provider_ref=payment.provider_ref or "", number=payment_id,
            state="captured", currency=payment.currency, amount=payment.amount + 1, at=tx.now,
        )  # fmt: skip
        await reconciliation.compare(tx, statement.id, [line])
        await reconciliation.finish(tx, statement.id)
        return statement.id, await tx.fetchval("SELECT id FROM differences WHERE statement_id = $1", statement.id)


async def _goods_moved(db: Database, shop: given.Shop) -> tuple[int, int]:
    """A transfer that is on its way and a stocktake that waits."""
    place = inventory.SaveWarehouse(shop.merchant_id, "SH", {"en": "Shanghai"}, "Asia/Shanghai", given.ADDRESS)
    other = await do(db, SYSTEM, inventory.save_warehouse, place)
    product = shop.products[SKU]
    sent = inventory.SendTransfer(shop.merchant_id, shop.warehouse_id, other.id, ((product, 1),))
    counted = inventory.TakeStock(shop.merchant_id, shop.warehouse_id, ((product, 5),), "daily")
    return (await do(db, SYSTEM, inventory.send_transfer, sent)).id, (
        await do(db, SYSTEM, inventory.take_stock, counted)
    ).id


async def _people_and_papers(db: Database, shop: given.Shop) -> tuple[str, int, int]:
    person = identity.SaveStaff(shop.merchant_id, f"someone-{shop.merchant_id}", "Someone", ("reviewer",))
    staff = await do(db, SYSTEM, identity.save_staff, person)
    key = await do(db, SYSTEM, identity.issue_key, identity.IssueKey(shop.merchant_id, None, "theirs", ("order.read",)))
    (pack,) = [document for document in policies.packs() if document.id == "cn_statutory"]
    await do(db, SYSTEM, _lane, shop.merchant_id)
    own = msgspec.structs.replace(pack, id="house", version="1")
    policy = await do(db, SYSTEM, policies.publish, shop.merchant_id, own)
    return staff.login, key.id, policy.id


async def _backtest(tx: Tx, merchant_id: int, policy_id: int) -> policy_desk.Backtest:
    return await policy_desk.request(tx, (await merchants.by_ids(tx, [merchant_id]))[merchant_id], policy_id)


async def _looked_at(db: Database, shop: given.Shop) -> int:
    """An order that a rule of the shop's own stopped; the rule is called `own_rule`."""
    await given.review_rule(db, review.LargeAmount(at_least={"CNY": 1}), merchant_id=shop.merchant_id, code="own_rule")
    order_id = await given.paid_order(db, shop, {SKU: 1})
    async with db.transaction(SYSTEM) as tx:
        return (await review.of_orders(tx, [order_id]))[order_id].id


async def _lane(tx: Tx, merchant_id: int, code: str = "sf") -> None:
    sf = carriers.SaveCarrier(merchant_id=merchant_id, code=code, name={"en": code}, licences=(given.LICENCE,))
    (saved,) = await carriers.save_carriers(tx, [sf])
    lane = carriers.SaveLane(
        merchant_id=merchant_id, code="east" if code == "sf" else code, carrier_id=saved.id, country="CN"
    )
    await carriers.save_lanes(tx, [lane])
    await carriers.record_scores(tx, [carriers.LaneCounts(saved.id, "CN-33", "CN-11", {})], until=tx.now)


async def _webhook(tx: Tx, merchant_id: int) -> tuple[int, int]:
    """An endpoint that nothing is sent to, and a test that waits for it."""
    wanted = webhooks.SaveEndpoint(merchant_id=merchant_id, url="https://192.0.2.1/", events=("*",), scopes=())
    made = await webhooks.create(tx, wanted)
    return made.endpoint_id, await webhooks.test(tx, made.endpoint_id)


async def _promotion(db: Database, shop: given.Shop) -> int:
    """A coupon on paper."""
    draft = pricing.Draft(name={"en": "Sale"}, benefit=pricing.Percent(1000), code="SALE", starts_at=datetime.now(UTC))
    return (await do(db, SYSTEM, pricing.create, shop.merchant_id, draft)).id


async def pay_later(db: Database, shop: given.Shop) -> tuple[int, int]:
    """An order with a payment that waits for its buyer: (order, payment)."""
    order_id = await given.placed_order(db, shop)
    (payment,) = await do(db, SYSTEM, payments.start, [order_id], provider="sandbox", method="qr")
    await payments.call_started(db, [payment.id])
    return order_id, payment.id
