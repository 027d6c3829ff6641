"""Faults that peers really had, injected by SQL: each must make its invariant speak."""

from typing import NamedTuple

from dingdan.overviews.invariants.belonging import same_as_parents
from dingdan.overviews.invariants.naming import TABLES, parents
from tests.invariants.story import (
    AWAITING,
    CANCELLED,
    COMPLETED,
    EXPIRED,
    ON_ITS_WAY,
    PAID_TWICE,
    PICKING,
    QUEUED,
    REFUNDED,
    RETURNED,
)


class Mutation(NamedTuple):
    """One fault: the invariant that must see it, what went wrong, and the SQL that makes it so."""

    invariant: str
    fault: str
    sql: str


def payment(order: int) -> int:
    """The story's payment of an order."""
    return order + 20000000


def refund(order: int) -> int:
    """The story's refund of an order."""
    return order + 40000000


def send_back(order: int) -> int:
    """The story's send-back of an order."""
    return order + 50000000


def parcel(order: int) -> int:
    """The story's parcel of an order."""
    return order + 60000000


def work(order: int) -> int:
    """The story's work of an order."""
    return order + 70000000


RETURN = RETURNED + 80000000
EXCESS = PAID_TWICE + 530000000
NOWHERE = 4

# Paid by hand and confirmed, with nothing that it settles.
HAND_PAYOUT = f"""
INSERT INTO hand_payouts (id, order_id, merchant_id, buyer_id, state, currency, amount, consent, consented_by_kind,
    consented_at, receipt, paid_by_kind, paid_by, paid_at, confirmed_by_kind, confirmed_by, ended_at)
VALUES (7, {RETURNED}, 1, 1, 'confirmed', 'CNY', 1, 'yes', 'key', now(), 'T1', 'staff', 1, now(), 'staff', 2, now())
"""

# What a table needs before a row of it, or a pointer, can be broken.
FIRST = {
    "captures": f"UPDATE captures SET carried_from = {send_back(RETURNED)} WHERE id = (SELECT min(id) FROM captures)",
    "hand_payouts": HAND_PAYOUT,
    "orders": "UPDATE orders SET first_order_id = (SELECT min(id) FROM orders) WHERE id = (SELECT max(id) FROM orders)",
    "refunds": f"{HAND_PAYOUT}; UPDATE refunds SET hand_payout_id = 7 WHERE id = {refund(RETURNED)}",
}

# A row like another one, under another id: what a retry without idempotency leaves behind.
TWIN_REFUND = f"""
INSERT INTO refunds SELECT (jsonb_populate_record(r, '{{"id": 5, "cause": "return", "cause_id": 6}}')).*
FROM refunds r WHERE id = {refund(REFUNDED)};
INSERT INTO refund_lines SELECT (jsonb_populate_record(l, '{{"refund_id": 5}}')).*
FROM refund_lines l WHERE refund_id = {refund(REFUNDED)};
INSERT INTO refund_tenders SELECT (jsonb_populate_record(t, '{{"refund_id": 5}}')).*
FROM refund_tenders t WHERE refund_id = {refund(REFUNDED)};
"""

TWIN_RETURN = f"""
INSERT INTO returns SELECT (jsonb_populate_record(r, '{{"id": 5, "outcome": "open", "journey": "at_buyer"}}')).*
FROM returns r WHERE id = {RETURN};
INSERT INTO return_lines SELECT (jsonb_populate_record(l, '{{"return_id": 5, "quantity": 9, "received": 0, "accepted": 0}}')).*
FROM return_lines l WHERE return_id = {RETURN};
"""

_WORK = [
    Mutation("Q1_claims_end", "a claim has lost the clock that ends it", "DELETE FROM deadlines WHERE kind = 'work.claim'"),
    Mutation("Q1_claims_end", "work in the queue still names who held it",
             f"UPDATE work_orders SET claimed_by = 41, claimed_at = now() WHERE id = {work(QUEUED)}"),
    Mutation("Q2_waves_are_one_pass", "a work was claimed anew and kept its wave",
             f"UPDATE work_orders SET claimed_at = now() WHERE id = {work(PICKING)}"),
    Mutation("Q2_waves_are_one_pass", "a wave is smaller than what is in it", "UPDATE waves SET size = 1"),
    Mutation("Q3_boxes_hold_what_left", "what lies in a box is not what its record says",
             f"UPDATE work_orders SET packed = '[[1, 99]]' WHERE id = {work(ON_ITS_WAY)}"),
    Mutation("Q4_serials_in_one_box", "a numbered piece is kept by work that is not packed",
             f"UPDATE serials SET work_id = {work(QUEUED)}"),
    Mutation("Q5_short_orders_wait_for_units", "an order is called short and misses nothing",
             f"UPDATE orders SET short_since = now() WHERE id = {QUEUED}"),
    Mutation("Q6_shared_with_consent", "a parcel holds the goods of two orders, and nobody agreed",
             f"INSERT INTO parcel_lines SELECT {COMPLETED}, {parcel(ON_ITS_WAY)}, 1, 1, 1"),
]  # fmt: skip

_STOCK = [
    Mutation("S1_stock_in_bounds", "an update without a guard reserves more than there is",
             "ALTER TABLE stock DROP CONSTRAINT ck_stock_reserved_fits; UPDATE stock SET reserved = on_hand + 1"),
    Mutation("S1_stock_in_bounds", "quarantine goes below zero",
             "ALTER TABLE stock DROP CONSTRAINT ck_stock_quarantine_fits; UPDATE stock SET quarantine = -1"),
    Mutation("S2_stock_is_its_history", "a lost update: one of two shipments never lowered the balance",
             f"""UPDATE stock SET on_hand = on_hand + 1
                 WHERE product_id = (SELECT product_id FROM order_lines WHERE order_id = {COMPLETED} LIMIT 1)"""),
    Mutation("S2_stock_is_its_history", "a movement was deleted",
             f"DELETE FROM movements WHERE order_id = {COMPLETED} AND line_no = 1"),
    Mutation("S2_stock_is_its_history", "a double restock: the balance went up twice",
             f"""UPDATE stock SET on_hand = on_hand + 1 WHERE product_id =
                 (SELECT product_id FROM return_lines WHERE return_id = {RETURN})"""),
    Mutation("S3_reserved_is_held", "a hold leaked: released twice, subtracted never",
             "UPDATE stock SET reserved = reserved + 1 WHERE product_id = 1000"),
    Mutation("S3_reserved_is_held", "a hold was lost",
             f"UPDATE reservations SET state = 'released' WHERE order_id = {QUEUED} AND line_no = 1"),
    Mutation("S4_lines_explained", "stock was never released after a cancellation",
             f"UPDATE reservations SET state = 'held' WHERE order_id = {CANCELLED}"),
    Mutation("S4_lines_explained", "an order without stock",
             f"DELETE FROM reservations WHERE order_id = {QUEUED}"),
    Mutation("S4_lines_explained", "fewer units held than sold",
             f"UPDATE reservations SET quantity = quantity + 1 WHERE order_id = {AWAITING} AND line_no = 1"),
    Mutation("S4_lines_explained", "stock held for an order that is not there",
             f"UPDATE reservations SET order_id = {NOWHERE} WHERE order_id = {QUEUED}"),
    Mutation("S4_lines_explained", "a cancelled unit is still kept",
             f"UPDATE order_lines SET cancelled = 1 WHERE order_id = {QUEUED} AND line_no = 1"),
    Mutation("S5_shipped_once", "stock left without a parcel",
             f"DELETE FROM parcel_lines WHERE order_id = {COMPLETED} AND line_no = 1"),
    Mutation("S5_shipped_once", "a label was bought twice and the second parcel booked",
             f"UPDATE parcel_lines SET quantity = 2 * quantity WHERE order_id = {ON_ITS_WAY}"),
    Mutation("S5_shipped_once", "a shipment took stock without an order",
             "UPDATE movements SET order_id = NULL WHERE id = (SELECT min(id) FROM movements WHERE reason = 'ship')"),
    Mutation("S6_units_conserved", "a double restock that agrees with its own movement",
             f"""INSERT INTO movements SELECT (jsonb_populate_record(m, '{{"id": 5}}')).* FROM movements m
                 WHERE reason = 'restock' AND bucket = 'on_hand' AND order_id = {RETURNED};
                 UPDATE stock SET on_hand = on_hand + 1 WHERE product_id =
                 (SELECT product_id FROM return_lines WHERE return_id = {RETURN})"""),
    Mutation("S6_movements_make_sense", "what came back went straight to the shelf",
             "UPDATE movements SET bucket = 'on_hand' WHERE reason = 'return_in'"),
    Mutation("S6_movements_make_sense", "a shipment that adds",
             f"UPDATE movements SET quantity = -quantity WHERE reason = 'ship' AND order_id = {COMPLETED}"),
    Mutation("S1_stock_in_bounds", "more is promised than is there and selling goes on",
             "ALTER TABLE stock DROP CONSTRAINT ck_stock_reserved_fits; UPDATE stock SET on_hand = held"),
    Mutation("S2_stock_is_its_history", "units were let go without a movement", "UPDATE stock SET held = 0"),
    Mutation("S2_stock_is_its_history", "what is on its way was forgotten", "UPDATE stock SET in_transit = 0"),
    Mutation("S4_lines_explained", "half a bundle was reserved",
             f"UPDATE reservations SET each = 2 WHERE order_id = {AWAITING} AND line_no = 1"),
    Mutation("S4_lines_explained", "an order is served from where it does not say",
             f"UPDATE reservations SET warehouse_id = 13 WHERE order_id = {QUEUED}"),
    Mutation("S6_units_conserved", "a unit arrived without having left",
             """INSERT INTO movements SELECT (jsonb_populate_record(m, '{"id": 5}')).* FROM movements m
                WHERE reason = 'transfer_in' AND bucket = 'on_hand';
                UPDATE stock SET on_hand = on_hand + 1 WHERE warehouse_id = 13"""),
    Mutation("S6_movements_make_sense", "a transfer that belongs to no transfer",
             "UPDATE movements SET cause_id = NULL WHERE reason = 'transfer_out'"),
    Mutation("S7_pools_are_counted", "a sale was not counted against its channel's allotment",
             "UPDATE pools SET taken = taken - 1"),
    Mutation("S7_pools_are_counted", "a shelf forgot that it is shared out", "UPDATE stock SET pooled = false"),
    Mutation("S8_holdings_end", "a cancelled order still counts against its buyer",
             f"UPDATE holdings SET order_id = {CANCELLED}"),
    Mutation("S9_on_its_way", "a transfer ended with units under way", "UPDATE transfers SET state = 'arrived'"),
    Mutation("S9_on_its_way", "a transfer lost a line", "DELETE FROM transfer_lines"),
    Mutation("S9_counts_are_booked", "a refused count is in the books", "UPDATE stocktakes SET state = 'refused'"),
    Mutation("S9_counts_are_booked", "an approved difference never got there",
             "DELETE FROM movements WHERE reason = 'adjust'"),
    Mutation("X1_feed_in_order", "two changes got one place",
             "INSERT INTO channel_stock SELECT (jsonb_populate_record(s, '{\"product_id\": 5}')).* FROM channel_stock s"),
    Mutation("X1_feed_in_order", "a channel acknowledged what was never told", "UPDATE channel_syncs SET acknowledged = 9"),
    Mutation("P2_counts_are_signed", "who counted signed", "UPDATE stocktakes SET decided_by = counted_by"),
]  # fmt: skip

