"""What happens when a promise's time is up: each kind of deadline and the command that answers it."""

from collections.abc import Mapping

from dingdan.areas import credit, fulfilment, notifications, orders, payments, pricing, returns, review
from dingdan.plumbing.deadlines import Handler

HANDLERS: Mapping[str, Handler] = {
    credit.POINTS_EXPIRY.name: credit.expire_points,
    fulfilment.ASK_CARRIER.name: fulfilment.ask_carriers,
    fulfilment.CLAIM.name: fulfilment.put_back_forgotten,
    notifications.MESSAGE_RETRY.name: notifications.try_again,
    orders.AUTO_RECEIVE.name: orders.receive_automatically,
    orders.PAY_BY.name: orders.expire,
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
