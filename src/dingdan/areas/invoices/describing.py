"""How a merchant's invoices name it."""

from dingdan.areas.invoices import store
from dingdan.areas.invoices.events import SellerSaved
from dingdan.areas.invoices.model import Seller
from dingdan.areas.invoices.rules.tax_numbers import problems_of_seller
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing.tx import Tx


async def save_seller(tx: Tx, merchant_id: int, seller: Seller) -> Seller:
    """Say how a merchant's next invoices name it; those that exist keep what they say.

    Raises SellerUnfit and TaxNumberUnfit, all at once.
    """
    refuse_all(problems_of_seller(seller))
    before = (await store.sellers(tx, [merchant_id])).get(merchant_id)
    if before != seller:
        await store.save_seller(tx, merchant_id, seller)
        tx.announce(SellerSaved(subject_id=merchant_id, merchant_id=merchant_id, country=seller.country))
    return seller
