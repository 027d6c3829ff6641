"""`dingdan demo`: the whole system on one machine, with shops, orders and returns to look at."""

from dingdan.cli.demo.command import demo

__all__ = ["demo"]
