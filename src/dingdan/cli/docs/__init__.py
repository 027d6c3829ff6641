"""The documents that are made from the code, one file for each page, and so cannot lie about it."""

from dingdan.cli.docs.writing import docs, stale, write

__all__ = ["docs", "stale", "write"]