_GOODS_BACK = [
    Mutation("R1_no_unit_back_twice", "two applications raced for the same unit", TWIN_RETURN),
    Mutation("R1_no_unit_back_twice", "something came back that never left",
             f"DELETE FROM parcel_lines WHERE order_id = {RETURNED}"),
    Mutation("R1_counts_fit", "more received than announced",
             f"""ALTER TABLE return_lines DROP CONSTRAINT ck_return_lines_received_fits;
                 ALTER TABLE return_lines DROP CONSTRAINT ck_return_lines_lost_fits;
                 UPDATE return_lines SET received = 2 WHERE return_id = {RETURN}"""),
    Mutation("R1_counts_fit", "a received unit was forgotten by the inspection",
             f"UPDATE return_lines SET accepted = 0 WHERE return_id = {RETURN}"),
    Mutation("R1_lines_of_the_order", "another product came back than was sold",
             f"UPDATE return_lines SET product_id = product_id + 2 WHERE return_id = {RETURN}"),
    Mutation("R1_lines_of_the_order", "a return of nothing",
             f"DELETE FROM return_lines WHERE return_id = {RETURN}"),
    Mutation("R1_had_once", "a case paid for what came back",
             f"INSERT INTO made_good_units SELECT order_id, line_no, 5, merchant_id, quantity - cancelled FROM order_lines"
             f" WHERE order_id = {RETURNED}"),
    Mutation("R2_goods_stayed", "money came off the price of goods that came back",
             f"UPDATE return_lines SET off = 1 WHERE return_id = {RETURN}"),
    Mutation("R2_goods_stayed", "granted without goods, and nobody asked for the money",
             f"UPDATE returns SET resolution = 'refund_only', journey = 'at_buyer', outcome = 'open', refund_id = NULL,"
             f" settled_at = NULL WHERE id = {RETURN}"),
    Mutation("R2_inspected_as_counted", "accepted without an inspection", "DELETE FROM inspection_lines"),
    Mutation("R2_inspected_as_counted", "a rejected unit was counted as accepted",
             "UPDATE inspection_lines SET is_accepted = false, disposition = 'send_back'"),
    Mutation("R2_moved_as_decided", "a double restock, with both movements",
             """INSERT INTO movements SELECT (jsonb_populate_record(m, jsonb_build_object('id', m.id + 5000000))).*
                FROM movements m WHERE reason = 'restock'"""),
    Mutation("R2_moved_as_decided", "scrapped goods were put back on the shelf",
             "UPDATE dispositions SET kind = 'scrap'"),
    Mutation("R3_every_unit_is_accounted_for", "a unit waits for ever though it was disposed of",
             "UPDATE returned_goods SET open = 1"),
    Mutation("R3_every_unit_is_accounted_for", "a received unit is nobody's", "DELETE FROM returned_goods"),
    Mutation("R3_never_kept_without_money", "goods that were rejected were sold",
             "UPDATE returned_goods SET is_ours = false"),
    Mutation("R3_never_kept_without_money", "goods are called ours for a refund that there is not",
             "UPDATE returned_goods SET paid_with = 5, offered = 1, choice = 'price_reduction', chosen_at = now()"),
    Mutation("R3_two_people_looked", "whoever looked first confirmed it",
             """ALTER TABLE looks DROP CONSTRAINT ck_looks_by_two_people;
                UPDATE looks SET taken_by = 41 WHERE kind = 'second'"""),
    Mutation("R3_two_people_looked", "a first look was taken for the end of it", "DELETE FROM looks WHERE kind = 'second'"),
    Mutation("R3_strays_fit", "a parcel was matched with a return of another warehouse",
             "UPDATE strays SET warehouse_id = 13"),
    Mutation("R3_places_are_fixed", "nobody knows where to send it",
             f"""UPDATE returns SET outcome = 'open', journey = 'at_buyer', send_by = now() WHERE id = {RETURN};
                 DELETE FROM return_addresses"""),
    Mutation("R5_second_hand_is_marked", "opened goods lie among the new ones",
             "UPDATE dispositions SET kind = 'open_box', sold_as = 1000"),
    Mutation("R2_moved_as_decided", "goods came in that nobody moved",
             "DELETE FROM movements WHERE reason = 'return_in'"),
    Mutation("R2_outcomes_fit", "a return settled before its money was back",
             f"UPDATE refunds SET state = 'sending' WHERE id = {refund(RETURNED)}"),
    Mutation("R2_outcomes_fit", "a failed return was refunded",
             f"UPDATE returns SET outcome = 'failed', settled_at = NULL WHERE id = {RETURN}"),
    Mutation("R2_refunded_as_accepted", "more units refunded than accepted",
             f"UPDATE refund_lines SET quantity = 2 WHERE refund_id = {refund(RETURNED)}"),
    Mutation("R2_refunded_as_accepted", "a second refund for a return",
             f"UPDATE returns SET refund_id = {refund(REFUNDED)} WHERE id = {RETURN}"),
]  # fmt: skip

_BOOKED = [
    Mutation("L3_posted_once", "goods were written down and nobody booked it", "UPDATE dispositions SET value = 5"),
]

_MONEY = [
    Mutation("M1_orders_add_up", "an order lost a line",
             f"DELETE FROM order_lines WHERE order_id = {QUEUED} AND line_no = 1"),
    Mutation("M1_orders_add_up", "an order has no line",
             f"DELETE FROM order_lines WHERE order_id = {QUEUED}"),
    Mutation("M1_orders_add_up", "a discount was allotted to no line",
             f"UPDATE orders SET discount = 5, total = total - 5 WHERE id = {QUEUED}"),
    Mutation("M1_lines_add_up", "a price was edited after placing",
             """ALTER TABLE order_lines DROP CONSTRAINT ck_order_lines_adds_up;
                UPDATE order_lines SET unit_price = unit_price + 1 WHERE line_no = 1"""),
    Mutation("M1_checkouts_add_up", "a checkout forgot an order", "UPDATE checkouts SET total = total - 1"),
    Mutation("M2_payments_allotted", "an allotment was rounded away",
             "UPDATE payment_allotments SET amount = amount - 1"),
    Mutation("M2_payments_allotted", "a payment was allotted to a stranger's order",
             f"UPDATE payment_allotments SET order_id = {EXPIRED} WHERE order_id = {QUEUED}"),
    Mutation("M2_captured_is_owed", "a double charge was taken for money owed",
             "UPDATE captures SET kind = 'normal' WHERE kind = 'excess'"),
    Mutation("M2_captured_is_owed", "called paid without money",
             f"DELETE FROM captures WHERE order_id = {QUEUED}"),
    Mutation("M2_captured_is_owed", "the money is in and nobody told the order",
             f"UPDATE orders SET paid_at = NULL WHERE id = {QUEUED}"),
    Mutation("M2_deposits_add_up", "a deposit is called paid without money",
             f"UPDATE deposits SET paid_at = now() WHERE order_id = {AWAITING}"),
    Mutation("M2_deposits_add_up", "deposit and balance come to another price",
             f"UPDATE deposits SET balance = balance + 1 WHERE order_id = {AWAITING}"),
    Mutation("M2_captured_has_captures", "a captured payment was called failed",
             f"UPDATE payments SET state = 'failed' WHERE id = {payment(QUEUED)}"),
    Mutation("M2_captured_has_captures", "captured by hand, without money",
             f"UPDATE payments SET state = 'captured', captured_at = now() WHERE id = {payment(AWAITING)}"),
    Mutation("M2_excess_goes_back", "nobody refunds a double charge",
             "DELETE FROM refunds WHERE cause = 'excess'"),
    Mutation("M2_excess_goes_back", "only half of a double charge goes back",
             "UPDATE refunds SET amount = amount - 1 WHERE cause = 'excess'"),
    Mutation("M3_no_more_back_than_in", "the same refund twice", TWIN_REFUND),
    Mutation("M3_no_more_back_than_in", "twice, and of the second nobody knows whether it arrived",
             f"{TWIN_REFUND}; UPDATE refunds SET state = 'unknown' WHERE id = 5"),
    Mutation("M3_no_more_back_than_in", "refunded through a payment that brought nothing",
             f"UPDATE refund_tenders SET payment_id = {payment(QUEUED)} WHERE refund_id = {refund(RETURNED)}"),
    Mutation("M4_refund_lines_add_up", "a refund line was edited",
             "UPDATE refund_lines SET amount = amount - 1"),
    Mutation("M4_refund_tenders_add_up", "a tender was rounded away",
             "UPDATE refund_tenders SET amount = amount - 1"),
    Mutation("M4_refund_tenders_add_up", "a refund goes nowhere", "DELETE FROM refund_tenders"),
    Mutation("M4_no_unit_refunded_twice", "the same units refunded twice", TWIN_REFUND),
    Mutation("M4_no_unit_refunded_twice", "more money back for a line than was paid",
             f"UPDATE refund_lines SET amount = 999999 WHERE refund_id = {refund(RETURNED)}"),
    Mutation("M4_freight_refunded_once", "the freight of a cancelled order went back twice",
             "UPDATE refund_lines SET amount = 1000 WHERE component = 'freight_out'"),
    Mutation("M4_sent_back_as_tendered", "more was sent back than was tendered",
             "UPDATE send_backs SET amount = amount + 1"),
    Mutation("M4_sent_back_as_tendered", "settled without sending anything",
             f"DELETE FROM send_backs WHERE refund_id = {refund(RETURNED)}"),
    Mutation("M4_sent_back_as_tendered", "settled while the provider says no",
             f"UPDATE send_backs SET state = 'failed' WHERE id = {send_back(RETURNED)}"),
    Mutation("M4_sent_back_as_tendered", "paid by hand while the provider may still pay",
             f"UPDATE refunds SET hand_receipt = 'cash' WHERE id = {refund(RETURNED)};"
             f"UPDATE send_backs SET state = 'unknown' WHERE id = {send_back(RETURNED)}"),
    Mutation("M4_sent_back_as_tendered", "sent back before anybody approved",
             f"UPDATE refunds SET state = 'requested' WHERE id = {refund(RETURNED)}"),
    Mutation("M4_paid_by_hand_as_agreed", "a payment by hand that settles nothing", HAND_PAYOUT),
    Mutation("M4_paid_by_hand_as_agreed", "one who was paid by hand agreed to another sum",
             f"{HAND_PAYOUT};"
             f"UPDATE refunds SET hand_payout_id = 7, hand_receipt = 'T1', amount = 2 WHERE id = {refund(RETURNED)};"
             "DELETE FROM send_backs"),
    Mutation("M4_paid_by_hand_as_agreed", "whoever wrote down where it goes paid it too",
             f"{HAND_PAYOUT}; UPDATE hand_payouts SET consented_by_kind = 'staff', consented_by = 1"),
    Mutation("M4_refunded_is_settled", "a refund counted twice on its order",
             f"UPDATE orders SET refunded = refunded + 1 WHERE id = {RETURNED}"),
    Mutation("M3_penalties_are_owed", "a seller owes a penalty and nobody pays it",
             f"UPDATE deposits SET paid_at = now(), ended_at = now(), kept = 0, penalty = 5 WHERE order_id = {AWAITING}"),
    Mutation("M3_penalties_are_owed", "a penalty for what was no presale",
             f"UPDATE refunds SET cause = 'penalty' WHERE id = {refund(RETURNED)}"),
    Mutation("M4_refunded_is_settled", "a settled refund never reached its order",
             f"UPDATE orders SET refunded = 0 WHERE id = {RETURNED}"),
    *(
        Mutation("M5_one_currency", f"{table} in another currency", f"UPDATE {table} SET currency = 'USD'")
        for table in ("payments", "orders", "captures", "refunds", "send_backs", "entries")
    ),
    Mutation("P1_four_eyes", "somebody approved their own refund",
             f"UPDATE refunds SET approved_by = 41 WHERE id = {refund(RETURNED)}"),
    Mutation("P1_four_eyes", "somebody signed their own refund as the second",
             f"INSERT INTO refund_signatures VALUES ({refund(RETURNED)}, 'staff', 41, 1, now())"),
    Mutation("P1_four_eyes", "approved by somebody who never signed", "DELETE FROM refund_signatures"),
    Mutation("P1_four_eyes", "a refund went on unapproved",
             "UPDATE refunds SET approved_by_kind = NULL, approved_at = NULL"),
]  # fmt: skip

