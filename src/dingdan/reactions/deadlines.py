"""What happens when a promise's time is up: each kind of deadline and the command that answers it."""

from collections.abc import Mapping
from functools import partial

from dingdan.areas import archive, credit, fulfilment, notifications, orders, payments, pricing, returns, review
from dingdan.overviews import bundles
from dingdan.plumbing.deadlines import Handler

HANDLERS: Mapping[str, Handler] = {
    archive.ERASE.name: partial(archive.erase, collect=bundles.collect, leaving=bundles.LEAVING),
    archive.KEEP.name: partial(archive.keep, collect=bundles.collect, leaving=bundles.LEAVING),
    archive.PUT_AWAY.name: partial(archive.put_away, collect=bundles.collect, leaving=bundles.LEAVING),
    credit.POINTS_EXPIRY.name: credit.expire_points,
    fulfilment.ASK_CARRIER.name: fulfilment.ask_carriers,
    notifications.MESSAGE_RETRY.name: notifications.try_again,
    orders.ANNOUNCE_RECEIPT.name: orders.announce_receipt,
    orders.AUTO_RECEIVE.name: orders.receive_automatically,
    orders.PAY_BY.name: orders.expire,
    orders.REMIND_OF_RECEIPT.name: orders.remind_of_receipt,
    payments.BALANCE_OPENS.name: payments.open_balances,
    payments.PAYMENT_CHECK.name: payments.check_payments,
    payments.SEND_BACK_CHECK.name: payments.check_send_backs,
    pricing.END.name: pricing.end,
    pricing.START.name: pricing.activate,
    returns.REVIEW.name: returns.time_out_review,
    returns.SEND_BY.name: returns.lapse,
    review.ANSWER.name: review.go_on_without_answer,
    review.DECIDE.name: review.decide_overdue,
    review.ESCALATE.name: review.escalate_overdue,
    review.WARN.name: review.warn,
}
