"""A no to a destination with its ways out."""

from dingdan.areas.carriers.model import NotDeliverable
from dingdan.areas.carriers.refusals import Undeliverable
from dingdan.kernel.refusal import Refusal


def undeliverable(no: NotDeliverable, path: str = "ship_to", *, service_pointer: str | None = None) -> Refusal:
    """The refusal of a destination. With `service_pointer` (JSON pointer of the service in the request, if the request

    has one) other services that go there are offered as patches.
    """
    return Undeliverable(path, country=no.country, region=no.region)
