"""The form of an order that is taken down: read as it stands, whatever was typed, and mended by a refusal's own ways out."""

import contextlib
from collections.abc import Mapping

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as some

from dingdan.areas import placement
from dingdan.kernel.refusal import Operation
from dingdan.surfaces.console.orders import taking_form
from dingdan.surfaces.console.orders.taking_form import Line, Shown, Taking
from dingdan.surfaces.shared.problems import Malformed

pytestmark = pytest.mark.requirement("issue 6: console")
TEXT = some.text(max_size=60)
NAMES = [*taking_form.LONGEST, "sku", "units", "told", "step", "else"]
TOTAL = Operation("replace", "/expected_total", {"amount": 1, "currency": "CNY"})
FORM = Taking({"coupons": "A B"}, (Line("MUG", "2"), Line("TEE")))
BUYER = placement.Buyer("member-7")
BASKET = placement.Basket(1, "web", BUYER, None, (placement.Item("MUG", 2), placement.Item("TEE", 1)))


@any_of(some.dictionaries(some.sampled_from(NAMES), some.lists(TEXT, max_size=4)))
def test_whatever_is_typed_is_read_and_has_bounds(words: Mapping[str, list[str]]) -> None:
    taking, _ = taking_form.read(words)
    assert set(taking.words) == set(taking_form.LONGEST)
    assert all(len(text) <= taking_form.LONGEST[name] for name, text in taking.words.items())
    assert all(line.sku and abs(line.quantity) <= taking_form.NEVER for line in taking.lines)


@any_of(TEXT)
def test_what_was_shown_makes_sense_or_is_nothing(text: str) -> None:
    found = taking_form.shown_of(text)
    assert found is None or taking_form.shown_of(found.written()) == found


def test_what_was_shown_comes_back_as_it_went() -> None:
    shown = Shown("abc", 41800, (20900, 0))
    assert taking_form.shown_of(shown.written()) == shown
    assert taking_form.shown_of("abc") is None


@pytest.mark.parametrize(
    ("units", "quantity"),
    [("2", 2), (" ３ ", 3), ("1,000", 1000), ("-1", -1), ("0", 0), ("1.5", taking_form.NEVER),
     ("", taking_form.NEVER), ("9" * 30, taking_form.NEVER)],
)  # fmt: skip
def test_units_are_a_number_or_more_than_anybody_gets(units: str, quantity: int) -> None:
    assert Line("MUG", units).quantity == quantity


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("MUG 2", ("MUG", 2)),
        ("MUG x 3", ("MUG", 3)),
        ("MUG×4", ("MUG", 4)),
        ("MUG", None),
        ("a b c", None),
        ("celadon mug 2", ("celadon mug", 2)),
    ],
)
def test_a_product_may_be_said_with_its_units(words: str, found: tuple[str, int] | None) -> None:
    assert taking_form.taken(words) == found


def test_the_same_thing_again_is_more_of_it() -> None:
    assert [one.units for one in FORM.with_line("MUG", 3).with_line("SOCK").lines] == ["5", "1", "1"]
    assert FORM.without_line(0).lines == (Line("TEE"),)


@pytest.mark.parametrize(
    ("patch", "mended"),
    [
        ([Operation("replace", "/lines/0/quantity", 1)], {"units": ["1", "1"]}),
        ([Operation("remove", "/lines/1"), TOTAL], {"units": ["2"]}),
        ([Operation("remove", "/lines/0"), Operation("replace", "/lines/0/quantity", 7)], {"units": ["7"]}),
        ([Operation("add", "/lines/1/confirmed", "X:1")], {"told": ["", "X:1"]}),
        ([Operation("remove", "/coupons/0")], {"coupons": "B"}),
        ([Operation("remove", "/coupons")], {"coupons": ""}),
        ([Operation("add", "/buyer", {"ref": "guest-1"})], {"buyer.ref": "guest-1"}),
        ([Operation("add", "/ship_to/district", "西湖区")], {"ship_to.district": "西湖区"}),
        ([Operation("replace", "/channel", "shop")], {"channel": "shop"}),
    ],
)  # fmt: skip
def test_a_way_out_is_taken_as_the_refusal_means_it(patch: list[Operation], mended: dict[str, object]) -> None:
    assert taking_form.can_mend(patch)
    after = taking_form.mended(FORM, taking_form.as_word(patch))
    for name, value in mended.items():
        found = [getattr(line, name) for line in after.lines] if name in ("units", "told") else after.word(name)
        assert found == value


@pytest.mark.parametrize(
    "patch",
    [None, [], [TOTAL], [Operation("replace", "/lines/0/unit_price", 1)], [Operation("replace", "/payment", None)]],
)
def test_a_new_price_is_accepted_by_placing_and_by_no_button(patch: list[Operation] | None) -> None:
    assert not taking_form.can_mend(patch)


@any_of(TEXT)
def test_a_patch_that_nobody_offered_is_refused_or_changes_a_form_only(text: str) -> None:
    with contextlib.suppress(Malformed):
        assert isinstance(taking_form.mended(FORM, text), Taking)


def test_a_mark_tells_one_basket_from_another_whatever_was_shown_or_agreed() -> None:
    mark = taking_form.mark_of(BASKET)
    agreed = (placement.Item("MUG", 2, "X:1", unit_price=3), placement.Item("TEE", 1))
    same = placement.Basket(1, "web", BUYER, None, agreed, expected_total=7)
    assert taking_form.mark_of(same) == mark
    for other in (
        placement.Basket(1, "web", BUYER, None, (placement.Item("MUG", 3), placement.Item("TEE", 1))),
        placement.Basket(1, "web", placement.Buyer("member-8"), None, BASKET.items),
        placement.Basket(1, "phone", BUYER, None, BASKET.items), placement.Basket(2, "web", BUYER, None, BASKET.items),
        placement.Basket(1, "web", BUYER, None, BASKET.items, coupons=("A",)),
    ):  # fmt: skip
        assert taking_form.mark_of(other) != mark


def test_a_pasted_line_fills_who_and_where_and_leaves_what_stands() -> None:
    line = "王小明 13812345678 浙江省杭州市西湖区文三路 478 号"
    filled = taking_form.with_pasted(Taking({"pasted": line}))
    assert (filled.word("buyer.name"), filled.word("buyer.phone"), filled.word("ship_to.city"), filled.word("pasted")) == (
        "王小明", "13812345678", "杭州市", "")  # fmt: skip
    other = taking_form.with_pasted(Taking({"pasted": line, "buyer.name": "李雷", "buyer.phone": "13912345678"}))
    assert (other.word("buyer.name"), other.word("ship_to.name"), other.word("ship_to.phone")) == (
        "李雷", "王小明", "13812345678")  # fmt: skip
    assert taking_form.address_of(filled).name == "王小明"
