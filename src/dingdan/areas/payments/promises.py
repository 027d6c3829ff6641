"""The clocks that hang on a conversation with a provider: no outcome stays unasked for."""

from dingdan.plumbing.deadlines import Kind

PAYMENT_CHECK = Kind(name="payment.check", subject="payment", on_timeout="ask", waits_for="provider")
BALANCE_OPENS = Kind(name="deposit.balance_opens", subject="order", on_timeout="tell")
SEND_BACK_CHECK = Kind(name="send_back.check", subject="send_back", on_timeout="ask", waits_for="provider")
