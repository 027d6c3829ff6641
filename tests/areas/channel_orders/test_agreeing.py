"""Whatever a channel writes, its total is kept and the order adds up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingdan.areas.channel_orders import ChannelLine, Deal
from dingdan.areas.channel_orders.rules.agreeing import agreed

pytestmark = pytest.mark.requirement("O3.10")

AMOUNTS = st.integers(0, 10**9)
LINES = st.builds(
    ChannelLine, ref=st.just("1"), sku=st.just("S"), quantity=st.integers(1, 99), unit_price=st.integers(0, 10**7),
    discount=AMOUNTS, tax=AMOUNTS,
)  # fmt: skip
DEALS = st.builds(
    Deal, currency=st.just("CNY"), lines=st.lists(LINES, min_size=1, max_size=6).map(tuple), freight=AMOUNTS,
    discount=AMOUNTS, total=AMOUNTS,
)  # fmt: skip


@given(DEALS)
def test_every_order_adds_up_to_its_channels_total(deal: Deal) -> None:
    money = agreed(deal)
    assert money.goods - money.discount + money.freight + money.tax == deal.total
    assert min(money.freight, *(line.discount for line in money.lines), *(line.tax for line in money.lines)) >= 0
    assert all(line.discount <= line.goods for line in money.lines)


@given(DEALS)
def test_where_the_sums_agree_nothing_is_moved(deal: Deal) -> None:
    money = agreed(deal)
    if money.computed == deal.total and deal.discount == 0:
        kept = all(line.discount <= line.quantity * line.unit_price for line in deal.lines)
        assert not kept or (money.freight, money.tax) == (deal.freight, sum(line.tax for line in deal.lines))


def test_an_orders_discount_is_spread_over_its_lines() -> None:
    lines = tuple(ChannelLine(ref=str(n), sku="S", quantity=1, unit_price=price) for n, price in enumerate((300, 100)))
    money = agreed(Deal(currency="CNY", lines=lines, freight=0, discount=40, total=360))
    assert [line.discount for line in money.lines] == [30, 10]
