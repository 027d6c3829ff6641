"""A policy in plain words: both languages, the same document everywhere, and nothing about goods that are not meant."""

import re

import pytest
from msgspec.structs import replace

from dingdan.areas import policies, policy_desk
from dingdan.areas.policy_desk.model import Place
from dingdan.areas.policy_desk.rules import rendering

CN, EU, GB, US = policies.packs()
PLACES: tuple[Place, ...] = ("product", "checkout", "help")
ALL = pytest.mark.parametrize("document", policies.packs(), ids=lambda one: one.id)


def said(
    document: policies.PolicyDocument, place: Place, category: str = "", flags: tuple[str, ...] = ()
) -> dict[str, str]:
    """{section: its English}."""
    product = rendering.Product(document, category, flags) if category else None
    return {
        one.code: " ".join(sentence.words.en for sentence in one.said)
        for one in rendering.sections(document, place, product)
    }


@pytest.mark.requirement("R1.1")
@ALL
def test_every_sentence_of_every_place_stands_in_both_languages(document: policies.PolicyDocument) -> None:
    for place in PLACES:
        for section in rendering.sections(document, place, None):
            for sentence in section.said:
                assert sentence.words.en.strip(), (place, section.code)
                assert re.search(r"[一-鿿]", sentence.words.zh) or section.code == "sources"
                assert "{" not in sentence.words.en + sentence.words.zh
                assert sentence.rule in {"", *document.rules}


@pytest.mark.requirement("R1.5")
@pytest.mark.requirement("R1.6")
@ALL
def test_the_help_centre_says_how_when_and_at_whose_cost(document: policies.PolicyDocument) -> None:
    words = said(document, "help")
    assert set(words) >= {
        "returnable",
        "exclusions",
        "how_long",
        "how",
        "evidence",
        "money",
        "freight",
        "faults",
        "ways_out",
        "review",
    }
    assert f"within {document.refund.days} days" in words["money"]
    assert "the way you paid" in words["money"]
    assert "neither a reason nor proof" in words["evidence"]
    assert f"within {document.review.target_hours} hours" in words["review"]
    assert len(document.process.steps if document.process else ()) == 4


@pytest.mark.requirement("R1.7")
def test_who_pays_is_said_for_every_fault() -> None:
    words = said(CN, "product", "clothing")["freight"]
    assert "You changed your mind: for the way back you pay" in words
    assert "Something is wrong on our side: for the way back we pay; what you paid for delivery comes back" in words
    assert "It cannot be told whose fault it is" in words


@pytest.mark.parametrize(
    ("document", "category", "flags", "answer"),
    [
        (CN, "clothing", (), "yes"),
        (CN, "food/fruit", ("perishable",), "no"),
        (CN, "electronics/phone", (), "unless_confirmed"),
        (CN, "media/audio_video", (), "unless_unsealed"),
        (EU, "beauty/cosmetics", (), "unless_unsealed"),
        (EU, "service", (), "unless_confirmed"),
        (GB, "press", (), "no"),
    ],
)
def test_a_product_says_whether_it_can_go_back(
    document: policies.PolicyDocument, category: str, flags: tuple[str, ...], answer: str
) -> None:
    product = rendering.Product(document, category, flags)
    assert product.returnable == answer
    words = said(document, "product", category, flags)
    assert ("every right that the law gives you" in words["returnable"]) == (answer != "yes")
    assert ("Without a reason: within" in words["how_long"]) == (answer != "no")


def test_a_phone_is_told_about_its_three_guarantees_and_a_shirt_is_not() -> None:
    phone, shirt = said(CN, "product", "electronics/phone")["faults"], said(CN, "product", "clothing")["faults"]
    assert "Exchange: within 15 days after the purchase." in phone
    assert "Repair: within 12 months after the purchase." in phone
    assert "after the purchase" not in shirt


def test_a_season_and_a_year_more_are_told() -> None:
    assert "Holidays: bought 11-01 to 12-31, returnable until 01-31." in said(US, "product", "clothing")["how_long"]
    assert "12 months more" in said(EU, "product", "clothing")["how_long"]


@pytest.mark.requirement("R1.2")
def test_the_table_of_goods_and_reasons_says_what_the_judge_says() -> None:
    for document in policies.packs():
        rows = {row.goods: {cell.reason: cell for cell in row.cells} for row in policy_desk.table(document)}
        assert set(rows) == {"all", *document.applies_to, *(one.code for one in document.conditions)}
        assert all(list(cells) == list(document.reasons) for cells in rows.values())
        for code, cells in rows.items():
            no_reason, faulty = cells["NO_REASON"], cells["QUALITY_DEFECT"]
            assert faulty.answer == "person"
            assert faulty.way_back == "seller"
            expected = {"EX_": {"no", "unless_unsealed"}, "OPT": {"unless_confirmed"}}.get(code[3:6], {"yes"})
            assert no_reason.answer in expected, code


@pytest.mark.requirement("R2.2")
@ALL
def test_the_help_centre_says_what_silence_means_and_where_to_object(document: policies.PolicyDocument) -> None:
    words = said(document, "help")
    assert "500.00 CNY" in words["review"]
    assert f"within {document.asking.appeal_days} days" in words["review"]


@pytest.mark.requirement("issue 5: withdrawal function")
def test_only_where_the_law_has_it_a_contract_is_withdrawn_from_here() -> None:
    offered = {one.id for one in policies.packs() if "withdraw from the contract here" in said(one, "help")["ways_out"]}
    assert offered == {"eu_crd", "uk_ccr"}


def test_every_way_out_and_every_shot_of_a_policy_is_told() -> None:
    shot = policies.Shot("label", "the label", "标签")
    asking = policies.Asking(
        shots={"QUALITY_DEFECT": (shot,)}, refund_only=policies.RefundOnly({"CNY": 50_00}, "CN_QUALITY"),
        price_protection=policies.PriceProtection(30, "CN_PROMISE"),
    )  # fmt: skip
    words = said(replace(CN, asking=asking), "help")
    assert "the label" in words["evidence"]
    assert "up to 50.00 CNY is paid back without the goods" in words["ways_out"]
    assert "falls within 30 days" in words["ways_out"]
