"""The clock that hangs on work in hand."""

from datetime import timedelta

from dingdan.plumbing.deadlines import Kind

# Pickers vanish: what was claimed and not packed in this time goes back to its old place in the queue.
CLAIM = Kind(name="work.claim", subject="work", on_timeout="put_back_forgotten")

CLAIM_FOR = timedelta(hours=2)
