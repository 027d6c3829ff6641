"""What happened is said in both languages: every fact, every clock, every code."""

import importlib
import pkgutil
import re
import string
from enum import StrEnum

import pytest

import dingdan.areas
from dingdan.areas import abuse, cases, channel_orders, disputes, notifications, reconciliation, refunds, returns
from dingdan.kernel import event
from dingdan.kernel.refusal import Text
from dingdan.plumbing import deadlines
from dingdan.surfaces.shared.pages import clocks, reasons, story
from dingdan.surfaces.shared.pages.words import WORDS

pytestmark = pytest.mark.requirement("issue 6: words")

HAN = re.compile(r"[\u4e00-\u9fff]")
for found in pkgutil.walk_packages(dingdan.areas.__path__, "dingdan.areas."):
    if found.name.endswith((".events", ".promises")):
        importlib.import_module(found.name)


def fields_of(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


def test_every_fact_is_said_and_nothing_else() -> None:
    assert event.REGISTRY.keys() - WORDS.keys() == set()
    assert {key.partition(":")[0] for key in WORDS} - event.REGISTRY.keys() == set()


@pytest.mark.parametrize("key", sorted(WORDS))
def test_a_sentence_names_what_its_fact_carries(key: str) -> None:
    wire, _, variant = key.partition(":")
    carried = set(event.REGISTRY[wire].__struct_fields__) - event.BASE_FIELDS
    words = WORDS[key]
    assert fields_of(words.en) == fields_of(words.zh), "both languages say the same"
    assert fields_of(words.en) <= carried
    assert not variant or variant in carried
    assert HAN.search(words.zh)
    assert not HAN.search(words.en)
    assert not words.en.endswith(".")


def test_every_clock_has_words() -> None:
    assert clocks.known() >= {kind for kind in deadlines.REGISTRY if not kind.startswith("test")}
    for kind in clocks.known():
        for words in (clocks.name(kind), clocks.at_zero(kind)):
            assert HAN.search(words.zh)
            assert not HAN.search(words.en)


@pytest.mark.parametrize(
    ("group", "codes"),
    [
        (reasons.REFUND, refunds.Cause), (reasons.REMEDY, cases.RemedyKind), (reasons.REMEDY, returns.Resolution),
        (reasons.REMEDY, disputes.Outcome), (reasons.DISPUTE, disputes.Issue), (reasons.SIDE, disputes.AtFault),
        (reasons.ABUSE, abuse.SignalKind), (reasons.ABUSE, abuse.Measure), (reasons.MESSAGE, notifications.Occasion),
        (reasons.MESSAGE, notifications.Channel), (reasons.CHANNEL, channel_orders.ProblemKind),
        (reasons.FAILURE, reconciliation.DifferenceKind),
    ],
    ids=lambda one: one.__name__ if isinstance(one, type) else "",
)  # fmt: skip
def test_every_code_of_a_kind_has_words(group: reasons.Group, codes: type[StrEnum]) -> None:
    assert {str(code) for code in codes} - group.keys() == set()


def test_codes_have_words_in_each_language() -> None:
    groups = {id(group): group for many in reasons.GROUPS.values() for group in many}
    wrong = [
        (code, en, zh)
        for group in groups.values()
        for code, (en, zh) in group.items()
        if HAN.search(en) or not HAN.search(zh)
    ]
    assert [one for one in wrong if one[0] != "paused"] == []


def test_amounts_counts_moments_and_codes_are_written_for_people() -> None:
    said = story.sentence("refund.requested", {"amount": 12_900, "currency": "CNY", "cause": "return", "cause_id": 5})
    assert said == Text("Refund of CN¥129.00 asked for: goods returned", "申请退款 ¥129.00：退货")
    one = story.sentence("return.requested", {"request_id": 1, "lines": 1, "units": 1})
    assert one.en == "Buyer asked to return 1 unit"
    assert story.sentence("return.requested", {"units": 3}).en.endswith("3 units")
    until = {"side": "seller", "turn": 1, "until": "2026-11-26T06:30:00+00:00"}
    assert story.sentence("dispute.turn_began", until) == Text(
        "Seller shows evidence until 26 Nov 14:30", "商家举证，至 11-26 14:30"
    )
    credit = story.sentence("credit.spent", {"purse_id": 1, "amount": 200, "unit": "points"})
    assert credit == Text("Paid 200 points with credit", "余额支付 200 积分")


def test_a_fact_says_what_is_true_of_it() -> None:
    assert story.sentence("return.approved", {"is_automatic": True}).en == "Return approved by the policy"
    assert story.sentence("return.approved", {"is_automatic": False}).en == "Return approved"
    named = story.sentence(
        "work.claimed", {"warehouse_id": 7, "wave_id": None}, "CNY", {("warehouse", 7): Text("Shanghai", "上海仓")}
    )
    assert named == Text("Picking began in Shanghai", "开始拣货（上海仓）")


def test_a_code_that_nobody_knows_is_readable() -> None:
    assert reasons.of_fact("order.held", "reason", "MOON_IS_FULL").en == "moon is full"


def test_a_long_list_is_cut_and_says_how_much_more_there_is() -> None:
    many = story.sentence("key.issued", {"scopes": [f"thing_{n}.read" for n in range(20)]})
    assert many.en.endswith("thing_5.read, thing_6.read and 13 more")
    assert many.zh.endswith("thing_6.read等 20 项")
    few = story.sentence("key.issued", {"scopes": ["order.read", "case_kind.read"]})
    assert few.en == "API key issued: order.read, case_kind.read"
