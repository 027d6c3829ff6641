"""What may become of goods, by whose they are, what they are and how they were found."""

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from dingdan.areas import policies
from dingdan.areas.disposition import Ware, why_not
from dingdan.areas.disposition.rules.banning import EVERY, most_recovered

TERMS = policies.Dispositions()


def ware(category: str = "home", *flags: str) -> Ware:
    return Ware(1, category, flags, TERMS)


@pytest.mark.requirement("R5.2")
@pytest.mark.parametrize(
    ("flags", "grade", "tags", "restock", "repack"),
    [
        ((), "A", (), True, True), ((), "B", (), True, True), ((), "C", (), False, False), ((), "D", (), False, False),
        (("perishable",), "A", (), False, False), (("intimate",), "A", (), True, True),
        (("intimate",), "B", (), False, False), (("presale",), "A", (), True, True),
        # A new wrapping makes opened goods as new; nothing makes used ones so.
        ((), "B", ("opened",), False, True), ((), "B", ("used",), False, False),
    ],
)  # fmt: skip
def test_what_may_be_sold_as_new_again(
    flags: tuple[str, ...], grade: str, tags: tuple[str, ...], restock: bool, repack: bool
) -> None:
    said = [why_not(kind, grade=grade, tags=tags, ware=ware("home", *flags)) for kind in ("restock", "repack")]

    assert [text is None for text in said] == [restock, repack]


@pytest.mark.requirement("R5.3")
@pytest.mark.parametrize(
    ("category", "tags"),
    [
        ("food/tea", ()), ("cosmetics/skin", ("seal_broken",)), ("medical", ()), ("contraceptive", ()),
        ("toys", ("recalled",)), ("home", ("expired",)),
    ],
)  # fmt: skip
def test_what_is_never_sold_again_in_any_form(category: str, tags: tuple[str, ...]) -> None:
    for kind in ("restock", "repack", "open_box", "refurbish"):
        ban = why_not(kind, grade="A", tags=tags, ware=ware(category))
        assert ban is not None
        assert ban.en
        assert ban.zh
    assert why_not("scrap", grade="A", tags=tags, ware=ware(category)) is None


@pytest.mark.requirement("R5.3")
def test_sealed_cosmetics_may_be_sold_again() -> None:
    assert why_not("restock", grade="A", tags=(), ware=ware("cosmetics")) is None


@pytest.mark.requirement("R5.3")
@settings(deadline=None)
@over(
    st.sampled_from(EVERY), st.sampled_from("ABCD"), st.sets(st.sampled_from(("opened", "used", "recalled", "expired")))
)
def test_a_merchants_own_ban_only_ever_forbids_more(kind: str, grade: str, tags: set[str]) -> None:
    stricter = Ware(1, "home", (), policies.Dispositions(
        bans=(policies.Ban("own", policies.Goods(), ("liquidate",), "not at our house", "本店不允许"),)
    ))  # fmt: skip
    by_law = why_not(kind, grade=grade, tags=tags, ware=ware())

    assert by_law is None or why_not(kind, grade=grade, tags=tags, ware=stricter) is not None
    assert why_not("liquidate", grade=grade, tags=tags, ware=stricter) is not None


@settings(deadline=None)
@over(st.sampled_from(EVERY), st.integers(0, 10**9))
def test_nothing_brings_more_than_it_was_worth(kind: str, value: int) -> None:
    assert 0 <= most_recovered(kind, value) <= value
