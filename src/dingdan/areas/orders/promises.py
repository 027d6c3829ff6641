"""The clocks that hang on an order."""

from dingdan.plumbing.deadlines import Kind

PAY_BY = Kind(name="order.pay_by", subject="order", on_timeout="expire", waits_for="buyer", may_extend=True)
AUTO_RECEIVE = Kind(
    name="order.auto_receive", subject="order", on_timeout="receive", waits_for="buyer", may_extend=True
)
