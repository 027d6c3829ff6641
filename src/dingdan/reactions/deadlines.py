"""What happens when a promise's time is up: each kind of deadline and the command that answers it; also who keeps it."""

from collections.abc import Mapping
from functools import partial

from dingdan.areas import (
    archive,
    carriers,
    cases,
    clocks,
    credit,
    disposition,
    exchanges,
    fulfilment,
    invoices,
    notifications,
    orders,
    payments,
    policies,
    pricing,
    returns,
    review,
    settlements,
    talks,
    transit,
    way_back,
)
from dingdan.overviews import bundles
from dingdan.plumbing.deadlines import Handler, RungHandler

HANDLERS: Mapping[str, Handler] = {
    archive.ERASE.name: partial(archive.erase, collect=bundles.collect, leaving=bundles.LEAVING),
    archive.KEEP.name: partial(archive.keep, collect=bundles.collect, leaving=bundles.LEAVING),
    archive.PUT_AWAY.name: partial(archive.put_away, collect=bundles.collect, leaving=bundles.LEAVING),
    carriers.EVALUATE.name: carriers.evaluate_due,
    carriers.LICENCE.name: carriers.look_at_licences,
    cases.ANSWER.name: cases.go_on_without_answer,
    cases.CLAIM_ANSWER.name: cases.chase,
    cases.CLAIM_FILE.name: cases.warn_unfiled,
    cases.CONTACT.name: cases.escalate_uncontacted,
    cases.PLAN.name: cases.escalate_unplanned,
    cases.RESOLVE.name: cases.escalate_unresolved,
    cases.UPDATE.name: cases.escalate_silent,
    credit.POINTS_EXPIRY.name: credit.expire_points,
    disposition.DECIDE_BY.name: disposition.note_undecided,
    disposition.STORAGE.name: disposition.remind_of_storage,
    exchanges.SHIP_BY.name: exchanges.note_overdue,
    fulfilment.CLAIM.name: fulfilment.put_back_forgotten,
    invoices.ISSUE_BY.name: invoices.note_overdue,
    invoices.RETRY.name: invoices.try_again,
    notifications.MESSAGE_RETRY.name: notifications.try_again,
    orders.AUTO_RECEIVE.name: orders.receive_automatically,
    orders.PAY_BY.name: orders.expire,
    payments.BALANCE_OPENS.name: payments.open_balances,
    payments.PAYMENT_CHECK.name: payments.check_payments,
    payments.SEND_BACK_CHECK.name: payments.check_send_backs,
    policies.START.name: policies.start,
    pricing.END.name: pricing.end,
    pricing.START.name: pricing.activate,
    returns.INSPECT_BY.name: returns.note_late_inspection,
    returns.REFUND_BY.name: returns.note_late_refund,
    returns.REVIEW.name: returns.time_out_review,
    returns.SEND_BY.name: returns.lapse,
    review.ANSWER.name: review.go_on_without_answer,
    review.DECIDE.name: review.decide_overdue,
    review.ESCALATE.name: review.escalate_overdue,
    review.WARN.name: review.warn,
    settlements.CLOSE.name: settlements.close_due,
    talks.ANSWER.name: talks.go_on_without_answer,
    talks.OFFER_EXPIRY.name: talks.lapse_offers,
    transit.ARRIVAL.name: transit.notice_overdue,
    transit.ASK_CARRIER.name: transit.ask_carriers,
    transit.FIRST_SCAN.name: transit.notice_unscanned,
    transit.INTERCEPT_ANSWER.name: transit.give_up_interception,
    transit.SANDBOX_PUSH.name: transit.push_due,
    transit.SILENCE.name: transit.notice_silence,
    way_back.MATCH_BY.name: way_back.note_unmatched,
}

# Who answers the steps before and after the moment, of kinds that have any.
RUNGS: Mapping[str, RungHandler] = {
    disposition.DECIDE_BY.name: disposition.remind_of_decision,
    disposition.STORAGE.name: disposition.remind_again,
    exchanges.SHIP_BY.name: exchanges.remind_of_shipping,
    returns.INSPECT_BY.name: returns.remind_of_inspection,
    orders.AUTO_RECEIVE.name: orders.remind_of_receipt,
    returns.REFUND_BY.name: returns.remind_of_refund,
    returns.REVIEW.name: returns.remind_of_review,
    returns.SEND_BY.name: returns.remind_of_sending,
    way_back.MATCH_BY.name: way_back.note_still_unmatched,
}

# Who keeps what a kind hangs on, of kinds that staff may move many at once.
KEEPERS: Mapping[str, clocks.Keeper] = {
    orders.AUTO_RECEIVE.name: clocks.Keeper(hold=orders.lock),
    orders.PAY_BY.name: clocks.Keeper(hold=orders.lock, put_off=orders.put_off_payment),
    disposition.DECIDE_BY.name: clocks.Keeper(hold=disposition.hold),
    returns.INSPECT_BY.name: clocks.Keeper(hold=returns.hold),
    returns.REVIEW.name: clocks.Keeper(hold=returns.hold),
    returns.SEND_BY.name: clocks.Keeper(hold=returns.hold, put_off=returns.put_off_sending),
}
