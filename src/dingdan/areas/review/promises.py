"""The clocks that hang on a review."""

from dingdan.plumbing.deadlines import Kind

WARN = Kind(name="review.warn", subject="review", on_timeout="warn")
ESCALATE = Kind(name="review.escalate", subject="review", on_timeout="escalate")
DECIDE = Kind(name="review.decide", subject="review", on_timeout="decide")
ANSWER = Kind(name="review.answer", subject="review", on_timeout="go_on_without_answer")

# What stands still while the buyer is asked.
RUNNING_CLOCKS = (WARN, ESCALATE, DECIDE)
EVERY_CLOCK = (*RUNNING_CLOCKS, ANSWER)
