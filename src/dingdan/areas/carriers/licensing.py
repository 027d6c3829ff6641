"""Who may be given parcels, what is told of licences before they end, and what people say of contracts and do about them."""

from collections.abc import Collection, Sequence

from dingdan.areas.carriers import store
from dingdan.areas.carriers.events import (
    CarrierLicenceExpired,
    CarrierLicenceExpiring,
    CarrierNoted,
    CarrierRestored,
    CarrierSuspended,
)
from dingdan.areas.carriers.lifecycle import CONTRACT
from dingdan.areas.carriers.model import Assigned, Carrier, CarrierNote, Licence
from dingdan.areas.carriers.promises import LICENCE
from dingdan.areas.carriers.refusals import CarrierNoteUnfit, CarrierUnknown, StandingForbids
from dingdan.areas.carriers.rules.licensing import assignment, covered_until, next_look, notice
from dingdan.areas.carriers.rules.saving import reaches
from dingdan.areas.carriers.store import scores
from dingdan.kernel import cards
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import deadlines, lifecycles
from dingdan.plumbing.tx import Tx

LONGEST, MOST = 1_000, 100


async def assignable(tx: Tx, keys: Collection[tuple[int, str]]) -> dict[tuple[int, str], Assigned | Refusal]:
    """For each (merchant, code of a carrier): by which right it may be given parcels now, or why it may not.

    Nothing is locked: carriers are not taken together with anything of an order.
    """
    wanted = sorted(set(keys))
    carriers = {wanted[n]: one for n, one in await store.carriers_by_code(tx, list(wanted))} if wanted else {}
    licences = await store.licences_of(tx, {one.id for one in carriers.values()}) if carriers else {}
    return {key: _assigned(key[1], carriers.get(key), licences, tx) for key in wanted}


def _assigned(code: str, carrier: Carrier | None, licences: dict[int, list[Licence]], tx: Tx) -> Assigned | Refusal:
    return assignment(code, carrier, licences.get(carrier.id, []) if carrier else [], tx.now)


async def look_at_licences(tx: Tx, carrier_ids: Sequence[int]) -> None:
    """Tell which carriers' licences end soon or have ended, and set the clock for the next notice."""
    carriers = await store.lock_carriers(tx, carrier_ids)
    licences = await store.licences_of(tx, carriers)
    dues = []
    for one in carriers.values():
        held = licences[one.id]
        end, near, at = covered_until(held, tx.now), notice(held, tx.now), next_look(held, tx.now)
        if end is None:
            tx.announce(CarrierLicenceExpired(subject_id=one.id, merchant_id=one.merchant_id, code=one.code))
        elif near:
            tx.announce(CarrierLicenceExpiring(
                subject_id=one.id, merchant_id=one.merchant_id, code=one.code, within_days=near, ends_at=end
            ))  # fmt: skip
        if at is not None:
            dues.append(deadlines.Due(one.id, one.merchant_id, at))
    await deadlines.schedule(tx, LICENCE, dues)


async def suspend(tx: Tx, carrier_id: int, *, reason: str) -> None:
    """Give a carrier no more parcels, and no lane of it in promises. Raises CarrierUnknown or StandingForbids."""
    one = await lock_own(tx, carrier_id)
    moved = await lifecycles.move(tx, "carriers", CONTRACT, "suspend", [one.id])
    if not moved:
        raise StandingForbids(state=str(one.state), verb="suspend")
    tx.announce(CarrierSuspended(
        subject_id=one.id, merchant_id=one.merchant_id, code=one.code, reason=reason, move=moved[one.id]
    ))  # fmt: skip


async def restore(tx: Tx, carrier_id: int, *, reason: str) -> None:
    """Put a carrier that was warned or suspended in good standing. Raises CarrierUnknown or StandingForbids."""
    one = await lock_own(tx, carrier_id)
    moved = await lifecycles.move(tx, "carriers", CONTRACT, "restore", [one.id])
    if not moved:
        raise StandingForbids(state=str(one.state), verb="restore")
    tx.announce(CarrierRestored(
        subject_id=one.id, merchant_id=one.merchant_id, code=one.code, reason=reason, move=moved[one.id]
    ))  # fmt: skip


async def lock_own(tx: Tx, carrier_id: int) -> Carrier:
    """A carrier that is the actor's to decide about, locked. Raises CarrierUnknown."""
    one = (await store.lock_carriers(tx, [carrier_id])).get(carrier_id)
    if one is None or not reaches(tx.actor, one.merchant_id):
        raise CarrierUnknown("path.code", code=one.code if one else "")
    return one


async def note(tx: Tx, carrier_id: int, *, text: str) -> CarrierNote:
    """Write about a carrier of one's own house. Raises CarrierUnknown or CarrierNoteUnfit."""
    one = await lock_own(tx, carrier_id)
    words = cards.masked(text.strip())
    if not 1 <= len(words) <= LONGEST or "\0" in words:
        raise CarrierNoteUnfit("text", longest=LONGEST)
    new = CarrierNote(
        id=tx.mint(), carrier_id=one.id, merchant_id=one.merchant_id, text=words,
        said_by_kind=str(tx.actor.kind), said_by=tx.actor.id, at=tx.now,
    )  # fmt: skip
    await scores.add_note(tx, new)
    tx.announce(CarrierNoted(subject_id=one.id, merchant_id=one.merchant_id, code=one.code))
    return new


async def notes_of(tx: Tx, carrier_id: int) -> list[CarrierNote]:
    """The newest notes about a carrier; those of another house are not seen."""
    found = await scores.notes_of(tx, carrier_id, MOST)
    return [one for one in found if tx.actor.merchant_id in (None, one.merchant_id)]
