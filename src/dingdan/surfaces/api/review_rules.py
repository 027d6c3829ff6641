"""Rules of review: written as data, tried on the past before they are switched on."""

from typing import Annotated

from msgspec import Meta

from dingdan.areas import review
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import review_views as views
from dingdan.surfaces.api.review_views import BackTestView, RuleView
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, post, put
from dingdan.surfaces.shared.wire import Input, List, MerchantRef, Moment, OfMerchant, Word

RuleCode = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")]


class RuleInput(Input, frozen=True, kw_only=True):
    """A rule as it shall be; without `effective_from` from now on."""

    document: review.RuleDocument
    is_active: bool = True
    effective_from: Moment | None = None


class SwitchInput(Input, frozen=True, kw_only=True):
    """On or off."""

    is_active: bool


class PreviewInput(Input, frozen=True, kw_only=True):
    """A draft, whose orders it is tried on (a platform key that names nobody means everybody's), and how far back.

    `code` names the rule that the draft would replace, so that it is not compared with itself.
    """

    merchant: MerchantRef | None = None
    code: RuleCode | None = None
    document: review.RuleDocument
    days: Annotated[int, Meta(ge=1, le=90)] = 30


@get("/v1/review-rules", permission="review_rule.read")
async def listed(tx: Tx, query: OfMerchant) -> List[RuleView]:
    """The platform's rules, and a merchant's own with what it switched."""
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    found = await review.list_rules(tx, None)
    if merchant_id is None:
        return List(items=[views.rule(one, {}) for one in found])
    switched = await review.switched(tx, merchant_id)
    return List(items=[views.rule(one, switched) for one in [*found, *await review.list_rules(tx, merchant_id)]])


@get("/v1/review-rules/{code}", permission="review_rule.read")
async def show(tx: Tx, code: Word, query: OfMerchant) -> RuleView:
    """One rule of a merchant; for a platform key that names none, of the platform."""
    return views.rule(await review.get_rule(tx, await scope.merchant_filter(tx, query.merchant), code), {})


@put("/v1/review-rules/{code}", permission="review_rule.write")
async def save(tx: Tx, code: RuleCode, body: RuleInput, query: OfMerchant) -> RuleView:
    """Write the next version of a rule. A platform key that names no merchant writes for everybody."""
    wanted = review.SaveRule(
        merchant_id=await scope.merchant_filter(tx, query.merchant), code=code, document=body.document,
        is_active=body.is_active, effective_from=body.effective_from,
    )  # fmt: skip
    return views.rule(await review.save_rule(tx, wanted), {})


@put("/v1/review-rules/{code}/switch", permission="review_rule.write")
async def switch(tx: Tx, code: RuleCode, body: SwitchInput, query: OfMerchant) -> RuleView:
    """Switch a rule of the platform on or off for one merchant's orders, where the platform allows that."""
    merchant_id = await scope.merchant_id_meant(tx, query.merchant, "query.merchant")
    found = await review.switch_rule(tx, merchant_id, code, is_active=body.is_active)
    return views.rule(found, {code: body.is_active})


@post("/v1/review-rules/preview", permission="review_rule.write", why_unkeyed="it changes nothing", reads=True)
async def preview(tx: Tx, body: PreviewInput) -> BackTestView:
    """Try a draft on past orders: how many it would have stopped, which, and how many of those other rules stop."""
    merchant_id = await scope.merchant_filter(tx, body.merchant, "merchant")
    found = await review.preview(tx, merchant_id, body.document, days=body.days, replaces=body.code)
    return views.back_test(found)


@post("/v1/review-rules/defaults", permission="review_rule.write")
async def load(tx: Tx) -> List[RuleView]:
    """Give the platform the rules that ship with the program; those that it has already stay as they are."""
    return List(items=[views.rule(one, {}) for one in await review.load_shipped(tx)])


@get("/v1/review-terms", permission="review_rule.read")
async def terms(tx: Tx) -> review.Terms:
    """What holds for every review: from which amount on two people decide, service hours, the buyer's time."""
    return await review.terms(tx)


@put("/v1/review-terms", permission="review_rule.write")
async def save_terms(tx: Tx, body: review.Terms) -> review.Terms:
    """Write down what holds for every review from now on; for the platform only."""
    return await review.save_terms(tx, body)


ROUTES = [listed, show, save, switch, preview, load, terms, save_terms]