_PRICES = [
    Mutation("C1_lines_explained", "a line got another discount than its layers say",
             f"UPDATE order_lines SET discount = 1 WHERE order_id = {QUEUED} AND line_no = 1"),
    Mutation("C1_lines_explained", "a share of tax was written on the wrong line",
             f"UPDATE price_layers SET effect = 'tax' WHERE order_id = {QUEUED} AND layer_no = 2"),
    Mutation("C1_layers_shared_out", "a discount lost a cent on its way to the lines",
             f"UPDATE price_shares SET amount = amount - 1 WHERE order_id = {QUEUED} AND line_no = 1"),
    Mutation("C1_layers_shared_out", "points were taken for no line",
             f"UPDATE price_layers SET points = 5 WHERE order_id = {QUEUED} AND layer_no = 2"),
    Mutation("C1_freight_explained", "free freight was promised and charged",
             f"UPDATE price_layers SET amount = 800 WHERE order_id = {QUEUED} AND layer_no = 1"),
    Mutation("V1_orders_keep_their_words", "a policy was reworded under an order",
             "UPDATE policies SET hash = 'x' WHERE id = 31"),
    Mutation("V1_orders_keep_their_words", "a return was judged by another policy",
             f"UPDATE returns SET policy_id = 32 WHERE id = {RETURN}"),
    Mutation("V2_versions_have_one_life", "a version lost its life", "DELETE FROM policy_editions WHERE id = 32"),
    Mutation("V2_versions_have_one_life", "what was taken back still binds",
             "UPDATE policy_editions SET state = 'withdrawn' WHERE id = 32"),
    Mutation("V2_versions_have_one_life", "a draft is in force",
             "UPDATE policy_editions SET announced_at = NULL WHERE id = 32"),
    Mutation("C2_uses_counted", "a use was counted twice", "UPDATE promotions SET used = 2 WHERE id = 91"),
    Mutation("C2_uses_counted", "the last coupon went to two orders",
             """ALTER TABLE promotions DROP CONSTRAINT ck_promotions_used_fits;
                UPDATE promotions SET limit_total = 0 WHERE id = 91"""),
    Mutation("C2_buyers_counted", "a buyer's use was forgotten", "UPDATE promotion_holders SET used = 0"),
    Mutation("C2_buyers_counted", "a buyer's row is gone", "DELETE FROM promotion_holders"),
    Mutation("C2_buyers_counted", "one buyer used it twice",
             f"""INSERT INTO promotion_uses (order_id, promotion_id, merchant_id, buyer_id, amount, claimed_at)
                 VALUES ({PICKING}, 91, 1, 200004, 300, now()); UPDATE promotion_holders SET used = 2 WHERE holder = 200004"""),
    Mutation("C2_grants_used_once", "a gift can be used again", "UPDATE coupon_grants SET used_at = NULL WHERE id = 92"),
    Mutation("C2_grants_used_once", "a gift came back and stayed used",
             f"UPDATE promotion_uses SET given_back_at = now() WHERE order_id = {QUEUED}"),
    Mutation("C3_uses_are_in_the_price", "a coupon was claimed and the price is without it",
             f"DELETE FROM price_layers WHERE order_id = {QUEUED} AND layer_no = 1"),
    Mutation("C3_shared_in_one_checkout", "an order has a part in a stranger's coupon",
             f"""UPDATE promotion_uses SET shared_with = {QUEUED} WHERE order_id = {CANCELLED}"""),
    Mutation("C3_shared_in_one_checkout", "nobody leads",
             f"""UPDATE promotion_uses SET shared_with = 7 WHERE order_id = {CANCELLED}"""),
    Mutation("C3_live_orders_have_theirs", "a paid order lost its coupon to somebody else",
             f"UPDATE promotion_uses SET given_back_at = now() WHERE order_id = {QUEUED}"),
    Mutation("C3_ended_orders_gave_back", "a cancelled order keeps the last coupon",
             f"UPDATE promotion_uses SET given_back_at = NULL WHERE order_id = {CANCELLED}"),
]  # fmt: skip

_BOOKS = [
    Mutation("L1_postings_balance", "a leg was edited",
             "UPDATE entries SET amount = amount + 1 WHERE posting_id = (SELECT min(id) FROM postings) AND n = 1"),
    Mutation("L1_postings_balance", "a posting lost its legs",
             "DELETE FROM entries WHERE posting_id = (SELECT min(id) FROM postings)"),
    Mutation("L1_postings_balance", "legs without a posting",
             "DELETE FROM postings WHERE id = (SELECT min(id) FROM postings)"),
    Mutation("L2_trial_balance", "one leg is missing",
             "DELETE FROM entries WHERE posting_id = (SELECT min(id) FROM postings) AND n = 1"),
    Mutation("L3_posted_once", "a capture was never posted",
             """DELETE FROM entries WHERE posting_id = (SELECT min(id) FROM postings WHERE source = 'capture');
                DELETE FROM postings WHERE id = (SELECT min(id) FROM postings WHERE source = 'capture')"""),
    Mutation("L3_posted_once", "a send-back was posted though it never arrived",
             f"UPDATE send_backs SET state = 'sent' WHERE id = {send_back(RETURNED)}"),
    Mutation("L3_posted_once", "money back was posted twice under another name",
             """INSERT INTO postings SELECT (jsonb_populate_record(p, '{"id": 5, "source": "send back"}')).* FROM postings p
                WHERE source = 'send_back' LIMIT 1;
                INSERT INTO entries VALUES (5, 1, 614, 1, 'CNY', 100), (5, 2, 611, 1, 'CNY', -100)"""),
    Mutation("L3_posted_once", "a double charge was booked as money owed",
             "UPDATE entries SET account_id = account_id - 1 WHERE account_id IN (613, 623)"),
    Mutation("L3_posted_once", "paid by hand, and the books say it is still owed",
             f"UPDATE refunds SET hand_receipt = 'cash' WHERE id = {refund(RETURNED)};"
             f"UPDATE send_backs SET state = 'failed', arrived_at = NULL WHERE id = {send_back(RETURNED)}"),
    Mutation("L3_postings_fit_their_cause", "a posting names another order",
             f"UPDATE postings SET order_id = {COMPLETED} WHERE order_id = {QUEUED}"),
    Mutation("L5_clearing_is_what_moved", "money came in that the books do not know",
             """DELETE FROM entries WHERE posting_id = (SELECT min(id) FROM postings WHERE source = 'capture');
                DELETE FROM postings WHERE id = (SELECT min(id) FROM postings WHERE source = 'capture')"""),
    Mutation("L5_provider_logged_the_same", "we booked a charge that the provider never made",
             f"DELETE FROM sandbox_psp.log WHERE number = {payment(QUEUED)}"),
    Mutation("L5_provider_logged_the_same", "we booked another sum than the provider",
             f"UPDATE sandbox_psp.log SET amount = amount + 1 WHERE number = {payment(QUEUED)}"),
    Mutation("L5_provider_logged_the_same", "the provider refunded and we never heard",
             f"UPDATE send_backs SET state = 'failed' WHERE id = {send_back(RETURNED)}"),
    Mutation("L5_provider_logged_the_same", "the provider refunded, and tells of something else only",
             f"""UPDATE send_backs SET state = 'failed' WHERE id = {send_back(RETURNED)};
                INSERT INTO sandbox_psp.outgoing (event_id, body, due_at)
                VALUES ('another', '{{"ref": "ch_another"}}', now())"""),
    Mutation("L5_provider_logged_the_same", "the provider refunded, and tells it with a signature that does not fit",
             f"""UPDATE send_backs SET state = 'failed' WHERE id = {send_back(RETURNED)};
                INSERT INTO sandbox_psp.outgoing (event_id, body, spoil, due_at)
                SELECT 'spoilt', jsonb_build_object('ref', ref), 'wrong_signature', now()
                FROM sandbox_psp.log WHERE number = {send_back(RETURNED)}"""),
    Mutation("L5_provider_logged_the_same", "money went back that the provider never sent",
             "DELETE FROM sandbox_psp.log WHERE kind = 'refund'"),
    Mutation("L5_provider_keeps_what_we_say", "the provider keeps less than our books say",
             f"DELETE FROM sandbox_psp.log WHERE number = {payment(QUEUED)}"),
]  # fmt: skip

