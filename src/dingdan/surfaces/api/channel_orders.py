"""Orders made on channels: recorded whatever they say; what does not fit, and what is told back."""

from typing import Literal

from dingdan.areas import channel_orders

UNKEYED = "a channel's number is recorded once, however often it is told"

ProblemFilter = channel_orders.ProblemKind | Literal["any"]
