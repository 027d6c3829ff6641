"""What was said about an order: our messages, and what buyer and seller wrote about its returns."""

from dingdan.areas import access, notifications, orders, returns
from dingdan.kernel import ids
from dingdan.kernel.refusal import Text
from dingdan.overviews import return_thread
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.portal import pages, return_page
from dingdan.surfaces.portal.return_page import Said
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.doors import screen
from dingdan.surfaces.shared.pages.screens import Act, Link, Own, Part

MOST = 100
HOURS = Text("We answer between 9:00 and 21:00 China time, within a day.", "客服时间 9:00–21:00，一般 24 小时内答复。")


@screen("/my/{order_id}/messages", permission="message.read")
async def show(tx: Tx, order_id: int, guest: access.Guest) -> Own:
    """One thread of everything that was said about an order, the newest first."""
    order = await orders.get_one(tx, order_id)
    name = naming.in_tongues((await pages.seller(tx, order.merchant_id)).name)
    found = await returns.of_orders(tx, [order_id])
    said = [
        Said(name, one.at, await _subject(tx, one), "us")
        for one in await notifications.confirmations(tx, order_id) if not one.missing
    ]  # fmt: skip
    for held in found:
        said += [return_page.said(one) for one in await return_thread.of_return(tx, held.id)]
    newest = sorted(said, key=lambda one: one.at, reverse=True)[:MOST]
    going = [one for one in found if one.outcome == "open" and one.decision != "withdrawn"]
    acts = [
        Act(f"say-{ids.encode('return', one.id)}", Text(f"Write about return {ids.spoken(one.id)}", f"就售后单 {ids.spoken(one.id)} 留言"),
            pages.of(order_id, "return", "returns", one.id), is_link=True)
        for one in going
    ]  # fmt: skip
    return pages.page(
        Text("Messages", "消息"), guest, lead=HOURS, back=pages.to_order(order_id), acts=acts,
        main=[Part(Text("Everything so far", "全部消息"), "thread.html", {"thread": newest})],
        links=[Link(pages.here(order_id, "help"), Text("Something is wrong: report it", "有问题？向我们反馈"))],
    )  # fmt: skip


async def _subject(tx: Tx, one: notifications.Confirmation) -> Text:
    en, zh = (
        (await notifications.rendered(tx, one, "en")).subject,
        (await notifications.rendered(tx, one, "zh")).subject,
    )
    return Text(en, zh)


ROUTES = [show]
