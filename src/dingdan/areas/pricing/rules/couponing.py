"""Whether a coupon can be used, before any amount is looked at; and what to do where it cannot."""

from collections.abc import Sequence
from datetime import datetime

from dingdan.areas.pricing import refusals
from dingdan.areas.pricing.lifecycle import PromotionState
from dingdan.areas.pricing.model import Ask, Book, Draft, Held, Promotion, Terms
from dingdan.areas.pricing.rules.benefits import Tiers
from dingdan.areas.pricing.rules.sheet import Candidate, Why, candidate, lines_of
from dingdan.kernel.actor import Actor
from dingdan.kernel.money import decimal_string
from dingdan.kernel.patience import Patience
from dingdan.kernel.refusal import Operation, Refusal, Solution, Text
from dingdan.kernel.times import iso

MOST_COUPONS = 5
# A shop's key speaks for all of its buyers and may be wrong more often than any of them.
GUESSES = Patience("coupon", {"person": 20, "buyer": 20, "staff": 50, "key": 500})
RUNNING = (PromotionState.SCHEDULED, PromotionState.ACTIVE)


def person_word(person: int) -> str:
    """Under which the wrong codes of a person are counted, at every merchant."""
    return f"person:{person}"


def actor_word(actor: Actor) -> str:
    """Under which the wrong codes of whoever asks are counted."""
    return f"{actor.kind}:{actor.id or 0}"


def plain(code: str) -> str:
    """A code as it is kept: people type it with blanks and in small letters."""
    return code.strip().upper()


def promotions_for(ask: Ask, books: Sequence[Book], terms: Terms) -> list[Candidate]:
    """The promotions that apply by themselves to some line of an ask, as far as can be seen without amounts."""
    found = []
    for book in books:
        for promotion in book.promotions:
            if _is_on(promotion, ask) and not _is_exhausted(promotion, ask, terms):
                one = candidate(promotion, ask)
                if one.lines:
                    found.append(one)
    return found


def _is_on(promotion: Promotion, ask: Ask) -> bool:
    draft = promotion.draft
    return (
        promotion.state in RUNNING
        and draft.starts_at <= ask.now
        and (draft.ends_at is None or ask.now < draft.ends_at)
        and (not draft.channels or ask.channel in draft.channels)
        and draft.currency in (None, ask.currency)
        and (not draft.first_order or ask.is_first_order)
    )


def _is_exhausted(promotion: Promotion, ask: Ask, terms: Terms) -> bool:
    return _is_used_up(promotion, terms) or _is_used_already(promotion, ask, terms)


def _is_used_up(promotion: Promotion, terms: Terms) -> bool:
    limit = promotion.draft.limit_total
    return limit is not None and terms.used.get(promotion.id, promotion.used) >= limit


def _is_used_already(promotion: Promotion, ask: Ask, terms: Terms) -> bool:
    limit = promotion.per_buyer
    who = ask.person if promotion.is_of_platform else ask.buyer_key
    return limit is not None and terms.used_by.get((promotion.id, who or 0), 0) >= limit


def coupons_for(
    ask: Ask, terms: Terms, places: Sequence[int] | None = None, *, most: int = MOST_COUPONS
) -> tuple[list[Candidate], dict[int, Refusal]]:
    """The coupons that can be used as far as can be seen without amounts, and the refusals of the others by place.

    `places`: only those, because the others are for other orders of the checkout.
    """
    usable: list[Candidate] = []
    refused: dict[int, Refusal] = {}
    seen: set[int] = set()
    mine = range(len(ask.coupons)) if places is None else places
    for nth, place in enumerate(mine):
        given, path = ask.coupons[place], f"coupons[{place}]"
        code = plain(given)
        if nth >= most:
            refused[place] = refusals.CouponsTooMany(path, count=len(mine), most=most)
            continue
        held = terms.coupons.get((ask.merchant_id, ask.buyer_key, code))
        problem = refusals.CouponUnknown(path, code=given) if held is None else problem_of(held, ask, terms, path)
        if held is not None and (held.grant or held.promotion).id in seen:
            problem = refusals.CouponTwice(path, code=code)
        if problem is not None or held is None:
            refused[place] = problem or refusals.CouponUnknown(path, code=given)
            continue
        seen.add((held.grant or held.promotion).id)
        usable.append(candidate(held.promotion, ask, grant=held.grant, code=code, place=place))
    return usable, refused


