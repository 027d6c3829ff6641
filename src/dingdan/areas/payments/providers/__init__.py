"""Who moves the money: the providers that are plugged in."""

from collections.abc import Callable, Mapping

from dingdan.areas.payments.providers.protocol import Provider
from dingdan.areas.payments.providers.sandbox import NAME, Sandbox
from dingdan.areas.payments.refusals import ProviderUnknown
from dingdan.areas.payments.rules import methods
from dingdan.plumbing.database import Database

KNOWN: Mapping[str, Callable[[Database], Provider]] = {NAME: Sandbox}


def find(db: Database, name: str) -> Provider:
    """The provider of this name. Raises ProviderUnknown."""
    known = methods(sandbox=db.sandbox)
    if name not in known:
        raise ProviderUnknown("provider", provider=name, known=", ".join(known) or "-")
    return KNOWN[name](db)
