"""Parts of a policy about goods on their way back: how they are sent, looked at, and what may become of them."""

from collections.abc import Iterable
from typing import Literal

import msgspec

# What the answer no to a check means: another thing, not intact in the sense of the law, or only not as new.
Meaning = Literal["not_original", "not_intact", "not_new"]


class BackPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The base of these parts. What is at its default is not written, so that old documents keep their hash."""


class Goods(BackPart, frozen=True):
    """Which goods something is about: by flag, or by a word of their category path. Without any of them: all."""

    flags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    def covers(self, category: str, flags: Iterable[str]) -> bool:
        """Whether a product is one of them."""
        if not self.flags and not self.categories:
            return True
        return self.names(category, flags)

    def names(self, category: str, flags: Iterable[str]) -> bool:
        """Whether a product is one of them by its own words."""
        words = frozenset(category.casefold().split("/"))
        return not (frozenset(flags).isdisjoint(self.flags) and words.isdisjoint(self.categories))


class PackingRule(BackPart, frozen=True):
    """One thing that the buyer is asked to mind when sending goods back; it never makes a return void."""

    code: str
    en: str
    zh: str
    goods: Goods = Goods()


PACKING = (
    PackingRule("number_inside", "Put a note with the number of the return into the parcel.",
                "请在包裹内放入写有退货编号的纸条。"),
    PackingRule("all_of_it", "Send everything that belongs to it: accessories, manuals, gifts.",
                "请将配件、说明书、赠品一并寄回。"),
    PackingRule("wrapped", "Wrap it as well as it came; do not write or stick anything on the goods' own box.",
                "请妥善包装，勿在商品原包装上书写或粘贴。"),
    PackingRule("no_collect", "Do not send it freight collect unless we agreed to that.", "未经同意请勿使用到付。"),
    PackingRule("sign_out", "Sign out of your accounts and take your data off it first.",
                "寄出前请退出账号并清除个人数据。",
                Goods(categories=("phone", "phones", "smart_device", "smart_devices", "computer", "tablet"))),
)  # fmt: skip


class FreightInsurance(BackPart, frozen=True):
    """What an insurer pays of the buyer's way back (运费险): for a parcel of their own, and for one that is picked up."""

    premium: int
    own_parcel: int
    pick_up: int


class SendingBack(BackPart, frozen=True):
    """How goods are sent back: what to mind, how much more time there is once, what insurance may be had.

    `insured_per_thousand` is what a carrier asks of each thousand of a declared value. Both are offered, never forced
    (Measures art. 19).
    """

    packing: tuple[PackingRule, ...] = PACKING
    extension_days: int = 7
    insured_per_thousand: int = 5
    freight_insurance: FreightInsurance | None = None
    rule: str = "BACK_SENDING"


class Check(BackPart, frozen=True):
    """One thing that is looked at, asked so that yes is good; `tag` is what a no is remembered by."""

    code: str
    en: str
    zh: str
    if_not: Meaning
    tag: str = ""


class Recipe(BackPart, frozen=True):
    """How one kind of goods is looked at. Goods may weigh so many percent more or less than they did when packed."""

    code: str
    checks: tuple[Check, ...]
    goods: Goods = Goods()
    weight_percent: int = 10


ORIGINAL = Check("original", "It is the thing that was sold.", "是原订单商品。", "not_original")
COMPLETE = Check("complete", "The thing, its accessories and labels are all there.", "商品、配件、商标标识齐全。",
                 "not_intact", "incomplete")  # fmt: skip
UNDAMAGED = Check(
    "undamaged", "Quality and function are as they were.", "保持原有品质和功能。", "not_intact", "damaged"
)
UNUSED = Check("unused", "It was used no more than it takes to look at it and try it.", "未超出查验和确认需要而使用。",
               "not_intact", "used")  # fmt: skip
WRAPPED = Check("wrapped", "Its own packaging is whole.", "原包装完好。", "not_new", "opened")

# For goods that no recipe of the policy names (Measures art. 8 and 9(4)); packaging decides the shelf, never the money.
GENERAL = Recipe("general", (ORIGINAL, COMPLETE, UNDAMAGED, UNUSED, WRAPPED))


