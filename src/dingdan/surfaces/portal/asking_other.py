"""Something else for what comes back: what can be chosen, with the difference to the cent, and what an exchange comes to."""

from collections.abc import Mapping, Sequence

import msgspec

from dingdan.areas import exchanges
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.surfaces.shared.pages import formatting, naming

Row = tuple[Text, Money, bool, Text | None]
KINDS = {"same": Text("The same again", "同款换新"), "variant": Text("Another size or colour", "其他规格"), "other": Text("Something else of the shop", "本店其他商品")}  # fmt: skip
EVEN = Text("No difference", "无差价")


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that can be had instead; without an address it is sold out."""

    sku: str
    product_id: int
    picture: str | None
    title: Text
    kind: Text
    difference: Text
    href: str = ""


def choice(one: exchanges.Choice, currency: str) -> Choice:
    """A choice in words."""
    return Choice(
        sku=one.offer.sku, product_id=one.offer.product_id, picture=one.offer.picture, title=naming.in_tongues(one.offer.title),
        kind=KINDS[one.kind], difference=difference_words(one.difference, currency),
    )  # fmt: skip


def difference_words(difference: int, currency: str) -> Text:
    """Who pays how much on top."""
    if not difference:
        return EVEN
    amount = Money(abs(difference), currency)
    en, zh = formatting.money(amount, "en"), formatting.money(amount, "zh")
    return (
        Text(f"You pay {en} more", f"补差价 {zh}") if difference > 0 else Text(f"You get {en} back", f"退还差价 {zh}")
    )


def rows(named: Mapping[int, Text], terms: exchanges.Terms) -> list[Row]:
    """What an exchange comes to, line by line, to the cent; the difference is the total."""
    found: list[Row] = []
    for line in terms.lines:
        old, new = named.get(line.line_no, Text("", "")), naming.in_tongues(line.offer.title)
        found += [
            (Text(f"{old.en} × {line.quantity}, sent back", f"{old.zh} × {line.quantity}（寄回）"), Money(-line.worth, terms.currency), False, None),
            (Text(f"{new.en} × {line.quantity}, sent to you", f"{new.zh} × {line.quantity}（换发）"), Money(line.price, terms.currency), False, None),
        ]  # fmt: skip
    words = EVEN
    if terms.difference:
        words = Text("You pay", "您需补差价") if terms.difference > 0 else Text("You get back", "退还差价")
    return [*found, (words, Money(abs(terms.difference), terms.currency), True, None)]


def notes(terms: exchanges.Terms) -> Sequence[Text]:
    """What holds for it besides."""
    if not terms.is_in_stock:
        return (Text("It is sold out just now. You are told whether it comes again, and can have your money instead.",
                     "该商品暂时缺货，我们会告知您到货情况，您也可改为退款。"),)  # fmt: skip
    return (
        Text("It is kept for you from the moment your application is approved.", "申请通过后，即为您预留所换商品。"),
    )
