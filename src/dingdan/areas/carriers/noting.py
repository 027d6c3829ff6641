"""What was agreed with a carrier and said about it: notes of the house whose carrier it is."""

from dingdan.areas.carriers.events import CarrierNoted
from dingdan.areas.carriers.licensing import lock_own
from dingdan.areas.carriers.model import CarrierNote
from dingdan.areas.carriers.refusals import CarrierNoteUnfit
from dingdan.areas.carriers.store import notes as store
from dingdan.kernel import cards
from dingdan.plumbing.tx import Tx

LONGEST, MOST = 1_000, 100


async def note(tx: Tx, carrier_id: int, *, text: str) -> CarrierNote:
    """Write about a carrier of one's own house. Raises CarrierUnknown or CarrierNoteUnfit."""
    one = await lock_own(tx, carrier_id)
    words = cards.masked(text.strip())
    if not 1 <= len(words) <= LONGEST or "\0" in words:
        raise CarrierNoteUnfit("text", longest=LONGEST)
    new = CarrierNote(
        id=tx.mint(), carrier_id=one.id, merchant_id=one.merchant_id, text=words, by_kind=str(tx.actor.kind), by_id=tx.actor.id,
        at=tx.now,
    )  # fmt: skip
    await store.add_note(tx, new)
    tx.announce(CarrierNoted(subject_id=one.id, merchant_id=one.merchant_id, code=one.code))
    return new


async def notes_of(tx: Tx, carrier_id: int) -> list[CarrierNote]:
    """The newest notes about a carrier; those of another house are not seen."""
    found = await store.notes_of(tx, carrier_id, MOST)
    return [one for one in found if tx.actor.merchant_id in (None, one.merchant_id)]
