"""What a buyer is told who needs patience: a neutral notice, the reason on request, a person's look, and an appeal."""

from dingdan.areas import abuse
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import abuse_views as views
from dingdan.surfaces.api.abuse_views import NoticeReasonView, NoticeView
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.wire import Input, Line, MerchantRef, Prose


class NoticeQuery(Input, frozen=True, kw_only=True):
    """Which buyer, as the shop calls them."""

    merchant: MerchantRef | None = None
    buyer: Line


class NoticeReasonQuery(Input, frozen=True, kw_only=True):
    """In whose name, as the shop calls them; staff who may see flags name nobody."""

    buyer: Line | None = None


class NoticeWordsInput(Input, frozen=True, kw_only=True):
    """In whose name, and what they want to say; it is kept in their own seal."""

    buyer: Line
    text: Prose = ""


@get("/v1/notices", permission="abuse.ask")
async def notice(tx: Tx, query: NoticeQuery) -> NoticeView:
    """Whether a buyer's requests need more time now. It takes nothing from them that is theirs by law."""
    merchant_id = await scope.merchant_id_meant(tx, query.merchant, "query.merchant")
    return views.notice(await abuse.of_buyer(tx, merchant_id, query.buyer), tx.now)


@get("/v1/notices/{abuse_flag_id}/reason", permission="abuse.ask")
async def reason(tx: Tx, abuse_flag_id: int, query: NoticeReasonQuery) -> NoticeReasonView:
    """Why, for the buyer it is about, and what they can ask for."""
    if query.buyer is None and tx.actor.may("abuse.read"):
        return await views.reason(tx, await abuse.get_one(tx, abuse_flag_id))
    return await views.reason(tx, await abuse.demand_buyer(tx, abuse_flag_id, query.buyer or ""))


@post("/v1/notices/{abuse_flag_id}/ask_review", permission="abuse.ask")
async def ask_review(tx: Tx, abuse_flag_id: int, body: NoticeWordsInput) -> NoticeView:
    """Have a person look at it, within 48 hours; if none does, it is over."""
    flag = await abuse.ask_review(tx, abuse_flag_id, buyer_ref=body.buyer, text=body.text)
    return views.notice(flag, tx.now)


@post("/v1/notices/{abuse_flag_id}/appeal", permission="abuse.ask")
async def appeal(tx: Tx, abuse_flag_id: int, body: NoticeWordsInput) -> NoticeView:
    """Do not accept what a person confirmed: somebody else decides, within 48 hours."""
    flag = await abuse.appeal(tx, abuse_flag_id, buyer_ref=body.buyer, text=body.text)
    return views.notice(flag, tx.now)


ROUTES = [notice, reason, ask_review, appeal]
