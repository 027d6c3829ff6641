"""Who works here, and with which roles."""

from dingdan.areas.identity import refusals, rules, store
from dingdan.areas.identity.events import StaffSaved
from dingdan.areas.identity.model import SaveStaff, Staff
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing.tx import Tx


async def save_staff(tx: Tx, wanted: SaveStaff) -> Staff:
    """Add somebody, or change their name, roles or standing; what is already so is left alone and not announced.

    Keys that speak for them follow at once. Raises everything that is wrong; conflicting roles are a 409.
    """
    before = await store.staff_by_login(tx, wanted.login)
    refuse_all(rules.problems_of_staff(wanted, before, tx.actor))
    roles = tuple(sorted(set(wanted.roles)))
    staff = Staff(
        id=before.id if before else 0,
        merchant_id=wanted.merchant_id,
        login=wanted.login,
        name=wanted.name.strip(),
        roles=roles,
        active=wanted.active,
    )
    if staff == before:
        return before
    saved = await store.save_staff(tx, staff)
    if saved is None:
        raise refusals.LoginTaken("login", login=wanted.login)
    tx.announce(StaffSaved(subject_id=saved.id, merchant_id=saved.merchant_id, roles=list(roles), active=saved.active))
    return saved