_CREDIT = [
    Mutation("B1_purse_is_its_history", "a grant was paid in twice and written down once",
             "UPDATE purses SET balance = balance + 1 WHERE kind = 'balance'"),
    Mutation("B1_purse_is_its_history", "a spend was deleted", "DELETE FROM purse_movements WHERE kind = 'spend'"),
    Mutation("B2_held_is_held", "a hold leaked: released, and never freed",
             "UPDATE credit_holds SET state = 'released' WHERE state = 'held'"),
    Mutation("B2_held_is_held", "two holds at once added up to one",
             "UPDATE purses SET held = held - 1 WHERE held > 0"),
    Mutation("B3_points_in_lots", "points ended, and the balance was not told", "UPDATE purse_lots SET unspent = 0"),
    Mutation("B3_points_in_lots", "a hold forgot which points it took", "DELETE FROM hold_lots"),
    Mutation("B3_spent_as_held", "credit was spent twice for one order",
             """INSERT INTO purse_movements SELECT (jsonb_populate_record(m, '{"id": 5, "cause_id": 6}')).*
                FROM purse_movements m WHERE kind = 'spend' LIMIT 1"""),
    Mutation("B3_spent_as_held", "captured, and nothing was spent", "DELETE FROM purse_movements WHERE kind = 'spend'"),
    Mutation("B3_spent_as_held", "more went back than was spent",
             """ALTER TABLE credit_holds DROP CONSTRAINT ck_credit_holds_restored_fits;
                UPDATE credit_holds SET restored = amount + 1 WHERE state = 'captured'"""),
    Mutation("B4_kept_for_somebody", "an attempt ended and kept its credit",
             "UPDATE payments SET state = 'voided' WHERE provider = 'credit' AND state = 'started'"),
    Mutation("B4_kept_for_somebody", "a tender pays from another purse",
             "UPDATE payments SET purse_id = purse_id + 1 WHERE provider = 'credit'"),
    Mutation("B4_points_follow_orders", "a paid order never spent its points",
             "UPDATE credit_holds SET state = 'held' WHERE payment_id IS NULL"),
    Mutation("B4_points_follow_orders", "a cancelled order keeps the points",
             f"UPDATE orders SET state = 'cancelled' WHERE id = {QUEUED}"),
    Mutation("B5_value_in_the_books", "a card was issued past the books",
             "UPDATE purses SET balance = balance + 1 WHERE kind = 'card'"),
    Mutation("B5_credit_is_cleared", "the platform's card paid, and the platform owes nothing",
             """DELETE FROM entries WHERE posting_id IN (SELECT id FROM postings WHERE merchant_id IS NULL);
                DELETE FROM postings WHERE merchant_id IS NULL"""),
    Mutation("M2_captured_together", "the provider's money failed and the credit still waits",
             f"UPDATE payments SET state = 'failed' WHERE id = {payment(AWAITING)}"),
    Mutation("M2_captured_together", "credit was captured before the provider's money",
             f"UPDATE payments SET state = 'pending' WHERE id = {payment(QUEUED)}"),
    Mutation("L3_posted_once", "credit was spent past the books",
             """DELETE FROM entries WHERE posting_id = (SELECT min(id) FROM postings WHERE source = 'credit');
                DELETE FROM postings WHERE id = (SELECT min(id) FROM postings WHERE source = 'credit')"""),
]  # fmt: skip

_STEPS = [
    Mutation("T1_steps_allowed", "a status went backwards",
             f"UPDATE facts SET now = 'awaiting_payment' WHERE subject_id = {QUEUED} AND version = 2"),
    Mutation("T1_steps_allowed", "born in the middle of life",
             f"UPDATE facts SET now = 'confirmed' WHERE subject_id = {QUEUED} AND version = 1"),
    Mutation("T2_stories_gapless", "a step was cut out",
             f"DELETE FROM facts WHERE subject_id = {COMPLETED} AND version = 2"),
    Mutation("T2_stories_gapless", "two writers took the same step",
             f"UPDATE facts SET version = 2 WHERE subject_id = {COMPLETED} AND version = 3"),
    Mutation("T2_stories_gapless", "a step begins where nothing ended",
             f"UPDATE facts SET was = 'held' WHERE subject_id = {COMPLETED} AND version = 3"),
    Mutation("T2_stories_gapless", "one of a return's axes was skipped",
             f"DELETE FROM facts WHERE subject_id = {RETURN} AND machine = 'return_journey'"),
    Mutation("T2_rows_end_their_story", "a state was set by hand",
             f"UPDATE orders SET state = 'held' WHERE id = {QUEUED}"),
    Mutation("T2_rows_end_their_story", "a lost write: the fact is there, the row is not",
             f"UPDATE parcels SET state = 'dispatched', version = 1 WHERE id = {parcel(COMPLETED)}"),
    Mutation("T2_rows_end_their_story", "a version was skipped",
             f"UPDATE work_orders SET version = 9 WHERE id = {work(QUEUED)}"),
    Mutation("T2_rows_end_their_story", "a row without a story",
             f"DELETE FROM facts WHERE subject_id = {payment(QUEUED)}"),
    Mutation("T2_rows_end_their_story", "a story without a row",
             f"DELETE FROM payments WHERE id = {payment(QUEUED)}"),
    Mutation("T2_rows_end_their_story", "one axis of a return was set by hand",
             f"UPDATE returns SET journey = 'sent' WHERE id = {RETURN}"),
    Mutation("T3_only_paid_orders_go_on", "shipped unpaid",
             f"DELETE FROM captures WHERE order_id = {ON_ITS_WAY}"),
    Mutation("T3_only_paid_orders_go_on", "a payment was short by a fen",
             f"UPDATE captures SET amount = amount - 1 WHERE order_id = {COMPLETED}"),
    Mutation("T4_ended_orders_shipped_nothing", "cancelled after it left",
             f"UPDATE orders SET state = 'cancelled' WHERE id = {ON_ITS_WAY}"),
    Mutation("T4_moments_fit_states", "completed at no time",
             f"UPDATE orders SET completed_at = NULL WHERE id = {COMPLETED}"),
    Mutation("T4_moments_fit_states", "delivered without having left",
             f"UPDATE orders SET shipped_at = NULL WHERE id = {COMPLETED}"),
]  # fmt: skip

_EFFECTS = [
    Mutation("X1_references_agree", "a channel's order was taken in twice",
             f"UPDATE orders SET reference = (SELECT reference FROM orders WHERE id = {QUEUED}) WHERE id = {QUEUED + 10}"),
    Mutation("X1_references_agree", "a reference belongs to nobody",
             f"UPDATE order_references SET order_id = 5 WHERE order_id = {QUEUED}"),
    Mutation("X1_tracking_numbers_agree", "two parcels have one number",
             f"UPDATE parcels SET tracking_number = 'SBX{parcel(COMPLETED)}' WHERE id = {parcel(ON_ITS_WAY)}"),
    Mutation("X1_parcels_hold_something", "an empty parcel",
             f"DELETE FROM parcel_lines WHERE parcel_id = {parcel(ON_ITS_WAY)}"),
    Mutation("X1_parcels_hold_something", "delivered at no time",
             f"UPDATE parcels SET delivered_at = NULL WHERE id = {parcel(COMPLETED)}"),
    Mutation("X1_work_fits_dispatch", "picked and open to cancellation",
             f"UPDATE orders SET dispatch_locked_at = NULL WHERE id = {PICKING}"),
    Mutation("X1_work_fits_dispatch", "put back and closed for good",
             f"UPDATE orders SET dispatch_locked_at = now() WHERE id = {QUEUED}"),
    Mutation("X1_work_fits_dispatch", "handed over, and the order was not told",
             f"UPDATE orders SET shipped_at = NULL WHERE id = {ON_ITS_WAY}"),
    Mutation("X1_places_given_once", "two sequencers gave one place",
             "DROP INDEX uq_facts_position; UPDATE facts SET position = 2 WHERE position = 1"),
    Mutation("X1_places_given_once", "a reaction believes it saw what never was",
             "UPDATE reaction_cursors SET position = 999999"),
    Mutation("X2_keys_answered", "a key without an answer",
             "UPDATE idempotency_keys SET status = NULL WHERE key = 'k1'"),
    Mutation("X2_keys_answered", "a key points to an order that is gone",
             "UPDATE idempotency_keys SET subject_id = 5 WHERE key = 'k1'"),
    Mutation("X2_subjects_live", "a fact about nothing",
             f"UPDATE facts SET subject_id = 5 WHERE subject_id = {QUEUED}"),
    Mutation("X2_subjects_live", "a refund for a return that is not there",
             f"UPDATE refunds SET cause_id = 5 WHERE id = {refund(RETURNED)}"),
    Mutation("X4_people_have_keys", "somebody's key is gone though they were not forgotten",
             "DELETE FROM subject_keys WHERE subject_id = 200004"),
    Mutation("X4_people_have_keys", "a forgotten buyer can still be read",
             "INSERT INTO subject_keys VALUES (200000, '\\x', now())"),
    Mutation("X4_orders_go_to_their_buyers", "an order goes where somebody else lives",
             f"UPDATE orders SET contact_id = contact_id + 2 WHERE id = {QUEUED}"),
    Mutation("X4_orders_go_to_their_buyers", "an address of before was somebody else's",
             "UPDATE amendments SET contact_id = contact_id + 2 WHERE contact_id IS NOT NULL"),
    Mutation("T5_replaced_orders_have_ended", "both the old and the new order go on",
             f"UPDATE orders SET state = 'awaiting_payment' WHERE id = {CANCELLED + 10}"),
    Mutation("T5_replaced_orders_have_ended", "an order made way and nothing came in its place",
             "UPDATE orders SET replaces = NULL"),
    Mutation("T5_replaced_orders_have_ended", "changing one's mind bought time",
             "UPDATE orders SET pay_by = pay_by + interval '1 hour' WHERE replaces IS NOT NULL"),
    Mutation("X1_references_agree", "a number is on an order whose place nobody took",
             f"DELETE FROM order_references WHERE order_id = {CANCELLED}"),
    Mutation("X5_prices_remembered", "a price was set and not written down",
             "UPDATE prices SET amount = amount + 1 WHERE product_id = 1001"),
    Mutation("N1_children_of_their_order", "a refund line of another order",
             f"UPDATE refund_lines SET order_id = {QUEUED} WHERE refund_id = {refund(RETURNED)}"),
]  # fmt: skip

