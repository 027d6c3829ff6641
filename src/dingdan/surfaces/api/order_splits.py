"""From which warehouse the units of an order are sent: where they are kept, what is free elsewhere, and moving them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from dingdan.areas import inventory, sourcing
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Input, LineNo, Quantity, View, Word, ref


class SplitLineInput(Input, frozen=True, kw_only=True):
    """How many units of a line another warehouse shall send."""

    line_no: LineNo
    quantity: Quantity


class SplitInput(Input, frozen=True, kw_only=True):
    """Units of lines, and the code of the warehouse that shall send them. They are taken from where they are kept."""

    lines: Annotated[list[SplitLineInput], Meta(min_length=1, max_length=2_000)]
    warehouse: Word


class KeptView(View, frozen=True, kw_only=True):
    """Units that a warehouse keeps for a line; those `is_in_hand` are being picked or are packed, and stay."""

    warehouse: str
    units: int
    is_in_hand: bool


class FreeView(View, frozen=True, kw_only=True):
    """How many units of a line a warehouse could give besides what it keeps of it."""

    line_no: int
    free: int


class SplitLineView(View, frozen=True, kw_only=True):
    """A line, and which warehouses keep its units."""

    line_no: int
    sku: str
    kept: list[KeptView]


class WhyNotView(View, frozen=True, kw_only=True):
    """Why nothing of the order can be sent from a warehouse."""

    code: str
    words: Text


class WarehouseOfferView(View, frozen=True, kw_only=True):
    """What a warehouse could send of the order. Goods that left from there would leave and arrive by these moments at the

    latest; what was promised stays.
    """

    warehouse: str
    name: dict[str, str]
    free: list[FreeView]
    ship_by: datetime | None
    arrive_by: datetime | None
    why_not: list[WhyNotView]


class SplitView(View, frozen=True, kw_only=True):
    """From where an order is sent, and from where it could be."""

    lines: list[SplitLineView]
    warehouses: list[WarehouseOfferView]


class MovedView(View, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Units of a line, and the warehouse that kept them before."""

    line_no: int
    quantity: int
    from_: str


class LateView(View, frozen=True, kw_only=True):
    """By when the units leave and arrive now, later than the buyer was promised."""

    ship_by: datetime
    arrive_by: datetime
    promised_ship_by: datetime | None
    promised_arrive_by: datetime | None


class SplitMadeView(View, frozen=True, kw_only=True):
    """What was moved, and from how many warehouses the order is sent now. `late` where a promise is in danger."""

    order_id: str
    warehouse: str
    moved: list[MovedView]
    parcels: int
    late: LateView | None


@get("/v1/orders/{order_id}/split", permission="order.split")
async def show(tx: Tx, order_id: int) -> SplitView:
    """Which warehouses keep the units of an order, and what each warehouse of its merchant could send of it."""
    standing, offers = await sourcing.offers(tx, order_id)
    codes = {one.warehouse.id: one.warehouse.code for one in offers}
    return SplitView(
        lines=[
            SplitLineView(line_no=line.line_no, sku=line.sku, kept=[
                KeptView(warehouse=codes[one.warehouse_id], units=one.units, is_in_hand=one.is_in_hand)
                for one in sourcing.held(standing, line.line_no)
            ]) for line in standing.lines
        ],
        warehouses=[
            WarehouseOfferView(
                warehouse=one.warehouse.code, name=one.warehouse.name,
                free=[FreeView(line_no=line_no, free=units) for line_no, units in one.free.items()],
                ship_by=one.promise.ship_by if one.promise is not None else None,
                arrive_by=one.promise.arrive_by if one.promise is not None else None,
                why_not=[WhyNotView(code=no.code, words=no.message.filled(no.params)) for no in one.why_not],
            ) for one in offers
        ],
    )  # fmt: skip


@post("/v1/orders/{order_id}/split", permission="order.split")
async def split(tx: Tx, order_id: int, body: SplitInput) -> SplitMadeView:
    """Have units of an order sent from another warehouse, as long as nobody picks them; all of what is named or nothing.

    The order leaves in a parcel from each warehouse that keeps some of it. With all of its units in one warehouse it
    leaves in one parcel again. The warehouse must serve the order's channel, a way must lead from there to the buyer, and
    so many units must be free for the channel. What was promised and paid stays.
    """
    wanted: dict[int, int] = {}
    for i, line in enumerate(body.lines):
        if line.line_no in wanted:
            raise Malformed(f"lines[{i}].line_no", what="a line is named twice", what_zh="同一行重复出现")
        wanted[line.line_no] = line.quantity
    made = await sourcing.split(tx, order_id, wanted, body.warehouse)
    places = {place for one in made.taken.values() for place in one}
    return _made(made, body.warehouse, await inventory.warehouses(tx, places))


def _made(made: sourcing.Split, code: str, houses: Mapping[int, inventory.Warehouse]) -> SplitMadeView:
    late = made.is_late
    return SplitMadeView(
        order_id=ref("order", made.order_id), warehouse=code, parcels=made.parcels,
        moved=[
            MovedView(line_no=line_no, quantity=units, from_=houses[place].code)
            for line_no, places in made.taken.items() for place, units in places.items()
        ],
        late=LateView(
            ship_by=late.ship_by, arrive_by=late.arrive_by, promised_ship_by=late.promised_ship_by,
            promised_arrive_by=late.promised_arrive_by,
        ) if late is not None else None,
    )  # fmt: skip


ROUTES = [show, split]
