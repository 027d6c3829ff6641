"""The clocks that hang on a carrier."""

from dingdan.plumbing.deadlines import Kind

LICENCE = Kind(name="carrier.licence", subject="carrier", on_timeout="look_at_licences")
EVALUATE = Kind(name="carrier.evaluate", subject="carrier", on_timeout="evaluate_due")
