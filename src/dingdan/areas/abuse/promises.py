"""The clocks that hang on a flag."""

from datetime import timedelta

from dingdan.plumbing.deadlines import Kind, Rung

# A flag ends by itself, and so does each part of its score (R7.4).
EXPIRY = Kind(name="abuse_flag.expiry", subject="abuse_flag", on_timeout="let_expire", waits_for="system")
# Who asked for a person has one in time, or the flag is lifted: no silence of ours is held against anybody.
ANSWER = Kind(
    name="abuse_flag.answer", subject="abuse_flag", on_timeout="lift_unanswered", waits_for="merchant",
    warnings=(Rung(name="half", percent=50, role="risk"),),
)  # fmt: skip
ANSWER_WITHIN = timedelta(hours=48)
