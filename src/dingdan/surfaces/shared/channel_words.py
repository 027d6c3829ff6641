"""What a channel says about an order, as it is written on the wire: the same for single requests and files."""

from typing import Annotated

from msgspec import Meta

from dingdan.areas import channel_orders
from dingdan.kernel.money import MAX_AMOUNT
from dingdan.surfaces.shared.wire import (
    AddressInput,
    Amount,
    Currency,
    Input,
    Moment,
    Prose,
    Quantity,
    Sku,
    Word,
)

Positive = Annotated[int, Meta(ge=1, le=MAX_AMOUNT)]
# A unit costs so little that a line of a million stays within what an order may come to.
UnitPrice = Annotated[int, Meta(ge=0, le=MAX_AMOUNT // 1_000_000)]


class ChannelLineInput(Input, frozen=True, kw_only=True):
    """One line; `discount` and `tax` are of the whole line, `sku` is the channel's word."""

    ref: Word
    sku: Sku
    quantity: Quantity
    unit_price: UnitPrice
    title: Annotated[str, Meta(max_length=500)] = ""
    discount: Amount = 0
    tax: Amount = 0


class PartLineInput(Input, frozen=True, kw_only=True):
    """Units of a line, by its ref."""

    ref: Word
    quantity: Quantity


PartLines = Annotated[tuple[PartLineInput, ...], Meta(max_length=500)]


class ChannelPaymentInput(Input, frozen=True, kw_only=True):
    """Money that the channel took."""

    ref: Word
    amount: Positive
    at: Moment


class RefundInput(Input, frozen=True, kw_only=True):
    """Money that the channel gave back."""

    ref: Word
    amount: Positive
    at: Moment
    lines: PartLines = ()


class ShipmentInput(Input, frozen=True, kw_only=True):
    """A parcel that the channel sent itself; without lines it holds the whole order."""

    ref: Word
    carrier: Word
    tracking_number: Annotated[str, Meta(min_length=1, max_length=60)]
    shipped_at: Moment
    lines: PartLines = ()


class CancelledInput(Input, frozen=True, kw_only=True):
    """The channel called the order off."""

    at: Moment
    reason: Prose = ""


class ChannelBuyerInput(Input, frozen=True, kw_only=True):
    """Who bought, as far as the channel says."""

    ref: Annotated[str, Meta(max_length=120)] = ""
    name: Annotated[str, Meta(max_length=200)] = ""
    phone: Annotated[str, Meta(max_length=200)] = ""
    email: Annotated[str, Meta(max_length=200)] = ""
    language: Annotated[str, Meta(max_length=35, pattern=r"^([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3})?$")] = ""
    # Of goods from abroad: the papers with which they go through customs; their worth counts for whoever has these.
    id_name: Annotated[str, Meta(max_length=100)] = ""
    id_number: Annotated[str, Meta(max_length=40)] = ""


class ToldInput(Input, frozen=True, kw_only=True):
    """An order as it stood on its channel at `updated_at`; amounts in minor units of `currency`.

    Payments, shipments and refunds are united by `ref`, so a message may name all of them or only what is new.
    """

    number: Word
    updated_at: Moment
    placed_at: Moment
    buyer: ChannelBuyerInput = ChannelBuyerInput()
    ship_to: AddressInput = AddressInput()
    currency: Currency
    lines: Annotated[tuple[ChannelLineInput, ...], Meta(min_length=1, max_length=500)]
    total: Amount
    freight: Amount = 0
    discount: Amount = 0
    payments: Annotated[tuple[ChannelPaymentInput, ...], Meta(max_length=100)] = ()
    shipments: Annotated[tuple[ShipmentInput, ...], Meta(max_length=100)] = ()
    refunds: Annotated[tuple[RefundInput, ...], Meta(max_length=100)] = ()
    cancelled: CancelledInput | None = None

    def as_told(self) -> channel_orders.Told:
        """As the area knows it."""
        buyer, end = self.buyer, self.cancelled
        return channel_orders.Told(
            number=self.number, updated_at=self.updated_at, placed_at=self.placed_at, currency=self.currency,
            total=self.total, freight=self.freight, discount=self.discount, ship_to=self.ship_to.as_address(),
            buyer=channel_orders.ChannelBuyer(buyer.ref, buyer.name, buyer.phone, buyer.email, buyer.language,
                                              buyer.id_name, buyer.id_number),
            lines=tuple(
                channel_orders.ChannelLine(ref=li.ref, sku=li.sku.strip(), quantity=li.quantity,
                                           unit_price=li.unit_price, title=li.title, discount=li.discount, tax=li.tax)
                for li in self.lines
            ),
            payments=tuple(channel_orders.PaidThere(one.ref, one.amount, one.at) for one in self.payments),
            refunds=tuple(
                channel_orders.RefundedThere(one.ref, one.amount, one.at, _units(one.lines)) for one in self.refunds
            ),
            shipments=tuple(
                channel_orders.ShippedThere(one.ref, one.carrier, one.tracking_number, one.shipped_at,
                                            _units(one.lines))
                for one in self.shipments
            ),
            cancelled=channel_orders.Ended(end.at, end.reason) if end is not None else None,
        )  # fmt: skip


def _units(lines: PartLines) -> tuple[channel_orders.PartLine, ...]:
    return tuple(channel_orders.PartLine(line.ref, line.quantity) for line in lines)
