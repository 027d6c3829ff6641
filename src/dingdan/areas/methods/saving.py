"""Describing ways to pay."""

from dingdan.areas.methods import rules, store
from dingdan.areas.methods.events import MethodSaved
from dingdan.areas.methods.model import SaveWay, Way
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing.tx import Tx


async def save(tx: Tx, saved: SaveWay, *, plugged: rules.Plugged) -> Way:
    """Describe one way to pay, or describe it anew; what is already so is left alone and not announced.

    `plugged` are the methods of each provider that can be used at all. Raises everything that is wrong at once.
    """
    refuse_all(rules.problems_of(saved, plugged=plugged))
    method_id = await store.save(tx, saved)
    if method_id is not None:
        tx.announce(MethodSaved(subject_id=method_id, merchant_id=saved.merchant_id, provider=saved.way.provider,
                                method=saved.way.method, is_active=saved.way.active))  # fmt: skip
    return saved.way
