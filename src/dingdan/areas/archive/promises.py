"""The clocks of the archive."""

from dingdan.plumbing.deadlines import Kind

KEEP = Kind(name="archive.keep", subject="order", on_timeout="keep")
PUT_AWAY = Kind(name="archive.put_away", subject="order", on_timeout="put_away")
ERASE = Kind(name="archive.erase", subject="order", on_timeout="erase")
