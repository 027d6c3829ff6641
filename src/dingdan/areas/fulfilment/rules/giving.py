"""Whether parcels may be given to their carriers under their numbers, and by which right they were."""

from collections.abc import Mapping, Sequence

from dingdan.areas import carriers
from dingdan.areas.fulfilment.model import Assignment, Parcel, Ship, Work
from dingdan.areas.fulfilment.refusals import CarrierReasonMissing, OverrideNotYours
from dingdan.kernel.actor import Actor
from dingdan.kernel.refusal import Refusal

# {(merchant, code of a carrier): by which right it gets parcels, or why it gets none}
Rights = Mapping[tuple[int, str], carriers.Assigned | Refusal]


def asked_for(ships: Sequence[Ship], works: Mapping[int, Work]) -> set[tuple[int, str]]:
    """The carriers that rights are needed of; what cannot be a code is not looked up."""
    return {
        (works[s.work_id].merchant_id, s.carrier)
        for s in ships
        if s.work_id in works and 0 < len(s.carrier) <= 64 and s.carrier.isprintable()
    }


def problems_of_number(s: Ship, work: Work | None, rights: Rights, actor: Actor, *, path: str) -> list[Refusal]:
    """What is wrong with a number; who may do so can say why it is used all the same.

    Of a carrier that somebody registered and whose numbers we do not know, any number will do that can be stored.
    """
    form = s.carrier
    if form not in carriers.KNOWN and work is not None:
        right = rights.get((work.merchant_id, s.carrier))
        form = form if right is None or isinstance(right, carriers.NotRegistered) else "manual"
    if s.number_reason is not None and form in carriers.KNOWN:
        if not actor.may("parcel.override"):
            return [OverrideNotYours(f"{path}.number_reason")]
        form = "manual"
    return carriers.number_problems(form, s.tracking_number, path=path)


def problems_of_carriers(ships: Sequence[Ship], works: Mapping[int, Work], rights: Rights) -> list[Refusal]:
    """Why carriers may not be given these parcels; of a code that nobody knows the number's problem says so."""
    found = []
    for place, s in enumerate(ships):
        right = rights.get((works[s.work_id].merchant_id, s.carrier)) if s.work_id in works else None
        is_unheard = s.carrier not in carriers.KNOWN and isinstance(right, carriers.NotRegistered)
        if isinstance(right, Refusal) and not is_unheard:
            found.append(right.at(f"[{place}]"))
    return found


def suggested(options: Mapping[int, Sequence[carriers.Option]]) -> dict[int, str]:
    """The carrier that each work's parcel is best given to, where one is."""
    return {i: one.carrier for i, each in options.items() for one in each if one.is_chosen}


def problems_of_choice(
    ships: Sequence[Ship], works: Mapping[int, Work], rights: Rights, suggested: Mapping[int, str]
) -> list[Refusal]:
    """Whoever takes another carrier than the one that is suggested says why; of one that may carry nothing others do."""
    return [
        CarrierReasonMissing(f"[{place}].carrier_reason", suggested=best, carrier=s.carrier)
        for place, s in enumerate(ships)
        if s.work_id in works and s.carrier_reason is None and (best := suggested.get(s.work_id)) not in (None, s.carrier)
        and isinstance(rights.get((works[s.work_id].merchant_id, s.carrier)), carriers.Assigned)
    ]  # fmt: skip


def assigned(
    parcels: Sequence[Parcel], ships: Sequence[Ship], rights: Rights, suggested: Mapping[int, str]
) -> list[Assignment]:
    """By which right each parcel was given to its carrier, and why a number or a carrier was used all the same.

    Of several works in one parcel the one that says why, or else the first, speaks for it.
    """
    why: dict[tuple[str, str], Ship] = {}
    for s in sorted(ships, key=lambda s: (s.carrier_reason is None, s.number_reason is None)):
        why.setdefault((s.carrier, carriers.tidy_number(s.tracking_number)), s)
    made = []
    for p in parcels:
        right, said = rights[p.merchant_id, p.carrier], why[p.carrier, p.tracking_number]
        assert not isinstance(right, Refusal)
        made.append(Assignment(
            parcel_id=p.id, merchant_id=p.merchant_id, ground=right.ground, carrier_id=right.carrier_id,
            licence=right.licence, licensed_from=right.licensed_from, licensed_until=right.licensed_until,
            number_reason=said.number_reason, carrier_reason=said.carrier_reason,
            suggested=best if (best := suggested.get(said.work_id)) != p.carrier else None,
        ))  # fmt: skip
    return made
