"""Customs: when an order's declaration was released, and which goods go back to the bonded zone."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta

from dingdan.areas import customs, orders
from dingdan.kernel.money import Money
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.doors import get, post, put
from dingdan.surfaces.shared.facts import Who, who
from dingdan.surfaces.shared.wire import Input, LineNo, Quantity, View, Word, ref


class CustomsReleaseInput(Input, frozen=True, kw_only=True):
    """The number of the declaration (申报清单), and the day on which customs released it, as it was in China."""

    declaration: Word
    released_on: date


class CustomsLineInput(Input, frozen=True, kw_only=True):
    """Units of an order line."""

    line_no: LineNo
    quantity: Quantity


class CustomsReturnInput(Input, frozen=True, kw_only=True):
    """What customs were asked to take back, and on which day."""

    lines: Annotated[list[CustomsLineInput], Meta(min_length=1, max_length=200)]
    applied_on: date


class CustomsBackInput(Input, frozen=True, kw_only=True):
    """The day on which the goods were back where they were released."""

    back_on: date


class CustomsReleaseView(View, frozen=True, kw_only=True):
    """When an order was released, and the last days to apply and to have goods back."""

    order_id: str
    declaration: str
    released_on: date
    apply_by: date
    back_by: date
    noted_at: datetime
    noted_by: Who


class CustomsLineView(View, frozen=True, kw_only=True):
    """Units of an order line that go back."""

    line_no: int
    quantity: int


class CustomsReturnView(View, frozen=True, kw_only=True):
    """Goods that go back through customs; `quota` is what of the buyer's yearly quota is theirs again."""

    id: str
    order_id: str
    state: customs.CustomsReturnState
    lines: list[CustomsLineView]
    applied_on: date
    back_on: date | None
    quota: Money
    noted_at: datetime
    noted_by: Who


class CustomsQuotaView(View, frozen=True, kw_only=True):
    """What an order takes of the quota of a year of whoever imports it, and what of that is theirs again."""

    year: int
    amount: Money
    given_back: Money


class CustomsView(View, frozen=True, kw_only=True):
    """All that customs did with an order."""

    quota: CustomsQuotaView | None
    release: CustomsReleaseView | None
    returns: list[CustomsReturnView]


@get("/v1/orders/{order_id}/customs", permission="order.read")
async def shown(tx: Tx, order_id: int) -> CustomsView:
    """What an order takes of a person's quota, what customs did with it, and until when goods may go back without tax."""
    await orders.get_one(tx, order_id)
    release = (await customs.releases(tx, [order_id])).get(order_id)
    counted = (await customs.imports(tx, [order_id])).get(order_id)
    return CustomsView(
        quota=_quota(counted) if counted is not None else None,
        release=_release(release) if release is not None else None,
        returns=[_return(one) for one in await customs.returns_of(tx, order_id)],
    )


@put("/v1/orders/{order_id}/customs-release", permission="customs.note")
async def release(tx: Tx, order_id: int, body: CustomsReleaseInput) -> CustomsReleaseView:
    """Note when customs released the declaration of an order; another day only while nothing of it goes back."""
    return _release(
        await customs.note_release(tx, order_id, declaration=body.declaration, released_on=body.released_on)
    )


@post("/v1/orders/{order_id}/customs-returns", permission="customs.note", status=201)
async def apply(tx: Tx, order_id: int, body: CustomsReturnInput) -> CustomsReturnView:
    """Note that customs were asked to take goods back: within 30 days of the release their tax may come back."""
    asked = [customs.ReturnLine(one.line_no, one.quantity) for one in body.lines]
    return _return(await customs.apply(tx, order_id, asked, applied_on=body.applied_on))


@post("/v1/customs-returns/{customs_return_id}/back", permission="customs.note")
async def back(tx: Tx, customs_return_id: int, body: CustomsBackInput) -> CustomsReturnView:
    """Note when the goods were back: within 45 days of the release the tax is refunded and the quota given back."""
    return _return(await customs.note_return(tx, customs_return_id, back_on=body.back_on))


@post("/v1/customs-returns/{customs_return_id}/withdraw", permission="customs.note")
async def withdraw(tx: Tx, customs_return_id: int) -> CustomsReturnView:
    """The application was taken back, or customs did not take it."""
    return _return(await customs.withdraw(tx, customs_return_id))


def _quota(one: customs.Import) -> CustomsQuotaView:
    return CustomsQuotaView(
        year=one.year, amount=Money(one.amount, customs.CURRENCY), given_back=Money(one.given_back, customs.CURRENCY)
    )


def _release(one: customs.Release) -> CustomsReleaseView:
    apply_by, back_by = customs.last_days(one.released_on)
    return CustomsReleaseView(
        order_id=ref("order", one.order_id), declaration=one.declaration, released_on=one.released_on,
        apply_by=apply_by, back_by=back_by, noted_at=one.noted_at, noted_by=who(one.noted_by_kind, one.noted_by),
    )  # fmt: skip


def _return(one: customs.CustomsReturn) -> CustomsReturnView:
    return CustomsReturnView(
        id=ref("customs_return", one.id), order_id=ref("order", one.order_id), state=one.state,
        lines=[CustomsLineView(line_no=line_no, quantity=units) for line_no, units in sorted(one.by_line.items())],
        applied_on=one.applied_on, back_on=one.back_on, quota=Money(one.quota, one.currency), noted_at=one.noted_at,
        noted_by=who(one.noted_by_kind, one.noted_by),
    )  # fmt: skip


ROUTES = [shown, release, apply, back, withdraw]
