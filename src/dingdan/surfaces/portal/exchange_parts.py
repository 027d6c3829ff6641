"""What a return's page says of its exchange: what is kept, what it comes to, and what else can be had where there is none."""

from typing import Any

from dingdan.areas import catalog, exchanges
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.portal import asking_other, pages
from dingdan.surfaces.portal.return_around import Around
from dingdan.surfaces.shared.pages import naming, vocabulary
from dingdan.surfaces.shared.pages.screens import Act, Facts, Field, Section

# As long as these hold, what it comes to is what it would come to now.
BEFORE = (exchanges.ExchangeState.ASKED, exchanges.ExchangeState.SHORT, exchanges.ExchangeState.RESERVED)


async def sections(tx: Tx, around: Around) -> list[Section]:
    """What is sent instead, whether it is kept, and who pays how much on top."""
    found = around.exchange
    if found is None:
        return []
    lines = (await exchanges.lines_of(tx, [found.id]))[found.id]
    offers = await catalog.by_ids(tx, {line.product_id for line in lines})
    rows: list[tuple[Text, Any]] = [
        (Text("Sent to you", "换发商品"), [naming.in_tongues(offers[line.product_id].title), pages.units(line.quantity)]) for line in lines
    ]  # fmt: skip
    rows.append((Text("How it stands", "状态"), vocabulary.chip("exchange", found.state)))
    if found.reserved_at is not None:
        rows.append((Text("Kept for you since", "预留时间"), found.reserved_at))
    difference = await _difference(tx, found, lines, offers)
    if difference is not None:
        rows.append((Text("Difference", "差价"), asking_other.difference_words(difference, around.order.currency)))
    if found.carried is not None:
        rows.append(
            (Text("Carried over from your return", "由原订单转入"), Money(found.carried, around.order.currency))
        )
    return [Facts(Text("What you get instead", "换货信息"), rows)]


async def other(tx: Tx, around: Around, here: str) -> list[Act]:
    """Something else, where there is none of what was wanted."""
    found = around.exchange
    if found is None or found.state is not exchanges.ExchangeState.SHORT:
        return []
    units = {line.line_no: line.quantity for line in (await exchanges.lines_of(tx, [found.id]))[found.id]}
    fields = [
        Field("wish", Text("Instead", "换成"), "choice", options=[_option(line_no, one, around) for one in some if one.is_in_stock], mark=f"-{line_no}")
        for line_no, some in (await exchanges.choices(tx, found.order_id, units)).items()
    ]  # fmt: skip
    if not fields or not all(field.options for field in fields):
        return []
    return [Act("change", Text("Take something else", "换其他商品"), f"{here}/change", tone="first", fields=fields)]


def _option(line_no: int, one: exchanges.Choice, around: Around) -> tuple[str, Text]:
    title, more = (
        naming.in_tongues(one.offer.title),
        asking_other.difference_words(one.difference, around.order.currency),
    )
    return f"{line_no}:{one.offer.sku}", Text(f"{title.en} – {more.en}", f"{title.zh}（{more.zh}）")


async def _difference(
    tx: Tx, found: exchanges.Exchange, lines: list[exchanges.ExchangeLine], offers: dict[int, catalog.Offer]
) -> int | None:
    """What the buyer pays on top: as it was settled, or as it would be now; None where nothing is sent any more."""
    if found.price is not None and found.worth is not None:
        return found.price - found.worth
    if found.state not in BEFORE:
        return None
    total = 0
    for line in lines:
        sku = offers[line.product_id].sku
        known = (await exchanges.choices(tx, found.order_id, {line.line_no: line.quantity}, find=sku))[line.line_no]
        one = next((each for each in known if each.offer.product_id == line.product_id), None)
        if one is None:
            return None
        total += one.difference
    return total
