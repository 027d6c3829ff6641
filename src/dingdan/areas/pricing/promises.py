"""When a promotion begins and ends by itself."""

from dingdan.plumbing.deadlines import Kind

START = Kind(name="promotion.start", subject="promotion", on_timeout="activate")
END = Kind(name="promotion.end", subject="promotion", on_timeout="end")
