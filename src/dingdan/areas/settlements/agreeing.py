"""Agreeing on terms with merchants: a new version each time, for orders from a moment on."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from dingdan.areas.settlements import store
from dingdan.areas.settlements.events import AgreementSaved
from dingdan.areas.settlements.model import Agreement, SaveAgreement
from dingdan.areas.settlements.refusals import NotThePlatform
from dingdan.areas.settlements.rules import agreeing
from dingdan.kernel.refusal import refuse_all
from dingdan.kernel.times import iso
from dingdan.plumbing.tx import Tx


async def agree(tx: Tx, wanted: SaveAgreement) -> Agreement:
    """Save the next version of an agreement; orders that were placed before keep theirs.

    Raises NotThePlatform, AgreementReachesBack or AgreementUnfit, all at once.
    """
    demand_platform(tx)
    refuse_all(agreeing.problems(wanted, now=tx.now))
    saved = await store.add_agreement(tx, wanted)
    tx.announce(AgreementSaved(subject_id=saved.id, merchant_id=saved.merchant_id, currency=saved.currency,
                               number=saved.number, valid_from=iso(saved.valid_from)))  # fmt: skip
    return saved


def demand_platform(tx: Tx) -> None:
    """Merchants do not settle with themselves. Raises NotThePlatform."""
    if tx.actor.merchant_id is not None:
        raise NotThePlatform


async def in_force(tx: Tx, accounts: Iterable[store.Account]) -> dict[store.Account, Agreement]:
    """What holds now with these merchants in these currencies; where nothing does yet, what comes first."""
    found: dict[store.Account, Agreement] = {}
    for one in await store.agreements(tx, set(accounts)):
        account = (one.merchant_id, one.currency)
        if account not in found or one.valid_from <= tx.now:
            found[account] = one
    return found


async def for_orders(tx: Tx, placed: Mapping[int, tuple[store.Account, datetime]]) -> dict[int, Agreement]:
    """Under which agreement each order {order: (account, placed at)} was placed; without one it has none."""
    if not placed:
        return {}
    versions = await store.agreements(tx, {account for account, _ in placed.values()})
    found: dict[int, Agreement] = {}
    for order_id, (account, at) in placed.items():
        for one in versions:
            if (one.merchant_id, one.currency) == account and one.valid_from <= at:
                found[order_id] = one
    return found
