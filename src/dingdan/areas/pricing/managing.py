"""Promotions and coupons from draft to end, to whom coupons are given, and rules of freight, tax and points."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas.pricing import refusals, store
from dingdan.areas.pricing.events import (
    CouponGranted,
    PromotionActivated,
    PromotionChanged,
    PromotionCreated,
    PromotionEnded,
    PromotionScheduled,
    PromotionStopped,
    TariffSaved,
)
from dingdan.areas.pricing.lifecycle import PROMOTION, PromotionState
from dingdan.areas.pricing.model import Draft, FreightTariff, Grant, PointsRule, Promotion, TaxRate
from dingdan.areas.pricing.promises import END, START
from dingdan.areas.pricing.reading import tariff
from dingdan.areas.pricing.rules import couponing, linting
from dingdan.kernel.ids import ALPHABET
from dingdan.kernel.refusal import refuse_all
from dingdan.kernel.times import iso
from dingdan.plumbing import deadlines
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx

# 32 letters to the power of 16: 80 bits, which nobody guesses (S-22).
CODE_LETTERS = 16
MOST_GRANTS = 10_000
# Whoever replaces rules without having read them, as a program does that holds them all.
UNSEEN = object()
# What may still be changed about a promotion that runs.
WHILE_ACTIVE = frozenset({"name", "ends_at", "limit_total", "listed"})


async def create(tx: Tx, merchant_id: int | None, draft: Draft) -> Promotion:
    """Write a promotion down; nobody sees it before it is scheduled. None: the platform's, which pays for it.

    Raises FieldUnfit for all that is wrong at once; CodeTaken; OutOfReach.
    """
    _demand_reach(tx, merchant_id)
    draft = _tidy(draft)
    refuse_all(linting.problems_of(draft))
    promotion = Promotion(
        id=tx.mint(), merchant_id=merchant_id, state=PROMOTION.initial, version=1, used=0, draft=draft
    )
    if not await store.add(tx, promotion):
        raise refusals.CodeTaken("code", code=draft.code)
    tx.announce(PromotionCreated(
        subject_id=promotion.id, merchant_id=merchant_id, move=born(PROMOTION, promotion.id),
        kind=str(type(draft.benefit).__struct_config__.tag), is_coupon=draft.code is not None,
    ))  # fmt: skip
    return promotion


async def change(tx: Tx, promotion_id: int, draft: Draft) -> Promotion:
    """Say it anew: all of it before it begins, and of one that runs the name, the end and a higher limit.

    Raises PromotionUnknown, PromotionStands, PromotionOver, FieldUnfit.
    """
    before = await _lock_one(tx, promotion_id)
    draft = _tidy(draft)
    if draft == before.draft:
        return before
    refuse_all(linting.problems_of(draft))
    changed = {name for name in Draft.__struct_fields__ if getattr(draft, name) != getattr(before.draft, name)}
    if before.state in (PromotionState.STOPPED, PromotionState.ENDED) or "code" in changed:
        raise refusals.PromotionStands("code" if "code" in changed else "", state=before.state)
    has_begun = before.state is not PromotionState.DRAFT and before.draft.starts_at <= tx.now
    if has_begun and (changed - WHILE_ACTIVE or not _is_wider(before, draft)):
        raise refusals.PromotionStands(min(changed - WHILE_ACTIVE, default="limit_total"), state=before.state)
    await store.change(tx, promotion_id, draft)
    await store.new_edition(tx, before.merchant_id)
    after = msgspec.structs.replace(before, draft=draft)
    if before.state is not PromotionState.DRAFT:
        await _set_clocks(tx, after)
    tx.announce(PromotionChanged(subject_id=promotion_id, merchant_id=before.merchant_id))
    return after


def _is_wider(before: Promotion, draft: Draft) -> bool:
    """Whether a limit was raised: what was promised to all is not taken back while it runs."""
    if before.draft.limit_total is None:
        return draft.limit_total is None
    return draft.limit_total is not None and draft.limit_total >= before.draft.limit_total


async def schedule(tx: Tx, promotion_id: int) -> Promotion:
    """Let a promotion run when its time comes, which may be now. Raises PromotionUnknown, PromotionStands, PromotionOver."""
    promotion = await _lock_one(tx, promotion_id)
    if promotion.state is not PromotionState.DRAFT:
        raise refusals.PromotionStands(state=promotion.state)
    moved = await store.move(tx, "schedule", [promotion_id])
    tx.announce(PromotionScheduled(
        subject_id=promotion_id, merchant_id=promotion.merchant_id, move=moved[promotion_id]
    ))  # fmt: skip
    await _set_clocks(tx, promotion)
    await store.new_edition(tx, promotion.merchant_id)
    if promotion.draft.starts_at <= tx.now:
        await activate(tx, [promotion_id])
    return (await store.get(tx, [promotion_id]))[0]


async def stop(tx: Tx, promotion_id: int, *, reason: str) -> Promotion:
    """Stop a promotion at once; orders that have it keep it. Raises PromotionUnknown, PromotionStands."""
    promotion = await _lock_one(tx, promotion_id)
    moved = await store.move(tx, "stop", [promotion_id])
    if not moved:
        raise refusals.PromotionStands(state=promotion.state)
    await deadlines.call_off(tx, START, [promotion_id])
    await deadlines.call_off(tx, END, [promotion_id])
    await store.new_edition(tx, promotion.merchant_id)
    tx.announce(PromotionStopped(
        subject_id=promotion_id, merchant_id=promotion.merchant_id, move=moved[promotion_id], reason=reason
    ))  # fmt: skip
    return (await store.get(tx, [promotion_id]))[0]


async def activate(tx: Tx, ids: Sequence[int]) -> None:
    """The time of promotions has come. Prices go by the clock; this says so."""
    found = {one.id: one for one in await store.lock(tx, ids) if one.draft.starts_at <= tx.now}
    moved = await store.move(tx, "activate", found)
    tx.announce(*(
        PromotionActivated(subject_id=i, merchant_id=found[i].merchant_id, move=moved[i]) for i in sorted(moved)
    ))  # fmt: skip


async def end(tx: Tx, ids: Sequence[int]) -> None:
    """The time of promotions is over."""
    locked = await store.lock(tx, ids)
    found = {one.id: one for one in locked if one.draft.ends_at is not None and one.draft.ends_at <= tx.now}
    moved = await store.move(tx, "end", found)
    for merchant_id in sorted({found[i].merchant_id for i in moved}, key=lambda one: one or 0):
        await store.new_edition(tx, merchant_id)
    tx.announce(*(
        PromotionEnded(subject_id=i, merchant_id=found[i].merchant_id, move=moved[i]) for i in sorted(moved)
    ))  # fmt: skip


async def grant(
    tx: Tx, promotion_id: int, buyers: Mapping[int, int], *, expires_at: datetime | None = None
) -> list[Grant]:
    """Give a coupon to buyers {buyer: merchant}, one use each. Raises PromotionUnknown, PromotionStands, NotACoupon."""
    promotion = await _coupon_to_give(tx, promotion_id, len(buyers))
    owner = promotion.merchant_id
    if any(not tx.actor.reaches(merchant) or owner not in (None, merchant) for merchant in buyers.values()):
        raise refusals.OutOfReach("buyers")
    return await _give(tx, promotion, [(merchant, buyer, None) for buyer, merchant in buyers.items()], expires_at)


async def issue_codes(tx: Tx, promotion_id: int, count: int, *, expires_at: datetime | None = None) -> list[Grant]:
    """Make codes of one use each, for whoever brings them. Raises PromotionUnknown, PromotionStands, NotACoupon."""
    promotion = await _coupon_to_give(tx, promotion_id, count)
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS)) for _ in range(count)]
    return await _give(tx, promotion, [(promotion.merchant_id, None, code) for code in codes], expires_at)


async def _coupon_to_give(tx: Tx, promotion_id: int, count: int) -> Promotion:
    promotion = await _lock_one(tx, promotion_id)
    if not 1 <= count <= MOST_GRANTS:
        why, why_zh = f"1 to {MOST_GRANTS} at once", f"每次须为 1 至 {MOST_GRANTS} 个"
        raise refusals.FieldUnfit("count", field="count", why=why, why_zh=why_zh)
    if promotion.draft.code is None:
        raise refusals.NotACoupon
    if promotion.state in (PromotionState.STOPPED, PromotionState.ENDED):
        raise refusals.PromotionStands(state=promotion.state)
    return promotion


async def _give(
    tx: Tx, promotion: Promotion, to: Iterable[tuple[int | None, int | None, str | None]], expires_at: datetime | None
) -> list[Grant]:
    if expires_at is not None and expires_at <= tx.now:
        raise refusals.PromotionOver("expires_at", ends=iso(expires_at))
    grants = [
        Grant(
            id=tx.mint(),
            merchant_id=merchant,
            promotion_id=promotion.id,
            buyer_id=buyer,
            code=code,
            expires_at=expires_at,
        )
        for merchant, buyer, code in to
    ]
    await store.add_grants(tx, grants)
    tx.announce(CouponGranted(subject_id=promotion.id, merchant_id=promotion.merchant_id, grants=len(grants)))
    return grants


async def _set_clocks(tx: Tx, promotion: Promotion) -> None:
    """When it begins and when it ends. Raises PromotionOver."""
    draft = promotion.draft
    if draft.ends_at is not None and draft.ends_at <= tx.now:
        raise refusals.PromotionOver("ends_at", ends=iso(draft.ends_at))
    if promotion.state is not PromotionState.ACTIVE and draft.starts_at > tx.now:
        await deadlines.schedule(tx, START, [deadlines.Due(promotion.id, promotion.merchant_id, draft.starts_at)])
    if draft.ends_at is None:
        await deadlines.call_off(tx, END, [promotion.id])
    else:
        await deadlines.schedule(tx, END, [deadlines.Due(promotion.id, promotion.merchant_id, draft.ends_at)])


async def _lock_one(tx: Tx, promotion_id: int) -> Promotion:
    found = await store.lock(tx, [promotion_id])
    if not found:
        raise refusals.PromotionUnknown
    _demand_reach(tx, found[0].merchant_id)
    return found[0]


def _demand_reach(tx: Tx, merchant_id: int | None) -> None:
    """A merchant's hand ends at its own promotions; the platform's are for the platform to change."""
    if tx.actor.merchant_id is not None and tx.actor.merchant_id != merchant_id:
        raise refusals.OutOfReach("merchant")


def _tidy(draft: Draft) -> Draft:
    return draft if draft.code is None else msgspec.structs.replace(draft, code=couponing.plain(draft.code))


async def save_freight(
    tx: Tx,
    merchant_id: int | None,
    rules: Sequence[FreightTariff],
    *,
    instead_of: Sequence[FreightTariff] | None = None,
) -> None:
    """Carriage by region and weight, instead of the flat fee of the settings. Raises FieldUnfit, all at once.

    `instead_of` is what whoever changes it has read: raises TariffMoved where something else holds by now.
    """
    refuse_all(linting.problems_of_freight(rules))
    await _save(tx, merchant_id, "freight", tuple(rules), UNSEEN if instead_of is None else tuple(instead_of))


async def save_taxes(
    tx: Tx, merchant_id: int | None, rules: Sequence[TaxRate], *, instead_of: Sequence[TaxRate] | None = None
) -> None:
    """Tax rates by country and category. Raises FieldUnfit, all at once; `instead_of` as for carriage."""
    refuse_all(linting.problems_of_taxes(rules))
    await _save(tx, merchant_id, "taxes", tuple(rules), UNSEEN if instead_of is None else tuple(instead_of))


async def save_points(tx: Tx, merchant_id: int | None, rule: PointsRule | None, *, instead_of: Any = UNSEEN) -> None:
    """What points are worth; None: they are not taken. Raises FieldUnfit, all at once; `instead_of` as for carriage."""
    refuse_all(linting.problems_of_points(rule) if rule is not None else [])
    await _save(tx, merchant_id, "points", rule, instead_of)


async def _save(tx: Tx, merchant_id: int | None, part: str, rules: Any, instead_of: Any) -> None:
    _demand_reach(tx, merchant_id)
    if instead_of is not UNSEEN:
        await store.lock_tariff(tx, merchant_id)
    held = getattr(await tariff(tx, merchant_id), part)
    if instead_of is not UNSEEN and held != instead_of:
        raise refusals.TariffMoved
    if held == rules:
        return
    tariff_id = await store.new_edition(tx, merchant_id, part, rules)
    count = len(rules) if isinstance(rules, tuple) else int(rules is not None)
    tx.announce(TariffSaved(subject_id=tariff_id, merchant_id=merchant_id, part=part, rules=count))
