"""The clocks that hang on an order."""

from datetime import timedelta

from dingdan.plumbing.deadlines import Kind, Rung

PAY_BY = Kind(name="order.pay_by", subject="order", on_timeout="expire", waits_for="buyer", may_extend=True)
# The buyer is told three days and one day before an order counts as received, whenever that is in the end.
ANNOUNCED = Rung(name="announced", before=timedelta(hours=72))
DUE_SOON = Rung(name="due_soon", before=timedelta(hours=24))
AUTO_RECEIVE = Kind(
    name="order.auto_receive", subject="order", on_timeout="receive", waits_for="buyer", may_extend=True,
    warnings=(ANNOUNCED, DUE_SOON),
)  # fmt: skip
# What was written to the buyer and waits a moment, in which whoever wrote it can take it back.
WORDS_GO = Kind(name="order.words_go", subject="order", on_timeout="send_words")
# However little was left, nobody is surprised by a receipt the moment their objection ends.
AT_LEAST = timedelta(hours=24)
