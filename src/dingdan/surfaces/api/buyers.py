"""Buyers: nothing here tells who they are; it lets them be forgotten."""

from dingdan.areas import identity
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.doors import post
from dingdan.surfaces.shared.wire import View, ref


class ForgottenView(View, frozen=True, kw_only=True):
    """A buyer whose data is gone for good."""

    id: str
    is_erased: bool


@post("/v1/buyers/{buyer_id}/forget", permission="buyer.forget")
async def forget(tx: Tx, buyer_id: int) -> ForgottenView:
    """Erase a person's data for good by destroying the key it is sealed under; orders and books stay true."""
    await identity.forget(tx, buyer_id)
    return ForgottenView(id=ref("buyer", buyer_id), is_erased=True)


ROUTES = [forget]
