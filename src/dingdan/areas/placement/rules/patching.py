"""A JSON Patch of the request, applied to the basket that the request became: what is offered can be judged before."""

from collections.abc import Sequence
from typing import Any

import msgspec

from dingdan.areas.placement.model import Basket, Buyer, Item
from dingdan.kernel import ids
from dingdan.kernel.refusal import Operation

# Fields of a request that are amounts on the wire and minor units in a basket.
AMOUNTS = frozenset({"unit_price", "expected_total"})
Amount = dict[str, Any]


def amount(minor_units: int, currency: str) -> Amount:
    """An amount as it stands in a request."""
    return {"amount": minor_units, "currency": currency}


def patched(basket: Basket, patch: Sequence[Operation]) -> Basket:
    """The basket that the patched request would become; one operation after the other, as RFC 6902 has it."""
    for step in patch:
        basket = _step(basket, step.path.split("/")[1:], None if step.op == "remove" else step.value)
    return basket


def _step(basket: Basket, path: Sequence[str], value: Any) -> Basket:
    if path[0] == "lines":
        place = int(path[1])
        item = () if len(path) == 2 else (_changed(basket.items[place], path[2], value),)
        items = (*basket.items[:place], *item, *basket.items[place + 1 :])
        return msgspec.structs.replace(basket, items=items)
    if path[0] == "coupons":
        place = int(path[1])
        code = () if value is None else (value,)
        return msgspec.structs.replace(basket, coupons=(*basket.coupons[:place], *code, *basket.coupons[place + 1 :]))
    if path[0] in ("points", "payment"):
        empty = 0 if path[0] == "points" else None
        chosen = (value["provider"], value["method"]) if isinstance(value, dict) else value
        return msgspec.structs.replace(basket, **{path[0]: empty if chosen is None else chosen})
    if path[0] == "buyer" and len(path) == 1:
        return msgspec.structs.replace(basket, buyer=msgspec.convert(value, Buyer))
    if path[0] in ("buyer", "ship_to"):
        inner = msgspec.structs.replace(getattr(basket, path[0]), **{path[1]: value or ""})
        return msgspec.structs.replace(basket, **{path[0]: inner})
    return msgspec.structs.replace(basket, **{path[0]: _plain(path[0], value)})


def _changed(item: Item, field: str, value: Any) -> Item:
    if field == "merchant":
        return msgspec.structs.replace(item, merchant_id=ids.decode("merchant", value) if value else None)
    return msgspec.structs.replace(item, **{field: _plain(field, value)})


def _plain(field: str, value: Any) -> Any:
    return value["amount"] if field in AMOUNTS and value is not None else value
