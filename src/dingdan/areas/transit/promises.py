"""The clocks that hang on a parcel: one of each kind, so that a sweep costs what is due and not what there is."""

from datetime import timedelta

from dingdan.plumbing.deadlines import Kind

# Pushes get lost; a carrier that can be asked is asked about a parcel that nothing is heard of.
ASK_CARRIER = Kind(name="parcel.ask_carrier", subject="parcel", on_timeout="ask_carriers", waits_for="carrier")
FIRST_SCAN = Kind(name="parcel.first_scan", subject="parcel", on_timeout="notice_unscanned", waits_for="carrier")
SILENCE = Kind(name="parcel.silence", subject="parcel", on_timeout="notice_silence", waits_for="carrier")
ARRIVAL = Kind(name="parcel.arrival", subject="parcel", on_timeout="notice_overdue", waits_for="carrier")
INTERCEPT_ANSWER = Kind(
    name="parcel.intercept_answer", subject="parcel", on_timeout="give_up_interception", waits_for="carrier"
)
# When the sandbox carrier tells of a parcel by itself.
SANDBOX_PUSH = Kind(name="parcel.sandbox_push", subject="parcel", on_timeout="push_due")

FIRST_SCAN_WITHIN = timedelta(hours=24)
ANSWER_WITHIN = timedelta(hours=24)
WATCHED_FOR = timedelta(days=60)
