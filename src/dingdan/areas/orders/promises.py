"""The clocks that hang on an order."""

from datetime import timedelta

from dingdan.plumbing.deadlines import Kind

PAY_BY = Kind(name="order.pay_by", subject="order", on_timeout="expire", waits_for="buyer", may_extend=True)
AUTO_RECEIVE = Kind(
    name="order.auto_receive", subject="order", on_timeout="receive", waits_for="buyer", may_extend=True
)
ANNOUNCE_RECEIPT = Kind(name="order.announce_receipt", subject="order", on_timeout="announce", waits_for="buyer")
REMIND_OF_RECEIPT = Kind(name="order.remind_of_receipt", subject="order", on_timeout="remind", waits_for="buyer")

# How long before an order counts as received its buyer is told of it.
REMINDERS = ((ANNOUNCE_RECEIPT, timedelta(hours=72)), (REMIND_OF_RECEIPT, timedelta(hours=24)))
# However little was left, nobody is surprised by a receipt the moment their objection ends.
AT_LEAST = timedelta(hours=24)
