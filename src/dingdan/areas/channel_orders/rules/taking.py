"""A channel's word as we keep it: what was agreed, the mark of it, and people as they can be stored."""

import hashlib
import unicodedata
from collections.abc import Sequence

import msgspec

from dingdan.areas.channel_orders.model import Deal, Told
from dingdan.areas.identity import Person
from dingdan.kernel.address import Address

MAX_REF, MAX_WORDS, MAX_DETAIL = 200, 100, 500


def deal_of(told: Told) -> Deal:
    """What was agreed, without people."""
    return Deal(currency=told.currency, lines=told.lines, freight=told.freight, discount=told.discount,
                total=told.total)  # fmt: skip


def mark_of(deal: Deal) -> bytes:
    """Two deals with one mark are the same deal, whatever their lines are titled."""
    untitled = msgspec.structs.replace(
        deal, lines=tuple(msgspec.structs.replace(line, title="") for line in deal.lines)
    )
    return hashlib.sha256(msgspec.json.encode(untitled)).digest()


def person_of(told: Told, *, merchant_id: int, channel: str) -> Person:
    """Who bought, so that it can be stored: nothing that a channel says of people is a reason to refuse its order.

    A buyer is named by channel, since two channels may use one name for two people.
    """
    buyer, at = told.buyer, told.ship_to
    address = Address(**{
        part: storable(getattr(at, part), MAX_DETAIL if part == "detail" else MAX_WORDS)
        for part in at.__struct_fields__
    })  # fmt: skip
    return Person(
        merchant_id=merchant_id, ref=storable(f"{channel}:{buyer.ref or told.number}", MAX_REF),
        name=storable(buyer.name or at.name, MAX_WORDS), phone=storable(buyer.phone or at.phone, MAX_WORDS),
        email=storable(buyer.email, MAX_WORDS) or None, address=address, language=buyer.language,
        id_name=storable(buyer.id_name, MAX_WORDS), id_number=storable(buyer.id_number, MAX_WORDS),
    )  # fmt: skip


def storable(text: str, limit: int) -> str:
    """A text without what no label prints and no database keeps, and no longer than there is room."""
    plain = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    return plain[:limit].strip()


def rounds(numbers: Sequence[str]) -> list[list[int]]:
    """Places of messages in rounds, so that none names an order that another one of its round names."""
    found: list[list[int]] = []
    seen: dict[str, int] = {}
    for place, number in enumerate(numbers):
        turn = seen.get(number, 0)
        seen[number] = turn + 1
        if turn == len(found):
            found.append([])
        found[turn].append(place)
    return found
