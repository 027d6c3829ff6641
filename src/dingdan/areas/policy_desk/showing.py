"""A policy shown before purchase: at the product, at checkout and in the help centre, the version that would bind."""

from dingdan.areas import catalog, merchants, policies
from dingdan.areas.policy_desk.model import Place, Sheet
from dingdan.areas.policy_desk.refusals import PageMissing
from dingdan.areas.policy_desk.rules import rendering
from dingdan.plumbing.tx import Tx


async def show(tx: Tx, merchant: merchants.Merchant, place: Place, *, sku: str | None, region: str) -> Sheet:
    """The policy that an order would be bound to if a buyer there placed it now, in plain words.

    Raises PageMissing, catalog.ProductUnknown.
    """
    key = (merchant.id, merchant.policy)
    found = await policies.for_buyers(tx, [key], tx.now)
    policy = policies.for_country(found, *key, region)
    if policy is None:
        raise PageMissing(policy=merchant.policy)
    offer = None
    if sku is not None:
        offer = (await catalog.offers(tx, [(merchant.id, sku)])).get((merchant.id, sku))
        if offer is None:
            raise catalog.ProductUnknown("query.sku", sku=sku)
    document = policy.document
    product = rendering.Product(document, offer.category, offer.flags) if offer is not None else None
    asked = product.asked if product is not None else None
    return Sheet(
        place=place, policy=policy, next_policy=await policies.upcoming(tx, policy), sku=sku, region=region,
        returnable=product.returnable if product is not None else None,
        exclusion=product.exclusion if product is not None else None,
        confirmation=policies.confirmation(document, asked) if asked else None,
        confirmation_code=policies.text_version(document, asked) if asked else None,
        sections=rendering.sections(document, place, product),
    )  # fmt: skip
