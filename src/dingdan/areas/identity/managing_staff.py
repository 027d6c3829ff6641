"""Who works here, and with which roles."""

from dingdan.areas.identity import refusals, rules, store
from dingdan.areas.identity.events import StaffSaved
from dingdan.areas.identity.model import ChangeStaff, SaveStaff, Staff
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing.tx import Tx


async def save_staff(tx: Tx, wanted: SaveStaff) -> Staff:
    """Add somebody, or change their name, roles or standing; what is already so is left alone and not announced.

    Keys that speak for them follow at once. Raises everything that is wrong; conflicting roles are a 409.
    """
    return await _save(tx, wanted, await store.staff_by_login(tx, wanted.login))


async def change_staff(tx: Tx, wanted: ChangeStaff) -> Staff:
    """Change what is named of somebody and nothing else, whatever others change at this moment.

    Raises StaffUnknown, StaffMoved and whatever save_staff does.
    """
    before = await store.lock_staff(tx, wanted.staff_id)
    if before is None:
        raise refusals.StaffUnknown
    if wanted.instead_of is not None and wanted.instead_of != before:
        raise refusals.StaffMoved(login=before.login)
    return await _save(tx, rules.changed(before, wanted), before)


async def _save(tx: Tx, wanted: SaveStaff, before: Staff | None) -> Staff:
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
