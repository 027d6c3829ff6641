"""Statements about notes on carriers."""

import msgspec

from dingdan.areas.carriers.model import CarrierNote
from dingdan.plumbing.tx import Tx

_ALL = ", ".join(CarrierNote.__struct_fields__)


async def add_note(tx: Tx, new: CarrierNote) -> None:
    """Keep a note; it never changes."""
    await tx.copy("carrier_notes", CarrierNote.__struct_fields__, [msgspec.structs.astuple(new)])


async def notes_of(tx: Tx, carrier_id: int, most: int) -> list[CarrierNote]:
    """Notes about a carrier, newest first."""
    rows = await tx.fetch(
        f"SELECT {_ALL} FROM carrier_notes WHERE carrier_id = $1 ORDER BY id DESC LIMIT $2",  # noqa: S608 - our columns
        carrier_id,
        most,
    )
    return [CarrierNote(**dict(row)) for row in rows]
