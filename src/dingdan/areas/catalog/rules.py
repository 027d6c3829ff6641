"""Pure checks of products and prices, row by row, so that a file can be told what is wrong with each of its lines."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec

from dingdan.areas.catalog import refusals
from dingdan.areas.catalog.model import FLAGS, Offer, SavePrice, SaveProduct
from dingdan.kernel.actor import Actor
from dingdan.kernel.money import MAX_AMOUNT, is_currency
from dingdan.kernel.refusal import Refusal

_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
MAX_GRAMS, MAX_UNITS, MAX_COMPONENTS, MAX_EACH = 10_000_000, 1_000_000, 50, 1_000
# What of a product is as it is saved; the contents of a bundle are told by SKU and kept by id.
PLAIN = ("title", "category", "flags", "active", "weight_grams", "min_quantity", "max_quantity", "max_per_buyer",
         "variant_of", "gtin")  # fmt: skip
LOOKING_BACK = timedelta(days=30)
MAX_SKU, MAX_TITLE, MAX_CATEGORY, MAX_LANGUAGES = 64, 500, 100, 40

W = TypeVar("W", SaveProduct, SavePrice)
Key = tuple[int, str]


def tidy_product(wanted: SaveProduct) -> SaveProduct:
    """The same product without blanks at the ends, its flags once each and in order."""
    return msgspec.structs.replace(
        wanted,
        sku=wanted.sku.strip(),
        title={tag: text.strip() for tag, text in wanted.title.items()},
        category=wanted.category.strip(),
        flags=tuple(sorted(set(wanted.flags))),
        components=tuple(sorted(_summed(wanted.components).items())),
        variant_of=(wanted.variant_of or "").strip() or None,
        gtin="".join((wanted.gtin or "").split()) or None,
    )


def problems_of_product(wanted: SaveProduct) -> list[Refusal]:
    """Everything that is wrong with one product; blanks at the ends do not count."""
    found: list[Refusal] = []
    if not _is_sku(wanted.sku):
        found.append(refusals.SkuUnusable("sku"))
    if not _is_title(wanted.title):
        found.append(refusals.TitleUnusable("title"))
    if not 1 <= len(wanted.category.strip()) <= MAX_CATEGORY or _CONTROL.search(wanted.category):
        found.append(refusals.CategoryUnusable("category"))
    known = ", ".join(sorted(FLAGS))
    found += [
        refusals.FlagUnknown(f"flags[{i}]", flag=flag, known=known)
        for i, flag in enumerate(wanted.flags)
        if flag not in FLAGS
    ]
    return found + _problems_of_limits(wanted) + _problems_of_components(wanted)


def _problems_of_limits(wanted: SaveProduct) -> list[Refusal]:
    checks = (
        ("weight_grams", 0 <= wanted.weight_grams <= MAX_GRAMS, f"0 to {MAX_GRAMS}", f"须在 0 至 {MAX_GRAMS} 之间"),
        ("min_quantity", 1 <= wanted.min_quantity <= MAX_UNITS, f"1 to {MAX_UNITS}", f"须在 1 至 {MAX_UNITS} 之间"),
        ("max_quantity", wanted.max_quantity is None or wanted.min_quantity <= wanted.max_quantity <= MAX_UNITS,
         "no less than min_quantity", "不得小于 min_quantity"),
        ("max_per_buyer", wanted.max_per_buyer is None or wanted.min_quantity <= wanted.max_per_buyer <= MAX_UNITS,
         "no less than min_quantity", "不得小于 min_quantity"),
        ("variant_of", wanted.variant_of is None or (len(wanted.variant_of.strip()) <= MAX_SKU
         and not _CONTROL.search(wanted.variant_of)), f"at most {MAX_SKU} printable characters",
         f"不得超过 {MAX_SKU} 个可见字符"),
        ("gtin", not (wanted.gtin or "").strip() or is_gtin(wanted.gtin or ""),
         "8, 12, 13 or 14 digits, the last of which checks the others", "须为 8、12、13 或 14 位数字且校验位正确"),
    )  # fmt: skip
    return [
        refusals.LimitUnusable(field, field=field, why=why, why_zh=why_zh)
        for field, is_fit, why, why_zh in checks
        if not is_fit
    ]


def is_gtin(text: str) -> bool:
    """Whether this is a trade item number whose last digit checks the others (GS1 General Specifications, 7.9)."""
    digits = "".join(text.split())
    if len(digits) not in (8, 12, 13, 14) or not (digits.isascii() and digits.isdigit()):
        return False
    weighed = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(digits.zfill(14)))
    return weighed % 10 == 0


def _problems_of_components(wanted: SaveProduct) -> list[Refusal]:
    found: list[Refusal] = []
    if len(wanted.components) > MAX_COMPONENTS:
        found.append(refusals.BundleUnusable("components", why=f"at most {MAX_COMPONENTS} components",
                                             why_zh=f"最多 {MAX_COMPONENTS} 种组件"))  # fmt: skip
    for i, (sku, units) in enumerate(wanted.components):
        if not 1 <= units <= MAX_EACH:
            found.append(refusals.BundleUnusable(f"components[{i}].quantity", why=f"1 to {MAX_EACH} of each",
                                                 why_zh=f"每种组件须为 1 至 {MAX_EACH} 件"))  # fmt: skip
        if sku.strip() == wanted.sku.strip():
            found.append(refusals.BundleUnusable(f"components[{i}].sku", why="a bundle does not hold itself",
                                                 why_zh="组合商品不能包含自身"))  # fmt: skip
    return found


def problems_of_bundles(
    bundles: Sequence[tuple[int, SaveProduct]], offers: Mapping[Key, Offer], inside: Collection[int]
) -> list[Refusal]:
    """What is wrong with what lies in bundles (place and product), given the catalogue and the ids of products that

    lie in bundles already.
    """
    found: list[Refusal] = []
    for place, row in bundles:
        own = offers.get((row.merchant_id, row.sku))
        if own is not None and own.product_id in inside:
            found.append(refusals.BundleUnusable(f"[{place}].components", why="it lies in another bundle itself",
                                                 why_zh="该商品本身已是其他组合商品的组件"))  # fmt: skip
        for i, (sku, _) in enumerate(row.components):
            held = offers.get((row.merchant_id, sku))
            if held is None:
                found.append(refusals.ProductUnknown(f"[{place}].components[{i}].sku", sku=sku))
            elif held.components:
                found.append(refusals.BundleUnusable(f"[{place}].components[{i}].sku", why="it is a bundle itself",
                                                     why_zh="组件本身也是组合商品"))  # fmt: skip
    return found


def _summed(components: Sequence[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for sku, units in components:
        found[sku.strip()] = found.get(sku.strip(), 0) + units
    return found


def problems_of_price(wanted: SavePrice) -> list[Refusal]:
    """Everything that is wrong with one price by itself; whether there is such a product is not asked here."""
    found: list[Refusal] = []
    if not _is_sku(wanted.sku):
        found.append(refusals.SkuUnusable("sku"))
    if not is_currency(wanted.currency):
        found.append(refusals.CurrencyUnknown("currency", currency=wanted.currency))
    if not 0 < wanted.amount <= MAX_AMOUNT:
        found.append(refusals.PriceUnusable("amount", most=MAX_AMOUNT))
    if wanted.floor is not None and not 0 <= wanted.floor <= wanted.amount:
        found.append(refusals.FloorUnusable("floor", amount=wanted.amount))
    return found


def problems_of_reach(wanted: Sequence[W], actor: Actor) -> list[Refusal]:
    """Rows of merchants that this actor does not reach."""
    return [refusals.OutOfReach(f"[{i}].merchant_id") for i, w in enumerate(wanted) if not actor.reaches(w.merchant_id)]


def problems_of_repeats(wanted: Sequence[W]) -> list[Refusal]:
    """Rows that say something else about a thing than an earlier row; the very same again is harmless."""
    first: dict[tuple[int, str, str], W] = {}
    found: list[Refusal] = []
    for i, row in enumerate(wanted):
        about = (row.merchant_id, row.sku, getattr(row, "currency", ""))
        if first.setdefault(about, row) != row:
            found.append(refusals.SkuTwice(f"[{i}].sku", sku=row.sku))
    return found


def usual(history: Sequence[tuple[datetime, int]], now: datetime) -> tuple[int, int]:
    """The median price of the last thirty days and the median distance from it; `history` is (since, price), not empty.

    Each price counts for as long as it stood, so a slip of an hour weighs an hour. Who asks for the price that is to
    be replaced asks before the new one is written: a new price has no say in what is usual.
    """
    ends = [since for since, _ in history[1:]] + [now]
    spans = [
        (price, max(1, int((end - max(since, now - LOOKING_BACK)).total_seconds() * 1000)))
        for (since, price), end in zip(history, ends, strict=True)
        if end > now - LOOKING_BACK or since == history[-1][0]
    ]
    median = _middle(spans)
    return median, _middle([(abs(price - median), weight) for price, weight in spans])


def _middle(weighed: Sequence[tuple[int, int]]) -> int:
    """The weighted median: the lowest value that at least half of the weight does not exceed."""
    half = sum(weight for _, weight in weighed)
    reached = 0
    for value, weight in sorted(weighed):
        reached += 2 * weight
        if reached >= half:
            return value
    raise AssertionError("something has weight")


def is_same(wanted: SaveProduct, before: Offer) -> bool:
    """Whether a product is already as it shall be, leaving aside what lies in a bundle."""
    return all(getattr(wanted, name) == getattr(before, name) for name in PLAIN)


def _is_sku(sku: str) -> bool:
    return 1 <= len(sku.strip()) <= MAX_SKU and sku.strip().isprintable()


def _is_title(title: dict[str, str]) -> bool:
    return (
        0 < len(title) <= MAX_LANGUAGES
        and any(tag.split("-")[0] in ("zh", "en") for tag in title)
        and all(_TAG.fullmatch(tag) for tag in title)
        and all(0 < len(text.strip()) <= MAX_TITLE and not _CONTROL.search(text) for text in title.values())
    )
