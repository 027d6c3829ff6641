"""A basket with everything that was looked up for it, ready to be judged."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from dingdan.areas import carriers, catalog, inventory, merchants, payments, policies, pricing
from dingdan.areas.placement.model import Basket, Item

MAX_LINES = 2_000
MAX_QUANTITY = 1_000_000

Shelves = Mapping[tuple[int, int], inventory.Shelf]


class Facts(msgspec.Struct, frozen=True):
    """What a whole batch of baskets needs, looked up at once.

    `bought` are units that buyers had before of what is limited per buyer: {(merchant, reference, product): units};
    `buyers` are those whose price depends on who they are: {(merchant, reference): id}, `known` those of them who
    ordered before. The second half is there for whoever takes nothing: the quote, and the ways out of what was refused.
    `shelves` is None while stock is not looked at, because placing takes it (and finds out that way).
    """

    now: datetime
    merchants: dict[int, merchants.Merchant]
    channels: dict[tuple[int, str], inventory.Channel]
    offers: dict[tuple[int, str], catalog.Offer]
    policies: dict[tuple[int, str], policies.Policy]
    bought: dict[tuple[int, str, int], int] = {}
    # The warehouses of channels that are served from several, to tell which one is nearest, and of every promise.
    warehouses: Mapping[int, inventory.Warehouse] = {}
    lanes: Mapping[carriers.LaneKey, carriers.Lanes] = {}
    ways: Mapping[int, Sequence[payments.Way]] = {}
    terms: pricing.Terms = pricing.Terms()
    buyers: Mapping[tuple[int, str], int] = {}
    known: frozenset[int] = frozenset()
    # The numbers under which buyers are known at every merchant, by the shop's own id of them.
    people: Mapping[str, int] = {}
    # Whose coupons are not looked up until when, because too many codes were wrong: by the shop's own id of them.
    waits: Mapping[str, datetime] = {}
    # What people imported in this year, by the number of their papers.
    imported: Mapping[str, int] = {}
    # Whose unpaid units are capped: by (merchant, buyer or device, the shop's word for them).
    holders: Mapping[tuple[int, str, str], inventory.Holder] = {}
    shelves: Shelves | None = None
    # What they keep already, by (holder, product), and the points that buyers could use.
    kept: Mapping[tuple[bytes, int], int] = {}
    points: Mapping[int, int] | None = None
    references: dict[tuple[int, str], int] = {}
    other_channels: dict[int, Sequence[inventory.Channel]] = {}
    # Products that may stand in for each other, by merchant and the word they share.
    variants: dict[tuple[int, str], Sequence[catalog.Offer]] = {}
    # A name for a buyer who gave none.
    guest: str = ""


class Wish(msgspec.Struct, frozen=True):
    """One line of a basket with what was found for it; `place` is its index in the basket."""

    place: int
    item: Item
    offer: catalog.Offer | None


class Part(msgspec.Struct, frozen=True):
    """What one merchant sells of a basket; it becomes an order of its own."""

    merchant: merchants.Merchant
    channel: inventory.Channel | None
    policy: policies.Policy | None
    wishes: tuple[Wish, ...]


class Case(msgspec.Struct, frozen=True):
    """A basket, taken apart by merchant. `strangers` are the places of lines whose merchant sells nothing."""

    basket: Basket
    facts: Facts
    currency: str
    parts: tuple[Part, ...]
    strangers: tuple[int, ...]


def case_of(basket: Basket, facts: Facts) -> Case:
    """Take a basket apart; parts stand in the order in which their merchants first appear.

    Of a basket with more lines than an order may have none is looked at: that alone is wrong with it.
    """
    items = basket.items if len(basket.items) <= MAX_LINES else ()
    wishes: dict[int, list[Wish]] = {} if items else {basket.merchant_id: []}
    offers = facts.offers
    for place, item in enumerate(items):
        merchant_id = item.merchant_id or basket.merchant_id
        wishes.setdefault(merchant_id, []).append(Wish(place, item, offers.get((merchant_id, item.sku))))
    parts: list[Part] = []
    strangers: list[int] = []
    for merchant_id, found in wishes.items():
        merchant = facts.merchants.get(merchant_id)
        if merchant is None or not merchant.active:
            strangers += [wish.place for wish in found] or [-1]
        else:
            channel = facts.channels.get((merchant_id, basket.channel))
            # Whose law it is goes by where the buyer is.
            country = basket.ship_to.country if basket.ship_to is not None else ""
            policy = policies.for_country(facts.policies, merchant_id, merchant.policy, country)
            parts.append(Part(merchant, channel, policy, tuple(found)))
    return Case(basket, facts, _currency(basket, parts), tuple(parts), tuple(strangers))


def _currency(basket: Basket, parts: Sequence[Part]) -> str:
    """The currency of all orders of a basket: the one it names, or the one of its channel."""
    if basket.currency:
        return basket.currency
    for part in parts:
        return part.channel.currency if part.channel else part.merchant.currency
    return ""
