"""The clocks that hang on an invoice."""

from datetime import timedelta

from dingdan.plumbing.deadlines import Kind

ISSUE_BY = Kind(name="invoice.issue_by", subject="invoice", on_timeout="tell_and_try_again", waits_for="merchant")
RETRY = Kind(name="invoice.retry", subject="invoice", on_timeout="try_again")
RETRY_AFTER = timedelta(minutes=10)
