"""Names on pages: of merchants and goods in the reader's language, of things by their numbers."""

from collections.abc import Iterable, Mapping

from dingdan.areas import merchants
from dingdan.kernel import ids
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.pages.screens import Link

# Where the page of each kind of thing is.
PLACES = {
    "order": "/orders", "return": "/returns", "refund": "/refunds", "case": "/cases", "dispute": "/disputes", "parcel": "/tracking",
    "exchange": "/exchanges", "repair": "/repairs", "review": "/reviews", "policy": "/policies", "carrier": "/carriers",
    "settlement": "/settlements", "payout": "/payouts", "invoice": "/invoices", "stray": "/parcels/unmatched",
    "promotion": "/promotions", "work": "/works", "wave": "/waves", "abuse_flag": "/abuse", "staff": "/people", "key": "/keys",
    "webhook_endpoint": "/webhooks", "webhook_delivery": "/deliveries", "caught_webhook": "/caught", "payment": "/payments", "purse": "/purses",
    "claim": "/claims", "statement": "/reconciliation",
}  # fmt: skip


def ref(kind: str, number: int) -> str:
    """An id as it is written."""
    return ids.encode(kind, number)


def place(kind: str, number: int) -> str:
    """Where the page of a thing is."""
    return f"{PLACES[kind]}/{ids.encode(kind, number)}"


def link(kind: str, number: int | None) -> Link | None:
    """A thing by its number, leading to its page where it has one."""
    if number is None:
        return None
    return Link(place(kind, number), spoken(number), is_code=True)


def spoken(number: int) -> str:
    """A number as people read it aloud."""
    return ids.spoken(number)


def in_tongues(words: Mapping[str, str]) -> Text:
    """A text that merchants wrote, by language, in our two; where one is missing the other stands in."""
    by_language = {tag.partition("-")[0].lower(): text for tag, text in reversed(list(words.items()))}
    first = next(iter(words.values()), "")
    return Text(by_language.get("en", first), by_language.get("zh", first))


async def merchant_names(tx: Tx, numbers: Iterable[int | None]) -> dict[int | None, Text]:
    """What merchants are called."""
    found = await merchants.by_ids(tx, {number for number in numbers if number is not None})
    return {number: in_tongues(merchant.name) for number, merchant in found.items()}
