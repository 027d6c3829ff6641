"""Logs, counters and the one correlation id that goes from door to job."""

import asyncio
import atexit
import logging
import sys
from contextvars import ContextVar
from typing import Any, TextIO, cast

import msgspec
import structlog
from prometheus_client import Counter, Gauge, Histogram

correlation: ContextVar[str] = ContextVar("correlation", default="")

COMMANDS = Counter("dingdan_commands_total", "Commands by name and how they ended.", ["command", "ended"])
RETRIES = Counter("dingdan_command_retries_total", "Commands run again because PostgreSQL asked.", ["command"])
REQUESTS = Histogram("dingdan_http_seconds", "Time to answer by route and status.", ["method", "route", "status"])
OUTSIDE = Histogram("dingdan_outside_seconds", "Calls that leave the building.", ["service", "ended"])
FACTS_WAITING = Gauge("dingdan_facts_waiting", "Facts that have no position yet.")
CHAIN_BROKEN = Gauge("dingdan_chain_broken", "Whether a fact is not what was attested when it happened.")
REACTIONS_BEHIND = Gauge("dingdan_reactions_behind", "Facts a reaction has not seen yet.", ["reaction"])
DEADLINES_LATE = Gauge("dingdan_deadlines_late", "Deadlines that are due and not yet acted on.")
CHANNEL_UPDATES = Gauge(
    "dingdan_channel_updates", "Updates a channel has not acknowledged; late after 60 s.", ["which"]
)
WEBHOOKS = Gauge(
    "dingdan_webhooks",
    "Webhooks that wait, those of them that were never tried in time (late), and endpoints that only fail (failing).",
    ["what"],
)
REQUESTS_LEFT_OUT = Counter("dingdan_request_log_left_out_total", "Calls that the request log had no room for.")
PARKED = Gauge("dingdan_parked", "Work set aside after repeated failure.", ["kind"])

# So long a line of a log may wait for others to be written with it.
GATHER_SECONDS = 0.05


class Gathered:
    """A stream whose lines go out together, a moment after the first: a write for each line costs a request dearly.

    Where no loop runs each line goes out at once. What was not written yet is, when the process ends.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lines: list[str] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        atexit.register(self.write_out)

    def write(self, text: str) -> int:
        """Keep a text until `write_out`."""
        self._lines.append(text)
        return len(text)

    def flush(self) -> None:
        """Have everything written soon."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.write_out()
            return
        if len(self._lines) == 1 or self._loop is not loop:
            self._loop = loop
            loop.call_later(GATHER_SECONDS, self.write_out)

    def write_out(self) -> None:
        """Write everything now."""
        if self._lines:
            text = "".join(self._lines)
            self._lines.clear()
            self._stream.write(text)
            self._stream.flush()


def configure_logs(log_format: str) -> None:
    """One line per event on standard error; as JSON for machines or as text for people."""
    encoder = msgspec.json.Encoder(enc_hook=repr)
    renderer: Any = (
        structlog.processors.JSONRenderer(serializer=lambda event, **_: encoder.encode(event).decode())
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    shared: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_correlation,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, Gathered(sys.stderr))),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def _add_correlation(_logger: Any, _method: str, event: Any) -> Any:
    if correlation.get():
        event["correlation"] = correlation.get()
    return event


log = structlog.get_logger("dingdan")
