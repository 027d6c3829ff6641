"""Taking an order down for a buyer who calls: begun, filled in line by line, looked at whole, and placed as it was shown."""

from typing import Any

import msgspec
from litestar import Response

from dingdan.areas import access, catalog, identity, inventory, merchants, orders, placement, pricing
from dingdan.kernel import ids
from dingdan.kernel.refusal import Kind, Refusal, Text
from dingdan.plumbing import idempotency, tries
from dingdan.plumbing.doing import do, within
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console.orders import taking_form, taking_seen
from dingdan.surfaces.console.orders.taking_form import Taking
from dingdan.surfaces.console.orders.taking_seen import HERE, Look
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import forms, naming
from dingdan.surfaces.shared.pages.doors import answered, itself, shown
from dingdan.surfaces.shared.pages.screens import Done
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Id, Input, MerchantRef

Page = Response[Any]


class NewQuery(Input, frozen=True, kw_only=True):
    """For whose shop, or with which order as a beginning."""

    merchant: MerchantRef | None = None
    like: Id | None = None


@itself("GET", HERE, permission="order.place")
async def begin(ask: Ask, query: NewQuery) -> Page:
    """The empty form, or one that begins with what an order was; that its buyer was looked at is a fact."""
    taking = Taking({"merchant": query.merchant or ""})
    if query.like is not None:
        like = query.like
        taking = await within(ask.db, ask.actor, lambda tx: _like(tx, like), name="order_taking.like")
    async with ask.db.reading(ask.actor) as tx:
        named = taking.word("merchant") or None
        if named is None and tx.actor.merchant_id is None:
            found = await merchants.listed(tx, taking_seen.TWO)
            if len(found) != 1:
                return shown(ask.request, await taking_seen.merchant_choice(tx), tx.now)
            named = found[0].code
        merchant = await scope.merchant_meant(tx, named, "query.merchant")
        if not taking.word("channel"):
            taking = taking.with_words(channel=taking_seen.first_channel(await inventory.channels_of(tx, merchant.id)))
        return shown(ask.request, await taking_seen.screen(tx, merchant, taking, Look()), tx.now)


@itself("POST", HERE, permission="order.place")
async def go_on(ask: Ask) -> Page:
    """One step with what stands in the form: a line more or less, a way out taken, a look at all of it, or the order itself."""
    words = (await forms.read(ask.request)).words
    taking, problems = taking_form.read(words)
    step, _, what = "".join(words.get("step", ["check"])[-1:]).partition(":")
    if taking.word("q") and step in ("check", "place"):
        step = "find"
    if step == "place" and not problems:
        return await _place(ask, taking)
    async with ask.db.reading(ask.actor) as tx:
        merchant = await scope.merchant_meant(tx, taking.word("merchant") or None)
        taking, look = await _step(tx, merchant, taking, step, what)
        if problems:
            look = msgspec.structs.replace(look or Look(at="problems"), problems=problems)
        if look is not None:
            return _page(ask, tx, await taking_seen.screen(tx, merchant, taking, look), look)
    return await _check(ask, taking)


async def _step(
    tx: Tx, merchant: merchants.Merchant, taking: Taking, step: str, what: str
) -> tuple[Taking, Look | None]:
    """The form after a step, and what is shown then; None where all of it is looked at."""
    if step == "find":
        return await _find(tx, merchant, taking)
    if step == "take":
        units, _, sku = what.partition(":")
        n = int(units) if units.isdecimal() and len(units) < 8 else 1
        return taking.with_line(sku[:64], n).having({"q": ""}), Look(at="search")
    if step == "drop" and what.isdecimal() and len(what) < 4:
        return taking.without_line(int(what)), Look(at="search")
    if step == "paste":
        return taking_form.with_pasted(taking), Look(at="search")
    if step == "mend":
        return taking_form.mended(taking, what), None
    return taking, None


async def _find(tx: Tx, merchant: merchants.Merchant, taking: Taking) -> tuple[Taking, Look]:
    """Products by SKU or words, with units behind them: one that is meant without a doubt is a line at once, others are

    offered. Words that say nothing as they stand may end with units.
    """
    said = taking.word("q")
    with_units = taking_form.taken(said)
    keys = [(merchant.id, said[:64]), *([(merchant.id, with_units[0][:64])] if with_units else [])]
    exact = await catalog.offers(tx, keys)
    for key, units in zip(keys, (1, with_units[1] if with_units else 1), strict=False):
        if key in exact:
            return taking.with_line(exact[key].sku, units).having({"q": ""}), Look(at="search")
    channels = await inventory.channels_of(tx, merchant.id)
    currency = taking_seen.currency_of(taking, merchant, channels)
    found, units = await catalog.found(tx, merchant.id, said, currency=currency, limit=taking_seen.MOST_FOUND), 1
    if not found and with_units:
        words, units = with_units
        found = await catalog.found(tx, merchant.id, words, currency=currency, limit=taking_seen.MOST_FOUND)
    if len(found) == 1:
        return taking.with_line(found[0].sku, units).having({"q": ""}), Look(at="search")
    return taking, Look(found=found, units=units, at="found" if found else "search")


