"""The one clock of a refund: until when whoever let it go may still take that back."""

from dingdan.plumbing.deadlines import Kind

GOES_OUT = Kind(name="refund.goes_out", subject="refund", on_timeout="send_held")
