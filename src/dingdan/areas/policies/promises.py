"""When an announced version of a policy begins to apply."""

from dingdan.plumbing.deadlines import Kind

START = Kind(name="policy.start", subject="policy", on_timeout="start")
