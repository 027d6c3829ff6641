"""What happens when a promise's time is up: each kind of deadline and the command that answers it."""

from collections.abc import Mapping

from dingdan.areas import fulfilment, orders, payments, pricing, returns
from dingdan.plumbing.deadlines import Handler

HANDLERS: Mapping[str, Handler] = {
    fulfilment.ASK_CARRIER.name: fulfilment.ask_carriers,
    orders.AUTO_RECEIVE.name: orders.receive_automatically,
    orders.PAY_BY.name: orders.expire,
    payments.PAYMENT_CHECK.name: payments.check_payments,
    payments.SEND_BACK_CHECK.name: payments.check_send_backs,
    pricing.END.name: pricing.end,
    pricing.START.name: pricing.activate,
    returns.REVIEW.name: returns.time_out_review,
    returns.SEND_BY.name: returns.lapse,
}
