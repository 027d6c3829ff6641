"""Sent once more: one delivery, all that failed since a moment, or a test."""

from datetime import datetime

from dingdan.areas.webhooks.model import TEST
from dingdan.areas.webhooks.refusals import DeliveryUnknown, EndpointDisabled
from dingdan.areas.webhooks.rules.wording import Message, encoded
from dingdan.areas.webhooks.store import deliveries, endpoints
from dingdan.areas.webhooks.subscribing import is_enabled, locked
from dingdan.kernel import ids
from dingdan.plumbing.tx import Tx

# In one call; whoever has more asks again.
MOST = 5_000


async def test(tx: Tx, endpoint_id: int) -> int:
    """Send a message about nothing, once, also to an endpoint that is disabled; gives the delivery to look at.

    Raises EndpointUnknown.
    """
    one = await locked(tx, endpoint_id)
    made = tx.mint()
    body = Message(
        type=TEST, timestamp=tx.now, id=ids.encode("webhook_delivery", made), cursor=None, event=None, previous={},
        object=None, data=None, data_at=None,
    )  # fmt: skip
    await endpoints.wake(tx, one.id)
    await deliveries.add_test(tx, made, one.id, one.merchant_id, encoded(body))
    return made


async def replay(tx: Tx, delivery_id: int) -> None:
    """Send a delivery again, whether it arrived, failed or waits for its next attempt: the same id, the same body.

    Raises DeliveryUnknown, EndpointUnknown or EndpointDisabled.
    """
    found = (await deliveries.by_ids(tx, [delivery_id])).get(delivery_id)
    if found is None or not tx.actor.reaches(found.merchant_id):
        raise DeliveryUnknown
    one = await locked(tx, found.endpoint_id)
    if not is_enabled(one) and found.fact_id is not None:
        raise EndpointDisabled
    await endpoints.wake(tx, one.id)
    await deliveries.begin_again(tx, [delivery_id])


async def replay_failed(tx: Tx, endpoint_id: int, *, since: datetime) -> tuple[int, bool]:
    """Send again what failed since a moment, the oldest first; says how many, and whether there is more.

    Raises EndpointUnknown or EndpointDisabled.
    """
    one = await locked(tx, endpoint_id)
    if not is_enabled(one):
        raise EndpointDisabled
    found = await deliveries.failed_since(tx, one.id, since, MOST + 1)
    await endpoints.wake(tx, one.id)
    await deliveries.begin_again(tx, found[:MOST])
    return len(found[:MOST]), len(found) > MOST
