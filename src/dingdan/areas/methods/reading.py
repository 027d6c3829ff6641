"""What others may ask about ways to pay."""

from collections.abc import Iterable

from dingdan.areas.methods import rules, store
from dingdan.areas.methods.model import Way
from dingdan.plumbing.tx import Tx


async def offered(tx: Tx, merchant_ids: Iterable[int], *, plugged: rules.Plugged) -> dict[int, list[Way]]:
    """The ways of these merchants, first choice first; one question for any number of them."""
    wanted = set(merchant_ids)
    found = await store.of_merchants(tx, wanted)
    platform = [way for merchant_id, way in found if merchant_id is None]
    own = {i: [way for merchant_id, way in found if merchant_id == i] for i in wanted}
    return {i: rules.offered(plugged, own[i], platform) for i in wanted}
