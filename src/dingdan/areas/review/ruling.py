"""Writing rules and terms: each version for ever, the platform's by the platform."""

from datetime import datetime
from importlib.resources import files

import msgspec

from dingdan.areas.review import store
from dingdan.areas.review.events import ReviewRuleSaved, ReviewRuleSwitched
from dingdan.areas.review.model import Rule, RuleDocument, SaveRule, Terms
from dingdan.areas.review.refusals import EffectiveInThePast, RuleNotYours, RuleUnknown, SwitchForbidden
from dingdan.areas.review.rules.drafting import problems_of, problems_of_terms
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing.tx import Tx


class Shipped(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule that ships with the program."""

    code: str
    is_active: bool
    document: RuleDocument


async def save_rule(tx: Tx, wanted: SaveRule) -> Rule:
    """Write the next version of a rule; the same again changes nothing. Orders that were screened stay as they are.

    Raises RuleNotYours, EffectiveInThePast, or everything that is wrong with the rule at once.
    """
    if tx.actor.merchant_id is not None and tx.actor.merchant_id != wanted.merchant_id:
        raise RuleNotYours
    refuse_all(problems_of(wanted.document))
    starts: datetime = wanted.effective_from or tx.now
    await store.lock_code(tx, wanted.merchant_id, wanted.code)
    before = next(iter(await store.newest(tx, wanted.merchant_id, wanted.code)), None)
    if before is not None and _is_same(before, wanted, tx.now):
        return before
    if starts < tx.now:
        raise EffectiveInThePast("effective_from")
    rule = Rule(
        id=tx.mint(), merchant_id=wanted.merchant_id, code=wanted.code, number=before.number + 1 if before else 1,
        is_active=wanted.is_active, effective_from=starts, document=wanted.document, created_at=tx.now,
    )  # fmt: skip
    await store.add_rule(tx, rule)
    tx.announce(ReviewRuleSaved(subject_id=rule.id, merchant_id=rule.merchant_id, code=rule.code, number=rule.number,
                                is_active=rule.is_active))  # fmt: skip
    return rule


async def switch_rule(tx: Tx, merchant_id: int, code: str, *, is_active: bool) -> Rule:
    """Switch a rule of the platform on or off for one merchant's orders, where the platform lets merchants do that.

    Raises RuleUnknown or SwitchForbidden.
    """
    found = await store.newest(tx, None, code)
    if not found:
        raise RuleUnknown(rule=code)
    if not found[0].document.merchants_may_switch:
        raise SwitchForbidden(rule=code)
    if await store.switch(tx, merchant_id, code, is_active=is_active):
        tx.announce(ReviewRuleSwitched(subject_id=found[0].id, merchant_id=merchant_id, code=code,
                                       is_active=is_active))  # fmt: skip
    return found[0]


async def save_terms(tx: Tx, wanted: Terms) -> Terms:
    """Write down what holds for every review from now on. Raises RuleNotYours or everything that is wrong at once."""
    if tx.actor.merchant_id is not None:
        raise RuleNotYours
    refuse_all(problems_of_terms(wanted))
    await store.lock_code(tx, None, "the terms")
    number, before = await store.terms(tx)
    if before != wanted or number == 0:
        await store.add_terms(tx, number + 1, wanted)
    return wanted


def shipped() -> list[Shipped]:
    """The platform's rules as they ship with the program."""
    text = (files("dingdan.areas.review") / "packs" / "platform.json").read_bytes()
    return msgspec.json.decode(text, type=list[Shipped])


async def load_shipped(tx: Tx) -> list[Rule]:
    """Give the platform the rules that ship with the program; those it has already stay as they are."""
    known = {rule.code: rule for rule in await store.newest(tx, None)}
    return [
        known.get(one.code)
        or await save_rule(
            tx, SaveRule(merchant_id=None, code=one.code, document=one.document, is_active=one.is_active)
        )
        for one in shipped()
    ]


def _is_same(before: Rule, wanted: SaveRule, now: datetime) -> bool:
    starts = wanted.effective_from
    is_when = before.effective_from <= now if starts is None else before.effective_from == starts
    return is_when and (before.document, before.is_active) == (wanted.document, wanted.is_active)
