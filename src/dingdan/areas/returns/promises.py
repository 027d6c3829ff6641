"""The clocks that hang on a return."""

from dingdan.plumbing.deadlines import Kind

REVIEW = Kind(name="return.review", subject="return", on_timeout="time_out_review")
SEND_BY = Kind(name="return.send_by", subject="return", on_timeout="lapse")
