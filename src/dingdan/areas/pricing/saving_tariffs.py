"""Replace a merchant's rules of freight, tax and points, each as a whole."""

from collections.abc import Sequence
from typing import Any

from dingdan.areas.pricing import refusals, store
from dingdan.areas.pricing.events import TariffSaved
from dingdan.areas.pricing.model import FreightTariff, PointsRule, TaxRate
from dingdan.areas.pricing.reading import tariff
from dingdan.areas.pricing.rules import linting
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing.tx import Tx


async def save_freight(tx: Tx, merchant_id: int | None, rules: Sequence[FreightTariff]) -> None:
    """Carriage by region and weight, instead of the flat fee of the settings. Raises FieldUnfit, all at once."""
    refuse_all(linting.problems_of_freight(rules))
    await _save(tx, merchant_id, "freight", tuple(rules))


async def save_taxes(tx: Tx, merchant_id: int | None, rules: Sequence[TaxRate]) -> None:
    """Tax rates by country and category. Raises FieldUnfit, all at once."""
    refuse_all(linting.problems_of_taxes(rules))
    await _save(tx, merchant_id, "taxes", tuple(rules))


async def save_points(tx: Tx, merchant_id: int | None, rule: PointsRule | None) -> None:
    """What points are worth; None: they are not taken. Raises FieldUnfit, all at once."""
    refuse_all(linting.problems_of_points(rule) if rule is not None else [])
    await _save(tx, merchant_id, "points", rule)


async def _save(tx: Tx, merchant_id: int | None, part: str, rules: Any) -> None:
    if tx.actor.merchant_id is not None and tx.actor.merchant_id != merchant_id:
        raise refusals.OutOfReach("merchant")
    if getattr(await tariff(tx, merchant_id), part) == rules:
        return
    tariff_id = await store.new_edition(tx, merchant_id, part, rules)
    count = len(rules) if isinstance(rules, tuple) else int(rules is not None)
    tx.announce(TariffSaved(subject_id=tariff_id, merchant_id=merchant_id, part=part, rules=count))
