"""Whose things an actor reaches: the one place where doors decide that somebody else's object does not exist."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from dingdan.areas import (
    abuse,
    cases,
    catalog,
    channel_orders,
    clocks,
    credit,
    disputes,
    evidence,
    fulfilment,
    identity,
    inventory,
    invoices,
    merchants,
    notifications,
    orders,
    packing,
    payments,
    policies,
    policy_desk,
    pricing,
    reconciliation,
    refunds,
    returns,
    review,
    settlements,
    talks,
    webhooks,
)
from dingdan.kernel import ids
from dingdan.kernel.refusal import Kind, Refusal, Text, refuse_all
from dingdan.overviews import whose
from dingdan.plumbing.tx import Tx


class NothingThere(Refusal):
    """There is no such thing, or it is somebody else's: nobody can tell which."""

    code = "request.nothing_there"
    kind = Kind.NOT_FOUND
    message = Text("There is no such thing.", "该对象不存在。")
    remedy = Text("Check the id.", "请核对编号。")


# The same words whether it does not exist or is somebody else's: the area's own.
UNKNOWN: dict[str, type[Refusal]] = {
    "abuse_flag": abuse.FlagUnknown,
    "abuse_handover": abuse.HandoverUnknown,
    "backtest": policy_desk.BacktestUnknown,
    "channel_order": channel_orders.ChannelOrderUnknown,
    "buyer": identity.BuyerUnknown,
    "case": cases.CaseUnknown,
    "claim": cases.ClaimUnknown,
    "remedy": cases.RemedyUnknown,
    "key": identity.KeyUnknown,
    "order": orders.OrderUnknown,
    "payment": payments.PaymentUnknown,
    "policy": policies.PolicyUnknown,
    "refund": refunds.RefundUnknown,
    "hand_payout": refunds.HandPayoutUnknown,
    "return": returns.ReturnUnknown,
    "review": review.ReviewUnknown,
    "staff": identity.StaffUnknown,
    "message": notifications.MessageUnknown,
    "work": fulfilment.WorkUnknown,
    "wave": fulfilment.WaveUnknown,
    "picture": packing.PictureUnknown,
    "consent": packing.ConsentUnknown,
    "promotion": pricing.PromotionUnknown,
    "checkout": orders.OrderUnknown,
    "difference": reconciliation.DifferenceUnknown,
    "evidence": evidence.EvidenceUnknown,
    "extension": clocks.ExtensionUnknown,
    "offer": talks.OfferUnknown,
    "withdrawal": talks.WithdrawalUnknown,
    "dispute": disputes.DisputeUnknown,
    "ruling": disputes.RulingUnknown,
    "purse": credit.PurseUnknown,
    "statement": reconciliation.StatementUnknown,
    "stocktake": inventory.StocktakeUnknown,
    "transfer": inventory.TransferUnknown,
    "caught_webhook": webhooks.CaughtUnknown,
    "webhook_delivery": webhooks.DeliveryUnknown,
    "webhook_endpoint": webhooks.EndpointUnknown,
    "settlement": settlements.SettlementUnknown,
    "payout_run": settlements.PayoutUnknown,
    "payout": settlements.PayoutUnknown,
    "invoice": invoices.InvoiceUnknown,
    "invoice_request": invoices.InvoiceRequestUnknown,
}


class MerchantMissing(Refusal):
    """A platform key reaches every merchant and must say which one it means."""

    code = "request.merchant_missing"
    kind = Kind.INVALID
    message = Text(
        "This key reaches every merchant; the request must name one.", "该密钥可访问所有商家，请求须指明商家。"
    )
    remedy = Text("Add `merchant` with the merchant's code or id.", "请用 merchant 指明商家的编码或 ID。")


async def demand_reach(tx: Tx, kind: str, number: int | None, path: str = "") -> None:
    """The thing must exist and be within the actor's reach. Raises the same refusal for both."""
    owner = await whose.owner(tx, kind, number) if number is not None else None
    if owner is None or not (owner.is_everybodys or _reaches(tx, owner.merchant_id)):
        raise UNKNOWN.get(kind, NothingThere)(path)


def _reaches(tx: Tx, merchant_id: int | None) -> bool:
    return tx.actor.merchant_id is None if merchant_id is None else tx.actor.reaches(merchant_id)


