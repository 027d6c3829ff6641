"""Many orders split at once: all units of a product that wait elsewhere are sent from one warehouse, each order by itself."""

from typing import Annotated

from litestar import Response
from msgspec import Meta

from dingdan.areas import inventory, orders, sourcing
from dingdan.kernel import ids
from dingdan.kernel.refusal import Refusal, Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console.orders.order_split import with_code
from dingdan.surfaces.console.orders.order_together import MOST, VERBS, TogetherForm
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import naming, rendering
from dingdan.surfaces.shared.pages.doors import act, frame_of, itself, page_response, screen
from dingdan.surfaces.shared.pages.forms import as_form, read
from dingdan.surfaces.shared.pages.screens import Done, Field, Own
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Id, Input, Sku, Word

NAME = "split"


class SplitTogetherForm(TogetherForm, frozen=True, kw_only=True):
    """Which orders, which product, and the code of the warehouse that shall send it."""

    sku: Sku
    warehouse: Word


class SplitTogetherQuery(Input, frozen=True, kw_only=True):
    """What stands in the form so far."""

    keys: Annotated[tuple[Id, ...], Meta(max_length=MOST)] = ()
    sku: Annotated[str, Meta(max_length=64)] = ""
    warehouse: Annotated[str, Meta(max_length=64)] = ""
    once: Annotated[str, Meta(max_length=64)] = ""


@itself("POST", "/orders/together/split/check", permission=VERBS[NAME].permission)
async def check(ask: Ask) -> Response[str]:
    """What is asked before these orders are split: a product that they hold, and a warehouse of theirs."""
    form: TogetherForm = as_form(TogetherForm, (await read(ask.request)).words)
    async with ask.db.reading(ask.actor) as tx:
        numbers = await _numbers(tx, form.keys)
        found = await orders.get(tx, numbers)
        lines = [line for own in (await orders.lines(tx, numbers)).values() for line in own if line.left]
        houses = {
            one.code: with_code(naming.in_tongues(one.name), one.code)
            for merchant_id in sorted({order.merchant_id for order in found.values()})
            for one in await inventory.warehouses_of(tx, merchant_id)
            if one.active
        }
        frame = frame_of(ask.request, tx.now)
    titles = {line.sku: naming.in_tongues(line.title) for line in lines}
    goods = [(sku, with_code(title, sku)) for sku, title in sorted(titles.items())]
    return page_response(rendering.draw(
        "split_together.html", frame, verb=VERBS[NAME], keys=[naming.ref("order", number) for number in sorted(numbers)],
        fields=[
            Field("sku", Text("Product", "商品"), "choice", options=goods, value=goods[0][0] if len(goods) == 1 else None),
            Field("warehouse", Text("Send it from", "改由此仓库发货"), "choice", options=list(houses.items())),
        ],
    ))  # fmt: skip


@screen("/orders/together/split/preview", permission=VERBS[NAME].permission)
async def foresee(tx: Tx, query: SplitTogetherQuery) -> Own:
    """Which of these orders would send how many units from there, and why not the others."""
    is_asked = bool(query.keys and query.sku and query.warehouse)
    numbers = await _numbers(tx, query.keys) if is_asked else []
    found = await sourcing.foresee_product(tx, numbers, query.sku, query.warehouse) if numbers else {}
    fit = {i: one for i, one in found.items() if isinstance(one, sourcing.Split)}
    left = {i: one.problems[0] for i, one in found.items() if isinstance(one, Refusal)}
    return Own(title=Text("What it comes to", "拆单预览"), template="split_together_preview.html", data={
        "is_asked": is_asked,
        "fit": [
            (naming.link("order", i), sum(one.units.values()), one.parcels, one.is_late is not None)
            for i, one in sorted(fit.items())
        ],
        "units": sum(sum(one.units.values()) for one in fit.values()), "verb": VERBS[NAME],
        "left": len(left),
        "whys": [
            (why, [naming.link("order", i) for i, no in sorted(left.items()) if no.message.filled(no.params) == why])
            for why in dict.fromkeys(no.message.filled(no.params) for _, no in sorted(left.items()))
        ],
    })  # fmt: skip


@act("/orders/together/split", permission=VERBS[NAME].permission)
async def split(tx: Tx, form: SplitTogetherForm) -> Done:
    """Split those of these orders that can be; the others stay as they are."""
    made = await sourcing.split_product(tx, await _numbers(tx, form.keys), form.sku, form.warehouse)
    fit = [one for one in made.values() if isinstance(one, sourcing.Split)]
    units, left = sum(sum(one.units.values()) for one in fit), len(made) - len(fit)
    rest = (f", {left} left as they are", f"，{left} 单未处理") if left else ("", "")
    return Done(text=Text(
        f"Sent from {form.warehouse} now: orders {len(fit)}, units {units}{rest[0]}",
        f"{len(fit)} 单共 {units} 件改由 {form.warehouse} 发货{rest[1]}",
    ), to="/orders")  # fmt: skip


async def _numbers(tx: Tx, keys: tuple[str, ...]) -> list[int]:
    """The orders that are meant. Raises Malformed where one of them does not exist."""
    numbers = {ids.decode("order", key) for key in keys}
    found = await orders.get(tx, [number for number in numbers if number is not None])
    if len(found) < len(numbers):
        raise Malformed("keys", what="an order that does not exist", what_zh="订单不存在")
    return sorted(found)


ROUTES = [check, foresee, split]
