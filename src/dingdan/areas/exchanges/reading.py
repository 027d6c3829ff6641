"""What others may ask about exchanges, and how one is held."""

from collections.abc import Iterable

from dingdan.areas import returns
from dingdan.areas.exchanges import store
from dingdan.areas.exchanges.model import Exchange, ExchangeLine, Held
from dingdan.areas.exchanges.refusals import ExchangeUnknown
from dingdan.plumbing.tx import Tx


async def get(tx: Tx, exchange_ids: Iterable[int]) -> dict[int, Exchange]:
    """Exchanges of the actor's merchants."""
    return {one.id: one for one in await store.get(tx, exchange_ids) if tx.actor.reaches(one.merchant_id)}


async def get_one(tx: Tx, exchange_id: int) -> Exchange:
    """One exchange. Raises ExchangeUnknown; somebody else's is as unknown as none."""
    found = await get(tx, [exchange_id])
    if exchange_id not in found:
        raise ExchangeUnknown
    return found[exchange_id]


async def of_returns(tx: Tx, return_ids: Iterable[int]) -> dict[int, Exchange]:
    """The exchanges of returns, by return."""
    return {one.return_id: one for one in await store.of_returns(tx, return_ids) if tx.actor.reaches(one.merchant_id)}


async def sent_instead(tx: Tx, order_ids: Iterable[int]) -> set[int]:
    """Which of these orders were written to go out for goods that came back."""
    return {one.sent_order_id for one in await store.of_sent(tx, order_ids)}


async def lines_of(tx: Tx, exchange_ids: Iterable[int]) -> dict[int, list[ExchangeLine]]:
    """What is wanted in exchanges, by exchange."""
    return await store.lines_of(tx, exchange_ids)


async def hold(tx: Tx, exchange_ids: Iterable[int]) -> dict[int, Held]:
    """Exchanges of the actor's merchants that stand still with their returns, because their orders are locked."""
    known = await get(tx, exchange_ids)
    held = await returns.hold(tx, [one.return_id for one in known.values()])
    return {i: Held(one, held[one.return_id]) for i, one in (await get(tx, known)).items() if one.return_id in held}


async def hold_one(tx: Tx, exchange_id: int) -> Held:
    """One exchange that stands still. Raises ExchangeUnknown."""
    found = await hold(tx, [exchange_id])
    if exchange_id not in found:
        raise ExchangeUnknown
    return found[exchange_id]