_STANDSTILL = [
    Mutation("Z1_what_waits_has_a_clock", "money that somebody released will never go out",
             f"UPDATE refunds SET state = 'held' WHERE id = {refund(RETURNED)}"),
    Mutation("Z1_what_waits_has_a_clock", "words that a buyer will never read",
             "UPDATE order_notes SET is_shown = true, held_until = now()"),
    Mutation("Z1_what_waits_has_a_clock", "a clock that lets nothing go",
             f"""INSERT INTO deadlines (kind, subject_id, merchant_id, started_at, due_at, step, next_at)
                 VALUES ('refund.goes_out', {refund(RETURNED)}, 1, now(), now(), 0, now())"""),
    Mutation("Z1_what_was_taken_back_stayed", "it was taken back and sent all the same",
             "UPDATE facts SET wire = 'refund.taken_back' WHERE wire = 'refund.sent'"),
    Mutation("Z1_unpaid_orders_have_a_clock", "the deadline to pay was lost",
             "DELETE FROM deadlines WHERE kind = 'order.pay_by'"),
    Mutation("Z1_delivered_orders_have_a_clock", "delivered, and nobody will ever complete it",
             f"UPDATE orders SET delivered_at = now() WHERE id = {ON_ITS_WAY}"),
    Mutation("Z1_open_payments_have_a_clock", "nobody asks after a payment",
             "DELETE FROM deadlines WHERE kind = 'payment.check'"),
    Mutation("Z1_send_backs_have_a_clock", "nobody asks after money on its way back",
             f"UPDATE send_backs SET state = 'unknown' WHERE id = {send_back(RETURNED)}"),
    Mutation("Z1_returns_have_a_clock", "nobody will ever look at an application",
             f"UPDATE returns SET decision = 'requested' WHERE id = {RETURN}"),
    Mutation("Z1_returns_have_a_clock", "goods may stay with the buyer for ever",
             f"UPDATE returns SET journey = 'at_buyer' WHERE id = {RETURN}"),
    Mutation("Z1_goods_back_have_a_clock", "nobody counts the days until the money must be back",
             f"UPDATE returns SET outcome = 'passed' WHERE id = {RETURN}"),
    Mutation("Z1_unpaid_orders_expire", "an order holds stock for ever",
             f"UPDATE orders SET pay_by = now() - interval '2 minutes' WHERE id = {AWAITING}"),
    Mutation("Z1_paid_orders_are_queued", "a paid order that nobody will pick",
             f"DELETE FROM work_orders WHERE order_id = {QUEUED}"),
    Mutation("Z1_paid_orders_are_queued", "a held order is picked",
             f"UPDATE orders SET state = 'held' WHERE id = {QUEUED}"),
    Mutation("Z1_cancelled_orders_are_refunded", "a cancelled order keeps the money",
             "DELETE FROM refunds WHERE cause = 'cancellation'"),
    Mutation("Z1_cancelled_units_are_refunded", "a cancelled unit stays paid",
             f"UPDATE order_lines SET cancelled = 1 WHERE order_id = {QUEUED} AND line_no = 1"),
    Mutation("Z1_deposits_are_settled", "nobody says what becomes of a deposit",
             f"UPDATE deposits SET paid_at = now(), order_id = {EXPIRED}"),
    Mutation("Z1_deadlines_kept", "a deadline's handler fails",
             "UPDATE deadlines SET error = 'KeyError', attempts = 3"),
    Mutation("Z1_deadlines_kept", "no worker looks at the deadlines",
             "UPDATE deadlines SET next_at = now() - interval '2 minutes'"),
    Mutation("Z2_clocks_run", "a clock that nobody will ever look at",
             "UPDATE deadlines SET next_at = NULL WHERE kind = 'payment.check'"),
    Mutation("Z2_clocks_run", "a clock that is looked at too late",
             "UPDATE deadlines SET next_at = due_at + interval '1 hour' WHERE kind = 'payment.check'"),
    Mutation("Z2_pauses_recorded", "a clock stands still and nobody knows why",
             """UPDATE deadlines SET paused_at = now(), left_when_paused = '1 hour', waiting_for = 'buyer', next_at = NULL
                WHERE kind = 'payment.check'"""),
    Mutation("Z2_pauses_recorded", "a pause has no end although the clock runs",
             """INSERT INTO deadline_pauses (kind, subject_id, paused_at, waiting_for, left_when_paused)
                SELECT kind, subject_id, now(), 'buyer', '1 hour' FROM deadlines LIMIT 1"""),
    Mutation("Z2_extensions_add_up", "a deadline was moved twice and written down once",
             "UPDATE extensions SET extended = 2"),
    Mutation("Z2_extensions_add_up", "an extension moved a deadline outside its period",
             "UPDATE extended_deadlines SET was_at = was_at - interval '2 days'"),
    Mutation("Z2_shown_as_kept", "an order shows another time than its deadline keeps",
             "UPDATE deadlines SET due_at = due_at + interval '1 hour' WHERE kind = 'order.pay_by'"),
    Mutation("Z1_nothing_parked", "a reaction trips over a fact",
             """INSERT INTO reaction_parked (reaction, fact_id, position, subject_id, error, retry_at)
                SELECT 'orders.screen_for_review', id, position, subject_id, 'KeyError', now() FROM facts LIMIT 1"""),
    Mutation("Z1_facts_placed", "the sequencer stands still",
             "UPDATE facts SET position = NULL WHERE position = 1"),
    Mutation("Z1_reactions_caught_up", "a reaction stands still", "UPDATE reaction_cursors SET position = 1"),
    Mutation("Z1_jobs_done", "a job waits for a worker that died",
             """INSERT INTO pgqueuer (priority, queue_manager_id, created, updated, heartbeat, execute_after, status, entrypoint)
                VALUES (0, NULL, now(), now(), now(), now() - interval '1 hour', 'picked', 'payments.ask')"""),
]  # fmt: skip

# A review of the order that waits to be picked, let go by somebody.
LET_GO = f"""
INSERT INTO reviews SELECT (jsonb_populate_record(r, '{{"id": 5, "order_id": {QUEUED}, "state": "approved",
    "answers": {{"id": "yes"}}, "reject_reason": null}}')).* FROM reviews r WHERE order_id = {REFUNDED};
"""

_SECOND_LOOKS = [
    Mutation("V1_under_review_is_looked_at", "an order is held for a look that nobody takes",
             f"UPDATE orders SET state = 'held', under_review_since = now() WHERE id = {QUEUED}"),
    Mutation("V1_under_review_is_looked_at", "the yes was written and the order stays held",
             f"{LET_GO} UPDATE orders SET state = 'held', under_review_since = now() WHERE id = {QUEUED}"),
    Mutation("V1_looked_at_is_under_review", "an order is picked while somebody looks at it",
             f"{LET_GO} UPDATE reviews SET state = 'open', decided_at = NULL, decided_by = NULL WHERE id = 5"),
    Mutation("V2_decided_as_written", "a rejected order went on",
             f"UPDATE orders SET state = 'confirmed' WHERE id = {REFUNDED}"),
    Mutation("V2_decided_as_written", "the buyer was told another reason",
             f"UPDATE orders SET cancel_reason = 'buyer' WHERE id = {REFUNDED}"),
    Mutation("V2_let_go_with_all_answers", "approved without a look at the checklist",
             f"{LET_GO} UPDATE reviews SET answers = '{{}}' WHERE id = 5"),
    Mutation("V2_nothing_blocked_goes", "approved over the head of risk",
             f"{LET_GO} UPDATE reviews SET blocked_at = now() WHERE id = 5"),
    Mutation("P2_reviews_have_four_eyes", "one person said yes twice",
             f"""ALTER TABLE reviews DROP CONSTRAINT ck_reviews_four_eyes; {LET_GO}
                 UPDATE reviews SET signed_by_kind = 'staff', signed_by = 41, second_reasons = '{{own_staff}}' WHERE id = 5"""),
    Mutation("P2_reviews_have_four_eyes", "a failed check was waved through by one",
             f"""{LET_GO} UPDATE reviews SET answers = '{{"id": "no"}}' WHERE id = 5"""),
    Mutation("V2_no_statutory_check_forced", "what the law asks was set aside, by two even",
             f"""{LET_GO} UPDATE reviews SET answers = '{{"id": "no"}}', checklist = '[{{"code": "id", "is_statutory": true}}]',
                 signed_by_kind = 'staff', signed_by = 42, second_reasons = '{{failed_check}}', force_reason = 'known_buyer'
                 WHERE id = 5"""),
    Mutation("V2_forced_for_a_reason", "an order was forced and nobody said why",
             f"""{LET_GO} UPDATE reviews SET answers = '{{"id": "no"}}', signed_by_kind = 'staff', signed_by = 42,
                 second_reasons = '{{failed_check}}', decided_at = now() WHERE id = 5"""),
    Mutation("Z1_reviews_have_a_clock", "a review that nobody will ever end",
             f"""UPDATE reviews SET state = 'open', decided_at = NULL, decided_by = NULL, reject_reason = NULL;
                UPDATE orders SET state = 'held', under_review_since = now() WHERE id = {REFUNDED}"""),
    Mutation("Z1_reviews_end_with_their_orders", "the order was cancelled and its review waits on",
             "UPDATE reviews SET state = 'open', decided_at = NULL, decided_by = NULL, reject_reason = NULL"),
]  # fmt: skip

