"""`dingdan replay`: a shop's history, fed through the same commands that the API uses."""

from dingdan.cli.replay.command import replay

__all__ = ["replay"]