async def merchant_meant(tx: Tx, named: str | None, path: str = "merchant") -> merchants.Merchant:
    """The merchant that a request is about: the key's own, or for a platform key the one it names.

    Raises MerchantMissing, or MerchantUnknown where a key names another merchant than its own.
    """
    own = tx.actor.merchant_id
    if named is None:
        if own is None:
            raise MerchantMissing(path)
        return (await merchants.by_ids(tx, [own]))[own]
    found = await _named(tx, named)
    if found is None or not tx.actor.reaches(found.id):
        raise merchants.MerchantUnknown(path)
    return found


async def merchant_id_meant(tx: Tx, named: str | None, path: str = "merchant") -> int:
    """The id of the merchant that a request is about; costs no look where the key says it."""
    if named is None and tx.actor.merchant_id is not None:
        return tx.actor.merchant_id
    return (await merchant_meant(tx, named, path)).id


async def merchants_named(tx: Tx, named: set[str]) -> dict[str, int]:
    """Merchants within reach by the codes or ids that requests name them with."""
    if not named:
        return {}
    numbers = {word: ids.decode("merchant", word) or 0 for word in named if word.startswith("mer_")}
    by_id = await merchants.by_ids(tx, set(numbers.values()))
    by_code = await merchants.by_codes(tx, [word for word in named if not numbers.get(word)])
    found = {word: number for word, number in numbers.items() if number in by_id}
    found |= {code: merchant.id for code, merchant in by_code.items()}
    return {word: number for word, number in found.items() if tx.actor.reaches(number)}


async def merchant_filter(tx: Tx, named: str | None, path: str = "query.merchant") -> int | None:
    """The same where a platform key may name none: None then means the platform itself, or all merchants."""
    if named is None and tx.actor.merchant_id is None:
        return None
    return await merchant_id_meant(tx, named, path)


async def warehouse_meant(
    tx: Tx, merchant: str | None, code: str, path: str = "warehouse", merchant_path: str = "merchant"
) -> inventory.Warehouse:
    """A merchant's warehouse by its code. Raises WarehouseUnknown as well as what `merchant_meant` raises."""
    key = (await merchant_id_meant(tx, merchant, merchant_path), code)
    found = await inventory.warehouses_by_code(tx, [key])
    if key not in found:
        raise inventory.WarehouseUnknown(path, code=code)
    return found[key]


async def channel_meant(tx: Tx, merchant: str | None, code: str, path: str = "merchant") -> inventory.Channel:
    """A merchant's channel by its code, which stands in the path. Raises NothingThere too."""
    key = (await merchant_id_meant(tx, merchant, path), code)
    found = await inventory.channels(tx, [key])
    if key not in found:
        raise NothingThere("path.code")
    return found[key]


async def warehouse_codes(tx: Tx, ids: Iterable[int | None]) -> dict[int | None, str]:
    """The codes of warehouses that rows point to, where they point to any."""
    found = await inventory.warehouses(tx, {number for number in ids if number is not None})
    return {number: one.code for number, one in found.items()}


async def shelves_meant(
    tx: Tx, merchant_id: int, named: Sequence[tuple[str, str]], path: str, *, place_path: str | None = None
) -> list[tuple[int, int]]:
    """Shelves (warehouse, product) of a merchant by codes and SKUs, in order. Raises WarehouseUnknown and

    ProductUnknown, all at once. `place_path` is where the one warehouse of all stands, if it does not stand by each.
    """
    places = await inventory.warehouses_by_code(tx, sorted({(merchant_id, code) for code, _ in named}))
    offers = await catalog.offers(tx, sorted({(merchant_id, sku) for _, sku in named}))
    problems: dict[str, Refusal] = {}
    for i, (code, sku) in enumerate(named):
        row = path if path in ("", "path") else f"{path}[{i}]"
        if (merchant_id, code) not in places:
            at = place_path or f"{row}.warehouse"
            problems[at] = inventory.WarehouseUnknown(at, code=code)
        if (merchant_id, sku) not in offers:
            at = f"{row}.sku" if row else "path.sku"
            problems[at] = catalog.ProductUnknown(at, sku=sku)
    refuse_all(list(problems.values()))
    return [(places[merchant_id, code].id, offers[merchant_id, sku].product_id) for code, sku in named]


@contextmanager
def under(path: str) -> Iterator[None]:
    """Around a command that takes a list which stands under this name in the body."""
    try:
        yield
    except Refusal as refusal:
        raise refusal.at(path) from None


async def _named(tx: Tx, named: str) -> merchants.Merchant | None:
    number = ids.decode("merchant", named) if named.startswith("mer_") else None
    if number is None:
        return await merchants.by_code(tx, named)
    return (await merchants.by_ids(tx, [number])).get(number)
