"""What may be asked about endpoints and their deliveries."""

from datetime import datetime

from dingdan.areas.webhooks.lifecycle import EndpointState
from dingdan.areas.webhooks.model import Attempt, Delivery, Endpoint, Standing
from dingdan.areas.webhooks.refusals import DeliveryUnknown, EndpointUnknown
from dingdan.areas.webhooks.store import deliveries
from dingdan.areas.webhooks.store import endpoints as store
from dingdan.kernel.page import Page
from dingdan.plumbing.tx import Tx

LAST_ID = (1 << 63) - 1


async def endpoint(tx: Tx, endpoint_id: int) -> Endpoint:
    """One endpoint within reach. Raises EndpointUnknown."""
    one = (await store.by_ids(tx, [endpoint_id])).get(endpoint_id)
    if one is None or one.state is EndpointState.REMOVED or not tx.actor.reaches(one.merchant_id):
        raise EndpointUnknown
    return one


async def endpoints(tx: Tx, merchant_id: int | None, page: Page) -> list[Endpoint]:
    """Endpoints of a merchant, or of everybody, oldest first."""
    return await store.listed(tx, merchant_id, page.after or 0, page.limit)


async def delivery(tx: Tx, delivery_id: int) -> Delivery:
    """One delivery within reach, with its body. Raises DeliveryUnknown."""
    one = (await deliveries.by_ids(tx, [delivery_id])).get(delivery_id)
    if one is None or not tx.actor.reaches(one.merchant_id):
        raise DeliveryUnknown
    return one


async def attempts(tx: Tx, delivery_id: int) -> list[Attempt]:
    """Every call of a delivery, oldest first."""
    return await deliveries.attempts(tx, delivery_id)


async def delivered(
    tx: Tx, endpoint_id: int, page: Page, *, standing: Standing | None, wire: str | None, since: datetime | None
) -> list[Delivery]:
    """Deliveries of an endpoint, the newest first, without their bodies."""
    before = LAST_ID if page.after is None else page.after
    return await deliveries.listed(
        tx, endpoint_id, standing=standing, wire=wire, since=since, before=before, limit=page.limit
    )
