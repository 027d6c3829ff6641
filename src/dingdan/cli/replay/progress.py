"""Says on standard error how far a replay is."""

import sys
import time

import click

EVERY_SECONDS = 2.0


class Progress:
    """A line that says how far it is: renewed in place on a terminal, a new one now and then elsewhere."""

    def __init__(self, what: str, total: int) -> None:
        self._what, self._total = what, total
        self._done = 0
        self._began = self._said = time.monotonic()

    def add(self, count: int, at: object = "") -> None:
        """So many more are done."""
        self._done += count
        if time.monotonic() - self._said >= EVERY_SECONDS:
            self._say(at)

    def end(self) -> None:
        """All are done."""
        self._say("done")
        if sys.stderr.isatty():
            click.echo(err=True)

    def _say(self, at: object) -> None:
        self._said = time.monotonic()
        rate = self._done / max(self._said - self._began, 0.001)
        text = f"{self._what}: {self._done:,} of {self._total:,}, {rate:,.0f}/s, {at}"
        click.echo(f"\r{text:<78}" if sys.stderr.isatty() else text, err=True, nl=not sys.stderr.isatty())
