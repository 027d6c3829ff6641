"""News of an order while its page is open: a buyer sees it without asking again."""

from litestar.response import Stream

from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import live
from dingdan.surfaces.shared.pages.doors import itself


@itself("GET", "/my/{order_id}/live", permission="order.read")
async def stream(ask: Ask, order_id: int) -> Stream:
    """That there is news, as it happens; the page then looks for itself."""
    return live.stream_of(ask.request, order_id)


ROUTES = [stream]
