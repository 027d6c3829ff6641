"""The clocks that hang on a review."""

from dingdan.plumbing.deadlines import Kind

WARN = Kind(name="review.warn", subject="review", on_timeout="warn", waits_for="merchant")
ESCALATE = Kind(name="review.escalate", subject="review", on_timeout="escalate", waits_for="merchant")
DECIDE = Kind(name="review.decide", subject="review", on_timeout="decide", waits_for="merchant")
ANSWER = Kind(name="review.answer", subject="review", on_timeout="go_on_without_answer", waits_for="buyer")

# What stands still while the buyer is asked.
RUNNING_CLOCKS = (WARN, ESCALATE, DECIDE)
EVERY_CLOCK = (*RUNNING_CLOCKS, ANSWER)
