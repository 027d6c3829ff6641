"""Channels say how far they have taken in what they were told."""

from dingdan.areas.channels import store
from dingdan.areas.channels.refusals import NeverTold
from dingdan.areas.inventory import Channel
from dingdan.plumbing.tx import Tx


async def acknowledge(tx: Tx, channel: Channel, position: int) -> None:
    """Note that a channel has everything up to a place; a second or a late word changes nothing. Raises NeverTold."""
    if position > (await store.sync(tx, channel.id))["head"]:
        raise NeverTold("position")
    await store.acknowledge(tx, channel.id, channel.merchant_id, position)
