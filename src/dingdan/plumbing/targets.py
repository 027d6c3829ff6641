"""Addresses that somebody else chose: read strictly, looked up once, every one checked, and never into the house."""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from urllib.parse import urlsplit

import msgspec

PORTS = frozenset({443, 8443})
LONGEST = 500
LOOKUP_SECONDS = 5.0
# A lookup that hangs keeps its thread until the name service gives up; others must not wait behind it.
LOOKUP_THREADS = 32

Lookup = Callable[[str, int], Sequence[str]]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# What the register of addresses counts as public and still leads into the house: the cloud's own services (Azure), the
# relays of 6to4, and the prefixes that carry an IPv4 address inside (NAT64, 6to4).
_HIDDEN = tuple(
    ipaddress.ip_network(net)
    for net in ("168.63.129.16/32", "192.88.99.0/24", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/23")
)
# The only part of IPv6 that is handed out for the public net.
_PUBLIC_V6 = ipaddress.ip_network("2000::/3")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:.]{2,45}")


class Why(StrEnum):
    """Why an address is not called."""

    FORM = "form"
    """It is not an https address with a name and a port that we call, and nothing else in it."""
    PRIVATE = "private"
    """It leads, or may lead, to a private or local place."""
    UNRESOLVED = "unresolved"
    """The name service knows no such name, or says nothing."""


class NotAllowed(Exception):
    """An address is not called."""

    def __init__(self, why: Why) -> None:
        super().__init__(str(why))
        self.why = why


class Target(msgspec.Struct, frozen=True):
    """An address as it was read; `path` has the query with it."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        is_usual = self.port == {"https": 443, "http": 80}[self.scheme]
        return host if is_usual else f"{host}:{self.port}"

    def at(self, address: str) -> str:
        """The URL that goes to one address of the host, whatever its name leads to by then."""
        host = f"[{address}]" if ":" in address else address
        return f"{self.scheme}://{host}:{self.port}{self.path}"


class Targets:
    """Where this house calls. `loopback` lets calls go to this very machine, without TLS too and at any port."""

    def __init__(self, *, loopback: bool = False, lookup: Lookup | None = None) -> None:
        self._loopback = loopback
        self._lookup = lookup or _look_up
        self._threads: ThreadPoolExecutor | None = None

    def read(self, url: str) -> Target:
        """Take an address apart. Raises NotAllowed for whatever two readers could read in two ways."""
        if len(url) > LONGEST or not re.fullmatch(r"[!-~]+", url) or "\\" in url:
            raise NotAllowed(Why.FORM)
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise NotAllowed(Why.FORM) from None
        is_sound = _HOST.fullmatch(host) and "@" not in parts.netloc and not parts.fragment and port != 0
        is_near = self._loopback and is_loopback(host)
        if not is_sound or parts.scheme not in ({"https", "http"} if is_near else {"https"}):
            raise NotAllowed(Why.FORM)
        port = port or {"https": 443, "http": 80}[parts.scheme]
        if port not in PORTS and not is_near:
            raise NotAllowed(Why.FORM)
        return Target(parts.scheme, host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))

    async def find(self, target: Target) -> str:
        """The one address to call, after every address of the host was looked at. Raises NotAllowed."""
        loop = asyncio.get_running_loop()
        if self._threads is None:
            self._threads = ThreadPoolExecutor(LOOKUP_THREADS, thread_name_prefix="lookup")
        try:
            async with asyncio.timeout(LOOKUP_SECONDS):
                found = await loop.run_in_executor(self._threads, self._lookup, target.host, target.port)
        except (OSError, UnicodeError, TimeoutError):
            raise NotAllowed(Why.UNRESOLVED) from None
        if not found:
            raise NotAllowed(Why.UNRESOLVED)
        # One bad address is enough: whoever answers so may answer with that one alone the next time.
        if not all(self._may_call(address) for address in found):
            raise NotAllowed(Why.PRIVATE)
        # Not every house has IPv6; the older kind first.
        return min(found, key=lambda address: ":" in address)

    def _may_call(self, address: str) -> bool:
        return is_public(address) or (self._loopback and is_loopback(address))


def is_public(text: str) -> bool:
    """Whether an address belongs to the public net in every reading of it."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    # An IPv4 address written as one of IPv6 is refused as such: no name service needs to answer so.
    if isinstance(address, ipaddress.IPv6Address) and address not in _PUBLIC_V6:
        return False
    is_odd = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local
    return (
        address.is_global
        and not is_odd
        and not any(address in net for net in _HIDDEN if net.version == address.version)
    )


def is_loopback(host: str) -> bool:
    """Whether this is the machine itself, written plainly."""
    return host == "localhost" or host in ("127.0.0.1", "::1")


def _look_up(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
