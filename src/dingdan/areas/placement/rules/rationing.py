"""Who of one batch gets what is limited per buyer: first come, first served."""

from collections import Counter
from collections.abc import Mapping

from dingdan.areas.placement.refusals import BuyerLimitReached
from dingdan.areas.placement.rules.cases import Case, Part, Wish
from dingdan.areas.placement.rules.checks import left_for
from dingdan.kernel.refusal import Refusal

Key = tuple[int, str, int]


def ration(cases: Mapping[int, Case]) -> dict[int, list[Refusal]]:
    """Baskets, by their place in the batch, that get less than they want because others of the batch came first.

    Each of them is sound by itself; a basket that gets too little of one thing takes nothing.
    """
    # Cases of one batch share what is known of products; most batches have nothing that is rationed.
    offers = {id(case.facts.offers): case.facts.offers for case in cases.values()}
    if not any(offer.max_per_buyer for known in offers.values() for offer in known.values()):
        return {}
    taken: Counter[Key] = Counter()
    refused: dict[int, list[Refusal]] = {}
    for n, case in cases.items():
        limited = [(part, wish) for part in case.parts for wish in part.wishes if _is_limited(wish)]
        wanted: Counter[Key] = Counter()
        for part, wish in limited:
            wanted[_key(case, part, wish)] += wish.item.quantity
        problems = [one for part, wish in limited for one in _problem(case, part, wish, wanted, taken)]
        if problems:
            refused[n] = problems
        else:
            taken += wanted
    return refused


def _is_limited(wish: Wish) -> bool:
    return wish.offer is not None and wish.offer.max_per_buyer is not None


def _key(case: Case, part: Part, wish: Wish) -> Key:
    assert wish.offer is not None
    return part.merchant.id, case.basket.buyer.ref if case.basket.buyer else "", wish.offer.product_id


def _problem(case: Case, part: Part, wish: Wish, wanted: Mapping[Key, int], taken: Mapping[Key, int]) -> list[Refusal]:
    assert wish.offer is not None
    key = _key(case, part, wish)
    left = max(0, (left_for(case, part, wish.offer) or 0) - taken.get(key, 0))
    if wanted[key] <= left:
        return []
    most = wish.offer.max_per_buyer
    return [BuyerLimitReached(f"lines[{wish.place}].quantity", sku=wish.item.sku, most=most, left=left)]
