"""The clocks that hang on what is said."""

from dingdan.plumbing.deadlines import Kind

ANSWER = Kind(name="return.answer", subject="return", on_timeout="go_on_without_answer", waits_for="buyer")
# What was written and waits a moment, in which whoever wrote it can take it back.
WORDS_GO = Kind(name="return.words_go", subject="return", on_timeout="send_words")
OFFER_EXPIRY = Kind(name="offer.expiry", subject="offer", on_timeout="lapse_offers", waits_for="buyer")
