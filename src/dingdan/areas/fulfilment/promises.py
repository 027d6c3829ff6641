"""The clocks that hang on a parcel."""

from datetime import timedelta

from dingdan.plumbing.deadlines import Kind

# Pushes get lost; a carrier that can be asked is asked once a day until the parcel has arrived.
ASK_CARRIER = Kind(name="parcel.ask_carrier", subject="parcel", on_timeout="ask_carriers", waits_for="carrier")

ASK_EVERY = timedelta(hours=24)
ASK_NO_LONGER = timedelta(days=60)
