"""Ways to pay: which can be used here and now, and how merchants and the platform describe them."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from dingdan.areas import methods, payments
from dingdan.kernel.refusal import REGISTRY, Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, put
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import (
    Amount,
    Currency,
    Input,
    List,
    MerchantRef,
    Moment,
    Translations,
    View,
    Word,
)

Country = Annotated[str, Meta(pattern="^[A-Z]{2}$", description="ISO 3166, such as CN.")]


class BoundsInput(Input, frozen=True, kw_only=True):
    """The least and the most in one currency, in minor units."""

    currency: Currency
    least: Amount | None = None
    most: Amount | None = None


class ClosedInput(Input, frozen=True, kw_only=True):
    """A time in which the way cannot be used."""

    since: Moment
    until: Moment


class MethodInput(Input, frozen=True, kw_only=True):
    """A way to pay as it shall be; empty lists restrict nothing. Without a merchant, for a platform key, it is said

    for every merchant that says nothing itself.
    """

    merchant: MerchantRef | None = None
    name: Translations | None = None
    active: bool = True
    currencies: Annotated[tuple[Currency, ...], Meta(max_length=60)] = ()
    countries: Annotated[tuple[Country, ...], Meta(max_length=250)] = ()
    channels: Annotated[tuple[Word, ...], Meta(max_length=100)] = ()
    limits: Annotated[tuple[BoundsInput, ...], Meta(max_length=60)] = ()
    closed: Annotated[tuple[ClosedInput, ...], Meta(max_length=50)] = ()
    rank: Annotated[int, Meta(ge=0, le=1000)] = 100


class MethodQuery(Input, frozen=True, kw_only=True):
    """Who is paid, from where, on which channel, and how much in minor units; what is left out is not looked at."""

    merchant: MerchantRef | None = None
    channel: Word | None = None
    country: Country | None = None
    amount: Amount | None = None
    currency: Currency | None = None


class AgainstView(View, frozen=True, kw_only=True):
    """One thing that stands against a way."""

    code: str
    remedy: Text


class MethodView(View, frozen=True, kw_only=True):
    """A way to pay; `is_usable` says whether it can be used for what was asked, `closed_until` when work on it ends."""

    provider: str
    method: str
    name: dict[str, str]
    is_usable: bool
    against: list[AgainstView]
    closed_until: datetime | None
    active: bool
    currencies: tuple[str, ...]
    countries: tuple[str, ...]
    channels: tuple[str, ...]
    limits: tuple[methods.Bounds, ...]
    closed: tuple[methods.Closed, ...]
    rank: int


@get("/v1/payment-methods", permission="payment.read")
async def listed(tx: Tx, query: MethodQuery) -> List[MethodView]:
    """Every way to pay a merchant, first choice first, with what stands against it for this amount, here and now."""
    if query.amount is not None and query.currency is None:
        raise Malformed("query.currency", what="an amount has a currency", what_zh="金额须注明币种")
    merchant = await scope.merchant_meant(tx, query.merchant, "query.merchant")
    wanted = methods.Wanted(
        currency=query.currency or merchant.currency, amount=query.amount, country=query.country or "",
        channel=query.channel or "",
    )  # fmt: skip
    ways = (await payments.ways(tx, [merchant.id]))[merchant.id]
    return List(items=[_view(verdict) for verdict in methods.verdicts(wanted, ways, now=tx.now)])


@put("/v1/payment-methods/{provider}/{method}", permission="method.write")
async def save(tx: Tx, provider: Word, method: Word, body: MethodInput) -> MethodView:
    """Describe a way to pay: its limits by currency, where it can be used, and when it is being worked on."""
    way = methods.Way(
        provider=provider, method=method, name=body.name or {}, active=body.active, currencies=body.currencies,
        countries=body.countries, channels=body.channels, rank=body.rank,
        limits=tuple(methods.Bounds(one.currency, one.least, one.most) for one in body.limits),
        closed=tuple(methods.Closed(one.since, one.until) for one in body.closed),
    )  # fmt: skip
    merchant_id = await scope.merchant_filter(tx, body.merchant, "merchant")
    await payments.save_way(tx, methods.SaveWay(merchant_id=merchant_id, way=way))
    currency = way.currencies[0] if way.currencies else ""
    (verdict,) = methods.verdicts(methods.Wanted(currency=currency), [way], now=tx.now)
    return _view(verdict)


def _view(verdict: methods.Verdict) -> MethodView:
    way = verdict.way
    return MethodView(
        provider=way.provider, method=way.method, name=way.name, is_usable=verdict.is_usable,
        against=[AgainstView(code=code, remedy=REGISTRY[code].remedy) for code in verdict.against],
        closed_until=verdict.until, active=way.active, currencies=way.currencies, countries=way.countries,
        channels=way.channels, limits=way.limits, closed=way.closed, rank=way.rank,
    )  # fmt: skip


ROUTES = [listed, save]