_MESSAGES = [
    Mutation("E1_placed_orders_are_confirmed", "nobody confirmed an order",
             f"DELETE FROM confirmations WHERE order_id = {QUEUED}"),
    Mutation("E1_hashes_fit", "a price was changed in the evidence",
             f"""UPDATE confirmations SET canonical = replace(canonical, '"total" : ', '"total" : 1')
                 WHERE order_id = {COMPLETED} AND version = 1"""),
    Mutation("E1_hashes_fit", "evidence and hash were both replaced by another version's",
             f"""UPDATE confirmations c SET canonical = o.canonical, hash = o.hash FROM confirmations o
                 WHERE c.order_id = {COMPLETED} AND c.version = 2 AND o.order_id = {COMPLETED} AND o.version = 1"""),
    Mutation("E1_versions_gapless", "a version disappeared",
             f"DELETE FROM confirmations WHERE order_id = {COMPLETED} AND version = 1"),
    Mutation("E1_people_as_sealed", "an address was changed after it was confirmed",
             f"""UPDATE contacts SET sealed = '\\x01'
                 WHERE id = (SELECT contact_id FROM orders WHERE id = {COMPLETED})"""),
    Mutation("E1_amounts_as_ordered", "an order changed, and nobody told",
             f"UPDATE orders SET freight = freight + 1, total = total + 1 WHERE id = {QUEUED}"),
    Mutation("E2_sent_have_copies", "nobody knows what was sent",
             f"UPDATE messages SET sealed = NULL WHERE order_id = {COMPLETED}"),
    Mutation("E2_messages_say_something", "half a confirmation was sent",
             f"UPDATE confirmations SET missing = '{{promise}}' WHERE order_id = {COMPLETED}"),
    Mutation("E2_messages_say_something", "a message about nothing",
             f"UPDATE messages SET confirmation = 9 WHERE order_id = {COMPLETED}"),
    Mutation("E2_waiting_messages_have_a_clock", "a message waits for ever",
             "DELETE FROM deadlines WHERE kind = 'message.retry'"),
]  # fmt: skip

_LANES = [
    Mutation("X3_lanes_as_their_carriers", "a carrier lost a service that a lane counts on",
             "UPDATE carriers SET services = '{standard}' WHERE code = 'own'"),
    Mutation("X3_lanes_as_their_carriers", "a lane leads where its carrier does not go",
             "UPDATE lanes SET region = '44' WHERE code = 'city'"),
    Mutation("X3_lanes_leave_from_their_merchants", "a lane of the platform leaves from a merchant's warehouse",
             "UPDATE lanes SET warehouse_id = 11 WHERE code = 'all'"),
    Mutation("X4_parcels_given_by_right", "a parcel left after its carrier's licence had run out",
             f"UPDATE parcels SET dispatched_at = now() + interval '2 years' WHERE id = {parcel(RETURNED)}"),
    Mutation("X4_parcels_given_by_right", "a way to ship that never asked who may carry",
             f"DELETE FROM parcel_assignments WHERE parcel_id = {parcel(RETURNED)}"),
    Mutation("X4_parcels_given_by_right", "a carrier without a licence counts as our own delivery",
             f"UPDATE parcels SET carrier = 'sf' WHERE id = {parcel(ON_ITS_WAY)}"),
    Mutation("X4_carriers_are_evaluated", "a carrier fell out of the evaluations",
             "DELETE FROM deadlines WHERE kind = 'carrier.evaluate' AND subject_id = 62"),
    Mutation("X4_graded_as_counted", "a grade was made better than its figures",
             "UPDATE carrier_scorecards SET grade = 'A'"),
    Mutation("X4_graded_as_counted", "a figure was changed after it was counted",
             """UPDATE carrier_scorecards SET figures = '[{"name": "late", "samples": 40, "bad": 1, "grade": "D"}]'"""),
]  # fmt: skip

_MADE_ELSEWHERE = [
    Mutation("H1_written_as_told", "an order was written for another buyer",
             f"UPDATE channel_orders SET buyer_id = buyer_id + 2 WHERE order_id = {AWAITING}"),
    Mutation("H2_amounts_agree", "an order was written with our price instead of the channel's",
             f"UPDATE channel_orders SET total = total + 1 WHERE order_id = {AWAITING}"),
    Mutation("H2_channels_money_is_booked", "a payment counts as booked that nobody captured",
             "UPDATE channel_parts SET booked = 1 WHERE kind = 'payment'"),
    Mutation("H2_channels_refunds_are_followed", "a channel gave money back and the books did not follow",
             f"""UPDATE channel_parts SET channel_order_id = (SELECT id FROM channel_orders WHERE order_id = {COMPLETED})
                 WHERE kind = 'refund'"""),
    Mutation("H3_nothing_waits_unsaid", "an order without a product was forgotten",
             "UPDATE channel_problems SET state = 'solved', closed_at = now() WHERE kind = 'unknown_sku'"),
    Mutation("H3_held_for_a_problem", "an order is held for a problem that is gone",
             "UPDATE channel_problems SET state = 'solved', closed_at = now() WHERE kind = 'sums_differ'"),
    Mutation("H3_held_for_a_problem", "an order goes on though its sums differ", "UPDATE orders SET snagged_since = NULL"),
    Mutation("H4_no_update_lost", "a channel was not told of a parcel", "DELETE FROM channel_updates"),
]  # fmt: skip

_BUNDLE = f"order_id = {COMPLETED}"
_DONE_AND_KEPT = [
    Mutation("T5_completed_without_objection", "an order was completed while a return was open",
             f"UPDATE objections SET settled_at = NULL, outcome = NULL WHERE order_id = {RETURNED}"),
    Mutation("T5_objections_stop_the_clock", "the clock ran on while somebody objected",
             f"INSERT INTO deadlines (kind, subject_id, due_at) VALUES ('order.auto_receive', {ON_ITS_WAY}, now())"),
    Mutation("T5_objections_stop_the_clock", "the clock stands still for nothing",
             f"""INSERT INTO deadlines (kind, subject_id, due_at, paused_at, left_when_paused)
                 VALUES ('order.auto_receive', {QUEUED}, now(), now(), interval '1 day')"""),
    Mutation("A1_bundles_verify", "somebody changed what an archived order cost",
             f"UPDATE bundles SET facts = '\\x01' WHERE {_BUNDLE}"),
    Mutation("A1_bundles_verify", "somebody put other people into a bundle",
             f"UPDATE bundles SET people = '\\x01' WHERE {_BUNDLE}"),
    Mutation("A1_bundles_verify", "a bundle was written again with another envelope",
             """UPDATE bundles SET envelope = envelope || ' ', hash = sha256(convert_to(envelope || ' ', 'UTF8'))
                 WHERE number = 1"""),
    Mutation("A1_chains_whole", "a bundle is gone", f"DELETE FROM bundles WHERE {_BUNDLE}"),
    Mutation("A1_chains_whole", "the last bundle of a merchant is gone",
             "DELETE FROM bundles b WHERE number = (SELECT number FROM archive_chains c WHERE c.merchant_id = b.merchant_id)"),
    Mutation("A2_kept_have_bundles", "an order counts as archived and is not",
             f"UPDATE bundles SET kind = 'supplement' WHERE {_BUNDLE}"),
    Mutation("A4_attestations_verify", "somebody changed what was done", "UPDATE facts SET actor_id = 7 WHERE position = 3"),
    Mutation("A4_attestations_verify", "somebody took out what was done", "DELETE FROM facts WHERE position = 3"),
    Mutation("A4_attestations_verify", "somebody computed one hash anew and no other",
             "UPDATE attestations SET hash = sha256('x') WHERE number = 1"),
    Mutation("A4_chain_unbroken", "it was found that somebody did",
             "UPDATE attestation_watch SET broken_at = 3, broken_since = now()"),
    Mutation("A4_chain_unbroken", "the end of the chain was cut off",
             "UPDATE attestation_watch SET verified = 1, verified_to = 3; DELETE FROM attestations"),
    Mutation("Z1_facts_attested", "nobody attests what happens",
             "DELETE FROM attestations; UPDATE facts SET recorded_at = now() - interval '1 hour'"),
    Mutation("A3_erased_as_promised", "an order was put away and its people lie there still",
             f"UPDATE archived_orders SET put_away_at = now() WHERE {_BUNDLE}"),
    Mutation("A3_erased_as_promised", "people were erased years before their time",
             f"""UPDATE archived_orders SET put_away_at = now(), erased_at = now(), sealed_key = NULL WHERE {_BUNDLE};
                 UPDATE contacts SET sealed = ''"""),
    Mutation("A3_erased_as_promised", "people were erased under a legal hold",
             f"""UPDATE archived_orders SET put_away_at = now(), erased_at = now(), sealed_key = NULL, erase_after = now()
                 WHERE order_id = {PAID_TWICE}; UPDATE contacts SET sealed = ''"""),
    Mutation("N1_children_of_their_merchant", "a bundle stands in the chain of the other merchant",
             f"UPDATE bundles SET merchant_id = 3 - merchant_id, number = number + 1000 WHERE {_BUNDLE}"),
    Mutation("Z3_completed_are_kept", "a completed order never came to the archive",
             f"DELETE FROM archived_orders WHERE {_BUNDLE}"),
    Mutation("Z3_ended_are_kept", "a cancelled order never came to the archive",
             "UPDATE orders SET cancelled_at = now() - interval '40 days' WHERE state = 'cancelled'"),
    Mutation("Z3_archive_lacks_nothing", "a part has been missing for days and nobody looked",
             "UPDATE archive_failures SET first_at = now() - interval '3 days'"),
    Mutation("Z3_failures_have_clock", "an order that could not be archived is not tried again",
             "DELETE FROM deadlines WHERE kind = 'archive.keep'"),
    Mutation("Z3_kept_have_clocks", "an archived order is kept for ever",
             f"DELETE FROM deadlines WHERE kind = 'archive.erase' AND subject_id = {COMPLETED}"),
    Mutation("Z3_kept_have_clocks", "an archived order is never put away",
             f"DELETE FROM deadlines WHERE kind = 'archive.put_away' AND subject_id = {COMPLETED}"),
]  # fmt: skip

_TOLD_ELSEWHERE = [
    Mutation("W1_of_their_facts", "a webhook says another thing than its fact",
             "UPDATE webhook_deliveries SET wire = 'order.placed'"),
    Mutation("W1_of_their_facts", "a merchant is told of another merchant's orders",
             "UPDATE webhook_endpoints SET merchant_id = 2"),
    Mutation("W2_arrived_once", "a webhook arrived twice and nobody asked for it",
             """INSERT INTO webhook_attempts SELECT delivery_id, 2, merchant_id, 1, at, took_ms, result, status, url, headers
                FROM webhook_attempts WHERE result = 'succeeded' LIMIT 1"""),
    Mutation("W2_arrived_once", "a webhook counts as arrived that nobody took",
             "UPDATE webhook_attempts SET result = 'lost'"),
    Mutation("W3_nothing_left_out", "a fact was skipped when deliveries were made", "DELETE FROM webhook_deliveries"),
    Mutation("W4_nothing_waits_in_vain", "an endpoint was given up and its webhooks wait on",
             "UPDATE webhook_endpoints SET state = 'disabled', disabled_reason = 'gone' WHERE id = 1900000001"),
    Mutation("W4_nothing_waits_in_vain", "a webhook waits for a day that never comes",
             "UPDATE webhook_deliveries SET next_at = now() + interval '1 year'"),
]  # fmt: skip

