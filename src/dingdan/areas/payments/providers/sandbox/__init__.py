"""A payment provider that lives in a schema of its own, with its own books, and that can be told to fail."""

from dingdan.areas.payments.providers.sandbox.buying import pay, pay_all, statement, statement_file
from dingdan.areas.payments.providers.sandbox.faults import Fault, allow, mend, order_fault
from dingdan.areas.payments.providers.sandbox.notices import (
    NAME,
    Outgoing,
    deliver_notifications,
    outgoing,
    sign,
    take_outgoing,
)
from dingdan.areas.payments.providers.sandbox.provider import Sandbox

__all__ = [
    "NAME", "Fault", "Outgoing", "Sandbox", "allow", "deliver_notifications", "mend", "order_fault", "outgoing",
    "pay", "pay_all", "sign", "statement", "statement_file", "take_outgoing",
]  # fmt: skip
