"""`dingdan bench`: how fast it is, against a yardstick taken in the same run."""

from dingdan.cli.bench.command import bench

__all__ = ["bench"]
