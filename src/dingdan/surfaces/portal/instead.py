"""Another wish for goods that come back, where there is none of what was wanted."""

from typing import Annotated

from msgspec import Meta

from dingdan.areas import exchanges
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.portal import asking_rules, pages, return_page, within
from dingdan.surfaces.shared.pages.doors import act
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.screens import Done


class WishesForm(Form, frozen=True, kw_only=True):
    """What is wanted now, as `line:SKU`."""

    wish: Annotated[tuple[Annotated[str, Meta(max_length=70)], ...], Meta(min_length=1, max_length=200)]


@act("/my/{order_id}/returns/{return_id}/change", permission="return.apply", screen=return_page.show)
async def change(tx: Tx, order_id: int, return_id: int, form: WishesForm) -> Done:
    """Take something else, because there is none of what was wanted."""
    await within.own_return(tx, order_id, return_id)
    found = (await exchanges.of_returns(tx, [return_id])).get(return_id)
    if found is None:
        raise exchanges.ExchangeUnknown
    await exchanges.change(tx, found.id, asking_rules.wishes_of(form.wish))
    return Done(text=Text("It is kept for you.", "已为您预留。"), to=pages.of(order_id, "return", "returns", return_id))


ROUTES = [change]