async def _check(ask: Ask, taking: Taking, *, has_changed: bool = False, no: Refusal | None = None) -> Page:
    """All of it looked at, by the very check that placing does; what a refusal said just now comes first."""
    async with ask.db.reading(ask.actor) as tx:
        merchant = await scope.merchant_meant(tx, taking.word("merchant") or None)
        basket = taking_form.basket_of(tx, taking, merchant.id)
        (quoted,) = await placement.quote(tx, [basket])
        problems = [*(no.problems if no else ())]
        said = {(one.code, one.path) for one in problems}
        problems += [one.problem for one in quoted.found if (one.problem.code, one.problem.path) not in said]
        look = Look(problems=problems, quoted=quoted, basket=basket, has_changed=has_changed,
                    at="problems" if problems else "place")  # fmt: skip
        # What changed is said, and can be accepted by placing what is shown now.
        gone = {one.code for one in problems} - {placement.PriceChanged.code, placement.UnitPriceChanged.code}
        look = msgspec.structs.replace(look, is_sound=quoted.can_be_placed and not gone)
        made, now = await taking_seen.screen(tx, merchant, taking, look), tx.now
    if quoted.suspicions:
        await do(ask.db, ask.actor, placement.note_suspicious, quoted.suspicions)
    if quoted.wrong_codes:
        await do(ask.db, ask.actor, tries.note, pricing.GUESSES, quoted.wrong_codes)
    return shown(ask.request, made, now, status=_status(look))


async def _place(ask: Ask, taking: Taking) -> Page:
    """Place what was shown, once however often it is sent; of anything else a look at it comes first."""
    once = taking.word("once")
    if len(once) < 8:
        raise Malformed("once", what="not the word that the form came with", what_zh="缺少表单标识")
    async with ask.db.reading(ask.actor) as tx:
        merchant = await scope.merchant_meant(tx, taking.word("merchant") or None)
        before = taking_form.shown_of(taking.word("shown"))
        basket = taking_form.basket_of(tx, taking, merchant.id, shown=before)
        bare = taking_form.basket_of(tx, taking, merchant.id)
    if before is None or before.mark != taking_form.mark_of(bare):
        return await _check(ask, taking, has_changed=True)
    key = idempotency.key_of(
        ask.actor.id or 0, f"page-{once}", method="POST", path=HERE, body=msgspec.json.encode(basket)
    )
    intake = placement.Intake(basket, key)
    (result,) = await within(ask.db, ask.actor, lambda tx: placement.take_in(tx, [intake]), name="order_taking.place")
    if isinstance(result, Refusal):
        return await _check(ask, taking, no=result)
    return answered(ask.request, Done(text=Text("Order placed", "已下单"), to=naming.place("order", result.order_id)))


async def _like(tx: Tx, like: str) -> Taking:
    """What an order was, as a beginning. Raises OrderUnknown and PermissionMissing."""
    order_id = ids.decode("order", like)
    await scope.demand_reach(tx, "order", order_id, "query.like")
    assert order_id is not None
    if not tx.actor.may("order.read"):
        raise identity.PermissionMissing(permission="order.read")
    order = await orders.get_one(tx, order_id)
    lines = (await orders.lines(tx, [order_id]))[order_id]
    seller = (await merchants.by_ids(tx, [order.merchant_id]))[order.merchant_id]
    channel = (await inventory.channels_by_ids(tx, [order.channel_id]))[order.channel_id]
    contact = None
    if tx.actor.may("order.read_contact"):
        contact = await identity.contact(tx, order.contact_id)
        access.note_contact_shown(tx, order_id, order.merchant_id)
    return taking_seen.from_order(lines, contact, channel=channel.code if channel.active else "", merchant=seller.code)


def _page(ask: Ask, tx: Tx, made: Any, look: Look) -> Page:
    return shown(ask.request, made, tx.now, status=_status(look))


def _status(look: Look) -> int:
    return Kind.INVALID.value if look.problems else 200


ROUTES = [begin, go_on]
