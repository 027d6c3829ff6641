"""The packet for an authority: what it holds is put together from several areas, the same at every door."""

from dingdan.areas import abuse, archive
from dingdan.overviews import bundles
from dingdan.plumbing.tx import Tx


async def of_handover(tx: Tx, handover_id: int) -> bytes:
    """The flag with its parts, and its orders: the case file of each from the archive, else how it stands now."""
    made = await abuse.get_handover(tx, handover_id)
    flag = await abuse.get_one(tx, made.flag_id)
    kept = await archive.kept(tx, made.order_ids)
    with_people = tx.actor.may("order.read_contact")
    case_files = {
        order_id: archive.case_file(await archive.open_one(tx, order_id), with_people=with_people) for order_id in kept
    }
    going = await bundles.collect(tx, [order_id for order_id in made.order_ids if order_id not in kept])
    return abuse.package(
        made, flag, await abuse.signals_in(tx, flag), await abuse.taken_by(tx, flag), case_files=case_files,
        going={i: {"facts": one.facts, "people": one.people if with_people else None} for i, one in going.items()},
    )  # fmt: skip
