"""The sandbox provider's post office: brings its notifications to our own door, as a real one's would come."""

from collections.abc import Awaitable, Callable

from dingdan.areas import payments
from dingdan.plumbing.database import Database
from dingdan.plumbing.http import client
from dingdan.plumbing.settings import Settings

PATH = "/v1/callbacks/payments/sandbox"


def deliveries(db: Database, settings: Settings) -> Callable[[], Awaitable[int]]:
    """One round of deliveries over HTTP to wherever the outside world reaches us; says how many were brought."""
    post_office = client()
    url = settings.callback_url + PATH

    async def deliver() -> int:
        return await payments.sandbox.deliver_notifications(db, post_office, url)

    return deliver
