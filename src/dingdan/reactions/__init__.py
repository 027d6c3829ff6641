"""Nerves: when X has happened, do Y. The table of all of them stands in table.py."""

from dingdan.reactions.table import TABLE

__all__ = ["TABLE"]
