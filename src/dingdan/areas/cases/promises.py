"""The clocks that hang on cases and claims."""

from datetime import timedelta

from dingdan.plumbing.deadlines import Kind

CONTACT = Kind(name="case.contact", subject="case", on_timeout="escalate")
PLAN = Kind(name="case.plan", subject="case", on_timeout="escalate")
RESOLVE = Kind(name="case.resolve", subject="case", on_timeout="escalate")
# By when the buyer hears from us next: silence is noticed.
UPDATE = Kind(name="case.update", subject="case", on_timeout="escalate")
ANSWER = Kind(name="case.answer", subject="case", on_timeout="go_on_without_answer")
CLAIM_FILE = Kind(name="claim.file", subject="claim", on_timeout="warn")
# A carrier answers a complaint within seven days (Interim Regulations on Express Delivery, art. 28).
CLAIM_ANSWER = Kind(name="claim.answer", subject="claim", on_timeout="chase")

ANSWER_WITHIN = timedelta(days=7)
# So long before the last day to file a claim somebody is warned.
FILE_WARNING = timedelta(days=3)

# What stands still while the buyer is asked.
OURS = (CONTACT, PLAN, RESOLVE, UPDATE)
EVERY_CASE_CLOCK = (*OURS, ANSWER)
EVERY_CLAIM_CLOCK = (CLAIM_FILE, CLAIM_ANSWER)
