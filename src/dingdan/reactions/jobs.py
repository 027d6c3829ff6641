"""Every kind of job and who does it."""

from dingdan.areas import fulfilment, notifications, payments
from dingdan.plumbing.jobs import JobHandler

HANDLERS: dict[str, JobHandler] = {
    "fulfilment.ask_carrier": fulfilment.ask_carrier,
    "fulfilment.push_sandbox": fulfilment.push_sandbox,
    "notifications.deliver": notifications.deliver,
    "payments.ask": payments.ask,
    "payments.ask_send_backs": payments.ask_send_backs,
    "payments.send_back": payments.call_send_backs,
    "payments.tell_voids": payments.tell_voids,
}
