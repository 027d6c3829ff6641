"""Where money is real, pretended money is not let in."""

import pytest
from tests import given

from dingdan.areas import payments
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do


@pytest.mark.requirement("S-28")
async def test_the_sandbox_provider_does_not_exist_where_nothing_is_pretended(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.placed_order(db, shop)
    db.sandbox = False
    with pytest.raises(payments.ProviderUnknown):
        await do(db, SYSTEM, payments.start, [order_id], provider="sandbox", method="instant")
    with pytest.raises(payments.ProviderUnknown):
        await payments.take_in_notification(db, "sandbox", headers={}, body=b"{}")