_TROUBLES = [
    Mutation("K1_cases_have_one_owner", "nobody answers for a case any more", "UPDATE case_owners SET until = now()"),
    Mutation("K1_cases_have_one_owner", "two people answer for one case",
             """DROP INDEX uq_case_owners_now; INSERT INTO case_owners (case_id, n, merchant_id, role, since, reason)
                VALUES (163, 2, 1, 'lead', now(), 'x')"""),
    Mutation("K1_cases_have_one_owner", "an ended case is still somebody's",
             "UPDATE case_owners SET until = NULL WHERE case_id = 162"),
    Mutation("K1_states_fit_remedies", "a case counts as made good and nothing was done",
             "UPDATE cases SET state = 'remedied' WHERE id = 163"),
    Mutation("K1_states_fit_remedies", "a case ended with a remedy still open",
             "UPDATE remedies SET case_id = 162 WHERE id = 168"),
    Mutation("K2_budgets_are_counted", "a compensation went past the budget's count",
             "UPDATE case_budgets SET granted = 10"),
    Mutation("K2_no_more_than_may_be", "two people gave everything twice over",
             "UPDATE remedies SET amount = 100000, budgeted = 100000 WHERE id = 166"),
    Mutation("K3_remedies_are_done_once", "a remedy counts as carried out and nobody got anything",
             "UPDATE remedies SET purse_id = NULL WHERE id = 166"),
    Mutation("K3_remedies_are_done_once", "money went back for a remedy that nobody knows",
             f"UPDATE refunds SET cause = 'case', cause_id = 168 WHERE id = {refund(RETURNED)}"),
    Mutation("K3_remedies_are_done_once", "goods went out again for nothing",
             """INSERT INTO replacements (sent, line_no, merchant_id, remedy_id, replaces, replaces_line, quantity)
                VALUES (10000004, 1, 1, 165, 10000008, 1, 1)"""),
    Mutation("P3_remedies_have_four_eyes", "somebody granted what they proposed, above their limit",
             "ALTER TABLE remedies DROP CONSTRAINT ck_remedies_four_eyes; UPDATE remedies SET approved_by = 41 WHERE id = 166"),
    Mutation("K4_claims_are_booked", "a carrier promised money and the books know nothing of it",
             "UPDATE claims SET state = 'answered', accepted = 10"),
    Mutation("L3_posted_once", "a claim was answered without a posting", "UPDATE claims SET accepted = 10"),
    Mutation("Z1_cases_have_a_clock", "an open case is forgotten", "DELETE FROM deadlines WHERE kind = 'case.update'"),
    Mutation("R6_who_rules_is_impartial", "somebody ruled who had argued in it",
             "UPDATE dispute_rulings SET ruled_by = 41"),
    Mutation("R6_ruled_as_far_as_it_stands", "a dispute ended by a ruling that does not hold",
             "UPDATE dispute_rulings SET state = 'proposed'"),
    Mutation("R6_rulings_are_carried_out_once", "what was owed was not done",
             "UPDATE disputes SET case_id = NULL WHERE id = 181"),
    Mutation("R6_rulings_are_carried_out_once", "something was done where nothing was owed",
             """UPDATE dispute_rulings SET lines = '[{"line_no": 1, "quantity": 1, "outcome": "reject", "amount": 0}]'"""),
    Mutation("R6_what_stands_still_is_on_record", "a dispute stands still and nobody says why",
             "UPDATE disputes SET still_until = now() WHERE id = 182"),
    Mutation("R6_what_stands_still_is_on_record", "a clock stands still in a dispute that goes on",
             """UPDATE deadlines SET paused_at = now(), left_when_paused = '1 day', next_at = NULL
                WHERE kind = 'dispute.seller_turn'"""),
    Mutation("D1_quota_is_given_back", "quota is given back for goods that customs do not have",
             "UPDATE customs_imports SET amount = 100, given_back = 100"),
    Mutation("D1_quota_is_counted", "an order takes quota for goods from nowhere abroad",
             "UPDATE customs_imports SET amount = 100"),
    Mutation("Z1_customs_returns_have_a_clock", "nobody waits for goods that go back through customs",
             "DELETE FROM deadlines WHERE kind = 'customs.back_by'"),
    Mutation("Z1_disputes_have_a_clock", "a turn never ends", "DELETE FROM deadlines WHERE kind = 'dispute.seller_turn'"),
]  # fmt: skip

# An exchange of the story that becomes one for which an order goes out.
REPLACED = """UPDATE exchanges SET state = 'replaced', replaced_at = now(), worth = 0, carried = 0, price = 0, why = NULL,
             ended_at = NULL"""
STAYS_OFF = f"""
UPDATE refund_lines SET component = 'reprice', rule = 'A6.reprice', amount = -1 WHERE refund_id = {refund(RETURNED)};
INSERT INTO refund_lines (order_id, refund_id, n, merchant_id, line_no, quantity, component, amount, rule)
SELECT order_id, {refund(RETURNED)}, 100 + line_no, merchant_id, line_no, quantity, 'goods', 0, 'A5' FROM order_lines
WHERE order_id = {RETURNED}
"""
WAITS = "UPDATE exchanges SET state = 'reserved', ended_at = NULL, why = NULL"

_EXCHANGED = [
    Mutation("E1_carried_once", "money left an order for another and never came there",
             f"UPDATE send_backs SET carried_to = {QUEUED} WHERE id = {send_back(RETURNED)}"),
    Mutation("E1_carried_once", "an order has money of another that it never gave",
             f"UPDATE captures SET carried_from = {send_back(RETURNED)} WHERE id = (SELECT min(id) FROM captures)"),
    Mutation("E1_exchanges_conserve", "more is sent than came back", "UPDATE exchange_lines SET sent = 1"),
    Mutation("E1_exchanges_conserve", "something was sent, and no order says so", REPLACED),
    Mutation("E2_never_goods_and_money", "goods were sent for a return that is paid back", REPLACED),
    Mutation("E2_withheld_once", "more than was withheld is due after all",
             f"UPDATE refund_lines SET component = 'withheld', amount = -amount WHERE refund_id = {refund(RETURNED)}"),
    Mutation("E2_withheld_once", "what nobody withheld goes back",
             f"UPDATE refunds SET cause = 'withheld' WHERE id = {refund(RETURNED)}"),
    Mutation("E2_bargains_are_settled", "all is back, and something stays off because of the rest", STAYS_OFF),
    Mutation("E2_first_order", "what is sent for goods knows nothing of them",
             f"UPDATE exchanges SET sent_order_id = {AWAITING} WHERE id = (SELECT min(id) FROM exchanges)"),
    Mutation("E2_first_order", "an order says that it is sent for goods of another",
             "UPDATE orders SET first_order_id = (SELECT min(id) FROM orders) WHERE id = (SELECT max(id) FROM orders)"),
    Mutation("E3_kept_for_somebody", "what an exchange waits for is not kept", WAITS),
    Mutation("E3_kept_for_somebody", "stock is kept for an order that nobody knows",
             f"UPDATE reservations SET order_id = 77 WHERE order_id = {QUEUED}"),
    Mutation("E4_difference_paid_first", "something goes out that is not paid",
             f"{REPLACED}, sent_order_id = {AWAITING} WHERE id = (SELECT min(id) FROM exchanges)"),
    Mutation("Z1_exchanges_have_a_clock", "goods are here and nobody waits for what is sent for them", WAITS),
]  # fmt: skip

# The repair of the story that goes on; its return is paid back already.
MENDS = """UPDATE repairs SET state = 'mending', failed_at = NULL, why = NULL, choose_by = NULL, instead = NULL,
           ended_at = NULL"""

_MENDED = [
    Mutation("M1_repairs_fit_their_return", "goods are mended that were paid back", MENDS),
    Mutation("M1_repairs_fit_their_return", "a repair ended, and nobody has anything for it",
             f"UPDATE returns SET outcome = 'open', settled_at = NULL, refund_id = NULL WHERE id = {RETURN}"),
    Mutation("M1_granted_repairs_are_open", "a repair was granted and nobody waits for the goods",
             "DELETE FROM repairs; UPDATE returns SET resolution = 'repair'"),
    Mutation("M2_mended_goods_are_never_stock", "what was to be mended was disposed of",
             "UPDATE returns SET resolution = 'repair'"),
    Mutation("M3_time_of_repair_counts_for_nobody", "a repair counts against the warranty", "DELETE FROM line_services"),
    Mutation("M3_time_of_repair_counts_for_nobody", "a warranty began anew with no exchange",
             "UPDATE line_services SET kind = 'exchange'"),
    Mutation("M3_time_of_repair_counts_for_nobody", "a repair in vain is not counted",
             "UPDATE line_services SET is_failed = false"),
    Mutation("Z1_repairs_have_a_clock", "goods are here and no day counts", MENDS),
]  # fmt: skip

