"""The clocks that hang on what is said."""

from dingdan.plumbing.deadlines import Kind

ANSWER = Kind(name="return.answer", subject="return", on_timeout="go_on_without_answer", waits_for="buyer")
OFFER_EXPIRY = Kind(name="offer.expiry", subject="offer", on_timeout="lapse_offers", waits_for="buyer")
