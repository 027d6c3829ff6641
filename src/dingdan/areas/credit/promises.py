"""The clock that hangs on points: unspent ones end when they were said to."""

from dingdan.plumbing.deadlines import Kind

POINTS_EXPIRY = Kind(name="credit.points_expiry", subject="lot", on_timeout="expire")