_SETTLING = [
    Mutation("F1_accounts_are_the_books", "a sale was counted in the account and not in the ledger",
             "UPDATE settlement_lines SET amount = amount + 1 WHERE kind = 'sale'"),
    Mutation("L3_posted_once", "a fee was taken and never posted",
             "DELETE FROM postings WHERE source = 'settlement' AND source_id = 1960000102"),
    Mutation("F2_closed_periods_stand", "something was booked into a closed period",
             "UPDATE settlement_lines SET settlement_id = 1960000011 WHERE kind = 'payout'"),
    Mutation("F2_closed_periods_stand", "a closed period says another balance", "UPDATE settlements SET closing = closing + 1"),
    Mutation("F2_closed_periods_stand", "two periods lie over each other",
             "UPDATE settlements SET starts_at = starts_at - interval '1 day' WHERE state = 'open'"),
    Mutation("F2_closed_periods_stand", "a period was opened again, and a later one is closed",
             """UPDATE settlements SET state = 'open', opening = NULL, closing = NULL, closed_at = NULL WHERE state = 'closed';
                UPDATE settlements SET state = 'closed', opening = 0, closing = 0, closed_at = ends_at WHERE id = 1960000012"""),
    Mutation("F3_fees_are_taken_once", "a fee was taken twice",
             """ALTER TABLE settlement_lines DROP CONSTRAINT uq_settlement_lines_kind_detail_subject_id_n_order_id;
                INSERT INTO settlement_lines SELECT (jsonb_populate_record(l, '{"id": 5}')).* FROM settlement_lines l
                WHERE kind = 'fee'"""),
    Mutation("F3_fees_are_taken_once", "more of a fee went back than was taken",
             "UPDATE settlement_lines SET amount = 11 WHERE kind = 'fee_back'"),
    Mutation("F3_fees_are_taken_once", "a fee went back that was never taken", "DELETE FROM settlement_lines WHERE kind = 'fee'"),
    Mutation("F4_lines_are_paid_once", "a payout is more than its lines", "UPDATE payouts SET amount = amount + 1"),
    Mutation("F4_lines_are_paid_once", "a line was paid twice",
             """DROP INDEX uq_payout_items_line; ALTER TABLE payout_items DROP CONSTRAINT pk_payout_items;
                INSERT INTO payout_items SELECT * FROM payout_items LIMIT 1"""),
    Mutation("F4_lines_are_paid_once", "a payout left the house and the account knows nothing of it",
             "DELETE FROM settlement_lines WHERE kind = 'payout'"),
    Mutation("F4_lines_are_paid_once", "a payout failed and its lines are not free",
             "UPDATE payouts SET state = 'failed'"),
    Mutation("F4_cards_are_noted", "a payout clears cards that nobody paid with", "UPDATE payouts SET cards = 5"),
    Mutation("P4_payouts_have_four_eyes", "somebody approved what they prepared",
             "ALTER TABLE payout_runs DROP CONSTRAINT ck_payout_runs_four_eyes; UPDATE payout_runs SET approved_by = 41"),
    Mutation("P4_payouts_have_four_eyes", "the file was changed after it was approved",
             "ALTER TABLE payout_runs DROP CONSTRAINT ck_payout_runs_checksum_is_its_own; UPDATE payout_runs SET content = 'y'"),
    Mutation("F5_deposits_are_their_movements", "a deposit shrank without a movement",
             "UPDATE merchant_deposits SET balance = balance - 1"),
    Mutation("F5_deposits_are_their_movements", "a transfer was booked twice",
             """INSERT INTO deposit_movements SELECT (jsonb_populate_record(m, '{"id": 5, "receipt": "T-2"}')).*
                FROM deposit_movements m WHERE kind = 'top_up'"""),
    Mutation("Z1_periods_have_a_clock", "a period stays open for ever", "DELETE FROM deadlines WHERE kind = 'settlement.close'"),
]  # fmt: skip

_INVOICED = [
    Mutation("I1_series_have_no_gaps", "a number was left out",
             "UPDATE invoices SET number = 2 WHERE series = '2026'; UPDATE invoice_series SET last = 2 WHERE series = '2026'"),
    Mutation("I1_series_have_no_gaps", "a number was taken and never used", "UPDATE invoice_series SET last = 2"),
    Mutation("I1_series_have_no_gaps", "two papers have one number",
             """ALTER TABLE invoices DROP CONSTRAINT uq_invoices_merchant_id_series_number;
                UPDATE invoices SET series = '2026'; DELETE FROM invoice_series WHERE series = '2026R'"""),
    Mutation("I2_papers_add_up", "a paper says another tax than its lines",
             "UPDATE invoices SET tax = tax + 1, net = net - 1"),
    Mutation("I3_notes_fit_their_invoice", "more was taken back than was invoiced",
             """UPDATE invoices n SET total = i.total + 1, net = i.total + 1 FROM invoices i
                WHERE i.kind = 'invoice' AND n.kind = 'credit_note'"""),
    Mutation("I3_notes_fit_their_invoice", "a credit note came before the money",
             f"UPDATE refunds SET state = 'sending' WHERE id = {refund(RETURNED)}"),
    Mutation("I4_invoiced_is_paid", "a refund was noted and never taken back in red",
             "DELETE FROM invoices WHERE kind = 'credit_note'"),
    Mutation("I4_invoiced_is_paid", "an order has two invoices",
             """INSERT INTO invoices SELECT (jsonb_populate_record(i, '{"id": 5, "number": 2, "invoice_request_id": 6}')).*
                FROM invoices i WHERE kind = 'invoice'"""),
    Mutation("I5_refunds_are_taken_back", "a refund was forgotten", "DELETE FROM invoice_refunds"),
    Mutation("I5_kept_is_invoiced", "something of what never left stays, and no paper says so", f"""
             UPDATE invoice_requests SET sealed = 'x'; UPDATE captures SET amount = amount + 1 WHERE order_id = {PAID_TWICE};
             UPDATE orders SET state = 'cancelled', first_order_id = {RETURNED} WHERE id = {PAID_TWICE}"""),
    Mutation("Z1_lost_invoices_are_asked_after", "nobody asks what became of an invoice",
             "UPDATE invoices SET state = 'unknown', number = NULL, series = NULL, issued_at = NULL"),
]  # fmt: skip

# One row of each table that points to something of a merchant, given to the other merchant.
_FOREIGN_ROWS = [
    Mutation("N1_children_of_their_merchant", f"a row of {table} stands with the other merchant",
             f"""{FIRST.get(table, "")}; UPDATE {table} SET merchant_id = 3 - merchant_id
                 WHERE ctid = (SELECT ctid FROM {table} WHERE {pointer} IS NOT NULL LIMIT 1)""")
    for table in sorted(TABLES)
    for pointer in list(same_as_parents(table, "merchant_id"))[:1]
    # A bundle has a number of its own in its merchant's chain, which has to change with it: above.
    if table not in ("reaction_parked", "bundles")
]  # fmt: skip

# Every pointer of every table, pointed at nothing.
_LOOSE_POINTERS = [
    Mutation("X2_pointers_live", f"{table}.{pointer} points to nothing",
             f"""{FIRST.get(table, "")}; UPDATE {table} SET {pointer} = 3
                 WHERE ctid = (SELECT ctid FROM {table} WHERE {pointer} IS NOT NULL LIMIT 1)""")
    for table in sorted(TABLES)
    for pointer in parents(table)
    if table != "reaction_parked"
]  # fmt: skip

_ON_THE_WAY = [
    Mutation("S5_parcels_conserve_units", "a cancelled unit was sent",
             f"UPDATE order_lines SET cancelled = 1 WHERE order_id = {ON_ITS_WAY} AND line_no = 1"),
    Mutation("S5_parcels_conserve_units", "shipped, and a line is in no parcel",
             f"DELETE FROM parcel_lines WHERE order_id = {ON_ITS_WAY} AND line_no = 2"),
    Mutation("X1_parcels_seen_as_scanned", "a late scan moved the clock back",
             f"UPDATE parcels SET last_scan_at = last_scan_at - interval '1 hour' WHERE id = {parcel(COMPLETED)}"),
    Mutation("X1_parcels_seen_as_scanned", "delivered and still called silent",
             f"UPDATE parcels SET noticed = '{{silent}}' WHERE id = {parcel(COMPLETED)}"),
    Mutation("Z1_parcels_are_watched", "nobody will notice that a parcel is lost",
             "DELETE FROM deadlines WHERE kind = 'parcel.silence'"),
    Mutation("Z1_gone_orders_are_looked_after", "a parcel was lost, and nobody looks after its order",
             "UPDATE parcels SET state = 'lost' WHERE delivered_at IS NULL; DELETE FROM cases"),
    Mutation("Z1_interceptions_have_a_clock", "a carrier that never answers is waited for for ever",
             "UPDATE interceptions SET answer = NULL, why = NULL, answered_at = NULL"),
]  # fmt: skip

_FAIR_PLAY = [
    Mutation("U1_measures_have_a_living_flag", "something acted after the flag was over",
             "UPDATE abuse_measures SET at = now() + interval '181 days'"),
    Mutation("U1_measures_have_a_living_flag", "something acted by a flag that was lifted before",
             "UPDATE abuse_flags SET state = 'lifted', lift_reason = 'wrong', ended_at = now() - interval '1 hour'"),
    Mutation("U1_measures_have_a_living_flag", "something acted by no flag", "DELETE FROM abuse_flags"),
    Mutation("U1_flags_have_sources", "somebody is held for nothing", "DELETE FROM abuse_signals"),
    Mutation("U1_flags_have_sources", "somebody is held for what was dismissed",
             "UPDATE abuse_signals SET dismissed_at = now()"),
    Mutation("U1_flags_have_sources", "somebody is held for what another buyer did",
             "UPDATE abuse_signals SET buyer_id = 200010"),
    Mutation("U1_levels_fit_scores", "more follows than the score says", "UPDATE abuse_flags SET score = 30"),
    Mutation("P2_hard_measures_have_four_eyes", "one person alone took what was voluntary away",
             "UPDATE abuse_flags SET signed_by = NULL, signed_by_kind = NULL"),
    Mutation("U2_evidence_goes_out_confirmed", "evidence went out that nobody had confirmed",
             "UPDATE abuse_flags SET state = 'signed', confirmed_level = 0"),
    Mutation("Z1_flags_have_a_clock", "a flag that never ends",
             "DELETE FROM deadlines WHERE kind = 'abuse_flag.expiry'"),
    Mutation("Z1_flags_have_a_clock", "a buyer asked for a person and is waited out for ever",
             "UPDATE abuse_flags SET state = 'appealed'"),
    Mutation("U2_nothing_after_its_end", "a flag went on when its time was over",
             "UPDATE abuse_flags SET opened_at = opened_at - interval '181 days', expires_at = expires_at - interval '181 days'"),
]  # fmt: skip

MUTATIONS: list[Mutation] = [
    *_WORK,
    *_STOCK,
    *_GOODS_BACK,
    *_MONEY,
    *_PRICES,
    *_BOOKS,
    *_BOOKED,
    *_CREDIT,
    *_STEPS,
    *_EFFECTS,
    *_STANDSTILL,
    *_SECOND_LOOKS,
    *_MESSAGES,
    *_LANES,
    *_MADE_ELSEWHERE,
    *_DONE_AND_KEPT,
    *_TOLD_ELSEWHERE,
    *_TROUBLES,
    *_EXCHANGED,
    *_MENDED,
    *_SETTLING,
    *_INVOICED,
    *_FAIR_PLAY,
    *_FOREIGN_ROWS,
    *_LOOSE_POINTERS,
    *_ON_THE_WAY,
]
