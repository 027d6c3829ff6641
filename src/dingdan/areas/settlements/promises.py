"""The clock that hangs on a period's account."""

from dingdan.plumbing.deadlines import Kind

CLOSE = Kind(name="settlement.close", subject="settlement", on_timeout="close")