class Inspection(BackPart, frozen=True):
    """How goods are looked at. A second person looks at so many of a thousand, and at all that is worth so much or more.

    `is_strict`: no inspection without an answer to every check. `storage_days`: how long rejected goods wait for a word.
    """

    recipes: tuple[Recipe, ...] = ()
    hours: int = 48
    is_strict: bool = False
    pictures: int = 0
    second_per_thousand: int = 0
    second_above: int | None = None
    storage_days: int = 30
    rule: str = "BACK_INSPECTION"

    def recipe(self, category: str, flags: Iterable[str]) -> Recipe:
        """The first recipe that names a product; what none names is looked at as everything is."""
        own = frozenset(flags)
        return next((one for one in self.recipes if one.goods.names(category, own)), GENERAL)


Kind = Literal[
    "restock", "repack", "open_box", "refurbish", "vendor", "liquidate", "donate", "scrap", "send_back", "quarantine",
]  # fmt: skip
SALE: tuple[Kind, ...] = ("restock", "repack", "open_box", "refurbish")
ONWARD: tuple[Kind, ...] = (*SALE, "liquidate", "donate")


class Ban(BackPart, frozen=True):
    """What may not become of some goods, and why; with `tags` only of those that were found so."""

    code: str
    goods: Goods
    forbids: tuple[Kind, ...]
    en: str
    zh: str
    tags: tuple[str, ...] = ()


# R5.3; nobody may do without these.
BANS = (
    Ban("perishable", Goods(flags=("perishable",)), ONWARD, "food that left the cold chain is never sold again",
        "生鲜易腐商品一经售出不得再次销售"),
    Ban("food", Goods(categories=("food", "health_food")), SALE, "food that came back is never sold again",
        "退回的食品不得再次销售"),
    Ban("medical", Goods(categories=("medical", "medicine")), SALE, "medical goods that came back are never sold again",
        "退回的医疗用品不得再次销售"),
    Ban("contraceptive", Goods(categories=("contraceptive", "contraceptives")), SALE,
        "contraceptives that came back are never sold again", "退回的计生用品不得再次销售"),
    Ban("unsealed", Goods(categories=("cosmetics",)), SALE, "cosmetics whose seal is broken are never sold again",
        "密封破损的化妆品不得再次销售", ("seal_broken",)),
    Ban("recalled", Goods(), ONWARD, "recalled goods go to whoever recalled them, or are destroyed",
        "被召回的商品只能退供应商或销毁", ("recalled",)),
    Ban("expired", Goods(), ONWARD, "goods past their date are never handed on", "过期商品不得再次流通", ("expired",)),
)  # fmt: skip


class Recovery(BackPart, frozen=True, rename="upper"):
    """What goods are still worth in our books, by grade, in percent of what the buyer paid for them (R5.4)."""

    a: int = 100
    b: int = 70
    c: int = 40
    d: int = 10

    def of(self, grade: str) -> int:
        """The percent of a grade."""
        return {"A": self.a, "B": self.b, "C": self.c, "D": self.d}[grade]


class Dispositions(BackPart, frozen=True):
    """What may become of goods: bans beside those of the law, how soon it is decided, what is wiped before it goes on.

    `recovery` is what they are still worth by grade, in percent, until somebody says better.
    """

    bans: tuple[Ban, ...] = ()
    hours: int = 72
    recovery: Recovery = Recovery()
    wiped: Goods = Goods(categories=(
        "phone", "phones", "smart_device", "smart_devices", "computer", "tablet", "laptop", "camera",
    ))  # fmt: skip
    rule: str = "BACK_DISPOSITION"

    def ban(self, kind: str, category: str, flags: Iterable[str], tags: Iterable[str]) -> Ban | None:
        """The first ban that forbids this for such goods."""
        own, found = frozenset(flags), frozenset(tags)
        return next(
            (
                ban for ban in (*BANS, *self.bans)
                if kind in ban.forbids and ban.goods.covers(category, own)
                and (not ban.tags or not found.isdisjoint(ban.tags))
            ),
            None,
        )  # fmt: skip


class EarlyRefund(BackPart, frozen=True):
    """When the money goes back before anybody has looked (极速退款): up to so much, to whom this much went well before."""

    most: int
    completed_orders: int = 3
    rejected_at_most: int = 0
    days: int = 365
    rule: str = "BACK_EARLY_REFUND"
