"""Which orders and returns share a moment, and which must not."""

import asyncio
from datetime import UTC, datetime

import pytest

from dingdan.cli.replay.lines import Cancelled, Invoice, Line
from dingdan.cli.replay.pacing import Abreast
from dingdan.cli.replay.plan import Claim
from dingdan.cli.replay.timing import days, purchases, sittings

pytestmark = pytest.mark.requirement("issue 2: replay")


def at(clock: str, day: int = 1) -> datetime:
    """A moment in December, when London's clock is UTC."""
    hour, minute = clock.split(":")
    return datetime(2009, 12, day, int(hour), int(minute), tzinfo=UTC)


def bought(number: str, when: datetime, code: str = "85048", customer: str = "A") -> Invoice:
    """An invoice of one line."""
    return Invoice(when, number, "1", customer, "EIRE", (Line(code, 100, 1, 2),))


def gives_back(when: datetime, code: str = "85048", customer: str = "A", allocations: str = "") -> Claim:
    """A claim for one unit."""
    return Claim(when, "1:9", customer, code, 1, 100, ((allocations, 1),) if allocations else ())


def test_a_day_is_one_batch_at_the_moment_of_its_first_order() -> None:
    (day,) = days([bought("1", at("09:00")), bought("2", at("17:00"))], [])

    assert [(batch.at, len(batch.invoices)) for batch in day.batches] == [(at("09:00"), 2)]


def test_days_are_counted_in_london() -> None:
    late = datetime(2010, 6, 1, 22, 30, tzinfo=UTC)
    after_midnight = datetime(2010, 6, 1, 23, 30, tzinfo=UTC)

    assert len(days([bought("1", late), bought("2", after_midnight)], [])) == 2


def test_what_is_bought_again_after_a_return_of_the_same_day_is_placed_after_it() -> None:
    orders = [bought("1", at("09:00")), bought("2", at("11:00")), bought("3", at("12:00"))]

    (day,) = days(orders, [Cancelled("A", "85048", at("10:00"))])

    assert [(b.at, [i.number for i in b.invoices]) for b in day.batches] == [
        (at("09:00"), ["1"]), (at("11:00"), ["2", "3"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "other", [Cancelled("B", "85048", at("10:00")), Cancelled("A", "22041", at("10:00")),
              Cancelled("A", "85048", at("11:00")), Cancelled("A", "85048", at("10:00", day=2))]
)  # fmt: skip
def test_returns_of_others_or_later_ones_cut_nothing(other: Cancelled) -> None:
    (day,) = days([bought("1", at("09:00")), bought("2", at("11:00"))], [other])

    assert len(day.batches) == 1


def test_claims_of_a_day_are_judged_at_the_moment_of_the_last() -> None:
    claims = [gives_back(at("09:00")), gives_back(at("16:00"), customer="B")]

    assert [(one.at, len(one.claims)) for one in sittings(claims, {})] == [(at("16:00"), 2)]


def test_a_claim_without_a_purchase_is_judged_before_its_code_is_bought_again() -> None:
    shop = days([bought("1", at("09:00")), bought("2", at("11:00"))], [Cancelled("A", "85048", at("10:00"))])
    claims = [gives_back(at("10:00")), gives_back(at("12:00"), customer="B")]

    found = sittings(claims, purchases(shop, claims))

    assert [one.at for one in found] == [at("10:00"), at("12:00")]
    assert found[0].at < shop[0].batches[1].at


def test_a_claim_whose_purchase_is_named_needs_no_sitting_of_its_own() -> None:
    shop = days([bought("1", at("09:00")), bought("2", at("11:00"))], [Cancelled("A", "85048", at("10:00"))])
    claims = [gives_back(at("10:00"), allocations="1:2"), gives_back(at("12:00"), customer="B")]

    assert len(sittings(claims, purchases(shop, claims))) == 1


def test_a_purchase_of_the_same_minute_is_there_when_the_return_is_judged() -> None:
    shop = days([bought("1", at("10:00"))], [Cancelled("A", "85048", at("10:00"))])
    claims = [gives_back(at("10:00"))]

    (sitting,) = sittings(claims, purchases(shop, claims))

    assert shop[0].batches[0].at <= sitting.at


async def test_the_first_step_that_fails_ends_the_others_and_is_told() -> None:
    ended: list[int] = []

    async def step(number: int) -> None:
        if number == 1:
            raise KeyError("broken")
        await asyncio.Event().wait()

    async def all_steps() -> None:
        async with Abreast(2) as steps:
            for number in range(5):
                await steps.add(step(number))
                ended.append(number)

    with pytest.raises(KeyError, match="broken"):
        await all_steps()

    assert len(ended) < 5
