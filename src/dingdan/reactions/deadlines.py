"""What happens when a promise's time is up: each kind of deadline and the command that answers it."""

from collections.abc import Mapping

from dingdan.areas import credit, fulfilment, orders, payments, returns
from dingdan.plumbing.deadlines import Handler

HANDLERS: Mapping[str, Handler] = {
    credit.POINTS_EXPIRY.name: credit.expire_points,
    fulfilment.ASK_CARRIER.name: fulfilment.ask_carriers,
    orders.AUTO_RECEIVE.name: orders.receive_automatically,
    orders.PAY_BY.name: orders.expire,
    payments.PAYMENT_CHECK.name: payments.check_payments,
    payments.SEND_BACK_CHECK.name: payments.check_send_backs,
    returns.REVIEW.name: returns.time_out_review,
    returns.SEND_BY.name: returns.lapse,
}