def problem_of(held: Held, ask: Ask, terms: Terms, path: str) -> Refusal | None:
    """Why a coupon cannot be used, if it cannot."""
    promotion, draft = held.promotion, held.promotion.draft
    code = held.grant.code if held.grant and held.grant.code else draft.code
    if promotion.state is PromotionState.DRAFT or (draft.needs_grant and held.grant is None):
        return refusals.CouponUnknown(path, code=code)
    if ask.now < draft.starts_at:
        return refusals.CouponNotYet(path, code=code, starts=iso(draft.starts_at))
    if is_over(held, ask.now):
        return refusals.CouponOver(path, code=code)
    if (held.grant and held.grant.used_at is not None) or _is_used_already(promotion, ask, terms):
        return refusals.CouponUsedAlready(path, code=code)
    if _is_used_up(promotion, terms):
        return refusals.CouponUsedUp(path, code=code)
    if draft.channels and ask.channel not in draft.channels:
        return refusals.CouponOtherChannel(path, code=code, channel=ask.channel)
    if draft.currency not in (None, ask.currency):
        return refusals.CouponOtherCurrency(path, code=code, its=draft.currency, currency=ask.currency)
    if draft.first_order and not ask.is_first_order:
        return refusals.CouponFirstOrderOnly(path, code=code)
    if not lines_of(draft.scope, ask):
        return refusals.CouponOutOfScope(path, code=code)
    return None


def is_over(held: Held, now: datetime) -> bool:
    """Whether the time of a coupon has passed. One that was given away, or given back, has a time of its own."""
    if held.promotion.state is PromotionState.STOPPED:
        return True
    if held.grant is not None and held.grant.expires_at is not None:
        return now >= held.grant.expires_at
    ends = held.promotion.draft.ends_at
    return held.promotion.state is PromotionState.ENDED or (ends is not None and now >= ends)


def failed(one: Candidate, why: Why, missing: int, ask: Ask) -> Refusal:
    """What to say about a coupon that took nothing off."""
    path, draft = f"coupons[{one.place}]", one.promotion.draft
    if why != "below_threshold":
        return refusals.CouponTakesNothingOff(path, code=one.code)
    is_money = not (isinstance(draft.benefit, Tiers) and draft.benefit.by == "units")
    shown = decimal_string(missing, ask.currency) if is_money else str(missing)
    return refusals.CouponBelowThreshold(
        path, code=one.code, missing=shown, currency=ask.currency if is_money else "",
        min_spend=decimal_string(_asks(draft), ask.currency) if is_money else str(_asks(draft)),
    )  # fmt: skip


def _asks(draft: Draft) -> int:
    if isinstance(draft.benefit, Tiers) and not draft.min_spend:
        return min(tier.at for tier in draft.benefit.tiers)
    return draft.min_spend


def drop(place: int, code: str, total: int | None, currency: str) -> Solution:
    """The way out that always is there: leave the coupon out."""
    if total is None:
        return Solution("drop_coupon", Text(f"Leave coupon {code} out", f"去掉优惠券 {code}"),
                        patch=(Operation("remove", f"/coupons/{place}"),))  # fmt: skip
    shown = f"{decimal_string(total, currency)} {currency}"
    label = Text(f"Leave coupon {code} out: {shown} in all", f"去掉优惠券 {code}，合计 {shown}")
    return Solution("drop_coupon", label, patch=(Operation("remove", f"/coupons/{place}"),),
                    params={"total": total, "currency": currency})  # fmt: skip


def swap(place: int, other: str, total: int, currency: str) -> Solution:
    """Another coupon of this buyer, with what the order costs then."""
    shown = f"{decimal_string(total, currency)} {currency}"
    label = Text(f"Use coupon {other} instead: {shown} in all", f"改用优惠券 {other}，合计 {shown}")
    return Solution("swap_coupon", label, patch=(Operation("replace", f"/coupons/{place}", other),),
                    params={"total": total, "currency": currency, "code": other})  # fmt: skip
