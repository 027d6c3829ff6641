"""The clock that hangs on parcels that nobody announced."""

from datetime import timedelta

from dingdan.plumbing.deadlines import Kind, Rung

# R3.11: within three days it is known whose such a parcel is.
MATCH_BY = Kind(
    name="stray.match_by", subject="stray", on_timeout="note_unmatched", waits_for="merchant",
    escalations=(Rung(name="days_over", after=timedelta(hours=72), role="manager"),),
)  # fmt: skip
MATCH_WITHIN = timedelta(hours=72)
