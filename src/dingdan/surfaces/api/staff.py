"""Staff: who works here, with which roles."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta

from dingdan.areas import identity
from dingdan.overviews import staff_page
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, put
from dingdan.surfaces.shared.wire import (
    Input,
    Line,
    MerchantRef,
    Page,
    PageQuery,
    View,
    Word,
    page_of,
    ref,
    ref_or_none,
    slice_of,
)


class StaffInput(Input, frozen=True, kw_only=True):
    """Somebody of the staff as they shall be. A platform key that names no merchant speaks of platform staff."""

    merchant: MerchantRef | None = None
    name: Line
    roles: Annotated[list[Word], Meta(max_length=50)]
    active: bool = True


class StaffView(View, frozen=True, kw_only=True):
    """Somebody who works here; `merchant` is null for platform staff."""

    id: str
    merchant: str | None
    login: str
    name: str
    roles: Sequence[str]
    active: bool


class StaffQuery(PageQuery, frozen=True, kw_only=True):
    """Whose staff."""

    merchant: MerchantRef | None = None


@put("/v1/staff/{login}", permission="staff.manage")
async def save(tx: Tx, login: Word, body: StaffInput) -> StaffView:
    """Add somebody, or change their name, roles or standing; their keys follow at once."""
    return _view(
        await identity.save_staff(
            tx,
            identity.SaveStaff(
                merchant_id=await scope.merchant_filter(tx, body.merchant, "merchant"), login=login, name=body.name,
                roles=tuple(body.roles), active=body.active,
            ),
        )
    )  # fmt: skip


@get("/v1/staff", permission="staff.read")
async def listed(tx: Tx, query: StaffQuery) -> Page[StaffView]:
    """Staff within reach, oldest first."""
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    asked = slice_of(query)
    return page_of(asked, await identity.list_staff(tx, merchant_id, asked.with_one_more), _view)


@get("/v1/staff/{login}", permission="staff.read")
async def show(tx: Tx, login: Word) -> StaffView:
    """One member of staff."""
    staff_id = await staff_page.by_login(tx, login)
    await scope.demand_reach(tx, "staff", staff_id)
    return _view((await identity.staff_by_ids(tx, [staff_id or 0]))[staff_id or 0])


def _view(one: identity.Staff) -> StaffView:
    return StaffView(
        id=ref("staff", one.id), merchant=ref_or_none("merchant", one.merchant_id), login=one.login, name=one.name,
        roles=one.roles, active=one.active,
    )  # fmt: skip


ROUTES = [save, listed, show]
