"""Take limited promotions for orders, and give them back exactly once."""

from collections.abc import Iterable, Mapping, Sequence

from dingdan.areas.pricing.model import Use
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.tx import Tx


async def claim(tx: Tx, uses: Mapping[int, Sequence[Use]]) -> dict[int, Refusal]:
    """Take what these orders use of limited promotions, in the order they are named; says which orders get nothing.

    An order gets all of its uses or none.
    """
    return {}


async def drop_claims(tx: Tx, order_ids: Iterable[int]) -> None:
    """Undo the claims of orders that did not come to be, in the transaction that made them."""


async def give_back(tx: Tx, order_ids: Iterable[int]) -> None:
    """Give back what these orders had used, exactly once."""


async def give_back_expired(tx: Tx, order_ids: Iterable[int]) -> None:
    """The same for orders that expired; those that were revived meanwhile keep theirs."""


async def take_again(tx: Tx, order_ids: Iterable[int]) -> set[int]:
    """Take again what expired orders had used, since their money came after all; says which orders have theirs."""
    return set(order_ids)
