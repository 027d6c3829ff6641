"""The clock of a message that nobody has taken yet."""

from datetime import timedelta

from dingdan.plumbing.deadlines import Kind

MESSAGE_RETRY = Kind(name="message.retry", subject="message", on_timeout="try_again")

# How long after each attempt the next one follows: three times in a quarter of an hour, then the next channel.
WAITS = (timedelta(minutes=2), timedelta(minutes=4), timedelta(minutes=9))
