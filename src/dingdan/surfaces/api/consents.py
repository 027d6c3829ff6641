"""Several orders of one recipient in one parcel: who agreed, to which words, and what could travel together."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from dingdan.areas import packing
from dingdan.overviews import merge_suggestions
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.wire import Id, Input, List, MerchantRef, Moment, View, Word, number, ref


class ConsentInput(Input, frozen=True, kw_only=True):
    """Who agreed that these orders travel in one parcel, when (without: now), and to which version of the words."""

    orders: Annotated[list[Id], Meta(min_length=2, max_length=50)]
    given_by: packing.GivenBy
    given_at: Moment | None = None
    text_version: Word


class ConsentView(View, frozen=True, kw_only=True):
    """A consent as it is kept, with the words that were agreed to; one that was withdrawn no longer counts."""

    id: str
    merchant: str
    orders: list[str]
    given_by: packing.GivenBy
    given_at: datetime
    text_version: str
    text: dict[str, str]
    recorded_at: datetime
    withdrawn_at: datetime | None


class ConsentTextView(View, frozen=True, kw_only=True):
    """Words that people can agree to, in their languages."""

    version: str
    text: dict[str, str]


class CombinableQuery(Input, frozen=True, kw_only=True):
    """Which warehouse's packing tables."""

    merchant: MerchantRef | None = None
    warehouse: Word


class CombinableView(View, frozen=True, kw_only=True):
    """Works in hand whose orders go to the same name, phone and address; whether somebody agreed to one parcel."""

    works: list[str]
    orders: list[str]
    is_agreed: bool


@post("/v1/consents", permission="consent.write", status=201)
async def give(tx: Tx, body: ConsentInput) -> ConsentView:
    """Keep a consent: the proof that orders were sent together because somebody wanted it."""
    made = await packing.consent(tx, packing.NewConsent(
        order_ids=tuple(number("order", text, f"orders[{n}]") for n, text in enumerate(body.orders)),
        given_by=body.given_by, given_at=body.given_at or tx.now, text_version=body.text_version,
    ))  # fmt: skip
    return _view(made)


@post("/v1/consents/{consent_id}/withdraw", permission="consent.write")
async def withdraw(tx: Tx, consent_id: int) -> ConsentView:
    """Somebody thought again; parcels that have left stay as they are."""
    return _view(await packing.withdraw_consent(tx, consent_id))


@get("/v1/orders/{order_id}/consents", permission="evidence.read")
async def of_order(tx: Tx, order_id: int) -> List[ConsentView]:
    """The consents that name an order."""
    return List(items=[_view(one) for one in await packing.consents_of(tx, [order_id])])


@get("/v1/consents/texts", permission="work.read")
async def texts(tx: Tx) -> List[ConsentTextView]:
    """The words to agree to, the newest version last."""
    return List(items=[
        ConsentTextView(version=version, text={"zh": text.zh, "en": text.en})
        for version, text in packing.CONSENT_TEXTS.items()
    ])  # fmt: skip


@get("/v1/work/combinable", permission="work.read")
async def combinable_works(tx: Tx, query: CombinableQuery) -> List[CombinableView]:
    """What the packer could send in one parcel, with consent; `merge-suggestions` tells one buyer's share of it."""
    place = await scope.warehouse_meant(tx, query.merchant, query.warehouse, "query.warehouse", "query.merchant")
    groups = await merge_suggestions.groups(tx, place.id)
    agreed = await packing.consented(tx, [group.order_ids for group in groups])
    return List(items=[
        CombinableView(
            works=[ref("work", i) for i in group.work_ids], orders=[ref("order", i) for i in group.order_ids],
            is_agreed=frozenset(group.order_ids) in agreed,
        )
        for group in groups
    ])  # fmt: skip


def _view(one: packing.Consent) -> ConsentView:
    text = packing.CONSENT_TEXTS[one.text_version]
    return ConsentView(
        id=ref("consent", one.id), merchant=ref("merchant", one.merchant_id),
        orders=[ref("order", i) for i in one.order_ids], given_by=one.given_by, given_at=one.given_at,
        text_version=one.text_version, text={"zh": text.zh, "en": text.en}, recorded_at=one.recorded_at,
        withdrawn_at=one.withdrawn_at,
    )  # fmt: skip


ROUTES = [give, withdraw, of_order, texts, combinable_works]
